"""Graph fails at one write of a set-up: going on ends as if nothing had been, nothing twice."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sparkwizard.entra.provisioning_job.types import Step, TenantPlan
from sparkwizard.errors import SparkWizardError
from sparkwizard.runs.cloud.types import WriteState
from sparkwizard.setup.profile import ScopeSettings
from sparkwizard.values import replace
from tests.runs.cloud.outages import TRIES, Ill, Rehearsal, rehearsing

# what an undisturbed run sends, in this order, and in which step
WRITES = {
    "add the application": Step.APPLICATION,
    "make the job": Step.JOB,
    "assign number 1": Step.ASSIGNMENTS,
    "assign number 2": Step.ASSIGNMENTS,
    "test the token": Step.SETTINGS,
    "save the settings": Step.SETTINGS,
    "write the mapping": Step.SCHEMA,
    "switch on": Step.STATUS,
}
# these may be sent again: whatever came of the first, it is as if they were sent once
REPEATED = ("test the token", "save the settings", "write the mapping", "switch on")
STEPS: list[Step] = [step for step in Step if step is not Step.RESTART]
QUICK = (Ill.UNAVAILABLE, Ill.LOST)
ILLS = [ill if ill in QUICK else pytest.param(ill, marks=pytest.mark.slow) for ill in Ill]


def each_write_and_ill() -> Iterator[Any]:
    for write in WRITES:
        for ill in Ill:
            for anew in (False, True):
                list_ = "a new list" if anew else "the same list"
                marks = () if ill in QUICK and not anew else pytest.mark.slow
                yield pytest.param(write, ill, anew, marks=marks, id=f"{write}-{ill}-{list_}")


@pytest_asyncio.fixture
async def rehearsal(tmp_path: Path, no_waiting: None) -> AsyncIterator[Rehearsal]:
    async with rehearsing(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what a tenant holds in which nothing failed."""
    async with rehearsing(tmp_path_factory.mktemp("undisturbed")) as opened:
        await opened.carry_out(await opened.plan())
        assert opened.outage.done == list(WRITES), "these are all the writes there are"
        return opened.tenant()


async def stop(rehearsal: Rehearsal, write: str, ill: Ill) -> tuple[TenantPlan, SparkWizardError]:
    """Carry a list out while one write fails; return the list and what is told."""
    plan = await rehearsal.plan()
    rehearsal.outage.write, rehearsal.outage.ill = write, ill
    with pytest.raises(SparkWizardError) as caught:
        await rehearsal.carry_out(plan)
    rehearsal.outage.write = ""
    return plan, caught.value


@pytest.mark.parametrize(("write", "ill", "anew"), [*each_write_and_ill()])
async def test_going_on_ends_as_if_nothing_had_been(
    rehearsal: Rehearsal, undisturbed: dict[str, Any], write: str, ill: Ill, anew: bool
) -> None:
    plan, _ = await stop(rehearsal, write, ill)
    result = await rehearsal.carry_out(await rehearsal.plan() if anew else plan)
    assert result.on
    assert rehearsal.tenant() == undisturbed
    done = rehearsal.outage.done
    assert [one for one in done if one not in REPEATED] == [
        one for one in WRITES if one not in REPEATED
    ]
    assert list(dict.fromkeys(done)) == list(WRITES)


