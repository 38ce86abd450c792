"""How many requests a plan takes is told before, and then it is just as many."""

import pytest

from tests.runs.tenant import Company, people


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
