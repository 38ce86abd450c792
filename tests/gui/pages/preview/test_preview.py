"""The preview: numbers that filter, a person's change field by field, what is held back, files."""

import asyncio
import csv
import stat
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget, QWizard

from sparkwizard.gui.aio import StallGauge, until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.setup_window import SetupWindow, StepFlow, specs
from sparkwizard.gui.models.actions import rows_of
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.gui.pages.preview.strangers_dialog import StrangersDialog
from sparkwizard.gui.plan.person_panel import breakable
from sparkwizard.practice.server import PracticeServer
from sparkwizard.provisioning.plan import read_plan
from sparkwizard.provisioning.strangers import only_in_webex
from sparkwizard.provisioning.types import (
    Action,
    ActionKind,
    Change,
    Population,
    RemovalLimit,
    UsersRead,
)
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.types import Preview
from sparkwizard.setup.profile import Profile, Safeguards
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]


@pytest.fixture
def page(desk: Desk, tenant: PracticeServer, saved_profile: Profile) -> PreviewPage:
    desk.set(replace(desk.state, profile=saved_profile, pasted=PastedToken(tenant.token)))
    return PreviewPage(desk)


@pytest.fixture
def window(page: PreviewPage) -> SetupWindow:
    pages = {step: WizardPage(step.text.label) for step in Step} | {Step.PREVIEW: page}
    return SetupWindow(specs(pages), StepFlow(), profile="Fabrikam")


async def up(window: SetupWindow, page: PreviewPage) -> None:
    window.show()
    window.jump_to(Step.PREVIEW)
    await ready(page)


async def ready(page: PreviewPage) -> None:
    await until(lambda: page.desk.state.preview is not None and page.isComplete(), within=90)


def button(parent: QWidget, words: str) -> QPushButton:
    found = [b for b in parent.findChildren(QPushButton) if words in b.text().replace("&", "")]
    return next(each for each in found if each.isVisible())


def test_a_number_shows_who_it_is(
    aio: Aio, page: PreviewPage, window: SetupWindow, click: Click
) -> None:
    async def look() -> None:
        await up(window, page)
        counts = page.desk.state.preview.plan.counts  # type: ignore[union-attr]  # it is ready
        assert page.model.rowCount() == sum(counts.as_dict().values())
        click(page.tiles.tile("update"))
        assert page.model.rowCount() == counts.update
        assert {row.action.kind for row in page.model.visible_rows()} == {ActionKind.UPDATE}
        click(page.tiles.tile("update"))
        assert page.model.rowCount() == sum(counts.as_dict().values())
        assert page.tiles.tile("delete").isHidden(), "nobody is deleted, so it is not offered"

    aio(look)


def test_the_search_finds_a_person_and_the_panel_says_what_changes(
    aio: Aio, page: PreviewPage, window: SetupWindow, click: Click
) -> None:
    async def look() -> None:
        await up(window, page)
        click(page.tiles.tile("update"))
        QTest.keyClicks(page.search, "anna schmidt")
        await until(lambda: page.model.rowCount() == 1)
        assert page.panel.name.full_text() == "Anna Schmidt (Finance)"
        assert page.panel.headline.label.text() == "1 attribute is updated"
        text = page.panel.as_text()
        assert "Display name: now Anna Schmidt, then Anna Schmidt (Finance)" in text
        click(page.panel.copy)
        assert QApplication.clipboard().text() == text
        click(page.panel.more)
        assert page.panel.kept.isVisible()

    aio(look)


def test_the_buttons_say_what_they_do(aio: Aio, page: PreviewPage, window: SetupWindow) -> None:
    async def look() -> None:
        await up(window, page)
        writes = len(page.desk.state.preview.plan.to_write)  # type: ignore[union-attr]  # ready
        commit = window.button(QWizard.WizardButton.CommitButton)
        assert commit.text() == f"&Apply {writes} changes"
        assert button(window, "Start with 1 person").isEnabled()
        assert "Less than 5 seconds, " in page.estimate.label.text()

    aio(look)