@pytest.mark.parametrize(
    "ill", [Ill.UNAVAILABLE, pytest.param(Ill.CUT_LATE, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("write", WRITES)
async def test_people_are_told_how_far_it_came_and_to_start_the_list_again(
    rehearsal: Rehearsal, write: str, ill: Ill
) -> None:
    _, error = await stop(rehearsal, write, ill)
    done = STEPS.index(WRITES[write])
    assert error.message.endswith(".")
    assert "try again" in error.fix.lower()
    assert (f"{done} of 6 steps are done and stay" in error.fix) == bool(done)
    assert error.fix.endswith("start the same list again, which looks first.")


@pytest.mark.parametrize("ill", ILLS)
@pytest.mark.parametrize("write", ["add the application", "save the settings"])
async def test_the_journal_says_whether_it_may_have_been_done(
    rehearsal: Rehearsal, write: str, ill: Ill
) -> None:
    plan, _ = await stop(rehearsal, write, ill)
    (last, *_) = rehearsal.journal.cloud_writes(rehearsal.profile.id)
    assert last.step == WRITES[write]
    assert last.state is (WriteState.FAILED if ill is Ill.BUSY else WriteState.SENT)
    await rehearsal.carry_out(plan)
    (last, *_) = rehearsal.journal.cloud_writes(rehearsal.profile.id)
    assert (last.step, last.state) == (Step.STATUS, WriteState.DONE)


@pytest.mark.parametrize("ill", [Ill.BUSY, pytest.param(Ill.UNAVAILABLE, marks=pytest.mark.slow)])
@pytest.mark.parametrize("write", WRITES)
async def test_a_burst_that_says_when_to_come_again_is_waited_out(
    rehearsal: Rehearsal, undisturbed: dict[str, Any], write: str, ill: Ill
) -> None:
    outage = rehearsal.outage
    outage.write, outage.ill, outage.times, outage.retry_after = write, ill, TRIES - 1, True
    await rehearsal.carry_out(await rehearsal.plan())
    assert outage.hits == TRIES - 1
    assert outage.done == list(WRITES)
    assert rehearsal.tenant() == undisturbed


@pytest.mark.slow
@pytest.mark.parametrize("ill", [*Ill])
@pytest.mark.parametrize("write", REPEATED)
async def test_what_may_be_sent_twice_is_sent_again_at_once(
    rehearsal: Rehearsal, undisturbed: dict[str, Any], write: str, ill: Ill
) -> None:
    outage = rehearsal.outage
    outage.write, outage.ill, outage.times = write, ill, 1
    await rehearsal.carry_out(await rehearsal.plan())
    assert outage.done.count(write) == 1 + ill.takes_effect
    assert rehearsal.tenant() == undisturbed


async def narrow(rehearsal: Rehearsal) -> None:
    """Let everybody be provisioned for a cycle, then only who is assigned be wanted."""
    assigned = rehearsal.profile
    rehearsal.profile = replace(assigned, scope=ScopeSettings(people="all"))
    await rehearsal.carry_out(await rehearsal.plan())
    await asyncio.to_thread(rehearsal.practice.run_cycle)
    rehearsal.profile = assigned


@pytest.mark.parametrize("anew", [False, True], ids=["the same list", "a new list"])
@pytest.mark.parametrize("ill", ILLS)
async def test_a_restart_without_an_answer_is_sent_again_for_nothing_tells_of_it(
    rehearsal: Rehearsal, ill: Ill, anew: bool
) -> None:
    await narrow(rehearsal)
    plan, error = await stop(rehearsal, "restart", ill)
    assert plan.steps[-1] is Step.RESTART
    assert f"{len(plan.steps) - 1} of {len(plan.steps)} steps are done" in error.fix
    await rehearsal.carry_out(await rehearsal.plan() if anew else plan)
    assert rehearsal.outage.done.count("restart") == 1 + ill.takes_effect
    assert (await rehearsal.plan()).changes == ()


@pytest.mark.parametrize("ill", [Ill.UNAVAILABLE, Ill.LOST])
async def test_a_new_list_knows_of_the_restart_that_settings_need_whichever_way_they_stopped(
    rehearsal: Rehearsal, ill: Ill
) -> None:
    await narrow(rehearsal)
    await stop(rehearsal, "save the settings", ill)
    await rehearsal.carry_out(await rehearsal.plan())
    assert rehearsal.outage.done.count("restart") == 1
    assert (await rehearsal.plan()).changes == ()


async def test_no_restart_is_owed_once_everybody_is_wanted_again(rehearsal: Rehearsal) -> None:
    await narrow(rehearsal)
    await stop(rehearsal, "restart", Ill.UNAVAILABLE)
    assigned = rehearsal.profile
    rehearsal.profile = replace(assigned, scope=ScopeSettings(people="all"))
    plan = await rehearsal.plan()
    assert Step.RESTART not in plan.steps
    await rehearsal.carry_out(plan)
    assert (await rehearsal.plan()).changes == ()


async def test_a_list_that_another_version_wrote_hinders_no_new_one(rehearsal: Rehearsal) -> None:
    journal, setup = rehearsal.journal, rehearsal.profile.id
    journal.keep_cloud_plan("old", setup, b'{"digest": "old"}')
    number = journal.begin_cloud_write(setup, "old", Step.SETTINGS, "Save settings.")
    journal.end_cloud_write(number, WriteState.DONE)
    assert (await rehearsal.plan()).steps == tuple(STEPS)
