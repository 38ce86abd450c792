"""Preview of 100,000 people of a file against 100,000 Webex users over HTTP.

The server is a process of its own with pages of 1,000 users encoded beforehand, about 1,100 bytes
each. The baseline fetches the same pages with httpx and decodes them with msgspec, nothing else;
the people's file, deciding, sealing and the journal are all on the preview's side.

What was tried, on two busy cores, as a ratio to the baseline:

- 7 to 9 at first. The collector of cycles took half of it, going through everything again and again
  (the baseline pays for it too): it rests during a preview now.
- 4 to 5 after that, with attributes read at their standard place before they are searched for,
  matching values worked out only as far as they are needed, one record made per action instead of
  three, and an e-mail address checked once.
- The digest is made over pieces of 500 actions: no faster, but no thread waits for it.
- A transport of our own (``net/transport.py``), the next pages asked for while one is read, a file
  read two thousand rows at a time, and those who stay as they are found a thousand at a time, by
  columns (``provisioning/planning/unchanged.py``): 3.8.
- Processor time from here on, 0.9 to 1.0 seconds for the baseline, on two busy cores. Structs in
  place of frozen dataclasses for people, users and actions: no less by itself. Users kept as they
  came, with six values decoded of each (``target/listed_user.py``): 2.8. Decoding whole
  resources took 0.7 seconds and freeing them 0.2, this takes 0.16, and values are at hand in
  deciding. Rows of the file that share a header, in place of a dict each: 2.65. Those who just get
  other values decided by columns too: 2.3.
- Then, in seconds of processor time out of 2.0: a file's text split straight into columns, without
  rows or lines (``directory/csv_columns.py``), and people of one piece as rows of that table 0.15;
  the state before in structs instead of dicts 0.1; users decoded in one pass over a page 0.1;
  tables of users and names filled only when somebody looks into them, no text folded twice, one
  walk less through everybody 0.25. It is 1.5 since.
- Whoever is found by a name that is theirs alone is not looked for again under it, columns are
  compared whole first, rows of a table are told without a number for each, a file's cells are read
  a column at a time, long answers don't pass through h11: 1.0 since.
- What is left, in seconds of 0.95: the file 0.17, users over HTTP 0.22, deciding 0.31 (finding
  users 0.13, comparing 0.07, actions 0.05), sealing 0.08 (a third of it the hash), freeing it 0.06.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec

from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import Profile, SourceSettings, WebexSettings
from sparkwizard.setup.secrets import MemoryStore
from tests.benchmarks._scim_server import (
    HEADER,
    ORGANIZATION,
    PAGE,
    Behaviour,
    person_row,
    serving,
)
from tests.benchmarks.framework import Row, benchmark, median_seconds, peak_bytes

PEOPLE = 100_000
FEWER = 10_000
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@contextmanager
def services_of(folder: Path) -> Iterator[Services]:
    """Open services on a folder."""
    services = Services(
        places=Places.in_folder(folder), secrets=MemoryStore(), environ={}, clock=lambda: NOW
    )
    try:
        yield services
    finally:
        services.close()


def profile_for(base_url: str) -> Profile:
    """Make a setup that speaks to the benchmark's server."""
    return Profile(
        "Benchmark",
        webex=WebexSettings(base_url, ORGANIZATION),
        source=SourceSettings(path="people.csv"),
    )


def fetched(base_url: str, number: int) -> list[object]:
    """Fetch every page with httpx and decode it with msgspec."""
    with httpx.Client(trust_env=False) as client:
        return [
            msgspec.json.decode(
                client.get(f"{base_url}/Users?startIndex={start}&count={PAGE}").content
            )
            for start in range(1, number + 1, PAGE)
        ]


type Works = tuple[Callable[[], None], Callable[[], None]]


@contextmanager
def works(number: int) -> Iterator[Works]:
    """Serve so many users, write as many people down, and hand out a preview and its baseline."""
    with tempfile.TemporaryDirectory() as name, serving(Behaviour(users=number)) as served:
        folder = Path(name)
        lines = (HEADER, *map(person_row, range(number)))
        (folder / "people.csv").write_text("".join(lines), encoding="utf-8")
        profile = profile_for(served.base_url)
        with services_of(folder / "data") as services:

            def preview() -> None:
                made = asyncio.run(services.preview(profile, folder, "token"))
                assert made.plan.counts.update == number // 10

            def fetch() -> None:
                assert len(fetched(served.base_url, number)) == number // PAGE

            yield preview, fetch


@benchmark("preview")
def run(scale: float) -> Iterator[Row]:
    """Compare time and memory with merely fetching and decoding the same users."""
    number = max(round(PEOPLE * scale / PAGE), 1) * PAGE
    against = "fetch with httpx, decode with msgspec"
    with works(number) as (preview, fetch):
        value, baseline = median_seconds(preview, fetch, repeat=3)
        yield Row(f"preview of {number:,} people and users", value, "s", against, baseline, 2.0)
    fewer = min(number, FEWER)
    with works(fewer) as (preview, fetch):
        held, decoded = peak_bytes(preview), peak_bytes(fetch)
    yield Row(f"peak memory with {fewer:,}", held, "B", against, decoded, 3.0)
