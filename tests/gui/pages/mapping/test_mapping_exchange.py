"""The mapping as a whole: its order, files of Entra, groups, and why something happens."""

import json
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
from sparkwizard.gui.editors.import_dialog import ImportDialog
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.mapping.page import MappingPage
from sparkwizard.gui.pages.mapping.rule_editor import RuleEditor
from sparkwizard.practice.server import PracticeServer
from sparkwizard.provisioning.groups.mapping import DEFAULT_GROUP_MAPPING
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING
from sparkwizard.provisioning.types import Clause, Filter, MappingRule
from sparkwizard.setup.profile import Profile, SourceSettings
from sparkwizard.values import replace
from sparkwizard.wizard.mapping.schema_exchange import export_profile
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type PressNext = Callable[[WizardWindow], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Opened = Callable[[], tuple[WizardWindow, MappingPage]]
TITLE = MappingRule("title", 'Join(" ", [jobTitle], [city])')
SALES = Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),))


@pytest.fixture
def opened(
    desk: Desk, open_window: OpenWindow, tenant: PracticeServer, saved_profile: Profile
) -> Opened:
    """Open the window at the Mapping page with the practice company read."""

    def make() -> tuple[WizardWindow, MappingPage]:
        desk.change_profile(lambda _old: saved_profile)
        source = SourceSettings("csv", str(tenant.csv))
        desk.set(desk.state.with_source(source, read_csv_people(Path(tenant.csv))))
        page = MappingPage(desk)
        return open_window({Step.MAPPING: page}, Step.MAPPING), page

    return make


def choose_file(page: MappingPage, path: Path) -> None:
    """Choose a file in the dialog that is open, as a double click does."""
    dialog = page.files.dialog
    assert dialog is not None
    dialog.fileSelected.emit(str(path))
    dialog.close()


def schema_file(folder: Path, profile: Profile, **changes: object) -> Path:
    document = export_profile(replace(profile, **changes)).document  # type: ignore[arg-type]  # fields of a profile
    path = folder / "from entra.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


async def import_dialog(page: MappingPage) -> ImportDialog:
    await until(lambda: page.findChild(ImportDialog) is not None)
    dialog = page.findChild(ImportDialog)
    assert dialog is not None
    return dialog


def test_rules_are_reordered_by_buttons_and_by_alt_and_the_arrows(
    aio: Aio, opened: Opened, click: Click, desk: Desk
) -> None:
    async def main() -> None:
        window, page = opened()
        window.activateWindow()
        await until(window.isActiveWindow)
        page.table.setFocus()
        assert not page.tools.up.isEnabled()
        click(page.tools.down)
        assert [rule.target for rule in page.rules[:2]] == ["externalId", "userName"]
        assert page.table.selected_row() == page.model.rows[1]
        QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        QTest.keyClick(page.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        assert page.rules[2].target == "userName"
        assert page.rules[2].matching_precedence == 1
        for _ in range(4):
            page.undo()
        assert desk.profile.mapping == ()

    aio(main)


def test_moving_a_rule_in_a_sorted_table_shows_the_order_of_the_rules_again(
    aio: Aio, opened: Opened
) -> None:
    async def main() -> None:
        _window, page = opened()
        page.model.sort(0)
        page.table.selectRow(0)
        assert page.table.selected_row() == page.model.rows[2]
        page.move_rule(1)
        assert page.model.visible_rows() == list(page.model.rows)
        assert page.rules[3].target == "active"

    aio(main)


def test_an_import_shows_what_it_would_change_before_it_does_and_undo_takes_all_of_it_back(
    aio: Aio, opened: Opened, click: Click, desk: Desk, tmp_path: Path
) -> None:
    async def main() -> None:
        _window, page = opened()
        mapping = (*DEFAULT_MAPPING[:5], TITLE)
        scope = replace(desk.profile.scope, filters=(SALES,))
        path = schema_file(tmp_path, desk.profile, mapping=mapping, scope=scope)
        before = desk.profile
        click(page.tools.import_)
        choose_file(page, path)
        dialog = await import_dialog(page)
        words = {row.target: row.word for row in dialog.model.rows if "name" in row.target.lower()}
        assert words["name.familyName"] == "goes away"
        assert {row.word for row in dialog.model.rows if row.target == "title"} == {"new"}
        assert desk.profile == before
        click(dialog.take)
        assert desk.profile.mapping == mapping
        assert desk.profile.scope.filters == (SALES,)
        click(page.tools.undo)
        assert desk.profile == before
        page.redo()
        assert desk.profile.scope.filters == (SALES,)

    aio(main)


def test_what_is_not_ticked_stays_as_it_is(
    aio: Aio, opened: Opened, click: Click, desk: Desk, tmp_path: Path
) -> None:
    async def main() -> None:
        _window, page = opened()
        scope = replace(desk.profile.scope, filters=(SALES,))
        path = schema_file(tmp_path, desk.profile, mapping=(*DEFAULT_MAPPING, TITLE), scope=scope)
        page.files.import_file()
        choose_file(page, path)
        dialog = await import_dialog(page)
        dialog.boxes["users"].click()
        click(dialog.take)
        assert desk.profile.mapping == ()
        assert desk.profile.scope.filters == (SALES,)

    aio(main)


def test_what_an_imported_schema_cannot_do_here_is_told_with_its_place(
    aio: Aio, opened: Opened, click: Click, tmp_path: Path
) -> None:
    async def main() -> None:
        _window, page = opened()
        path = schema_file(tmp_path, page._desk.profile, mapping=(*DEFAULT_MAPPING, TITLE))
        document = json.loads(path.read_text(encoding="utf-8"))
        rules = document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]
        rules[6]["source"]["expression"] = "Jion([jobTitle])"
        path.write_text(json.dumps(document), encoding="utf-8")
        page.files.import_file()
        choose_file(page, path)
        dialog = await import_dialog(page)
        (finding,) = dialog.findings.rows
        assert 'Unknown function "Jion"' in finding.text
        assert finding.path.endswith("attributeMappings[6].source.expression")
        click(dialog.take)
        assert 'Unknown function "Jion"' in page.status.label.text()

    aio(main)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{]", "not valid JSON at line 1"),
        (b"[]", "a list where a synchronization schema should begin"),
        (b'{"value": 1}', "no synchronizationRules"),
        (None, "could not be read"),
    ],
)
def test_a_file_that_is_no_schema_is_refused_in_a_sentence_and_nothing_changes(
    aio: Aio, opened: Opened, desk: Desk, tmp_path: Path, content: bytes | None, told: str
) -> None:
    async def main() -> None:
        _window, page = opened()
        before = desk.profile
        path = tmp_path / "other.json"
        if content is not None:
            path.write_bytes(content)
        page.files.import_file()
        choose_file(page, path)
        await until(lambda: bool(page.strip.isVisible()))
        assert told in page.strip.heading.text()
        assert desk.profile == before

    aio(main)


