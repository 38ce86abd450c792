"""MSAL, kept off the loop: each call on a thread of its own, its requests through ``net``.

MSAL blocks, and its own HTTP knows neither the system's certificates nor the exclusion lists of its
proxies. Here it asks through ``Http`` like everything else: the same trust, the same origins.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import msal

from sparkwizard import __version__
from sparkwizard.entra.clouds import authority_of, sign_in_origins
from sparkwizard.entra.sign_in.refusals import WELL_KNOWN_CLIENT
from sparkwizard.entra.types import SignInSettings
from sparkwizard.errors import SparkWizardError, UnexpectedAnswer
from sparkwizard.net.answer import Answer
from sparkwizard.net.client import Http
from sparkwizard.net.off_loop import off_loop
from sparkwizard.net.redact import register_secret

__all__ = ["ANY_TENANT", "MsalApp"]

ANY_TENANT = "organizations"

# MSAL writes whole answers into its log, tokens included; with no handler Python would print them
_msal_log = logging.getLogger("msal")
_msal_log.addHandler(logging.NullHandler())
_msal_log.propagate = False

_SECRETS = ("access_token", "refresh_token", "id_token", "device_code")


class MsalApp:
    """Ask the sign-in of one cloud for one application. Close it with ``aclose``.

    ``skew`` is by how many seconds this computer's clock differed at the last answer.
    """

    def __init__(self, settings: SignInSettings) -> None:
        self.client_id = settings.client_id or WELL_KNOWN_CLIENT
        self.skew = 0.0
        self._authority = f"{authority_of(settings.graph_url)}/{settings.tenant or ANY_TENANT}"
        self._http = Http(token=None, origins=sign_in_origins(settings.graph_url))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def call(
        self,
        cache: msal.SerializableTokenCache,
        work: Callable[[msal.PublicClientApplication], dict[str, Any] | None],
    ) -> dict[str, Any]:
        """Return what MSAL returns, an empty dictionary for nothing; its tokens are registered.

        Raises ``NetError`` where no usable answer came.
        """
        loop = asyncio.get_running_loop()

        def run() -> dict[str, Any]:
            try:
                return work(self._application(loop, cache)) or {}
            except SparkWizardError:
                raise
            except Exception as error:
                raise _unexpected(error) from error

        result = await off_loop(run, "sign-in")
        for name in _SECRETS:
            register_secret(result.get(name))
        return result

    def _application(
        self, loop: asyncio.AbstractEventLoop, cache: msal.SerializableTokenCache
    ) -> msal.PublicClientApplication:
        return msal.PublicClientApplication(
            self.client_id,
            # MSAL takes https only, whatever the host; the practice tenant speaks http on loopback
            authority=self._authority.replace("http://", "https://", 1),
            instance_discovery=False,
            http_client=_MsalHttp(self._ask, loop),
            token_cache=cache,
            client_capabilities=["CP1"],
            app_name="SparkWizard",
            app_version=__version__,
        )

    async def _ask(
        self, method: str, url: str, params: Mapping[str, str], form: Mapping[str, str] | None,
        headers: Mapping[str, str],
    ) -> Answer:  # fmt: skip
        address = url
        if self._authority.startswith("http://"):
            address = url.replace("https://", "http://", 1)
        answer = await self._http.request(
            method, address, params=params, form=form, headers=headers
        )
        self.skew = _skew(answer.headers)
        return answer


class _MsalHttp:
    """What MSAL takes for its HTTP client: called on its thread, asking on the loop."""

    def __init__(self, ask: Callable[..., Any], loop: asyncio.AbstractEventLoop) -> None:
        self._ask = ask
        self._loop = loop

    def get(self, url: str, *, params: Any = None, headers: Any = None, **_: Any) -> "_Response":
        return self._wait("GET", url, params, None, headers)

    def post(
        self, url: str, *, params: Any = None, data: Any = None, headers: Any = None, **_: Any
    ) -> "_Response":
        return self._wait("POST", url, params, _texts(data), headers)

    def close(self) -> None:
        """Leave the connections to whoever opened them."""

    def _wait(self, method: str, url: str, params: Any, form: Any, headers: Any) -> "_Response":
        asking = self._ask(method, url, _texts(params), form, _texts(headers))
        return _Response(asyncio.run_coroutine_threadsafe(asking, self._loop).result())


class _Response:
    """Hold an answer in the form MSAL knows."""

    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self.text = answer.content.decode("utf-8", "replace")
        self.headers = dict(answer.headers)

    def raise_for_status(self) -> None:
        """Raise for an answer that is no success."""
        if self.status_code >= 400:
            raise ValueError(f"HTTP {self.status_code}")


def _texts(values: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in (values or {}).items() if value is not None}


def _skew(headers: Mapping[str, str]) -> float:
    try:
        return time.time() - parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError, IndexError):
        return 0.0


def _unexpected(error: Exception) -> UnexpectedAnswer:
    """Return the error for what MSAL could not make sense of; its own words may hold secrets."""
    unknown = "Unable to get authority" in str(error) or "OIDC" in str(error)
    if unknown:
        return UnexpectedAnswer(
            "Microsoft Entra ID does not know this organization, or its sign-in can't be asked.",
            fix="Check the tenant in the setup: the directory ID, or a domain such as "
            "contoso.onmicrosoft.com.",
            code="tenant",
            sent=True,
        )
    return UnexpectedAnswer(
        f"The sign-in answered in a way that was not expected ({type(error).__name__}).",
        fix="Try again; if it stays so, check whether a proxy or a sign-in page of your network "
        "answers in its place.",
        sent=True,
    )
