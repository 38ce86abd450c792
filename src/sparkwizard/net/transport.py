"""Speak HTTP/1.1 without a proxy, at a fifth of the time that httpx's own transport takes.

httpx is slow with many requests at once (``tests/benchmarks/requests.py``). This transport has its
interface and raises its errors; h11 reads and writes the messages, asyncio the connections. An
answer is read whole before it is handed over, which is what ``Http`` does with all of them.
"""

import asyncio
import contextlib
import ipaddress
import select
import ssl
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import h11
import httpx

__all__ = ["Transport"]

# Servers and the boxes between close what is idle for a minute or less.
_IDLE_SECONDS = 15.0
# As in happy eyeballs (RFC 8305, section 5): the other address family gets its chance this late.
_EYEBALLS_SECONDS = 0.25
# No header of any server that was seen is near it; what is longer is no answer.
_LONGEST_HEAD = 256 * 1024
# h11 copies a body three times: of a megabyte that is most of what receiving it takes.
_LONG_BODY = 64 * 1024

type Origin = tuple[str, str, int]


class Transport(httpx.AsyncBaseTransport):
    """Keep connections by origin and use one for a request at a time."""

    def __init__(self, context: ssl.SSLContext) -> None:
        context.set_alpn_protocols(["http/1.1"])
        self._context = context
        self._idle: defaultdict[Origin, list[_Connection]] = defaultdict(list)
        # also those that a cancelled request was still opening: they close in a later turn
        self._open: set[_Connection] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return the whole answer. Raises as httpx's own transport does."""
        timeout = request.extensions.get("timeout", {})
        with _as_httpx(request):
            origin = _origin(request)
            connection = self._kept(origin)
            if connection is None:
                connection = await self._opened(origin, timeout.get("connect"))
            try:
                response = await connection.exchange(request, timeout.get("read"))
            except BaseException:
                connection.abort()
                raise
            if connection.is_reusable:
                connection.idle_since = asyncio.get_running_loop().time()
                self._idle[origin].append(connection)
            else:
                connection.abort()
            return response

    async def aclose(self) -> None:
        """Close every connection; those of cancelled requests are gone too when it returns."""
        self._idle.clear()
        for connection in tuple(self._open):
            connection.abort()
            await connection.closed

    def _kept(self, origin: Origin) -> "_Connection | None":
        """Return a connection that is still open: the one used last is the surest."""
        now = asyncio.get_running_loop().time()
        idle = self._idle[origin]
        while idle:
            connection = idle.pop()
            if now - connection.idle_since < _IDLE_SECONDS and connection.is_quiet:
                return connection
            connection.abort()
        return None

    async def _opened(self, origin: Origin, seconds: float | None) -> "_Connection":
        scheme, host, port = origin
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                _, connection = await loop.create_connection(
                    lambda: _Connection(self._open),
                    host,
                    port,
                    ssl=self._context if scheme == "https" else None,
                    happy_eyeballs_delay=_head_start(host),
                )
        except TimeoutError as error:
            raise httpx.ConnectTimeout(str(error)) from error
        except (OSError, ssl.SSLError, UnicodeError) as error:
            raise httpx.ConnectError(str(error)) from error
        return connection


