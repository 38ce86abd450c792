"""No picture of the wizard holds a token: neither what is painted nor what is told."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, override

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTableView, QWidget

from sparkwizard.gui import widgets as w
from sparkwizard.wizard.steps import Step
from tests.commands.bad_days.test_secrets_stay_secret import ECHOED
from tests.gui.shown import leaks_on_screen, painted, secrets_of
from tests.gui.test_hand_off_by_clicks import people_from_entra
from tests.gui.test_whole_wizard import Road, opened

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


# -- the search itself ---------------------------------------------------------------------------


def _label() -> QWidget:
    return QLabel(f"Your token is {ECHOED}.")


def _broken_over_lines() -> QWidget:
    label = w.WrapLabel(f"Your token is {ECHOED}.")
    label.setFixedWidth(120)
    return label


def _elided() -> QWidget:
    label = w.ElidedLabel(ECHOED)
    label.setFixedWidth(140)
    return label


def _in_a_field() -> QWidget:
    return QLineEdit(ECHOED)


def _at_the_pointer() -> QWidget:
    button = QLabel("Copy")
    button.setToolTip(ECHOED)
    return button


def _in_a_list() -> QWidget:
    model, table = QStandardItemModel(), QTableView()
    model.setParent(table)
    item = QStandardItem("token")
    item.setData(ECHOED, Qt.ItemDataRole.ToolTipRole)
    model.appendRow(item)
    table.setModel(model)
    return table


def _shown_by_the_eye() -> QWidget:
    field = w.SecretField("Access token")
    field.set_text(ECHOED)
    QTest.keyClick(field.eye, Qt.Key.Key_Space)
    return field


@pytest.mark.parametrize(
    "made",
    [
        *(_label, _broken_over_lines, _elided, _in_a_field, _at_the_pointer, _in_a_list),
        _shown_by_the_eye,
    ],
)
def test_the_search_would_find_a_token(made: Callable[[], QWidget]) -> None:
    widget = made()
    widget.show()
    assert leaks_on_screen([ECHOED])


def test_a_masked_field_shows_bullets() -> None:
    field = w.SecretField("Access token")
    field.set_text(ECHOED)
    field.show()
    assert leaks_on_screen([ECHOED]) == []
    assert painted(field).count("●") == len(ECHOED)


# -- the whole wizard ----------------------------------------------------------------------------


class Watched(Road):
    """Look at every window at each page and after each click."""

    looks = 0

    @override
    async def at(self, step: Step, *, within: float = 20) -> None:
        await super().at(step, within=within)
        self.look()

    @override
    async def click(self, target: QAbstractButton | str) -> None:
        await super().click(target)
        self.look()

    def look(self) -> None:
        practice = self.shell.host._server
        if practice is not None:
            self.looks += 1
            assert leaks_on_screen(secrets_of(practice)) == []


def test_no_token_is_in_any_picture_of_the_way_from_the_first_page_to_the_result(
    aio: Aio, tmp_path: Path
) -> None:
    async def main() -> None:
        async with opened(tmp_path, road=Watched) as way:
            await people_from_entra(way)
            await way.next(Step.RESULT)
            assert isinstance(way, Watched)
            assert way.looks > 15

    aio(main)
