"""The program around the pages: how it opens, the overview of a saved setup, faults of its own."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSettings, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWizard

from sparkwizard.errors import StorageError
from sparkwizard.gui.aio import until
from sparkwizard.gui.help.unexpected import UnexpectedDialog, details_of
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.gui.shell import Shell
from sparkwizard.gui.widgets import SecondaryButton
from sparkwizard.net.redact import register_secret
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.setup.profile import Notifications, Profile, SourceSettings, WebexSettings
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


async def opened(folder: Path, *, practice: bool = True, profile: str | None = None) -> Shell:
    settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    shell = Shell(data_dir=folder, practice=practice, settings=settings)
    await shell.open(practice=practice, profile=profile)
    return shell


async def closed(shell: Shell) -> None:
    shell.stop()
    await until(shell.closed.is_set, within=90)
    await shell.run()


async def with_saved_setup(folder: Path) -> Shell:
    """Open practice, save a setup for its company, and show that setup's overview."""
    shell = await opened(folder)
    tenant = shell.desk.state.practice
    assert tenant is not None
    webex = WebexSettings(tenant.tenant_url, tenant.organization_id, tenant.api_url)
    profile = Profile("Fabrikam", webex=webex, source=SourceSettings(path=tenant.csv))
    shell.desk.services.save(profile)
    await shell._choose("Fabrikam")
    assert shell.overview is not None
    await until(shell.overview.isVisible)
    return shell


