"""The Scope page over Microsoft Entra ID: assigned people, by groups that are chosen by clicks."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.scope.groups_dialog import GroupsDialog
from sparkwizard.gui.pages.scope.page import ScopePage
from sparkwizard.gui.signing_in.dialog import SignInDialog
from sparkwizard.provisioning.types import Population
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Click = Callable[[QWidget], None]
type Opened = Callable[[], tuple[WizardWindow, ScopePage]]


@pytest.fixture
def opened(desk: Desk, practise: Callable[[], None], open_window: OpenWindow) -> Opened:
    """Open the Scope page of a practice setup that reads from Entra."""

    def make() -> tuple[WizardWindow, ScopePage]:
        practise()
        desk.set(desk.state.with_source(desk.entra_source, Population(())))
        page = ScopePage(desk)
        return open_window({Step.SCOPE: page}, Step.SCOPE), page

    return make


async def choose_groups(page: ScopePage, click: Click) -> GroupsDialog:
    """Take assigned people; sign in for that where nobody is yet."""
    click(page.assigned)
    await until(lambda: bool(page.findChildren(SignInDialog) or page.findChildren(GroupsDialog)))
    for dialog in page.findChildren(SignInDialog):
        click(dialog.ask.code)
        await until(dialog.code.here.isVisible)
        click(dialog.code.here)
    await until(lambda: bool(page.findChildren(GroupsDialog)), within=15)
    return page.findChildren(GroupsDialog)[-1]


def tick(dialog: GroupsDialog, name: str, click: Click) -> str:
    """Choose the group of this name, return its id."""
    group = next(one for one in dialog.model.visible_rows() if one.name == name)
    dialog.table.setCurrentIndex(dialog.model.find(lambda one: one is group))
    click(dialog.toggle)
    return group.id


def test_whoever_takes_assigned_people_signs_in_for_groups_and_chooses_them(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        dialog = await choose_groups(page, click)
        pilot = tick(dialog, "Webex pilot", click)
        assert dialog.count.text() == "1 chosen"
        click(dialog.use)
        await until(lambda: bool(desk.state.population and desk.state.population.people), within=15)
        scope = desk.profile.scope
        assert (scope.people, scope.groups) == ("assigned", (pilot,))
        assert page.assigned_row.names.full_text() == "Webex pilot"
        everybody = desk.state.population
        assert everybody is not None
        assert len(everybody.people) < 60

    aio(main)


def test_without_a_group_nobody_is_assigned_and_the_page_says_so(
    aio: Aio, opened: Opened, click: Click, press_next: Callable[[WizardWindow], None]
) -> None:
    async def main() -> None:
        window, page = opened()
        dialog = await choose_groups(page, click)
        dialog.reject()
        await until(page.isComplete)
        press_next(window)
        assert page.strip.heading.text() == "No group is chosen, so nobody is assigned."

    aio(main)


def test_everyone_again_reads_everyone_again(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        dialog = await choose_groups(page, click)
        tick(dialog, "Webex pilot", click)
        click(dialog.use)
        await until(lambda: bool(desk.state.population and desk.state.population.people), within=15)
        await until(page.isComplete)
        click(page.everyone)
        await until(
            lambda: bool(desk.state.population and len(desk.state.population.people) >= 60),
            within=15,
        )
        assert desk.profile.scope.people == "all"

    aio(main)
