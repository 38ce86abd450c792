"""Carrying a plan out, going on after a failure, and what the last page tells and offers."""

import asyncio
import stat
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QPushButton, QWidget

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.setup_window import SetupWindow, StepFlow, specs
from sparkwizard.gui.pages.applying import ApplyingPage
from sparkwizard.gui.pages.preview.page import PreviewPage
from sparkwizard.gui.pages.result.journal_dialog import JournalDialog
from sparkwizard.gui.pages.result.page import ResultPage
from sparkwizard.gui.pages.token_dialog import TokenDialog
from sparkwizard.practice.server import PracticeServer, serve_in_thread
from sparkwizard.runs.types import ActionState, Outcome, RunState
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.cloud.steps import CloudStep
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]


@pytest.fixture
def tenant() -> Iterator[PracticeServer]:
    """Serve a tenant that nothing was written to yet."""
    with serve_in_thread() as server:
        yield server


class Way:
    """Hold the window with the three last pages, and wait for them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.preview, self.applying = PreviewPage(desk), ApplyingPage(desk)
        self.result = ResultPage(desk)
        pages = {step: WizardPage(step.text.label) for step in Step} | {
            Step.PREVIEW: self.preview,
            Step.APPLYING: self.applying,
            Step.RESULT: self.result,
        }
        self.window = SetupWindow(specs(pages), StepFlow(), profile="Fabrikam")

    async def previewed(self) -> int:
        """Show the preview and return how many changes it holds."""
        self.window.show()
        self.window.jump_to(Step.PREVIEW)
        await until(
            lambda: self.desk.state.preview is not None and self.preview.isComplete(), within=90
        )
        assert self.desk.state.preview is not None
        return len(self.desk.state.preview.plan.to_write)

    async def at(self, step: Step) -> None:
        await until(lambda: self.window.current_step() == step.name, within=90)
        await asyncio.sleep(0.02)

    def button(self, words: str, within: QWidget | None = None) -> QPushButton:
        found = (within or self.window).findChildren(QPushButton)
        return next(b for b in found if b.isVisible() and words in b.text().replace("&", ""))


@pytest.fixture
def way(desk: Desk, tenant: PracticeServer, saved_profile: Profile) -> Way:
    desk.set(replace(desk.state, profile=saved_profile, pasted=PastedToken(tenant.token)))
    return Way(desk)


def test_it_pauses_goes_on_and_tells_how_far_it_is(
    aio: Aio, way: Way, tenant: PracticeServer, click: Click
) -> None:
    async def road() -> None:
        writes = await way.previewed()
        tenant.faults.latency_ms = 100
        click(way.button("Apply"))
        await way.at(Step.APPLYING)
        assert way.applying.title_label.text() == f"Applying {writes} changes"
        click(way.button("Pause"))
        assert "Paused" in way.applying.progress.text.full_text()
        await asyncio.sleep(0.5)
        standing = way.applying.progress.bar.share()
        await asyncio.sleep(0.4)
        assert way.applying.progress.bar.share() == standing
        tenant.faults.latency_ms = 0
        click(way.button("Resume"))
        await way.at(Step.RESULT)
        assert way.applying.progress.bar.share() == 1
        assert way.applying.progress.count.text() == f"{writes} of {writes} changes"

    aio(road)


def test_a_token_that_dies_midway_can_be_replaced_and_the_same_plan_goes_on(
    aio: Aio, way: Way, tenant: PracticeServer, click: Click
) -> None:
    async def road() -> None:
        writes = await way.previewed()
        tenant.faults.latency_ms = 100
        click(way.button("Apply"))
        await way.at(Step.APPLYING)
        await until(lambda: way.applying.progress.bar.share() > 0, within=90)
        tenant.faults.token_expired = True
        await until(way.applying.strip.isVisible, within=90)
        assert way.window.current_step() == Step.APPLYING.name
        tenant.faults.token_expired = False
        tenant.faults.latency_ms = 0
        click(way.button("Paste a new token"))
        (dialog,) = way.applying.findChildren(TokenDialog)
        QTest.keyClicks(dialog.field.edit, tenant.tokens["personal"])
        click(way.button("Go on", within=dialog))
        await way.at(Step.RESULT)
        assert way.desk.state.result is not None
        assert way.desk.state.result.applied == writes
        assert way.desk.state.token == tenant.tokens["personal"]

    aio(road)


def test_a_bad_new_token_is_refused_in_the_dialog(
    aio: Aio, way: Way, tenant: PracticeServer, click: Click
) -> None:
    async def road() -> None:
        await way.previewed()
        gone_on: list[bool] = []
        dialog = TokenDialog(way.preview, way.desk, lambda: gone_on.append(True))
        dialog.open()
        QTest.keyClicks(dialog.field.edit, tenant.tokens["expired"])
        click(dialog.button)
        await until(dialog.strip.isVisible)
        assert not gone_on
        assert way.desk.state.token == tenant.token
        dialog.reject()

    aio(road)


def test_a_lost_network_leaves_a_way_on(
    aio: Aio, way: Way, tenant: PracticeServer, click: Click
) -> None:
    async def road() -> None:
        writes = await way.previewed()
        tenant.faults.html = True
        click(way.button("Apply"))
        await way.at(Step.APPLYING)
        await until(way.applying.strip.isVisible, within=90)
        assert not way.applying.running
        tenant.faults.html = False
        click(way.button("Go on"))
        await way.at(Step.RESULT)
        assert way.desk.state.result is not None
        assert way.desk.state.result.applied == writes

    aio(road)


def test_failures_come_with_their_reason_and_can_be_tried_again(
    aio: Aio, way: Way, tenant: PracticeServer, click: Click
) -> None:
    async def road() -> None:
        writes = await way.previewed()
        tenant.faults.names_taken_elsewhere = True
        click(way.button("Apply"))
        await way.at(Step.RESULT)
        failed = way.result.model.rows
        assert failed
        assert (
            way.result.title_label.text() == f"{writes - len(failed)} of {writes} changes were made"
        )
        assert all("already has the name" in row.outcome.message for row in failed)
        tenant.faults.names_taken_elsewhere = False
        click(way.button("Try these again"))
        await way.at(Step.APPLYING)
        await way.at(Step.RESULT)
        assert way.result.title_label.text() == f"{writes} people are in Webex"
        assert not way.result.model.rows

    aio(road)


def test_the_setup_is_saved_before_anything_is_written(aio: Aio, way: Way, click: Click) -> None:
    async def road() -> None:
        await way.previewed()
        assert not list(way.desk.services.saved())
        click(way.button("Start with 1 person"))
        await way.at(Step.RESULT)
        assert way.desk.services.load("Fabrikam").profile == way.desk.profile

    aio(road)


def test_a_later_outcome_of_the_same_change_replaces_the_earlier(
    aio: Aio, way: Way, click: Click
) -> None:
    async def road() -> None:
        await way.previewed()
        click(way.button("Apply"))
        await way.at(Step.RESULT)
        page, record = way.applying, way.desk.services.journal.actions(1)[0]
        first = Outcome(record.seq, record.action, record.state)
        before = page._tally.done
        page._take(replace(first, state=type(record.state).FAILED, message="Not kept."))
        page._flush()
        assert page._tally.done == before
        assert [row.outcome.message for row in page.model.rows] == ["Not kept."]
        page._take(first)
        page._flush()
        assert not page.model.rows

    aio(road)


def test_failures_come_on_top_of_those_that_are_shown(aio: Aio, way: Way, click: Click) -> None:
    async def road() -> None:
        await way.previewed()
        click(way.button("Apply"))
        await way.at(Step.RESULT)
        page, record = way.applying, way.desk.services.journal.actions(1)[0]
        failed = [Outcome(1000 + n, record.action, ActionState.FAILED) for n in range(3)]
        made_anew = QSignalSpy(page.model.modelReset)
        for number, one in enumerate(failed):
            page._take(one)
            page._flush()
            assert page.model.rowCount() == number + 1
        assert made_anew.count() == 0
        page._take(replace(failed[0], state=ActionState.APPLIED))
        page._flush()
        assert [row.outcome for row in page.model.rows] == failed[1:]

    aio(road)


class Browser(QObject):
    """Take what would be opened in the browser."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url)


