"""What holds for every plan, whatever the people, the users, the links and the weather."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING, compile_mapping
from sparkwizard.provisioning.plan import count
from sparkwizard.provisioning.planning.planner import Rules, Situation, draft_plan
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import (
    Action,
    ActionKind,
    Actions,
    Link,
    Person,
    Population,
    Reason,
    RemovalLimit,
    User,
    UsersRead,
)
from tests.examples import examples

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MAPPING = compile_mapping(DEFAULT_MAPPING)
NAMES = [f"p{number}" for number in range(6)]


@st.composite
def people(draw: st.DrawFn) -> tuple[Person, ...]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    return tuple(
        Person(
            f"id-{name}",
            {
                "userPrincipalName": f"{draw(st.sampled_from([name, name.upper()]))}@x.example",
                "objectId": f"id-{name}",
                "displayName": draw(st.sampled_from(["One", "Two"])),
                "IsSoftDeleted": draw(st.sampled_from(["True", "False"])),
            },
            problem=draw(st.sampled_from([None, None, Reason("row", "Broken.")])),
        )
        for name in names
    )


@st.composite
def users(draw: st.DrawFn) -> tuple[User, ...]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    return tuple(
        User(
            f"w-{name}",
            {
                "userName": f"{name}@x.example",
                "displayName": draw(st.sampled_from(["One", "Two"])),
                "active": draw(st.booleans()),
                "externalId": draw(st.sampled_from([None, f"id-{name}", "id-p0"])),
            },
        )
        for name in names
    )


@st.composite
def links(draw: st.DrawFn) -> dict[str, Link]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    off = st.sampled_from([None, NOW - timedelta(days=40), NOW - timedelta(days=4)])
    return {f"id-{n}": Link(f"id-{n}", f"w-{n}", f"{n}@x.example", draw(off)) for n in names}


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Rules, Situation]:
    rules = Rules(
        mapping=MAPPING,
        scope=compile_scope(()),
        actions=draw(st.builds(Actions, st.booleans(), st.booleans(), st.booleans())),
        max_removals=RemovalLimit(draw(st.integers(0, 100)), draw(st.booleans())),
    )
    situation = Situation(
        population=Population(draw(people()), complete=draw(st.booleans())),
        users=UsersRead(draw(users()), complete=draw(st.booleans())),
        links=draw(links()),
        now=NOW,
        owned_elsewhere=draw(st.frozensets(st.sampled_from([f"w-{n}" for n in NAMES]))),
        operator_id=draw(st.sampled_from(["", "w-p1"])),
        source_confirmed=draw(st.booleans()),
    )
    return rules, situation


def removals(actions: tuple[Action, ...]) -> list[Action]:
    return [action for action in actions if action.kind.removes]


@given(worlds())
@settings(max_examples=examples(150))
def test_an_incomplete_read_of_either_side_never_removes_anybody(
    world: tuple[Rules, Situation],
) -> None:
    rules, seen = world
    drafted = draft_plan(rules, seen)
    whole = seen.population.complete and seen.users.complete and seen.source_confirmed
    assert whole or removals(drafted.actions) == []


@given(worlds())
@settings(max_examples=examples(150))
def test_nobody_loses_access_who_was_not_managed_by_this_setup_alone(
    world: tuple[Rules, Situation],
) -> None:
    rules, seen = world
    managed = {link.webex_id for link in seen.links.values()} - seen.owned_elsewhere
    for action in removals(draft_plan(rules, seen).actions):
        assert action.webex_id in managed
        assert action.webex_id != seen.operator_id


@given(worlds())
@settings(max_examples=examples(150))
def test_every_person_and_every_user_is_in_a_plan_at_most_once(
    world: tuple[Rules, Situation],
) -> None:
    rules, seen = world
    actions = draft_plan(rules, seen).actions
    ids = [action.source_id for action in actions]
    written = [action.webex_id for action in actions if action.kind.writes and action.webex_id]
    assert len(ids) == len(set(ids))
    assert len(written) == len(set(written))
    assert {person.source_id for person in seen.population.people} <= set(ids)


@given(worlds())
@settings(max_examples=examples(150))
def test_more_removals_than_allowed_are_always_stopped(world: tuple[Rules, Situation]) -> None:
    rules, seen = world
    drafted = draft_plan(rules, seen)
    stopped = {stop.action for stop in drafted.stops}
    free = [a for a in removals(drafted.actions) if a.kind not in stopped]
    assert len(free) <= drafted.removals_allowed


@given(worlds())
@settings(max_examples=examples(150))
def test_every_action_says_why_and_only_writing_ones_change_something(
    world: tuple[Rules, Situation],
) -> None:
    rules, seen = world
    for action in draft_plan(rules, seen).actions:
        assert action.reasons
        assert bool(action.changes) == (
            action.kind in (ActionKind.CREATE, ActionKind.UPDATE, ActionKind.DISABLE)
        )


@given(worlds())
@settings(max_examples=examples(150))
def test_a_second_plan_after_the_first_was_carried_out_plans_nothing(
    world: tuple[Rules, Situation],
) -> None:
    rules, seen = world
    first = draft_plan(rules, seen)
    held = {stop.action for stop in first.stops}
    later = _after(seen, [a for a in first.actions if a.kind.writes and a.kind not in held])
    second = draft_plan(rules, later).actions
    again = count(second)
    waiting = sum(1 for a in first.actions if a.kind in held)
    # whose user carried another's mark may have a way once the first plan has put the mark right
    stuck = {a.source_id for a in first.actions if a.kind is ActionKind.PROBLEM}
    written = [a for a in second if a.kind in (ActionKind.CREATE, ActionKind.UPDATE)]
    assert [a for a in written if a.source_id not in stuck] == []
    assert again.disable + again.delete <= waiting


def _after(seen: Situation, done: list[Action]) -> Situation:
    """Carry a plan out on paper: values as wanted, links as apply makes them."""
    resources = {user.id: dict(user.resource) for user in seen.users.users}
    made = dict(seen.links)
    for action in done:
        webex_id = action.webex_id or f"w-new-{action.source_id}"
        if action.kind is ActionKind.DELETE:
            del resources[webex_id]
            made.pop(action.source_id, None)
            continue
        changes = {change.attribute: change.after for change in action.changes}
        resources.setdefault(webex_id, {}).update(changes)
        off = NOW if changes.get("active") is False else None
        kept = seen.links.get(action.source_id)
        if "active" not in changes and kept:
            off = kept.disabled_at
        made = {k: link for k, link in made.items() if link.webex_id != webex_id}
        made[action.source_id] = Link(action.source_id, webex_id, action.user_name, off)
    users = tuple(User(webex_id, resource) for webex_id, resource in resources.items())
    return Situation(
        population=seen.population,
        users=UsersRead(users, seen.users.complete),
        links=made,
        now=seen.now,
        owned_elsewhere=seen.owned_elsewhere,
        operator_id=seen.operator_id,
        source_confirmed=seen.source_confirmed,
    )
