"""The Attribute mapping page: rules edited by keys and clicks, tried on one real person."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.mapping.page import MappingPage
from sparkwizard.gui.pages.mapping.rule_editor import RuleEditor
from sparkwizard.gui.widgets.entering.pick_field import PickField
from sparkwizard.practice.server import PracticeServer
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.setup.profile import Profile, SourceSettings
from sparkwizard.values import replace
from sparkwizard.wizard.mapping.rule_text import RuleKind
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type PressNext = Callable[[WizardWindow], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Opened = Callable[[], tuple[WizardWindow, MappingPage]]


@pytest.fixture
def opened(desk: Desk, open_window: OpenWindow, tenant: PracticeServer) -> Opened:
    """Open the window at the Mapping page with the practice company read."""

    def make() -> tuple[WizardWindow, MappingPage]:
        source = SourceSettings("csv", str(tenant.csv))
        desk.set(desk.state.with_source(source, read_csv_people(Path(tenant.csv))))
        page = MappingPage(desk)
        return open_window({Step.MAPPING: page}, Step.MAPPING), page

    return make


def editor_of(page: MappingPage) -> RuleEditor:
    found = [one for one in page.findChildren(RuleEditor) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def pick(field: QWidget, text: str) -> None:
    """Type into a field from its start."""
    edit = field.lineEdit() if isinstance(field, PickField) else field
    assert isinstance(edit, QLineEdit)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)


def choose_kind(editor: RuleEditor, kind: RuleKind) -> None:
    editor.kind.setCurrentIndex(editor.kind.findData(kind.value))


def shown(page: MappingPage) -> dict[str, str]:
    return {row.name: row.value for row in page.person.values.rows}


def test_a_new_setup_shows_the_default_mapping_as_valid(aio: Aio, opened: Opened) -> None:
    async def main() -> None:
        _window, page = opened()
        assert [row.rule for row in page.model.rows] == list(DEFAULT_MAPPING)
        assert page.status.label.text() == (
            "All 6 rules are valid. userName finds the Webex user a person already has."
        )
        assert page.person.place.text() == "Person 1 of 60"
        person = page.person.person
        assert person is not None
        assert shown(page)["userName"] == person.user_principal_name

    aio(main)


def test_arrows_and_the_search_lead_to_other_people(
    aio: Aio, opened: Opened, click: Click, desk: Desk
) -> None:
    async def main() -> None:
        _window, page = opened()
        click(page.person.next)
        assert page.person.place.text() == "Person 2 of 60"
        click(page.person.previous)
        assert page.person.place.text() == "Person 1 of 60"
        assert not page.person.previous.isEnabled()
        assert desk.state.population is not None
        last = desk.state.population.people[-1]
        QTest.keyClicks(page.person.search, last.user_principal_name)
        await until(lambda: page.person.place.text() == "Person 60 of 60")
        assert page.person.name.full_text() == last.label

    aio(main)


def test_a_rule_is_added_in_the_editor_and_shown_for_the_person(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        click(page.tools.add)
        editor = editor_of(page)
        assert not editor.ok.isEnabled()
        assert editor.why_not.text() == "Choose the Webex attribute to fill."
        pick(editor.target, "title")
        pick(editor.attribute, "jobTitle")
        person = page.person.person
        assert person is not None
        assert editor.live.results[0].shown.text == person.attributes["jobTitle"]
        click(editor.ok)
        assert desk.profile.mapping[-1] == MappingRule("title", "[jobTitle]")
        assert shown(page)["title"] == person.attributes["jobTitle"]
        assert page.table.selected_row() == page.model.rows[-1]

    aio(main)


def test_a_fault_is_marked_under_its_character_and_keeps_the_rule_from_being_saved(
    aio: Aio, opened: Opened, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        page.table.selectRow(3)
        click(page.tools.edit)
        editor = editor_of(page)
        choose_kind(editor, RuleKind.EXPRESSION)
        editor.expression.edit.setPlainText('Jion(" ", [givenName])')
        assert not editor.ok.isEnabled()
        assert editor.expression.fault.text().startswith('Unknown function "Jion".')
        marks = editor.expression.edit.extraSelections()
        assert marks[0].cursor.selectedText() == "Jion"
        click(editor.expression.suggestion)
        assert editor.expression.text() == 'Join(" ", [givenName])'
        assert editor.ok.isEnabled()
        assert editor.expression.fault.isHidden()

    aio(main)


def test_changing_the_type_carries_the_attribute_into_the_expression(
    aio: Aio, opened: Opened, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        page.add_rule()
        editor = editor_of(page)
        pick(editor.attribute, "department")
        choose_kind(editor, RuleKind.EXPRESSION)
        assert editor.expression.text() == "[department]"

    aio(main)


def test_a_constant_a_default_and_on_create_are_kept_as_entra_writes_them(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        page.add_rule()
        editor = editor_of(page)
        pick(editor.target, "preferredLanguage")
        choose_kind(editor, RuleKind.CONSTANT)
        pick(editor.constant, 'en"GB')
        pick(editor.default, "en")
        editor.on_create.click()
        click(editor.ok)
        rule = MappingRule("preferredLanguage", '"en\\"GB"', None, "create", "en")
        assert desk.profile.mapping[-1] == rule
        assert not page.table.isColumnHidden(3)

    aio(main)


def test_a_target_that_is_filled_already_is_told_in_the_editor(aio: Aio, opened: Opened) -> None:
    async def main() -> None:
        _window, page = opened()
        page.add_rule()
        editor = editor_of(page)
        pick(editor.target, "displayName")
        pick(editor.attribute, "mail")
        assert "filled twice" in editor.target_words.text()
        assert not editor.ok.isEnabled()

    aio(main)


def test_the_target_is_found_by_its_human_name(aio: Aio, opened: Opened) -> None:
    async def main() -> None:
        _window, page = opened()
        page.add_rule()
        editor = editor_of(page)
        completer = editor.target.completer()
        assert completer is not None
        completer.setCompletionPrefix("family")
        assert completer.currentCompletion() == "Family name (name.familyName)"

    aio(main)


def test_a_deleted_rule_comes_back_by_ctrl_z_and_goes_again_by_ctrl_y(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        window, page = opened()
        page.table.selectRow(5)
        click(page.tools.delete)
        page.table.selectRow(4)
        click(page.tools.delete)
        assert page.rules[-1].target == "displayName"
        window.activateWindow()
        await until(window.isActiveWindow)
        page.table.setFocus()
        control = Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(page.table, Qt.Key.Key_Z, control)
        QTest.keyClick(page.table, Qt.Key.Key_Z, control)
        assert desk.profile.mapping == ()
        assert len(page.model.rows) == 6
        QTest.keyClick(page.table, Qt.Key.Key_Y, control)
        assert page.rules[-1].target == "name.givenName"

    aio(main)


def test_reset_goes_back_to_the_default_and_can_be_undone(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        own = (*DEFAULT_MAPPING, MappingRule("title", "[jobTitle]"))
        desk.change_profile(lambda profile: replace(profile, mapping=own))
        _window, page = opened()
        click(page.tools.reset)
        assert desk.profile.mapping == ()
        assert not page.tools.reset.isEnabled()
        click(page.tools.undo)
        assert desk.profile.mapping == own

    aio(main)


def test_another_setup_does_not_inherit_what_can_be_undone(
    aio: Aio, opened: Opened, desk: Desk
) -> None:
    async def main() -> None:
        _window, page = opened()
        page.delete_rule()
        assert page.tools.undo.isEnabled()
        other = (*DEFAULT_MAPPING, MappingRule("title", "[jobTitle]"))
        desk.change_profile(lambda profile: replace(profile, name="Other", mapping=other))
        assert not page.tools.undo.isEnabled()

    aio(main)


def test_next_refuses_while_a_rule_is_not_valid_and_shows_which(
    aio: Aio, opened: Opened, desk: Desk, press_next: PressNext
) -> None:
    async def main() -> None:
        window, page = opened()
        broken = (*DEFAULT_MAPPING, MappingRule("title", "Trimm([jobTitle])"))
        desk.change_profile(lambda profile: replace(profile, mapping=broken))
        press_next(window)
        assert window.current_step() == "MAPPING"
        assert page.strip.heading.text().startswith('title: Unknown function "Trimm".')
        row = page.table.selected_row()
        assert row is not None
        assert row.number == 6
        page.delete_rule()
        press_next(window)
        assert window.current_step() == "SCOPE"

    aio(main)


def test_enter_on_a_rule_opens_it_and_escape_leaves_it_as_it_was(
    aio: Aio, opened: Opened, desk: Desk
) -> None:
    async def main() -> None:
        window, page = opened()
        page.table.setFocus()
        QTest.keyClick(page.table, Qt.Key.Key_Return)
        editor = editor_of(page)
        assert window.current_step() == "MAPPING"
        QTest.keyClick(editor, Qt.Key.Key_Escape)
        assert not editor.isVisible()
        assert desk.profile.mapping == ()

    aio(main)


def test_without_people_the_rules_can_still_be_edited(
    aio: Aio, desk: Desk, open_window: OpenWindow
) -> None:
    async def main() -> None:
        page = MappingPage(desk)
        open_window({Step.MAPPING: page}, Step.MAPPING)
        assert page.person.empty.isVisible()
        page.add_rule()
        editor = editor_of(page)
        pick(editor.target, "title")
        pick(editor.attribute, "jobTitle")
        assert editor.ok.isEnabled()

    aio(main)


def test_once_a_preview_was_made_the_values_of_today_stand_before_the_new_ones(
    aio: Aio, desk: Desk, open_window: OpenWindow, saved_profile: Profile, tenant: PracticeServer
) -> None:
    async def main() -> None:
        desk.change_profile(lambda _profile: saved_profile)
        made = await desk.services.preview(saved_profile, desk.base_dir, tenant.token)
        desk.set(replace(desk.state, population=made.population, preview=made))
        page = MappingPage(desk)
        open_window({Step.MAPPING: page}, Step.MAPPING)
        update = next(a for a in made.plan.actions if a.kind == "update" and a.changes)
        QTest.keyClicks(page.person.search, update.user_name)
        await until(lambda: any(row.before is not None for row in page.person.values.rows))
        differing = {row.name for row in page.person.values.rows if row.before is not None}
        assert differing == {change.attribute for change in update.changes}
        assert "differ from Webex today" in page.person.foot.label.text()

    aio(main)