@pytest.fixture
def browser() -> Iterator[Browser]:
    browser = Browser()
    handler: Any = "take"  # the stub says bytes, Qt takes text
    QDesktopServices.setUrlHandler("file", browser, handler)
    yield browser
    QDesktopServices.unsetUrlHandler("file")


def test_the_report_is_a_private_file_and_the_journal_a_table(
    aio: Aio, way: Way, browser: Browser, click: Click
) -> None:
    async def road() -> None:
        writes = await way.previewed()
        click(way.button("Apply"))
        await way.at(Step.RESULT)
        click(way.result.report)
        await until(lambda: bool(browser.opened))
        path = way.desk.services.places.data_dir / "reports" / "run-1.html"
        assert browser.opened[0].toLocalFile() == str(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert b"<html" in path.read_bytes()
        click(way.result.journal)
        (dialog,) = way.result.findChildren(JournalDialog)
        assert len(dialog.model.rows) == writes
        assert all(row.record.tracking_id for row in dialog.model.rows)
        assert all(row.what for row in dialog.model.rows)
        dialog.close()

    aio(road)


def test_letting_entra_do_it_warns_of_a_token_that_ends_tonight(
    aio: Aio, way: Way, tenant: PracticeServer, click: Click
) -> None:
    async def road() -> None:
        identity = await way.desk.services.identify(tenant.tokens["personal"], tenant.api_url)
        way.desk.update(identity=identity, pasted=PastedToken(tenant.tokens["personal"]))
        await way.previewed()
        click(way.button("Apply"))
        await way.at(Step.RESULT)
        assert way.result.keep.warning.isVisible()

    aio(road)


def test_practice_sets_its_own_entra_up(
    aio: Aio, way: Way, practise: Callable[[], None], click: Click
) -> None:
    async def road() -> None:
        practise()
        await way.previewed()
        click(way.button("Apply"))
        await way.at(Step.RESULT)
        wanted: list[CloudStep] = []
        way.result.cloud_wanted.connect(wanted.append)
        click(way.result.keep.set_up)
        assert wanted == [CloudStep.SIGN_IN]

    aio(road)


def test_a_plan_of_a_changed_setup_is_refused_with_a_way_back_to_the_preview(
    aio: Aio, way: Way, click: Click
) -> None:
    async def road() -> None:
        await way.previewed()
        preview = way.desk.state.preview
        assert preview is not None
        stale = replace(preview.plan, created_at=datetime(2020, 1, 1, tzinfo=UTC)).sealed()
        way.desk.update(preview=replace(preview, plan=stale))
        click(way.button("Apply"))
        await way.at(Step.APPLYING)
        await until(way.applying.strip.isVisible)
        click(way.button("Preview again", within=way.applying))
        await way.at(Step.PREVIEW)
        assert way.desk.state.result is None

    aio(road)


def test_a_run_that_was_stopped_is_told_as_stopped(
    aio: Aio, way: Way, tenant: PracticeServer, click: Click
) -> None:
    async def road() -> None:
        await way.previewed()
        tenant.faults.latency_ms = 150
        click(way.button("Apply"))
        await way.at(Step.APPLYING)
        await until(lambda: way.applying.progress.bar.share() > 0, within=90)
        click(way.button("Cancel"))
        await way.at(Step.RESULT)
        assert way.desk.state.result is not None
        assert way.desk.state.result.state is RunState.CANCELLED
        assert way.result.title_label.text().startswith("Stopped: ")

    aio(road)
