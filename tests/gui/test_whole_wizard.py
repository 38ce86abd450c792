"""The whole wizard as a new user walks it: clicks and keys, real HTTP, a real event loop."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox, QWidget, QWizard

from sparkwizard.gui.aio import until
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.pages.applying import ApplyingPage
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.gui.shell import Shell
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.setup.store import load_draft
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]

PACE = float(os.environ.get("SPARKWIZARD_TEST_PACE", "0.02"))


class Road:
    """Drive the window as a person would: find a button by its words, click it, wait."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.window = shell.window

    def page[P: WizardPage](self, kind: type[P]) -> P:
        page = self.window.currentPage()
        assert isinstance(page, kind), f"{type(page).__name__} is up, not {kind.__name__}"
        return page

    def title(self) -> str:
        return self.page(WizardPage).title_label.text()

    def button(self, words: str, within: QWidget | None = None) -> QAbstractButton:
        found = [
            button
            for button in (within or self.window).findChildren(QAbstractButton)
            if button.isVisible() and words in _words(button)
        ]
        assert found, f"no visible button says {words!r}"
        return found[0]

    async def click(self, target: QAbstractButton | str) -> None:
        button = self.button(target) if isinstance(target, str) else target
        assert button.isEnabled(), f"{button.text()!r} is off"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        await asyncio.sleep(PACE)

    async def key(self, key: Qt.Key) -> None:
        target = self.window.focusWidget() or self.window
        QTest.keyClick(target, key)
        await asyncio.sleep(PACE)

    async def at(self, step: Step, *, within: float = 20) -> None:
        try:
            await until(lambda: self.window.current_step() == step.name, within=within)
        except TimeoutError:
            page = self.window.currentPage()
            said = page.strip.accessibleName() if isinstance(page, WizardPage) else ""
            pytest.fail(f"still at {self.window.current_step()}, not {step.name}: {said!r}")
        await asyncio.sleep(PACE)

    async def next(self, step: Step) -> None:
        page = self.window.currentPage()
        await until(page.isComplete, within=90)
        kinds = QWizard.WizardButton
        forward = kinds.CommitButton if page.isCommitPage() else kinds.NextButton
        await self.click(self.window.button(forward))
        await self.at(step)

    @property
    def state(self) -> Any:
        return self.shell.desk.state

    async def practise(self) -> None:
        await self.at(Step.START)
        await self.click(self.button("Practise"))
        await self.next(Step.TOKEN)
        assert self.window.band.isVisible()

    async def paste_token(self) -> None:
        await self.click("Use the practice token")
        await until(lambda: self.state.identity is not None, within=90)

    async def to_preview(self) -> None:
        """Walk from the first page to the ninth, changing nothing that is offered."""
        await self.practise()
        await self.paste_token()
        await self.next(Step.ORGANIZATION)
        await self.next(Step.CONNECTION)
        await until(lambda: bool(self.state.layers), within=90)
        await self.next(Step.PEOPLE)
        await self.click("Use the practice company")
        await until(lambda: self.state.population is not None, within=90)
        await self.next(Step.MAPPING)
        await self.next(Step.SCOPE)
        await self.next(Step.LIMITS)
        await self.next(Step.PREVIEW)
        await until(lambda: self.state.preview is not None, within=90)
        await until(lambda: self.window.currentPage().isComplete())

    def users(self) -> dict[str, bool]:
        """Return what the simulated Webex holds: user names, and whether they are active."""
        import httpx

        practice = self.state.practice
        answer = httpx.get(
            f"{practice.tenant_url}/Users",
            params={"count": 1000},
            headers={"Authorization": f"Bearer {practice.token}"},
        )
        resources = answer.raise_for_status().json()["Resources"]
        return {user["userName"].lower(): user.get("active", True) for user in resources}


def _words(button: QAbstractButton) -> str:
    return button.text().replace("&", "") or button.accessibleName()


