"""A link leads to one Webex user: another of the same name is not managed because of it."""

from datetime import timedelta

from sparkwizard.provisioning.types import Action, ActionKind
from tests.runs.tenant import NOW, Company, Person, people

PERSON = Person(3)
NAME = PERSON.user_name


async def planned(company: Company) -> Action:
    plan = await company.preview()
    return next(action for action in plan.actions if action.source_id == PERSON.object_id)


async def test_a_user_made_by_hand_in_place_of_a_deleted_one_is_not_turned_off(
    company: Company,
) -> None:
    company.employs(people(range(9)))
    await company.sync()
    await company.delete(NAME)
    await company.create(NAME, displayName="By hand", active=True)
    company.employs(people(range(3)), [Person(3, enabled=False)], people(range(4, 9)))
    action = await planned(company)
    assert (action.kind, action.reasons[-1].code) == (ActionKind.PROBLEM, "never-managed")
    assert not action.linked


async def test_a_user_made_by_hand_in_place_of_one_turned_off_here_gets_no_access(
    company: Company,
) -> None:
    company.employs(people(range(9)))
    await company.sync()
    company.employs(people(range(3)), [Person(3, enabled=False)], people(range(4, 9)))
    await company.sync()
    assert not company.users[NAME]["active"]
    await company.delete(NAME)
    await company.create(NAME, displayName="By hand", active=False)
    company.employs(people(range(9)))
    action = await planned(company)
    assert (action.kind, action.reasons[-1].code) == (ActionKind.PROBLEM, "not-disabled-here")


async def test_a_create_that_finds_a_user_turned_off_here_forgets_not_who_turned_it_off(
    company: Company,
) -> None:
    company.employs(people(range(2)))
    await company.sync()
    company.employs(people(range(4)))
    early = await company.preview()
    company.services.clock = lambda: NOW + timedelta(minutes=1)
    run = await company.sync()
    made = await company.services.undo(
        company.profile, run.run_id, company.server.token, confirm_removals=True
    )
    await company.apply(made.plan)
    assert not company.users[NAME]["active"]
    await company.apply(early)
    assert not company.users[NAME]["active"]
    assert (await planned(company)).kind is ActionKind.UPDATE
    await company.sync()
    assert company.users[NAME]["active"]
