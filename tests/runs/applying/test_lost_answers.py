"""Answers that get lost, servers that break, tokens that end: nobody twice, nobody forgotten."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest

from sparkwizard.errors import NotAuthorized, SparkWizardError, Throttled, Unreachable
from sparkwizard.net.retry import set_waiting
from sparkwizard.provisioning.types import ActionKind, Actions
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.types import ActionState, Outcome, RunState, Waiting
from sparkwizard.values import replace
from tests.runs.tenant import NOW, Company, Person, people


async def settled(company: Company, *, writes: int = 0) -> None:
    """Hold that everyone is there once and that a new preview plans ``writes`` writes."""
    for fault in ("drop_before_every", "drop_after_every", "server_error_every"):
        setattr(company.server.faults, fault, 0)
    assert [who for who, times in company.times_there().items() if who and times > 1] == []
    assert (await company.preview()).counts.writes == writes


@pytest.mark.parametrize("bulk", [True, False])
@pytest.mark.parametrize("fault", ["drop_before_every", "drop_after_every", "server_error_every"])
@pytest.mark.parametrize("every", [1, 2, 3])
async def test_each_person_is_there_exactly_once_when_answers_are_lost(
    company: Company, fault: str, every: int, bulk: bool
) -> None:
    if not bulk:
        company.without_bulk()
    company.employs(people(range(12)))
    plan = await company.preview()
    setattr(company.server.faults, fault, every)
    with suppress(SparkWizardError):  # what a run may end with is another test's matter
        await company.apply(plan)
    setattr(company.server.faults, fault, 0)
    assert (await company.apply(plan)).applied == 12
    await settled(company)


@pytest.mark.parametrize("bulk", [True, False])
async def test_a_connection_cut_after_the_change_is_no_failure(
    company: Company, bulk: bool
) -> None:
    if not bulk:
        company.without_bulk()
    company.employs(people(range(12)))
    plan = await company.preview()
    company.server.faults.drop_after_every = 2
    result = await company.apply(plan)
    assert (result.applied, result.failed) == (12, 0)
    await settled(company)


@pytest.mark.parametrize("bulk", [True, False])
async def test_a_connection_cut_before_the_change_is_tried_once_more(
    company: Company, bulk: bool
) -> None:
    if not bulk:
        company.without_bulk()
    company.employs(people(range(12)))
    plan = await company.preview()
    company.server.faults.drop_before_next = 1
    result = await company.apply(plan)
    assert (result.applied, result.failed) == (12, 0)
    await settled(company)


@pytest.mark.parametrize("bulk", [True, False])
async def test_bad_luck_three_times_in_a_row_loses_nobody(company: Company, bulk: bool) -> None:
    if not bulk:
        company.without_bulk()
    company.employs(people(range(2)))
    plan = await company.preview()
    company.server.faults.drop_before_next = 3
    result = await company.apply(plan)
    assert (result.applied, result.failed) == (2, 0)
    await settled(company)


async def test_updates_whose_answers_are_lost_are_settled_too(company: Company) -> None:
    company.employs(people(range(30)))
    await company.sync()
    company.employs(people(range(30), title="Manager"))
    plan = await company.preview()
    company.server.faults.drop_after_every = 2
    result = await company.apply(plan)
    assert (result.applied, result.failed) == (30, 0)
    await settled(company)


async def test_a_batch_that_never_arrived_goes_again_in_one_request(company: Company) -> None:
    company.employs(people(range(5)))
    plan = await company.preview()
    company.server.faults.drop_before_next = 1
    company.look()
    await company.apply(plan)
    assert [(one.path.rsplit("/", 1)[-1], one.status) for one in company.writes] == [
        ("Bulk", 0),
        ("Bulk", 200),
    ]


async def test_a_busy_server_is_waited_for(company: Company) -> None:
    company.employs(people(range(12)))
    plan = await company.preview()
    company.server.faults.rate_limit_after = 3
    company.server.faults.retry_after = 0
    result = await company.apply(plan)
    assert result.applied == 12
    assert 429 in {one.status for one in company.requests}
    company.server.faults.rate_limit_after = 0
    await settled(company)


async def test_waiting_is_told_while_it_lasts(company: Company) -> None:
    company.employs(people(range(12)))
    plan = await company.preview()
    company.server.faults.rate_limit_after = 5
    company.server.faults.retry_after = 0
    await company.apply(plan)
    waits = [event for event in company.events if isinstance(event, Waiting)]
    assert waits
    assert "slow down" in waits[0].why


async def test_a_server_that_stays_busy_ends_the_run_and_the_plan_goes_on_later(
    company: Company,
) -> None:
    company.employs(people(range(60)))
    plan = await company.preview()
    company.server.faults.rate_limit_after = 6
    company.server.faults.retry_after = 60
    with pytest.raises(Throttled):
        await company.apply(plan)
    ended = company.result
    assert 0 < ended.applied < 60
    assert (ended.failed, ended.applied + ended.not_attempted) == (0, 60)
    company.server.faults.rate_limit_after = 0
    assert (await company.apply(plan)).applied == 60
    await settled(company)


@pytest.mark.parametrize("bulk", [True, False])
@pytest.mark.parametrize("fault", ["drop_before_next", "drop_after_next"])
async def test_a_delete_whose_answer_is_lost_happens_once(
    company: Company, fault: str, bulk: bool
) -> None:
    if not bulk:
        company.without_bulk()
    company.profile = replace(company.profile, actions=Actions(delete=True))
    company.employs(people(range(30)))
    await company.sync()
    company.employs(people(range(28)))
    assert (await company.sync()).by_kind == {ActionKind.DISABLE: 2}
    company.services.clock = lambda: NOW + timedelta(days=31)
    plan = await company.preview()
    assert plan.counts.delete == 2
    setattr(company.server.faults, fault, 1)
    assert (await company.apply(plan)).by_kind == {ActionKind.DELETE: 2}
    assert len(company.links) == 28
    await settled(company)


@pytest.mark.parametrize("bulk", [True, False])
async def test_a_token_that_ends_midway_ends_the_run_and_a_new_one_goes_on(
    company: Company, bulk: bool
) -> None:
    if not bulk:
        company.without_bulk()
    company.employs(people(range(20)))
    plan = await company.preview()

    def expire(event: object) -> None:
        if isinstance(event, Outcome):
            company.server.faults.token_expired = True

    with pytest.raises(NotAuthorized):
        await company.apply(plan, on_event=expire)
    ended = company.result
    assert ended.state is RunState.FAILED
    assert 0 < ended.applied < 20
    assert ended.applied + ended.not_attempted == 20

    company.server.faults.token_expired = False
    result = await company.apply(plan)
    assert (result.applied, result.run_id) == (20, ended.run_id)
    await settled(company)


async def test_what_was_applied_when_the_token_ended_is_told_as_applied(company: Company) -> None:
    company.without_bulk()
    company.employs(people(range(20)))
    plan = await company.preview()

    def expire(event: object) -> None:
        if isinstance(event, Outcome):
            company.server.faults.token_expired = True

    with pytest.raises(NotAuthorized):
        await company.apply(plan, on_event=expire)
    there = sum(1 for person in people(range(20)) if person.user_name in company.users)
    assert company.result.applied == there


async def test_an_unreachable_host_ends_the_run_and_the_rest_is_left(company: Company) -> None:
    company.employs(people(range(5)))
    plan = await company.preview()
    await company.server.__aexit__(None, None, None)
    with pytest.raises(Unreachable):
        await company.apply(plan)
    run = company.services.runs()[:1]
    assert not run or run[0].applied == 0


async def test_lists_that_lag_behind_make_nobody_twice(company: Company) -> None:
    set_waiting(True)
    company.employs(people(range(6)))
    plan = await company.preview()
    company.server.faults.list_lag = 0.8
    company.server.faults.drop_after_every = 1
    result = await company.apply(plan)
    assert (result.applied, result.failed) == (6, 0)
    company.server.faults.list_lag = 0
    await settled(company)


@pytest.mark.parametrize("bulk", [True, False])
async def test_a_web_page_instead_of_an_answer_makes_nobody_twice(
    company: Company, bulk: bool
) -> None:
    if not bulk:
        company.without_bulk()
    company.employs(people(range(12)))
    await company.sync()
    company.employs(people(range(12), title="Manager"), people(range(20, 26)))
    plan = await company.preview()

    def page(event: object) -> None:
        if isinstance(event, Outcome) and event.seq % 3 == 0:
            company.server.faults.html_next = 1

    await company.apply(plan, on_event=page)
    company.server.faults.html_next = 0
    assert (await company.apply(plan)).applied == 18
    await settled(company)


async def test_one_user_that_cannot_be_read_does_not_end_the_run(company: Company) -> None:
    company.employs(people(range(12)))
    await company.sync()
    company.answers(f"/Users/{company.users[Person(3).user_name]['id']}", 500)
    company.employs(people(range(12), title="Manager"))
    result = await company.sync()
    assert (result.applied, result.failed) == (11, 1)
    assert result.outcomes[0].action.user_name == Person(3).user_name


async def test_a_sent_user_that_cannot_be_read_does_not_end_the_next_run(company: Company) -> None:
    company.employs(people(range(6)))
    await company.sync()
    company.employs(people(range(6), title="Manager"))
    plan = await company.preview()
    company.without_bulk()
    person = company.users[Person(3).user_name]
    company.server.faults.drop_after_every = 1
    company.answers(f"/Users/{person['id']}", 500)
    first = await company.apply(plan)
    company.server.faults.drop_after_every = 0
    second = await company.apply(plan)
    for result in (first, second):
        assert (result.applied, result.failed, result.not_attempted) == (5, 1, 0)


async def test_the_list_of_runs_counts_as_the_apply_did(company: Company) -> None:
    company.employs(people(range(6)))
    await company.sync()
    company.employs(people(range(6), title="Manager"))
    plan = await company.preview()
    company.without_bulk()
    company.server.faults.drop_after_every = 1
    company.answers(f"/Users/{company.users[Person(3).user_name]['id']}", 500)
    result = await company.apply(plan)
    run = company.services.runs()[0]
    assert (run.applied, run.failed, run.not_attempted) == (
        result.applied,
        result.failed,
        result.not_attempted,
    )


@pytest.mark.parametrize("bulk", [True, False])
async def test_a_value_that_was_not_kept_is_told_and_the_user_is_linked(
    company: Company, bulk: bool
) -> None:
    if not bulk:
        company.without_bulk()
    company.employs(people(range(6)))
    plan = await company.preview()
    company.server.faults.values_not_kept = ("title",)
    result = await company.apply(plan)
    assert (result.applied, result.failed) == (0, 6)
    assert {outcome.code for outcome in result.outcomes} == {"value-not-kept"}
    assert "title" in result.outcomes[0].message
    assert len(company.links) == 6


async def test_a_created_user_without_a_value_is_not_taken_for_a_stranger_by_the_next_apply(
    company: Company,
) -> None:
    company.employs(people(range(6)))
    plan = await company.preview()
    company.server.faults.values_not_kept = ("title",)
    await company.apply(plan)
    result = await company.apply(plan)
    assert {outcome.code for outcome in result.outcomes} == {"value-not-kept"}
    company.server.faults.values_not_kept = ()
    assert (await company.sync()).applied == 6
    await settled(company)


async def test_what_a_stopped_run_wrote_is_read_back_by_the_next(company: Company) -> None:
    company.employs(people(range(60)))
    plan = await company.preview()
    company.server.faults.values_not_kept = ("title",)
    control = RunControl()
    await company.apply(
        plan,
        control=control,
        on_event=lambda event: control.cancel() if isinstance(event, Outcome) else None,
    )
    unread = company.result.applied
    assert unread > 0
    company.server.faults.values_not_kept = ()
    result = await company.apply(plan)
    assert (result.applied, result.failed) == (60 - unread, unread)
    assert {outcome.code for outcome in result.outcomes} == {"value-not-kept"}


@pytest.mark.parametrize("bulk", [True, False])
async def test_a_change_that_was_kept_in_part_is_no_change_by_somebody_else(
    company: Company, bulk: bool
) -> None:
    if not bulk:
        company.without_bulk()
    company.employs(people(range(6)))
    await company.sync()
    rows = [Person(n, title="Manager", name=f"renamed{n}@fabrikam.example") for n in range(6)]
    company.employs(rows)
    plan = await company.preview()
    company.server.faults.values_not_kept = ("title",)
    await company.apply(plan)
    company.server.faults.values_not_kept = ()
    result = await company.apply(plan)
    assert (result.applied, result.not_attempted) == (6, 0)
    await settled(company)


async def test_every_outcome_of_a_failed_write_carries_what_support_asks_for(
    company: Company,
) -> None:
    company.without_bulk()
    company.server.faults.enforced_domains = ("contoso.example",)
    company.employs(people(range(3)))
    result = await company.sync()
    assert result.failed == 3
    for outcome in result.outcomes:
        assert outcome.state is ActionState.FAILED
        assert outcome.tracking_id.startswith("ROUTER_")
        assert outcome.message


async def test_one_refused_user_does_not_stop_the_others(company: Company) -> None:
    company.server.faults.enforced_domains = ("fabrikam.example",)
    company.employs(people(range(9)), [Person(50, name="somebody@elsewhere.example")])
    result = await company.sync()
    assert (result.applied, result.failed) == (9, 1)
    assert Counter(o.state for o in result.outcomes) == {ActionState.FAILED: 1}
