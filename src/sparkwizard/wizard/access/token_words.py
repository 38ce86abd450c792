"""What was recognized of a token, in sentences: whose, how long it lives, what was cleaned."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from sparkwizard.webex.types import Identity, PastedToken, Role, TokenKind
from sparkwizard.wizard.moments import clock_words, span_words

__all__ = [
    "Caution",
    "TokenSummary",
    "cleaned_words",
    "elsewhere_caution",
    "lifetime_words",
    "owner_words",
    "role_words",
    "summarize_token",
    "token_warnings",
]


class TokenSummary(msgspec.Struct, frozen=True):
    """Hold the card of a token that Webex answered for; ``cleaned`` is empty if nothing was."""

    title: str
    owner: str
    lifetime: str
    cleaned: str


class Caution(msgspec.Struct, frozen=True):
    """Hold what a person should know before going on, as a heading and its text."""

    heading: str
    text: str


def elsewhere_caution(host: str) -> Caution:
    """Return what to know before a token goes to a host that is not Webex's."""
    return Caution(
        f"The token will be sent to {host}",
        "That is no address of Webex. Go on only if you know who answers there.",
    )


def summarize_token(pasted: PastedToken, identity: Identity, now: datetime) -> TokenSummary:
    """Return the words of the card."""
    return TokenSummary(
        _TITLES.get(identity.kind, "Token recognized"),
        owner_words(identity),
        lifetime_words(identity.expires, now),
        cleaned_words(pasted.cleaned),
    )


def role_words(role: Role) -> str:
    """Return what the token's owner is in the organization."""
    return _ROLES[role]


def owner_words(identity: Identity) -> str:
    """Return who a token belongs to, with role and organization as far as they are known."""
    name = identity.display_name or identity.email or "somebody without a name"
    organization = f" of {identity.organization.name}" if identity.organization.name else ""
    return f"{name}, {role_words(identity.role)}{organization}"


def lifetime_words(expires: datetime | None, now: datetime) -> str:
    """Return when a token ends, by the clock and in time left."""
    if expires is None:
        return "Webex does not say when this token ends"
    if expires <= now:
        return f"Ended {clock_words(expires, now)}"
    return f"Ends {clock_words(expires, now)}, in {span_words(expires - now)}"


def cleaned_words(codes: Iterable[str]) -> str:
    """Return what was taken away from the pasted text, or an empty text."""
    known = [code for code in _ORDER if code in set(codes)]
    source = [_SOURCES[code] for code in known if code in _SOURCES]
    removed = [_REMOVED[code] for code in known if code in _REMOVED]
    parts = source + ([f"Removed {_joined(removed)}"] if removed else [])
    return ". ".join(parts)


def token_warnings(identity: Identity, now: datetime) -> tuple[Caution, ...]:
    """Return what stands in the way later: no say over people, or a short life."""
    return tuple(
        caution
        for caution in (_role_warning(identity), _lifetime_warning(identity, now))
        if caution is not None
    )


def _role_warning(identity: Identity) -> Caution | None:
    name = identity.display_name or "The owner of this token"
    if identity.role is Role.NO_ADMIN:
        return Caution(
            f"{name} is no administrator",
            "Webex lets only administrators read and change users, so the test of the connection"
            " will most likely fail. Use a token of a full administrator.",
        )
    if identity.role is Role.READ_ONLY_ADMIN:
        return Caution(
            f"{name} may read users, but not change them",
            "A preview works. To apply changes, use a token of a full administrator.",
        )
    return None


def _lifetime_warning(identity: Identity, now: datetime) -> Caution | None:
    if not identity.lifetime_short or identity.expires is None:
        return None
    return Caution(
        f"This token ends {clock_words(identity.expires, now)}",
        "It is enough to try things out. A schedule would stop then, and so would Microsoft"
        " Entra: for those, use the administrator link.",
    )


def _joined(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


_TITLES = {
    TokenKind.PERSONAL: "Personal access token recognized",
    TokenKind.INTEGRATION: "Administrator token recognized",
    TokenKind.SERVICE_APP: "Service app token recognized",
}
_ROLES = {
    Role.FULL_ADMIN: "full administrator",
    Role.USER_ADMIN: "user administrator",
    Role.READ_ONLY_ADMIN: "read-only administrator",
    Role.NO_ADMIN: "no administrator",
    Role.UNKNOWN: "role not known",
}
_ORDER = ("address", "json", "bearer", "quotes", "line-break", "spaces")
_SOURCES = {
    "address": "Taken out of the pasted address",
    "json": "Taken out of the pasted answer",
}
_REMOVED = {
    "bearer": "the word “Bearer”",
    "quotes": "quotation marks",
    "line-break": "line breaks",
    "spaces": "spaces",
}
