"""Where the pasted token is kept, and where it is sent."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWizard

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.practice.server import PracticeServer
from sparkwizard.setup.secrets import KeyringStore
from sparkwizard.values import replace
from tests.gui.pages.token.pasting import Aio, Click, Opened, PressNext, paste


def test_in_practice_one_button_fills_the_token_in(
    aio: Aio, opened: Opened, desk: Desk, practise: Callable[[], None], click: Click
) -> None:
    async def main() -> None:
        practise()
        _window, page = opened()
        click(page.practice_button)
        await until(lambda: desk.state.identity is not None)
        assert page.card.title.text() == "Administrator token recognized"
        assert page.advanced.isHidden()

    aio(main)


def test_outside_practice_there_is_no_practice_token(aio: Aio, opened: Opened) -> None:
    async def main() -> None:
        _window, page = opened()
        assert page.practice_button.isHidden()

    aio(main)


def test_the_choice_where_to_keep_the_token_is_remembered(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        click(page.keep.run_only)
        assert not desk.state.keep_token
        page.on_leave()
        page.on_enter()
        assert page.keep.run_only.isChecked()

    aio(main)


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux can the keyring be taken away")
def test_a_computer_without_a_keyring_says_so_and_keeps_it_for_this_run(
    aio: Aio,
    opened: Opened,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    desk.services.secrets = KeyringStore()

    async def main() -> None:
        _window, page = opened()
        await until(lambda: not page.keep.why.isHidden())
        assert "no keyring" in page.keep.why.text()
        assert page.keep.keyring.isHidden()
        assert not desk.state.keep_token

    aio(main)


def test_the_government_cloud_has_its_own_developer_site_and_no_administrator_link(
    aio: Aio, opened: Opened, desk: Desk, click: Click
) -> None:
    async def main() -> None:
        _window, page = opened()
        assert page.cloud.isHidden()
        click(page.advanced)
        QTest.keyClick(page.cloud.select, Qt.Key.Key_Down)
        assert desk.state.cloud == "government"
        assert [link.url for link in page.where.links()] == ["https://developer-usgov.webex.com"]

    aio(main)


def test_a_saved_setup_brings_the_token_that_was_kept_for_it(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, saved_profile: Any
) -> None:
    desk.services.keep_token(saved_profile, tenant.token)
    desk.set(replace(desk.state, profile=saved_profile, editing=saved_profile.name))

    async def main() -> None:
        _window, page = opened()
        await until(lambda: desk.state.identity is not None)
        assert page.secret.text() == tenant.token

    aio(main)


def test_a_token_is_sent_to_a_foreign_api_address_only_when_one_goes_on(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, click: Click
) -> None:
    foreign = replace(desk.profile.webex, api_url="https://api.contoso.invalid/v1")
    desk.set(replace(desk.state, profile=replace(desk.profile, webex=foreign)))

    async def main() -> None:
        _window, page = opened()
        assert page.caution.heading.text() == "The token will be sent to api.contoso.invalid"
        paste(page, tenant.token, click)
        await until(lambda: page._asking is not None)
        assert page._asking is not None
        await page._asking
        assert page.strip.isHidden()  # asking would have told that nobody answers
        assert not page.caution.isHidden()

    aio(main)


def test_where_nobody_can_be_asked_the_token_goes_nowhere_and_next_goes_on(
    aio: Aio,
    opened: Opened,
    desk: Desk,
    tenant: PracticeServer,
    click: Click,
    press_next: PressNext,
) -> None:
    other = replace(desk.profile.webex, api_url="", tenant_url="https://scim.contoso.invalid/v2")
    desk.set(replace(desk.state, profile=replace(desk.profile, webex=other)))

    async def main() -> None:
        window, page = opened()
        paste(page, tenant.token, click)
        press_next(window)
        await until(lambda: window.current_step() == "ORGANIZATION")
        assert desk.state.identity is None

    aio(main)


def test_escape_stops_asking_and_does_not_close_the_window(
    aio: Aio, opened: Opened, tenant: PracticeServer, click: Click, press_next: PressNext
) -> None:
    async def main() -> None:
        window, page = opened()
        tenant.faults.latency_ms = 3000
        paste(page, tenant.token, click)
        press_next(window)
        await asyncio.sleep(0.1)
        assert not page.isComplete()
        QTest.keyClick(window, Qt.Key.Key_Escape)
        await until(lambda: page.tasks.idle)
        assert window.isVisible()
        assert window.button(QWizard.WizardButton.NextButton).isEnabled()

    aio(main)