def test_the_first_window_paints_before_the_network_is_read_from_disk(tmp_path: Path) -> None:
    script = """
import sys
import time
from sparkwizard.gui.opening import OpeningWindow
import sparkwizard.gui.app as app
heavy = (
    "asyncio", "filelock", "httpx", "keyring", "msal", "msgspec", "platformdirs", "qasync",
    "sqlite3", "starlette", "uvicorn", "sparkwizard.gui.widgets.toolkit", "dataclasses", "html",
)
def painted(qt, opening, paint=app._paint):
    paint(qt, opening)
    assert opening.painted
    print([name for name in heavy if name in sys.modules])
    raise SystemExit(0)
app._paint = painted
from pathlib import Path
app.run_gui(practice=False, data_dir=Path(sys.argv[1]), profile=None)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout.strip() == "[]", ran.stderr


def test_practice_opens_with_its_band_and_closes_without_a_trace(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        shell = await opened(tmp_path)
        assert shell.window.current_step() == Step.START.name
        assert shell.window.band.isVisible()
        assert "practice" in shell.window.windowTitle()
        await closed(shell)

    aio(road)


def test_an_unknown_profile_is_told_on_the_first_page(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        shell = await opened(tmp_path, practice=False, profile="Nobody")
        strip = shell.pages[Step.START].strip
        assert "There is no profile" in strip.heading.text()
        await closed(shell)

    aio(road)


def test_the_overview_leads_to_the_preview_and_every_earlier_step(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        shell = await with_saved_setup(tmp_path)
        assert shell.overview is not None
        QTest.mouseClick(shell.overview.page.preview, Qt.MouseButton.LeftButton)
        await until(lambda: shell.window.current_step() == Step.PREVIEW.name)
        assert not shell.overview.isVisible()
        await until(lambda: shell.desk.state.preview is not None, within=90)
        shell.window.go_back_to(Step.SCOPE.value - 1)
        assert shell.window.current_step() == Step.SCOPE.name
        await closed(shell)

    aio(road)


def test_sync_now_previews_and_applies_at_once(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        shell = await with_saved_setup(tmp_path)
        assert shell.overview is not None
        QTest.mouseClick(shell.overview.page.sync, Qt.MouseButton.LeftButton)
        await until(lambda: shell.window.current_step() == Step.RESULT.name, within=90)
        assert shell.desk.state.result is not None
        assert shell.desk.state.result.by_kind[ActionKind.CREATE] > 0
        await closed(shell)

    aio(road)


def test_closing_the_result_leads_back_to_the_overview_it_was_opened_from(
    aio: Aio, tmp_path: Path
) -> None:
    async def road() -> None:
        shell = await with_saved_setup(tmp_path)
        assert shell.overview is not None
        token = shell.desk.state.token
        QTest.mouseClick(shell.overview.page.sync, Qt.MouseButton.LeftButton)
        await until(lambda: shell.window.current_step() == Step.RESULT.name, within=90)
        shell.window.button(QWizard.WizardButton.FinishButton).click()
        await until(shell.overview.isVisible, within=90)
        assert not shell.window.isVisible()
        assert not shell.closed.is_set()
        assert len(shell.overview.page.runs.model.rows) == 1
        assert shell.desk.state.token == token
        shell.overview.page.edit_requested.emit(Step.LIMITS.name)
        await until(lambda: shell.window.current_step() == Step.LIMITS.name)
        assert shell.window.isVisible()
        await closed(shell)

    aio(road)


def test_sync_now_that_fails_or_finds_no_token_never_applies_what_is_previewed_later(
    aio: Aio, tmp_path: Path
) -> None:
    async def road() -> None:
        shell = await with_saved_setup(tmp_path)
        assert shell.overview is not None
        preview = shell.pages[Step.PREVIEW]
        assert isinstance(preview, PreviewPage)
        token = shell.desk.state.pasted
        shell.desk.update(pasted=PastedToken("not a token any more"))
        shell.overview.page.sync_requested.emit()
        await until(lambda: shell.window.current_step() == Step.PREVIEW.name)
        assert "changed at once" in preview.waiting.text.text()
        await until(preview.strip.isVisible, within=90)
        shell.desk.update(pasted=token)
        preview.read_again()
        await until(lambda: shell.desk.state.preview is not None, within=90)
        await asyncio.sleep(0.3)
        assert shell.window.current_step() == Step.PREVIEW.name
        assert shell.desk.state.result is None
        await closed(shell)

    aio(road)


def test_a_place_of_the_overview_opens_that_step(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        shell = await with_saved_setup(tmp_path)
        assert shell.overview is not None
        shell.overview.page.edit_requested.emit(Step.LIMITS.name)
        await until(lambda: shell.window.current_step() == Step.LIMITS.name)
        assert shell.window.rail.title.full_text() == "Fabrikam"
        await closed(shell)

    aio(road)


def test_closing_the_overview_ends_the_program(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        shell = await with_saved_setup(tmp_path)
        assert shell.overview is not None
        shell.overview.close()
        await until(shell.closed.is_set, within=90)
        await shell.run()

    aio(road)


class Browser(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


def test_a_report_opens_from_the_overview(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        browser = Browser()
        handler: Any = "take"  # the stub says bytes, Qt takes text
        QDesktopServices.setUrlHandler("file", browser, handler)
        shell = await with_saved_setup(tmp_path)
        assert shell.overview is not None
        shell.overview.page.sync_requested.emit()
        await until(lambda: shell.window.current_step() == Step.RESULT.name, within=90)
        shell.overview.page.report_requested.emit(1)
        await until(lambda: bool(browser.opened))
        QDesktopServices.unsetUrlHandler("file")
        assert browser.opened[0].endswith("run-1.html")
        await closed(shell)

    aio(road)


def test_a_setup_practised_with_before_is_led_to_the_company_of_today(
    aio: Aio, tmp_path: Path
) -> None:
    async def road() -> None:
        shell = await with_saved_setup(tmp_path)
        await closed(shell)
        again = await opened(tmp_path)
        tenant = again.desk.state.practice
        assert tenant is not None
        profile = again.desk.services.load("Fabrikam").profile
        assert profile.webex.tenant_url == tenant.tenant_url
        assert profile.source.path == tenant.csv
        await closed(again)

    aio(road)


def test_a_fault_of_its_own_is_told_logged_and_copied_without_secrets(
    aio: Aio, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def road() -> None:
        register_secret("s3cret-token-value")
        shell = await opened(tmp_path, practice=False)

        async def break_down() -> None:
            raise RuntimeError("went wrong with s3cret-token-value")

        shell.pages[Step.START].start(break_down())
        await until(lambda: bool(shell.window.findChildren(UnexpectedDialog)))
        (dialog,) = shell.window.findChildren(UnexpectedDialog)
        dialog.copy.click()
        copied = QApplication.clipboard().text()
        assert "RuntimeError: went wrong" in copied
        assert "s3cret" not in copied
        dialog.close()
        await closed(shell)

    with caplog.at_level(logging.ERROR):
        aio(road)
    assert any("Unexpected" in record.message for record in caplog.records)


def test_details_hold_the_traceback() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 / 0
    assert "test_details_hold_the_traceback" in details_of(caught.value)


def test_geometry_is_kept_for_the_next_start(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        shell = await opened(tmp_path, practice=False)
        shell.window.resize(800, 690)  # the screen of "offscreen" is 800 wide
        await asyncio.sleep(0.05)
        await closed(shell)
        again = await opened(tmp_path, practice=False)
        assert again.window.size() == QSize(800, 690)
        await closed(again)

    aio(road)


def test_a_draft_is_taken_up_where_it_was_left_if_its_token_was_kept(
    aio: Aio, tmp_path: Path
) -> None:
    async def road() -> None:
        shell = await with_saved_setup(tmp_path)
        shell._edit(Step.LIMITS.name)
        await until(lambda: shell.window.current_step() == Step.LIMITS.name)
        shell.desk.services.keep_token(shell.desk.profile, shell.desk.state.token)
        shell.desk.change_profile(
            lambda profile: replace(profile, notifications=Notifications("it@x.example"))
        )
        await shell.drafts.flush()
        # as at the next start: another setup is open, of which no draft was kept
        shell.desk.blockSignals(True)
        shell.desk.set(replace(shell.desk.state, profile=Profile("New setup"), pasted=None))
        shell.desk.blockSignals(False)
        shell.window.jump_to(Step.START)
        start = shell.pages[Step.START]
        await until(start.strip.isVisible)
        buttons = start.strip.findChildren(SecondaryButton)
        go_on = next(button for button in buttons if "on with it" in button.text())
        QTest.mouseClick(go_on, Qt.MouseButton.LeftButton)
        await until(lambda: shell.window.current_step() == Step.LIMITS.name, within=90)
        assert shell.desk.profile.notifications.email == "it@x.example"
        await closed(shell)

    aio(road)


def test_an_expected_error_in_a_slot_is_told_on_the_page(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        shell = await opened(tmp_path, practice=False)
        shell.failed(StorageError("The disk is full.", fix="Free some space."))
        strip = shell.pages[Step.START].strip
        assert strip.heading.text() == "The disk is full."
        await closed(shell)

    aio(road)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to close by")
@pytest.mark.slow
@pytest.mark.slow
def test_the_program_ends_by_itself_when_the_system_asks_it_to(tmp_path: Path) -> None:
    environ = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "sparkwizard", "--practice", "--data-dir", str(tmp_path)]
    program = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True)
    settings = tmp_path / "logs" / "sparkwizard.log"
    deadline = time.monotonic() + 30
    while not settings.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(10)  # nothing tells from outside that the loop listens for signals
    program.send_signal(signal.SIGTERM)
    _out, said = program.communicate(timeout=60)
    assert program.returncode == 0, said
    assert "Traceback" not in said
