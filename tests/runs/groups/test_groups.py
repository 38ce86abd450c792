"""Groups of the source become groups of Webex, with the people whom this setup brought there."""

from collections.abc import Callable, Iterable

from sparkwizard.provisioning.plan import read_plan, write_plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.setup.profile import GroupSettings
from sparkwizard.values import replace
from tests.runs.cycles.test_cycles import sync
from tests.runs.groups.conftest import Grouped, named
from tests.runs.tenant import Company

type Employs = Callable[[Iterable[int]], None]


async def unchanged(grouped: Grouped) -> None:
    """Hold that another preview plans nothing at all."""
    plan = await grouped.preview()
    assert not plan.writes, plan.groups_to_write


async def test_a_group_is_made_with_the_people_made_by_the_same_run(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(4))
    grouped.has("Sales", 0, 1, 2)
    plan = await grouped.preview()
    assert plan.groups
    assert plan.groups.counts.as_dict() == {
        "create": 1,
        "update": 0,
        "unchanged": 0,
        "skipped": 0,
        "problem": 0,
        "members_added": 3,
        "members_removed": 0,
    }
    assert plan.counts.create == 4

    result = await grouped.apply(plan)

    assert (result.applied, result.failed, result.not_attempted) == (2, 0, 0)
    assert grouped.members("Sales") == named(0, 1, 2)
    assert grouped.in_webex["Sales"]["externalId"] == "group-sales"
    await unchanged(grouped)


async def test_who_joins_and_who_leaves_is_added_and_removed(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(5))
    grouped.has("Sales", 0, 1, 2)
    await grouped.sync()
    grouped.has("Sales", 1, 2, 3, 4)
    plan = await grouped.preview()
    assert plan.groups
    assert (plan.groups.counts.members_added, plan.groups.counts.members_removed) == (2, 1)
    assert plan.to_write == ()

    await grouped.apply(plan)

    assert grouped.members("Sales") == named(1, 2, 3, 4)
    await unchanged(grouped)


async def test_a_renamed_group_stays_the_same_group(grouped: Grouped, employs: Employs) -> None:
    employs(range(2))
    grouped.has("Sales", 0, id_="g1")
    await grouped.sync()
    before = grouped.in_webex["Sales"]["id"]
    grouped.has("Field Sales", 0, 1, id_="g1")

    await grouped.sync()

    assert "Sales" not in grouped.in_webex
    assert grouped.in_webex["Field Sales"]["id"] == before
    assert grouped.members("Field Sales") == named(0, 1)
    await unchanged(grouped)


async def test_a_group_that_is_there_is_found_by_its_name_and_others_in_it_stay(
    grouped: Grouped, employs: Employs, company: Company
) -> None:
    await company.create("guest@fabrikam.example", displayName="Guest")
    await grouped.others_make("sales", "guest@fabrikam.example")
    employs(range(2))
    grouped.has("Sales", 0, 1)

    await grouped.sync()

    assert grouped.members("Sales") == named(0, 1) | {"Guest"}
    grouped.has("Sales", 0)
    await grouped.sync()
    assert grouped.members("Sales") == named(0) | {"Guest"}
    await unchanged(grouped)


async def test_a_group_that_left_loses_our_people_and_stays(
    grouped: Grouped, employs: Employs, company: Company
) -> None:
    await company.create("guest@fabrikam.example", displayName="Guest")
    employs(range(2))
    grouped.has("Sales", 0, 1)
    grouped.has("Support", 0)
    await grouped.sync()
    await grouped.others_add("Sales", "guest@fabrikam.example")
    grouped.loses("Sales")
    plan = await grouped.preview()
    codes = {reason.code for one in plan.groups_to_write for reason in one.reasons}
    assert codes == {"group-left"}

    await grouped.apply(plan)

    assert grouped.members("Sales") == {"Guest"}
    assert grouped.members("Support") == named(0)
    await unchanged(grouped)


