"""Large things are let go on a thread, small ones at once, and nothing that is still shown."""

import threading
import weakref
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sparkwizard.gui.calm import putting_away
from sparkwizard.gui.calm.putting_away import put_away, put_preview_away
from sparkwizard.gui.widgets import Column, RowsModel
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind, Population, UsersRead
from sparkwizard.runs.types import Preview
from sparkwizard.values import replace


class Thing:
    """Something that tells where it died."""

    def __init__(self, died: Callable[[int], None]) -> None:
        weakref.finalize(self, lambda: died(threading.get_ident()))


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(putting_away, "_SOON", 0.01)
    monkeypatch.setattr(putting_away, "_MANY", 100)


def _wait(done: Callable[[], bool]) -> None:
    for _ in range(200):
        if done():
            return
        QTest.qWait(10)


def test_many_things_die_on_another_thread() -> None:
    died: list[int] = []
    put_away([Thing(died.append) for _ in range(100)])
    _wait(lambda: len(died) == 100)
    assert threading.get_ident() not in died


def test_a_preview_that_is_put_away_leaves_what_others_hold() -> None:
    actions = tuple(Action(ActionKind.CREATE, f"{n}", f"u{n}", f"U {n}") for n in range(100))
    plan = Plan(
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
        profile_id="p",
        profile_name="Contoso",
        profile_digest="d",
        source_digest="s",
        organization_id="o",
        tenant_url="https://example.com",
        actions=actions,
    )
    preview = Preview(plan, Population(()), UsersRead(()))
    put_preview_away(preview)
    put_preview_away(replace(preview, plan=replace(plan, actions=actions[:3])))
    QTest.qWait(50)
    assert preview.plan.actions == actions


def test_rows_that_a_table_gives_up_die_on_another_thread(qapp: QApplication) -> None:
    died: list[int] = []
    model = RowsModel[Thing]([Column("Thing", lambda _thing: "thing")])
    model.set_rows(Thing(died.append) for _ in range(100))
    model.set_rows([])
    assert model.rowCount() == 0
    _wait(lambda: len(died) == 100)
    assert threading.get_ident() not in died
