"""The whole wizard by keys alone: every control is reached, shows it, and can be pressed."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QTableView, QWidget, QWizard

from sparkwizard.gui import aio as gui_aio
from sparkwizard.gui.aio import until
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.look.theme import set_scheme
from sparkwizard.gui.pages.applying import ApplyingPage
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.wizard.steps import Step
from tests.gui.keys import KeyRoad, controls, has_ring, in_group, in_view, said, tabbed
from tests.gui.test_whole_wizard import opened, slow

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


@pytest.fixture
def aio(qapp: QApplication) -> Aio:
    """Run to the end on Qt's loop; going around each page takes longer than passing it."""

    def run(main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        async def limited() -> Any:
            async with asyncio.timeout(60):
                return await main()

        return gui_aio.run(qapp, limited)

    return run


class Surveyed(KeyRoad):
    """Tab once around each page as it comes up, and hold what must be true of it."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self.stops = 0
        self.seen_with_ring: set[QWidget] = set()

    async def survey(self) -> None:
        """Look around on the page that is up."""
        page = self.page(WizardPage)
        await until(lambda: page.tasks.idle or isinstance(page, ApplyingPage), within=20)
        await asyncio.sleep(0.1)
        self.page_before_buttons(await self.around(self.window, self.window.current_step()))

    async def around(self, window: QWidget, where: str) -> list[QWidget]:
        """Tab once around a window, and hold what must be true of any."""
        order = await tabbed(window)
        self.stops += len(order)
        left_out = [
            said(one)
            for one in controls(window)
            if one not in order
            and one.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not any(in_group(one, other) for other in order)
        ]
        assert left_out == [], f"{where}: Tab does not lead to {left_out}"
        new = [one for one in order if one not in self.seen_with_ring]
        bare = [said(one) for one in new if not has_ring(one)]
        self.seen_with_ring.update(new)
        assert bare == [], f"{where}: nobody sees the keyboard in {bare}"
        hidden = [said(one) for one in order if not in_view(one)]
        assert hidden == [], f"{where}: out of view {hidden}"
        _letters_differ(window)
        return order

    def page_before_buttons(self, order: list[QWidget]) -> None:
        """Hold that from the page Tab leads to its buttons, and only then to the rail."""
        page, kinds = self.window.currentPage(), self.window.WizardButton
        forward = [self.window.button(kind) for kind in kinds]
        turn = next((at for at, one in enumerate(order) if self.window.rail.isAncestorOf(one)), 0)
        around = order[turn:] + order[:turn]
        parts = "".join(
            "p" if page.isAncestorOf(one) else "b" if one in forward else "" for one in around
        )
        assert "bp" not in parts, [said(one) for one in around]

    async def dialog(self, opener: str) -> None:
        """Open a dialog, go around in it, close it with Escape, and be where one was."""
        await until(lambda: self.page(WizardPage).tasks.idle)
        await asyncio.sleep(0.1)
        button = self.button(opener)
        await self.click(button)
        await until(lambda: bool(open_dialogs()))
        await asyncio.sleep(0.2)
        (dialog,) = open_dialogs()
        assert dialog.windowTitle(), f"{opener} opens a dialog without a title"
        await self.around(dialog, opener)
        await self.press(Qt.Key.Key_Escape)
        await until(lambda: not open_dialogs())
        self.window.activateWindow()  # as a window manager does
        await asyncio.sleep(0.05)
        assert QApplication.focusWidget() is button


def _letters_differ(window: QWidget) -> None:
    """Hold that no letter is underlined twice at a time."""
    taken: dict[str, list[str]] = {}
    for one in controls(window):
        if isinstance(one, QAbstractButton) and one.shortcut().toString():
            taken.setdefault(one.shortcut().toString(), []).append(said(one))
    twice = {letter: names for letter, names in taken.items() if len(names) > 1}
    assert twice == {}


def open_dialogs() -> list[QDialog]:
    """Return the dialogs that are up over the wizard."""
    tops = QApplication.topLevelWidgets()
    return [
        one
        for one in tops
        if isinstance(one, QDialog) and not isinstance(one, QWizard) and one.isVisible()
    ]


async def all_the_way(way: Surveyed) -> None:
    """Go from the first page to the result, and look around on each."""
    await way.at(Step.START)
    await way.survey()
    await way.practise()
    await way.survey()
    await way.paste_token()
    await way.next(Step.ORGANIZATION)
    await way.survey()
    await way.next(Step.CONNECTION)
    await until(lambda: bool(way.state.layers), within=90)
    await way.survey()
    await way.next(Step.PEOPLE)
    await way.survey()
    await way.click("Use the practice company")
    await until(lambda: way.state.population is not None, within=90)
    for step in (Step.MAPPING, Step.SCOPE, Step.LIMITS):
        await way.survey()
        await way.next(step)
    await way.survey()
    await way.next(Step.PREVIEW)
    await until(lambda: way.state.preview is not None, within=90)
    await until(lambda: way.window.currentPage().isComplete())
    await way.survey()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_the_whole_wizard_by_keys_alone(
    aio: Aio, tmp_path: Path, qapp: QApplication, scheme: Any
) -> None:
    async def main() -> None:
        async with opened(tmp_path, road=Surveyed) as way:
            assert isinstance(way, Surveyed)
            await all_the_way(way)
            before = await asyncio.to_thread(way.users)
            plan = way.state.preview.plan
            slow(way, 200)
            await way.click(way.window.button(QWizard.WizardButton.CommitButton))
            await way.at(Step.APPLYING)
            await way.click("Pause")
            await until(lambda: way.page(ApplyingPage).page_buttons.extras[0].label == "&Resume")
            await way.survey()
            slow(way, 0)
            await way.click("Resume")
            await way.at(Step.RESULT)
            await way.survey()
            after = await asyncio.to_thread(way.users)
            new = {one.user_name.lower() for one in plan.actions if one.kind is ActionKind.CREATE}
            assert len(after) == len(before) + plan.counts.create
            assert new <= after.keys()
            assert way.stops > 100

    set_scheme(qapp, scheme)
    aio(main)
    set_scheme(qapp, "light")


def test_every_dialog_of_the_road_by_keys_alone(aio: Aio, tmp_path: Path) -> None:
    async def main() -> None:
        async with opened(tmp_path, road=Surveyed) as way:
            assert isinstance(way, Surveyed)
            await way.practise()
            await way.paste_token()
            for step in (Step.ORGANIZATION, Step.CONNECTION):
                await way.next(step)
            await until(lambda: bool(way.state.layers), within=90)
            await way.next(Step.PEOPLE)
            await way.dialog("Sign in…")
            await way.dialog("Another organization or application…")
            await way.click("Use the practice company")
            await until(lambda: way.state.population is not None, within=90)
            await way.dialog("Show findings")
            way.page(WizardPage).findChildren(QTableView)[0].selectRow(0)
            await way.dialog("Why?")
            await way.next(Step.MAPPING)
            for opener in ("Edit", "Add", "Why? Step by step"):
                await way.dialog(opener)
            await way.next(Step.SCOPE)
            await way.dialog("Add a filter")
            await way.next(Step.LIMITS)
            await way.dialog("Mail server…")
            await way.next(Step.PREVIEW)
            await until(lambda: way.state.preview is not None, within=90)
            await until(lambda: way.window.currentPage().isComplete())
            for opener in ("1 remark", "only in Webex", "Apply in rings…"):
                await way.dialog(opener)

    aio(main)
