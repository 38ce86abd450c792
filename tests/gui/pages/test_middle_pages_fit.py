"""People, Mapping, Scope and Limits in the smallest window: everything named, nothing cut off."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QDialog, QLabel, QWidget

from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.limits.page import LimitsPage
from sparkwizard.gui.pages.mapping.page import MappingPage
from sparkwizard.gui.pages.people.page import PeoplePage
from sparkwizard.gui.pages.scope.page import ScopePage
from sparkwizard.practice.server import PracticeServer
from sparkwizard.provisioning.types import Clause, Filter
from sparkwizard.setup.profile import ScopeSettings, SourceSettings
from sparkwizard.values import replace
from sparkwizard.wizard.steps import Step
from tests.gui.shown import accessible_name

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]

PAGES: dict[Step, type] = {
    Step.PEOPLE: PeoplePage,
    Step.MAPPING: MappingPage,
    Step.SCOPE: ScopePage,
    Step.LIMITS: LimitsPage,
}
FILTERS = (
    Filter("Sales", (Clause("department", "EQUALS", ("Sales",)), Clause("city", "IS NOT NULL"))),
    Filter("Off", (Clause("accountEnabled", "IS FALSE"),)),
)


@pytest.fixture
def filled(desk: Desk, tenant: PracticeServer) -> None:
    """Read the practice company and filter it."""
    source = SourceSettings("csv", str(tenant.csv))
    desk.set(desk.state.with_source(source, read_csv_people(Path(tenant.csv))))
    scope = ScopeSettings(filters=FILTERS)
    desk.change_profile(lambda profile: replace(profile, scope=scope))


def scrolled(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def cut_off(page: QWidget) -> list[str]:
    """Return the words of labels that don't fit their place or reach outside of the page."""
    bad = []
    for label in page.findChildren(QLabel):
        if not label.isVisible() or not label.text() or scrolled(label):
            continue
        place = QRect(label.mapTo(page, QPoint(0, 0)), label.size())
        wanted = label.heightForWidth(label.width()) if label.wordWrap() else 0
        wide = 0 if label.wordWrap() else label.sizeHint().width()
        if label.height() < wanted or label.width() < wide or not page.rect().contains(place):
            bad.append(label.text())
    return bad


def nameless(root: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not accessible_name(widget).strip()
    ]


@pytest.mark.parametrize("step", PAGES)
@pytest.mark.parametrize("people", ["with people", "without people"])
def test_a_page_fits_the_smallest_window_and_everything_on_it_has_a_name(
    aio: Aio,
    desk: Desk,
    open_window: OpenWindow,
    step: Step,
    people: str,
    request: pytest.FixtureRequest,
) -> None:
    if people == "with people":
        request.getfixturevalue("filled")

    async def main() -> None:
        page = PAGES[step](desk)
        window = open_window({step: page}, step)
        window.resize(800, 600)
        await until(lambda: page.tasks.idle)
        await asyncio.sleep(0.2)  # wrapped labels claim their height once their width is known
        assert (window.width(), window.height()) == (800, 600)
        assert cut_off(page) == []
        assert nameless(page) == []

    aio(main)


@pytest.mark.parametrize(
    ("step", "press"),
    [
        (Step.MAPPING, "add_rule"),
        (Step.MAPPING, "edit_rule"),
        (Step.SCOPE, "add_filter"),
    ],
)
@pytest.mark.usefixtures("filled")
def test_everything_in_an_editor_has_a_name(
    aio: Aio, desk: Desk, open_window: OpenWindow, step: Step, press: str
) -> None:
    async def main() -> None:
        page = PAGES[step](desk)
        open_window({step: page}, step)
        getattr(page, press)()
        dialog = page.findChild(QDialog)
        assert dialog is not None
        await asyncio.sleep(0.1)  # wrapped labels claim their height once their width is known
        assert nameless(dialog) == []
        assert cut_off(dialog) == []

    aio(main)
