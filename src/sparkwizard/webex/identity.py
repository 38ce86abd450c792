"""Find out whose token it is, what its owner may do, and how long it lives."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sparkwizard.errors import InputError, NetError, RemoteError, UnexpectedAnswer
from sparkwizard.net.errors_of import check
from sparkwizard.provisioning.types import Json
from sparkwizard.webex.admin_link import admin_link, check_state, new_state
from sparkwizard.webex.organization import decode_id, parse_organization_id
from sparkwizard.webex.pasted_token import clean_token
from sparkwizard.webex.types import Identity, Organization, Role, TokenKind

if TYPE_CHECKING:  # a command that sends nothing reads no network from disk
    from sparkwizard.net.client import Http

__all__ = [
    "SHORT_LIFETIME",
    "admin_link",
    "check_state",
    "clean_token",
    "expiry_in",
    "identify",
    "new_state",
    "parse_organization_id",
    "refuse_owner",
    "role_of",
    "token_expiry",
    "token_kind",
    "whoami",
]

# A personal token lives 12 hours from the sign-in at the developer site. Only what is left of a
# token's life can be seen, so everything that ends within that time (and two hours for a clock
# that is off) counts as short-lived, whatever it was issued as: it can't carry a schedule.
SHORT_LIFETIME = timedelta(hours=14)
_PERSONAL = timedelta(hours=12, minutes=5)

_ROLE_IDS = {
    "id_full_admin": Role.FULL_ADMIN,
    "id_user_admin": Role.USER_ADMIN,
    "id_readonly_admin": Role.READ_ONLY_ADMIN,
}
_ROLE_NAMES = {
    "full administrator": Role.FULL_ADMIN,
    "user administrator": Role.USER_ADMIN,
    "user and device administrator": Role.USER_ADMIN,
    "read-only administrator": Role.READ_ONLY_ADMIN,
    "readonly administrator": Role.READ_ONLY_ADMIN,
}
_STRONGEST = (Role.FULL_ADMIN, Role.USER_ADMIN, Role.READ_ONLY_ADMIN)


async def identify(http: "Http", api_url: str, token: str, now: datetime) -> Identity:
    """Return who a token belongs to, by three reads at most.

    Bots and guests raise ``InputError``: they have no say over people. A lifetime or role that
    can't be read is left unknown. ``RemoteError`` where the token is refused.
    """
    me = await whoami(http, api_url)
    expires = await token_expiry(http, api_url)
    role = await role_of(http, api_url, me.get("roles"))
    left = expires - now if expires else None
    return Identity(
        organization=_organization(me),
        display_name=_text(me, "displayName") or _first(me.get("emails")),
        email=_first(me.get("emails")),
        person_id=_plain_id(_text(me, "id")),
        role=role,
        kind=token_kind(token, person_type=_text(me, "type"), left=left),
        expires=expires,
        lifetime_short=left is not None and left <= SHORT_LIFETIME,
    )


async def whoami(http: "Http", api_url: str) -> dict[str, Json]:
    """Return the answer of ``/people/me``; ``InputError`` for a bot or a guest."""
    me = check(await http.request("GET", f"{api_url.rstrip('/')}/people/me")).object()
    refuse_owner(me)
    return me


def refuse_owner(me: Mapping[str, Json]) -> None:
    """Raise ``InputError`` where a token belongs to a bot or a guest."""
    refusal = _REFUSED_TYPES.get(_text(me, "type").lower())
    if refusal:
        raise InputError(refusal, fix="Use a token of a full administrator.", code="token-owner")


async def token_expiry(http: "Http", api_url: str) -> datetime | None:
    """Return when the token ends, None where Webex doesn't say."""
    try:
        answer = await http.request("GET", f"{api_url.rstrip('/')}/authorizations/tokenExpiry")
    except NetError:
        return None
    return expiry_in(answer.body()) if answer.ok else None


def expiry_in(body: Json) -> datetime | None:
    """Return when a token ends, from the answer of ``tokenExpiry``; None if it doesn't say."""
    moment = body.get("exp") if isinstance(body, dict) else None
    if isinstance(moment, bool) or not isinstance(moment, int | float):
        return None
    # Milliseconds by the example's size; seconds would lie in the year 1970.
    seconds = moment / 1000 if moment > 1e11 else float(moment)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def token_kind(token: str, *, person_type: str = "", left: timedelta | None = None) -> TokenKind:
    """Return what sort of token it most likely is, from its owner, its form and its time left.

    No field says so: up to 12 hours is a personal token's life, more is an integration's.
    """
    owner = person_type.lower()
    if owner == "bot":
        return TokenKind.BOT
    if owner == "appuser":
        return TokenKind.GUEST
    if left is None or not token:
        return TokenKind.UNKNOWN
    return TokenKind.PERSONAL if left <= _PERSONAL else TokenKind.INTEGRATION


_REFUSED_TYPES = {
    "bot": "This token belongs to a bot, which can't read or change people.",
    "appuser": "This token belongs to a guest, who can't read or change people.",
}


# -- roles -------------------------------------------------------------------------------------


async def role_of(http: "Http", api_url: str, roles: Json) -> Role:
    """Return the strongest role that matters here; names are read where the ids say nothing."""
    if not isinstance(roles, list):
        return Role.UNKNOWN
    # Cisco's own example puts two ids into one text.
    ids = [part.strip() for one in roles if isinstance(one, str) for part in one.split(",")]
    plain = [_plain_id(one) for one in ids if one]
    known = {_ROLE_IDS[one.lower()] for one in plain if one.lower() in _ROLE_IDS}
    if not known and any(not one.lower().startswith("id_") for one in plain):
        names = await _role_names(http, api_url)
        known = {role for one in ids if (role := names.get(one)) is not None}
        if not known and not names:
            return Role.UNKNOWN
    return next((role for role in _STRONGEST if role in known), Role.NO_ADMIN)


async def _role_names(http: "Http", api_url: str) -> Mapping[str, Role]:
    """Return what each role id means, as far as it matters; empty where it can't be read."""
    try:
        answer = check(await http.request("GET", f"{api_url.rstrip('/')}/roles"))
        items = answer.object().get("items")
    except (NetError, RemoteError):
        return {}
    entries = [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
    return {
        _text(one, "id"): _ROLE_NAMES.get(_text(one, "name").lower(), Role.NO_ADMIN)
        for one in entries
    }


# -- reading leniently -------------------------------------------------------------------------


def _organization(me: Mapping[str, Json]) -> Organization:
    try:
        return parse_organization_id(_text(me, "orgId"))
    except InputError as error:
        raise UnexpectedAnswer(
            "Webex knows the token but did not say which organization it belongs to.",
            fix="Try again, or enter the organization ID from Control Hub.",
        ) from error


def _plain_id(text: str) -> str:
    decoded = decode_id(text)
    return decoded.id if decoded else text


def _text(body: Mapping[str, Json], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _first(values: Json) -> str:
    found = values[0] if isinstance(values, list) and values else None
    return found if isinstance(found, str) else ""
