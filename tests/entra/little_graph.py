"""A little Graph over real HTTP that answers as a test says; not the practice tenant."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from sparkwizard.entra.graph import Graph
from sparkwizard.entra.types import Purpose
from sparkwizard.net.client import Http
from sparkwizard.net.retry import RetryPolicy
from sparkwizard.practice.graph.exchange import GraphExchange
from tests.graph_contract.watching import note_request

TOKEN = "eyJ0ZXN0Ijoi.first-token-of-a-test.c2lnbmF0dXJl"
RENEWED = "eyJ0ZXN0Ijoi.second-token-of-a-test.c2lnbmF0dXJl"


@dataclass(frozen=True)
class Asked:
    """Hold one request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any = None


@dataclass(frozen=True)
class Reply:
    """Hold one answer."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


type Answering = Callable[[Asked], Reply]


@dataclass
class LittleGraph:
    """Answer each request by ``answering`` and remember what came."""

    answering: Answering
    url: str = ""
    asked: list[Asked] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it closes."""
        try:
            while True:
                asked = _read(await reader.readuntil(b"\r\n\r\n"))
                length = int(asked.headers.get("content-length", 0))
                body = await reader.readexactly(length)
                asked = Asked(
                    asked.method, asked.path, asked.headers, json.loads(body) if body else None
                )
                self.asked.append(asked)
                note_request(_exchange(asked, body))
                writer.write(_written(self.answering(asked)))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def replies(*given: Reply) -> Answering:
    """Return an answering that gives one reply after the other, the last one for ever."""
    left = list(given)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def refusal(status: int, code: str, message: str = "", **headers: str) -> Reply:
    """Return an error as Graph writes it."""
    body = {
        "error": {
            "code": code,
            "message": message or f"About {code}.",
            "innerError": {"request-id": "6d9e6c3e-0000-4000-8000-00000000beef"},
        }
    }
    return Reply(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


class Tokens:
    """Hand out a token, and one renewed one; remember what was asked for."""

    def __init__(self) -> None:
        self.claims: list[str] = []

    async def token(self) -> str:
        """Return the token of the moment."""
        return RENEWED if self.claims else TOKEN

    async def renewed(self, refused: str, claims: str = "") -> str:
        """Return the other one."""
        self.claims.append(claims)
        return RENEWED


@asynccontextmanager
async def little_graph(answering: Answering) -> AsyncIterator[LittleGraph]:
    """Serve on a free port of this computer."""
    little, tasks = LittleGraph(answering), set[asyncio.Task[None]]()

    def serving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(little.serve(reader, writer)))

    server = await asyncio.start_server(serving, "127.0.0.1", 0)
    little.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1.0"
    try:
        yield little
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def asking(
    answering: Answering, purpose: Purpose = Purpose.PEOPLE, tokens: Tokens | None = None
) -> AsyncIterator[tuple[Graph, LittleGraph]]:
    """Open a client for a little Graph; retries don't wait long."""

    async def no_wait(seconds: float) -> None:
        waits.append(seconds)

    waits: list[float] = []
    async with little_graph(answering) as little:
        http = Http(token=None, origins=(little.url,), sleep=no_wait, retries=RetryPolicy(tries=4))
        async with Graph(http, tokens or Tokens(), little.url, purpose) as graph:
            yield graph, little


def _exchange(asked: Asked, body: bytes) -> GraphExchange:
    url = urlsplit(asked.path)
    path = unquote(url.path).removeprefix("/v1.0")
    return GraphExchange(asked.method, path, url.query, 0, "", dict(asked.headers), body)


def _read(head: bytes) -> Asked:
    first, *lines = head.decode().splitlines()
    method, path, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines if line)
    return Asked(method, path, {name.lower(): value.strip() for name, _, value in pairs})


def _written(reply: Reply) -> bytes:
    content = b"" if reply.body is None else json.dumps(reply.body).encode()
    headers = {
        "Content-Length": str(len(content)),
        "Content-Type": "application/json",
        **reply.headers,
    }
    lines = [f"HTTP/1.1 {reply.status} X", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content
