"""Managers: people of the source become users of Webex, also those created by the same run."""

from typing import Any

import pytest

from sparkwizard.provisioning.pilot import pilot_order
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, MappingRule
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.types import Applied, Ring
from sparkwizard.values import replace
from tests.runs.cycles.test_cycles import sync
from tests.runs.tenant import MAPPING, Company

pytestmark = pytest.mark.asyncio

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
HEADER = "userPrincipalName,displayName,objectId,accountEnabled,manager"


@pytest.fixture(autouse=True)
def _managers(company: Company) -> None:
    rule = MappingRule(f"{ENTERPRISE}:manager.value", "[manager]")
    keep = [one for one in MAPPING if one.target in ("userName", "externalId", "active")]
    company.profile = replace(
        company.profile, mapping=(*keep, MappingRule("displayName", "[displayName]"), rule)
    )


def employs(company: Company, **managers: str) -> None:
    rows = [
        f"{name}@fabrikam.example,{name.title()},id-{name},True,{manager}"
        for name, manager in managers.items()
    ]
    text = "\n".join((HEADER, *rows)) + "\n"
    (company.folder / "people.csv").write_text(text, encoding="utf-8")


def user(company: Company, name: str) -> dict[str, Any]:
    return company.users[f"{name}@fabrikam.example"]


def manager_of(company: Company, name: str) -> str | None:
    extension = user(company, name).get(ENTERPRISE) or {}
    manager = extension.get("manager") or {}
    return manager.get("value") if isinstance(manager, dict) else str(manager)


def second_pass(plan: Plan) -> list[Action]:
    return [action for action in plan.actions if action.refers_to]


async def test_managers_are_set_once_everybody_is_there(company: Company) -> None:
    employs(company, boss="", ann="id-boss", ben="boss@fabrikam.example")
    plan = await company.preview()
    assert {one.source_id for one in second_pass(plan)} == {"id-ann", "id-ben"}

    result = await company.apply(plan)

    assert (result.failed, result.not_attempted) == (0, 0)
    boss = user(company, "boss")["id"]
    assert manager_of(company, "ann") == manager_of(company, "ben") == boss
    assert manager_of(company, "boss") is None
    assert (await company.preview()).to_write == ()


async def test_a_manager_who_is_there_already_comes_with_the_new_person(company: Company) -> None:
    employs(company, boss="")
    await company.sync()
    employs(company, boss="", ann="ID-BOSS")
    plan = await company.preview()
    assert second_pass(plan) == []

    await company.apply(plan)

    assert manager_of(company, "ann") == user(company, "boss")["id"]
    assert (await company.preview()).to_write == ()


async def test_a_new_manager_of_somebody_who_is_there_is_set_by_an_incremental_cycle(
    company: Company,
) -> None:
    employs(company, boss="", ann="id-boss", ben="id-boss")
    await sync(company)
    employs(company, boss="", ann="id-boss", ben="id-eve", eve="id-boss")

    cycle, result = await sync(company)

    assert (cycle.kind, result.failed) == ("incremental", 0)
    assert manager_of(company, "ben") == user(company, "eve")["id"]
    assert manager_of(company, "eve") == user(company, "boss")["id"]
    assert (await company.preview()).to_write == ()


async def test_a_new_manager_comes_in_the_same_run_as_another_change(company: Company) -> None:
    employs(company, boss="", ann="id-boss")
    await company.sync()
    employs(company, boss="", ann="id-eve", eve="")
    text = (company.folder / "people.csv").read_text(encoding="utf-8")
    (company.folder / "people.csv").write_text(text.replace("Ann", "Ann Lee"), encoding="utf-8")

    result = await company.sync()

    assert (result.failed, result.not_attempted) == (0, 0)
    assert user(company, "ann")["displayName"] == "Ann Lee"
    assert manager_of(company, "ann") == user(company, "eve")["id"]


async def test_a_manager_is_not_set_where_somebody_else_changed_the_user(company: Company) -> None:
    employs(company, boss="", ann="id-boss")
    await company.sync()
    employs(company, boss="", ann="id-eve", eve="")
    plan = await company.preview()
    await company.patch("ann@fabrikam.example", {"displayName": "Somebody"})

    result = await company.apply(plan)

    assert [outcome.code for outcome in result.outcomes] == ["drift"]
    assert manager_of(company, "ann") == user(company, "boss")["id"]


async def test_a_manager_whom_nobody_knows_changes_nothing_and_is_told(company: Company) -> None:
    employs(company, ann="id-stranger")
    plan = await company.preview()
    assert second_pass(plan) == []
    codes = [reason.code for action in plan.actions for reason in action.reasons]
    assert "manager-unknown" in codes

    await company.apply(plan)

    assert manager_of(company, "ann") is None
    assert (await company.preview()).to_write == ()


async def test_managers_in_a_ring_are_set_too(company: Company) -> None:
    employs(company, ann="id-ben", ben="id-ann")
    await company.sync()
    assert manager_of(company, "ann") == user(company, "ben")["id"]
    assert manager_of(company, "ben") == user(company, "ann")["id"]


async def test_a_pilot_without_the_manager_leaves_it_to_the_rest_of_the_plan(
    company: Company,
) -> None:
    employs(company, boss="", ann="id-boss")
    plan = await company.preview()
    first = await company.apply(plan, only=frozenset(("id-ann",)))
    assert first.not_attempted == 1

    rest = await company.apply(plan)

    assert (rest.failed, rest.not_attempted) == (0, 0)
    assert manager_of(company, "ann") == user(company, "boss")["id"]


async def test_an_undo_puts_the_manager_of_an_older_user_back(company: Company) -> None:
    employs(company, boss="", ann="id-boss", ben="")
    await company.sync()
    employs(company, boss="", ann="id-eve", ben="", eve="")
    result = await company.sync()
    assert manager_of(company, "ann") == user(company, "eve")["id"]

    undo = await company.services.undo(
        company.profile, result.run_id, company.server.token, confirm_removals=True
    )
    await company.apply(undo.plan)

    assert manager_of(company, "ann") == user(company, "boss")["id"]
    assert user(company, "eve")["active"] is False


async def test_a_manager_of_a_later_ring_stops_no_ring(company: Company) -> None:
    names = [f"p{number:02}" for number in range(14)]
    employs(company, **dict.fromkeys(names, "boss@fabrikam.example"), boss="")
    plan = await company.preview()
    order = pilot_order(plan, company.profile.mapping, (), plan.created_at)
    assert len(order) == len(set(order)) == 15
    order = (*(one for one in order if one != "id-boss"), "id-boss")

    events = company.services.apply_in_rings(
        plan, company.profile, company.server.token, order, control=RunControl()
    )
    seen = [event async for event in events]

    assert [event.people for event in seen if isinstance(event, Ring)] == [1, 10, 15]
    last = seen[-1]
    assert isinstance(last, Applied)
    assert (last.result.failed, last.result.not_attempted, last.result.stops) == (0, 0, ())
    assert manager_of(company, "p00") == user(company, "boss")["id"]