@asynccontextmanager
async def opened(
    data_dir: Path, *, practice: bool = False, road: type[Road] = Road
) -> AsyncIterator[Road]:
    settings = QSettings(str(data_dir / "window.ini"), QSettings.Format.IniFormat)
    shell = Shell(data_dir=data_dir, practice=practice, settings=settings)
    unforeseen: list[BaseException] = []
    shell.window.unexpected.connect(unforeseen.append)
    await shell.open(practice=practice, profile=None)
    try:
        yield road(shell)
    finally:
        if not shell.closed.is_set():
            shell.window.close()
            if shell.overview is not None:
                shell.overview.close()
            await until(shell.closed.is_set, within=90)
        await shell.run()
    assert not unforeseen


def test_a_new_user_gets_from_the_first_page_to_people_in_webex(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path) as way:
            await way.to_preview()
            before = await asyncio.to_thread(way.users)
            counts = way.state.preview.plan.counts
            writes = len(way.state.preview.plan.to_write)
            forward = way.window.button(QWizard.WizardButton.CommitButton)
            assert forward.text().replace("&", "") == f"Apply {writes} changes"
            await way.next(Step.RESULT)
            there = counts.create + counts.update
            assert way.title() == f"{there} people are in Webex"
            after = await asyncio.to_thread(way.users)
            assert len(after) == len(before) + counts.create
            new = {
                action.user_name.lower()
                for action in way.state.preview.plan.actions
                if action.kind is ActionKind.CREATE
            }
            assert new <= after.keys()
            assert list(way.shell.desk.services.saved()), "the setup is saved"

    aio(road)


def test_a_second_preview_has_nothing_left_to_change(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path) as way:
            await way.to_preview()
            await way.next(Step.RESULT)
            way.window.jump_to(Step.PREVIEW)
            await until(lambda: way.state.preview is not None, within=90)
            counts = way.state.preview.plan.counts
            assert (counts.create, counts.update, counts.disable, counts.delete) == (0, 0, 0, 0)
            notices = way.page(PreviewPage).notices
            await until(notices.isVisible)
            shown = [message.heading for message in notices.messages]
            assert "Everybody is as they should be" in shown

    aio(road)


def test_a_pilot_changes_one_person_and_the_rest_is_previewed_anew(
    aio: Aio, tmp_path: Path
) -> None:
    async def road() -> None:
        async with opened(tmp_path) as way:
            await way.to_preview()
            before = await asyncio.to_thread(way.users)
            first = way.state.preview.plan.counts.create
            await way.click("Start with 1 person")
            await way.at(Step.RESULT)
            after = await asyncio.to_thread(way.users)
            assert len(after) == len(before) + 1
            assert way.title() == "1 person is in Webex"
            await way.click("Preview the rest")
            await way.at(Step.PREVIEW)
            await until(lambda: way.state.preview is not None, within=90)
            assert way.state.preview.plan.counts.create == first - 1

    aio(road)


def test_cancelling_midway_stops_and_a_new_preview_shows_the_rest(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path) as way:
            await way.to_preview()
            writes = len(way.state.preview.plan.to_write)
            slow(way, 300)
            await way.click(way.window.button(QWizard.WizardButton.CommitButton))
            await way.at(Step.APPLYING)
            page = way.page(ApplyingPage)
            await until(lambda: page.progress.bar.share() > 0, within=90)
            await way.click("Cancel")
            await way.at(Step.RESULT)
            slow(way, 0)
            result = way.state.result
            assert 0 < result.applied < writes
            assert way.title() == f"Stopped: {result.applied} of {writes} changes were made"
            await way.click("Try these again")
            await way.at(Step.RESULT)
            assert way.state.result.applied == writes

    aio(road)


