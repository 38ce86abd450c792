"""Start and stop the practice tenant: real HTTP on 127.0.0.1."""

import asyncio
import contextlib
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from starlette.types import ASGIApp, Receive, Scope, Send

from sparkwizard.practice.app import build_app
from sparkwizard.practice.company.generator import generate
from sparkwizard.practice.company.people import (
    HAND_MADE_PEOPLE,
    Person,
    hand_made_people,
    write_people,
)
from sparkwizard.practice.company.seeding import Seeder
from sparkwizard.practice.entra.seeding import DirectorySeeder
from sparkwizard.practice.entra.world import EntraWorld
from sparkwizard.practice.entra_app import build_entra
from sparkwizard.practice.entra_faults import EntraFaults
from sparkwizard.practice.faults import FaultMachine, Faults
from sparkwizard.practice.gate import Exchange, Gate
from sparkwizard.practice.graph.exchange import GraphExchange
from sparkwizard.practice.graph.gate import EntraGate
from sparkwizard.practice.listening import HOST, Server, config, listen, stop
from sparkwizard.practice.provisioning_service.running.engine import Engine
from sparkwizard.practice.webex.world import World

_YEAR = 365 * 86_400.0
_TICK = 0.1


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
    def graph_url(self) -> str:
        """Return the address of Microsoft Graph, version included."""
        return self.entra.graph_url

    @property
    def graph_token(self) -> str:
        """Return an access token of Graph with every permission; it outlives the process."""
        return self._running.graph_token

    @property
    def authority_url(self) -> str:
        """Return where the tenant's people sign in; what MSAL needs, see the signin package."""
        return self.entra.authority_url

    @property
    def entra_tenant_id(self) -> str:
        """Return the UUID of the tenant of Microsoft Entra ID."""
        return self.entra.tenant_id

    @property
    def entra(self) -> EntraWorld:
        """Return the state of the simulated Microsoft Entra ID."""
        return self._running.entra

    @property
    def entra_faults(self) -> EntraFaults:
        """Return the switches of Microsoft's side; setting their attributes works at once."""
        return self.entra.faults

    @property
    def graph_log(self) -> deque[GraphExchange]:
        """Return the latest exchanges with Graph, bodies included: some 60 MB of them."""
        return self._running.entra_gate.log.entries

    @property
    def sign_in_log(self) -> deque[GraphExchange]:
        """Return the latest exchanges with the sign-in service."""
        return self._running.entra_gate.sign_in_log.entries

    def run_cycle(self) -> int:
        """Run one cycle of each provisioning job that is on; return how many ran.

        It takes as long as the cycle, and must not be called on the server's own event loop.
        """
        return self._running.engine.run_all()

    def complete_sign_in(self, *, accept: bool = True) -> int:
        """Finish every sign-in that waits as the practice administrator; return how many."""
        return self.entra.sign_in.complete_all(accept=accept)

    @property
    def _running(self) -> "_Started":
        if self._started is None:
            raise RuntimeError("The practice tenant has not been started.")
        return self._started

    async def _start(self, csv: Path, stack: contextlib.AsyncExitStack) -> None:
        listener = stack.enter_context(listen(self._port))
        faults = Faults()
        world = World(
            base_url=f"http://{HOST}:{listener.getsockname()[1]}",
            seed=self._seed,
            faults=faults,
            clock=self._clock,
        )
        entra = EntraWorld(
            base_url=world.base_url, seed=self._seed, faults=EntraFaults(), clock=self._clock
        )
        await asyncio.to_thread(self._fill, world, entra, csv)
        machine = FaultMachine(faults, seed=self._seed)
        engine = Engine(entra)
        gate = Gate(build_app(world, machine, entra, engine), machine, seed=self._seed)
        entra_gate = build_entra(entra, engine)
        token = entra.issue_token(life=_YEAR)
        self._started = _Started(world, gate, csv, entra, entra_gate, engine, token)
        server = Server(config(_front(gate, entra_gate)))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        stack.push_async_callback(stop, server, serving)
        await server.listening.wait()
        cycling = asyncio.create_task(_run_cycles(engine))
        stack.push_async_callback(_cancel, cycling)
        stack.callback(engine.stop)

    def _fill(self, world: World, entra: EntraWorld, csv: Path) -> None:
        hand_made = self._people == HAND_MADE_PEOPLE
        people: list[Person] | Iterator[Person]
        people = hand_made_people() if hand_made else generate(self._people, self._seed)
        seeder = Seeder(world, hand_made=hand_made)
        directory = DirectorySeeder(entra)
        for person in write_people(csv, people):
            seeder.meet(person)
            directory.meet(person)
        seeder.finish()
        directory.finish()


@dataclass(eq=False)
class _Started:
    """Hold what exists only while the server runs."""

    world: World
    gate: Gate
    csv: Path
    entra: EntraWorld
    entra_gate: EntraGate
    engine: Engine
    graph_token: str = field(repr=False)


async def _run_cycles(engine: Engine) -> None:
    """Run the provisioning jobs that are due, for as long as the server runs."""
    while True:
        await asyncio.sleep(_TICK)
        if engine.due():
            await asyncio.to_thread(engine.run_due)


async def _cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _front(webex: Gate, entra: EntraGate) -> ASGIApp:
    """Return the application that leads each request to the side it belongs to."""

    async def lead(scope: Scope, receive: Receive, send: Send) -> None:
        side = entra if scope["type"] == "http" and entra.serves(scope["path"]) else webex
        await side(scope, receive, send)

    return lead


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
    """Return what a script needs to reach a running practice tenant."""
    return {
        "tenant_url": server.tenant_url,
        "api_url": server.api_url,
        "organization_id": server.organization_id,
        "token": server.token,
        "graph_url": server.graph_url,
        "graph_token": server.graph_token,
        "csv": str(server.csv),
    }
