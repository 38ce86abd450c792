"""The licences of an organization: read leniently, and never in the way of a preview."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sparkwizard.net.client import Http
from sparkwizard.practice import PracticeServer
from sparkwizard.webex.licences import read_licences
from sparkwizard.webex.types import Licence, Licences

CONTRACT = Path(__file__).parents[3] / "shared" / "contracts" / "webex-openapi.json"


@pytest.fixture
async def practice() -> AsyncIterator[PracticeServer]:
    async with PracticeServer() as server:
        yield server


async def licences_of(practice: PracticeServer, kind: str) -> Licences:
    async with Http(token=practice.tokens[kind], origins=[practice.base_url]) as http:
        return await read_licences(http, practice.api_url)


async def licences_from(address: str, patience: float = 10) -> Licences:
    async with Http(token="t" * 40, origins=[address]) as http:
        return await read_licences(http, f"{address}/v1/", patience=patience)


def answering(body: object) -> ASGIApp:
    async def licenses(_: Request) -> Response:
        return HTMLResponse(body) if isinstance(body, str) else JSONResponse(body)

    return Starlette(routes=[Route("/v1/licenses", licenses)])


async def test_each_licence_is_told_with_what_is_free(practice: PracticeServer) -> None:
    read = await licences_of(practice, "admin")
    assert read.unread == ""
    scarce = next(one for one in read.kinds if one.name == "Webex Events 1000")
    assert (scarce.total, scarce.used, scarce.free) == (2, 0, 2)


async def test_a_token_that_may_not_see_licences_is_told_and_nothing_raised(
    practice: PracticeServer,
) -> None:
    read = await licences_of(practice, "non_admin")
    assert read.kinds == ()
    assert read.unread


async def test_the_example_of_ciscos_description_is_understood(
    run_app: Callable[[ASGIApp], str],
) -> None:
    if not CONTRACT.exists():
        pytest.skip("Cisco's OpenAPI description is not beside this clone")
    described = json.loads(CONTRACT.read_text("utf-8"))["paths"]["/licenses"]["get"]
    example = described["responses"]["200"]["content"]["application/json"]["example"]
    (licence,) = (await licences_from(run_app(answering(example)))).kinds
    assert (licence.name, licence.total, licence.used, licence.free) == (
        "Meeting - Webex Meeting Center",
        50,
        5,
        45,
    )


async def test_a_licence_without_a_total_has_no_limit(run_app: Callable[[ASGIApp], str]) -> None:
    items = [{"id": "1", "name": "Free", "consumedUnits": 3}, {"id": "2", "totalUnits": -1}, None]
    read = await licences_from(run_app(answering({"items": items})))
    assert read.kinds == (Licence("1", "Free", None, 3),)
    assert read.kinds[0].free is None


async def test_more_in_use_than_bought_leaves_none_free() -> None:
    assert Licence("1", "Messaging", 5, 7).free == 0


@pytest.mark.parametrize("body", ["<html>Sign in</html>", [1], {"items": "none"}, {}])
async def test_whatever_is_answered_nothing_is_raised(
    body: object, run_app: Callable[[ASGIApp], str]
) -> None:
    assert (await licences_from(run_app(answering(body)))).kinds == ()


async def test_nobody_waits_long_for_licences(run_app: Callable[[ASGIApp], str]) -> None:
    async def licenses(_: Request) -> Response:
        await asyncio.sleep(0.5)
        return JSONResponse({})

    address = run_app(Starlette(routes=[Route("/v1/licenses", licenses)]))
    read = await licences_from(address, patience=0.05)
    assert "in time" in read.unread
