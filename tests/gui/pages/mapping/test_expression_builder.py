"""Expressions built without typing them, in the real editor, by clicks and keys."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.editors.function_dialog import FunctionDialog
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.mapping.page import MappingPage
from sparkwizard.gui.pages.mapping.rule_editor import RuleEditor
from sparkwizard.practice.server import PracticeServer
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.setup.profile import SourceSettings
from sparkwizard.wizard.mapping.rule_text import RuleKind
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type OpenEditor = Callable[[], tuple[MappingPage, RuleEditor]]
Key = Qt.Key


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


def test_an_expression_is_built_without_typing_a_bracket(
    aio: Aio, editor: OpenEditor, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _page, dialog = editor()
        field, builder = dialog.expression, dialog.expression.builder
        field.build_it.click()
        assert builder.slots[0].attribute.value() == "displayName"
        click(builder.another)
        functions = builder.findChild(FunctionDialog)
        assert functions is not None
        QTest.keyClicks(functions.search, "puts texts together")
        QTest.keyClick(functions.search, Key.Key_Return)
        assert field.text() == "Join(, [displayName])"
        assert "Join needs a value for separator" in field.fault.text()
        QTest.keyClicks(builder.slots[0].text, " - ")
        click(builder.more)
        slot = builder.slots[2]
        slot.kind.setCurrentIndex(slot.kind.findData("ATTRIBUTE"))
        slot.kind.activated.emit(slot.kind.currentIndex())
        edit = slot.attribute.lineEdit()
        assert edit is not None
        QTest.keyClicks(edit, "city")
        assert builder.written.text() == 'Join(" - ", [displayName], [city])'
        await until(lambda: any(one.before is not None for one in dialog.live.results))
        field.write_it.click()
        assert field.edit.text() == 'Join(" - ", [displayName], [city])'
        click(dialog.ok)
        assert desk.profile.mapping[3] == MappingRule(
            "displayName", 'Join(" - ", [displayName], [city])'
        )

    aio(main)


def test_the_builder_goes_inside_of_functions_and_conditions_and_back(
    aio: Aio, editor: OpenEditor, click: Click
) -> None:
    async def main() -> None:
        _page, dialog = editor()
        field, builder = dialog.expression, dialog.expression.builder
        field.set_text('IIF([country] = "US", ToUpper([city]), [city])')
        field.build_it.click()
        assert builder.name.text() == "IIF"
        click(builder.slots[1].inside)
        assert builder.name.text() == "ToUpper"
        builder.open_place(())
        click(builder.slots[0].inside)
        assert builder.name.text() == "Comparison"
        builder.slots[1].text.selectAll()
        QTest.keyClicks(builder.slots[1].text, "GB")
        assert field.text() == 'IIF([country] = "GB", ToUpper([city]), [city])'
        field.undo()
        field.undo()
        assert '"US"' in field.text()
        assert builder.name.text() == "Comparison"

    aio(main)


def test_what_the_builder_cannot_show_stays_text_and_it_says_why(
    aio: Aio, editor: OpenEditor
) -> None:
    async def main() -> None:
        _page, dialog = editor()
        field = dialog.expression
        field.set_text('InStr([mail], "@", 1, vbTextCompare)')
        field.build_it.click()
        assert not field.building
        assert field.write_it.isChecked()
        assert "vbTextCompare" in field.why_text.text()
        assert field.text() == 'InStr([mail], "@", 1, vbTextCompare)'

    aio(main)
