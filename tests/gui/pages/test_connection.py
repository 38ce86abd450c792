"""The Connection page: the diagnosis as it runs, passes, fails and is stopped."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.gui.pages.connection import ConnectionPage
from sparkwizard.gui.widgets import LayerState, SecondaryButton
from sparkwizard.practice.server import PracticeServer
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.types import LayerName, PastedToken, Standing
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type PressNext = Callable[[WizardWindow], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]
type Opened = Callable[..., tuple[WizardWindow, ConnectionPage]]


@pytest.fixture
def opened(
    desk: Desk, tenant: PracticeServer, saved_profile: Profile, open_window: OpenWindow
) -> Opened:
    """Open the page for one of the practice tenant's tokens; it starts to test by itself."""

    def make(kind: str = "admin") -> tuple[WizardWindow, ConnectionPage]:
        state = replace(desk.state, profile=saved_profile)
        desk.set(state.with_token(PastedToken(tenant.tokens[kind])))
        page = ConnectionPage(desk)
        return open_window({Step.CONNECTION: page}, Step.CONNECTION), page

    return make


def states(page: ConnectionPage) -> dict[str, LayerState]:
    return {row.head.row.name: row.head.row.state for row in page.layers.rows()}


def test_the_test_starts_by_itself_and_lets_a_good_connection_through(
    aio: Aio, opened: Opened, desk: Desk, press_next: PressNext
) -> None:
    async def main() -> None:
        window, page = opened()
        assert LayerState.RUNNING in states(page).values()
        assert not page.isComplete()
        await until(lambda: bool(desk.state.layers) and page.isComplete())
        assert set(states(page).values()) <= {LayerState.PASSED, LayerState.SKIPPED}
        assert len(states(page)) == len(LayerName)
        press_next(window)
        await until(lambda: window.current_step() == "PEOPLE")

    aio(main)


def test_layers_appear_one_by_one(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer
) -> None:
    async def main() -> None:
        tenant.faults.latency_ms = 80
        _window, page = opened()
        seen: set[int] = set()
        while not desk.state.layers:
            seen.add(sum(one is LayerState.PASSED for one in states(page).values()))
            await asyncio.sleep(0.02)
        assert len(seen) > 3

    aio(main)


def test_a_failed_layer_opens_itself_with_evidence_and_fix_and_next_stays(
    aio: Aio, opened: Opened, desk: Desk, press_next: PressNext, click: Click
) -> None:
    async def main() -> None:
        window, page = opened("people_only")
        left: list[str] = []
        page.leave_to.connect(left.append)
        await until(lambda: desk.state.connection_failed and page.isComplete())
        (row,) = [row for row in page.layers.rows() if row.head.row.state is LayerState.FAILED]
        assert row.head.row.name == "Reading users"
        assert not row.detail.isHidden()
        assert "403" in row.head.row.evidence
        press_next(window)
        assert window.current_step() == "CONNECTION"
        assert page.strip.heading.text().startswith("Reading users: ")
        (button,) = row.findChildren(SecondaryButton)
        click(button)
        assert left == ["TOKEN"]

    aio(main)


def test_layers_above_a_failed_one_stay_told_and_those_below_are_not_checked(
    aio: Aio, opened: Opened, desk: Desk
) -> None:
    async def main() -> None:
        _window, page = opened("expired")
        await until(lambda: desk.state.connection_failed)
        assert states(page)["Connection"] is LayerState.PASSED
        assert states(page)["Token"] is LayerState.FAILED
        assert states(page)["Reading users"] is LayerState.SKIPPED
        assert "1 failed" in page.counts[Standing.FAIL].label.text()

    aio(main)


def test_the_copied_diagnosis_holds_evidence_and_no_token(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened("people_only")
        await until(lambda: desk.state.connection_failed)
        click(page.copy)
        copied = QGuiApplication.clipboard().text()
        assert "[failed] Reading users" in copied
        assert "Tracking ID ROUTER_" in copied
        assert tenant.tokens["people_only"] not in copied

    aio(main)


def test_escape_stops_the_test_and_next_says_that_it_did_not_end(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, press_next: PressNext
) -> None:
    async def main() -> None:
        tenant.faults.latency_ms = 3000
        window, page = opened()
        await asyncio.sleep(0.2)
        QTest.keyClick(window, Qt.Key.Key_Escape)
        await until(lambda: page.tasks.idle)
        assert window.isVisible()
        assert "stopped" in page.sentence_label.text()
        assert LayerState.RUNNING not in states(page).values()
        press_next(window)
        assert window.current_step() == "CONNECTION"
        assert desk.state.layers == ()

    aio(main)


def test_testing_again_forgets_the_failure_once_it_is_mended(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        tenant.faults.token_expired = True
        _window, page = opened()
        await until(lambda: desk.state.connection_failed)
        tenant.faults.token_expired = False
        click(page.again)
        assert not page.again.isEnabled()
        await until(lambda: bool(desk.state.layers) and page.isComplete())
        assert not desk.state.connection_failed
        assert page.again.isEnabled()

    aio(main)


def test_coming_back_to_a_passed_test_does_not_run_it_again(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer
) -> None:
    async def main() -> None:
        _window, page = opened()
        await until(lambda: bool(desk.state.layers))
        await page.tasks.drained()
        asked = len(tenant.log)
        page.on_leave()
        page.on_enter()
        await asyncio.sleep(0.1)
        assert len(tenant.log) == asked
        assert len(states(page)) == len(LayerName)

    aio(main)


def test_a_server_that_ignores_filters_is_kept_from_harm(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer
) -> None:
    async def main() -> None:
        tenant.faults.filter_ignored = True
        _window, page = opened()
        await until(lambda: desk.state.connection_failed)
        assert states(page)["Entra's look-up"] is LayerState.FAILED

    aio(main)


def test_an_address_that_nobody_answers_at_is_told_in_its_layer(
    aio: Aio, desk: Desk, saved_profile: Profile, open_window: OpenWindow
) -> None:
    async def main() -> None:
        webex = replace(
            saved_profile.webex,
            tenant_url="http://127.0.0.1:9/v2",
            api_url="http://127.0.0.1:9/v1",
        )
        state = replace(desk.state, profile=replace(saved_profile, webex=webex))
        desk.set(state.with_token(PastedToken("anything")))
        page = ConnectionPage(desk)
        open_window({Step.CONNECTION: page}, Step.CONNECTION)
        await until(lambda: desk.state.connection_failed, within=90)
        assert states(page)["Connection"] is LayerState.FAILED
        (row,) = [row for row in page.layers.rows() if row.head.row.state is LayerState.FAILED]
        assert [button.text() for button in row.findChildren(SecondaryButton)] == [
            "Change the Tenant URL"
        ]

    aio(main)
