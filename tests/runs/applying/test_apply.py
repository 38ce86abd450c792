"""Apply: exactly the plan, told as it happens, and nothing of it twice."""

from collections import Counter

from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.types import Acting, ActionState, Applied, Begun, Outcome, RunState
from tests.runs.tenant import Company, Person, people


async def grown(company: Company) -> None:
    """Begin with forty managed people."""
    company.employs(people(range(40)))
    assert (await company.sync()).applied == 40


async def test_exactly_the_plan_is_carried_out_and_nothing_else(company: Company) -> None:
    await grown(company)
    before = company.users
    company.employs(
        people(range(10), title="Manager"),
        people(range(10, 38)),
        [Person(38, enabled=False)],
        people(range(50, 55)),
    )
    plan = await company.preview()
    assert plan.counts.as_dict() | {"unchanged": 0, "skipped": 0, "problem": 0} == {
        **dict.fromkeys(map(str, ActionKind), 0),
        "create": 5,
        "update": 10,
        "disable": 2,
    }
    await company.apply(plan)
    after = company.users
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {action.user_name for action in plan.to_write}
    assert [after[Person(n).user_name]["title"] for n in (0, 9, 10)] == [
        "Manager",
        "Manager",
        "Engineer",
    ]
    assert [after[Person(n).user_name]["active"] for n in (37, 38, 39)] == [True, False, False]


async def test_events_come_in_order_and_their_numbers_add_up(company: Company) -> None:
    company.employs(people(range(12)))
    result = await company.sync()
    first, last = company.events[0], company.events[-1]
    assert isinstance(first, Begun)
    assert isinstance(last, Applied)
    assert (first.total, first.done_before) == (12, 0)
    assert sorted(outcome.seq for outcome in company.outcomes) == list(range(12))
    announced = sum(e.number for e in company.events if isinstance(e, Acting))
    assert announced == 12
    assert (result.applied, result.failed, result.not_attempted) == (12, 0, 0)
    assert result.by_kind == {ActionKind.CREATE: 12}


async def test_no_outcome_is_told_before_its_action_was_announced(company: Company) -> None:
    company.employs(people(range(12)))
    await company.sync()
    announced = told = 0
    for event in company.events:
        announced += event.number if isinstance(event, Acting) else 0
        told += isinstance(event, Outcome)
        assert told <= announced


async def test_the_journal_agrees_with_the_result(company: Company) -> None:
    company.employs(people(range(6)))
    result = await company.sync()
    run = company.services.journal.run(result.run_id)
    assert run is not None
    assert (run.state, run.applied, run.failed, run.not_attempted) == (RunState.DONE, 6, 0, 0)
    states = Counter(record.state for record in company.services.journal.actions(run.id))
    assert states == {ActionState.APPLIED: 6}


async def test_every_person_is_linked_to_the_user_that_was_made(company: Company) -> None:
    company.employs(people(range(6)))
    await company.sync()
    links = company.services.journal.links(
        company.profile.id, company.profile.webex.organization_id
    )
    assert {link.webex_id for link in links.values()} == {
        company.users[Person(n).user_name]["id"] for n in range(6)
    }


async def test_users_that_are_as_they_should_be_are_linked_without_a_write(
    company: Company,
) -> None:
    person = Person(1)
    await company.create(
        person.user_name,
        active=True,
        externalId=person.object_id,
        displayName="Person 1",
        name={"givenName": "Person", "familyName": "No1"},
        title=person.title,
    )
    company.employs([person])
    company.look()
    await company.sync()
    assert company.writes == []
    company.employs([Person(2)])
    plan = await company.preview()
    assert [a.user_name for a in plan.actions if a.kind is ActionKind.DISABLE] == [person.user_name]


async def test_a_plan_applied_twice_writes_nothing_the_second_time(company: Company) -> None:
    company.employs(people(range(8)))
    plan = await company.preview()
    first = await company.apply(plan)
    company.look()
    second = await company.apply(plan)
    assert company.writes == []
    assert (second.run_id, second.applied, second.state) == (first.run_id, 8, RunState.DONE)


async def test_a_second_preview_plans_nothing(company: Company) -> None:
    await grown(company)
    plan = await company.preview()
    assert plan.counts.writes == 0
    assert plan.counts.unchanged == 40


async def test_a_pilot_carries_out_only_the_people_chosen(company: Company) -> None:
    company.employs(people(range(6)))
    plan = await company.preview()
    chosen = frozenset({Person(2).object_id, Person(4).object_id})
    result = await company.apply(plan, only=chosen)
    assert result.applied == 2
    assert {p.user_name for p in people(range(6)) if p.user_name in company.users} == {
        Person(2).user_name,
        Person(4).user_name,
    }


async def test_after_a_pilot_the_same_plan_carries_out_the_rest(company: Company) -> None:
    company.employs(people(range(6)))
    plan = await company.preview()
    await company.apply(plan, only=frozenset({Person(2).object_id}))
    await company.apply(plan, only=frozenset({Person(3).object_id}))
    result = await company.apply(plan)
    assert (result.applied, result.failed, result.not_attempted) == (6, 0, 0)
    assert (await company.preview()).counts.writes == 0
    assert len(company.services.runs()) == 1


async def test_a_server_without_bulk_gets_one_request_for_each_person(company: Company) -> None:
    company.without_bulk()
    company.employs(people(range(6)))
    company.look()
    result = await company.sync()
    assert result.applied == 6
    assert Counter(one.method for one in company.writes) == {"POST": 6}
    assert not any(one.path.endswith("/Bulk") for one in company.requests)


async def test_a_server_that_refuses_bulk_after_all_gets_single_requests(
    company: Company,
) -> None:
    for status in (405, 501):
        company.answers("/Bulk", status)
        company.employs(people(range(6), title=f"Title {status}"))
        result = await company.sync()
        assert (result.applied, result.failed) == (6, 0)
    assert company.users[Person(0).user_name]["title"] == "Title 501"


async def test_a_plan_for_many_reads_the_list_once_instead_of_each_user(company: Company) -> None:
    await grown(company)
    company.employs(people(range(40), title="Manager"))
    plan = await company.preview()
    company.look()
    await company.apply(plan)
    single = [one for one in company.requests if one.method == "GET" and "/Users/" in one.path]
    assert single == []
