"""The Scope page: filters written, counted and taken away, and the people behind the numbers."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.gui.aio import StallGauge, until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.scope.filter_editor import FilterEditor
from sparkwizard.gui.pages.scope.numbers import GroupRow
from sparkwizard.gui.pages.scope.page import ScopePage
from sparkwizard.gui.plan.people_dialog import PeopleDialog
from sparkwizard.gui.widgets import Chip
from sparkwizard.practice.server import PracticeServer
from sparkwizard.provisioning.types import Clause, Filter, Person, Population
from sparkwizard.runs.control import RunControl
from sparkwizard.setup.profile import Profile, ScopeSettings, SourceSettings
from sparkwizard.values import replace
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type PressNext = Callable[[WizardWindow], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Opened = Callable[..., tuple[WizardWindow, ScopePage]]

SALES = Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),))
OFF = Filter("Off", (Clause("accountEnabled", "IS FALSE"),))


@pytest.fixture
def opened(desk: Desk, open_window: OpenWindow, tenant: PracticeServer) -> Opened:
    """Open the window at the Scope page with the practice company read."""

    def make(*filters: Filter) -> tuple[WizardWindow, ScopePage]:
        source = SourceSettings("csv", str(tenant.csv))
        desk.set(desk.state.with_source(source, read_csv_people(Path(tenant.csv))))
        scope = ScopeSettings(filters=filters)
        desk.change_profile(lambda profile: replace(profile, scope=scope))
        page = ScopePage(desk)
        return open_window({Step.SCOPE: page}, Step.SCOPE), page

    return make


def pick(field: QWidget, text: str) -> None:
    edit = field.lineEdit()  # type: ignore[attr-defined]  # a field to pick from
    field.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)


async def counted(page: ScopePage, filters: int) -> None:
    def done() -> bool:
        return page.counts is not None and len(page.counts.per_filter) == filters

    await until(done)


def in_sales(desk: Desk) -> int:
    assert desk.state.population is not None
    return sum(p.attributes.get("department") == "Sales" for p in desk.state.population.people)


def test_without_filters_everybody_is_in_scope(aio: Aio, opened: Opened) -> None:
    async def main() -> None:
        _window, page = opened()
        await counted(page, 0)
        assert (page.numbers.inside.text(), page.numbers.outside.text()) == ("60", "0")
        assert page.heading.text() == "No filter: everybody is in scope"

    aio(main)


def test_only_assigned_people_is_off_for_a_file_and_says_why(aio: Aio, opened: Opened) -> None:
    async def main() -> None:
        _window, page = opened()
        assert not page.assigned.isEnabled()
        assert "not to a file" in page.assigned.accessibleDescription()

    aio(main)


def test_a_filter_reads_as_a_sentence_of_chips_with_its_count(
    aio: Aio, opened: Opened, desk: Desk
) -> None:
    async def main() -> None:
        _window, page = opened(SALES, OFF)
        await counted(page, 2)
        first, second = page._cards
        assert [chip.text() for chip in first.findChildren(Chip)] == ["department", "Sales"]
        assert [chip.text() for chip in second.findChildren(Chip)] == ["account enabled"]
        assert first.count.text() == str(in_sales(desk))

    aio(main)


def test_a_filter_is_written_in_the_editor_and_counted_before_it_is_saved(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        click(page.add)
        editor = page.findChild(FilterEditor)
        assert editor is not None
        [row] = editor.rows
        assert not editor.ok.isEnabled()
        assert editor.count.label.text() == "Choose an attribute."
        pick(row.attribute, "department")
        assert editor.count.label.text() == "Enter the value that department is compared with."
        pick(row.value, "Sales")
        words = f"{in_sales(desk)} of 60 people fit this filter."
        await until(lambda: editor.count.label.text() == words)
        click(editor.ok)
        assert desk.profile.scope.filters == (SALES,)
        await counted(page, 1)
        assert page.numbers.inside.text() == str(in_sales(desk))

    aio(main)


def test_the_editor_offers_the_columns_of_the_file_and_the_values_that_are_there(
    aio: Aio, opened: Opened
) -> None:
    async def main() -> None:
        _window, page = opened()
        page.add_filter()
        editor = page.findChild(FilterEditor)
        assert editor is not None
        [row] = editor.rows
        assert row.attribute.findText("usageLocation") >= 0
        pick(row.attribute, "department")
        assert row.value.findText("Sales") >= 0

    aio(main)


def test_a_value_is_kept_letter_by_letter(aio: Aio, opened: Opened, desk: Desk) -> None:
    async def main() -> None:
        _window, page = opened()
        page.add_filter()
        editor = page.findChild(FilterEditor)
        assert editor is not None
        [row] = editor.rows
        pick(row.attribute, "DEPARTMENT")
        pick(row.value, "sales ")
        assert row.clause() == Clause("department", "EQUALS", ("sales ",))

    aio(main)


def test_conditions_are_added_and_removed_and_a_fault_is_told_beside_them(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened(SALES)
        page.edit_filter(0)
        editor = page.findChild(FilterEditor)
        assert editor is not None
        click(editor.add)
        _first, second = editor.rows
        pick(second.attribute, "employeeId")
        second.operator.setCurrentIndex(second.operator.findData("Greater_Than"))
        pick(second.value, "many")
        assert "not a whole number" in second.fault.text()
        assert not editor.ok.isEnabled()
        click(second.remove)
        assert len(editor.rows) == 1
        assert editor.ok.isEnabled()

    aio(main)


def test_deleting_the_last_filter_brings_everybody_into_scope(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened(SALES)
        await counted(page, 1)
        click(page._cards[0].delete)
        await counted(page, 0)
        assert desk.profile.scope.filters == ()
        assert page.numbers.inside.text() == "60"

    aio(main)


def test_behind_the_number_of_a_cause_are_its_people_with_the_reason(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened(SALES)
        await counted(page, 1)
        row = page.numbers.findChild(GroupRow)
        assert row is not None
        assert row.accessibleName().startswith("Department is not Sales: ")
        click(row)
        dialog = page.findChild(PeopleDialog)
        assert dialog is not None
        assert dialog.model.rowCount() == 60 - in_sales(desk)
        assert "department" in dialog.model.index(0, 2).data()

    aio(main)


def test_people_whom_this_setup_manages_would_lose_access_and_it_says_so(
    aio: Aio, opened: Opened, desk: Desk, saved_profile: Profile, tenant: PracticeServer
) -> None:
    async def main() -> None:
        desk.change_profile(lambda _profile: saved_profile)
        made = await desk.services.preview(saved_profile, desk.base_dir, tenant.token)
        plan, token = made.plan, tenant.token
        async for _ in desk.services.apply(plan, saved_profile, token, control=RunControl()):
            pass
        _window, page = opened(SALES)
        await counted(page, 1)
        assert page.counts is not None
        number = len(page.counts.losing)
        assert number > 1
        assert page.numbers.losing.heading.text() == f"{number} people would lose access"

    aio(main)


def test_next_refuses_a_filter_that_can_not_work(
    aio: Aio, opened: Opened, press_next: PressNext
) -> None:
    async def main() -> None:
        window, page = opened(Filter("Roles", (Clause("userType", "EQUALS", ("Guest",)),)))
        press_next(window)
        assert window.current_step() == "SCOPE"
        await until(lambda: not page.strip.isHidden())
        assert "Roles" in page.strip.heading.text()

    aio(main)


def test_a_hundred_thousand_people_are_counted_while_the_window_answers(
    aio: Aio, desk: Desk, open_window: OpenWindow
) -> None:
    people = tuple(
        Person(str(n), {"department": f"D{n % 40}", "country": f"C{n}"}, n) for n in range(100_000)
    )

    async def main() -> None:
        source = SourceSettings("csv", "people.csv")
        columns = ("department", "country")
        desk.set(desk.state.with_source(source, Population(people, columns=columns)))
        clauses = (
            Clause("department", "EQUALS", ("D7",)),
            Clause("country", "NOT EQUALS", ("C7",)),
        )
        page = ScopePage(desk)
        open_window({Step.SCOPE: page}, Step.SCOPE)
        await counted(page, 0)
        gauge = StallGauge()
        gauge.start()
        scope = ScopeSettings(filters=(Filter("D7", clauses),))
        desk.change_profile(lambda profile: replace(profile, scope=scope))
        await counted(page, 1)
        await asyncio.sleep(0.05)
        assert gauge.stop() < 3
        assert page.numbers.inside.text() == "2,499"

    aio(main)
