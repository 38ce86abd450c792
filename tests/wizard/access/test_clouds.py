"""Where a token may be asked about, and what has to be confirmed first."""

import pytest

from sparkwizard.setup.profile import Profile, WebexSettings
from sparkwizard.wizard.access.clouds import (
    api_url_to_ask,
    away_from_other_cloud,
    cloud_of,
    foreign_host,
)
from sparkwizard.wizard.state import WizardState

ORGANIZATION = "9e8d7c6b-0000-4000-8000-000000000001"
GOVERNMENT = f"https://api-usgov.webex.com/identity/scim/{ORGANIZATION}/v2"


def opened(tenant_url: str = "", api_url: str = "", cloud: str = "commercial") -> WizardState:
    webex = WebexSettings(tenant_url, ORGANIZATION, api_url)
    return WizardState(profile=Profile("Contoso", webex), cloud=cloud)


@pytest.mark.parametrize(
    ("state", "url"),
    [
        (opened(), "https://webexapis.com/v1"),
        (opened(cloud="government"), "https://api-usgov.webex.com/v1"),
        (opened(GOVERNMENT), "https://api-usgov.webex.com/v1"),
        (opened("https://scim.contoso.example/v2"), ""),
        (opened("ftp://nowhere"), ""),
        (opened(GOVERNMENT, "https://api.contoso.example/v1"), "https://api.contoso.example/v1"),
    ],
)
def test_a_token_is_asked_about_where_its_setup_lives_and_nowhere_else(
    state: WizardState, url: str
) -> None:
    assert api_url_to_ask(state) == url


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://webexapis.com/v1", ""),
        ("https://identity.webex.com/identity/scim/x/v1", ""),
        ("http://127.0.0.1:8080/v1", ""),
        ("", ""),
        ("https://webexapis.com.contoso.example/v1", "webexapis.com.contoso.example"),
        ("https://webexapis.com:8443/v1", "webexapis.com"),
        ("http://webexapis.com/v1", "webexapis.com"),
    ],
)
def test_a_host_that_is_not_webex_has_to_be_confirmed(url: str, host: str) -> None:
    assert foreign_host(url, opened()) == host


def test_a_setup_of_the_government_cloud_opens_as_one() -> None:
    assert cloud_of(opened(GOVERNMENT)) == "government"


def test_choosing_another_cloud_forgets_the_tenant_url_of_the_first() -> None:
    state = opened(GOVERNMENT)
    assert away_from_other_cloud(state.profile, "commercial").webex.tenant_url == ""
    assert away_from_other_cloud(state.profile, "government") == state.profile
