"""The connection diagnosis, against the practice tenant with its faults and against strangers."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sparkwizard.practice import PracticeServer
from sparkwizard.webex.diagnosis import LAYER_TITLES, diagnose
from sparkwizard.webex.types import Layer, LayerName, Standing

PASS, WARN, FAIL, SKIPPED = Standing.PASS, Standing.WARN, Standing.FAIL, Standing.SKIPPED
NAMES = tuple(LayerName)


@pytest.fixture
async def practice() -> AsyncIterator[PracticeServer]:
    async with PracticeServer() as server:
        yield server


async def of(
    server: PracticeServer, *, kind: str = "admin", tenant_url: str = ""
) -> dict[LayerName, Layer]:
    layers = await diagnose(
        tenant_url=tenant_url or server.tenant_url,
        token=server.tokens[kind],
        api_url=server.api_url,
    )
    return {layer.name: layer for layer in layers}


def with_standing(layers: dict[LayerName, Layer], standing: Standing) -> list[LayerName]:
    return [name for name, layer in layers.items() if layer.standing is standing]


async def test_a_healthy_tenant_passes_every_layer(practice: PracticeServer) -> None:
    layers = await of(practice)
    assert tuple(layers) == NAMES
    assert with_standing(layers, SKIPPED) == [LayerName.CERTIFICATE]
    assert with_standing(layers, PASS) == [n for n in NAMES if n is not LayerName.CERTIFICATE]


async def test_the_diagnosis_writes_nothing(practice: PracticeServer) -> None:
    await of(practice)
    assert {exchange.method for exchange in practice.log} == {"GET"}


async def test_each_layer_is_told_as_soon_as_it_is_known(practice: PracticeServer) -> None:
    told: list[Layer] = []
    layers = await diagnose(
        tenant_url=practice.tenant_url,
        token=practice.token,
        api_url=practice.api_url,
        on_layer=told.append,
    )
    assert tuple(told) == layers


async def test_the_evidence_says_what_was_asked_and_answered(practice: PracticeServer) -> None:
    evidence = (await of(practice, kind="non_admin"))[LayerName.READING].evidence
    assert evidence[0] == "GET …/identity/scim/…/v2/Users?count=1"
    assert evidence[1].startswith("403 Forbidden · ")
    assert evidence[2].startswith("Tracking ID ")


@pytest.mark.parametrize("kind", ["admin", "expired", "bot", "non_admin", "other_organization"])
async def test_no_layer_shows_the_token(practice: PracticeServer, kind: str) -> None:
    layers = await of(practice, kind=kind)
    assert practice.tokens[kind] not in repr(layers)


@pytest.mark.parametrize(
    ("kind", "failed"),
    [
        ("expired", [LayerName.TOKEN]),
        ("bot", [LayerName.TOKEN]),
        ("non_admin", [LayerName.ROLE, LayerName.READING]),
        ("people_only", [LayerName.READING]),
        ("other_organization", [LayerName.ORGANIZATION]),
    ],
)
async def test_a_token_fails_in_its_own_layer(
    practice: PracticeServer, kind: str, failed: list[LayerName]
) -> None:
    layers = await of(practice, kind=kind)
    assert with_standing(layers, FAIL) == failed
    assert all(layers[name].fix for name in failed)


async def test_what_rests_on_a_failed_layer_is_skipped_with_the_reason(
    practice: PracticeServer,
) -> None:
    layers = await of(practice, kind="expired")
    later = NAMES[NAMES.index(LayerName.TOKEN) + 1 :]
    assert {layers[name].standing for name in later} == {SKIPPED}
    assert "“Token” did not pass" in layers[LayerName.BULK].summary


@pytest.mark.parametrize(
    ("kind", "warned"),
    [
        ("personal", [LayerName.LIFETIME]),
        ("read_only", [LayerName.ROLE]),
        ("service_app", [LayerName.TOKEN, LayerName.ROLE, LayerName.ORGANIZATION]),
    ],
)
async def test_a_token_that_works_for_some_things_is_a_warning(
    practice: PracticeServer, kind: str, warned: list[LayerName]
) -> None:
    layers = await of(practice, kind=kind)
    assert (with_standing(layers, WARN), with_standing(layers, FAIL)) == (warned, [])


async def test_a_tenant_url_of_another_organization_fails(practice: PracticeServer) -> None:
    other = practice.tenant_url.replace(
        practice.organization_id, "0" * 8 + "-0000-0000-0000-" + "0" * 12
    )
    layers = await of(practice, tenant_url=other)
    assert with_standing(layers, FAIL) == [LayerName.ORGANIZATION]


async def test_an_ignored_filter_fails(practice: PracticeServer) -> None:
    practice.faults.filter_ignored = True
    layers = await of(practice)
    assert with_standing(layers, FAIL) == [LayerName.LOOKUP, LayerName.FILTER]


async def test_paging_that_does_not_advance_fails(practice: PracticeServer) -> None:
    practice.faults.paging_ignored = True
    layers = await of(practice)
    assert with_standing(layers, FAIL) == [LayerName.PAGING]


async def test_web_pages_in_place_of_data_fail_in_words(practice: PracticeServer) -> None:
    practice.faults.html = True
    layer = (await of(practice))[LayerName.TOKEN]
    assert (layer.standing, "a web page instead of data" in layer.summary) == (FAIL, True)


async def test_without_a_people_api_nothing_else_is_asked(practice: PracticeServer) -> None:
    layers = await diagnose(tenant_url=practice.tenant_url, token=practice.token)
    unknown = [LayerName.TOKEN, LayerName.LIFETIME, LayerName.ROLE, LayerName.ORGANIZATION]
    assert [layer.name for layer in layers if layer.standing is WARN] == unknown
    assert not [exchange for exchange in practice.log if exchange.path.startswith("/v1")]


async def test_a_diagnosis_can_be_cancelled(practice: PracticeServer) -> None:
    practice.faults.latency_ms = 20_000
    task = asyncio.create_task(of(practice))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


# -- strangers ---------------------------------------------------------------------------------


async def test_a_server_that_follows_the_standard_passes(strict_server: str) -> None:
    layers = await diagnose(tenant_url=strict_server, token="any-token")
    assert [layer.name for layer in layers if layer.standing is FAIL] == []
    by_name = {layer.name: layer for layer in layers}
    assert by_name[LayerName.BULK].summary == "Up to 1000 changes fit in one request"
    assert by_name[LayerName.FILTER].standing is SKIPPED


async def test_a_closed_port_fails_at_the_connection() -> None:
    layers = await diagnose(tenant_url="http://127.0.0.1:9/v2", token="any-token")
    assert [layer.standing for layer in layers[:4]] == [PASS, FAIL, SKIPPED, SKIPPED]


async def test_an_unknown_name_fails_at_the_name() -> None:
    layers = await diagnose(tenant_url="https://nosuch.invalid/v2", token="any-token")
    assert [layer.standing for layer in layers[:3]] == [FAIL, SKIPPED, SKIPPED]


async def test_a_tenant_url_that_is_none_fails_and_does_not_raise() -> None:
    layers = await diagnose(tenant_url="nonsense", token="any-token")
    assert [layer.name for layer in layers] == list(NAMES)
    assert layers[0].summary == "This is not a Tenant URL"
    assert {layer.standing for layer in layers[1:]} == {SKIPPED}


def little(users: int, *, filters: bool = True, exact: bool = False, count: bool = True) -> ASGIApp:
    """Return a server of few users that knows no filter, only exact ones, or no page size."""

    async def listing(request: Request) -> Response:
        everyone = [{"id": str(n), "userName": f"U{n}@x.example"} for n in range(users)]
        query = request.query_params
        if "filter" in query:
            if not filters:
                return JSONResponse({"scimType": "invalidFilter"}, 400)
            wanted = query["filter"].split('"')[1]
            everyone = [
                one
                for one in everyone
                if one["userName"] == wanted
                or (not exact and one["userName"].lower() == wanted.lower())
            ]
        if "count" in query and not count:
            return JSONResponse({"detail": "no count here"}, 400)
        start = int(query.get("startIndex", "1")) - 1
        shown = everyone[start : start + int(query.get("count", "100"))]
        return JSONResponse({"totalResults": len(everyone), "Resources": shown})

    return Starlette(routes=[Route("/Users", listing)])


@pytest.mark.parametrize(
    ("app", "warned", "skipped"),
    [
        (little(0), [], [LayerName.FILTER, LayerName.PAGING]),
        (little(1), [], [LayerName.PAGING]),
        (little(3, filters=False), [LayerName.LOOKUP, LayerName.FILTER], []),
        (little(3, exact=True), [LayerName.FILTER], []),
        (little(3, count=False), [LayerName.PAGING], []),
    ],
    ids=["empty", "one user", "no filters", "exact filters", "no page size"],
)
async def test_what_a_server_lacks_is_a_warning_not_a_failure(
    run_app: Callable[[ASGIApp], str],
    app: ASGIApp,
    warned: list[LayerName],
    skipped: list[LayerName],
) -> None:
    layers = await diagnose(tenant_url=run_app(app), token="any-token")
    about_users = [layer for layer in layers if layer.name in NAMES[7:]]
    assert [one.name for one in about_users if one.standing is WARN] == warned
    assert [one.name for one in about_users if one.standing is SKIPPED] == skipped
    assert [one.name for one in about_users if one.standing is FAIL] == []


def test_every_layer_has_a_title() -> None:
    assert set(LAYER_TITLES) == set(LayerName)
