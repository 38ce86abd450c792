"""The clouds of Webex: what they are called, whom to ask about a token, where to get one."""

from urllib.parse import urlsplit

import msgspec

from sparkwizard.errors import InputError
from sparkwizard.net.proxy import is_loopback, origin_of
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.tenant import TenantUrl
from sparkwizard.wizard.state import WizardState

__all__ = [
    "CLOUDS",
    "CloudFacts",
    "api_url_to_ask",
    "away_from_other_cloud",
    "cloud_label",
    "cloud_of",
    "foreign_host",
]


class CloudFacts(msgspec.Struct, frozen=True):
    """Hold what differs between the clouds.

    ``has_admin_link`` is False where no sign-in page of this kind is documented.
    """

    label: str
    api_url: str
    developer_url: str
    has_admin_link: bool = True


CLOUDS = {
    "commercial": CloudFacts(
        "Commercial (almost everybody)",
        "https://webexapis.com/v1",
        "https://developer.webex.com/docs/getting-your-personal-access-token",
    ),
    # developer.webex.com/docs/api/guides/create-a-fedramp-integration
    "government": CloudFacts(
        "US government (FedRAMP)",
        "https://api-usgov.webex.com/v1",
        "https://developer-usgov.webex.com",
        has_admin_link=False,
    ),
}


_ALSO_WEBEX = {"https://api.ciscospark.com", "https://identity.webex.com"}


def api_url_to_ask(state: WizardState) -> str:
    """Return where to ask whose token it is, "" where nobody is asked (design §6).

    Practice; else the setup's own address; else that of the Tenant URL's cloud, which is none for
    another server; else, in a new setup, that of the cloud chosen.
    """
    if state.practice:
        return state.practice.api_url
    webex = state.profile.webex
    if webex.api_url or not webex.tenant_url:
        return webex.api_url or CLOUDS[state.cloud].api_url
    tenant = _tenant(state.profile)
    return tenant.default_api_url if tenant else ""


def cloud_of(state: WizardState) -> str:
    """Return the cloud of the setup's Tenant URL, else the one that was chosen."""
    tenant = _tenant(state.profile)
    return tenant.cloud if tenant and tenant.is_webex else state.cloud


def away_from_other_cloud(profile: Profile, cloud: str) -> Profile:
    """Return a setup for ``cloud``: the Tenant URL of another cloud of Webex is forgotten."""
    tenant = _tenant(profile)
    if tenant is None or not tenant.is_webex or tenant.cloud == cloud:
        return profile
    return replace(profile, webex=replace(profile.webex, tenant_url=""))


def _tenant(profile: Profile) -> TenantUrl | None:
    try:
        return TenantUrl.parse(profile.webex.tenant_url)
    except InputError:
        return None


def foreign_host(url: str, state: WizardState) -> str:
    """Return the host of an address where it has to be confirmed before a token goes there.

    That is "" for Webex, for the practice tenant and for this computer.
    """
    practice = state.practice
    known = {origin_of(facts.api_url) for facts in CLOUDS.values()} | _ALSO_WEBEX
    known |= {origin_of(practice.tenant_url), origin_of(practice.api_url)} if practice else set()
    host = urlsplit(origin_of(url)).hostname or ""
    return "" if origin_of(url) in known or is_loopback(host) else host


def cloud_label(state: WizardState) -> str:
    """Return the name of the cloud that the setup is for."""
    if state.practice:
        return "Practice, on this computer"
    return CLOUDS[state.cloud].label
