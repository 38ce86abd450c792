"""Sign people in to Microsoft Entra ID: in the browser, by device code, and silently after that.

Each way of signing in is an async generator of events; closing it, or cancelling whoever reads it,
ends the sign-in at once. What arrives after that is dropped.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msal

from sparkwizard.entra.clouds import authority_of
from sparkwizard.entra.permissions import scopes_for
from sparkwizard.entra.sign_in.app import ANY_TENANT, MsalApp
from sparkwizard.entra.sign_in.cache import TokenStore, Vaults, in_memory
from sparkwizard.entra.sign_in.qr import qr_of
from sparkwizard.entra.sign_in.redirect import Redirect
from sparkwizard.entra.sign_in.refusals import nobody_signed_in, sign_in_error
from sparkwizard.entra.types import (
    Account,
    BrowserNeeded,
    DeviceCode,
    Purpose,
    SignedIn,
    SignInEvent,
    SignInSettings,
)
from sparkwizard.errors import StorageError, UnexpectedAnswer
from sparkwizard.net.off_loop import off_loop
from sparkwizard.net.redact import register_secret
from sparkwizard.provisioning.types import Reason
from sparkwizard.values import replace

__all__ = ["SignIn", "SignedInTokens"]

# a token is renewed before it ends, so that a long read does not stumble over it
_EARLY_SECONDS = 300.0

_PENDING = ("authorization_pending", "slow_down")


class SignIn:
    """Sign in for one setup. ``vaults`` keep the tokens; ``folder`` is where locks lie.

    Nothing durable is kept for a sign-in over plain http: that is the practice tenant.
    """

    def __init__(
        self,
        settings: SignInSettings,
        *,
        vaults: Vaults,
        folder: Path,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.settings = settings
        self._plain = authority_of(settings.graph_url).startswith("http://")
        self._vaults = in_memory if self._plain else vaults
        self._folder = folder
        self._sleep = sleep
        self._app = MsalApp(settings)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._app.aclose()

    # -- signing in -----------------------------------------------------------------------------

    async def in_browser(
        self, purposes: Collection[Purpose], *, login_hint: str = ""
    ) -> AsyncGenerator[SignInEvent]:
        """Yield the address to open in a browser, then who signed in there.

        Raises RemoteError saying whom to ask for what, Cancelled where the person declined in the
        browser, and NetError.
        """
        fresh = msal.SerializableTokenCache()
        async with Redirect() as redirect:
            flow = await self._app.call(
                fresh,
                lambda app: app.initiate_auth_code_flow(
                    scopes_for(purposes),
                    redirect_uri=redirect.url,
                    response_mode="form_post",
                    prompt="select_account",
                    login_hint=login_hint or None,
                ),
            )
            answer = asyncio.ensure_future(redirect.answer(str(flow["state"])))
            try:
                yield BrowserNeeded(str(flow["auth_uri"]))
                brought = await answer
            finally:
                answer.cancel()
        register_secret(brought.get("code"))
        result = await self._app.call(
            fresh, lambda app: app.acquire_token_by_auth_code_flow(flow, brought)
        )
        yield await self._kept(fresh, result, purposes)

    async def by_device_code(self, purposes: Collection[Purpose]) -> AsyncGenerator[SignInEvent]:
        """Yield the code to enter on any device, then who signed in with it. Raises as above."""
        fresh = msal.SerializableTokenCache()
        flow = await self._app.call(
            fresh, lambda app: app.initiate_device_flow(scopes_for(purposes))
        )
        if not flow.get("user_code"):
            raise self._refused(flow, purposes)
        yield _device_code(flow)
        result = await self._polled(fresh, flow)
        if "access_token" not in result:
            raise self._refused(result, purposes)
        yield await self._kept(fresh, result, purposes)

    async def _polled(
        self, fresh: msal.SerializableTokenCache, flow: dict[str, Any]
    ) -> dict[str, Any]:
        """Ask every few seconds whether the code was used, until it was or is too old."""
        result: dict[str, Any] = {"error": "expired_token"}
        ends = time.monotonic() + float(flow["expires_in"])
        while time.monotonic() < ends:
            await self._sleep(float(flow["interval"]))
            flow["latest_attempt_at"] = 0  # we wait ourselves
            result = await self._app.call(
                fresh,
                lambda app: app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True),
            )
            if result.get("error") not in _PENDING:
                return result
        return {"error": "expired_token"} if result.get("error") in _PENDING else result

    async def _kept(
        self,
        fresh: msal.SerializableTokenCache,
        result: dict[str, Any],
        purposes: Collection[Purpose],
    ) -> SignedIn:
        """Keep the tokens for this setup in place of earlier ones, and return who signed in."""
        if "access_token" not in result:
            raise self._refused(result, purposes)
        account = _account(result)
        await self._settle(account.tenant)
        note = await off_loop(lambda: self._keep(fresh), "sign-in-store")
        return SignedIn(account, note)

    async def _settle(self, tenant: str) -> None:
        """Go on with the organization that the account chose where the setup names none."""
        if not self.settings.tenant and tenant:
            self.settings = replace(self.settings, tenant=tenant)
            await self._app.aclose()
            self._app = MsalApp(self.settings)

    def _keep(self, fresh: msal.SerializableTokenCache) -> Reason | None:
        """Keep the tokens, if need be in memory, and return what is to be known about that."""
        memory, kept = in_memory(self._vault_name()), self._store()
        try:
            kept.replace(fresh)
        except StorageError as error:
            memory.save(fresh.serialize())
            return Reason(_FORGOTTEN.code, f"{_FORGOTTEN.text} {error.message}")
        if kept.durable:
            memory.delete()
            return None
        return _FORGOTTEN

    # -- afterwards -----------------------------------------------------------------------------

    async def account(self, *, only_kept: bool = False) -> Account | None:
        """Return who is signed in for this setup, None for nobody. Asks no network.

        ``only_kept`` leaves out what is forgotten when the program closes.
        """

        def first() -> Account | None:
            for store in self._stores():
                if only_kept and not store.durable:
                    continue
                with store.opened() as cache:
                    for known in cache.search(msal.TokenCache.CredentialType.ACCOUNT):
                        return Account(
                            str(known.get("username") or ""),
                            str(known.get("name") or ""),
                            str(known.get("realm") or ""),
                            str(known.get("local_account_id") or ""),
                        )
            return None

        return await off_loop(first, "sign-in-store")

    async def sign_out(self) -> None:
        """Remove every token of this setup from this computer. Raises StorageError."""

        def forget() -> None:
            for store in self._stores():
                store.forget()

        await off_loop(forget, "sign-in-store")

    async def token(
        self, purposes: Collection[Purpose], *, claims: str = "", renew: bool = False
    ) -> tuple[str, float]:
        """Return an access token without asking anybody, and when it ends (``time.time``).

        Raises NotAuthorized where nobody is signed in or the sign-in has ended, Forbidden where
        consent is missing, and NetError.
        """
        for store in await off_loop(self._stores, "sign-in-store"):
            result = await self._silent(store, purposes, claims, renew=renew)
            if "access_token" in result:
                ends = time.time() + float(result.get("expires_in") or 0)
                return str(result["access_token"]), ends
            if result:
                raise self._refused(result, purposes)
        raise nobody_signed_in()

    async def _silent(
        self, store: TokenStore, purposes: Collection[Purpose], claims: str, *, renew: bool
    ) -> dict[str, Any]:
        with contextlib.ExitStack() as stack:
            # entered and left on the worker's threads: the keyring blocks
            cache = await off_loop(lambda: stack.enter_context(store.opened()), "sign-in-store")

            def silent(app: msal.PublicClientApplication) -> dict[str, Any] | None:
                accounts = app.get_accounts()
                if not accounts:
                    return None
                found: dict[str, Any] | None = app.acquire_token_silent_with_error(
                    scopes_for(purposes),
                    accounts[0],
                    force_refresh=renew,
                    claims_challenge=claims or None,
                )
                return found or {"error": "login_required"}

            result = await self._app.call(cache, silent)
            await off_loop(stack.pop_all().close, "sign-in-store")
            return result

    # -- helpers --------------------------------------------------------------------------------

    def _refused(self, result: dict[str, Any], purposes: Collection[Purpose]) -> Exception:
        return sign_in_error(result, purposes, self._app.client_id, self._app.skew)

    def _vault_name(self) -> str:
        authority = authority_of(self.settings.graph_url)
        tenant = self.settings.tenant.lower() or ANY_TENANT
        return f"{authority}/{tenant} {self._app.client_id}"

    def _store(self) -> TokenStore:
        name = self._vault_name()
        return TokenStore(self._vaults(name), self._folder, name)

    def _stores(self) -> tuple[TokenStore, ...]:
        """Return where this setup's tokens may be: in memory where the vault failed, else there."""
        memory = TokenStore(in_memory(self._vault_name()))
        return (memory,) if self._plain else (memory, self._store())


