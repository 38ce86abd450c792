"""Batches, and the bad days of Graph."""

import time
from typing import Any

import httpx
import pytest

from sparkwizard.practice import GraphExchange, PracticeServer
from sparkwizard.practice.graph.exchange import ExchangeLog

ME = {"id": "1", "method": "GET", "url": "/me?$select=id"}
LOST = {"id": "2", "method": "GET", "url": "/users/nobody"}
LATE = {"id": "3", "method": "GET", "url": "/me", "dependsOn": ["2"]}


def batch(graph: httpx.Client, *requests: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = graph.post("/$batch", json={"requests": requests})
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json()["responses"]}


def test_each_request_of_a_batch_has_its_own_answer(graph: httpx.Client) -> None:
    answers = batch(graph, ME, LOST, LATE)
    assert {one: answers[one]["status"] for one in answers} == {"1": 200, "2": 404, "3": 424}
    assert list(answers) == ["3", "2", "1"]


def test_one_request_of_a_batch_may_be_throttled(
    practice: PracticeServer, graph: httpx.Client
) -> None:
    practice.entra_faults.throttle_items_next = 1
    answers = batch(graph, ME, {**ME, "id": "4"})
    assert (answers["1"]["status"], answers["4"]["status"]) == (429, 200)
    assert answers["1"]["headers"]["Retry-After"] == "1"


def test_more_than_twenty_are_refused(graph: httpx.Client) -> None:
    requests = [{**ME, "id": str(number)} for number in range(21)]
    assert graph.post("/$batch", json={"requests": requests}).status_code == 400


def test_throttling_comes_in_bursts(practice: PracticeServer, graph: httpx.Client) -> None:
    practice.entra_faults.throttle_next = 2
    answers = [graph.get("/me") for _ in range(3)]
    assert [one.status_code for one in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "1"
    assert answers[0].json()["error"]["code"] == "TooManyRequests"


def test_every_nth_request_may_find_the_service_unavailable(
    practice: PracticeServer, graph: httpx.Client
) -> None:
    practice.entra_faults.unavailable_every = 2
    assert [graph.get("/me").status_code for _ in range(4)] == [200, 503, 200, 503]


@pytest.mark.parametrize("fault", ["tokens_expired"])
def test_an_expired_token_is_refused(
    practice: PracticeServer, graph: httpx.Client, fault: str
) -> None:
    setattr(practice.entra_faults, fault, True)
    answer = graph.get("/me")
    assert (answer.status_code, answer.json()["error"]["code"]) == (
        401,
        "InvalidAuthenticationToken",
    )


def test_answers_may_be_late(practice: PracticeServer, graph: httpx.Client) -> None:
    practice.entra_faults.latency_ms = 50
    began = time.monotonic()
    graph.get("/me")
    assert time.monotonic() - began >= 0.05


def test_both_request_ids_come_back(practice: PracticeServer, graph: httpx.Client) -> None:
    answer = graph.get("/me", headers={"client-request-id": "mine"})
    assert answer.headers["client-request-id"] == "mine"
    assert practice.graph_log[-1].request_id == answer.headers["request-id"]


def test_no_log_holds_a_token(practice: PracticeServer, graph: httpx.Client) -> None:
    graph.get("/me")
    assert practice.graph_token not in repr(practice.graph_log)


def control(practice: PracticeServer, what: str, body: dict[str, Any]) -> httpx.Response:
    address = f"{practice.base_url}/practice/entra/{what}"
    method = "PUT" if what == "faults" else "POST"
    return httpx.request(method, address, json=body, trust_env=False)


def test_faults_are_switched_over_http(practice: PracticeServer) -> None:
    assert control(practice, "faults", {"throttle_next": 3}).json()["throttle_next"] == 3
    assert practice.entra_faults.throttle_next == 3
    assert control(practice, "faults", {"made_up": 3}).status_code == 400


def test_the_directory_is_edited_over_http(practice: PracticeServer, graph: httpx.Client) -> None:
    name = "anna.schmidt@fabrikam.example"
    edit = {"do": "change_person", "id_or_name": name, "jobTitle": "Pilot"}
    assert control(practice, "directory", edit).status_code == 200
    assert graph.get(f"/users/{name}?$select=jobTitle").json()["jobTitle"] == "Pilot"
    assert control(practice, "directory", {"do": "__init__"}).status_code == 400


def test_waiting_sign_ins_are_completed_over_http(practice: PracticeServer) -> None:
    assert control(practice, "sign-in", {}).json() == {"completed": 0}


def test_the_log_holds_as_much_as_fits() -> None:
    log = ExchangeLog(most_bytes=100)
    for number in range(5):
        log.add(GraphExchange("GET", f"/{number}", "", 200, "", {}, b"", b"x" * 40))
    assert [one.path for one in log.entries] == ["/3", "/4"]
