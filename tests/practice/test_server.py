"""How the practice tenant starts, announces itself and stops."""

import ast
import asyncio
import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

import sparkwizard.practice
from sparkwizard.practice import PracticeServer, announcement, serve_in_thread
from sparkwizard.practice.resources import resource_folder


def test_the_announcement_has_exactly_what_scripts_read(practice: PracticeServer) -> None:
    assert list(announcement(practice)) == [
        "tenant_url",
        "api_url",
        "organization_id",
        "token",
        "graph_url",
        "graph_token",
        "csv",
    ]


def test_the_announced_graph_token_opens_graph(practice: PracticeServer) -> None:
    told = announcement(practice)
    answer = httpx.get(
        f"{told['graph_url']}/me",
        headers={"Authorization": f"Bearer {told['graph_token']}"},
        trust_env=False,
    )
    assert answer.json()["displayName"] == "Priya Raman"


def test_the_addresses_are_those_of_webex_on_loopback(practice: PracticeServer) -> None:
    root = practice.base_url
    assert root.startswith("http://127.0.0.1:")
    assert practice.api_url == f"{root}/v1"
    assert practice.tenant_url == f"{root}/identity/scim/{practice.organization_id}/v2"


async def test_it_runs_in_the_event_loop_of_its_caller() -> None:
    async with PracticeServer() as server, httpx.AsyncClient(trust_env=False) as client:
        client.headers["Authorization"] = f"Bearer {server.token}"
        answer = await client.get(f"{server.api_url}/people/me")
    assert answer.json()["displayName"] == "Avery Stone"


async def test_nothing_is_left_behind_when_it_stops() -> None:
    before = asyncio.all_tasks()
    async with PracticeServer() as server, httpx.AsyncClient(trust_env=False) as client:
        await client.get(server.base_url)
        folder = server.csv.parent
    assert (asyncio.all_tasks() - before, folder.exists()) == (set(), False)


def test_the_thread_ends_with_the_block() -> None:
    with serve_in_thread():
        assert "practice-tenant" in {one.name for one in threading.enumerate()}
    assert "practice-tenant" not in {one.name for one in threading.enumerate()}


def test_it_stops_while_a_client_is_still_connected() -> None:
    with httpx.Client(trust_env=False) as client:
        with serve_in_thread() as server:
            client.get(server.base_url)
        with pytest.raises(httpx.ConnectError):
            httpx.get(server.base_url, trust_env=False)


def test_it_stops_while_an_answer_is_still_delayed() -> None:
    def ask(url: str) -> None:
        with pytest.raises(httpx.TransportError):
            httpx.get(url, trust_env=False, timeout=30)

    with serve_in_thread() as server:
        server.faults.latency_ms = 60_000
        asking = threading.Thread(target=ask, args=(server.base_url,))
        asking.start()
        time.sleep(0.1)
    asking.join(timeout=10)
    assert not asking.is_alive()


def test_the_file_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    with serve_in_thread(data_dir=tmp_path / "new") as server:
        assert server.csv == tmp_path / "new" / "company.csv"
    assert server.csv.exists()


def test_a_port_can_be_chosen() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with serve_in_thread(port=port) as server:
        assert server.base_url.endswith(f":{port}")


def test_a_taken_port_is_an_error_that_reaches_the_caller(practice: PracticeServer) -> None:
    port = int(practice.base_url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"), serve_in_thread(port=port):
        pass


def test_before_it_starts_it_has_no_address() -> None:
    with pytest.raises(RuntimeError):
        _ = PracticeServer().base_url


def test_the_log_tells_what_was_asked(practice: PracticeServer, webex: httpx.Client) -> None:
    webex.get("/Users?count=1")
    exchange = practice.log[-1]
    assert (exchange.method, exchange.query, exchange.status) == ("GET", "count=1", 200)
    assert exchange.path.endswith("/v2/Users")


def test_every_answer_has_a_tracking_id_of_its_own(webex: httpx.Client) -> None:
    ids = {webex.get("/Users?count=1").headers["trackingid"] for _ in range(3)}
    assert len(ids) == 3


def test_an_unknown_address_is_answered_in_the_shape_of_its_interface(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    scim = webex.get("/Nothing")
    people = webex.get(f"{practice.api_url}/nothing")
    assert (scim.status_code, scim.json()["status"]) == (404, "404")
    assert (people.status_code, people.json()["trackingId"]) == (
        404,
        people.headers["trackingid"],
    )


def test_a_method_that_is_not_provided_is_told_so(practice: PracticeServer) -> None:
    answer = httpx.delete(f"{practice.api_url}/people/me", trust_env=False)
    assert answer.status_code == 405


def test_the_company_is_found_in_a_checkout() -> None:
    assert {one.name for one in resource_folder().iterdir()} >= {"company.csv", "webex.json"}


def test_it_shares_no_code_with_the_rest_of_the_product() -> None:
    folder = Path(sparkwizard.practice.__file__).parent
    imported = {
        name
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in _imported(node)
        if name.split(".")[0] == "sparkwizard"
    }
    assert {name for name in imported if not name.startswith("sparkwizard.practice")} == set()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [one.name for one in node.names] if isinstance(node, ast.Import) else []


def test_two_tenants_can_run_side_by_side(practice: PracticeServer) -> None:
    with serve_in_thread(seed=2) as other:
        assert other.organization_id != practice.organization_id
