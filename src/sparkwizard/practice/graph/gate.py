"""Stand in front of Graph and the sign-in service: ids of requests, a log, and faults."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import unquote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.graph.answers import GraphRefusal, error_body, json_answer
from sparkwizard.practice.graph.exchange import ExchangeLog, GraphExchange
from sparkwizard.practice.graph.faults import GraphFaults, Hit, retry_headers

GRAPH_PREFIX = "/graph/v1.0"


class EntraGate:
    """Wrap the applications of Microsoft's side; ``abort_key`` names how to cut a connection."""

    def __init__(self, graph: ASGIApp, sign_in: ASGIApp, world: EntraWorld, abort_key: str) -> None:
        self._graph = graph
        self._sign_in = sign_in
        self._world = world
        self._faults = GraphFaults(world.faults)
        self._abort_key = abort_key
        self.log = ExchangeLog()
        self.sign_in_log = ExchangeLog()

    def serves(self, path: str) -> bool:
        """Tell whether an address belongs to Microsoft's side."""
        parts = path.split("/")
        return parts[1] in ("graph", "devicelogin") or (
            len(parts) > 3 and parts[2] in ("oauth2", "v2.0", "discovery")
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, unless a fault gets in its way."""
        scope["request_id"] = self._world.new_id()
        body = await _whole_body(receive)
        graph = scope["path"].startswith("/graph/")
        reply = _Recorder(scope, body, send, self.log if graph else self.sign_in_log)
        if not graph:
            await self._sign_in(scope, _replay(body, receive), reply)
            return
        hit = self._faults.decide(write=scope["method"] != "GET")
        if self._world.faults.latency_ms > 0:
            await asyncio.sleep(self._world.faults.latency_ms / 1000)
        if hit is Hit.NONE:
            await self._graph(scope, _replay(body, receive), reply)
        elif hit is Hit.DROP_AFTER:
            await self._graph(scope, _replay(body, receive), _swallow)
            await self._cut(scope, reply)
        else:
            await self._substitute(hit, scope)(scope, receive, reply)

    def _substitute(self, hit: Hit, scope: Scope) -> Response:
        if hit is Hit.WEB_PAGE:
            return HTMLResponse("<html><body><h1>Sign in to the network</h1></body></html>")
        refusal, headers = refusal_of(hit), retry_headers(self._world.faults)
        client_id = Headers(scope=scope).get("client-request-id")
        body = error_body(refusal, scope["request_id"], client_id)
        return json_answer(body, refusal.status, headers)

    async def _cut(self, scope: Scope, reply: "_Recorder") -> None:
        reply.record(0)
        abort: Callable[[], None] = scope[self._abort_key]
        abort()
        # the server hears of it one turn of the loop later, and would answer 500 before
        await asyncio.sleep(0.01)


def refusal_of(hit: Hit) -> GraphRefusal:
    """Return what a fault is answered with."""
    if hit is Hit.TOO_MANY:
        return GraphRefusal(429, "TooManyRequests", "Too many requests.")
    return GraphRefusal(503, "ServiceUnavailable", "The service is temporarily unavailable.")


class _Recorder:
    """Send an answer on with its ids, and record the exchange before the client can see it."""

    def __init__(self, scope: Scope, body: bytes, send: Send, log: ExchangeLog) -> None:
        self._scope = scope
        self._body = body
        self._send = send
        self._log = log
        self._start: Message | None = None
        self._answer = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["request-id"] = self._scope["request_id"]
            headers["client-request-id"] = (
                Headers(scope=self._scope).get("client-request-id") or self._scope["request_id"]
            )
            headers["date"] = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
            self._start = message
            return
        self._answer += message.get("body", b"")
        if message.get("more_body"):
            return
        assert self._start is not None
        self.record(self._start["status"])
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._answer})

    def record(self, status: int) -> None:
        """Write the exchange down."""
        scope = self._scope
        raw = scope.get("raw_path", scope["path"].encode()).decode("ascii", "replace")
        headers = dict(Headers(scope=scope))
        headers.pop("authorization", None)
        self._log.add(
            GraphExchange(
                scope["method"],
                unquote(raw).removeprefix(GRAPH_PREFIX),
                scope["query_string"].decode("ascii", "replace"),
                status,
                scope["request_id"],
                headers,
                self._body,
                self._answer,
            )
        )


async def _whole_body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a way to receive a body that was read already."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


async def _swallow(_message: Message) -> None:
    """Take an answer that nobody will see."""
