"""A pilot covers what a plan does with as few people as it takes."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sparkwizard.provisioning.pilot import pilot_order
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import (
    Action,
    ActionKind,
    Change,
    MappingRule,
    Person,
    Reason,
    Stop,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SWITCH = MappingRule("title", 'Switch([department], "Other", "Sales", "Seller", "IT", [jobTitle])')


def action(name: str, kind: ActionKind = ActionKind.UPDATE, *changed: str) -> Action:
    changes = tuple(Change(one, "old", "new") for one in changed or ("title",))
    return Action(kind, name, f"{name}@contoso.example", name, f"w-{name}", changes)


def plan(*actions: Action, stops: tuple[Stop, ...] = ()) -> Plan:
    return Plan(
        created_at=NOW,
        profile_id="p",
        profile_name="Contoso",
        profile_digest="d",
        source_digest="s",
        organization_id="o",
        tenant_url="https://example.com",
        actions=actions,
        stops=stops,
    )


def person(name: str, **attributes: object) -> Person:
    return Person(name, attributes)


def order(made: Plan, people: Sequence[Person] = ()) -> tuple[str, ...]:
    return pilot_order(made, (SWITCH,), people, NOW)


def test_each_kind_of_action_is_begun_with_before_any_comes_twice() -> None:
    made = plan(
        *(action(f"u{n}") for n in range(5)),
        action("new", ActionKind.CREATE),
        action("gone", ActionKind.DISABLE, "active"),
    )
    assert set(order(made)[:3]) == {"u0", "new", "gone"}


def test_each_set_of_changed_attributes_is_begun_with() -> None:
    made = plan(action("a"), action("b"), action("c", ActionKind.UPDATE, "title", "nickName"))
    assert order(made)[:2] == ("c", "a")


def test_each_branch_of_an_expression_is_begun_with() -> None:
    people = [
        *(person(f"s{n}", department="Sales") for n in range(4)),
        person("it", department="IT", jobTitle="Admin"),
        person("it-null", department="IT"),
        person("other", department="HR"),
    ]
    made = plan(*(action(one.source_id) for one in people))
    assert set(order(made, people)[:4]) == {"s0", "it", "it-null", "other"}


def test_a_value_that_is_taken_away_is_begun_with() -> None:
    cleared = Action(
        ActionKind.UPDATE, "c", "c@contoso.example", "c", "w-c", (Change("title", "old", None),)
    )
    assert set(order(plan(action("a"), action("b"), cleared))[:2]) == {"a", "c"}


def test_a_larger_pilot_holds_the_smaller_and_the_largest_everybody_once() -> None:
    made = plan(*(action(f"u{n}") for n in range(30)), action("new", ActionKind.CREATE))
    found = order(made)
    assert len(found) == len(set(found)) == 31
    assert found == order(made)


def test_nobody_is_in_a_pilot_who_is_held_back_or_left_alone() -> None:
    held = Stop(ActionKind.DISABLE, 1, Reason("too-many-removals", "Too many."))
    made = plan(
        action("a"),
        action("gone", ActionKind.DISABLE, "active"),
        action("same", ActionKind.UNCHANGED),
        stops=(held,),
    )
    assert order(made) == ("a",)


def test_a_plan_without_changes_has_no_pilot() -> None:
    assert order(plan()) == ()
