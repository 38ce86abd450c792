"""A practice tenant on Graph, and the source that reads it; every request is held to the CSDL."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager

import pytest

from sparkwizard.directory.entra_users import EntraSource, Wanted
from sparkwizard.entra.graph import Graph, open_http
from sparkwizard.entra.tokens import GivenToken
from sparkwizard.entra.types import Purpose
from sparkwizard.net.redact import forget_secrets
from sparkwizard.net.retry import set_waiting
from sparkwizard.practice.server import PracticeServer, serve_in_thread
from tests.graph_contract.checking import FILE, contract

type Source = Callable[..., EntraSource]


@pytest.fixture
def practice() -> Iterator[PracticeServer]:
    """Start a tenant; afterwards look whether Microsoft would have answered so."""
    set_waiting(False)
    with serve_in_thread() as server:
        yield server
        if FILE.is_file():
            assert contract().faults_of_answers(server.graph_log) == []
    set_waiting(True)
    forget_secrets()


@pytest.fixture
def source(practice: PracticeServer) -> Source:
    """Return what opens the tenant as a source of people."""

    @asynccontextmanager
    async def open_graph(purposes: Collection[Purpose]) -> AsyncIterator[Graph]:
        tokens = GivenToken(practice.graph_token)
        url = practice.graph_url
        async with Graph(open_http(url), tokens, url, next(iter(purposes))) as graph:
            yield graph

    def opened(*attributes: str, **wanted: object) -> EntraSource:
        chosen = Wanted(attributes=frozenset(attributes), **wanted)  # type: ignore[arg-type]
        return EntraSource(open_graph, chosen, practice.entra_tenant_id)

    return opened


def asked(practice: PracticeServer) -> list[str]:
    """Return what was asked of Graph so far, as "GET /users?…"."""
    return [f"{one.method} {one.path}?{one.query}" for one in practice.graph_log]
