"""Try the way to an address layer by layer, and say which one fails. Nothing else is sent on it."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from sparkwizard.errors import InputError
from sparkwizard.net.proxy import Route, proxy_name, route_to
from sparkwizard.net.proxy_choice import ProxyChoice
from sparkwizard.net.trust.system import system_context
from sparkwizard.net.trust.tls import Connection, ProxyRefused, connect, peer_issuer

__all__ = ["WayLayer", "WayStep", "check_way"]

_SECONDS = 10.0
_HERE = "Check host and port for a slip, and this computer's network connection and VPN."
# what is spoken is Basic alone; the others need the account of this computer (facts: httpx)
_UNSPOKEN = {"ntlm", "negotiate", "kerberos", "digest"}


class WayLayer(StrEnum):
    """Name the layers of the way, in their order."""

    ROUTE = "Which way"
    NAME = "Name"
    CONNECTION = "Connection"
    PERMISSION = "Permission"
    ENCRYPTION = "Encryption"


class WayStep(msgspec.Struct, frozen=True):
    """Hold what one layer said; ``fix`` and ``passed`` False where it failed."""

    layer: WayLayer
    summary: str
    passed: bool = True
    fix: str = ""
    milliseconds: int | None = None


class _Failed(Exception):
    def __init__(self, layer: WayLayer, summary: str, fix: str) -> None:
        super().__init__(summary)
        self.step = WayStep(layer, summary, passed=False, fix=fix)


async def check_way(
    url: str, choice: ProxyChoice, *, seconds: float = _SECONDS
) -> AsyncIterator[WayStep]:
    """Yield each layer of the way to an https address as soon as it is known, to the first failure.

    ``choice`` is tried, whatever is chosen at the moment. ``seconds`` is how long each may take.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    try:
        route = route_to(url, choice=choice)
    except InputError as error:
        yield WayStep(WayLayer.ROUTE, error.message, passed=False, fix=error.fix)
        return
    shown = proxy_name(route.proxy) if route.proxy else ""
    through = f"Through {shown}" if shown else "Directly, without a proxy"
    yield WayStep(WayLayer.ROUTE, f"{through}: {route.source}")
    try:
        async for step in _Way(host, port, route, shown, seconds).steps():
            yield step
    except _Failed as failed:
        yield failed.step


class _Way:
    """Walk one way."""

    def __init__(self, host: str, port: int, route: Route, shown: str, seconds: float) -> None:
        self._host, self._port, self._seconds = host, port, seconds
        self._proxy, self._shown = route.proxy, shown
        self._first = urlsplit(route.proxy).hostname or "" if route.proxy else host
        self._started = 0.0

    async def steps(self) -> AsyncIterator[WayStep]:
        self._begin()
        yield self._passed(WayLayer.NAME, await self._name())
        self._begin()
        connection, words = await self._connection()
        try:
            yield self._passed(WayLayer.CONNECTION, words)
            if self._proxy:
                yield WayStep(WayLayer.PERMISSION, f"The proxy lets {self._host} through")
            self._begin()
            yield self._passed(WayLayer.ENCRYPTION, await self._encryption(connection))
        finally:
            await connection.close()

    def _begin(self) -> None:
        self._started = time.monotonic()

    def _passed(self, layer: WayLayer, summary: str) -> WayStep:
        return WayStep(
            layer, summary, milliseconds=round((time.monotonic() - self._started) * 1000)
        )

    async def _name(self) -> str:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._seconds):
                await loop.getaddrinfo(self._first, None)
        except (OSError, TimeoutError, UnicodeError):
            raise _Failed(
                WayLayer.NAME,
                f"The {'proxy' if self._proxy else 'name'} {self._first} is not known to this"
                " network",
                _HERE,
            ) from None
        return f"{self._first} is known to this network"

    async def _connection(self) -> tuple[Connection, str]:
        what = f"The proxy {self._shown}" if self._proxy else self._host
        try:
            async with asyncio.timeout(self._seconds):
                connection = await connect(self._host, self._port, self._proxy)
        except ProxyRefused as error:
            raise _refusal(error, self._host, signed_in="@" in (self._proxy or "")) from None
        except TimeoutError:
            raise _Failed(WayLayer.CONNECTION, f"{what} did not answer in time", _HERE) from None
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            raise _Failed(WayLayer.CONNECTION, f"{what} can't be reached", _HERE) from None
        return connection, f"{what} answers"

    async def _encryption(self, connection: Connection) -> str:
        try:
            async with asyncio.timeout(self._seconds):
                issuer = await connection.start_tls(system_context(), self._host)
        except ssl.SSLCertVerificationError:
            found = await peer_issuer(self._host, self._port, self._proxy)
            by = f"; it was issued by “{found}”" if found else ""
            raise _Failed(
                WayLayer.ENCRYPTION,
                f"The certificate for {self._host} is not trusted by this computer{by}",
                "If your network inspects encrypted traffic, have its certificate installed in"
                " this computer's system store.",
            ) from None
        except (OSError, TimeoutError):
            raise _Failed(
                WayLayer.ENCRYPTION,
                f"No encrypted connection to {self._host} came about",
                f"Ask whoever runs the network or the proxy to let encrypted traffic to"
                f" {self._host} through.",
            ) from None
        return f"Trusted by this computer, issued by {issuer}" if issuer else "Trusted"


def _refusal(error: ProxyRefused, host: str, *, signed_in: bool) -> _Failed:
    """Return what a proxy's refusal means and what helps."""
    layer = WayLayer.PERMISSION
    if error.status == 407:
        if "basic" in error.schemes or not _UNSPOKEN & set(error.schemes):
            said = "did not take the user name and password" if signed_in else "asks who you are"
            return _Failed(
                layer, f"The proxy {said}", "Enter the user name and password for the proxy."
            )
        kinds = " or ".join(sorted(_UNSPOKEN & set(error.schemes)))
        return _Failed(
            layer,
            f"The proxy asks for a sign-in that SparkWizard does not speak ({kinds})",
            f"Ask whoever runs the proxy to allow {host} without sign-in or with a password"
            " (Basic), or run a helper on this computer that signs in, and enter that as the proxy"
            " (localhost and its port).",
        )
    if error.status == 0:
        return _Failed(
            WayLayer.CONNECTION, "What answers there is not an HTTP proxy", "Check host and port."
        )
    if error.status in (502, 503, 504):
        return _Failed(
            layer,
            f"The proxy can't reach {host} itself ({error.status})",
            "Ask whoever runs the proxy whether it may look up and reach that name.",
        )
    return _Failed(
        layer,
        f"The proxy does not let {host} through ({error.status})",
        f"Ask whoever runs the proxy to allow {host}, port 443.",
    )
