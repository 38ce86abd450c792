"""Apply creates to a server that limits writes: how much of what it allows is used.

The server answers after 50 ms and counts every operation, also those of a Bulk request; its bucket
holds one second, and Retry-After is in whole seconds. With 200 and 50 writes a second 10,000 people
are created, with 10 as many as a minute takes; with ``--full`` 10,000 as well (17 minutes, twice).
The time counts from the first write taken until nothing is owed; what the full bucket takes at
first counts as free.

How many requests are more than the writes need, because the limit refused them or because they read
(before the first write, and what Bulk wrote), stands below each row, beside the writes: a Bulk
request stands for up to 100 of them.

What was tried:

- Retries each with a wait of their own: a storm after each refusal, and six tries were not enough
  for whoever came last. Now one gate holds everybody.
- The journal put two transactions on disk for each request, 8 ms each where this was measured: 60
  creates a second at the very most. Requests that come in one turn of the loop share one now.
- httpcore looked for a package that is not installed, on every request, through the whole path.
  Single requests reached 62% of 200 a second with httpx's own transport.
- Creeping up without end: of 50 writes a second 92% with single requests and 80% with Bulk, since
  each refusal costs a whole second. Now what came in between two refusals is the rate (both times
  nothing was left), a little less is kept to for a while, operations are counted in place of
  requests, a Bulk request holds what comes in half a second, and what the server saved during the
  wait is spent at once.
- Bulk spent 5 to 8% of its requests on refusals (5.1, 4.8, 8.2% for 10, 50 and 200 a second): four
  requests were under way when the limit was first met, all refused. Their number rises by one a
  round now. A ceiling that took long to measure is kept to as long, and what was owed at a refusal
  is no longer counted as lost: that gave 16 for 10 a second.
- Reading back what Bulk wrote takes a request for each page, ten of the server's for 10,000 people:
  beside the 100 requests that Bulk takes that is more than 5% of requests, however it is done,
  since a page holds 1,000. It ends with the last of them now, begins with the newest where the
  server sorts, and is left out for whoever the answer of Bulk shows: then no request is left (a
  row of its own). Versions in the answers can't stand for it: they tell that something was
  written, not what was kept.
- One answer in twenty refused at random, with no limit behind it: each cut the pace, down to two
  requests a second (2,000 creates in 1,000 seconds of virtual time). Now one below a ceiling that
  is sure cuts nothing: a second one either measures the same, as a limit does, or more is tried;
  many at once are a limit after all. 130 to 200 seconds, of which all wait 100 as they are told.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sparkwizard.runs.control import RunControl
from sparkwizard.runs.services import Services
from sparkwizard.runs.types import Applied, ApplyEvent, RunResult
from sparkwizard.setup.profile import Profile
from tests.benchmarks._scim_server import HEADER, Behaviour, person_row, serving
from tests.benchmarks.framework import Row, benchmark
from tests.benchmarks.preview import profile_for, services_of

LATENCY = 0.05
CREATES = 10_000
SIZES = {10: 600, 50: CREATES, 200: CREATES}
"""Creates by writes a second; a scale above 1 takes ``CREATES`` everywhere."""

SHOWING = "Bulk that shows the users"
FAULTY = 1_000


@dataclass(frozen=True, slots=True)
class Done:
    """Hold how a run came out, and what the server counted."""

    result: RunResult
    stats: dict[str, Any]


def applied(number: int, behaviour: Behaviour) -> Done:
    """Create so many people on such a server, and again where the first try left some."""
    with tempfile.TemporaryDirectory() as name, serving(behaviour) as served:
        folder = Path(name)
        lines = (HEADER, *map(person_row, range(number)))
        (folder / "people.csv").write_text("".join(lines), encoding="utf-8")
        profile = profile_for(served.base_url)
        with services_of(folder / "data") as services:
            result = asyncio.run(_sync(services, profile, folder))
        return Done(result, served.stats())


async def _sync(services: Services, profile: Profile, folder: Path) -> RunResult:
    made = await services.preview(profile, folder, "token")
    control = RunControl()
    events: AsyncIterator[ApplyEvent] = services.apply(made.plan, profile, "token", control=control)
    result: RunResult | None = None
    async for event in events:
        if isinstance(event, Applied):
            result = event.result
    assert result is not None
    return result


@benchmark("apply")
def run(scale: float) -> Iterator[Row]:
    """Show for each limit the time against the least that the limit allows."""
    for how, bulk, shows in (("single requests", 0, 0), ("Bulk", 100, 0), (SHOWING, 100, 1)):
        for rate, size in SIZES.items() if scale >= 0.1 and not shows else [(200, SIZES[200])]:
            number = CREATES if scale > 1 else max(round(size * scale), 10)
            behaviour = Behaviour(
                latency=LATENCY, writes_per_second=rate, bulk=bulk, shows_users=shows
            )
            done = applied(number, behaviour)
            assert done.result.applied == number == done.stats["users"]
            # the bucket is full at first, and whatever is in it costs no time
            least = max((number - rate) / rate, LATENCY)
            yield Row(
                f"{number:,} creates, {how}, {rate} writes/s",
                done.stats["seconds"],
                "s",
                "what the limit allows",
                least,
                1 / 0.95,
            )
            sent, refused = done.stats["POST"], done.stats.get("refused", 0)
            yield Row(f"  requests refused by the limit, of {sent:,}", refused, "")
            yield Row(f"  requests that read, beside {number:,} writes", done.stats["GET"], "")
    yield from _faulty(max(round(FAULTY * min(scale, 1)), 10))


def _faulty(number: int) -> Iterator[Row]:
    """Show that nobody is lost or made twice while one answer in twenty is 429 or 503."""
    for bulk in (0, 100):
        how = "Bulk" if bulk else "single requests"
        done = applied(number, Behaviour(latency=LATENCY, bulk=bulk, faults=0.05))
        lost = number - done.stats["users"]
        yield Row(f"lost of {number:,}, {how}, 5% refused at random", lost, "", limit=0)
        yield Row("  sent twice", done.stats.get("twice", 0), "", limit=0)
