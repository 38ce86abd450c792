"""Hold what a preview says a run takes to what it then took: the time, and the requests.

On the practice tenant, as ``sparkwizard practice`` serves it; and on a server that answers after
50 ms, without a limit and with one. What a limit costs is known from the run before: the first run
meets it, the second one is foretold.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sparkwizard.runs.control import RunControl
from sparkwizard.runs.services import Services
from sparkwizard.runs.types import Applied, Estimate, RunResult
from sparkwizard.setup.profile import Profile, SourceSettings, WebexSettings
from tests.benchmarks._scim_server import HEADER, Behaviour, person_row, serving
from tests.benchmarks.framework import Row, benchmark
from tests.benchmarks.preview import profile_for, services_of

PRACTICE = (60, 1_000, 5_000, 20_000)
LATENCY = 0.05
FAR = 0.2
"""How far what is told may be from what is so (issue: true within 20%)."""


@benchmark("estimate")
def run(scale: float) -> Iterator[Row]:
    """Show for each tenant how far the told time is from the time taken."""
    for people in PRACTICE if scale >= 0.1 else PRACTICE[:1]:
        # that of 60 is through before anybody could read how long it takes
        yield _row(
            f"practice tenant of {people:,}",
            *_practised(people),
            limit=FAR if people > PRACTICE[0] else None,
        )
    number = max(round(4_000 * scale), 60)
    for bulk, how in ((100, "Bulk"), (0, "single requests")):
        behaviour = Behaviour(latency=LATENCY, bulk=bulk)
        (told,) = _created(behaviour, (number,))
        limit = FAR if scale >= 0.1 else None
        yield _row(f"{number:,} creates at 50 ms, {how}", *told, limit=limit)
    first, second = (max(round(size * scale), 60) for size in (500, 2_000))
    for bulk, how in ((100, "Bulk"), (0, "single requests")):
        behaviour = Behaviour(latency=LATENCY, writes_per_second=50, bulk=bulk)
        unknown, known = _created(behaviour, (first, second))
        yield _row(f"{first:,} creates, {how}, a limit of 50/s not yet met", *unknown)
        yield _row(f"  {second:,} more after that", *known, limit=limit)


def _row(what: str, told: Estimate, done: RunResult, limit: float | None = None) -> Row:
    words = f"{what}: {told.seconds:.2f} s told, {done.seconds:.2f} s taken; off by"
    return Row(words, round(abs(told.seconds / done.seconds - 1), 2), "", limit=limit)


def _practised(people: int) -> tuple[Estimate, RunResult]:
    with tempfile.TemporaryDirectory() as name, _practice(people) as served:
        folder = Path(name)
        profile = Profile(
            "Practice",
            webex=WebexSettings(served["tenant_url"], served["organization_id"], served["api_url"]),
            source=SourceSettings(path=served["csv"]),
        )
        with services_of(folder / "data") as services:
            return asyncio.run(_told_and_done(services, profile, folder, served["token"]))


@contextmanager
def _practice(people: int) -> Iterator[dict[str, Any]]:
    command = ["-m", "sparkwizard", "practice", "--port", "0", "--people", str(people), "--json"]
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def _created(behaviour: Behaviour, sizes: tuple[int, ...]) -> list[tuple[Estimate, RunResult]]:
    """Create so many more people each time."""
    with tempfile.TemporaryDirectory() as name, serving(behaviour) as served:
        folder = Path(name)
        profile, seen, people = profile_for(served.base_url), [], 0
        with services_of(folder / "data") as services:
            for size in sizes:
                people += size
                lines = (HEADER, *map(person_row, range(people)))
                (folder / "people.csv").write_text("".join(lines), encoding="utf-8")
                seen.append(asyncio.run(_told_and_done(services, profile, folder, "token")))
        return seen


async def _told_and_done(
    services: Services, profile: Profile, folder: Path, token: str
) -> tuple[Estimate, RunResult]:
    made = await services.preview(profile, folder, token)
    result: RunResult | None = None
    async for event in services.apply(made.plan, profile, token, control=RunControl()):
        if isinstance(event, Applied):
            result = event.result
    assert result is not None
    assert made.estimate is not None
    return made.estimate, result
