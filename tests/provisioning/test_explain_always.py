"""Whatever the people, the users and the rules: what is explained is what is planned."""

from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.explain import (
    AttributeOutcome,
    explain_person,
)
from sparkwizard.provisioning.planning.planner import Rules, Situation, draft_plan
from sparkwizard.provisioning.types import (
    ActionKind,
    Actions,
    Link,
    Person,
    Population,
    Reason,
    User,
    UsersRead,
)
from sparkwizard.values import replace
from tests.provisioning.explaining import ALL, NOW, SALES, rules

# -- always --------------------------------------------------------------------------------------

NAMES = ["anne", "bob", "carl", "dora"]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Rules, Situation]:
    chosen = st.lists(st.sampled_from(NAMES), unique=True)
    people = tuple(
        Person(
            f"id-{name}",
            {
                "userPrincipalName": f"{draw(st.sampled_from([name, 'bob']))}@x.example",
                "objectId": f"id-{name}",
                "department": draw(st.sampled_from(["Sales", "IT", None])),
                "givenName": draw(st.sampled_from(["A", None])),
                "jobTitle": draw(st.sampled_from(["Boss", None, "x" * 600])),
                "accountEnabled": draw(st.sampled_from(["True", "False"])),
            },
            row,
            draw(st.sampled_from([None, None, None, Reason("row", "Broken.")])),
        )
        for row, name in enumerate(draw(chosen), 2)
    )
    users = tuple(
        User(
            f"w-{name}",
            {
                "userName": f"{name}@x.example",
                "active": draw(st.booleans()),
                "externalId": draw(st.sampled_from([None, f"id-{name}", "id-anne"])),
                "title": draw(st.sampled_from(["Boss", "Other", None])),
            },
        )
        for name in draw(chosen)
    )
    links = {f"id-{name}": Link(f"id-{name}", f"w-{name}") for name in draw(chosen)}
    made = replace(
        rules(*draw(st.sampled_from([(), (SALES,), (SALES, ALL)]))),
        actions=draw(st.builds(Actions, st.booleans(), st.booleans(), st.booleans())),
    )
    seen = Situation(
        population=Population(people, complete=draw(st.booleans())),
        users=UsersRead(users),
        links=links,
        now=NOW,
    )
    return made, seen


@given(worlds())
def test_the_action_is_exactly_the_one_of_the_plan(world: tuple[Rules, Situation]) -> None:
    made, seen = world
    planned = {action.source_id: action for action in draft_plan(made, seen).actions}
    for one in seen.population.people:
        found = explain_person(made, seen, one.source_id)
        assert found.action
        assert found.action.action == planned[one.source_id]


@given(worlds())
def test_the_attributes_that_change_are_those_of_the_action(
    world: tuple[Rules, Situation],
) -> None:
    made, seen = world
    for one in seen.population.people:
        found = explain_person(made, seen, one.source_id)
        assert found.action
        action = found.action.action
        told = {
            step.rule.target: (step.current, step.wanted)
            for step in found.action.attributes
            if step.outcome is AttributeOutcome.CHANGES
        }
        if found.match and not found.match.match.problem:
            written = {change.attribute: (change.before, change.after) for change in action.changes}
            assert told == written
        if action.kind is ActionKind.UNCHANGED:
            differing = [s for s in found.action.attributes if s.outcome is AttributeOutcome.HELD]
            assert [step.rule.target for step in differing] in ([], ["active"])
