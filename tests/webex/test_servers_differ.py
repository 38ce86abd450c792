"""SCIM servers that miscount, repeat, ignore and refuse: what is seen in the real ones.

Each option of ``Odd`` is one behaviour, each test one behaviour and what must come of it: nobody
is missed without a word, nobody wrong is taken for a match, and no reading goes on for ever.
"""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sparkwizard.errors import UnexpectedAnswer
from sparkwizard.net.client import Http
from sparkwizard.provisioning.types import Change, Json, User, UsersRead
from sparkwizard.webex.scim import ScimClient

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
OLD_CORE = "urn:scim:schemas:core:1.0"


@dataclass(repr=False)
class Odd:
    """Switch one oddity on; ``seen`` keeps the queries and bodies that came."""

    users: int = 25
    page: int = 10
    total: int | str | None = -1
    total_of_page: bool = False
    start_ignored: bool = False
    count_refused: bool = False
    start_refused: bool = False
    count_ignored: bool = False
    beyond_end_refused: bool = False
    overlap: int = 0
    endless: bool = False
    junk_at: int | None = None
    removed_after_first: int = 0
    filter_ignored: bool = False
    html: bool = False
    no_resources_key: bool = False
    single_answer: Json = None
    single_status: int = 200
    old: bool = False
    patch_status: int = 200
    patch_body: bool = True
    user_type_refused: bool = False
    created: Json = None
    created_location: str = ""
    seen: list[tuple[str, dict[str, str], Json]] = field(default_factory=list)
    removed: int = 0

    def __repr__(self) -> str:
        odd = (one.name for one in fields(self) if getattr(self, one.name) != one.default)
        return ", ".join(f"{name}={getattr(self, name)}" for name in odd if name != "seen")

    def app(self) -> ASGIApp:
        """Return the server."""
        return Starlette(
            routes=[
                Route("/v2/Users", self.listing, methods=["GET"]),
                Route("/v2/Users", self.create, methods=["POST"]),
                Route("/v2/Users/{id}", self.single, methods=["GET", "PATCH", "DELETE"]),
            ]
        )

    def user(self, number: int) -> dict[str, Json]:
        """Return one user."""
        schema = OLD_CORE if self.old else CORE
        name = f"user{number}@contoso.example"
        return {"schemas": [schema], "id": f"id-{number}", "userName": name, "title": "Clerk"}

    def _note(self, request: Request, body: Json = None) -> None:
        self.seen.append((request.method, dict(request.query_params), body))

    async def listing(self, request: Request) -> Response:
        """Answer the list, oddly."""
        self._note(request)
        query = request.query_params
        if self.html:
            return HTMLResponse("<html>hello</html>", media_type="application/scim+json")
        if (self.count_refused and "count" in query) or (
            self.start_refused and "startIndex" in query
        ):
            return JSONResponse({"status": "400", "detail": "unknown parameter"}, 400)
        everyone = [self.user(number) for number in range(self.removed, self.users)]
        if "filter" in query and not self.filter_ignored:
            found = re.fullmatch(r'userName eq "(.*)"', query["filter"])
            wanted = found[1].lower() if found else ""
            everyone = [one for one in everyone if str(one["userName"]).lower() == wanted]
        start = 1 if self.start_ignored else int(query.get("startIndex", "1"))
        size = min(int(query.get("count", self.page)), self.page)
        if self.count_ignored:
            start, size = 1, len(everyone)
        if self.beyond_end_refused and start > len(everyone):
            return JSONResponse({"status": "404", "detail": "no such page"}, 404)
        begin = max(0, start - 1 - (self.overlap if start > 1 else 0))
        shown: list[Json] = list(everyone[begin : begin + size])
        if self.endless:
            shown = [self.user(start + number) for number in range(size)]
        if self.junk_at is not None and start == 1:
            shown[self.junk_at] = {"userName": "no id"}
        self.removed += self.removed_after_first
        self.removed_after_first = 0
        return JSONResponse(self._list(shown, len(everyone)))

    def _list(self, shown: list[Json], real: int) -> Json:
        total: Json = real if self.total == -1 else self.total
        if self.total_of_page:
            total = len(shown)
        body: dict[str, Json] = {"itemsPerPage": 7, "Resources": shown}
        if total is not None:
            body["totalResults"] = total
        if self.no_resources_key and not shown:
            del body["Resources"]
        return body

    async def create(self, request: Request) -> Response:
        """Answer a new user, oddly."""
        body = await request.json()
        self._note(request, body)
        if self.user_type_refused and "userType" in body:
            return JSONResponse({"detail": "Unknown attribute userType"}, 400)
        headers = {"Location": self.created_location} if self.created_location else {}
        if self.created is None:
            return Response(status_code=201, headers=headers)
        return JSONResponse(self.created, 201, headers)

    async def single(self, request: Request) -> Response:
        """Answer one user, oddly."""
        body = await request.json() if request.method == "PATCH" else None
        self._note(request, body)
        if self.html:
            return HTMLResponse("<html>not found</html>", 404)
        if request.method == "PATCH" and not self.patch_body:
            return Response(status_code=self.patch_status)
        answer = self.user(1) if self.single_answer is None else self.single_answer
        return JSONResponse(answer, self.single_status)


