"""What an edit would mean for everybody: the same as two whole plans, only sooner."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING, compile_mapping
from sparkwizard.provisioning.plan import count
from sparkwizard.provisioning.planning.planner import Rules, Situation, draft_plan
from sparkwizard.provisioning.planning.safeguards import NeverTouched
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.slices import finished
from sparkwizard.provisioning.types import (
    Action,
    ActionKind,
    Actions,
    Clause,
    Filter,
    Json,
    Link,
    MappingRule,
    Person,
    Population,
    Reason,
    RemovalLimit,
    User,
    UsersRead,
)
from sparkwizard.provisioning.what_if import Difference, Effect, WhatIf
from sparkwizard.values import replace
from tests.examples import examples

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NAMES = ("ada", "bob", "eve", "kim", "lou")
SALES = Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),))
YOUNG = Filter("Young", (Clause("employeeId", "Greater_Than", ("5",)),))


def rules(
    mapping: Sequence[MappingRule] = DEFAULT_MAPPING,
    filters: Sequence[Filter] = (),
    actions: Actions | None = None,
) -> Rules:
    return Rules(
        mapping=compile_mapping(mapping),
        scope=compile_scope(filters),
        actions=actions or Actions(),
        max_removals=RemovalLimit(),
    )


def with_rule(target: str, expression: str, **more: str) -> tuple[MappingRule, ...]:
    """Return the default mapping with one rule edited, or added where it has none."""
    edited = tuple(
        replace(rule, expression=expression) if rule.target == target else rule
        for rule in DEFAULT_MAPPING
    )
    if edited != DEFAULT_MAPPING:
        return edited
    return (*DEFAULT_MAPPING, MappingRule(target, expression, default=more.get("default")))


def person(name: str, **more: str | None) -> Person:
    attributes: dict[str, object] = {
        "userPrincipalName": f"{name}@x.example",
        "objectId": f"id-{name}",
        "displayName": name.title(),
        "IsSoftDeleted": "False",
        "department": "Sales",
    }
    attributes |= more
    return Person(f"id-{name}", {key: value for key, value in attributes.items() if value})


def user(who: str, **more: Json) -> User:
    resource: dict[str, Json] = {
        "userName": f"{who}@x.example",
        "externalId": f"id-{who}",
        "displayName": who.title(),
        "active": True,
    }
    return User(f"w-{who}", {**resource, **more})


def situation(
    people: Sequence[Person], users: Sequence[User] = (), links: Sequence[Link] = ()
) -> Situation:
    return Situation(
        population=Population(tuple(people)),
        users=UsersRead(tuple(users)),
        links={link.source_id: link for link in links},
        now=NOW,
    )


def difference(
    before: Rules, after: Rules, seen: Situation, *, users_known: bool = True
) -> Difference:
    return finished(WhatIf(before, seen, users_known=users_known).evaluate(after))


def names(people: Sequence[Person]) -> list[str]:
    return [one.label for one in people]


# -- what is told ------------------------------------------------------------------------------


def test_an_edited_expression_names_those_whose_value_becomes_another() -> None:
    seen = situation([person("ada", givenName="Ada"), person("bob", givenName="Rob")])
    found = difference(rules(), rules(with_rule("displayName", "[givenName]")), seen)
    assert names(found.behind(Effect.WOULD_CHANGE)) == ["Bob"]
    assert found.affected == 1


def test_the_same_rules_affect_nobody() -> None:
    seen = situation([person("ada"), person("bob")], [user("ada")])
    found = difference(rules(), rules(), seen)
    assert found.affected == 0
    assert found.before == found.after


def test_a_reordered_mapping_affects_nobody() -> None:
    seen = situation([person("ada"), person("bob")], [user("ada", displayName="Old")])
    assert difference(rules(), rules(DEFAULT_MAPPING[::-1]), seen).affected == 0


def test_a_filter_names_those_who_fall_out_of_scope() -> None:
    seen = situation([person("ada"), person("bob", department="IT")])
    found = difference(rules(), rules(filters=[SALES]), seen)
    assert names(found.behind(Effect.FALL_OUT)) == ["Bob"]
    assert found.in_scope == 1


def test_taking_a_filter_away_names_those_who_come_into_scope() -> None:
    seen = situation([person("ada"), person("bob", department="IT")])
    found = difference(rules(filters=[SALES]), rules(), seen)
    assert names(found.behind(Effect.COME_IN)) == ["Bob"]


def test_a_value_that_webex_refuses_makes_somebody_invalid() -> None:
    seen = situation([person("ada", mail="ada@x.example"), person("bob", mail="not one")])
    found = difference(rules(), rules(with_rule("userName", "[mail]")), seen)
    assert names(found.behind(Effect.BECOME_INVALID)) == ["Bob"]


def test_two_people_with_one_user_name_become_invalid_together() -> None:
    both = [person("ada", mail="all@x.example"), person("bob", mail="all@x.example")]
    found = difference(rules(), rules(with_rule("userName", "[mail]")), situation(both))
    assert names(found.behind(Effect.BECOME_INVALID)) == ["Ada", "Bob"]


def test_a_mended_mapping_makes_people_valid_again() -> None:
    seen = situation([person("bob", mail="not one")])
    found = difference(rules(with_rule("userName", "[mail]")), rules(), seen)
    assert names(found.behind(Effect.BECOME_VALID)) == ["Bob"]


def test_a_rule_that_is_taken_away_leaves_people_as_webex_has_them() -> None:
    seen = situation([person("ada")], [user("ada", displayName="Old")])
    without = tuple(rule for rule in DEFAULT_MAPPING if rule.target != "displayName")
    found = difference(rules(), rules(without), seen)
    assert names(found.behind(Effect.NO_LONGER_CHANGE)) == ["Ada"]
    assert (found.before, found.after) == (
        count(draft_plan(rules(), seen).actions),
        count(draft_plan(rules(without), seen).actions),
    )


def test_without_webex_users_no_plan_is_counted_and_values_are_compared() -> None:
    seen = situation([person("ada", givenName="Other")])
    after = rules(with_rule("displayName", "[givenName]"))
    found = difference(rules(), after, seen, users_known=False)
    assert (found.before, found.after) == (None, None)
    assert names(found.behind(Effect.WOULD_CHANGE)) == ["Ada"]


def test_each_of_the_people_can_be_looked_at_before_and_after() -> None:
    given: Json = {"givenName": "Other"}
    seen = situation([person("ada", givenName="Other")], [user("ada", name=given)])
    found = difference(rules(), rules(with_rule("displayName", "[givenName]")), seen)
    (ada,) = found.behind(Effect.WOULD_CHANGE)
    looked = found.look(ada)
    assert looked is not None
    assert (looked.before.kind, looked.after.kind) == (ActionKind.UNCHANGED, ActionKind.UPDATE)
    assert [change.after for change in looked.after.changes] == ["Other"]


def test_a_row_that_cannot_be_used_is_never_affected() -> None:
    broken = replace(person("ada", department="IT"), problem=Reason("row", "Broken."))
    found = difference(rules(), rules(filters=[SALES]), situation([broken]))
    assert found.affected == 0


# -- how it goes -------------------------------------------------------------------------------


def test_an_evaluation_that_is_dropped_loses_nothing_for_the_next() -> None:
    many = [person(f"p{number}", givenName="Other") for number in range(500)]
    what_if = WhatIf(rules(), situation(many))
    dropped = what_if.evaluate(rules(filters=[SALES]))
    for _ in range(20):
        next(dropped)
    dropped.close()
    found = finished(what_if.evaluate(rules(with_rule("displayName", "[givenName]"))))
    assert found.number(Effect.WOULD_CHANGE) == 500


def test_progress_never_goes_back_and_ends_below_one() -> None:
    many = [person(f"p{number}") for number in range(300)]
    work = WhatIf(rules(), situation(many)).evaluate(rules(filters=[SALES]))
    told = list(work)
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1


def test_every_edit_is_compared_with_the_rules_at_the_beginning() -> None:
    what_if = WhatIf(rules(), situation([person("ada", givenName="A", surname="B")]))
    first = finished(what_if.evaluate(rules(with_rule("displayName", "[givenName]"))))
    back = finished(what_if.evaluate(rules()))
    assert (first.affected, back.affected) == (1, 0)


def test_another_rule_that_gives_the_same_values_affects_nobody() -> None:
    seen = situation([person(f"p{number}", givenName=f"P{number}") for number in range(50)])
    what_if = WhatIf(rules(), seen)
    finished(what_if.evaluate(rules()))
    after = rules(with_rule("displayName", "[givenName]"))
    assert finished(what_if.evaluate(after)).affected == 0


# -- what always holds -------------------------------------------------------------------------

MAPPINGS: Sequence[Sequence[MappingRule]] = (
    DEFAULT_MAPPING,
    with_rule("displayName", "[givenName]"),
    with_rule("displayName", 'Join(" ", [givenName], [department])'),
    with_rule("userName", "[mail]"),
    with_rule("title", "[department]", default="None"),
    with_rule("active", '"True"'),
    (MappingRule("userName", "[mail]", 2), MappingRule("externalId", "[objectId]", 1)),
    (MappingRule("userName", "[userPrincipalName]", 1), MappingRule("displayName", "", None)),
    (
        MappingRule("userName", "[userPrincipalName]", 1),
        MappingRule("displayName", "[givenName]", None, "create", "Somebody"),
    ),
)
ACTIONS = (Actions(), Actions(create=False), Actions(update=False), Actions(disable=False))


@st.composite
def people(draw: st.DrawFn) -> tuple[Person, ...]:
    found = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        one = person(
            name,
            mail=draw(st.sampled_from([f"{name}@x.example", "ada@x.example", "broken", None])),
            givenName=draw(st.sampled_from(["Ada", "Bob", None])),
            department=draw(st.sampled_from(["Sales", "IT", None])),
            employeeId=draw(st.sampled_from(["3", "9", "x", None])),
            IsSoftDeleted=draw(st.sampled_from(["True", "False"])),
        )
        problem = draw(st.sampled_from([None, None, None, Reason("row", "Broken.")]))
        found.append(replace(one, problem=problem))
    return tuple(found)


@st.composite
def users(draw: st.DrawFn) -> tuple[User, ...]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    return tuple(
        user(
            name,
            displayName=draw(st.sampled_from(["Ada", "Bob", name.title()])),
            active=draw(st.booleans()),
            externalId=draw(st.sampled_from([None, f"id-{name}", "id-ada"])),
        )
        for name in names
    )


@st.composite
def links(draw: st.DrawFn) -> tuple[Link, ...]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    return tuple(Link(f"id-{one}", f"w-{one}", f"{one}@x.example") for one in names)


@st.composite
def any_rules(draw: st.DrawFn) -> Rules:
    made = rules(
        draw(st.sampled_from(MAPPINGS)),
        draw(st.sampled_from([(), (SALES,), (YOUNG,), (SALES, YOUNG)])),
        draw(st.sampled_from(ACTIONS)),
    )
    never = draw(st.sampled_from([(), (), ("ada@x.example",)]))
    return replace(made, never_touched=NeverTouched(never))


def whole_plans(before: Rules, after: Rules, seen: Situation) -> dict[str, tuple[Action, Action]]:
    old = {action.source_id: action for action in draft_plan(before, seen).actions}
    new = {action.source_id: action for action in draft_plan(after, seen).actions}
    return {key: (old[key], new[key]) for key in old if key in new}


@given(people(), users(), links(), st.lists(any_rules(), min_size=2, max_size=4))
@settings(max_examples=examples(300))
def test_the_counts_are_those_of_whole_plans(
    everybody: tuple[Person, ...],
    known: tuple[User, ...],
    managed: tuple[Link, ...],
    edits: list[Rules],
) -> None:
    seen = situation(everybody, known, managed)
    what_if = WhatIf(edits[0], seen)
    for after in edits[1:]:
        found = finished(what_if.evaluate(after))
        assert found.before == count(draft_plan(edits[0], seen).actions)
        assert found.after == count(draft_plan(after, seen).actions)


@given(people(), users(), links(), any_rules(), any_rules())
@settings(max_examples=examples(300))
def test_the_people_behind_the_numbers_are_those_whose_actions_differ(
    everybody: tuple[Person, ...],
    known: tuple[User, ...],
    managed: tuple[Link, ...],
    before: Rules,
    after: Rules,
) -> None:
    seen = situation(everybody, known, managed)
    found = difference(before, after, seen)
    told = {one.source_id: effect for effect, group in found.groups.items() for one in group}
    assert len(told) == found.affected
    plans = whole_plans(before, after, seen)
    for one in everybody:
        old, new = plans[one.source_id]
        assert told.get(one.source_id) == _expected(one, before, after, old, new)
        looked = found.look(one)
        assert looked is not None
        assert (looked.before.kind, looked.after.kind) == (old.kind, new.kind)


def _expected(one: Person, before: Rules, after: Rules, old: Action, new: Action) -> Effect | None:
    if one.problem:
        return None
    was, becomes = _stands(one, before, old), _stands(one, after, new)
    if was != becomes:
        if becomes == "out":
            return Effect.FALL_OUT
        if becomes == "invalid":
            return Effect.BECOME_INVALID
        return Effect.COME_IN if was == "out" else Effect.BECOME_VALID
    if becomes != "fine" or _sent(old) == _sent(new):
        return None
    return Effect.WOULD_CHANGE if new.kind.writes else Effect.NO_LONGER_CHANGE


def _stands(one: Person, which: Rules, action: Action) -> str:
    decision = which.scope.decide(one)
    if decision.evaluable and not decision.in_scope:
        return "out"
    return "invalid" if action.kind is ActionKind.PROBLEM else "fine"


def _sent(action: Action) -> object:
    return action.kind.writes and (action.kind, {c.attribute: c.after for c in action.changes})
