"""A process that dies at any statement of its journal: the next apply goes on, each person once."""

import asyncio
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from sparkwizard.errors import SparkWizardError
from sparkwizard.runs.types import ActionState
from tests.runs.agreement.cutting import Killed, count_statements, cut_at
from tests.runs.tenant import Company, open_company, people


async def begun(company: Company) -> None:
    """Let two be new, two change, and one leave: the limit allows one."""
    company.employs(people(range(5)))
    await company.sync()
    company.employs(people(range(2), title="Manager"), people(range(2, 4)), people(range(6, 8)))


async def statements(bulk: bool) -> int:
    """Return how many statements an apply of this plan takes."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_company(Path(folder)) as company:
            if not bulk:
                company.without_bulk()
            await begun(company)
            plan = await company.preview()
            seen = count_statements(company.services.journal)
            await company.apply(plan)
            return seen()


async def cut_and_go_on(last: int, bulk: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_company(Path(folder)) as company:
            if not bulk:
                company.without_bulk()
            await begun(company)
            plan = await company.preview()
            assert (plan.counts.create, plan.counts.update, plan.counts.disable) == (2, 2, 1)
            cut_at(company.services.journal, last)
            with suppress(Killed, SparkWizardError):
                await company.apply(plan)
            await asyncio.sleep(0.01)  # what was under way arrives
            company.services.close()
            result = await company.apply(plan)
            assert (result.applied, result.failed, result.not_attempted) == (5, 0, 0), last
            twice = [who for who, times in company.times_there().items() if who and times > 1]
            assert twice == [], last
            records = company.services.journal.actions(result.run_id)
            assert {record.state for record in records} == {ActionState.APPLIED}, last
            assert not company.users[people(range(4, 5))[0].user_name]["active"]
            assert (await company.preview()).counts.writes == 0, last
            assert len(company.links) == 7


@pytest.mark.parametrize(
    ("bulk", "each"),
    [
        pytest.param(True, 5, id="some"),
        pytest.param(True, 1, id="bulk", marks=pytest.mark.slow),
        pytest.param(False, 1, id="single", marks=pytest.mark.slow),
    ],
)
def test_a_run_cut_at_any_statement_goes_on_and_does_each_once(
    no_waiting: None, bulk: bool, each: int
) -> None:
    number = asyncio.run(statements(bulk))
    assert number > 20
    for last in range(0, number, each):
        asyncio.run(cut_and_go_on(last, bulk))
