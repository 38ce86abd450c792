"""Against scim2-client, Python's library for SCIM clients, asynchronous, 16 requests at once.

Reading and comparing: both sides read the same people from the same file and all users from the
same server, 1,000 on a page, over connections that are kept, and find whom they would change.
scim2-client gets 16 pages side by side as its documentation shows (its asynchronous engine, checks
of payloads on); each is validated into models of scim2-models, with Webex's extension declared, and
compared by plain Python in the attributes of the standard mapping. Ours reads and decides as a
preview does: file, users, links, rules, an action with its reasons for everybody. A second row adds
what makes a plan of that, which the other side has nothing like: its hash, its estimate and its
place in the journal. The server is a process of its own, with pages
made beforehand. Both sides read a thousand users once before, so that neither is timed importing,
and take turns, three times each: what counts are the medians.

Creating: 50 ms latency, no limit of the server. scim2-client sends 16 at once; ours is a whole
preview and apply, with journal, look before and reading back.

Memory is what Python holds at most (tracemalloc), with fewer people, since tracing is slow; with
100,000 it was 265 to 1,081 MB before a fifth of what lies beside the users went.

Where the time goes with 100,000, on a quiet machine: scim2-client takes 30 seconds, all of it the
processor's, nearly all in validators of scim2-models that are written in Python; a quarter less
with the collector of cycles off, as it is in a preview. Ours takes 0.9, and 1.0 with what makes a
plan of it: the file 0.17, users over HTTP 0.25, deciding 0.32, sealing 0.09, freeing it 0.06.
Neither waits for the server. What was tried here:

- One pass over a page in place of two, no slice of the page for each user: 0.06 seconds, 6 MB.
- Texts that are folded to lower case already (names, ids), and an e-mail address that is the name,
  held once: 45 of 345 MB. The rest of the third that went are rows in place of dicts.
- Long answers received into one place, past h11: nothing, and a megabyte for each connection. Taken
  as they come, past h11 once it has read the head: 0.02 of 0.14 seconds.
- One expression for many e-mail addresses in place of many matches: a tenth of 0.04 seconds.
- Runs of rows told by whether their tables are the same object, not by a number made for each
  (``id``): 0.08 of 1.3. Columns compared whole before cell by cell, and whoever was found by a name
  that is theirs alone not looked for again under it (three sets of 100,000 less): 0.15, and 0.5 of
  13.8 MB. Columns of users read in loops of their own in place of ``attrgetter``: 0.03. A file's
  words of one kind looked at once a piece, letters a piece at once: 0.08.
- Another interval for handing Python's lock over between file and network: nothing.
"""

import asyncio
import csv
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
from scim2_client.client import describe_resource_models
from scim2_client.engines.httpx2 import AsyncSCIMClient
from scim2_models import URN, ComplexAttribute, EnterpriseUser, Extension, ScimProvider, User

from sparkwizard.directory.entra_users import wanted_of
from sparkwizard.provisioning.plan import count
from sparkwizard.provisioning.planning.planner import Draft, draft_plan
from sparkwizard.runs.collector import collector_at_rest
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.preview import rules_of, situation_of
from sparkwizard.runs.services import Services
from sparkwizard.runs.types import Applied
from sparkwizard.setup.profile import Profile
from tests.benchmarks._scim_server import HEADER, PAGE, Behaviour, person_row, serving
from tests.benchmarks.framework import Row, benchmark, median_seconds, peak_bytes
from tests.benchmarks.preview import profile_for, services_of

PEOPLE = 100_000
CREATES = 10_000
FEWER = 5_000
AT_ONCE = 16
ROUNDS = 3
LATENCY = 0.05


class WebexMeta(ComplexAttribute):
    """Declare what stands in that extension's own meta."""

    organization_id: str | None = None


class Webex(Extension):
    """Declare what Webex adds to a user."""

    __schema__ = URN("urn:scim:schemas:extension:cisco:webexidentity:2.0:User")
    account_status: list[str] | None = None
    meta: WebexMeta | None = None


type AnyUser = Any


def _client(http: httpx2.AsyncClient) -> AsyncSCIMClient:
    models, types = describe_resource_models([User[EnterpriseUser | Webex]])
    return AsyncSCIMClient(http, provider=ScimProvider(models=models, resource_types=types))


async def _at_once(works: Iterator[Callable[[], Any]]) -> None:
    async def worker() -> None:
        for work in works:
            await work()

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


async def _read(base_url: str, number: int) -> list[AnyUser]:
    users: list[AnyUser] = []

    async def page(start: int) -> None:
        query = {"startIndex": start, "count": PAGE}
        answer: Any = await client.query(User[EnterpriseUser | Webex], query_parameters=query)
        users.extend(answer.resources or ())

    async with httpx2.AsyncClient(base_url=base_url, trust_env=False) as http:
        client = _client(http)
        await _at_once(partial(page, start) for start in range(1, number + 1, PAGE))
    return users


def compared(base_url: str, file: Path, number: int) -> int:
    """Return how many people differ, by scim2-client and the simplest comparison there is."""
    with file.open(encoding="utf-8", newline="") as opened:
        people = list(csv.DictReader(opened))
    by_name = {user.user_name.lower(): user for user in asyncio.run(_read(base_url, number))}
    return sum(1 for row in people if _differs(row, by_name[row["userPrincipalName"].lower()]))


