"""Webex changes between preview and apply: what somebody else did is left alone."""

import pytest

from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.types import ActionState
from tests.runs.tenant import Company, Person, people


async def managed(company: Company, number: int) -> None:
    company.employs(people(range(number)))
    await company.sync()


@pytest.mark.parametrize("number", [6, 40])
async def test_a_user_changed_meanwhile_is_left_alone_and_the_others_go_on(
    company: Company, number: int
) -> None:
    await managed(company, number)
    company.employs(people(range(number), title="Manager"))
    plan = await company.preview()
    await company.patch(Person(2).user_name, {"title": "Director"})
    result = await company.apply(plan)
    assert (result.applied, result.failed, result.not_attempted) == (number - 1, 0, 1)
    assert result.outcomes[0].code == "drift"
    assert result.exit_code == 4
    assert company.users[Person(2).user_name]["title"] == "Director"


async def test_a_user_changed_meanwhile_as_the_plan_wanted_needs_no_write(
    company: Company,
) -> None:
    await managed(company, 6)
    company.employs(people(range(6), title="Manager"))
    plan = await company.preview()
    await company.patch(Person(2).user_name, {"title": "Manager"})
    result = await company.apply(plan)
    assert (result.applied, result.not_attempted) == (6, 0)
    assert (await company.preview()).counts.writes == 0


async def test_a_value_outside_the_mapping_that_changed_meanwhile_is_no_drift(
    company: Company,
) -> None:
    await managed(company, 6)
    company.employs(people(range(6), title="Manager"))
    plan = await company.preview()
    await company.patch(Person(2).user_name, {"nickName": "Two"})
    assert (await company.apply(plan)).applied == 6
    assert company.users[Person(2).user_name]["nickName"] == "Two"


async def test_a_user_turned_off_meanwhile_is_not_turned_on_by_an_update(
    company: Company,
) -> None:
    await managed(company, 6)
    company.employs(people(range(6), title="Manager"))
    plan = await company.preview()
    await company.patch(Person(2).user_name, {"active": False})
    assert (await company.apply(plan)).not_attempted == 1
    assert company.users[Person(2).user_name]["active"] is False


@pytest.mark.parametrize("number", [6, 40])
async def test_a_user_deleted_meanwhile_is_not_made_again(company: Company, number: int) -> None:
    await managed(company, number)
    company.employs(people(range(number), title="Manager"))
    plan = await company.preview()
    await company.delete(Person(2).user_name)
    result = await company.apply(plan)
    assert (result.applied, result.not_attempted) == (number - 1, 1)
    assert Person(2).user_name not in company.users


async def test_the_next_preview_plans_what_drift_left_undone(company: Company) -> None:
    await managed(company, 6)
    company.employs(people(range(6), title="Manager"))
    plan = await company.preview()
    await company.patch(Person(2).user_name, {"title": "Director"})
    await company.delete(Person(3).user_name)
    await company.apply(plan)
    again = await company.preview()
    assert (again.counts.update, again.counts.create, again.counts.writes) == (1, 1, 2)
    assert (await company.apply(again)).applied == 2
    assert (await company.preview()).counts.writes == 0


async def test_a_name_given_away_meanwhile_fails_with_the_reason_and_the_others_go_on(
    company: Company,
) -> None:
    company.employs(people(range(6)))
    plan = await company.preview()
    await company.create(Person(2).user_name, externalId="somebody-else")
    result = await company.apply(plan)
    assert (result.applied, result.failed) == (5, 1)
    assert result.outcomes[0].code == "conflict"
    assert Person(2).user_name in result.outcomes[0].message
    assert company.users[Person(2).user_name]["externalId"] == "somebody-else"


@pytest.mark.parametrize("bulk", [True, False])
async def test_a_name_of_another_organization_fails_with_the_reason_and_the_others_go_on(
    company: Company, bulk: bool
) -> None:
    if not bulk:
        company.without_bulk()
    company.server.faults.names_taken_elsewhere = True
    taken = Person(50, name="yuki.tanaka@fabrikam.example")
    company.employs(people(range(6)), [taken])
    result = await company.sync()
    assert (result.applied, result.failed) == (6, 1)
    assert "another organization" in result.outcomes[0].message
    assert taken.object_id not in company.links


@pytest.mark.parametrize("bulk", [True, False])
async def test_a_new_name_that_somebody_has_is_told_as_taken_and_not_as_drift(
    company: Company, bulk: bool
) -> None:
    if not bulk:
        company.without_bulk()
    await managed(company, 6)
    company.server.faults.names_taken_elsewhere = True
    company.employs(people(range(5)), [Person(5, name="yuki.tanaka@fabrikam.example")])
    result = await company.sync()
    assert [(o.state, o.code) for o in result.outcomes] == [(ActionState.FAILED, "conflict")]


async def test_a_leaver_deleted_meanwhile_is_no_error_for_the_rest(company: Company) -> None:
    await managed(company, 30)
    company.employs(people(range(27)))
    plan = await company.preview()
    assert plan.counts.disable == 3
    await company.delete(Person(28).user_name)
    result = await company.apply(plan)
    assert result.by_kind[ActionKind.DISABLE] == 2
    assert (await company.preview()).counts.writes == 0


async def test_a_renamed_person_keeps_the_user(company: Company) -> None:
    await managed(company, 6)
    before = company.users[Person(3).user_name]["id"]
    company.employs(people(range(3)), [Person(3, name="new.name@fabrikam.example")])
    company.employs(
        people(range(3)), [Person(3, name="new.name@fabrikam.example")], people(range(4, 6))
    )
    assert (await company.sync()).by_kind == {ActionKind.UPDATE: 1}
    assert company.users["new.name@fabrikam.example"]["id"] == before
