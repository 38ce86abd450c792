"""Who was just written is read back from the front of the list, and no further than needed."""

from collections.abc import Callable, Collection, Mapping

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sparkwizard.net.client import Http
from sparkwizard.provisioning.types import UsersRead
from sparkwizard.webex.scim import ScimClient

SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USERS = 1_000
WRITTEN = [f"id-{at}" for at in range(USERS - 130, USERS)]
"""Ids of those who were changed last, and who stand last where nothing is sorted."""


class Server:
    """List a thousand users, a hundred on a page, the newest last unless it sorts them."""

    def __init__(self, *, offers: bool, refuses: bool = False) -> None:
        self.asked: list[Mapping[str, str]] = []
        self._offers, self._refuses = offers, refuses

    def app(self) -> ASGIApp:
        return Starlette(
            routes=[Route("/ServiceProviderConfig", self.config), Route("/Users", self.users)]
        )

    async def config(self, _: Request) -> Response:
        return JSONResponse(
            {"filter": {"supported": True}, "bulk": {}, "sort": {"supported": self._offers}}
        )

    async def users(self, request: Request) -> Response:
        query = dict(request.query_params)
        self.asked.append(query)
        if self._refuses and "sortBy" in query:
            return JSONResponse({"detail": "No sorting."}, 400)
        newest = (query.get("sortBy"), query.get("sortOrder")) == (
            "meta.lastModified",
            "descending",
        )
        start, size = int(query["startIndex"]) - 1, int(query["count"])
        order = range(USERS - 1, -1, -1) if newest else range(USERS)
        listed = [{"id": f"id-{at}", "userName": f"u{at}"} for at in order[start : start + size]]
        return JSONResponse({"schemas": [SCHEMA], "totalResults": USERS, "Resources": listed})


async def read(
    server: Server, run_app: Callable[[ASGIApp], str], ids: Collection[str]
) -> UsersRead:
    url = run_app(server.app())
    async with Http(token="any-token", origins=[url]) as http:
        return await ScimClient(http, url).list_newest(ids)


async def test_no_more_pages_are_asked_for_than_hold_who_was_written(
    run_app: Callable[[ASGIApp], str],
) -> None:
    server = Server(offers=True)
    found = await read(server, run_app, WRITTEN)
    assert {user.id for user in found.users} >= set(WRITTEN)
    assert [query["startIndex"] for query in server.asked] == ["1", "101"]


@pytest.mark.parametrize(
    "server", [Server(offers=False), Server(offers=True, refuses=True)], ids=["lacks", "refuses"]
)
async def test_a_server_that_does_not_sort_is_read_up_to_the_last_of_them(
    run_app: Callable[[ASGIApp], str], server: Server
) -> None:
    found = await read(server, run_app, WRITTEN)
    assert {user.id for user in found.users} >= set(WRITTEN)
    assert "sortBy" not in server.asked[-1]
    assert len([query for query in server.asked if "sortBy" not in query]) == 10


async def test_who_is_not_listed_yet_is_missing_when_everybody_was_read(
    run_app: Callable[[ASGIApp], str],
) -> None:
    found = await read(Server(offers=True), run_app, ["id-7", "id-of-nobody"])
    assert len(found.users) == USERS
