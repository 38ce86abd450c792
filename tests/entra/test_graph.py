"""Asking Microsoft Graph, against a little one that answers as told."""

import asyncio
import base64
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from sparkwizard.entra.clouds import CLOUDS, authority_of, cloud_of, graph_base
from sparkwizard.entra.graph import Graph
from sparkwizard.entra.graph_errors import needs_resync
from sparkwizard.entra.query import query, quoted
from sparkwizard.entra.tokens import GivenToken
from sparkwizard.entra.types import BatchRequest, EntraCloud, Purpose
from sparkwizard.errors import (
    Forbidden,
    InputError,
    NotAuthorized,
    NotFound,
    RemoteError,
    Throttled,
    UnexpectedAnswer,
)
from sparkwizard.net.redact import forget_secrets
from sparkwizard.net.retry import set_waiting
from tests.entra.little_graph import (
    RENEWED,
    TOKEN,
    Answering,
    Asked,
    Reply,
    Tokens,
    asking,
    refusal,
    replies,
)


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    set_waiting(False)
    yield
    set_waiting(True)
    forget_secrets()


# -- requests ------------------------------------------------------------------------------------


async def test_a_request_carries_the_token_and_its_parameters() -> None:
    async with asking(replies(Reply(200, {"id": "1"}))) as (graph, little):
        assert await graph.get("/users/1", {"$select": "id,mail"}) == {"id": "1"}
    (asked,) = little.asked
    assert asked.path == "/v1.0/users/1?$select=id,mail"
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"


async def test_a_token_that_is_refused_is_renewed_once_with_the_claims_asked_for() -> None:
    claims = '{"access_token":{"nbf":{"essential":true}}}'
    challenge = (
        'Bearer realm="", error="insufficient_claims", '
        f'claims="{base64.b64encode(claims.encode()).decode()}"'
    )
    tokens = Tokens()
    refused = refusal(401, "InvalidAuthenticationToken", www_authenticate=challenge)
    async with asking(replies(refused, Reply(200, {"id": "1"})), tokens=tokens) as (graph, little):
        await graph.post("/servicePrincipals", {"displayName": "Webex"})
    assert tokens.claims == [claims]
    assert [a.headers["authorization"] for a in little.asked] == [
        f"Bearer {TOKEN}",
        f"Bearer {RENEWED}",
    ]


async def test_a_token_that_was_brought_along_and_expired_asks_for_a_new_one() -> None:
    async with asking(replies(refusal(401, "InvalidAuthenticationToken"))) as (graph, _):
        given = Graph(graph.http, GivenToken(TOKEN), graph.base)
        with pytest.raises(NotAuthorized, match="SPARKWIZARD_GRAPH_TOKEN"):
            await given.get("/users")


async def test_bursts_of_refusals_are_waited_out() -> None:
    busy = refusal(429, "TooManyRequests", Retry_After="2")
    down = refusal(503, "ServiceUnavailable", Retry_After="1")
    late = refusal(504, "GatewayTimeout")
    async with asking(replies(busy, down, late, Reply(200, {"id": "1"}))) as (graph, little):
        assert await graph.get("/me") == {"id": "1"}
    assert len(little.asked) == 4


async def test_a_throttled_service_is_told_after_every_retry() -> None:
    async with asking(replies(refusal(429, "TooManyRequests", Retry_After="1"))) as (graph, little):
        with pytest.raises(Throttled, match="asked to slow down"):
            await graph.get("/users")
    assert len(little.asked) == 4


async def test_a_write_that_may_have_arrived_is_not_repeated() -> None:
    async with asking(replies(refusal(504, "GatewayTimeout"))) as (graph, little):
        with pytest.raises(RemoteError):
            await graph.post("/applicationTemplates/1/instantiate", {"displayName": "Webex"})
    assert len(little.asked) == 1


# -- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_a_missing_permission_says_whom_to_ask_for_which(purpose: Purpose) -> None:
    answer = refusal(403, "Authorization_RequestDenied", "Insufficient privileges.")
    async with asking(replies(answer), purpose) as (graph, _):
        with pytest.raises(Forbidden) as caught:
            await graph.get("/users")
    error = caught.value
    assert (error.code, error.remote_code) == ("graph-permission", "Authorization_RequestDenied")
    assert "Global Administrator" in error.fix
    assert ".Read" in error.fix
    assert error.detail == "Insufficient privileges."
    assert error.tracking_id == "6d9e6c3e-0000-4000-8000-00000000beef"


