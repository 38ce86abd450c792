"""Why something happens to a person, asked from the Mapping page and beside the preview."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.editors.explain_dialog import ExplainDialog
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.mapping.page import MappingPage
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.practice.server import PracticeServer
from sparkwizard.setup.profile import Profile, SourceSettings
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.plan.changes import attribute_words, headline
from sparkwizard.wizard.plan.explain_words import Standing
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Opened = Callable[[], tuple[WizardWindow, MappingPage]]


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


def test_why_shows_the_four_steps_of_a_person_without_a_preview_by_reading_webex(
    aio: Aio, opened: Opened, click: Click, desk: Desk, tenant: PracticeServer
) -> None:
    async def main() -> None:
        _window, page = opened()
        desk.set(desk.state.with_token(PastedToken(tenant.token)))
        click(page.person.why)
        dialog = page.findChild(ExplainDialog)
        assert dialog is not None
        await until(lambda: bool(dialog.steps))
        assert [step.title for step in dialog.steps] == ["Import", "Scope", "Match", "Action"]
        person = page.person.person
        assert person is not None
        click(dialog.copy)
        copied = QGuiApplication.clipboard().text()
        assert f"Why: {person.label}" in copied
        assert f"[userPrincipalName] = {person.user_principal_name}" in copied
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()

    aio(main)


def test_why_says_what_is_known_where_webex_cannot_be_read(
    aio: Aio, opened: Opened, click: Click, desk: Desk
) -> None:
    async def main() -> None:
        _window, page = opened()
        click(page.person.why)
        dialog = page.findChild(ExplainDialog)
        assert dialog is not None
        await until(lambda: bool(dialog.steps))
        assert [step.title for step in dialog.steps] == ["Import", "Scope", "Match"]
        assert "Webex could not be read" in dialog.outcome.label.text()

    aio(main)


def test_why_beside_the_preview_tells_the_action_that_the_preview_shows(
    aio: Aio,
    desk: Desk,
    open_window: OpenWindow,
    saved_profile: Profile,
    tenant: PracticeServer,
    click: Click,
) -> None:
    async def main() -> None:
        desk.change_profile(lambda _old: saved_profile)
        desk.set(desk.state.with_token(PastedToken(tenant.token)))
        page = PreviewPage(desk)
        open_window({Step.PREVIEW: page}, Step.PREVIEW)
        await until(lambda: desk.state.preview is not None and page.isComplete(), within=90)
        click(page.panel.why)
        dialog = page.findChild(ExplainDialog)
        assert dialog is not None
        await until(lambda: bool(dialog.steps))
        row = page.table.selected_row()
        assert row is not None
        assert row.action.label in dialog.heading.text()
        assert dialog.outcome.label.text().startswith(headline(row.action))
        told = {line.name for line in dialog.steps[-1].lines if line.standing is Standing.GOOD}
        assert told == {attribute_words(change.attribute) for change in row.action.changes}

    aio(main)