def _differs(row: dict[str, str], user: AnyUser) -> bool:
    return bool(
        user.display_name != row["displayName"]
        or user.external_id != row["objectId"]
        or user.active != (row["accountEnabled"] == "True")
        or user.name.given_name != row["givenName"]
        or user.name.family_name != row["surname"]
    )


async def _create(base_url: str, number: int) -> None:
    async def one(at: int) -> None:
        name = f"person{at}@contoso.example"
        await client.create(
            User[EnterpriseUser | Webex](user_name=name, display_name=f"Person Number {at}")
        )

    async with httpx2.AsyncClient(base_url=base_url, trust_env=False) as http:
        client = _client(http)
        await _at_once(partial(one, at) for at in range(number))


@benchmark("scim2-client")
def run(scale: float) -> Iterator[Row]:
    """Compare reading and comparing, then creating, with scim2-client."""
    number = max(round(PEOPLE * scale / PAGE), 1) * PAGE
    yield from _reading(number)
    creates = max(round(CREATES * scale), 20)
    theirs = _seconds(lambda url: asyncio.run(_create(url, creates)), bulk=0)
    for bulk, limit in ((100, 10.0), (0, 1.5)):
        how = "with Bulk" if bulk else "without"
        ours = _seconds(lambda url: _applied(url, creates), bulk=bulk)
        what = f"creating {creates:,} {how} (limit: 1/{limit:g})"
        yield Row(what, ours, "s", "scim2-client, 16 at once", theirs, 1 / limit)


def _reading(number: int) -> Iterator[Row]:
    with _sides(PAGE) as (ours, theirs):
        for side in (ours.preview, ours.read_and_decide, theirs):
            side()
    with _sides(number) as (ours, theirs):
        value, sealed, base = median_seconds(
            ours.read_and_decide, ours.preview, theirs, repeat=ROUNDS
        )
        what = f"reading and comparing {number:,} users (limit: 1/25)"
        yield Row(what, value, "s", "scim2-client, 16 at once", base, 1 / 25)
        what = "  as a plan, sealed and kept (limit: 1/25)"
        yield Row(what, sealed, "s", "scim2-client, 16 at once", base, 1 / 25)
    fewer = min(number, FEWER)
    with _sides(fewer) as (ours, theirs):
        held, holds = peak_bytes(ours.preview), peak_bytes(theirs)
        what = f"its peak memory with {fewer:,}"
        yield Row(what, held, "B", "scim2-client, 16 at once", holds, 1 / 4)


class _Ours:
    """Read one company with the product, and decide; or make a whole preview of it."""

    def __init__(self, services: Services, profile: Profile, folder: Path, number: int) -> None:
        self._services, self._profile, self._folder = services, profile, folder
        self._number = number

    def preview(self) -> None:
        """Make a plan, sealed and in the journal."""
        made = asyncio.run(self._services.preview(self._profile, self._folder, "token"))
        assert made.plan.counts.update == self._number // 10

    def read_and_decide(self) -> None:
        """Read both sides and find whom to change, as the first half of a preview does."""
        draft = asyncio.run(self._draft())
        assert count(draft.actions).update == self._number // 10

    async def _draft(self) -> Draft:
        services, profile = self._services, self._profile
        source = services.source_of(profile.source, self._folder, wanted_of(profile))
        async with services.connect(profile, "token") as connection:
            with collector_at_rest():
                population, users = await asyncio.gather(
                    source.read(), connection.scim.list_users()
                )
                situation = await asyncio.to_thread(
                    situation_of,
                    profile,
                    population,
                    users,
                    services.journal,
                    identity=connection.identity,
                    now=services.clock(),
                )
                return await asyncio.to_thread(draft_plan, rules_of(profile), situation)


@contextmanager
def _sides(number: int) -> Iterator[tuple["_Ours", Callable[[], None]]]:
    """Serve so many users, write as many people down, and hand out both sides' work."""
    with tempfile.TemporaryDirectory() as name, serving(Behaviour(users=number)) as served:
        folder = Path(name)
        lines = (HEADER, *map(person_row, range(number)))
        (folder / "people.csv").write_text("".join(lines), encoding="utf-8")
        profile = profile_for(served.base_url)
        with services_of(folder / "data") as services:

            def theirs() -> None:
                assert compared(served.base_url, folder / "people.csv", number) == number // 10

            yield _Ours(services, profile, folder, number), theirs


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _applied(base_url: str, number: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = (HEADER, *map(person_row, range(number)))
        (folder / "people.csv").write_text("".join(lines), encoding="utf-8")
        profile = profile_for(base_url)
        with services_of(folder / "data") as services:

            async def sync() -> None:
                made = await services.preview(profile, folder, "token")
                async for event in services.apply(
                    made.plan, profile, "token", control=RunControl()
                ):
                    if isinstance(event, Applied):
                        assert event.result.applied == number

            asyncio.run(sync())


def _seconds(work: Callable[[str], object], *, bulk: int) -> float:
    with serving(Behaviour(latency=LATENCY, bulk=bulk)) as served:
        seconds = _timed(lambda: work(served.base_url))
        assert served.stats()["users"] > 0
    return seconds
