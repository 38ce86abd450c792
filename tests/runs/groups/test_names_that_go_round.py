"""Names that two people or groups exchange: told with the way out, which then leads there."""

from collections.abc import Callable, Iterable

import pytest

from sparkwizard.provisioning.types import ActionKind
from tests.runs.groups.conftest import Grouped, named
from tests.runs.tenant import Company, Person

type Employs = Callable[[Iterable[int]], None]


async def test_groups_that_exchange_their_names_are_told_with_the_way_out(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(2))
    grouped.has("Sales", 0, id_="a")
    grouped.has("Support", 1, id_="b")
    await grouped.sync()
    grouped.has("Support", 0, id_="a")
    grouped.has("Sales", 1, id_="b")
    plan = await grouped.preview()
    assert plan.groups
    assert [a.kind for a in plan.groups.actions] == [ActionKind.PROBLEM, ActionKind.PROBLEM]
    assert all("go round" in a.reasons[-1].text for a in plan.groups.actions)
    await grouped.others_rename("Sales", "Sales for now")
    await grouped.sync()
    await grouped.sync()
    assert (grouped.members("Support"), grouped.members("Sales")) == (named(0), named(1))
    assert not (await grouped.preview()).writes


async def test_a_name_that_another_group_keeps_is_no_round(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(2))
    grouped.has("Sales", 0, id_="a")
    grouped.has("Support", 1, id_="b")
    await grouped.sync()
    grouped.has("Support", 0, id_="a")
    await grouped.others_make("Support of others")
    grouped.has("Help", 1, id_="b")
    plan = await grouped.preview()
    assert plan.groups
    (problem,) = (a for a in plan.groups.actions if a.kind is ActionKind.PROBLEM)
    assert "go round" not in problem.reasons[-1].text


@pytest.mark.parametrize("number", [2, 3])
async def test_people_whose_names_go_round_are_told_with_the_way_out(
    company: Company, number: int
) -> None:
    names = [Person(one).user_name for one in range(number)]
    company.employs([Person(one) for one in range(5)])
    await company.sync()
    turned = [*names[1:], names[0]]
    others = [Person(one) for one in range(number, 5)]
    company.employs([Person(n, name=name) for n, name in enumerate(turned)], others)
    plan = await company.preview()
    problems = [a for a in plan.actions if a.kind is ActionKind.PROBLEM]
    assert [a.reasons[-1].code for a in problems] == ["user-name-taken"] * number
    assert all("go round" in a.reasons[-1].text for a in problems)
    await company.patch(names[0], {"userName": "for.now@fabrikam.example"})
    for _ in range(number):
        await company.sync()
    assert (await company.preview()).counts.writes == 0
    held = {u["externalId"]: u["userName"] for u in company.all_users if u.get("externalId")}
    assert [held[Person(n).object_id] for n in range(number)] == turned
