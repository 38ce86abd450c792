"""A setup has one window: opening it again brings that one to the front."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication

from sparkwizard.gui.aio import run_blocking, until
from sparkwizard.gui.help.unexpected import UnexpectedDialog
from sparkwizard.gui.pages.start.page import StartPage
from sparkwizard.gui.shell import Shell
from sparkwizard.gui.widgets import SecondaryButton
from sparkwizard.runs.processes.claims import DRAFT, WIZARD, Claims, setup_key
from sparkwizard.runs.processes.endings import Ending
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile, SourceSettings, WebexSettings
from sparkwizard.setup.store import load_draft, load_profile, save_profile
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]

ORGANIZATION = "2b0a2f9e-6f3e-4c57-9d35-5c9a8d6f0a11"
URL = f"https://webexapis.com/identity/scim/{ORGANIZATION}/v2"


async def opened(folder: Path, profile: str | None = None) -> Shell:
    settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    shell = Shell(data_dir=folder, practice=False, settings=settings)
    await shell.open(practice=False, profile=profile)
    return shell


async def closed(shell: Shell) -> None:
    for window in (shell.window, shell.overview):
        if window is not None and window.isVisible():
            window.close()
    await until(shell.closed.is_set, within=30)
    await shell.run()


def start_of(shell: Shell) -> StartPage:
    page = shell.pages[Step.START]
    assert isinstance(page, StartPage)
    return page


def saved_setup(folder: Path) -> str:
    """Save a setup; return what a window holds that shows it."""
    places = Places.in_folder(folder)
    webex = WebexSettings(URL, ORGANIZATION)
    save_profile(Profile("Contoso", webex=webex, source=SourceSettings(path="p.csv")), places)
    return setup_key(load_profile("Contoso", places).profile.id)


def test_a_second_start_is_answered_by_the_window_that_is_open(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        shell = await opened(tmp_path)
        heard: list[bool] = []
        shell.fronts.called.connect(lambda: heard.append(True))
        second = Claims(Places.in_folder(tmp_path))
        assert not second.take(WIZARD)
        assert await run_blocking(second.call, WIZARD)
        assert heard == [True]
        await closed(shell)
        assert second.take(WIZARD)
        second.close()

    aio(road)


def test_a_setup_that_is_open_elsewhere_is_brought_up_there(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        key = saved_setup(tmp_path)
        other = await opened(tmp_path, "Contoso")
        assert other.overview is not None
        assert other.overview.isVisible()
        shell = await opened(tmp_path)
        start_of(shell).setup_chosen.emit("Contoso")
        strip = shell.pages[Step.START].strip
        await until(lambda: "open in another window" in strip.heading.text())
        assert shell.window.isVisible()
        assert shell.overview is None
        await closed(other)
        start_of(shell).setup_chosen.emit("Contoso")
        await until(lambda: shell.overview is not None and shell.overview.isVisible())
        third = Claims(Places.in_folder(tmp_path))
        assert not third.take(key)
        assert third.take(WIZARD)
        third.close()
        await closed(shell)

    aio(road)


def test_a_setup_named_at_the_start_and_open_elsewhere_needs_no_second_window(
    aio: Aio, tmp_path: Path
) -> None:
    async def road() -> None:
        saved_setup(tmp_path)
        other = await opened(tmp_path, "Contoso")
        second = await opened(tmp_path, "Contoso")
        assert second.closed.is_set()
        assert not second.window.isVisible()
        await second.run()
        await closed(other)

    aio(road)


def test_the_draft_belongs_to_one_window(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        places = Places.in_folder(tmp_path)
        elsewhere = Claims(places)
        assert elsewhere.take(DRAFT)
        shell = await opened(tmp_path)
        shell.desk.change_profile(lambda profile: Profile("Mine", webex=profile.webex))
        await shell.drafts.flush()
        assert load_draft(places) is None
        elsewhere.close()
        await shell.drafts.flush()
        assert load_draft(places) is not None
        await closed(shell)

    aio(road)


def test_a_crash_is_told_at_the_next_start_with_a_report_to_copy(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        shell = await opened(tmp_path)
        trace = "Fatal Python error: Segmentation fault of megan@contoso.example"
        shell.tell_endings([Ending(datetime(2026, 3, 2).astimezone(), trace)])
        strip = shell.pages[Step.START].strip
        assert strip.heading.text() == "SparkWizard crashed last time"
        (copy,) = strip.findChildren(SecondaryButton)
        copy.click()
        copied = QGuiApplication.clipboard().text()
        assert "Segmentation fault" in copied
        assert "megan" not in copied
        await closed(shell)

    aio(road)


def test_faults_that_follow_are_counted_in_the_dialog_that_is_open(
    aio: Aio, tmp_path: Path
) -> None:
    async def road() -> None:
        shell = await opened(tmp_path)
        for _each in range(3):
            shell.failed(RuntimeError("megan@contoso.example"))
        (dialog,) = shell.window.findChildren(UnexpectedDialog)
        assert "2 times more" in dialog.repeated.text()
        assert "megan" not in dialog.text.toPlainText()
        dialog.close()
        await closed(shell)

    aio(road)
