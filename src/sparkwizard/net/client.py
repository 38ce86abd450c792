"""The one way out: every HTTP request of the product goes through ``Http``.

It trusts what the operating system trusts, finds the proxy, keeps the token to the origins it was
given for, follows no redirect, and repeats only what is safe to repeat. Nothing else imports httpx.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec

from sparkwizard import __version__
from sparkwizard.errors import CertificateProblem, NetError, NotSent, UnexpectedAnswer
from sparkwizard.net.answer import Answer, Json
from sparkwizard.net.faults import Fault, certificate_problem, unreachable
from sparkwizard.net.pace import Pace
from sparkwizard.net.proxy import is_loopback, origin_of, proxy_for, proxy_name
from sparkwizard.net.redact import register_secret
from sparkwizard.net.retry import RetryPolicy, may_repeat, retry_after, waiting_is_on
from sparkwizard.net.transport import Transport
from sparkwizard.net.trust.system import system_context
from sparkwizard.net.trust.tls import peer_issuer

__all__ = ["Answer", "Http", "Json"]

logger = logging.getLogger(__name__)

_REDIRECTS = frozenset((300, 301, 302, 303, 305, 307, 308))

# Connection faults seldom pass by waiting long: fewer tries than a busy server gets.
_FAULT_TRIES = 3

_FAULTS: tuple[tuple[type[httpx.HTTPError], Fault], ...] = (
    (httpx.ConnectTimeout, Fault.CONNECT_TIMEOUT),
    (httpx.PoolTimeout, Fault.BUSY),
    (httpx.ReadTimeout, Fault.READ_TIMEOUT),
    (httpx.WriteTimeout, Fault.READ_TIMEOUT),
    (httpx.ProxyError, Fault.PROXY),
    (httpx.ConnectError, Fault.REFUSED),
    (httpx.TransportError, Fault.DROPPED),
)


class Http:
    """Send requests with one token, and only to the origins it was confirmed for.

    ``origins`` are addresses of which scheme, host and port count; every other origin is
    ``NotSent``, and so is plain http beyond this computer. ``token`` None sends none.
    ``on_wait(seconds, why)`` is told before each wait. Times are seconds. ``pace`` holds all its
    requests to what the other side takes.
    """

    def __init__(
        self,
        *,
        token: str | None,
        origins: Collection[str],
        proxy: str | None = None,
        connect_timeout: float = 10.0,
        read_timeout: float = 60.0,
        retries: RetryPolicy | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        on_wait: Callable[[float, str], None] | None = None,
    ) -> None:
        self.on_wait = on_wait
        self._token = token
        self._origins = frozenset(filter(None, map(origin_of, origins)))
        self._proxy = proxy
        self._timeout = httpx.Timeout(read_timeout, connect=connect_timeout, pool=None)
        self._retries = retries or RetryPolicy()
        self._sleep = sleep
        self.pace = Pace()
        self._transports: dict[str | None, httpx.AsyncBaseTransport] = {}
        self._context: ssl.SSLContext | None = None
        register_secret(token)

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
        transports, self._transports = list(self._transports.values()), {}
        for transport in transports:
            await transport.aclose()

    async def request(
        self,
        method: str,
        url: str,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        repeatable: bool | None = None,
        headers: Mapping[str, str] | None = None,
        operations: int = 1,
    ) -> Answer:
        """Send a request and return the answer, whatever its status; redirects are refused.

        ``form`` is sent in place of ``json``, as web forms are. ``repeatable`` says whether it may
        be sent twice (None: reads may). ``operations`` is how many it counts for at the other
        side. ``NetError`` where no usable answer came; its ``sent`` says whether the request may
        have arrived all the same.
        """
        address = _with_params(url, params)
        self._refuse(address)
        body = _Body.of(json) if form is None else _Body.of_form(form)
        request = _prepared(method, address, body, {**self._headers(), **(headers or {})})
        request.extensions["timeout"] = self._timeout.as_dict()
        async with self.pace.place():
            answer = await self._until_content(request, address, repeatable, operations)
        return _not_redirected(answer)

    def hold(self, seconds: float, why: str, *, left_at: float) -> None:
        """Let all requests wait, as a part of an answer asks that was itself a success.

        ``left_at`` is when the request left (``time.monotonic``): parts of one answer are one
        refusal.
        """
        if self.on_wait is not None:
            self.on_wait(seconds, why)
        if waiting_is_on():
            self.pace.refused(seconds, left_at=left_at)

    async def _until_content(
        self, request: httpx.Request, address: str, repeatable: bool | None, operations: int
    ) -> Answer:
        """Send until the answer will do or there is no sense in another try."""
        attempt = 0
        while True:
            attempt += 1
            if waiting_is_on():
                await self.pace.turn(self._sleep, operations)
            left_at = time.monotonic()
            answer, fault = await self._try(request, address, attempt)
            if answer is not None and not _slowed(answer):
                self.pace.answered(time.monotonic() - left_at, operations)
            why = self._wait_reason(request.method, repeatable, attempt, answer, fault)
            if why is not None:
                await self._wait(attempt, answer, why, left_at, operations)
            elif answer is not None:
                return answer
            elif fault is not None:
                raise fault

    # -- sending -------------------------------------------------------------------------------

    def _refuse(self, url: str) -> None:
        """Raise ``NotSent`` unless this address may be asked with what is sent here."""
        parts = urlsplit(url)
        origin, host = origin_of(url), parts.hostname or ""
        if parts.scheme not in ("http", "https") or not origin:
            raise NotSent("This is not a web address.", fix="Enter an address with https://.")
        if parts.username or parts.password:
            raise NotSent(
                "The address holds a user name or password.", fix="Enter it without them."
            )
        if parts.scheme == "http" and not is_loopback(host):
            raise NotSent(
                f"{host} would be asked without encryption, so nothing was sent.",
                fix="Use an address that starts with https://.",
            )
        if origin not in self._origins:
            raise NotSent(
                f"Nothing was sent to {origin}: the token was not confirmed for that address.",
                fix="Check the address, and confirm it with the token if it is right.",
            )

    def _headers(self) -> dict[str, str]:
        headers = {"User-Agent": f"SparkWizard/{__version__}", "Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return headers

    async def _try(
        self, request: httpx.Request, url: str, attempt: int
    ) -> tuple[Answer | None, NetError | None]:
        """Send once; return the answer, or the fault in the product's own words."""
        started = time.monotonic()
        proxy = proxy_for(url, self._proxy)
        try:
            # not through httpx's client: each request stands for itself, no cookies, no redirects
            response = await self._transport(proxy).handle_async_request(request)
            content = await response.aread()
        except (httpx.HTTPError, ssl.SSLError) as error:
            logger.debug("no answer from %s: %s", request.url.host, type(error).__name__)
            return None, await _fault(error, url, proxy)
        elapsed = round((time.monotonic() - started) * 1000)
        logger.debug("%s %s %s %d ms", request.method, request.url, response.status_code, elapsed)
        return (
            Answer(
                method=request.method,
                url=url,
                status=response.status_code,
                headers=response.headers,
                content=content,
                elapsed_ms=elapsed,
                tries=attempt,
            ),
            None,
        )

    def _transport(self, proxy: str | None) -> httpx.AsyncBaseTransport:
        if proxy not in self._transports:
            self._context = self._context or system_context()
            self._transports[proxy] = (
                httpx.AsyncHTTPTransport(
                    verify=self._context,
                    proxy=proxy,
                    limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
                    trust_env=False,
                )
                if proxy
                else Transport(self._context)
            )
        return self._transports[proxy]

    # -- repeating -----------------------------------------------------------------------------

    def _wait_reason(
        self,
        method: str,
        repeatable: bool | None,
        attempt: int,
        answer: Answer | None,
        fault: NetError | None,
    ) -> str | None:
        """Return why to try again, in words, or None to be content with what came."""
        tries = self._retries.tries if answer else min(_FAULT_TRIES, self._retries.tries)
        if attempt >= tries or isinstance(fault, CertificateProblem | UnexpectedAnswer):
            return None
        again = may_repeat(
            method,
            repeatable,
            status=answer.status if answer else 0,
            asked=_asked(answer),
            sent=fault.sent if fault else True,
        )
        if not again:
            return None
        if answer is None:
            return fault.message if fault else ""
        if answer.status == 429:
            return f"{answer.host} asks to slow down."
        return f"{answer.host} is busy or unavailable right now."

    async def _wait(
        self, attempt: int, answer: Answer | None, why: str, left_at: float, operations: int
    ) -> None:
        """Wait before the next try; where the other side asks for it, everybody waits."""
        seconds = self._retries.wait(attempt, _asked(answer))
        if self.on_wait is not None:
            self.on_wait(seconds, why)
        if not waiting_is_on():
            return
        if answer is not None and _slowed(answer):
            self.pace.refused(seconds, left_at=left_at, weight=operations)
        else:
            await self._sleep(seconds)


