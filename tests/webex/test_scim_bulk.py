"""Bulk requests and their answers, in the shapes that Webex and others send."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sparkwizard.errors import RemoteError
from sparkwizard.net.client import Http
from sparkwizard.provisioning.types import Json
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.scim_bulk import bulk_body, bulk_outcomes, fitting
from sparkwizard.webex.types import BulkOperation

WEBEX_PATH = "/identity/scim/0ae87ade-8c8a-4952-af08-318798958d0c/v2"
OPERATIONS = (
    BulkOperation("POST", "/Users", "a", {"userName": "a"}),
    BulkOperation("POST", "/Users", "b", {"userName": "b"}),
    BulkOperation("PATCH", "/Users/id-3", "c", {}),
    BulkOperation("DELETE", "/Users/id-4", "d"),
)
CISCO = "urn:scim:schemas:extension:cisco:webexidentity:api:messages:2.0:Error"
MADE = {"method": "POST", "bulkId": "a", "status": "201", "location": "https://x/v2/Users/id-1"}
TAKEN = {
    "method": "POST",
    "bulkId": "b",
    "status": "409",
    "response": {"status": "409", CISCO: {"trackingId": "T9", "details": "taken"}},
}
CHANGED = {"method": "PATCH", "location": "https://x/v2/Users/id-3", "status": {"code": "200"}}
DELETED = {"method": "DELETE", "location": "https://x/v2/Users/id-4", "status": 204}


json_values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["Operations", "bulkId", "method", "status", "location", "response"]),
            inner,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("key", ["Operations", "operations"])
@pytest.mark.parametrize(
    "entries",
    [
        [MADE, TAKEN, CHANGED, DELETED],
        [DELETED, TAKEN, CHANGED, MADE],
        [
            {**MADE, "bulkId": None},
            {**TAKEN, "bulkId": None},
            {"method": "PATCH", "status": 200},
            {"method": "DELETE", "status": "204 No Content"},
        ],
    ],
    ids=["in order", "out of order", "without ids"],
)
def test_each_operation_gets_its_own_outcome(key: str, entries: list[Json]) -> None:
    outcomes = bulk_outcomes(OPERATIONS, {key: entries}, "T1")
    assert [(one.bulk_id, one.status, one.webex_id) for one in outcomes] == [
        ("a", 201, "id-1"),
        ("b", 409, ""),
        ("c", 200, "id-3"),
        ("d", 204, "id-4"),
    ]
    assert (outcomes[1].detail, outcomes[1].tracking_id) == ("taken", "T9")


def test_an_answer_that_shows_the_user_is_believed_about_that_user_alone() -> None:
    shown = {**MADE, "response": {"id": "id-1", "userName": "a"}}
    refused = {**TAKEN, "response": {**TAKEN["response"], "id": "id-2"}}  # type: ignore[dict-item]
    outcomes = bulk_outcomes(OPERATIONS, {"Operations": [shown, refused, CHANGED, DELETED]}, "T1")
    assert [one.user and one.user.id for one in outcomes] == ["id-1", None, None, None]


@pytest.mark.parametrize(
    "entries",
    [[], [MADE], [{"method": "POST", "status": "201", "location": "/v2/Users/id-9"}], None, "x"],
    ids=repr,
)
def test_an_operation_without_an_answer_has_no_status(entries: Json) -> None:
    outcomes = bulk_outcomes(OPERATIONS, {"Operations": entries}, "T1")
    assert len(outcomes) == 4
    assert [one.status for one in outcomes[1:]] == [0, 0, 0]


@given(json_values)
def test_no_answer_can_break_the_program(body: Json) -> None:
    outcomes = bulk_outcomes(OPERATIONS, body, "T1")
    assert [one.bulk_id for one in outcomes] == ["a", "b", "c", "d"]


@given(st.lists(st.text(max_size=60), max_size=12), st.integers(0, 900))
def test_parts_hold_every_operation_in_order_and_fit(names: list[str], largest: int) -> None:
    every = [BulkOperation("POST", "/Users", str(n), {"x": name}) for n, name in enumerate(names)]
    parts = fitting(every, largest)
    assert [one for part in parts for one in part] == every
    for part in parts:
        size = len(msgspec.json.encode(bulk_body(part, webex=True)))
        assert not largest or len(part) == 1 or size <= largest


class Server:
    """Answer Bulk requests with a limit on their size; ``fails_from`` counts from 1."""

    def __init__(self, *, largest: int = 0, fails_from: int = 1000) -> None:
        self.bodies: list[dict[str, Json]] = []
        self._largest = largest
        self._fails_from = fails_from

    def app(self) -> ASGIApp:
        """Return the server, at an address built like Webex's and at a plain one."""
        routes = [
            Route(f"{base}{path}", answer, methods=methods)
            for base in (WEBEX_PATH, "/v2")
            for path, answer, methods in (
                ("/ServiceProviderConfig", self.config, ["GET"]),
                ("/Bulk", self.bulk, ["POST"]),
            )
        ]
        return Starlette(routes=routes)

    async def config(self, _: Request) -> Response:
        """Answer what is supported."""
        bulk = {"supported": True, "maxOperations": 10, "maxPayloadSize": self._largest}
        return JSONResponse({"bulk": bulk})

    async def bulk(self, request: Request) -> Response:
        """Answer that every operation succeeded."""
        body = await request.json()
        self.bodies.append(body)
        if len(self.bodies) >= self._fails_from:
            return JSONResponse({"detail": "broken"}, 500)
        operations = body.get("operations") or body["Operations"]
        done = [{"method": one["method"], "status": 201} for one in operations]
        return JSONResponse({"Operations": done})


async def sent_to(url: str, count: int) -> list[int]:
    """Send creates and return the statuses."""
    many = [BulkOperation("POST", "/Users", f"n{n}", {"userName": "x" * 40}) for n in range(count)]
    async with Http(token="any-token", origins=[url]) as http:
        return [one.status for one in await ScimClient(http, url).bulk(many)]


async def test_a_large_request_is_sent_in_parts(run_app: Callable[[ASGIApp], str]) -> None:
    server = Server(largest=300)
    assert await sent_to(f"{run_app(server.app())}/v2", 3) == [201] * 3
    assert len(server.bodies) == 3


async def test_a_later_part_that_fails_leaves_the_rest_unanswered(
    run_app: Callable[[ASGIApp], str],
) -> None:
    server = Server(largest=300, fails_from=2)
    assert await sent_to(f"{run_app(server.app())}/v2", 3) == [201, 0, 0]
    assert len(server.bodies) == 2


async def test_a_request_that_fails_at_once_is_an_error(run_app: Callable[[ASGIApp], str]) -> None:
    with pytest.raises(RemoteError):
        await sent_to(f"{run_app(Server(fails_from=1).app())}/v2", 3)


async def test_webexs_address_gets_webexs_key_and_others_the_standards(
    run_app: Callable[[ASGIApp], str],
) -> None:
    server = Server()
    url = run_app(server.app())
    await sent_to(f"{url}{WEBEX_PATH}", 4)
    await sent_to(f"{url}/v2", 4)
    at_webex, elsewhere = server.bodies
    assert (at_webex["failOnErrors"], "operations" in at_webex) == (4, True)
    assert ("failOnErrors" in elsewhere, "Operations" in elsewhere) == (False, True)
