"""An undo lets go of users whom its run took over, also of those that the run left as they were."""

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.values import replace
from tests.runs.tenant import Company, Person, people


async def undo(company: Company, run: int) -> Plan:
    made = await company.services.undo(
        company.profile, run, company.server.token, confirm_removals=True
    )
    return made.plan


async def alike(company: Company, *persons: Person) -> None:
    """Let others have made users of these people, with all values that they should have."""
    for person in persons:
        await company.create(
            person.user_name,
            externalId=person.object_id,
            displayName=f"Person {person.number}",
            name={"givenName": "Person", "familyName": f"No{person.number}"},
            title=person.title,
            active=True,
        )


async def test_users_whom_the_run_found_as_they_should_be_are_managed_no_longer(
    company: Company,
) -> None:
    await alike(company, *people(range(3)))
    company.employs(people(range(5)))
    run = await company.sync()
    assert run.by_kind == {ActionKind.CREATE: 2}
    plan = await undo(company, run.run_id)
    assert (plan.counts.unchanged, plan.counts.disable, plan.lets_go) == (3, 2, 3)
    assert "lets go of 3 users" in " ".join(finding.text for finding in plan.findings)
    await company.apply(plan)
    assert set(company.links) == {Person(3).object_id, Person(4).object_id}
    company.employs(people(range(3, 5)))
    assert (await company.preview()).counts.disable == 0, "three left, and were never ours"


async def test_an_undo_that_only_lets_go_can_be_applied_and_changes_nothing_in_webex(
    company: Company,
) -> None:
    await alike(company, *people(range(2)))
    company.employs(people(range(2)))
    run = await company.sync()
    plan = await undo(company, run.run_id)
    assert (plan.writes, plan.lets_go) == (False, 2)
    company.look()
    assert (await company.apply(plan)).exit_code == 0
    assert (company.writes, company.links) == ([], {})


async def test_whom_an_earlier_run_took_over_stays_managed(company: Company) -> None:
    await alike(company, *people(range(2)))
    company.employs(people(range(2)))
    await company.sync()
    company.employs(people(range(3)))
    run = await company.sync()
    await company.apply(await undo(company, run.run_id))
    assert len(company.links) == 3


async def test_whom_a_later_run_changed_stays_managed(company: Company) -> None:
    await alike(company, *people(range(3)))
    company.employs(people(range(3)))
    first = await company.sync()
    company.employs(people(range(1)), people(range(1, 2), title="Chief"), people(range(2, 3)))
    await company.sync()
    await company.apply(await undo(company, first.run_id))
    assert set(company.links) == {Person(1).object_id}


async def test_whom_the_run_took_over_and_changed_is_let_go_also_where_others_changed_them_since(
    company: Company,
) -> None:
    await alike(company, *people(range(2)))
    company.employs(people(range(2), title="Chief"))
    run = await company.sync()
    await company.patch(Person(0).user_name, {"title": "Director"})
    await company.apply(await undo(company, run.run_id))
    assert company.links == {}
    assert company.users[Person(0).user_name]["title"] == "Director"
    assert company.users[Person(1).user_name]["title"] == "Engineer"


async def test_a_user_linked_to_somebody_else_by_then_stays_theirs(company: Company) -> None:
    await alike(company, Person(0))
    company.employs(people(range(1)))
    run = await company.sync()
    plan = await undo(company, run.run_id)
    (link,) = company.links.values()
    other = await company.preview()
    company.services.journal.link_all(other, [replace(link, source_id=Person(7).object_id)])
    await company.apply(plan)
    assert set(company.links) == {Person(7).object_id}
