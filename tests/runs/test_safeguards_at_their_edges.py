"""Safeguards where they are tried hardest: limits at their edges, clocks, administrators."""

from dataclasses import replace as replace_record  # noqa: TID251 -- a record is no struct
from datetime import timedelta

import msgspec
import pytest

from sparkwizard.errors import SafeguardStop, SparkWizardError
from sparkwizard.provisioning.types import ActionKind, RemovalLimit
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.types import RunResult
from sparkwizard.setup.profile import Safeguards
from sparkwizard.values import replace
from tests.runs.tenant import NOW, Company, Person, people

FULL = [{"value": "id_full_admin", "type": "cirole"}]


def limited(company: Company, limit: RemovalLimit) -> None:
    company.profile = replace(company.profile, safeguards=Safeguards(limit))


def off(company: Company) -> int:
    """Return how many of the company's people are turned off."""
    ours = [user for name, user in company.users.items() if name.startswith("person0")]
    return sum(not user["active"] for user in ours)


def moves(company: Company, **by: float) -> None:
    """Move the clock, and open the journal again with it."""
    company.services.clock = lambda: NOW + timedelta(**by)
    company.services.close()


# -- limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "managed", "leave", "lose"),
    [
        (RemovalLimit(0), 20, 1, 0),
        (RemovalLimit(0), 2, 1, 0),
        (RemovalLimit(0, percent=False), 20, 1, 0),
        (RemovalLimit(100), 6, 5, 5),
        (RemovalLimit(10), 2, 1, 1),  # at least one
        (RemovalLimit(1), 20, 1, 1),
        (RemovalLimit(10), 19, 2, 0),  # rounded down
        (RemovalLimit(10), 20, 2, 2),
        (RemovalLimit(10), 20, 3, 0),
        (RemovalLimit(2, percent=False), 20, 2, 2),
        (RemovalLimit(2, percent=False), 20, 3, 0),
    ],
)
async def test_as_many_lose_access_as_the_limit_says_or_nobody_does(
    company: Company, limit: RemovalLimit, managed: int, leave: int, lose: int
) -> None:
    limited(company, limit)
    company.employs(people(range(managed)))
    await company.sync()
    company.employs(people(range(leave, managed)), [Person(99)])
    result = await company.sync()
    assert (off(company), result.by_kind.get(ActionKind.CREATE)) == (lose, 1)
    assert bool(result.stops) is (lose < leave)


async def test_who_is_off_already_is_counted_neither_among_leavers_nor_among_managed(
    company: Company,
) -> None:
    limited(company, RemovalLimit(50))
    company.employs(people(range(4)))
    await company.sync()
    company.employs(people(range(2, 4)))
    await company.sync()
    company.employs(people(range(3, 4)))
    assert (await company.sync()).by_kind == {ActionKind.DISABLE: 1}, "one of two that are on"
    assert off(company) == 3


async def test_a_source_without_anybody_turns_nobody_off_whatever_the_limit(
    company: Company,
) -> None:
    limited(company, RemovalLimit(100))
    company.employs(people(range(2)))
    await company.sync()
    company.employs([])
    plan = await company.preview()
    assert (plan.to_write, plan.source_complete) == ((), False)


async def test_a_webex_without_anybody_is_no_reason_to_remove_or_to_create(
    company: Company,
) -> None:
    company.employs(people(range(2)))
    await company.sync()
    for record in list(company.server.world.users):
        company.server.world.users.remove(record.id)
    try:
        plan = await company.preview()
    except SparkWizardError:
        return  # the token's owner is gone too
    assert plan.to_write == ()


# -- clocks ---------------------------------------------------------------------------------------


async def test_a_plan_made_before_the_clock_was_set_back_is_refused(company: Company) -> None:
    company.employs(people(range(2)))
    plan = await company.preview()
    moves(company, days=-1)
    with pytest.raises(SafeguardStop, match="future"):
        await company.apply(plan)


async def test_a_run_of_a_clock_that_was_wrong_holds_no_later_plan_back(company: Company) -> None:
    moves(company, days=900)
    company.employs(people(range(20)))
    await company.sync()
    moves(company, days=0)
    company.employs(people(range(1, 20)))
    assert (await company.sync()).by_kind == {ActionKind.DISABLE: 1}


