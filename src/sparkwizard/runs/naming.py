"""The organization of a setup in its one spelling: journal, lock and keyring are kept by it."""

from sparkwizard.errors import InputError
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.organization import parse_organization_id
from sparkwizard.webex.tenant import TenantUrl

__all__ = ["with_organization"]


def with_organization(profile: Profile) -> Profile:
    """Return the setup with its organization as a UUID in small letters.

    Where it names none, its Tenant URL does. What is no ID of Webex stays: other servers have
    their own.
    """
    named = profile.webex.organization_id
    try:
        organization = (
            parse_organization_id(named).uuid
            if named.strip()
            else TenantUrl.parse(profile.webex.tenant_url).organization_id
        )
    except InputError:
        return profile
    if organization == named:
        return profile
    return replace(profile, webex=replace(profile.webex, organization_id=organization))
