"""The window's own X leads back to the overview that the wizard was opened from."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMessageBox

from sparkwizard.gui.aio import until
from sparkwizard.gui.pages.applying import ApplyingPage
from sparkwizard.gui.shell import Shell
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.wizard.steps import Step
from tests.gui.test_shell import closed, with_saved_setup

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]


async def editing(folder: Path, step: Step) -> Shell:
    """Open the wizard at a step from the overview of a saved setup."""
    shell = await with_saved_setup(folder)
    assert shell.overview is not None
    shell.overview.page.edit_requested.emit(step.name)
    await until(lambda: shell.window.current_step() == step.name and shell.window.isVisible())
    return shell


async def back_at_the_overview(shell: Shell) -> None:
    assert shell.overview is not None
    await until(shell.overview.isVisible, within=90)
    await until(lambda: not shell.window.isVisible() and shell.window.isEnabled(), within=90)
    await until(lambda: shell.tasks.idle)
    assert not shell.closed.is_set()


def allow_deleting(profile: Profile) -> Profile:
    return replace(profile, actions=replace(profile.actions, delete=True))


def pressed(shell: Shell, words: str) -> None:
    assert shell.overview is not None
    buttons = shell.overview.findChildren(QAbstractButton)
    (button,) = (one for one in buttons if one.isVisible() and one.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_x_of_an_untouched_setup_asks_nothing(aio: Aio, tmp_path: Path) -> None:
    async def main() -> None:
        shell = await editing(tmp_path, Step.LIMITS)
        token = shell.desk.state.token
        shell.window.close()
        shell.window.close()  # twice by mistake
        await back_at_the_overview(shell)
        assert shell.overview is not None
        assert shell.overview.page.strip.isHidden()
        assert shell.desk.state.token == token
        await closed(shell)

    aio(main)


def test_escape_leads_back_without_a_question_where_nothing_was_edited(
    aio: Aio, tmp_path: Path
) -> None:
    async def main() -> None:
        shell = await editing(tmp_path, Step.LIMITS)
        QTest.keyClick(shell.window, Qt.Key.Key_Escape)
        assert shell.window.findChildren(QMessageBox) == []
        await back_at_the_overview(shell)
        await closed(shell)

    aio(main)


def test_the_x_keeps_unfinished_changes_and_the_overview_offers_them(
    aio: Aio, tmp_path: Path
) -> None:
    async def main() -> None:
        shell = await editing(tmp_path, Step.LIMITS)
        shell.desk.change_profile(allow_deleting)
        shell.window.close()
        await back_at_the_overview(shell)
        assert shell.overview is not None
        strip = shell.overview.page.strip
        assert "Changes of this setup are not finished" in strip.accessibleName()
        assert not shell.desk.profile.actions.delete, "runs use the setup as it was saved"
        pressed(shell, "Go on with &them")
        await until(lambda: shell.window.current_step() == Step.LIMITS.name)
        await until(shell.window.isVisible)
        assert shell.desk.profile.actions.delete
        await closed(shell)

    aio(main)


def test_escape_asks_first_where_something_was_edited(aio: Aio, tmp_path: Path) -> None:
    async def main() -> None:
        shell = await editing(tmp_path, Step.LIMITS)
        shell.desk.change_profile(allow_deleting)
        QTest.keyClick(shell.window, Qt.Key.Key_Escape)
        (box,) = shell.window.findChildren(QMessageBox)
        assert "the saved setup is as it was" in box.informativeText()
        next(one for one in box.buttons() if "Leave" in one.text()).click()
        await back_at_the_overview(shell)
        await closed(shell)

    aio(main)


def test_a_run_is_asked_about_and_ends_before_the_overview_tells_of_it(
    aio: Aio, tmp_path: Path
) -> None:
    import httpx

    async def main() -> None:
        shell = await with_saved_setup(tmp_path)
        assert shell.overview is not None
        practice = shell.desk.state.practice
        assert practice is not None
        shell.overview.page.sync_requested.emit()
        await until(lambda: shell.window.current_step() == Step.PREVIEW.name, within=90)
        faults = f"{practice.api_url.removesuffix('/v1')}/practice/faults"
        await asyncio.to_thread(httpx.put, faults, json={"latency_ms": 200})
        await until(lambda: shell.window.current_step() == Step.APPLYING.name, within=90)
        page = shell.window.currentPage()
        assert isinstance(page, ApplyingPage)
        await until(lambda: page.progress.bar.share() > 0, within=90)
        shell.window.close()
        await asyncio.sleep(0.05)
        (box,) = shell.window.findChildren(QMessageBox)
        assert "Changes are being applied" in box.text()
        next(one for one in box.buttons() if "Stop" in one.text()).click()
        await back_at_the_overview(shell)
        (run,) = shell.desk.services.journal.runs()
        assert run.finished_at is not None
        assert len(shell.overview.page.runs.model.rows) == 1
        assert any(
            a.action.kind is ActionKind.CREATE for a in shell.desk.services.journal.actions(run.id)
        )
        await closed(shell)

    aio(main)


def test_a_setup_that_is_gone_meanwhile_lets_the_window_close(aio: Aio, tmp_path: Path) -> None:
    async def main() -> None:
        shell = await editing(tmp_path, Step.LIMITS)
        await asyncio.to_thread(Path(shell.desk.state.file).unlink)
        shell.window.close()
        page = shell.window.page_of(Step.LIMITS.name)
        await until(page.strip.isVisible, within=30)
        assert shell.window.isEnabled()
        shell.window.close()
        await until(shell.closed.is_set, within=30)
        await shell.run()

    aio(main)