def _slowed(answer: Answer) -> bool:
    """Return whether the other side asks for fewer requests, or for time."""
    return answer.status == 429 or (answer.status == 503 and _asked(answer) is not None)


def _asked(answer: Answer | None) -> float | None:
    return retry_after(answer.headers, datetime.now(UTC)) if answer else None


def _with_params(url: str, params: Mapping[str, str | int] | None) -> str:
    """Return the address with its parameters, every reserved character encoded (+ as %2B)."""
    if not params:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(params, quote_via=quote, safe='')}"


class _Body(NamedTuple):
    """Hold what a request carries, and its kind."""

    content: bytes | None
    kind: str

    @classmethod
    def of(cls, value: object) -> "_Body":
        content = None if value is None else msgspec.json.encode(value)
        return cls(content, "application/json")

    @classmethod
    def of_form(cls, fields: Mapping[str, str]) -> "_Body":
        return cls(urlencode(fields).encode(), "application/x-www-form-urlencoded")


# a run asks the same few addresses thousands of times
_parsed = lru_cache(64)(httpx.URL)


def _prepared(method: str, url: str, body: _Body, headers: Mapping[str, str]) -> httpx.Request:
    sent = dict(headers)
    if body.content is not None:
        sent.setdefault("Content-Type", body.kind)
    try:
        return httpx.Request(method, _parsed(url), headers=sent, content=body.content)
    except (httpx.InvalidURL, UnicodeEncodeError) as error:
        raise NotSent(
            "The address or the token holds characters that can't be sent.",
            fix="Paste both again.",
        ) from error


