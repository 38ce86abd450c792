"""A request that Microsoft's description does not know fails the test in which it is sent."""

import httpx
import pytest

from sparkwizard.entra.graph import Graph, open_http
from sparkwizard.entra.tokens import GivenToken
from sparkwizard.entra.types import BatchRequest
from sparkwizard.errors import RemoteError
from sparkwizard.practice.server import PracticeServer
from tests.entra.little_graph import Reply, asking, replies
from tests.graph_contract.checking import contract
from tests.graph_contract.watching import faults_so_far


async def test_a_request_to_a_practice_tenant_is_watched() -> None:
    contract()
    async with PracticeServer() as practice:
        tokens, url = GivenToken(practice.graph_token), practice.graph_url
        async with Graph(open_http(url), tokens, url) as graph:
            await graph.get("/users", {"$select": "id", "$top": 1})
            assert faults_so_far() == []
            with pytest.raises(RemoteError):
                await graph.get("/users", {"$select": "id,shoeSize"})
            await graph.batch([BatchRequest("GET", "/people/1")])
    select, batch = faults_so_far()
    assert "$select names shoeSize" in select
    assert "Graph has no people" in batch


async def test_a_request_to_a_little_graph_is_watched() -> None:
    contract()
    async with asking(replies(Reply(201, {}))) as (graph, _):
        await graph.post("/servicePrincipals", {"shoeSize": 43})
    (fault,) = faults_so_far()
    assert "shoeSize" in fault


async def test_what_a_test_sends_by_hand_may_be_wrong() -> None:
    async with PracticeServer() as practice, httpx.AsyncClient(trust_env=False) as client:
        await client.get(f"{practice.graph_url}/people")
    assert faults_so_far() == []