async def test_setting_the_cloud_up_names_the_role_it_needs() -> None:
    answer = refusal(403, "Authorization_RequestDenied")
    async with asking(replies(answer)) as (graph, _):
        with pytest.raises(Forbidden, match="Cloud Application Administrator"):
            await graph.serving(Purpose.CLOUD_SETUP).get("/servicePrincipals/1")


@pytest.mark.parametrize(
    ("status", "code"),
    [(410, "resyncRequired"), (400, "syncStateNotFound"), (400, "Directory_ExpiredPageToken")],
)
async def test_an_expired_link_asks_for_a_full_read(status: int, code: str) -> None:
    async with asking(replies(refusal(status, code))) as (graph, _):
        with pytest.raises(NotFound) as caught:
            await graph.get(f"{graph.base}/users/delta?$deltatoken=old")
    assert needs_resync(caught.value)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, {"error": {"code": "Request_ResourceNotFound"}}, NotFound),
        (500, None, RemoteError),
        (400, {"error": "invalid_request", "error_description": "no"}, RemoteError),
        (418, [1], RemoteError),
        (403, {"error": {"code": 7, "message": None, "innerError": []}}, Forbidden),
    ],
)
async def test_any_refusal_is_a_sentence_with_a_fix(
    status: int, body: object, kind: type[RemoteError]
) -> None:
    async with asking(replies(Reply(status, body))) as (graph, _):
        with pytest.raises(kind) as caught:
            await graph.get("/users/1")
    assert caught.value.message.endswith(".")
    assert caught.value.fix


async def test_no_error_repeats_a_token_that_graph_echoes() -> None:
    said = f"Access token {TOKEN} is not valid."
    answer = refusal(403, TOKEN, said, request_id=TOKEN)
    async with asking(replies(answer)) as (graph, _):
        with pytest.raises(Forbidden) as caught:
            await graph.get("/users")
    error = caught.value
    assert TOKEN not in f"{error} {error.detail} {error.remote_code} {error.tracking_id}"


# -- lists ---------------------------------------------------------------------------------------


def listed(pages: list[list[int]], *, base: str = "") -> Answering:
    def answer(asked: Asked) -> Reply:
        number = int(asked.path.partition("page=")[2] or 0)
        body: dict[str, object] = {"value": pages[number]}
        host = base or f"http://{asked.headers['host']}/v1.0"
        if number + 1 < len(pages):
            body["@odata.nextLink"] = f"{host}/users?page={number + 1}"
        else:
            body["@odata.deltaLink"] = f"{host}/users/delta?$deltatoken=x"
        return Reply(200, body)

    return answer


async def test_a_list_is_read_to_its_end_with_the_same_headers_on_each_page() -> None:
    async with asking(listed([[1, 2], [], [3]])) as (graph, little):
        headers = {"ConsistencyLevel": "eventual"}
        assert await graph.values("/users", {"$top": 999}, headers=headers) == [1, 2, 3]
    assert [a.path for a in little.asked] == [
        "/v1.0/users?$top=999",
        "/v1.0/users?page=1",
        "/v1.0/users?page=2",
    ]
    assert {a.headers["consistencylevel"] for a in little.asked} == {"eventual"}


async def test_the_last_page_of_a_delta_query_says_where_to_go_on() -> None:
    async with asking(listed([[1], [2]])) as (graph, little):
        pages = [page async for page in graph.pages("/users/delta")]
    assert [page.delta_link for page in pages] == [
        "",
        f"{little.url}/users/delta?$deltatoken=x",
    ]


async def test_a_link_to_another_origin_is_not_followed() -> None:
    elsewhere = listed([[1], [2]], base="https://graph.example")
    async with asking(elsewhere) as (graph, little):
        pages = graph.pages("/users")
        assert (await anext(pages)).values == [1]
        with pytest.raises(UnexpectedAnswer, match=r"leads to https://graph\.example"):
            await anext(pages)
    assert len(little.asked) == 1


async def test_a_list_that_goes_in_circles_is_left() -> None:
    def answer(asked: Asked) -> Reply:
        link = f"http://{asked.headers['host']}/v1.0/users?page=1"
        return Reply(200, {"value": [1], "@odata.nextLink": link})

    async with asking(answer) as (graph, little):
        with pytest.raises(UnexpectedAnswer, match="circles"):
            await graph.values("/users")
    assert len(little.asked) <= 3


