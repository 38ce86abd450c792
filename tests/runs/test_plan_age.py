"""A plan that is too old is not carried out."""

from datetime import timedelta

import pytest

from sparkwizard.errors import SafeguardStop
from sparkwizard.runs.types import ActionState
from sparkwizard.setup.profile import Safeguards
from sparkwizard.values import replace
from tests.runs.tenant import NOW, Company, Person, people


async def test_a_plan_older_than_a_day_is_not_applied(company: Company) -> None:
    company.employs(people(range(3)))
    plan = await company.preview()
    company.services.clock = lambda: NOW + timedelta(hours=24, seconds=1)
    company.look()
    with pytest.raises(SafeguardStop) as told:
        await company.apply(plan)
    assert (told.value.code, told.value.exit_code) == ("plan-too-old", 3)
    assert company.writes == []
    assert company.services.runs() == []


async def test_a_plan_of_yesterday_is_still_good(company: Company) -> None:
    company.employs(people(range(3)))
    plan = await company.preview()
    company.services.clock = lambda: NOW + timedelta(hours=24)
    assert (await company.apply(plan)).applied == 3


async def test_a_setup_may_choose_how_old_a_plan_may_be(company: Company) -> None:
    company.profile = replace(company.profile, safeguards=Safeguards(max_plan_age_hours=1))
    company.employs(people(range(3)))
    plan = await company.preview()
    company.services.clock = lambda: NOW + timedelta(hours=2)
    with pytest.raises(SafeguardStop, match="2 hours old, and the limit of this setup is 1"):
        await company.apply(plan)


async def test_a_plan_dated_in_the_future_is_not_applied(company: Company) -> None:
    company.employs(people(range(3)))
    company.services.clock = lambda: NOW + timedelta(minutes=11)
    plan = await company.preview()
    company.services.clock = lambda: NOW
    company.look()
    with pytest.raises(SafeguardStop, match="dated in the future") as told:
        await company.apply(plan)
    assert (told.value.code, told.value.exit_code) == ("plan-from-the-future", 3)
    assert company.writes == []


async def test_a_clock_a_little_behind_is_no_reason_to_refuse(company: Company) -> None:
    company.employs(people(range(3)))
    company.services.clock = lambda: NOW + timedelta(minutes=9)
    plan = await company.preview()
    company.services.clock = lambda: NOW
    assert (await company.apply(plan)).applied == 3


def made(number: int) -> dict[str, object]:
    """Return a user as the plan makes it."""
    person = Person(number)
    return {
        "externalId": person.object_id,
        "active": True,
        "displayName": f"Person {number}",
        "name": {"givenName": "Person", "familyName": f"No{number}"},
        "title": person.title,
    }


async def test_what_an_interrupted_plan_sent_is_settled_however_old_it_is(
    company: Company,
) -> None:
    company.employs(people(range(3)))
    plan = await company.preview()
    journal = company.services.journal
    run = journal.begin_run(plan, [(action, ActionState.PLANNED) for action in plan.to_write])
    journal.mark_sent(run, [0])
    first = plan.to_write[0]
    await company.create(first.user_name, **made(0))
    company.services.clock = lambda: NOW + timedelta(hours=60)
    company.look()
    result = await company.apply(plan)
    assert company.writes == []
    assert (result.run_id, result.applied, result.not_attempted) == (run, 1, 2)
    assert {outcome.code for outcome in result.outcomes} == {"plan-too-old"}
    assert result.exit_code == 3
    assert first.source_id in company.links
    with pytest.raises(SafeguardStop):  # nothing is left to settle
        await company.apply(plan)