def _not_redirected(answer: Answer) -> Answer:
    """Return the answer unless it points elsewhere: tokens don't follow redirects."""
    if answer.status not in _REDIRECTS:
        return answer
    target = origin_of(answer.headers.get("location", "")) or "another address"
    raise UnexpectedAnswer(
        f"{answer.host} wants to send the request on to {target}, which was not followed.",
        fix="Check the address; a sign-in page of your network may answer in its place.",
        sent=True,
    )


# -- faults ------------------------------------------------------------------------------------


async def _fault(error: Exception, url: str, proxy: str | None) -> NetError:
    """Return the product's own error for what httpx raised."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            issuer = await peer_issuer(host, parts.port or 443, proxy)
            return _chained(certificate_problem(host, cause.verify_message, issuer), error)
    if isinstance(error, httpx.DecodingError):
        return _chained(_garbled(host), error)
    shown = proxy_name(proxy) if proxy else ""
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return _chained(unreachable(Fault.NAME, host, proxy=shown), error)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return _chained(unreachable(Fault.TLS, host), error)
    kind = next((fault for kind, fault in _FAULTS if isinstance(error, kind)), Fault.DROPPED)
    return _chained(unreachable(kind, host, proxy=shown), error)


def _garbled(host: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        f"The answer of {host} arrived damaged.",
        fix="Try again; if it stays so, ask whoever runs the proxy or the server.",
        sent=True,
    )


def _chained(said: NetError, cause: Exception) -> NetError:
    said.__cause__ = cause
    return said


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what lies beneath it, groups of attempts included."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__]
        with contextlib.suppress(AttributeError):
            waiting += list(getattr(current, "exceptions"))  # noqa: B009 -- only groups have it
