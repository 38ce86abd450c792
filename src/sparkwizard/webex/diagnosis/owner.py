"""The layers about the token: accepted, how long, whose role, which organization."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sparkwizard.errors import InputError, NetError, RemoteError
from sparkwizard.net.errors_of import check
from sparkwizard.provisioning.types import Json
from sparkwizard.webex.diagnosis.subject import Subject, Verdict
from sparkwizard.webex.identity import SHORT_LIFETIME, expiry_in, refuse_owner, role_of
from sparkwizard.webex.organization import parse_organization_id
from sparkwizard.webex.scim_read import page_in
from sparkwizard.webex.types import Role, Standing

__all__ = ["check_lifetime", "check_organization", "check_role", "check_token"]

_UNKNOWN = Verdict(
    Standing.WARN,
    "Not checked: this server is not Webex's own",
    "If it has a people API, enter its address as api_url in the profile.",
)
_NO_PERSON = Verdict(
    Standing.WARN,
    "Not checked: the token belongs to no person",
    "That is usual for a service app; check in Control Hub what it was allowed.",
)
_SIGN_IN_AGAIN = (
    "Sign in at the administrator link as a full administrator, and paste the new token."
)


async def check_token(subject: Subject) -> Verdict:
    """Ask who the token belongs to; what only SCIM accepts is most likely a service app's."""
    if not subject.api_url:
        return _UNKNOWN
    answer = await subject.ask_api("/people/me")
    if answer.status in (401, 403, 404) and await _scim_accepts(subject):
        return Verdict(
            Standing.WARN,
            "Accepted for users, but it belongs to no person",
            "That is usual for a service app. Otherwise check the token and the address.",
        )
    subject.me = check(answer).object()
    refuse_owner(subject.me)
    return Verdict(Standing.PASS, f"Accepted for {_name(subject.me)}")


async def check_lifetime(subject: Subject) -> Verdict:
    """Read when the token ends; warn where it can't carry a schedule."""
    if not subject.api_url:
        return _UNKNOWN
    answer = await subject.ask_api("/authorizations/tokenExpiry")
    expires = expiry_in(answer.body()) if answer.ok else None
    if expires is None:
        return Verdict(
            Standing.WARN,
            "Webex does not say when this token ends",
            "Note the day it was made; a token of the administrator link lives 365 days.",
        )
    left = expires - datetime.now(UTC)
    if left <= timedelta(0):
        return Verdict(Standing.FAIL, "The token has ended", _SIGN_IN_AGAIN)
    ends = f"Ends {_day(expires)}, in {_duration(left)}"
    if left <= SHORT_LIFETIME:
        return Verdict(
            Standing.WARN,
            ends,
            "Enough for a preview and one run. For a schedule, or for Microsoft Entra, use a "
            "token of the administrator link: it lives 365 days.",
        )
    return Verdict(Standing.PASS, ends)


async def check_role(subject: Subject) -> Verdict:
    """Read what the token's owner may do."""
    if not subject.api_url:
        return _UNKNOWN
    if subject.me is None:
        return _NO_PERSON
    role = await role_of(subject.http, subject.api_url, subject.me.get("roles"))
    subject.role = role
    name = _name(subject.me)
    subject.note(f"Role: {role.value}")
    return _ROLE_VERDICTS[role](name)


async def check_organization(subject: Subject) -> Verdict:
    """Compare the token's organization with the one in the Tenant URL."""
    if not subject.api_url:
        return _UNKNOWN
    if subject.me is None:
        return _NO_PERSON
    try:
        own = parse_organization_id(_text(subject.me, "orgId")).uuid
    except InputError:
        return Verdict(
            Standing.WARN,
            "Webex did not say which organization the token belongs to",
            "Compare the Tenant URL with the Organization ID in Control Hub.",
        )
    subject.note(f"Organization of the token: {own}")
    wanted = subject.tenant.organization_id
    if not wanted:
        return Verdict(Standing.WARN, "The Tenant URL names no organization", "Check its address.")
    subject.note(f"Organization in the Tenant URL: {wanted}")
    if own != wanted:
        return Verdict(
            Standing.FAIL,
            "The token belongs to another organization than the Tenant URL",
            "Paste a token of an administrator of that organization, or correct the Tenant URL.",
        )
    return Verdict(Standing.PASS, "Same as in the Tenant URL")


async def _scim_accepts(subject: Subject) -> bool:
    """Return whether SCIM answers the token with users."""
    try:
        answer = await subject.ask_scim("/Users", count=1)
        page_in(check(answer).object(), answer.host)
    except (NetError, RemoteError):
        return False
    return True


_ROLE_VERDICTS = {
    Role.FULL_ADMIN: lambda name: Verdict(Standing.PASS, f"{name} is a full administrator"),
    Role.USER_ADMIN: lambda name: Verdict(Standing.PASS, f"{name} is a user administrator"),
    Role.READ_ONLY_ADMIN: lambda name: Verdict(
        Standing.WARN,
        f"{name} may read, but not change users",
        f"A preview works. To apply it: {_SIGN_IN_AGAIN[:1].lower()}{_SIGN_IN_AGAIN[1:]}",
    ),
    Role.NO_ADMIN: lambda name: Verdict(
        Standing.FAIL,
        f"{name} is not an administrator of people",
        f"Ask for the role of a full administrator in Control Hub, or another one's token. "
        f"{_SIGN_IN_AGAIN}",
    ),
    Role.UNKNOWN: lambda name: Verdict(
        Standing.WARN,
        f"Webex does not say which role {name} has",
        "Check in Control Hub that it is a full administrator.",
    ),
}


def _name(me: Mapping[str, Json]) -> str:
    emails = me.get("emails")
    email = emails[0] if isinstance(emails, list) and emails else None
    return _text(me, "displayName") or (email if isinstance(email, str) else "its owner")


def _text(body: Mapping[str, Json], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _day(moment: datetime) -> str:
    local = moment.astimezone()
    days = (local.date() - datetime.now().astimezone().date()).days
    if days in (0, 1):
        return f"{('today', 'tomorrow')[days]} at {local:%H:%M}"
    return f"on {local:%Y-%m-%d}"


def _duration(left: timedelta) -> str:
    minutes = int(left.total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60
    if days >= 2:
        return f"{days} days"
    if hours >= 1:
        return f"{_counted(hours, 'hour')} {_counted(minutes % 60, 'minute')}"
    return _counted(minutes, "minute")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
