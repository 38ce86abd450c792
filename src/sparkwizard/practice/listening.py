"""Listen on loopback, and start and stop serving at once."""

import asyncio
import contextlib
import os
import socket

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from sparkwizard.practice.gate import ABORT_KEY

HOST = "127.0.0.1"
_STOP_SECONDS = 0.5


class Server(uvicorn.Server):
    """Serve without taking over the signals of the program around it; start and stop at once.

    uvicorn itself looks ten times a second whether it shall stop, and then sleeps once more: too
    slow for a hundred tests that each have a server of their own.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self.leaving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so to whoever waits for it."""
        await super().startup(sockets)
        self.listening.set()

    async def main_loop(self) -> None:
        """Serve until told to leave."""
        await self.on_tick(0)
        while not self.leaving.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.leaving.wait(), 1)
            await self.on_tick(0)  # refreshes the Date header

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, let requests end, and close every connection."""
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._finish_requests()
        for server in self.servers:
            await server.wait_closed()

    async def _finish_requests(self) -> None:
        """Let the requests under way end, and cut off those that take too long."""
        tasks = set(self.server_state.tasks)
        late = (await asyncio.wait(tasks, timeout=_STOP_SECONDS))[1] if tasks else set()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


class _CuttableProtocol(H11Protocol):
    """Hand each request the means to cut its own connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        super().connection_made(transport)
        app = self.config.loaded_app

        async def with_abort(scope: Scope, receive: Receive, send: Send) -> None:
            scope[ABORT_KEY] = transport.abort
            await app(scope, receive, send)

        self.app = with_abort


def listen(port: int) -> socket.socket:
    """Return a bound socket; raises OSError where the port is taken."""
    # asyncio turns Nagle's algorithm off only where the protocol is named; socket.create_server
    # leaves it 0, and every answer then waits 40 ms for the client's delayed acknowledgement
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def config(app: ASGIApp) -> uvicorn.Config:
    """Return how to serve an application: quietly, with connections that can be cut."""
    return uvicorn.Config(
        app,
        http=_CuttableProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
    )


async def stop(server: Server, serving: "asyncio.Task[None]") -> None:
    """Stop serving and wait until it has ended."""
    server.leaving.set()
    await serving