def test_licences_needed_and_free_stand_below_with_every_licence_on_hover(
    aio: Aio, page: PreviewPage, window: SetupWindow
) -> None:
    async def look() -> None:
        await up(window, page)
        creates = page.desk.state.preview.plan.counts.create  # type: ignore[union-attr]  # ready
        assert page.licences.isVisible()
        assert page.licences.label.text().startswith(f"{creates} licences needed, ")
        assert "Webex Events 1000: 2 free" in page.licences.toolTip()
        assert "gives no licence by itself" in page.licences.toolTip()

    aio(look)


def test_who_is_only_in_webex_is_told_and_listed_and_left_alone(
    aio: Aio, page: PreviewPage, window: SetupWindow, click: Click
) -> None:
    async def look() -> None:
        await up(window, page)
        await until(page.footer.only_there.isVisible)
        preview = page.desk.state.preview
        assert preview is not None
        strangers = {user.user_name for user in only_in_webex(preview.plan, preview.users)}
        assert page.footer.only_there.text() == f"{len(strangers)} only in Webex"
        click(page.footer.only_there)
        (dialog,) = window.findChildren(StrangersDialog)
        assert {user.user_name for user in dialog.model.rows} == strangers
        assert not strangers & {action.user_name for action in preview.plan.to_write}
        dialog.close()

    aio(look)


def test_too_many_removals_are_held_back_and_lead_to_the_limit(
    aio: Aio, page: PreviewPage, window: SetupWindow, tmp_path: Path, click: Click
) -> None:
    async def look() -> None:
        await up(window, page)
        await apply_all(page.desk)
        shrink(page.desk, tmp_path, keep=20)
        page.read_again(source_confirmed=True)
        await ready(page)
        (note,) = [m for m in page.notices.messages if "held back" in m.heading]
        assert "would lose access" in note.heading
        assert window.button(QWizard.WizardButton.CommitButton).isHidden()
        click(button(page.notices, "Change the limit"))
        assert window.current_step() == Step.LIMITS.name

    aio(look)


def test_a_new_source_removes_nobody_until_it_is_confirmed(
    aio: Aio, page: PreviewPage, window: SetupWindow, tmp_path: Path, click: Click
) -> None:
    async def look() -> None:
        await up(window, page)
        await apply_all(page.desk)
        shrink(page.desk, tmp_path, keep=45)
        safeguards = Safeguards(RemovalLimit(100))
        page.desk.change_profile(lambda profile: replace(profile, safeguards=safeguards))
        page.read_again()
        await ready(page)
        assert page.desk.state.preview.plan.counts.disable == 0  # type: ignore[union-attr]  # ready
        click(button(page.notices, "Use the new source"))
        await ready(page)
        assert page.desk.state.preview.plan.counts.disable > 0  # type: ignore[union-attr]  # ready

    aio(look)


async def apply_all(desk: Desk) -> None:
    """Carry the plan out, so that people are managed."""
    state = desk.state
    assert state.preview is not None
    plan = state.preview.plan
    async for _event in desk.services.apply(plan, state.profile, state.token, control=RunControl()):
        pass


def shrink(desk: Desk, folder: Path, *, keep: int) -> None:
    """Let the people come from a file that holds only some of them."""
    lines = Path(desk.profile.source.path).read_text("utf-8-sig").splitlines()
    fewer = folder / "fewer.csv"
    fewer.write_text("\n".join(lines[: keep + 1]) + "\n", "utf-8")
    source = replace(desk.profile.source, path=str(fewer))
    desk.change_profile(lambda profile: replace(profile, source=source))


def test_a_failed_reading_says_why_and_can_be_repeated(
    aio: Aio, page: PreviewPage, window: SetupWindow, tenant: PracticeServer, click: Click
) -> None:
    async def look() -> None:
        tenant.faults.html = True
        window.show()
        window.jump_to(Step.PREVIEW)
        await until(page.strip.isVisible, within=90)
        assert "web page instead of data" in page.strip.heading.text()
        assert page.desk.state.preview is None
        tenant.faults.html = False
        click(button(page.waiting, "Preview again"))
        await ready(page)
        assert page.strip.isHidden()

    aio(look)


