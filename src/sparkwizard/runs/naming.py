"""The organization of a setup in its one spelling: journal, lock and keyring are kept by it."""

from uuid import UUID

from sparkwizard.errors import InputError
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace

__all__ = ["with_organization"]


def with_organization(profile: Profile) -> Profile:
    """Return the setup with its organization as a UUID in small letters.

    Where it names none, its Tenant URL does. What is no ID of Webex stays: other servers have
    their own.
    """
    named = profile.webex.organization_id
    if _is_spelled_so(named):
        return profile
    # whoever reads other spellings is read from disk for those alone
    from sparkwizard.webex.organization import parse_organization_id  # noqa: PLC0415
    from sparkwizard.webex.tenant import TenantUrl  # noqa: PLC0415

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


def _is_spelled_so(organization: str) -> bool:
    try:
        return str(UUID(organization)) == organization
    except ValueError:
        return False
