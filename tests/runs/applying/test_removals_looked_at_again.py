"""A removal that was right at the preview may be wrong at the apply: it is looked at again."""

from datetime import timedelta

from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.types import ActionState
from sparkwizard.values import replace
from tests.runs.tenant import NOW, Company, Person, people

LEAVER = Person(1)


async def planned_leaver(company: Company, *more: Person) -> None:
    """Have everybody managed, and the leaver out of the file."""
    company.employs(people(range(1, 20)))
    await company.sync()
    company.employs(people(range(2, 20)), list(more))


def an_hour_later(company: Company) -> None:
    company.services.clock = lambda: NOW + timedelta(hours=1)
    company.services.close()  # the journal is opened again with this clock


def told(company: Company) -> list[tuple[ActionState, str]]:
    return [(outcome.state, outcome.code) for outcome in company.result.outcomes]


async def test_a_user_that_another_setup_took_over_meanwhile_is_not_removed(
    company: Company,
) -> None:
    await planned_leaver(company, Person(30))
    plan = await company.preview()
    ours = company.profile
    company.employs(people(range(1, 20)))
    company.profile = replace(ours, name="Fabrikam")
    await company.sync()
    company.profile = ours
    result = await company.apply(plan)
    assert company.users[LEAVER.user_name]["active"] is True
    assert told(company) == [(ActionState.NOT_ATTEMPTED, "other-profile")]
    assert (result.applied, result.exit_code) == (1, 3)
    assert [(stop.action, stop.count) for stop in result.stops] == [(ActionKind.DISABLE, 1)]


async def test_a_plan_vouched_for_by_its_hash_removes_nobody_without_a_journal(
    company: Company,
) -> None:
    await planned_leaver(company, Person(30))
    plan = await company.preview()
    company.services.close()
    company.services.places.journal_path.unlink()
    result = await company.apply(plan, plan_hash=plan.digest)
    assert company.users[LEAVER.user_name]["active"] is True
    assert told(company) == [(ActionState.NOT_ATTEMPTED, "never-managed")]
    assert (result.applied, result.exit_code) == (1, 3)


async def test_a_plan_older_than_the_newest_run_removes_nobody(company: Company) -> None:
    await planned_leaver(company, Person(30))
    old = await company.preview()
    an_hour_later(company)
    company.employs(people(range(1, 20)))
    await company.sync()
    result = await company.apply(old)
    assert company.users[LEAVER.user_name]["active"] is True
    assert told(company) == [(ActionState.NOT_ATTEMPTED, "plan-superseded")]
    assert (result.applied, result.exit_code) == (1, 3)
    assert "new preview" in result.outcomes[0].message


async def test_a_plan_goes_on_with_its_own_removals_though_its_run_ended_later(
    company: Company,
) -> None:
    await planned_leaver(company, Person(30))
    plan = await company.preview()
    an_hour_later(company)
    await company.apply(plan, only=frozenset((Person(30).object_id,)))
    assert (await company.apply(plan)).by_kind[ActionKind.DISABLE] == 1
    assert company.users[LEAVER.user_name]["active"] is False


async def test_one_removal_held_back_does_not_hold_back_the_others(company: Company) -> None:
    company.employs(people(range(1, 40)))
    await company.sync()
    company.employs(people(range(4, 40)))
    plan = await company.preview()
    ours = company.profile
    company.employs([LEAVER])
    company.profile = replace(ours, name="Fabrikam")
    await company.sync()
    company.profile = ours
    result = await company.apply(plan)
    assert (result.by_kind[ActionKind.DISABLE], result.not_attempted) == (2, 1)
    assert (result.stops, result.exit_code) == ((), 4)
    assert company.users[LEAVER.user_name]["active"] is True
