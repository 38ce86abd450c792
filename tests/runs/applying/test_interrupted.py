"""A run whose process was killed: the next run of the setup finds out what it did and ends it."""

from datetime import timedelta

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.types import ActionState, RunState
from tests.runs.tenant import NOW, Company, Person, people

LEAVER = Person(1)


async def a_leaver(company: Company) -> Plan:
    company.employs(people(range(1, 20)))
    await company.sync()
    company.employs(people(range(2, 20)))
    return await company.preview()


def killed(company: Company, plan: Plan) -> int:
    """Write down what a process that was killed after its first request has written down."""
    journal = company.services.journal
    run = journal.begin_run(plan, [(action, ActionState.PLANNED) for action in plan.to_write])
    journal.mark_sent(run, [0])
    company.services.clock = lambda: NOW + timedelta(hours=1)
    return run


async def test_who_was_turned_off_by_a_killed_run_is_known_after_the_next_sync(
    company: Company,
) -> None:
    killed(company, await a_leaver(company))
    await company.patch(LEAVER.user_name, {"active": False})  # it got through
    await company.sync()
    assert company.links[LEAVER.object_id].disabled_at == NOW
    company.employs(people(range(1, 20)))
    assert (await company.sync()).by_kind == {ActionKind.UPDATE: 1}
    assert company.users[LEAVER.user_name]["active"] is True


async def test_a_killed_run_is_ended_by_the_next_one_of_its_setup(company: Company) -> None:
    run = killed(company, await a_leaver(company))
    await company.patch(LEAVER.user_name, {"active": False})
    await company.sync()
    ended = company.services.journal.run(run)
    assert ended is not None
    assert (ended.state, ended.applied, ended.finished_at) == (RunState.FAILED, 1, NOW)


async def test_what_a_killed_run_sent_in_vain_is_done_by_the_next_one(company: Company) -> None:
    run = killed(company, await a_leaver(company))
    assert (await company.sync()).by_kind == {ActionKind.DISABLE: 1}
    assert [r.state for r in company.services.journal.actions(run)] == [ActionState.NOT_ATTEMPTED]
    assert company.users[LEAVER.user_name]["active"] is False


async def test_the_rest_of_a_killed_run_counts_as_not_attempted(company: Company) -> None:
    company.employs(people(range(3)))
    run = killed(company, await company.preview())
    await company.sync()
    states = [record.state for record in company.services.journal.actions(run)]
    assert states == [ActionState.NOT_ATTEMPTED] * 3
    assert [company.times_there()[one.object_id] for one in people(range(3))] == [1, 1, 1]
