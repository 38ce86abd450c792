"""The expression editor, by keys as a new user presses them: offers, help, faults, live results."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.editors.expression_edit import ExpressionEdit
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.look.theme import set_scheme
from sparkwizard.gui.pages.mapping.page import MappingPage
from sparkwizard.gui.pages.mapping.rule_editor import RuleEditor
from sparkwizard.practice.server import PracticeServer
from sparkwizard.setup.profile import SourceSettings
from sparkwizard.wizard.mapping.rule_text import RuleKind
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type OpenEditor = Callable[[], tuple[MappingPage, RuleEditor]]
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def editor(desk: Desk, open_window: OpenWindow, tenant: PracticeServer) -> OpenEditor:
    """Open the rule of displayName as an expression, everything in it selected."""

    def make() -> tuple[MappingPage, RuleEditor]:
        source = SourceSettings("csv", str(tenant.csv))
        desk.set(desk.state.with_source(source, read_csv_people(Path(tenant.csv))))
        page = MappingPage(desk)
        open_window({Step.MAPPING: page}, Step.MAPPING)
        page.table.selectRow(3)
        page.edit_rule()
        (found,) = (one for one in page.findChildren(RuleEditor) if one.isVisible())
        found.kind.setCurrentIndex(found.kind.findData(RuleKind.EXPRESSION.value))
        found.expression.edit.setFocus()
        found.expression.edit.selectAll()
        return page, found

    return make


def type_in(edit: ExpressionEdit, *pieces: str | Qt.Key) -> None:
    for piece in pieces:
        if isinstance(piece, str):
            QTest.keyClicks(edit, piece)
        else:
            QTest.keyClick(edit, piece)


def marked_in(edit: ExpressionEdit) -> int:
    """Return how light the ground of the first mark is."""
    (mark,) = edit.extraSelections()
    form = mark.format
    brush = form.background()
    return brush.color().lightness()


def labels(edit: ExpressionEdit) -> list[str]:
    return [one.label for one in edit.offers.offers] if edit.offers else []


def test_a_whole_expression_is_written_with_the_offers_by_keyboard_alone(
    aio: Aio, editor: OpenEditor, desk: Desk
) -> None:
    async def main() -> None:
        _page, dialog = editor()
        edit = dialog.expression.edit
        type_in(edit, "Jo")
        assert labels(edit)[0] == "Join"
        type_in(edit, Key.Key_Return, '" ", [giv')
        assert labels(edit)[0] == "givenName"
        type_in(edit, Key.Key_Tab, ", ToUp", Key.Key_Tab, "[sur", Key.Key_Return, "))")
        assert edit.text() == 'Join(" ", [givenName], ToUpper([surname]))'
        assert edit.offers is None
        assert dialog.focusWidget() is edit
        QTest.keyClick(edit, Key.Key_Return, CONTROL)
        assert not dialog.isVisible()
        assert desk.profile.mapping[3].expression == edit.text()

    aio(main)


def test_arrows_choose_among_the_offers_and_escape_closes_only_the_list(
    aio: Aio, editor: OpenEditor
) -> None:
    async def main() -> None:
        _page, dialog = editor()
        edit = dialog.expression.edit
        type_in(edit, "[ma")
        assert edit.offers is not None
        first, second = labels(edit)[:2]
        type_in(edit, Key.Key_Down)
        current = edit.offers.current()
        assert current is not None
        assert current.label == second != first
        type_in(edit, Key.Key_Escape)
        assert edit.offers is None
        assert dialog.isVisible()
        assert edit.text() == "[ma"
        type_in(edit, Key.Key_Escape)
        assert not dialog.isVisible()

    aio(main)


def test_control_and_space_offers_everything_where_nothing_was_typed(
    aio: Aio, editor: OpenEditor, desk: Desk
) -> None:
    async def main() -> None:
        _page, dialog = editor()
        edit = dialog.expression.edit
        type_in(edit, Key.Key_Delete)
        assert edit.offers is None
        QTest.keyClick(edit, Key.Key_Space, CONTROL)
        population = desk.state.population
        assert population is not None
        assert labels(edit)[0] in population.columns
        assert "Join" in labels(edit)
        assert edit.text() == ""

    aio(main)


def test_an_offer_is_taken_with_the_mouse_and_tab_leaves_the_field_without_offers(
    aio: Aio, editor: OpenEditor
) -> None:
    async def main() -> None:
        _page, dialog = editor()
        edit = dialog.expression.edit
        type_in(edit, "[depart")
        assert edit.offers is not None
        middle = edit.offers.visualRect(edit.offers.model().index(0, 0)).center()
        QTest.mouseClick(edit.offers.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        assert edit.text() == "[department]"
        type_in(edit, Key.Key_Tab)
        assert dialog.focusWidget() is not edit
        assert edit.text() == "[department]"

    aio(main)


def test_nothing_is_offered_inside_a_text(aio: Aio, editor: OpenEditor) -> None:
    async def main() -> None:
        _page, dialog = editor()
        edit = dialog.expression.edit
        type_in(edit, 'Append([mail], "Join')
        assert edit.offers is None

    aio(main)


def test_the_argument_being_written_stands_out_and_the_function_is_explained(
    aio: Aio, editor: OpenEditor
) -> None:
    async def main() -> None:
        _page, dialog = editor()
        signature = dialog.expression.signature
        assert "Ctrl+Space" in signature.text
        type_in(dialog.expression.edit, "Left(")
        assert signature.argument == "String"
        assert "Takes the first characters" in signature.text
        type_in(dialog.expression.edit, "[mail], ")
        assert signature.argument == "NumChars"
        type_in(dialog.expression.edit, "3)")
        assert signature.argument == ""

    aio(main)


def test_a_fault_is_told_with_its_place_and_mended_by_one_press(
    aio: Aio, editor: OpenEditor, click: Click
) -> None:
    async def main() -> None:
        _page, dialog = editor()
        field = dialog.expression
        field.set_text('Join(" ",\n  Uper([surname]))')
        assert field.fault.text() == 'Unknown function "Uper". It stands at line 2, character 3.'
        assert field.suggestion.text() == "Did you mean ToUpper?"
        assert field.edit.extraSelections()[0].cursor.selectedText() == "Uper"
        click(field.suggestion)
        assert field.text() == 'Join(" ",\n  ToUpper([surname]))'
        assert dialog.ok.isEnabled()
        QTest.keyClick(field.edit, Key.Key_Z, CONTROL)
        assert field.text() == 'Join(" ",\n  Uper([surname]))'

    aio(main)


def test_the_mark_takes_the_colours_of_a_theme_that_is_switched_live(
    aio: Aio, editor: OpenEditor, qapp: QApplication
) -> None:
    async def main() -> None:
        _page, dialog = editor()
        dialog.expression.set_text("Jion([mail])")
        light = marked_in(dialog.expression.edit)
        set_scheme(qapp, "dark")
        try:
            dark = marked_in(dialog.expression.edit)
        finally:
            set_scheme(qapp, "light")
        assert light > 200 > 100 > dark

    aio(main)


def test_an_attribute_that_entra_does_not_have_is_a_warning_that_can_be_mended(
    aio: Aio, editor: OpenEditor, click: Click
) -> None:
    async def main() -> None:
        _page, dialog = editor()
        field = dialog.expression
        field.set_text("ToLower([maill])")
        assert "is not one of Entra's own" in field.fault.text()
        assert field.fault.property("tone") == "warning"
        assert dialog.ok.isEnabled()
        click(field.suggestion)
        assert field.text() == "ToLower([mail])"
        assert field.fault.isHidden()

    aio(main)


def test_letters_outside_of_the_basic_plane_do_not_shift_marks_and_offers(
    aio: Aio, editor: OpenEditor
) -> None:
    async def main() -> None:
        _page, dialog = editor()
        edit = dialog.expression.edit
        dialog.expression.set_text('Join("😀😀", Uper([surname]))')
        assert edit.extraSelections()[0].cursor.selectedText() == "Uper"
        edit.moveCursor(edit.textCursor().MoveOperation.End)
        type_in(edit, Key.Key_Left, ", [give", Key.Key_Tab)
        assert edit.text() == 'Join("😀😀", Uper([surname]), [givenName])'

    aio(main)


def test_five_real_people_are_tried_and_those_for_whom_it_differs_show_both(
    aio: Aio, editor: OpenEditor
) -> None:
    async def main() -> None:
        page, dialog = editor()
        type_in(dialog.expression.edit, "ToUpper([displayName])")
        live = dialog.live
        await until(lambda: sum(one.before is not None for one in live.results) >= 4)
        assert len(live.results) == 5
        assert live.results[0].person == page.person.person
        assert live.results[0].shown.text == live.results[0].person.label.upper()
        assert "differ from the rule as it was" in live.foot.label.text()
        QTest.keyClicks(live.search, "raman")
        await until(lambda: all("Raman" in one.person.label for one in live.results))
        assert live.values.rows[0].before == live.results[0].person.label

    aio(main)


def test_a_value_that_webex_would_not_take_is_shown_as_such(aio: Aio, editor: OpenEditor) -> None:
    async def main() -> None:
        _page, dialog = editor()
        dialog.target.setEditText("userName")
        dialog.expression.set_text("[department]")
        await until(lambda: any(row.problem for row in dialog.live.values.rows))
        assert "no value that Webex would take" in dialog.live.foot.label.text()

    aio(main)


def test_an_error_loses_nothing_of_what_was_typed(aio: Aio, editor: OpenEditor) -> None:
    async def main() -> None:
        _page, dialog = editor()
        broken = 'Join(" ", [givenName], Uper([surname]'
        dialog.expression.set_text(broken)
        assert not dialog.ok.isEnabled()
        for kind in (RuleKind.CONSTANT, RuleKind.DIRECT, RuleKind.EXPRESSION):
            dialog.kind.setCurrentIndex(dialog.kind.findData(kind.value))
        dialog.expression.build_it.click()
        assert dialog.expression.text() == broken
        assert "It stays text." in dialog.expression.why_text.text()
        assert not dialog.expression.building

    aio(main)
