"""Carry sign-ins from their first request to the tokens."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sparkwizard.practice.entra_faults import EntraFaults
from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.signin import refusals
from sparkwizard.practice.signin.permissions import IDENTITY_SCOPES, PERMISSIONS
from sparkwizard.practice.signin.refusals import SignInRefusal
from sparkwizard.practice.signin.tokens import (
    Account,
    Grant,
    GraphTokens,
    client_info,
    identity_token,
)

_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXYZ"


@dataclass(slots=True)
class Request:
    """Hold what a client asked for, and how far the person came."""

    client_id: str
    scopes: tuple[str, ...]
    expires: float
    grant: Grant | None = None
    refusal: SignInRefusal | None = None
    user_code: str = ""
    redirect_uri: str = ""
    state: str = ""
    challenge: str = ""
    nonce: str = ""
    response_mode: str = "query"

    @property
    def waiting(self) -> bool:
        """Tell whether the person has neither agreed nor been refused."""
        return self.grant is None and self.refusal is None


class SignIn:
    """Know the sign-ins under way and everything that came of them.

    ``accounts`` returns who may sign in, the administrator first.
    """

    def __init__(
        self,
        *,
        tokens: GraphTokens,
        faults: EntraFaults,
        clock: Callable[[], float],
        tenant_id: str,
        issuer: str,
        accounts: Callable[[], list[Account]],
    ) -> None:
        self.tokens = tokens
        self.accounts = accounts
        self.devices: dict[str, Request] = {}
        self.pages: dict[str, Request] = {}
        self._codes: dict[str, Request] = {}
        self._faults = faults
        self._clock = clock
        self._tenant_id = tenant_id
        self._issuer = issuer

    def begin_device(self, client_id: str, scope: str) -> tuple[str, Request]:
        """Start a sign-in by device code and return the device code with it."""
        request = Request(client_id, _scopes(scope), self._clock() + self._faults.device_code_life)
        request.user_code = self.tokens.word(9, _CODE_LETTERS)
        device_code = self.tokens.word(48)
        self.devices[device_code] = request
        return device_code, request

    def begin_page(self, client_id: str, scope: str) -> tuple[str, Request]:
        """Start a sign-in in the browser and return the word that its page carries."""
        request = Request(client_id, _scopes(scope), self._clock() + 900)
        key = self.tokens.word(24)
        self.pages[key] = request
        return key, request

    def by_user_code(self, user_code: str) -> Request | None:
        """Return the living sign-in with this user code, spelled in any case."""
        wanted = user_code.strip().upper()
        alive = (one for one in self.devices.values() if one.expires > self._clock())
        return next((one for one in alive if one.user_code == wanted), None)

    def finish(self, request: Request, account: Account, *, accept: bool = True) -> None:
        """Do what the person does on the page: agree to the permissions, or not."""
        by_device = bool(request.user_code)
        if self._faults.conditional_access or (by_device and self._faults.device_code_blocked):
            request.refusal = refusals.blocked()
        elif not accept:
            request.refusal = refusals.declined()
        elif self._faults.admin_consent_needed or self._beyond(request, account):
            request.refusal = refusals.admin_consent_needed()
        else:
            named = frozenset(self.permissions(request))
            request.grant = Grant(account, request.client_id, named, request.nonce)

    def complete_all(self, account: Account | None = None, *, accept: bool = True) -> int:
        """Finish every sign-in that waits, as the administrator unless told otherwise."""
        waiting = [one for one in (*self.devices.values(), *self.pages.values()) if one.waiting]
        for one in waiting:
            self.finish(one, account or self.accounts()[0], accept=accept)
        return len(waiting)

    def permissions(self, request: Request) -> list[str]:
        """Return the permissions a request asks for, without those of every sign-in."""
        names = [_bare(scope) for scope in request.scopes]
        if ".default" in names:
            return list(PERMISSIONS)
        return [name for name in names if name not in IDENTITY_SCOPES]

    def redeem_device(self, device_code: str, client_id: str) -> JsonObject:
        """Return the tokens of a device code; raises SignInRefusal until there are some."""
        request = self.devices.get(device_code)
        if request is None or request.client_id != client_id:
            raise SignInRefusal("bad_verification_code", 70018, "Invalid verification code.")
        if self._faults.slow_down_next > 0:
            self._faults.slow_down_next -= 1
            raise refusals.slow_down()
        if request.expires <= self._clock():
            raise refusals.code_expired()
        if request.waiting:
            raise refusals.pending()
        del self.devices[device_code]
        return self._tokens(request)

    def code_for(self, request: Request) -> str:
        """Return the code that the browser carries back to the client."""
        code = self.tokens.word(40)
        self._codes[code] = request
        return code

    def redeem_code(self, code: str, verifier: str, redirect_uri: str) -> JsonObject:
        """Return the tokens of a code from the browser; raises SignInRefusal."""
        request = self._codes.pop(code, None)
        if request is None:
            raise refusals.bad_grant("code")
        if request.redirect_uri != redirect_uri:
            raise SignInRefusal("invalid_grant", 500112, "The reply address is another one.")
        if request.challenge and _challenge(verifier) != request.challenge:
            raise SignInRefusal("invalid_grant", 501481, "The Code_Verifier does not match.")
        return self._tokens(request)

    def renew(self, refresh: str, client_id: str, scope: str) -> JsonObject:
        """Return new tokens for a refresh token; raises SignInRefusal."""
        grant = self.tokens.grant_of(refresh)
        if grant is None or grant.client_id != client_id:
            raise refusals.bad_grant("refresh token")
        if self._faults.sessions_revoked:
            raise refusals.session_revoked()
        if self._faults.second_factor_needed:
            raise refusals.second_factor_needed()
        if self._faults.conditional_access:
            raise refusals.blocked()
        scopes = _scopes(scope)
        wanted = {_bare(one) for one in scopes} - IDENTITY_SCOPES - {".default"}
        if wanted - (grant.permissions - set(self._faults.consent_withdrawn)):
            raise refusals.consent_missing(client_id)
        return self._body(grant, scopes)

    def _beyond(self, request: Request, account: Account) -> bool:
        names = self.permissions(request)
        return not account.administrator and any(PERMISSIONS[name].admin_only for name in names)

    def _tokens(self, request: Request) -> JsonObject:
        if request.refusal is not None:
            raise request.refusal
        assert request.grant is not None
        return self._body(request.grant, request.scopes)

    def _body(self, grant: Grant, scopes: tuple[str, ...]) -> JsonObject:
        now, life = self._clock(), self._faults.token_life
        body: JsonObject = {
            "token_type": "Bearer",
            "scope": " ".join(self._told(grant, scopes)),
            "expires_in": int(life),
            "ext_expires_in": int(life),
            "access_token": self.tokens.issue(grant, now + life).text,
            "client_info": client_info(grant.account, self._tenant_id),
        }
        if "offline_access" in scopes:
            body["refresh_token"] = self.tokens.issue_refresh(grant)
        if "openid" in scopes:
            body["id_token"] = identity_token(
                grant, issuer=self._issuer, tenant_id=self._tenant_id, now=now
            )
        return body

    def _told(self, grant: Grant, scopes: tuple[str, ...]) -> list[str]:
        """Return the scopes in the spelling of the request, then whatever else was granted."""
        asked = [one for one in scopes if _bare(one) != ".default" and one != "offline_access"]
        bare = {_bare(one) for one in asked}
        return asked + sorted(grant.permissions - bare)


def _scopes(text: str) -> tuple[str, ...]:
    """Return the scopes; raises SignInRefusal for a permission that does not exist."""
    scopes = tuple(dict.fromkeys(text.split()))
    for scope in scopes:
        name = _bare(scope)
        if name not in PERMISSIONS and name not in IDENTITY_SCOPES and name != ".default":
            raise SignInRefusal(
                "invalid_scope",
                650053,
                f"The application asked for scope '{name}' that doesn't exist on the resource"
                " '00000003-0000-0000-c000-000000000000'.",
            )
    return scopes


def _bare(scope: str) -> str:
    return scope.rpartition("/")[2]


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
