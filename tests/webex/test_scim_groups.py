"""Groups at the practice Webex, and at servers that say strange things: nothing is believed."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sparkwizard.errors import RemoteError, UnexpectedAnswer
from sparkwizard.net.client import Http
from sparkwizard.practice.server import PracticeServer, serve_in_thread
from sparkwizard.provisioning.types import Change
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.scim_groups import MEMBERS_AT_ONCE, ScimGroups

NAMED = (Change("displayName", None, "Testers"), Change("externalId", None, "g-1"))


@pytest_asyncio.fixture
async def practice() -> AsyncIterator[PracticeServer]:
    with serve_in_thread(people=1_800) as server:
        yield server


@pytest_asyncio.fixture
async def groups(practice: PracticeServer) -> AsyncIterator[ScimGroups]:
    async with Http(token=practice.token, origins=[practice.tenant_url]) as http:
        yield ScimClient(http, practice.tenant_url).groups


def users(practice: PracticeServer, number: int) -> list[str]:
    return [record.id for record in practice.world.users][:number]


async def test_a_group_is_made_found_renamed_and_listed(groups: ScimGroups) -> None:
    made = await groups.create(NAMED)
    assert (made.display_name, made.resource["externalId"]) == ("Testers", "g-1")
    assert [one.id for one in await groups.find("TESTERS")] == [made.id]
    changed = await groups.change(made.id, (Change("displayName", "Testers", "Users"),))
    assert changed.display_name == "Users"
    listed = await groups.list_all()
    assert listed.complete
    assert {one.id: one.display_name for one in listed.groups}[made.id] == "Users"
    assert all("members" not in one.resource for one in listed.groups)
    assert await groups.get("no-such-group") is None


async def test_all_members_of_a_group_of_more_than_five_hundred_are_read(
    groups: ScimGroups, practice: PracticeServer
) -> None:
    made, everybody = await groups.create(NAMED), users(practice, 610)
    assert len(everybody) > 500
    for start in range(0, len(everybody), MEMBERS_AT_ONCE):
        await groups.add_members(made.id, everybody[start : start + MEMBERS_AT_ONCE])
    assert await groups.members(made.id) == frozenset(everybody)
    await groups.remove_members(made.id, everybody[:MEMBERS_AT_ONCE])
    assert await groups.members(made.id) == frozenset(everybody[MEMBERS_AT_ONCE:])


async def test_somebody_added_twice_is_a_member_once(
    groups: ScimGroups, practice: PracticeServer
) -> None:
    made, some = await groups.create(NAMED), users(practice, 2)
    await groups.add_members(made.id, some)
    await groups.add_members(made.id, some)
    shown = next(r.decode() for r in practice.world.groups if r.id == made.id)
    assert [one["value"] for one in shown["members"]] == some


# -- servers that can't be believed --------------------------------------------------------------


@pytest_asyncio.fixture
async def at(run_app: Callable[[ASGIApp], str]) -> AsyncIterator[Callable[..., ScimGroups]]:
    """Return what speaks with a server that answers these paths with these bodies."""
    opened: list[Http] = []

    def start(**answers: object) -> ScimGroups:
        async def answer(request: Request) -> Response:
            last = request.url.path.rstrip("/").rpartition("/")[2]
            return JSONResponse(answers[last])

        app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "PATCH"])])
        address = run_app(app)
        http = Http(token="t", origins=[address])
        opened.append(http)
        return ScimClient(http, address).groups

    yield start
    for http in opened:
        await http.__aexit__(None, None, None)


async def test_members_that_are_not_all_listed_are_no_answer(
    at: Callable[..., ScimGroups],
) -> None:
    groups = at(Members={"memberSize": 3, "members": [{"value": "a"}, {"value": "b"}]})
    with pytest.raises(UnexpectedAnswer, match="all members"):
        await groups.members("g")


async def test_a_member_without_an_id_is_no_answer(at: Callable[..., ScimGroups]) -> None:
    groups = at(Members={"memberSize": 1, "members": [{"display": "Ann"}]})
    with pytest.raises(UnexpectedAnswer, match="without an id"):
        await groups.members("g")


async def test_an_answer_about_another_group_is_refused(at: Callable[..., ScimGroups]) -> None:
    groups = at(g={"id": "other", "displayName": "Other"})
    with pytest.raises(UnexpectedAnswer, match="another group"):
        await groups.get("g")


async def test_a_list_that_is_short_is_told(at: Callable[..., ScimGroups]) -> None:
    groups = at(Groups={"totalResults": 9, "Resources": [{"id": "1", "displayName": "One"}]})
    listed = await groups.list_all()
    assert not listed.complete
    assert [one.code for one in listed.findings] == ["groups-list-short"]


async def test_a_search_that_is_ignored_finds_nobody_elses_group(
    at: Callable[..., ScimGroups],
) -> None:
    groups = at(Groups={"totalResults": 1, "Resources": [{"id": "1", "displayName": "One"}]})
    assert await groups.find("Two") == ()


async def test_a_refused_group_is_an_error_with_its_words(groups: ScimGroups) -> None:
    with pytest.raises(RemoteError):
        await groups.create((Change("displayName", None, ""),))
