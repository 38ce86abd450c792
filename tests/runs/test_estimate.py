"""How many requests a plan takes is told before, and then it is just as many."""

import time
from collections.abc import Callable

import pytest

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
