"""Whatever goes wrong during apply: once it stops going wrong, everyone is there exactly once."""

import asyncio
import tempfile
from contextlib import suppress
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from sparkwizard.errors import SparkWizardError
from sparkwizard.practice import Faults
from sparkwizard.provisioning.plan import Plan
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.types import ActionState, Outcome
from tests.examples import examples
from tests.runs.tenant import Company, open_company, people

pytestmark = pytest.mark.slow

OFF = Faults()
FAULTS = st.fixed_dictionaries(
    {},
    optional={
        "drop_before_every": st.integers(1, 5),
        "drop_after_every": st.integers(1, 5),
        "drop_after_next": st.integers(1, 4),
        "server_error_every": st.integers(2, 5),
        "server_error_next": st.integers(1, 8),
        "html_next": st.integers(1, 4),
        "rate_limit_after": st.integers(1, 6),
        "list_lag": st.just(0.05),
        "filter_ignored": st.booleans(),
        "paging_ignored": st.booleans(),
        "token_expired": st.booleans(),
    },
)
TRIES = st.lists(st.tuples(FAULTS, st.integers(1, 40)), min_size=1, max_size=3)


def switch(company: Company, values: dict[str, object]) -> None:
    for name in OFF.__struct_fields__:
        setattr(company.server.faults, name, values.get(name, getattr(OFF, name)))
    company.server.faults.retry_after = 0


async def one_try(company: Company, plan: Plan, faults: dict[str, object], cancel_at: int) -> None:
    """Apply while things go wrong, and cancel after some outcomes."""
    control = RunControl()
    switch(company, faults)

    def count(event: object) -> None:
        if sum(isinstance(one, Outcome) for one in company.events) >= cancel_at:
            control.cancel()

    with suppress(SparkWizardError):
        await company.apply(plan, control=control, on_event=count)
    switch(company, {})


async def hold(tries: list[tuple[dict[str, object], int]], *, bulk: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_company(Path(folder)) as company:
            if not bulk:
                company.without_bulk()
            company.employs(people(range(30)))
            await company.sync()
            company.employs(
                people(range(8), title="Manager"), people(range(8, 28)), people(range(40, 48))
            )
            plan = await company.preview()
            assert plan.counts.writes == 18
            for faults, cancel_at in tries:
                await one_try(company, plan, faults, cancel_at)
            await company.apply(plan)
            await everything_is_done_once(company)


async def everything_is_done_once(company: Company) -> None:
    assert company.result.applied == 18, company.result.outcomes
    assert [who for who, times in company.times_there().items() if who and times > 1] == []
    assert (await company.preview()).counts.writes == 0
    there = {user["id"] for user in company.all_users}
    records = company.services.journal.actions(company.services.runs()[0].id)
    assert {record.state for record in records} == {ActionState.APPLIED}
    assert {record.action.webex_id for record in records} <= there
    assert {link.webex_id for link in company.links.values()} <= there
    assert len(company.links) == 38


@pytest.mark.parametrize("bulk", [True, False])
@settings(
    max_examples=examples(8),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tries=TRIES)
def test_after_any_faults_everyone_is_there_exactly_once_and_the_journal_agrees(
    no_waiting: None, bulk: bool, tries: list[tuple[dict[str, object], int]]
) -> None:
    asyncio.run(hold(tries, bulk=bulk))
