"""Addresses on the Organization page: edited, foreign, and of another organization."""

from sparkwizard.gui.aio import until
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.pages.organization.page import OrganizationPage
from sparkwizard.practice.server import PracticeServer
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.steps import Step
from tests.gui.pages.organization.opening import (
    Aio,
    Click,
    Opened,
    OpenWindow,
    PressNext,
    retype,
    strip_text,
)


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