def test_the_plan_is_saved_for_its_owner_only(
    aio: Aio, page: PreviewPage, window: SetupWindow, tmp_path: Path, click: Click
) -> None:
    async def look() -> None:
        await up(window, page)
        target = tmp_path / "chosen" / "plan.json"
        target.parent.mkdir()
        click(page.save_button)
        await choose(page, target)
        await until(target.exists)
        plan = read_plan(target.read_bytes())
        assert plan.digest == page.desk.state.preview.plan.digest  # type: ignore[union-attr]  # ready
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        await until(page.strip.isVisible)
        assert page.strip.heading.text() == "The plan is written"

    aio(look)


def test_the_exported_list_can_start_no_formula(
    aio: Aio, page: PreviewPage, window: SetupWindow, tmp_path: Path, click: Click
) -> None:
    async def look() -> None:
        await up(window, page)
        evil = Action(
            ActionKind.UPDATE,
            "x",
            "=1+1@x.example",
            "=HYPERLINK(1)",
            changes=(Change("title", None, "@SUM(A1)"),),
        )
        preview = page.desk.state.preview
        assert preview is not None
        page.model.set_rows(rows_of(replace(preview.plan, actions=(evil,))))
        target = tmp_path / "list.csv"
        click(page.export_button)
        await choose(page, target)
        await until(target.exists)
        rows = list(csv.DictReader(target.read_text("utf-8-sig").splitlines()))
        assert rows[0]["Person"] == "'=HYPERLINK(1)"
        assert rows[0]["Then"] == "'@SUM(A1)"
        assert rows[0]["Attribute"] == "Job title"

    aio(look)


async def choose(page: PreviewPage, target: Path) -> None:
    """Name a file in the dialog that is open, and accept it."""
    dialog = page.files.dialog
    assert dialog is not None
    await until(dialog.isVisible)
    dialog.setDirectory(str(target.parent))
    dialog.selectFile(target.name)
    dialog.accept()
    await asyncio.sleep(0)


def test_a_hundred_thousand_people_stay_fluid(
    aio: Aio, page: PreviewPage, window: SetupWindow, click: Click
) -> None:
    async def look() -> None:
        await up(window, page)
        preview = page.desk.state.preview
        assert preview is not None
        kinds = tuple(ActionKind)
        actions = tuple(
            Action(kinds[n % 7], f"{n}", f"person{n}@contoso.example", f"Person {n}")
            for n in range(100_000)
        )
        plan = replace(preview.plan, actions=actions)
        rows = rows_of(plan)
        gauge = StallGauge()
        gauge.start()
        page.model.set_rows(rows)
        await asyncio.sleep(0.05)
        await page._lay_out(Preview(plan, Population(()), UsersRead(())))
        await asyncio.sleep(0.05)
        click(page.tiles.tile("create"))
        await asyncio.sleep(0.05)
        QTest.keyClicks(page.search, "person 777")
        await asyncio.sleep(0.3)
        assert gauge.stop() < 3
        assert 0 < page.model.rowCount() < 100

    aio(look)


def test_long_addresses_break_between_lines() -> None:
    shown = breakable("adele.vance.of.the.long.name@contoso.example")
    assert shown.replace("\u200b", "") == "adele.vance.of.the.long.name@contoso.example"
    assert max(len(part) for part in shown.split("\u200b")) <= 13
    assert breakable("Anna Schmidt") == "Anna Schmidt"


def test_escape_in_the_search_empties_it_before_anything_is_left(
    aio: Aio, page: PreviewPage, window: SetupWindow
) -> None:
    async def look() -> None:
        await up(window, page)
        QTest.keyClicks(page.search, "anna")
        QTest.keyClick(page.search, Qt.Key.Key_Escape)
        await asyncio.sleep(0.05)
        assert page.search.text() == ""
        assert window.isVisible()

    aio(look)
