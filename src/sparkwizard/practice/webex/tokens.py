"""Issue the access tokens of the practice tenant and say what each is good for."""

import random
import string
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Flag, StrEnum, auto

_DAY = 86_400.0
_YEAR = 365 * _DAY


class TokenKind(StrEnum):
    """Name the tokens one can rehearse with."""

    ADMIN = "admin"
    PERSONAL = "personal"
    NON_ADMIN = "non_admin"
    READ_ONLY = "read_only"
    PEOPLE_ONLY = "people_only"
    SERVICE_APP = "service_app"
    BOT = "bot"
    EXPIRED = "expired"
    OTHER_ORGANIZATION = "other_organization"


class Right(Flag):
    """Name what a token may do beyond asking who it is."""

    NOTHING = 0
    SEE_ADMIN_PAGES = auto()
    READ_IDENTITY = auto()
    WRITE_IDENTITY = auto()
    WRITE_LICENCES = auto()
    WRITE = WRITE_IDENTITY | WRITE_LICENCES
    READ = SEE_ADMIN_PAGES | READ_IDENTITY
    ALL = READ | WRITE


@dataclass(frozen=True, slots=True)
class Token:
    """Describe one token; ``expires`` in epoch seconds, ``user`` the id of its SCIM user."""

    text: str = field(repr=False)
    kind: TokenKind
    organization: str
    rights: Right
    expires: float
    user: str | None
    person_type: str = "person"


@dataclass(frozen=True, slots=True)
class _Model:
    life: float
    rights: Right
    holder: str | None
    person_type: str = "person"


# how long each kind lives and what it may do; facts and their sources: see the package docstring
_MODELS: dict[TokenKind, _Model] = {
    TokenKind.ADMIN: _Model(_YEAR, Right.ALL, "operator"),
    TokenKind.PERSONAL: _Model(_DAY / 2, Right.ALL, "operator"),
    TokenKind.NON_ADMIN: _Model(_YEAR, Right.NOTHING, "employee"),
    TokenKind.READ_ONLY: _Model(_YEAR, Right.READ, "auditor"),
    TokenKind.PEOPLE_ONLY: _Model(_YEAR, Right.SEE_ADMIN_PAGES | Right.WRITE_LICENCES, "operator"),
    TokenKind.SERVICE_APP: _Model(14 * _DAY, Right.ALL, None, "appuser"),
    TokenKind.BOT: _Model(100 * _YEAR, Right.NOTHING, None, "bot"),
    TokenKind.EXPIRED: _Model(-_DAY, Right.ALL, "operator"),
    TokenKind.OTHER_ORGANIZATION: _Model(_YEAR, Right.ALL, None),
}


class Tokens:
    """Know every token of the practice tenant; a revoked one is as good as an expired one."""

    def __init__(self, issued: Iterable[Token]) -> None:
        self._by_text = {token.text: token for token in issued}
        self._revoked: set[str] = set()

    def texts(self) -> dict[str, str]:
        """Return the text of each token by its kind."""
        return {str(token.kind): token.text for token in self._by_text.values()}

    def find(self, text: str, now: float) -> Token | None:
        """Return the token where it is known, alive and not revoked."""
        token = self._by_text.get(text)
        if token is None or text in self._revoked or token.expires <= now:
            return None
        return token

    def revoke_of(self, user: str) -> None:
        """Invalidate all tokens of a user, as Webex does when that user's roles change."""
        self._revoked.update(t.text for t in self._by_text.values() if t.user == user)


def issue_tokens(
    chance: random.Random, *, organization: str, elsewhere: str, users: dict[str, str], now: float
) -> Tokens:
    """Issue one token of each kind; ``users`` gives the user id of each holder by its part."""
    issued = []
    for kind, model in _MODELS.items():
        home = elsewhere if kind is TokenKind.OTHER_ORGANIZATION else organization
        issued.append(
            Token(
                _opaque_text(chance, home),
                kind,
                home,
                model.rights,
                now + model.life,
                users.get(model.holder or ""),
                model.person_type,
            )
        )
    return Tokens(issued)


def _opaque_text(chance: random.Random, organization: str) -> str:
    """Compose <blob>_<cluster>_<organization>, the form that field code relies on."""
    blob = "".join(chance.choices(string.ascii_letters + string.digits, k=64))
    return f"{blob}_PF84_{organization}"
