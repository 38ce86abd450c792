"""Run ASGI applications over real HTTP on loopback, in a thread of their own."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import pytest
import uvicorn
from scim2_models import ScimProvider
from scim2_server.applications.asgi import ASGIApplication
from scim2_server.memory import AsyncInMemoryStorage
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from sparkwizard.net.redact import forget_secrets
from sparkwizard.net.retry import set_waiting


@contextmanager
def _running(app: ASGIApp) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()


class _Dispatcher:
    """Serve many applications from one server, each under a number: starting one takes time."""

    def __init__(self) -> None:
        self.apps: dict[str, ASGIApp] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        prefix = "/" + scope["path"].split("/")[1]
        scope["root_path"] = prefix
        await self.apps[prefix](scope, receive, send)


@pytest.fixture(scope="session")
def _dispatcher() -> Iterator[tuple[_Dispatcher, str]]:
    dispatcher = _Dispatcher()
    with _running(dispatcher) as address:
        yield dispatcher, address


@pytest.fixture
def run_app(_dispatcher: tuple[_Dispatcher, str]) -> Callable[[ASGIApp], str]:
    """Start applications; each call returns the address where one listens."""
    dispatcher, address = _dispatcher

    def start(app: ASGIApp) -> str:
        prefix = f"/{len(dispatcher.apps) + 1}"
        dispatcher.apps[prefix] = app
        return f"{address}{prefix}"

    return start


@pytest.fixture
def strict_server(run_app: Callable[[ASGIApp], str]) -> str:
    """Start scim2-server, which follows the standard to the letter; return its SCIM address."""
    config = load_default_service_provider_config()
    assert config.filter is not None
    config.filter.max_results = 100
    provider = ScimProvider.from_discovery(
        load_default_schemas().values(), load_default_resource_types().values(), config=config
    )
    application = ASGIApplication(AsyncInMemoryStorage(), provider)
    return f"{run_app(cast('ASGIApp', application))}/v2"


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    set_waiting(False)
    yield
    set_waiting(True)
    forget_secrets()