async def test_without_groups_a_plan_keeps_its_digest_and_nothing_is_asked_of_groups(
    grouped: Grouped, employs: Employs, company: Company
) -> None:
    employs(range(2))
    grouped.has("Sales", 0)
    company.profile = replace(company.profile, groups=GroupSettings())
    company.look()
    plan = await grouped.preview()
    assert not plan.groups
    assert b'"groups"' not in write_plan(plan)
    assert not [one for one in company.requests if "/Groups" in one.path]


async def test_a_plan_with_groups_survives_its_file(grouped: Grouped, employs: Employs) -> None:
    employs(range(2))
    grouped.has("Sales", 0)
    plan = await grouped.preview()
    assert read_plan(write_plan(plan)) == plan


async def test_an_incomplete_source_takes_nobody_out_of_a_group(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(3))
    grouped.has("Sales", 0, 1)
    await grouped.sync()
    grouped.has("Sales", 1, 2)
    grouped.complete = False
    plan = await grouped.preview()
    assert plan.groups
    assert plan.groups.counts.members_removed == 0
    assert ActionKind.SKIPPED in {one.kind for one in plan.groups.actions}

    await grouped.apply(plan)

    assert grouped.members("Sales") == named(0, 1, 2)


async def test_too_many_removals_of_members_are_held_back_and_additions_go_on(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(6))
    grouped.has("Sales", 0, 1, 2, 3)
    await grouped.sync()
    grouped.limit(1)
    grouped.has("Sales", 3, 4)
    plan = await grouped.preview()
    assert plan.groups
    assert plan.groups.stop
    assert "3 people would be taken out of groups" in plan.groups.stop.text

    result = await grouped.company.apply(plan)

    assert result.exit_code == 3
    assert grouped.members("Sales") == named(0, 1, 2, 3, 4)
    grouped.limit(3)
    await grouped.sync()
    assert grouped.members("Sales") == named(3, 4)


async def test_an_incremental_cycle_sees_who_joined_a_group(
    grouped: Grouped, employs: Employs, company: Company
) -> None:
    employs(range(5))
    grouped.has("Sales", 0)
    await sync(company)
    grouped.has("Sales", 0, 1)
    employs(range(6))

    cycle, result = await sync(company)

    assert (cycle.kind, result.exit_code) == ("incremental", 0)
    assert grouped.members("Sales") == named(0, 1)
    grouped.has("Sales", 1, 5)
    await sync(company)
    assert grouped.members("Sales") == named(1, 5)
    await unchanged(grouped)


async def test_a_group_made_anew_in_the_source_keeps_its_group_and_its_people(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(3))
    grouped.has("Sales", 0, 1, id_="g1")
    grouped.has("Support", 2)
    await grouped.sync()
    before = grouped.in_webex["Sales"]["id"]
    del grouped.groups["g1"]
    grouped.has("Sales", 1, 2, id_="g2")
    plan = await grouped.preview()
    assert plan.groups
    assert (plan.groups.counts.members_added, plan.groups.counts.members_removed) == (1, 1)

    await grouped.apply(plan)

    assert grouped.in_webex["Sales"]["id"] == before
    assert grouped.members("Sales") == named(1, 2)
    await unchanged(grouped)


async def test_a_new_group_waits_for_the_name_that_another_gives_up(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(2))
    grouped.has("Sales", 0, id_="g1")
    await grouped.sync()
    grouped.has("Field Sales", 0, id_="g1")
    grouped.has("Sales", 1, id_="g2")
    plan = await grouped.preview()
    assert plan.groups
    assert [one.kind for one in plan.groups.actions] == [ActionKind.UPDATE, ActionKind.PROBLEM]

    await grouped.apply(plan)
    await grouped.sync()

    assert grouped.members("Field Sales") == named(0)
    assert grouped.members("Sales") == named(1)
    await unchanged(grouped)
