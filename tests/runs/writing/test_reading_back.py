"""The last look after a run: where it fails, what was written is told as written."""

import pytest

from sparkwizard.errors import NotAuthorized, SparkWizardError
from sparkwizard.provisioning.plan import Plan
from sparkwizard.runs.types import Outcome, RunState
from tests.runs.tenant import Company, people

WRITES = 12


async def planned(company: Company) -> Plan:
    company.employs(people(range(WRITES)))
    return await company.preview()


async def spoiled(company: Company, plan: Plan, fault: str) -> None:
    """Apply a plan whose last look meets a fault."""

    def spoil(event: object) -> None:
        done = [one for one in company.events if isinstance(one, Outcome)]
        if len(done) == WRITES:
            setattr(company.server.faults, fault, True)

    try:
        await company.apply(plan, on_event=spoil)
    finally:
        setattr(company.server.faults, fault, False)


async def test_a_web_page_in_place_of_the_last_look_is_told_as_that(company: Company) -> None:
    with pytest.raises(SparkWizardError) as told:
        await spoiled(company, await planned(company), "html")
    assert told.value.code == "not-read-back"
    assert "Every change was sent and answered" in told.value.message
    assert "only looks" in told.value.fix
    assert company.result.applied == WRITES


async def test_the_next_apply_of_the_plan_writes_nothing_and_looks(company: Company) -> None:
    plan = await planned(company)
    with pytest.raises(SparkWizardError):
        await spoiled(company, plan, "html")
    company.look()
    result = await company.apply(plan)
    assert (result.state, result.applied) == (RunState.DONE, WRITES)
    assert company.writes == []
    assert any("/Users/" in one.path for one in company.requests)


async def test_a_token_that_dies_before_the_last_look_is_told_as_that(company: Company) -> None:
    with pytest.raises(NotAuthorized):
        await spoiled(company, await planned(company), "token_expired")