async def test_leaving_a_list_early_leaves_nothing_running() -> None:
    async with (
        asking(listed([[1], [2], [3]])) as (graph, _),
        aclosing(graph.pages("/users")) as pages,
    ):
        assert (await anext(pages)).values == [1]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_an_answer_without_a_list_is_told() -> None:
    async with asking(replies(Reply(200, {"id": "1"}))) as (graph, _):
        with pytest.raises(UnexpectedAnswer, match="without the list"):
            await graph.values("/users")


# -- batches -------------------------------------------------------------------------------------


def batched(refused_first: tuple[str, ...] = (), missing: tuple[str, ...] = ()) -> Answering:
    seen: set[str] = set()

    def answer(asked: Asked) -> Reply:
        parts = []
        for part in reversed(asked.body["requests"]):
            url = part["url"]
            if url in missing:
                continue
            if url in refused_first and url not in seen:
                seen.add(url)
                body = {"error": {"code": "TooManyRequests"}}
                parts.append(
                    {"id": part["id"], "status": 429, "headers": {"Retry-After": "1"}, "body": body}
                )
            elif url == "/groups/gone":
                body = {"error": {"code": "Request_ResourceNotFound"}}
                parts.append({"id": part["id"], "status": 404, "body": body})
            else:
                parts.append({"id": part["id"], "status": 200, "body": {"url": url}})
        return Reply(200, {"responses": parts})

    return answer


async def test_a_batch_sends_twenty_at_a_time_and_puts_replies_in_order() -> None:
    async with asking(batched()) as (graph, little):
        asked = [BatchRequest("GET", f"/users/{number}") for number in range(45)]
        found = await graph.batch(asked)
    assert [reply.object()["url"] for reply in found] == [request.path for request in asked]
    assert [len(a.body["requests"]) for a in little.asked] == [20, 20, 5]


async def test_only_what_came_too_fast_is_sent_again() -> None:
    async with asking(batched(("/users/1", "/users/3"))) as (graph, little):
        found = await graph.batch([BatchRequest("GET", f"/users/{n}") for n in range(5)])
    assert all(reply.error is None for reply in found)
    assert [[p["url"] for p in a.body["requests"]] for a in little.asked[1:]] == [
        ["/users/1", "/users/3"]
    ]


async def test_one_that_failed_does_not_take_the_others_with_it() -> None:
    async with asking(batched(missing=("/users/lost",))) as (graph, _):
        good, gone, lost = await graph.batch(
            [BatchRequest("GET", path) for path in ("/users/1", "/groups/gone", "/users/lost")]
        )
    assert good.object() == {"url": "/users/1"}
    assert isinstance(gone.error, NotFound)
    with pytest.raises(UnexpectedAnswer, match="without a reply"):
        lost.object()


async def test_a_write_in_a_batch_says_that_its_body_is_json() -> None:
    async with asking(batched()) as (graph, little):
        change = {"displayName": "Sales"}
        write = BatchRequest("PATCH", "/groups/1", json=change)
        await graph.batch([write, BatchRequest("GET", "/groups/2")])
    first, second = little.asked[0].body["requests"]
    assert (first["body"], first["headers"]) == (change, {"Content-Type": "application/json"})
    assert "headers" not in second


# -- clouds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda cloud: cloud.name)
def test_each_cloud_signs_in_at_its_own_authority(cloud: EntraCloud) -> None:
    origin = cloud.graph_origin
    assert graph_base(f"{origin}/") == f"{origin}/v1.0"
    assert cloud_of(origin) == cloud
    assert authority_of(origin) == cloud.authority


def test_without_an_address_it_is_the_global_cloud() -> None:
    assert graph_base("") == "https://graph.microsoft.com/v1.0"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/v1.0/", "http://[::1]:8000/v1.0"])
def test_graph_may_be_on_this_computer(url: str) -> None:
    assert graph_base(url) == url.rstrip("/")
    assert authority_of(url) == url.rstrip("/").removesuffix("/v1.0")


@pytest.mark.parametrize("url", ["https://graph.example/v1.0", "http://graph.microsoft.com", "x"])
def test_no_token_goes_to_an_address_that_is_not_microsofts(url: str) -> None:
    with pytest.raises(InputError, match="not an address of Microsoft Graph"):
        graph_base(url)


def test_parameters_keep_graphs_own_signs_and_nothing_else() -> None:
    assert query({"$filter": "mail eq 'a+b&c@d.e'"}) == "?$filter=mail%20eq%20%27a%2Bb%26c@d.e%27"
    assert quoted("O'Neil") == "'O''Neil'"
