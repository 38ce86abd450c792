"""Reading 100,000 people from Microsoft Graph, as the practice tenant serves it.

The server is a process of its own and encodes each page once; a first round is not counted. The
baseline follows the same links with httpx and decodes the same pages with msgspec, nothing else;
asking, waiting for places, making persons of them and looking them over are on our side. The next
page is under way while one is made into people.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager

import httpx
import msgspec

from sparkwizard.directory.entra_users import EntraSource, Wanted
from sparkwizard.entra.graph import Graph, open_http
from sparkwizard.entra.tokens import GivenToken
from sparkwizard.entra.types import Purpose
from sparkwizard.provisioning.types import Population
from sparkwizard.runs.collector import collector_at_rest
from tests.benchmarks._graph_server import GraphServer, serving_graph
from tests.benchmarks.framework import Row, benchmark, median_seconds, peak_bytes

PEOPLE = 100_000
REPEAT = 3
RULES = frozenset(
    ("givenName", "surname", "jobTitle", "department", "companyName", "mobile", "telephoneNumber")
)
# what the source of these rules asks for: the baseline fetches the same
ASKED = (
    "id,userPrincipalName,displayName,mail,accountEnabled,userType,companyName,department,"
    "givenName,jobTitle,mobilePhone,surname,businessPhones"
)


@benchmark("graph")
def reading(scale: float) -> Iterator[Row]:
    """Read everybody, without and with managers."""
    people = max(1, round(PEOPLE * scale))
    with serving_graph(people) as server:
        yield _row(server, people, "read", RULES, "")
        yield _row(server, people, "read with managers", RULES | {"manager"}, "manager")
        held = peak_bytes(lambda: read(server, RULES)) / people
        yield Row("memory per person, at most", held, "B", limit=2_500)


def _row(server: GraphServer, people: int, what: str, rules: frozenset[str], expand: str) -> Row:
    assert len(read(server, rules).people) == people  # the server encodes its pages now
    assert fetch(server, expand) == people
    with collector_at_rest():
        seconds, base = median_seconds(
            lambda: read(server, rules), lambda: fetch(server, expand), repeat=REPEAT
        )
    return Row(f"{what} {people:,} people", seconds, "s", "fetch and decode", base, 2.0)


def read(server: GraphServer, rules: frozenset[str]) -> Population:
    """Read everybody as the product does."""

    @asynccontextmanager
    async def open_graph(_purposes: Collection[Purpose]) -> AsyncIterator[Graph]:
        tokens = GivenToken(server.token)
        async with Graph(open_http(server.graph_url), tokens, server.graph_url) as graph:
            yield graph

    async def run() -> Population:
        return await EntraSource(open_graph, Wanted(attributes=rules)).read()

    return asyncio.run(run())


def fetch(server: GraphServer, expand: str) -> int:
    """Follow the links with httpx, decode each page, and return how many people there are."""
    managers = "&$expand=manager($select=id)" if expand else ""
    link = f"{server.graph_url}/users?$select={ASKED}{managers}&$top=999"
    headers = {"Authorization": f"Bearer {server.token}"}
    pages = []
    with httpx.Client(trust_env=False, headers=headers) as client:
        while link:
            page = msgspec.json.decode(client.get(link).content)
            pages.append(page["value"])
            link = page.get("@odata.nextLink", "")
    return sum(map(len, pages))
