"""No removal, of access or of a member, follows from a read that was not whole: each way by name.

Each time somebody has left for good, somebody has left a group, and a group has left. Read whole,
that is seen; the same read spoilt in one way must remove nobody.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sparkwizard.directory import opened_text
from sparkwizard.errors import SparkWizardError
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import RemovalLimit
from sparkwizard.runs.control import RunControl
from sparkwizard.setup.profile import GroupSettings, Safeguards
from sparkwizard.values import replace
from tests.runs.agreement.entra_side import EntraSide
from tests.runs.agreement.groups.happenings import Team
from tests.runs.agreement.happenings import Employee
from tests.runs.tenant import Company, Person, open_company, people

type Body = dict[str, Any]
type Spoil = Callable[[Body], None]

FULL = pytest.mark.parametrize("full", [True, False], ids=["initial", "incremental"])


class Spoilt:
    """Stand before a service and spoil the JSON of its answers to some addresses."""

    def __init__(self, app: ASGIApp, path: str, spoil: Spoil) -> None:
        self._app, self._path, self._spoil = app, path, spoil
        self.is_on, self.seen = False, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.is_on or not str(scope["path"]).endswith(self._path):
            await self._app(scope, receive, send)
            return
        self.seen += 1
        kept: list[Message] = []

        async def keep(message: Message) -> None:
            kept.append(message)

        await self._app(scope, receive, keep)
        body = msgspec.json.decode(b"".join(m.get("body", b"") for m in kept[1:]))
        self._spoil(body)
        content = msgspec.json.encode(body)
        headers = [(k, v) for k, v in kept[0]["headers"] if k.lower() != b"content-length"]
        headers.append((b"content-length", str(len(content)).encode()))
        await send({**kept[0], "headers": headers})
        await send({"type": "http.response.body", "body": content})


def loses(key: str) -> Spoil:
    """An entry that the answer counts is not in it."""
    return lambda body: body[key].pop()


def without_id(key: str, name: str) -> Spoil:
    return lambda body: body[key][-1].pop(name)


def more(key: str) -> Spoil:
    return lambda body: body.update({key: body[key] + 1})


def in_circles(body: Body) -> None:
    body["@odata.nextLink"] = body["@odata.context"].split("/$metadata")[0] + "/users?$skiptoken=x"
    body.pop("@odata.deltaLink", None)


def ended_early(body: Body) -> None:
    body.pop("@odata.deltaLink")


GRAPH: dict[str, tuple[str, Spoil]] = {
    "people: one of a page is missing": ("/users", loses("value")),
    "people: one has no id": ("/users", without_id("value", "id")),
    "people: pages lead in circles": ("/users", in_circles),
    "changes: they end without saying where the next begin": ("/users/delta", ended_early),
    "groups: one of a page is missing": ("/groups", loses("value")),
    "groups: one has no id": ("/groups", without_id("value", "id")),
    "groups: pages lead in circles": ("/groups", in_circles),
    "members: one of a page is missing": ("/members/microsoft.graph.user", loses("value")),
    "members: one has no id": ("/members/microsoft.graph.user", without_id("value", "id")),
    "members: pages lead in circles": ("/members/microsoft.graph.user", in_circles),
}
WEBEX: dict[str, tuple[str, Spoil]] = {
    "users: fewer than are counted": ("/Users", loses("Resources")),
    "users: one has no id": ("/Users", without_id("Resources", "id")),
    "users: the count is not reached": ("/Users", more("totalResults")),
    "groups: fewer than are counted": ("/Groups", loses("Resources")),
    "groups: one has no id": ("/Groups", without_id("Resources", "id")),
    "groups: the count is not reached": ("/Groups", more("totalResults")),
    "members: fewer than are counted": ("/Members", loses("members")),
    "members: one has no id": ("/Members", without_id("members", "value")),
    "members: the count is not reached": ("/Members", more("memberSize")),
}
OF_THE_WHOLE_LIST = ("people:", "users:")
"""Who reads only what changed asks for no list of people and of users."""


async def left(company: Company) -> EntraSide:
    """Have all in Webex, and then somebody leave, somebody leave a group, and a group leave."""
    side = EntraSide(company, with_groups=True)
    company.profile = replace(
        company.profile,
        source=side.settings,
        groups=GroupSettings(provision=True),
        safeguards=Safeguards(RemovalLimit(100)),
    )
    staff = {number: Employee(number) for number in range(6)}
    side.holds(staff)
    sales, support = Team(0, "Sales", frozenset({0, 1, 2})), Team(1, "Support", frozenset({3, 4}))
    side.gathers({0: sales, 1: support, 2: Team(2, "Board", frozenset({1}))})
    await carried_out(company)
    del staff[5]
    side.holds(staff)
    side.gathers({0: Team(0, "Sales", frozenset({1, 2})), 2: Team(2, "Board", frozenset({1}))})
    return side


async def cycle(company: Company, *, full: bool) -> Plan | None:
    """Plan a cycle, None where that is refused."""
    token = company.server.token
    try:
        begun = await company.services.begin_cycle(
            company.profile, company.folder, token, full=full
        )
    except SparkWizardError:
        return None
    return begun.preview.plan


async def carried_out(company: Company) -> None:
    services, token = company.services, company.server.token
    begun = await services.begin_cycle(company.profile, company.folder, token, full=True)
    async for _ in services.apply_cycle(begun, company.profile, token, control=RunControl()):
        pass


def removals(plan: Plan | None) -> tuple[int, int]:
    """Return how many lose access, and how many a group."""
    if plan is None:
        return 0, 0
    groups = plan.groups.counts.members_removed if plan.groups else 0
    return plan.counts.disable + plan.counts.delete, groups


@FULL
async def test_what_is_read_whole_is_believed(full: bool, tmp_path: Path, no_waiting: None) -> None:
    async with open_company(tmp_path, with_graph=True) as company:
        await left(company)
        assert removals(await cycle(company, full=full)) == (1, 3)


@FULL
@pytest.mark.parametrize("about", GRAPH)
async def test_a_spoilt_answer_of_graph_removes_nobody(
    about: str, full: bool, tmp_path: Path, no_waiting: None
) -> None:
    path, spoil = GRAPH[about]
    async with open_company(tmp_path, with_graph=True) as company:
        gate = company.server._running.entra_gate
        await left(company)
        gate._graph = spoilt = Spoilt(gate._graph, path, spoil)
        spoilt.is_on = True
        plan = await cycle(company, full=full)
        if spoilt.seen:
            lose, leave = removals(plan)
            assert (lose, leave) == (0, 0), about
        else:
            assert not full or about.startswith("changes:")


@FULL
@pytest.mark.parametrize("about", WEBEX)
async def test_a_spoilt_answer_of_webex_removes_nobody_whom_it_is_about(
    about: str, full: bool, tmp_path: Path, no_waiting: None
) -> None:
    path, spoil = WEBEX[about]
    async with open_company(tmp_path, with_graph=True) as company:
        await left(company)
        gate = company.server._running.gate
        gate._app = spoilt = Spoilt(gate._app, path, spoil)
        spoilt.is_on = True
        lose, leave = removals(await cycle(company, full=full))
        if about.startswith("users:"):
            assert (lose, leave) == (0, 0) or not (full or spoilt.seen), about
        else:
            assert leave == 0, about


# -- files ----------------------------------------------------------------------------------------


def cut(text: str, mark: str, *, after: int = 0) -> str:
    return text[: text.index(mark) + after]


FILES: dict[str, Callable[[str], str]] = {
    "cut off within a line": partial(cut, mark="person003", after=4),
    "cut off within a line, and ended": lambda text: cut(text, "person003", after=4) + "\n",
    "cut off within quotes": lambda text: cut(text, "person003") + '"person003@fab',
    "cut off within quotes, and ended": lambda text: cut(text, "person003") + '"person003@fab\n',
    "cut off behind a cell": lambda text: cut(text, ",Person 3"),
    "a quote is never closed": lambda text: text.replace("Person 1", '"Person 1'),
    "a row is too short": lambda text: text.replace(",Person,No2", ",No2"),
    "a row is too long": lambda text: text.replace(",Person,No2", ",Person,No2,and more"),
    "nothing but its first line": lambda text: text.splitlines()[0] + "\n",
    "nothing at all": lambda _: "",
    "a zero byte": lambda text: text.replace("Person 2", "Person\0 2"),
}


async def file_of_leavers(company: Company) -> str:
    company.profile = replace(company.profile, safeguards=Safeguards(RemovalLimit(100)))
    company.employs(people(range(6)))
    await carried_out(company)
    company.employs(people(range(5)))
    return (company.folder / "people.csv").read_text(encoding="utf-8")


@FULL
async def test_a_file_that_is_read_whole_is_believed(company: Company, full: bool) -> None:
    await file_of_leavers(company)
    assert removals(await cycle(company, full=full)) == (1, 0)


@FULL
@pytest.mark.parametrize("about", FILES)
async def test_a_spoilt_file_removes_nobody(company: Company, about: str, full: bool) -> None:
    text = await file_of_leavers(company)
    (company.folder / "people.csv").write_text(FILES[about](text), encoding="utf-8")
    assert removals(await cycle(company, full=full)) == (0, 0)


@FULL
async def test_a_file_that_grows_while_it_is_read_removes_nobody(
    company: Company, full: bool
) -> None:
    await file_of_leavers(company)
    opened = opened_text.open_text

    def growing(path: Path) -> opened_text.OpenedText:
        found = opened(path)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{Person(5).row}\n")
        return found

    with (
        mock.patch("sparkwizard.directory.csv_changes.open_text", growing),
        mock.patch("sparkwizard.directory.csv_file.open_text", growing),
    ):
        assert removals(await cycle(company, full=full)) == (0, 0)
