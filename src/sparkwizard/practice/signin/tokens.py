"""Issue access tokens, refresh tokens and identity tokens."""

import base64
import random
import string
from dataclasses import dataclass, field

import msgspec

from sparkwizard.practice.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class Account:
    """Describe who signs in; ``administrator`` may consent and configure applications."""

    id: str
    name: str
    display_name: str
    administrator: bool


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Describe one access token; ``expires`` in epoch seconds."""

    text: str = field(repr=False)
    account: Account
    client_id: str
    permissions: frozenset[str]
    expires: float


@dataclass(frozen=True, slots=True)
class Grant:
    """Remember what a person allowed a client, behind a refresh token or a code."""

    account: Account
    client_id: str
    permissions: frozenset[str]
    nonce: str = ""


class GraphTokens:
    """Know every token of this tenant."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._access: dict[str, AccessToken] = {}
        self._refresh: dict[str, Grant] = {}

    def issue(self, grant: Grant, expires: float) -> AccessToken:
        """Issue an access token."""
        token = AccessToken(
            self._text("practice-graph-access"),
            grant.account,
            grant.client_id,
            grant.permissions,
            expires,
        )
        self._access[token.text] = token
        return token

    def issue_refresh(self, grant: Grant) -> str:
        """Issue a refresh token."""
        text = self._text("practice-graph-refresh")
        self._refresh[text] = grant
        return text

    def find(self, text: str) -> AccessToken | None:
        """Return an access token, however old."""
        return self._access.get(text)

    def grant_of(self, refresh: str) -> Grant | None:
        """Return what stands behind a refresh token."""
        return self._refresh.get(refresh)

    def word(self, length: int, letters: str = string.ascii_letters + string.digits) -> str:
        """Return a random word."""
        return "".join(self._chance.choices(letters, k=length))

    def _text(self, prefix: str) -> str:
        return f"{prefix}-{self.word(64)}"


def identity_token(grant: Grant, *, issuer: str, tenant_id: str, now: float) -> str:
    """Write who signed in, unsigned: clients get it from the token endpoint itself."""
    claims = {
        "aud": grant.client_id,
        "iss": issuer,
        "iat": int(now),
        "nbf": int(now),
        "exp": int(now) + 3600,
        "name": grant.account.display_name,
        "oid": grant.account.id,
        "preferred_username": grant.account.name,
        "sub": grant.account.id,
        "tid": tenant_id,
        "ver": "2.0",
    }
    if grant.nonce:
        claims["nonce"] = grant.nonce
    return f"{_encoded({'typ': 'JWT', 'alg': 'none'})}.{_encoded(claims)}."


def client_info(account: Account, tenant_id: str) -> str:
    """Write the ids by which clients tell accounts apart."""
    return _encoded({"uid": account.id, "utid": tenant_id})


def _encoded(content: JsonObject) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(content)).decode().rstrip("=")
