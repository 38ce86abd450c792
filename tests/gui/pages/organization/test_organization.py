"""The Organization page: confirm, copy, keep the token."""

import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.practice.server import PracticeServer
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.secrets import KeyringStore, SecretName
from sparkwizard.values import replace
from tests.gui.pages.organization.opening import Aio, Click, Opened, PressNext, retype, strip_text


def test_the_organization_is_shown_in_every_form_that_goes_elsewhere(
    aio: Aio, opened: Opened, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        _window, page = await opened()
        shown = {}
        for row in (page.uuid, page.base64, page.spoken, page.entra):
            click(row.copy)
            shown[row] = QGuiApplication.clipboard().text()
            assert row.copy.text() == "Copied"
            assert row.label.accessibleDescription()
        assert shown[page.uuid] == tenant.organization_id
        assert shown[page.base64].startswith("Y2lzY29zcGFyazovL")
        assert shown[page.spoken] == tenant.tenant_url
        assert shown[page.entra] == f"https://api.ciscospark.com/v1/scim/{tenant.organization_id}"

    aio(main)


def test_the_setup_takes_organization_addresses_and_a_name_over(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer
) -> None:
    async def main() -> None:
        await opened()
        webex = desk.profile.webex
        assert webex.organization_id == tenant.organization_id
        assert webex.tenant_url == tenant.tenant_url
        assert webex.api_url == tenant.api_url
        assert desk.profile.name == "fabrikam.example"

    aio(main)


def test_at_webex_itself_the_setup_names_no_api_address(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer
) -> None:
    desk.set(replace(desk.state, profile=Profile(name="")))

    async def main() -> None:
        await opened(practice=False)
        webex = desk.profile.webex
        assert webex.api_url == ""
        assert (
            webex.tenant_url == f"https://webexapis.com/identity/scim/{tenant.organization_id}/v2"
        )

    aio(main)


def test_going_on_keeps_the_token_for_exactly_these_addresses(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, press_next: PressNext
) -> None:
    async def main() -> None:
        window, _page = await opened()
        press_next(window)
        await until(lambda: window.current_step() == "CONNECTION")
        kept = desk.services.secrets.load(tenant.organization_id, SecretName.WEBEX)
        assert kept is not None
        assert kept.token == tenant.token
        assert kept.origins == (tenant.base_url,)
        assert desk.state.token_kept

    aio(main)


def test_a_token_for_this_run_is_kept_nowhere(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, press_next: PressNext
) -> None:
    async def main() -> None:
        desk.update(keep_token=False)
        window, _page = await opened()
        press_next(window)
        await until(lambda: window.current_step() == "CONNECTION")
        assert desk.services.secrets.load(tenant.organization_id, SecretName.WEBEX) is None

    aio(main)


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux can the keyring be taken away")
def test_a_keyring_that_keeps_nothing_is_told_and_next_goes_on_for_this_run(
    aio: Aio,
    opened: Opened,
    desk: Desk,
    press_next: PressNext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    desk.services.secrets = KeyringStore()

    async def main() -> None:
        window, page = await opened(practice=False)
        press_next(window)
        await until(lambda: not page.strip.isHidden())
        assert "kept for this run only" in strip_text(page)
        assert window.current_step() == "ORGANIZATION"
        press_next(window)
        await until(lambda: window.current_step() == "CONNECTION")
        assert not desk.state.keep_token

    aio(main)


def test_practice_never_puts_its_token_into_the_keyring(
    aio: Aio, opened: Opened, desk: Desk, press_next: PressNext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    desk.services.secrets = KeyringStore()

    async def main() -> None:
        window, page = await opened()
        press_next(window)
        await until(lambda: window.current_step() == "CONNECTION")
        assert strip_text(page) == ""

    aio(main)


def test_the_name_is_typed_right_away_and_becomes_the_setups_name(
    aio: Aio, opened: Opened, desk: Desk
) -> None:
    async def main() -> None:
        _window, page = await opened()
        await until(page.name.hasFocus)
        retype(page.name, "Contoso Nord")
        assert desk.profile.name == "Contoso Nord"

    aio(main)


def test_an_empty_name_is_told_inline_and_next_stays(
    aio: Aio, opened: Opened, press_next: PressNext
) -> None:
    async def main() -> None:
        window, page = await opened()
        QTest.keyClick(page.name, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(page.name, Qt.Key.Key_Delete)
        assert page.name_problem.text() == "Give this setup a name."
        press_next(window)
        assert window.current_step() == "ORGANIZATION"

    aio(main)


def test_the_name_of_another_saved_setup_is_refused(
    aio: Aio, opened: Opened, desk: Desk, press_next: PressNext, saved_profile: Profile
) -> None:
    desk.services.save(saved_profile)

    async def main() -> None:
        window, page = await opened()
        retype(page.name, saved_profile.name.upper())
        press_next(window)
        await until(lambda: "already saved" in strip_text(page))
        assert window.current_step() == "ORGANIZATION"

    aio(main)


def test_a_saved_setup_keeps_its_own_name(
    aio: Aio, opened: Opened, desk: Desk, press_next: PressNext, saved_profile: Profile
) -> None:
    desk.services.save(saved_profile)
    desk.set(replace(desk.state, profile=saved_profile, editing=saved_profile.name))

    async def main() -> None:
        window, page = await opened()
        assert page.name.text() == saved_profile.name
        press_next(window)
        await until(lambda: window.current_step() == "CONNECTION")

    aio(main)


def test_a_saved_setup_that_is_renamed_keeps_its_people(
    aio: Aio, opened: Opened, desk: Desk, saved_profile: Profile
) -> None:
    desk.set(replace(desk.state, profile=saved_profile, editing=saved_profile.name))

    async def main() -> None:
        _window, page = await opened()
        retype(page.name, "Fabrikam Europe")
        assert desk.profile.name == "Fabrikam Europe"
        assert desk.profile.id == saved_profile.id

    aio(main)