def test_closing_while_changes_are_applied_asks_first_and_leaves_a_complete_journal(
    aio: Aio, tmp_path: Path
) -> None:
    async def road() -> None:
        async with opened(tmp_path) as way:
            await way.to_preview()
            slow(way, 300)
            await way.click(way.window.button(QWizard.WizardButton.CommitButton))
            await way.at(Step.APPLYING)
            page = way.page(ApplyingPage)
            await until(lambda: page.progress.bar.share() > 0, within=90)
            way.window.close()
            await asyncio.sleep(0.05)
            (box,) = way.window.findChildren(QMessageBox)
            assert "Changes are being applied" in box.text()
            await way.click(way.button("Stop and leave", within=box))
            await until(way.shell.closed.is_set, within=90)
            journal = way.shell.desk.services.journal
            (run,) = journal.runs()
            states = {record.state.value for record in journal.actions(run.id)}
            assert states == {"applied", "not_attempted"}
            assert run.finished_at is not None

    aio(road)


def test_a_webex_that_goes_away_midway_stops_the_run_and_says_what_stays(
    aio: Aio, tmp_path: Path
) -> None:
    async def road() -> None:
        async with opened(tmp_path) as way:
            await way.to_preview()
            slow(way, 300)
            commit = way.window.button(QWizard.WizardButton.CommitButton)
            await way.click(commit)
            QTest.mouseDClick(commit, Qt.MouseButton.LeftButton)  # pressed twice by mistake
            await way.at(Step.APPLYING)
            page = way.page(ApplyingPage)
            await until(lambda: page.progress.bar.share() > 0, within=90)
            await way.shell.host.stop()
            await until(page.strip.isVisible, within=90)
            await asyncio.sleep(0.1)
            assert "can't be reached" in page.strip.accessibleName()
            assert "nobody else is changed" in page.sentence_label.text()
            assert page.failures.remark.text() == "You can try these again."
            assert len(way.shell.desk.services.journal.runs()) == 1
            assert not way.window.band.isAncestorOf(way.window.focusWidget())

    aio(road)


def test_closing_keeps_a_draft_that_the_next_start_offers(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path) as way:
            await way.practise()
            await way.paste_token()
            await way.next(Step.ORGANIZATION)
            name = way.page(WizardPage).initial_focus()
            assert name is not None
            QTest.keyClick(name, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClicks(name, "Rehearsal")
            places = way.shell.desk.services.places
        draft = load_draft(places)
        assert draft is not None
        assert draft.profile.name == "Rehearsal"
        assert draft.step == Step.ORGANIZATION.name
        async with opened(tmp_path) as way:
            await way.practise()
            way.window.back()
            await way.at(Step.START)
            await until(way.page(WizardPage).strip.isVisible)
            assert "Rehearsal" in way.page(WizardPage).strip.accessibleName()

    aio(road)


def test_leaving_practice_begins_anew_with_the_own_organization(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path) as way:
            await way.practise()
            await way.paste_token()
            await way.click("Use your own organization")
            await way.at(Step.START)
            assert not way.window.band.isVisible()
            assert way.state.practice is None
            assert way.state.token == ""

    aio(road)


def test_escape_stops_the_reading_and_only_then_leaves(aio: Aio, tmp_path: Path) -> None:
    async def road() -> None:
        async with opened(tmp_path) as way:
            await way.to_preview()
            slow(way, 2000)
            page = way.page(PreviewPage)
            await way.click(page.again)
            await asyncio.sleep(0.4)
            assert page.busy.isVisible()
            await way.key(Qt.Key.Key_Escape)
            await until(lambda: not page.busy.isVisible())
            assert way.window.isVisible()
            assert page.waiting.title.text() == "The preview was stopped"
            slow(way, 0)
            await way.key(Qt.Key.Key_Escape)
            (question,) = way.window.findChildren(QMessageBox)
            assert way.window.isVisible(), "a stray Escape only asks"
            await way.click(way.button("Leave", question))
            await until(way.shell.closed.is_set, within=90)

    aio(road)


def slow(way: Road, milliseconds: int) -> None:
    """Let the simulated Webex take its time."""
    import httpx

    base = way.state.practice.api_url.removesuffix("/v1")
    httpx.put(f"{base}/practice/faults", json={"latency_ms": milliseconds}).raise_for_status()


@pytest.fixture(autouse=True)
def _no_dialogs_left(qapp: QApplication) -> None:
    assert QApplication.activeModalWidget() is None
