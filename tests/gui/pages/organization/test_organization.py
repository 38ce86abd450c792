"""The Organization page: confirm, copy, keep the token."""

import sys
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
from sparkwizard.gui.pages.organization.page import OrganizationPage
from sparkwizard.practice.server import PracticeServer
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.secrets import KeyringStore, SecretName
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.steps import Step

type Aio = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]
type Click = Callable[[QWidget], None]
type PressNext = Callable[[WizardWindow], None]
type OpenWindow = Callable[[dict[Step, WizardPage], Step], WizardWindow]


class Opened:
    """Open the page once the practice tenant has told whose token it is."""

    def __init__(
        self, desk: Desk, tenant: PracticeServer, open_window: OpenWindow, practise: Any
    ) -> None:
        self._desk, self._tenant, self._open = desk, tenant, open_window
        self._practise = practise

    async def __call__(
        self, kind: str = "admin", *, practice: bool = True
    ) -> tuple[WizardWindow, OrganizationPage]:
        if practice:
            self._practise()
        token, services = self._tenant.tokens[kind], self._desk.services
        self._desk.set(self._desk.state.with_token(PastedToken(token)))
        self._desk.update(identity=await services.identify(token, self._tenant.api_url))
        page = OrganizationPage(self._desk)
        return self._open({Step.ORGANIZATION: page}, Step.ORGANIZATION), page


@pytest.fixture
def opened(
    desk: Desk, tenant: PracticeServer, open_window: OpenWindow, practise: Callable[[], None]
) -> Opened:
    return Opened(desk, tenant, open_window, practise)


def strip_text(page: WizardPage) -> str:
    if page.strip.isHidden():
        return ""
    return f"{page.strip.heading.text()} {page.strip.text.text()}".strip()


def retype(field: QWidget, text: str) -> None:
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)


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


def test_a_setup_may_name_another_tenant_url_for_entra(
    aio: Aio, opened: Opened, desk: Desk, saved_profile: Profile
) -> None:
    chosen = "https://api.ciscospark.com/v1/scim/other"
    webex = replace(saved_profile.webex, entra_tenant_url=chosen)
    desk.set(replace(desk.state, profile=replace(saved_profile, webex=webex)))

    async def main() -> None:
        _window, page = await opened()
        assert page.entra.value.text() == chosen

    aio(main)


def test_the_tenant_url_can_be_edited_and_a_slip_is_told_beside_it(
    aio: Aio,
    opened: Opened,
    desk: Desk,
    tenant: PracticeServer,
    click: Click,
    press_next: PressNext,
) -> None:
    async def main() -> None:
        window, page = await opened()
        assert page.address.isReadOnly()
        click(page.advanced)
        retype(page.address, "ftp://contoso.example")
        assert page.address_problem.text()
        press_next(window)
        assert window.current_step() == "ORGANIZATION"
        retype(page.address, f"{tenant.tenant_url}/Users")
        assert page.address_problem.text() == ""
        press_next(window)
        await until(lambda: window.current_step() == "CONNECTION")
        assert desk.profile.webex.tenant_url == tenant.tenant_url

    aio(main)


def test_a_tenant_url_of_another_organization_is_refused(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        _window, page = await opened()
        click(page.advanced)
        other = "https://webexapis.com/identity/scim/0f0f0f0f-0000-4000-8000-000000000000/v2"
        retype(page.address, other)
        assert "another organization" in page.address_problem.text()
        assert desk.profile.webex.tenant_url == tenant.tenant_url

    aio(main)


def test_an_address_that_is_not_webex_is_told_before_the_token_goes_there(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer, click: Click
) -> None:
    async def main() -> None:
        _window, page = await opened()
        click(page.advanced)
        retype(page.address, "https://scim.contoso.example/v2")
        assert page.caution.heading.text() == "The token will be sent to scim.contoso.example"
        assert desk.profile.webex.tenant_url == tenant.tenant_url
        click(page.advanced)
        assert page.address.text() == tenant.tenant_url
        assert page.caution.isHidden()

    aio(main)


def test_a_foreign_api_address_is_told_before_the_token_is_kept_for_it(
    aio: Aio, opened: Opened, desk: Desk
) -> None:
    foreign = replace(desk.profile.webex, api_url="https://api.contoso.example/v1")
    desk.set(replace(desk.state, profile=replace(desk.profile, webex=foreign)))

    async def main() -> None:
        _window, page = await opened(practice=False)
        assert page.caution.heading.text() == "The token will be sent to api.contoso.example"

    aio(main)


def test_a_saved_setup_is_never_turned_over_to_another_organization(
    aio: Aio, opened: Opened, desk: Desk, press_next: PressNext, saved_profile: Profile
) -> None:
    foreign = replace(
        saved_profile,
        webex=replace(saved_profile.webex, organization_id="0f0f0f0f-0000-4000-8000-000000000000"),
    )
    desk.set(replace(desk.state, profile=foreign, editing=foreign.name))

    async def main() -> None:
        window, page = await opened()
        left: list[str] = []
        page.leave_to.connect(left.append)
        assert "another organization" in strip_text(page)
        press_next(window)
        assert window.current_step() == "ORGANIZATION"
        assert desk.profile == foreign

    aio(main)


def test_a_new_setup_follows_the_token_pasted_last(
    aio: Aio, opened: Opened, desk: Desk, tenant: PracticeServer
) -> None:
    old = replace(
        desk.profile,
        webex=replace(
            desk.profile.webex,
            organization_id="0f0f0f0f-0000-4000-8000-000000000000",
            tenant_url="https://webexapis.com/identity/scim/0f0f0f0f-0000-4000-8000-000000000000/v2",
        ),
    )
    desk.set(replace(desk.state, profile=old))

    async def main() -> None:
        await opened()
        assert desk.profile.webex.organization_id == tenant.organization_id

    aio(main)


def test_a_token_of_twelve_hours_is_warned_about_here_too(aio: Aio, opened: Opened) -> None:
    async def main() -> None:
        _window, page = await opened("personal")
        assert page.caution.heading.text().startswith("This token ends")

    aio(main)


def test_a_setup_opened_further_on_asks_whose_token_it_is(
    aio: Aio, desk: Desk, tenant: PracticeServer, open_window: OpenWindow, saved_profile: Profile
) -> None:
    state = replace(desk.state, profile=saved_profile, editing=saved_profile.name)
    desk.set(state.with_token(PastedToken(tenant.token)))

    async def main() -> None:
        page = OrganizationPage(desk)
        open_window({Step.ORGANIZATION: page}, Step.ORGANIZATION)
        await until(lambda: page.uuid.value.text() == tenant.organization_id)
        assert page.name.text() == saved_profile.name

    aio(main)
