"""Start and stop the practice tenant: real HTTP on 127.0.0.1."""

import asyncio
import contextlib
import os
import socket
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from sparkwizard.practice.app import build_app
from sparkwizard.practice.company.generator import generate
from sparkwizard.practice.company.people import (
    HAND_MADE_PEOPLE,
    Person,
    hand_made_people,
    write_people,
)
from sparkwizard.practice.company.seeding import Seeder
from sparkwizard.practice.faults import FaultMachine, Faults
from sparkwizard.practice.gate import ABORT_KEY, Exchange, Gate
from sparkwizard.practice.webex.world import World

HOST = "127.0.0.1"
_STOP_SECONDS = 0.5


class PracticeServer:
    """Run a practice tenant for as long as the ``async with`` block lasts.

    ``people`` is the size of the company: 60 is the hand-made one, any other number is generated
    from ``seed``. ``port`` 0 takes a free one. The company's file is written to ``data_dir``,
    else to a temporary folder that goes with the server. Raises OSError where the port is taken.
    """

    def __init__(
        self,
        *,
        people: int = HAND_MADE_PEOPLE,
        port: int = 0,
        seed: int = 1,
        data_dir: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._people = people
        self._port = port
        self._seed = seed
        self._data_dir = data_dir
        self._clock = clock
        self._closing = contextlib.AsyncExitStack()
        self._started: _Started | None = None

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as stack:
            folder = self._data_dir
            if folder is None:
                temporary = tempfile.TemporaryDirectory(prefix="sparkwizard-practice-")
                folder = Path(stack.enter_context(temporary))
            folder.mkdir(parents=True, exist_ok=True)
            await self._start(folder / "company.csv", stack)
            self._closing = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._closing.aclose()

    @property
    def base_url(self) -> str:
        """Return the root address, without a slash at its end."""
        return self.world.base_url

    @property
    def tenant_url(self) -> str:
        """Return the Tenant URL of the practice organization."""
        return self.world.tenant_url

    @property
    def api_url(self) -> str:
        """Return the address of the people API."""
        return f"{self.base_url}/v1"

    @property
    def organization_id(self) -> str:
        """Return the organization's UUID."""
        return self.world.organization_id

    @property
    def token(self) -> str:
        """Return the access token of a full administrator, valid for 365 days."""
        return self.tokens["admin"]

    @property
    def tokens(self) -> dict[str, str]:
        """Return all access tokens by kind; the kinds are those of TokenKind."""
        return self.world.tokens.texts()

    @property
    def csv(self) -> Path:
        """Return the company's file."""
        return self._running.csv

    @property
    def faults(self) -> Faults:
        """Return the switches; setting their attributes works at once."""
        return self.world.faults

    @property
    def world(self) -> World:
        """Return the state of the simulated Webex."""
        return self._running.world

    @property
    def log(self) -> deque[Exchange]:
        """Return the exchanges so far, without those of /practice."""
        return self._running.gate.log

    @property
    def _running(self) -> "_Started":
        if self._started is None:
            raise RuntimeError("The practice tenant has not been started.")
        return self._started

    async def _start(self, csv: Path, stack: contextlib.AsyncExitStack) -> None:
        listener = stack.enter_context(_listener(self._port))
        faults = Faults()
        world = World(
            base_url=f"http://{HOST}:{listener.getsockname()[1]}",
            seed=self._seed,
            faults=faults,
            clock=self._clock,
        )
        await asyncio.to_thread(self._fill, world, csv)
        machine = FaultMachine(faults, seed=self._seed)
        gate = Gate(build_app(world, machine), machine, seed=self._seed)
        self._started = _Started(world, gate, csv)
        server = _Uvicorn(_config(gate))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        stack.push_async_callback(_stop, server, serving)
        await server.listening.wait()

    def _fill(self, world: World, csv: Path) -> None:
        hand_made = self._people == HAND_MADE_PEOPLE
        people: list[Person] | Iterator[Person]
        people = hand_made_people() if hand_made else generate(self._people, self._seed)
        seeder = Seeder(world, hand_made=hand_made)
        for person in write_people(csv, people):
            seeder.meet(person)
        seeder.finish()


class _Started:
    """Hold what exists only while the server runs."""

    def __init__(self, world: World, gate: Gate, csv: Path) -> None:
        self.world = world
        self.gate = gate
        self.csv = csv


class _Uvicorn(uvicorn.Server):
    """Serve without taking over the signals of the program around it; start and stop at once.

    uvicorn itself looks ten times a second whether it shall stop, and then sleeps once more: too
    slow for a hundred tests that each have a server of their own.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self.leaving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        while not self.leaving.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.leaving.wait(), 1)
            await self.on_tick(0)  # refreshes the Date header

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
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


def _listener(port: int) -> socket.socket:
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


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_CuttableProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
    )


async def _stop(server: _Uvicorn, serving: "asyncio.Task[None]") -> None:
    server.leaving.set()
    await serving


@contextlib.contextmanager
def serve_in_thread(
    *,
    people: int = HAND_MADE_PEOPLE,
    port: int = 0,
    seed: int = 1,
    data_dir: Path | None = None,
    clock: Callable[[], float] = time.time,
) -> Iterator[PracticeServer]:
    """Run a practice tenant on an event loop of its own, in a thread that ends with the block.

    Faults may be switched from the calling thread. Raises what starting raises.
    """
    server = PracticeServer(people=people, port=port, seed=seed, data_dir=data_dir, clock=clock)
    runner = _ThreadRunner(server)
    runner.start()
    try:
        yield server
    finally:
        runner.stop()


class _ThreadRunner:
    def __init__(self, server: PracticeServer) -> None:
        self._server = server
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leave: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="practice-tenant", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure

    def stop(self) -> None:
        if self._loop is not None and self._leave is not None:
            self._loop.call_soon_threadsafe(self._leave.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # noqa: BLE001 - it is raised again in the caller's thread
            self._failure = failure
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._leave = asyncio.Event()
        async with self._server:
            self._ready.set()
            await self._leave.wait()


def announcement(server: PracticeServer) -> dict[str, str]:
    """Return what a script needs to reach a running practice tenant.

    ``graph_url`` and ``graph_token`` are empty texts: the practice tenant has no Microsoft Graph.
    """
    return {
        "tenant_url": server.tenant_url,
        "api_url": server.api_url,
        "organization_id": server.organization_id,
        "token": server.token,
        "graph_url": "",
        "graph_token": "",
        "csv": str(server.csv),
    }