@pytest.fixture
def client(run_app: Callable[[ASGIApp], str]) -> Callable[[Odd], "Client"]:
    return lambda odd: Client(odd, f"{run_app(odd.app())}/v2")


@dataclass
class Client:
    """Hold a client of an odd server."""

    odd: Odd
    url: str

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[ScimClient]:
        """Open the connection."""
        async with Http(token="any-token", origins=[self.url]) as http:
            yield ScimClient(http, self.url)

    async def listed(self) -> UsersRead:
        """Read every user."""
        async with self.speaking() as scim:
            return await scim.list_users()


type Make = Callable[[Odd], Client]


def codes(read: UsersRead) -> set[str]:
    return {finding.code for finding in read.findings}


# -- lists -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "odd",
    [
        Odd(),
        Odd(users=0),
        Odd(users=0, no_resources_key=True),
        Odd(users=20),
        Odd(users=1),
        Odd(total="25"),
        Odd(total=None),
        Odd(total=10),
        Odd(total_of_page=True),
        Odd(count_refused=True),
        Odd(count_refused=True, users=20),
        Odd(count_ignored=True),
        Odd(start_ignored=True, users=10),
        Odd(start_refused=True, count_refused=True, users=10),
        Odd(beyond_end_refused=True),
        Odd(beyond_end_refused=True, users=20),
        Odd(overlap=1),
        Odd(page=1, users=5),
    ],
    ids=repr,
)
async def test_everybody_is_read_and_the_list_is_complete(client: Make, odd: Odd) -> None:
    read = await client(odd).listed()
    assert [user.id for user in read.users] == [f"id-{number}" for number in range(odd.users)]
    assert read.complete


async def test_a_server_that_repeats_its_first_page_is_incomplete(client: Make) -> None:
    read = await client(Odd(start_ignored=True)).listed()
    assert (len(read.users), read.complete, codes(read)) == (10, False, {"paging-repeats"})


async def test_a_repeating_server_without_a_count_is_incomplete(client: Make) -> None:
    read = await client(Odd(start_ignored=True, total=None)).listed()
    assert not read.complete


async def test_a_list_shorter_than_its_count_is_incomplete(client: Make) -> None:
    read = await client(Odd(total=40)).listed()
    assert (len(read.users), read.complete, codes(read)) == (25, False, {"list-short"})


async def test_an_entry_without_an_id_makes_the_list_incomplete(client: Make) -> None:
    read = await client(Odd(junk_at=3)).listed()
    assert (len(read.users), read.complete, codes(read)) == (24, False, {"list-junk"})


async def test_users_removed_while_reading_hide_nobody(client: Make) -> None:
    read = await client(Odd(removed_after_first=2)).listed()
    assert [user.id for user in read.users] == [f"id-{number}" for number in range(2, 25)]
    assert read.complete