class SignedInTokens:
    """Hand out the tokens of a sign-in, each for as long as it is good."""

    def __init__(self, sign_in: SignIn, purposes: Collection[Purpose]) -> None:
        self._sign_in = sign_in
        self._purposes = tuple(purposes)
        self._token = ""
        self._ends = 0.0
        self._asking = asyncio.Lock()

    async def token(self) -> str:
        """Return a token that is good for some minutes yet."""
        async with self._asking:
            if time.time() > self._ends - _EARLY_SECONDS:
                await self._ask()
            return self._token

    async def renewed(self, refused: str, claims: str = "") -> str:
        """Return another token than the refused one; others may have renewed it meanwhile."""
        async with self._asking:
            if self._token == refused:
                await self._ask(claims=claims, renew=True)
            return self._token

    async def _ask(self, *, claims: str = "", renew: bool = False) -> None:
        self._token, self._ends = await self._sign_in.token(
            self._purposes, claims=claims, renew=renew
        )


_FORGOTTEN = Reason(
    "sign-in-in-memory",
    "This computer has no place that keeps a sign-in safely, so it is forgotten when SparkWizard "
    "closes.",
)


def _device_code(flow: dict[str, Any]) -> DeviceCode:
    url = str(flow.get("verification_uri") or "")
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")):
        raise UnexpectedAnswer(
            "The sign-in names no address where the code is entered.",
            fix="Sign in in the browser.",
            sent=True,
        )
    whole = str(flow.get("verification_uri_complete") or url)
    return DeviceCode(str(flow["user_code"]), url, int(flow["expires_in"]), qr_of(whole))


def _account(result: dict[str, Any]) -> Account:
    claims = result.get("id_token_claims") or {}
    return Account(
        str(claims.get("preferred_username") or ""),
        str(claims.get("name") or ""),
        str(claims.get("tid") or ""),
        str(claims.get("oid") or ""),
    )