async def test_a_plan_that_a_run_overtook_removes_nobody_though_the_clock_was_set_back(
    company: Company,
) -> None:
    company.employs(people(range(20)))
    await company.sync()
    company.employs(people(range(1, 20)))
    plan = await company.preview()
    moves(company, minutes=-5)  # so that the run seems to have ended before the plan was made
    company.employs(people(range(20)), [Person(30)])
    await company.sync()
    result = await company.apply(plan)
    assert ([one.code for one in result.outcomes], off(company)) == (["plan-superseded"], 0)


async def test_a_setup_is_tried_again_where_the_clock_was_set_back_since_it_failed(
    company: Company,
) -> None:
    company.employs(people(range(2)))
    moves(company, days=900)
    company.server.faults.html = True
    with pytest.raises(SparkWizardError) as failed:
        await company.preview()
    company.services.cycle_failed(company.profile, failed.value)
    company.server.faults.html = False
    moves(company, days=0)
    await check_quarantine(company)


async def check_quarantine(company: Company) -> None:
    await company.services.check_quarantine(company.profile, company.folder, company.server.token)


async def test_who_failed_is_tried_again_where_the_clock_was_set_back_since(
    company: Company,
) -> None:
    moves(company, days=900)
    company.employs(people(range(2)), [Person(9, name="nine@elsewhere.example")])
    company.server.faults.enforced_domains = ("fabrikam.example",)
    assert (await cycle(company)).failed == 1
    moves(company, days=0)
    company.server.faults.enforced_domains = ()
    assert (await cycle(company)).by_kind == {ActionKind.CREATE: 1}


async def cycle(company: Company) -> RunResult:
    services, profile, token = company.services, company.profile, company.server.token
    begun = await services.begin_cycle(profile, company.folder, token)
    company.events = [
        event async for event in services.apply_cycle(begun, profile, token, control=RunControl())
    ]
    return company.result


# -- administrators -------------------------------------------------------------------------------


async def two_administrators(company: Company) -> None:
    """Make two of the people full administrators, and nobody else."""
    limited(company, RemovalLimit(100))
    company.employs(people(range(6)))
    await company.sync()
    for user in company.all_users:
        if user.get("roles"):  # also the token's own user, whose tokens a change would end
            has_roles(company, user["userName"], [])
    for number in (1, 2):
        has_roles(company, Person(number).user_name, FULL)


def has_roles(company: Company, name: str, roles: list[dict[str, str]]) -> None:
    users = company.server.world.users
    user = company.users[name.casefold()]
    record = users.get(user["id"])
    assert record
    users.put(replace_record(record, raw=msgspec.json.encode(user | {"roles": roles})))


async def test_an_administrator_who_leaves_is_turned_off_while_another_is_left(
    company: Company,
) -> None:
    await two_administrators(company)
    company.employs(people(range(1)), people(range(2, 6)))
    plan = await company.preview()
    (action,) = plan.to_write
    assert [one.code for one in action.reasons] == ["left-source", "full-administrator"]
    assert (await company.apply(plan)).by_kind == {ActionKind.DISABLE: 1}


@pytest.mark.parametrize("is_turned_off", [True, False])
async def test_the_last_administrator_stays_where_the_other_is_none_since_the_preview(
    company: Company, is_turned_off: bool
) -> None:
    await two_administrators(company)
    company.employs(people(range(1)), people(range(2, 5)))
    plan = await company.preview()
    assert plan.counts.disable == 2
    if is_turned_off:
        await company.patch(Person(2).user_name, {"active": False})
    else:
        has_roles(company, Person(2).user_name, [])
    result = await company.apply(plan)
    assert company.users[Person(1).user_name]["active"] is True
    assert company.users[Person(5).user_name]["active"] is False
    assert [one.code for one in result.outcomes] == ["last-administrator"]


async def test_two_setups_do_not_turn_off_one_administrator_each(company: Company) -> None:
    await two_administrators(company)
    company.employs(people(range(1)), people(range(2, 6)))
    first = await company.preview()
    ours = company.profile
    company.employs([Person(2), Person(40)])
    company.profile = replace(ours, name="Fabrikam")
    await company.sync()
    company.employs([Person(40)])
    second = await company.preview()
    await company.apply(second)
    company.profile = ours
    await company.apply(first)
    assert [u for u in company.all_users if u["active"] and u.get("roles")]