def test_an_export_says_that_it_is_unverified_and_comes_back_by_an_import(
    aio: Aio, opened: Opened, click: Click, desk: Desk, tmp_path: Path
) -> None:
    async def main() -> None:
        _window, page = opened()
        own = (*DEFAULT_MAPPING, TITLE)
        desk.change_profile(lambda profile: replace(profile, mapping=own))
        click(page.tools.export)
        choose_file(page, tmp_path / "mine.json")
        await until(lambda: bool(page.strip.isVisible()))
        assert "written to mine.json" in page.strip.heading.text()
        assert "unverified" in page.strip.text.text()
        page.reset()
        page.files.import_file()
        choose_file(page, tmp_path / "mine.json")
        dialog = await import_dialog(page)
        click(dialog.take)
        assert desk.profile.mapping == own

    aio(main)


def test_groups_have_rules_of_their_own_and_are_provisioned_only_if_one_says_so(
    aio: Aio, opened: Opened, click: Click, desk: Desk
) -> None:
    async def main() -> None:
        _window, page = opened()
        page.tools.groups.click()
        assert page.rules == DEFAULT_GROUP_MAPPING
        assert not page.groups.toggle.is_on()
        assert "A file holds no groups" in page.groups.source.label.text()
        page.groups.toggle.box.click()
        assert desk.profile.groups.provision
        assert "none are provisioned until you sign in" in page.groups.source.label.text()
        page.table.selectRow(2)
        click(page.tools.edit)
        (dialog,) = (one for one in page.findChildren(RuleEditor) if one.isVisible())
        assert [dialog.target.itemData(at) for at in range(dialog.target.count())] == [
            "displayName",
            "members",
            "externalId",
        ]
        dialog.attribute.setEditText("mailNickname")
        click(dialog.ok)
        assert desk.profile.groups.mapping[2].expression == "[mailNickname]"
        assert desk.profile.mapping == ()
        page.undo()
        page.undo()
        assert not desk.profile.groups.provision
        assert not page.groups.toggle.is_on()

    aio(main)


def test_next_leads_to_a_fault_in_the_rules_of_groups_only_where_they_are_provisioned(
    aio: Aio, opened: Opened, desk: Desk, press_next: PressNext
) -> None:
    async def main() -> None:
        window, page = opened()
        broken = (*DEFAULT_GROUP_MAPPING[:2], MappingRule("externalId", "Jion([objectId])"))
        groups = replace(desk.profile.groups, mapping=broken, provision=True)
        desk.change_profile(lambda profile: replace(profile, groups=groups))
        press_next(window)
        assert window.current_step() == "MAPPING"
        assert page.tools.groups.isChecked()
        assert "Jion" in page.strip.heading.text()
        page.groups.toggle.box.click()
        press_next(window)
        assert window.current_step() == "SCOPE"

    aio(main)
