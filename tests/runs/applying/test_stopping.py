"""Cancel, pause and being alone: a run stops within the requests in flight and goes on later."""

import asyncio
import time

import pytest

from sparkwizard.errors import StorageError
from sparkwizard.net.retry import set_waiting
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.lock import organization_lock
from sparkwizard.runs.types import Outcome, RunState
from tests.runs.tenant import Company, people


async def cancelled_after_the_first_outcome(company: Company, number: int) -> RunControl:
    company.employs(people(range(number)))
    plan = await company.preview()
    control = RunControl()
    company.look()
    await company.apply(
        plan,
        control=control,
        on_event=lambda event: control.cancel() if isinstance(event, Outcome) else None,
    )
    return control


async def test_cancel_leaves_the_rest_and_says_so(company: Company) -> None:
    await cancelled_after_the_first_outcome(company, 100)
    result = company.result
    assert (result.state, result.exit_code) == (RunState.CANCELLED, 130)
    assert 0 < result.applied < 100
    assert result.applied + result.not_attempted == 100
    there = sum(1 for person in people(range(100)) if person.user_name in company.users)
    assert there == result.applied


async def test_after_cancel_no_request_leaves_but_those_under_way(company: Company) -> None:
    await cancelled_after_the_first_outcome(company, 100)
    assert len([one for one in company.writes if one.path.endswith("/Bulk")]) <= 3


async def test_cancel_stops_a_batch_that_goes_one_by_one(company: Company) -> None:
    company.answers("/Bulk", 501)
    await cancelled_after_the_first_outcome(company, 100)
    made = [one for one in company.writes if one.path.endswith("/Users")]
    assert 0 < len(made) <= 4
    assert company.result.applied == len(made)


async def test_after_cancel_the_same_plan_goes_on(company: Company) -> None:
    await cancelled_after_the_first_outcome(company, 60)
    first = company.result
    plan = await company.preview()
    digest = company.services.runs()[0].plan_digest
    assert plan.counts.create == 60 - first.applied
    assert digest
    assert (await company.apply(plan)).applied == 60 - first.applied
    assert (await company.preview()).counts.writes == 0


async def test_a_cancelled_run_taken_up_again_is_one_run(company: Company) -> None:
    company.employs(people(range(60)))
    plan = await company.preview()
    control = RunControl()
    await company.apply(
        plan,
        control=control,
        on_event=lambda event: control.cancel() if isinstance(event, Outcome) else None,
    )
    done = company.result.applied
    result = await company.apply(plan)
    assert result.applied == 60
    assert len(company.outcomes) == 60 - done
    assert len(company.services.runs()) == 1


async def test_cancel_before_the_first_request_writes_nothing(company: Company) -> None:
    company.employs(people(range(6)))
    plan = await company.preview()
    control = RunControl()
    control.cancel()
    company.look()
    result = await company.apply(plan, control=control)
    assert (result.state, result.applied, result.not_attempted) == (RunState.CANCELLED, 0, 6)
    assert company.writes == []


async def test_cancel_during_a_long_wait_returns_at_once(company: Company) -> None:
    set_waiting(True)
    company.employs(people(range(6)))
    plan = await company.preview()
    company.server.faults.rate_limit_after = 3
    company.server.faults.retry_after = 40
    control = RunControl()
    started = time.monotonic()
    asyncio.get_running_loop().call_later(0.3, control.cancel)
    result = await company.apply(plan, control=control)
    assert time.monotonic() - started < 30  # it asked for 40 seconds
    assert result.state is RunState.CANCELLED
    company.server.faults.rate_limit_after = 0
    assert (await company.apply(plan)).applied == 6


async def test_while_paused_no_request_leaves(company: Company) -> None:
    company.employs(people(range(60)))
    plan = await company.preview()
    control = RunControl()

    paused = asyncio.Event()

    def pause(event: object) -> None:
        if isinstance(event, Outcome) and not paused.is_set():
            control.pause()
            paused.set()

    running = asyncio.create_task(company.apply(plan, control=control, on_event=pause))
    await paused.wait()
    await asyncio.sleep(0.2)
    company.look()
    await asyncio.sleep(0.2)
    assert company.requests == []
    assert not running.done()
    control.resume()
    assert (await running).applied == 60


async def test_a_paused_run_can_be_cancelled(company: Company) -> None:
    company.employs(people(range(60)))
    plan = await company.preview()
    control = RunControl()
    control.pause()
    asyncio.get_running_loop().call_later(0.1, control.cancel)
    assert (await company.apply(plan, control=control)).applied == 0


async def test_a_second_apply_in_the_same_organization_is_refused_in_a_sentence(
    company: Company,
) -> None:
    company.employs(people(range(6)))
    plan = await company.preview()
    control = RunControl()
    control.pause()
    first = asyncio.create_task(company.apply(plan, control=control))
    await asyncio.sleep(0.1)
    second = company.services.apply(
        plan, company.profile, company.server.token, control=RunControl()
    )
    with pytest.raises(StorageError, match="Another run") as told:
        await anext(second)
    assert told.value.code == "run-locked"
    assert told.value.fix
    control.resume()
    assert (await first).applied == 6


async def test_a_lock_that_cannot_be_made_is_told_in_a_sentence(company: Company) -> None:
    organization = company.profile.webex.organization_id
    places = company.services.places
    (places.data_dir / f"run-{organization}.lock").mkdir(parents=True)
    with pytest.raises(StorageError) as told, organization_lock(places, organization):
        pass
    assert told.value.fix


async def test_the_organization_is_free_after_a_run_however_it_ended(company: Company) -> None:
    await cancelled_after_the_first_outcome(company, 20)
    organization = company.profile.webex.organization_id
    with organization_lock(company.services.places, organization):
        pass


async def test_leaving_the_events_early_stops_the_run(company: Company) -> None:
    company.employs(people(range(100)))
    plan = await company.preview()
    events = company.services.apply(
        plan, company.profile, company.server.token, control=RunControl()
    )
    async for event in events:
        if isinstance(event, Outcome):
            break
    await events.aclose()
    run = company.services.runs()[0]
    assert run.state is RunState.CANCELLED
    assert run.applied < 100
