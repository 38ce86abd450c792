"""An incremental cycle with 10 changes among 100,000 people, against an initial one.

Both are what ``sync`` does: read, decide, write, and keep the watermark. The initial cycle is the
cheapest there is: everybody is in Webex already and as they should be, so that it only reads,
compares and links. The incremental one finds nine new titles and a person who left. The server is
that of the preview's benchmark, with pages of 1,000 users; Webex's own have 100.

A third of what the incremental one takes goes into finding the ten lines among 100,000, another
into keeping the watermark.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sparkwizard.provisioning.types import MappingRule
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.cycles.cycle import Cycle
from sparkwizard.runs.services import Services
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from tests.benchmarks._scim_server import HEADER, PAGE, Behaviour, Served, person_row, serving
from tests.benchmarks.framework import Row, benchmark, median_seconds
from tests.benchmarks.preview import profile_for, services_of

PEOPLE = 100_000
CHANGES = 10
REPEAT = 3
MAPPING = (
    MappingRule("userName", "[userPrincipalName]", matching_precedence=1),
    MappingRule("externalId", "[objectId]", matching_precedence=2),
    MappingRule("active", 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'),
    MappingRule("name.givenName", "[givenName]"),
    MappingRule("name.familyName", "[surname]"),
    MappingRule("title", "[jobTitle]"),
)


class Company:
    """A file of people that changes a little, and the cycles that follow it."""

    def __init__(self, folder: Path, number: int, services: Services, profile: Profile) -> None:
        self.file, self.folder = folder / "people.csv", folder
        self.rows = [person_row(at) for at in range(number)]
        self.services, self.profile = services, profile
        self._numbers = count(1)

    def write(self) -> None:
        """Write the file."""
        self.file.write_text("".join((HEADER, *self.rows)), encoding="utf-8")

    def change(self) -> None:
        """Give nine people another title, and let one leave."""
        number = next(self._numbers)
        self.rows.pop(5)
        for at in range(CHANGES - 1):
            place = at * len(self.rows) // CHANGES + number
            self.rows[place] = self.rows[place].replace("Engineer", f"Chief {number}")
        self.write()

    def sync(self, *, full: bool) -> Cycle:
        """Carry out one cycle."""
        return asyncio.run(self._sync(full=full))

    async def _sync(self, *, full: bool) -> Cycle:
        services, profile = self.services, self.profile
        cycle = await services.begin_cycle(profile, self.folder, "token", full=full)
        async for _ in services.apply_cycle(cycle, profile, "token", control=RunControl()):
            pass
        return cycle


@contextmanager
def company(number: int) -> Iterator[tuple[Company, Served]]:
    """Serve a Webex that has all these people, and open the services."""
    with tempfile.TemporaryDirectory() as name, serving(Behaviour(users=number)) as served:
        folder = Path(name)
        profile = replace(profile_for(served.base_url), mapping=MAPPING)
        with services_of(folder / "data") as services:
            made = Company(folder, number, services, profile)
            made.write()
            yield made, served


def requests(served: Served, work: Callable[[], object]) -> int:
    """Return how many requests some work takes."""
    before = _all(served)
    work()
    return _all(served) - before


def _all(served: Served) -> int:
    stats = served.stats()
    return sum(int(stats.get(method, 0)) for method in ("GET", "POST", "PATCH", "DELETE"))


@benchmark("incremental")
def run(scale: float) -> Iterator[Row]:
    """Compare time and requests of an incremental cycle with those of an initial one."""
    number = max(round(PEOPLE * scale / PAGE), 1) * PAGE
    with company(number) as (made, served):
        initial_requests = requests(served, lambda: made.sync(full=True))
        spent: list[float] = []

        def incremental() -> None:
            cycle = made.sync(full=False)
            counts = cycle.preview.plan.counts
            assert (cycle.kind, counts.update, counts.disable) == ("incremental", 9, 1), cycle.why

        for _ in range(REPEAT):
            made.change()
            (seconds,) = median_seconds(incremental, repeat=1)
            spent.append(seconds)
        made.change()
        few = requests(served, incremental)
        # what changed meanwhile is not in the pages made beforehand: setups of their own read them
        made.rows = [person_row(at) for at in range(number)]
        made.write()
        setups = iter([replace(made.profile, name=f"Setup {at}") for at in range(REPEAT)])

        def first() -> None:
            made.profile = next(setups)
            made.sync(full=False)

        (initial,) = median_seconds(first, repeat=REPEAT)
    what = f"{CHANGES} changes among {number:,} people"
    limit = 1 / 20 if number == PEOPLE else None
    yield Row(what, sorted(spent)[REPEAT // 2], "s", "the initial cycle", initial, limit)
    against = f"the initial cycle, {PAGE:,} users a page"
    yield Row(f"requests for {what}", few, "", against, initial_requests)
    yield Row("requests for each change", few / CHANGES, "", limit=4.0)
