"""How many requests a plan takes is told before, and then it is just as many."""

import asyncio
import time
from collections.abc import Callable

import pytest

from sparkwizard.runs.control import RunControl
from tests.runs.tenant import Company, people

LATENCY_MS = 200
TRIES = 3


def asked_about_users(company: Company) -> int:
    parts = ("/Users", "/Bulk", "/ServiceProviderConfig")
    return sum(any(part in one.path for part in parts) for one in company.requests)


async def holds(company: Company) -> None:
    made = await company.services.preview(company.profile, company.folder, company.server.token)
    assert made.estimate is not None
    company.look()
    result = await company.apply(made.plan)
    assert result.failed + result.not_attempted == 0
    assert made.estimate.requests == asked_about_users(company)
    assert made.estimate.seconds > 0


@pytest.mark.parametrize("number", [1, 6, 11, 60])
async def test_creates_in_bulk_take_as_many_requests_as_told(company: Company, number: int) -> None:
    company.employs(people(range(number)))
    await holds(company)


async def test_changes_take_as_many_requests_as_told(company: Company) -> None:
    company.employs(people(range(60)))
    await company.sync()
    company.employs(people(range(8), title="Manager"), people(range(8, 60)))
    await holds(company)
    company.employs(
        people(range(50), title="Director"), people(range(50, 58)), people(range(70, 76))
    )
    await holds(company)


async def test_a_plan_that_changes_nothing_takes_none(company: Company) -> None:
    company.employs(people(range(3)))
    await company.sync()
    made = await company.services.preview(company.profile, company.folder, company.server.token)
    assert made.estimate is not None
    assert (made.estimate.requests, made.estimate.seconds) == (0, 0.0)


async def takes_as_long_as_told(company: Company, hires: Callable[[int], None]) -> None:
    """Hold that the time is right within a fifth; a busy machine gets another try or two."""
    seen = []
    for attempt in range(TRIES):
        hires(attempt)
        company.server.faults.latency_ms = LATENCY_MS
        made = await company.services.preview(company.profile, company.folder, company.server.token)
        assert made.estimate is not None
        company.look()
        began = time.perf_counter()
        await company.apply(made.plan)
        seconds = time.perf_counter() - began
        company.server.faults.latency_ms = 0
        asked = asked_about_users(company)
        assert 0.8 * asked <= made.estimate.requests <= 1.2 * asked
        seen.append(made.estimate.seconds / seconds)
        if 0.8 <= seen[-1] <= 1.2:
            return
    raise AssertionError(f"told to taken: {seen}")


async def test_creates_in_bulk_take_as_long_as_told(company: Company) -> None:
    await takes_as_long_as_told(company, lambda n: company.employs(people(range(60 * (n + 1)))))


@pytest.mark.slow
async def test_single_creates_take_as_long_as_told(company: Company) -> None:
    company.without_bulk()
    await takes_as_long_as_told(company, lambda n: company.employs(people(range(80 * (n + 1)))))


@pytest.mark.slow
async def test_changes_take_as_long_as_told(company: Company) -> None:
    company.employs(people(range(80)))
    await company.sync()
    titles = ("Manager", "Director", "Fellow")
    await takes_as_long_as_told(
        company,
        lambda n: company.employs(people(range(70), title=titles[n]), people(range(70, 80))),
    )


async def test_a_paused_run_tells_nothing_of_how_fast_one_goes(company: Company) -> None:
    setup = (company.profile.id, company.profile.webex.organization_id)
    company.employs(people(range(60)))
    made = await company.services.preview(company.profile, company.folder, company.server.token)
    control = RunControl()
    control.pause()
    asyncio.get_running_loop().call_later(0.2, control.resume)
    await company.apply(made.plan, control=control)
    assert company.services.journal.pace(setup) is None


async def test_a_run_of_few_tells_nothing_of_one_of_many(company: Company) -> None:
    setup = (company.profile.id, company.profile.webex.organization_id)
    company.employs(people(range(49)))
    await company.sync()
    assert company.services.journal.pace(setup) is None
    company.employs(people(range(99)))
    await company.sync()
    assert company.services.journal.pace(setup) is not None