class _Connection(asyncio.Protocol):
    """Hold one connection: send a request, collect the answer, say whether it may be used again."""

    def __init__(self, open_ones: "set[_Connection]") -> None:
        loop = asyncio.get_running_loop()
        self._loop = loop
        self._open_ones = open_ones
        self._http = _conversation()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[httpx.Response] | None = None
        self._head: h11.Response | None = None
        self._body: list[bytes] = []
        # bytes of a long body that are still to come; h11 has no part in them
        self._left = 0
        self._heard = 0.0
        self.idle_since = 0.0
        self.closed: asyncio.Future[None] = loop.create_future()

    # -- sending and waiting -------------------------------------------------------------------

    async def exchange(self, request: httpx.Request, seconds: float | None) -> httpx.Response:
        """Send a request and wait for its answer; ``seconds`` is the longest silence."""
        loop = self._loop
        assert self._transport is not None, "asyncio made the connection"
        answer: asyncio.Future[httpx.Response] = loop.create_future()
        self._answer = answer
        self._head, self._body = None, []
        self._transport.write(self._written(request))
        self._heard = loop.time()
        watch = loop.call_later(seconds, self._check_silence, seconds) if seconds else None
        try:
            return await answer
        finally:
            self._answer = None
            if watch is not None:
                watch.cancel()

    def _written(self, request: httpx.Request) -> bytes:
        head = h11.Request(
            method=request.method, target=request.url.raw_path, headers=request.headers.raw
        )
        parts = [self._http.send(head)]
        if request.content:
            parts.append(self._http.send(h11.Data(data=request.content)))
        parts.append(self._http.send(h11.EndOfMessage()))
        return b"".join(part for part in parts if part)

    def _check_silence(self, seconds: float) -> None:
        answer = self._answer
        if answer is None or answer.done():
            return
        left = self._heard + seconds - self._loop.time()
        if left > 0:
            self._loop.call_later(left, self._check_silence, seconds)
        else:
            answer.set_exception(httpx.ReadTimeout("no answer in time"))

    # -- what asyncio tells --------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open_ones.add(self)

    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        if self._left:
            self._take_in(data)
        else:
            self._read(data)

    def eof_received(self) -> None:
        self._read(b"")

    def connection_lost(self, exc: Exception | None) -> None:
        self._open_ones.discard(self)
        if not self.closed.done():
            self.closed.set_result(None)
        self._fail(httpx.ReadError(str(exc or "connection lost")), exc)

    def _read(self, data: bytes) -> None:
        try:
            self._http.receive_data(data)
            while self._take(self._http.next_event()):
                pass
        except h11.RemoteProtocolError as error:
            self._fail(httpx.RemoteProtocolError(str(error)), error)

    def _take(self, event: object) -> bool:
        """Take one event up; False where there is nothing more to read now."""
        if isinstance(event, h11.Data):
            self._body.append(bytes(event.data))
        elif isinstance(event, h11.Response):
            self._head = event
        elif event is h11.NEED_DATA:
            self._left = self._still_to_come()
        elif isinstance(event, h11.EndOfMessage):
            self._finish()
            return False
        elif isinstance(event, h11.ConnectionClosed):
            self._fail(httpx.RemoteProtocolError("closed without an answer"))
            return False
        return event not in (h11.NEED_DATA, h11.PAUSED)

    def _still_to_come(self) -> int:
        """Return how many bytes of a long body are missing, 0 where h11 should go on reading."""
        if self._head is None or self._http.their_state is not h11.SEND_BODY:
            return 0
        length = _said_length(self._head)
        return length - sum(map(len, self._body)) if length >= _LONG_BODY else 0

    def _take_in(self, data: bytes) -> None:
        """Take up the next bytes of a long body."""
        self._body.append(data[: self._left] if len(data) > self._left else data)
        self._left -= len(data)
        if self._left > 0:
            return
        if self._left == 0 and self._head is not None and _stays_open(self._head):
            self._http = _conversation()
        self._left = 0
        self._finish()

    def _finish(self) -> None:
        head, answer = self._head, self._answer
        if head is None or answer is None or answer.done():
            return
        response = httpx.Response(
            head.status_code,
            headers=head.headers.raw_items(),
            stream=httpx.ByteStream(b"".join(self._body)),
            extensions={"reason_phrase": head.reason},
        )
        self._body = []
        answer.set_result(response)

    def _fail(self, error: httpx.TransportError, cause: BaseException | None = None) -> None:
        if self._answer is not None and not self._answer.done():
            error.__cause__ = cause
            self._answer.set_exception(error)

    # -- the end -------------------------------------------------------------------------------

    @property
    def is_reusable(self) -> bool:
        """Return whether both sides keep it open; then it is ready for the next request."""
        if self._transport is None or self._transport.is_closing():
            return False
        if self._http.our_state is h11.IDLE:
            return True  # begun anew behind a long body
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        return True

    @property
    def is_quiet(self) -> bool:
        """Return whether nothing has come while nobody asked: no end, no answer out of turn."""
        if self._transport is None or self._transport.is_closing() or self._http.trailing_data[0]:
            return False
        sock = self._transport.get_extra_info("socket")
        with contextlib.suppress(OSError, ValueError):
            return not _readable(sock.fileno())
        return False

    def abort(self) -> None:
        """Close at once: what is not answered by now is not waited for."""
        if self._transport is not None:
            self._transport.abort()


def _conversation() -> h11.Connection:
    return h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)


def _said_length(head: h11.Response) -> int:
    """Return how long the body is said to be, 0 where its end is told in another way."""
    said = dict(head.headers)
    return 0 if b"transfer-encoding" in said else int(said.get(b"content-length", 0))


def _stays_open(head: h11.Response) -> bool:
    """Return whether the server keeps a connection open (RFC 9112, section 9.3)."""
    said = b",".join(value for name, value in head.headers if name == b"connection")
    asked = {option.strip().lower() for option in said.split(b",")}
    return head.http_version == b"1.1" and b"close" not in asked


def _readable(number: int) -> bool:
    """Ask the system, which knows of an end before the event loop has come to tell."""
    if hasattr(select, "poll"):  # select() takes no number above 1,023
        poll = select.poll()
        poll.register(number, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([number], [], [], 0)[0])


def _head_start(host: str) -> float | None:
    """Return how long the other address family waits; an address has no other one.

    asyncio's race leaves a socket to the collector where it is cancelled in the wrong moment
    (python/cpython, ``asyncio.staggered``), so it is only run where there is something to win.
    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _EYEBALLS_SECONDS
    return None


def _origin(request: httpx.Request) -> Origin:
    url = request.url
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


@contextmanager
def _as_httpx(request: httpx.Request) -> Iterator[None]:
    """Name the request in what is raised, and turn what the system says into httpx's words."""
    try:
        yield
    except httpx.RequestError as error:
        error.request = request
        raise
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error), request=request) from error
    except OSError as error:
        raise httpx.ReadError(str(error), request=request) from error
