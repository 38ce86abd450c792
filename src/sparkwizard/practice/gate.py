"""Stand in front of the simulated services: give tracking ids, keep a log, let faults happen."""

import asyncio
import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sparkwizard.practice.faults import FaultMachine, Interference
from sparkwizard.practice.webex.answers import Refusal, gateway_error, json_answer

CONTROL_PREFIX = "/practice/"
ABORT_KEY = "practice.abort"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_EXCHANGES = 100_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """Record one request and the status of its answer; 0 where the connection was cut."""

    method: str
    path: str
    query: str
    status: int
    tracking_id: str


class Gate:
    """Wrap the application of the practice tenant."""

    def __init__(self, app: ASGIApp, machine: FaultMachine, *, seed: int) -> None:
        self._app = app
        self._machine = machine
        # other numbers than those the identifiers of users come from
        self._chance = random.Random(f"gate {seed}")  # noqa: S311 - repeatable, no secret
        self.log: deque[Exchange] = deque(maxlen=_MOST_EXCHANGES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, unless a fault gets in its way."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        tracking = f"ROUTER_{UUID(int=self._chance.getrandbits(128), version=4)}"
        scope["tracking_id"] = tracking

        def note(status: int) -> None:
            query = scope["query_string"].decode("ascii", "replace")
            self.log.append(Exchange(scope["method"], scope["path"], query, status, tracking))

        if scope["path"].startswith(CONTROL_PREFIX):
            await self._app(scope, receive, _Reply(send, tracking, _forget))
        else:
            await self._interfere(scope, receive, _Reply(send, tracking, note))

    async def _interfere(self, scope: Scope, receive: Receive, reply: "_Reply") -> None:
        what = self._machine.decide(write=scope["method"] not in _READS)
        if (seconds := self._machine.delay()) > 0:
            await asyncio.sleep(seconds)
        if what is Interference.NONE:
            await self._app(scope, receive, reply)
        elif what is Interference.DROP_BEFORE:
            await reply.cut(scope)
        elif what is Interference.DROP_AFTER:
            await self._app(scope, receive, _swallow)
            await reply.cut(scope)
        else:
            await self._substitute(what, reply.tracking)(scope, receive, reply)

    def _substitute(self, what: Interference, tracking: str) -> Response:
        faults = self._machine.faults
        if what is Interference.WEB_PAGE:
            return HTMLResponse("<html><body><h1>Sign in to the network</h1></body></html>")
        if what is Interference.SERVER_ERROR:
            refusal = Refusal(faults.server_error_status, "The service is not available.")
            return json_answer(gateway_error(refusal, tracking), refusal.status)
        headers = {}
        if faults.retry_after >= 0:
            headers["retry-after"] = str(math.ceil(faults.retry_after))
        refusal = Refusal(429, "Too many requests were sent.")
        return json_answer(gateway_error(refusal, tracking), 429, headers)


class _Reply:
    """Send an answer on with its tracking id; note its status before the client can see it."""

    def __init__(self, send: Send, tracking: str, note: Callable[[int], None]) -> None:
        self._send = send
        self._note = note
        self.tracking = tracking

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._note(message["status"])
            MutableHeaders(scope=message)["TrackingID"] = self.tracking
        await self._send(message)

    async def cut(self, scope: Scope) -> None:
        """Cut the connection without an answer."""
        self._note(0)
        abort: Callable[[], None] = scope[ABORT_KEY]
        abort()
        # the server hears of it one turn of the loop later, and would answer 500 before
        await asyncio.sleep(0.01)


async def _swallow(_message: Message) -> None:
    """Take an answer that nobody will see."""


def _forget(_status: int) -> None:
    """Keep the requests of /practice out of the log."""
