"""What an edit would mean, under the mapping and the scope: by clicks, in a real window."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.gui.aio import until
from sparkwizard.gui.calm.collecting import CollectHere
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.mapping.page import MappingPage
from sparkwizard.gui.pages.scope.page import ScopePage
from sparkwizard.gui.plan.people_dialog import PeopleDialog
from sparkwizard.gui.plan.what_if_strip import WhatIfStrip
from sparkwizard.gui.plan.why_button import WhyButton
from sparkwizard.practice.server import PracticeServer
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Clause, Filter, MappingRule, Person, Population
from sparkwizard.setup.profile import Profile, ScopeSettings, SourceSettings
from sparkwizard.values import replace
from sparkwizard.wizard.plan.what_if_state import Phase
from sparkwizard.wizard.steps import Step
from tests.gui.work_gauge import WorkGauge

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type OpenedMapping = Callable[..., tuple[WizardWindow, MappingPage]]
type OpenedScope = Callable[..., tuple[WizardWindow, ScopePage]]

SALES = Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),))


def company(desk: Desk, tenant: PracticeServer, population: Population | None = None) -> None:
    source = SourceSettings("csv", str(tenant.csv))
    found = population or read_csv_people(Path(tenant.csv))
    desk.set(desk.state.with_source(source, found))


@pytest.fixture
def mapping(desk: Desk, open_window: OpenWindow, tenant: PracticeServer) -> OpenedMapping:
    """Open the window at the Mapping page."""

    def make(population: Population | None = None) -> tuple[WizardWindow, MappingPage]:
        company(desk, tenant, population)
        page = MappingPage(desk)
        return open_window({Step.MAPPING: page}, Step.MAPPING), page

    return make


@pytest.fixture
def scope(desk: Desk, open_window: OpenWindow, tenant: PracticeServer) -> OpenedScope:
    """Open the window at the Scope page."""

    def make() -> tuple[WizardWindow, ScopePage]:
        company(desk, tenant)
        page = ScopePage(desk)
        return open_window({Step.SCOPE: page}, Step.SCOPE), page

    return make


def edit(desk: Desk, target: str, expression: str) -> None:
    rules = tuple(
        MappingRule(target, expression, rule.matching_precedence) if rule.target == target else rule
        for rule in DEFAULT_MAPPING
    )
    desk.change_profile(lambda profile: replace(profile, mapping=rules))


def keep_filters(desk: Desk, *filters: Filter) -> None:
    desk.change_profile(lambda profile: replace(profile, scope=ScopeSettings(filters=filters)))


async def answered(strip: WhatIfStrip) -> None:
    await until(lambda: strip.state.phase is Phase.READY, within=90)


async def open_list(link: QWidget) -> PeopleDialog:
    """Click a number and return the list behind it."""
    await until(lambda: link.width() > 20)
    left, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(link, left, keys, QPoint(8, link.height() // 2))
    tops = QApplication.topLevelWidgets()
    (dialog,) = (top for top in tops if isinstance(top, PeopleDialog) and top.isVisible())
    return dialog


def test_before_the_first_edit_the_strip_invites_to_edit(aio: Aio, mapping: OpenedMapping) -> None:
    async def main() -> None:
        _window, page = mapping()
        assert page.what_if.isVisible()
        assert page.what_if.text == "Edit something to see at once whom it affects."

    aio(main)


def test_an_edited_rule_says_how_many_people_would_change_and_lists_them(
    aio: Aio, mapping: OpenedMapping, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _window, page = mapping()
        edit(desk, "displayName", 'Append([displayName], " (Fabrikam)")')
        await answered(page.what_if)
        (link,) = page.what_if.links
        assert link.text().endswith("people would change")
        dialog = await open_list(link)
        row = dialog.model.rows[0]
        assert "(Fabrikam)" in str(dialog.model.columns[-1].text(row))
        assert dialog.findChild(WhyButton) is not None
        dialog.close()

    aio(main)


def test_undo_brings_the_numbers_back_to_nothing(
    aio: Aio, mapping: OpenedMapping, click: Click
) -> None:
    async def main() -> None:
        _window, page = mapping()
        page.table.selectRow(3)
        click(page.tools.delete)
        await answered(page.what_if)
        assert page.what_if.links
        page.undo()
        await until(lambda: page.what_if.state.phase is Phase.RUNNING)
        await answered(page.what_if)
        assert page.what_if.links == []
        assert page.what_if.text.startswith("Your edits on this page change nothing")

    aio(main)


def test_a_rule_that_webex_refuses_for_some_makes_them_invalid(
    aio: Aio, mapping: OpenedMapping, desk: Desk
) -> None:
    async def main() -> None:
        _window, page = mapping()
        edit(desk, "userName", "[displayName]")
        await answered(page.what_if)
        assert page.what_if.links[0].text().endswith("become invalid")

    aio(main)


def test_a_mapping_that_cannot_work_says_so_instead_of_numbers(
    aio: Aio, mapping: OpenedMapping, desk: Desk
) -> None:
    async def main() -> None:
        _window, page = mapping()
        edit(desk, "displayName", "Jion([displayName])")
        await until(lambda: page.what_if.state.phase is Phase.FAILED)
        assert page.what_if.links == []
        assert "Unknown function" in page.what_if.text

    aio(main)


def test_a_filter_says_who_falls_out_of_scope_and_why(
    aio: Aio, scope: OpenedScope, desk: Desk
) -> None:
    async def main() -> None:
        _window, page = scope()
        keep_filters(desk, SALES)
        await answered(page.what_if)
        (link,) = page.what_if.links
        assert link.text().endswith("people fall out of scope")
        dialog = await open_list(link)
        assert '"Sales"' in str(dialog.model.columns[-1].text(dialog.model.rows[0]))
        dialog.close()

    aio(main)


def test_quick_edits_in_a_row_are_answered_once_for_the_last(
    aio: Aio, scope: OpenedScope, desk: Desk
) -> None:
    async def main() -> None:
        _window, page = scope()
        told: list[object] = []
        page.what_if.answered.connect(told.append)
        keep_filters(desk, SALES)
        keep_filters(desk)
        keep_filters(desk, SALES)
        keep_filters(desk)
        await answered(page.what_if)
        assert len(told) == 1
        assert page.what_if.links == []

    aio(main)


def test_leaving_the_page_stops_the_work_and_coming_back_begins_anew(
    aio: Aio, scope: OpenedScope, desk: Desk
) -> None:
    async def main() -> None:
        _window, page = scope()
        keep_filters(desk, SALES)
        page.on_leave()
        assert page.what_if.state.phase is Phase.IDLE
        page.on_enter()
        keep_filters(desk)
        await answered(page.what_if)
        assert page.what_if.links[0].text().endswith("come into scope")

    aio(main)


def test_once_a_preview_was_made_the_plan_is_counted_too(
    aio: Aio, mapping: OpenedMapping, desk: Desk, saved_profile: Profile, tenant: PracticeServer
) -> None:
    async def main() -> None:
        desk.set(desk.state.with_profile(saved_profile))
        _window, page = mapping()
        made = await desk.services.preview(desk.profile, desk.base_dir, tenant.token)
        desk.set(replace(desk.state, preview=made))
        page.on_enter()
        edit(desk, "displayName", "[mail]")
        await answered(page.what_if)
        difference = page.what_if.state.difference
        assert difference is not None
        assert difference.before == _counts(made.plan)
        assert "The plan would then" in page.what_if.words.full_text()

    aio(main)


def _counts(plan: Plan) -> object:
    return plan.counts


def test_a_large_company_never_holds_the_window_up(
    aio: Aio, mapping: OpenedMapping, desk: Desk
) -> None:
    people = tuple(
        Person(
            f"id{number}",
            {
                "userPrincipalName": f"p{number}@x.example",
                "objectId": f"id{number}",
                "displayName": f"P {number}",
            },
        )
        for number in range(20_000)
    )

    async def main() -> None:
        _window, page = mapping(Population(people))
        collector, gauge = CollectHere(), WorkGauge()
        edit(desk, "displayName", "[userPrincipalName]")
        gauge.start()
        await answered(page.what_if)
        worst = gauge.stop()
        collector.stop()
        assert page.what_if.links[0].text() == "20,000 people would change"
        assert worst < 2

    aio(main)