async def test_a_list_that_never_ends_is_left(
    client: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sparkwizard.webex.scim_paging.PAGE_LIMIT", 5)
    read = await client(Odd(endless=True, total=10**9)).listed()
    assert not read.complete
    assert "list-endless" in codes(read)


async def test_a_web_page_under_a_scim_content_type_is_told(client: Make) -> None:
    with pytest.raises(UnexpectedAnswer, match="web page"):
        await client(Odd(html=True)).listed()


async def test_an_answer_that_is_no_list_is_told(client: Make) -> None:
    odd = Odd(single_answer={"hello": 1})
    async with client(odd).speaking() as scim:
        with pytest.raises(UnexpectedAnswer):
            await scim.get_user("id-1")


# -- searching ---------------------------------------------------------------------------------


async def test_an_ignored_filter_never_yields_a_wrong_person(client: Make) -> None:
    async with client(Odd(filter_ignored=True)).speaking() as scim:
        with pytest.raises(UnexpectedAnswer, match="ignored the search"):
            await scim.find_users("userName", "user3@contoso.example")


async def test_a_user_is_found_whatever_the_case(client: Make) -> None:
    async with client(Odd()).speaking() as scim:
        found = await scim.find_users("userName", "USER3@contoso.example")
    assert [user.id for user in found] == ["id-3"]


# -- one user ----------------------------------------------------------------------------------


async def test_an_answer_about_another_user_is_refused(client: Make) -> None:
    async with client(Odd()).speaking() as scim:
        with pytest.raises(UnexpectedAnswer, match="another user"):
            await scim.get_user("id-2")


async def test_a_user_who_is_gone_is_none(client: Make) -> None:
    odd = Odd(single_answer={"status": "404"}, single_status=404)
    async with client(odd).speaking() as scim:
        assert await scim.get_user("id-1") is None


async def test_a_web_page_saying_not_found_is_no_word_about_the_user(client: Make) -> None:
    async with client(Odd(html=True)).speaking() as scim:
        with pytest.raises(UnexpectedAnswer):
            await scim.get_user("id-1")


async def test_an_id_that_is_a_user_name_is_quoted_in_the_address(client: Make) -> None:
    strange = "a?b#c+d@x.example"
    async with client(Odd(single_answer={"id": strange})).speaking() as scim:
        user = await scim.get_user(strange)
    assert user is not None
    assert user.id == strange


# -- writing -----------------------------------------------------------------------------------

NAME = (Change("userName", None, "new@contoso.example"),)


@pytest.mark.parametrize(
    "odd",
    [
        Odd(created={"id": "id-9", "userName": "new@contoso.example"}),
        Odd(created={"ID": "id-9"}),
        Odd(created_location="https://scim.example/v2/Users/id-9"),
        Odd(created={"userName": "x"}, created_location="/v2/Users/id-9/"),
    ],
)
async def test_the_new_users_id_is_found_in_body_or_location(client: Make, odd: Odd) -> None:
    async with client(odd).speaking() as scim:
        assert (await scim.create_user(NAME)).webex_id == "id-9"


async def test_a_new_user_without_an_id_may_exist_and_says_so(client: Make) -> None:
    async with client(Odd()).speaking() as scim:
        with pytest.raises(UnexpectedAnswer) as caught:
            await scim.create_user(NAME)
    assert caught.value.sent


async def test_a_server_without_user_types_gets_none(client: Make) -> None:
    odd = Odd(user_type_refused=True, created={"id": "id-9"})
    async with client(odd).speaking() as scim:
        await scim.create_user(NAME)
        await scim.create_user(NAME)
    sent = ["userType" in body for _, _, body in odd.seen if isinstance(body, dict)]
    assert sent == [True, False, False]


async def test_a_patch_answered_with_nothing_is_read_back(client: Make) -> None:
    odd = Odd(patch_status=204, patch_body=False)
    current = User("id-1", odd.user(1))
    async with client(odd).speaking() as scim:
        written = await scim.patch_user("id-1", (Change("title", "Clerk", "x"),), current=current)
    assert written.user is not None
    assert written.user.resource["title"] == "Clerk"  # accepted, and silently not kept


async def test_no_change_is_no_request(client: Make) -> None:
    odd = Odd()
    current = User("id-1", odd.user(1))
    gone = Change('emails[type eq "work"].value', None, None)
    async with client(odd).speaking() as scim:
        assert (await scim.patch_user("id-1", (gone,), current=current)).user == current
    assert odd.seen == []


# -- SCIM 1.1 ----------------------------------------------------------------------------------


async def test_a_server_of_the_old_version_is_spoken_to_in_it(client: Make) -> None:
    odd = Odd(old=True, created={"id": "id-9"})
    changes = (Change("title", "Clerk", None), Change("displayName", None, "Megan"))
    async with client(odd).speaking() as scim:
        (user, *_) = (await scim.list_users()).users
        await scim.create_user(NAME)
        odd.single_answer = odd.user(0)
        await scim.patch_user(user.id, changes, current=user)
    create, patch = (body for _, _, body in odd.seen if body is not None)
    assert isinstance(create, dict)
    assert create["schemas"] == [OLD_CORE]
    assert patch == {
        "schemas": [OLD_CORE],
        "displayName": "Megan",
        "meta": {"attributes": ["title"]},
    }
