"""One person explained: every step with its values, and the action that a plan has."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import InputError
from sparkwizard.provisioning.explain import (
    AttributeOutcome,
    AttributeStep,
    Explanation,
    explain_person,
    explain_without_webex,
)
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING, compile_mapping
from sparkwizard.provisioning.planning.planner import Rules, Situation, draft_plan
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import (
    ActionKind,
    Actions,
    Clause,
    Filter,
    Link,
    MappingRule,
    Person,
    Population,
    Reason,
    RemovalLimit,
    User,
    UsersRead,
)
from sparkwizard.values import replace

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
JOIN = 'Join(" ", ToUpper([givenName]), [surname])'
MAPPING = (
    *DEFAULT_MAPPING[:3],
    MappingRule("displayName", JOIN),
    MappingRule("title", "[jobTitle]"),
    MappingRule("nickName", "[mailNickname]", apply="create"),
)
SALES = Filter("Sales", (Clause("department", "EQUALS", ("Sales",)), Clause("mail", "IS NULL")))
ALL = Filter("Named", (Clause("displayName", "IS NOT NULL"),))


def person(name: str, row: int = 2, **more: object) -> Person:
    attributes: dict[str, object] = {
        "userPrincipalName": f"{name}@x.example",
        "objectId": f"id-{name}",
        "displayName": f"{name.title()} Weiss",
        "givenName": name.title(),
        "surname": "Weiss",
        "mail": f"{name}.weiss@x.example",
        **more,
    }
    return Person(f"id-{name}", attributes, row)


ANNE = person("anne")
WEBEX_ANNE = User(
    "w-anne",
    {"userName": "Anne@x.example", "displayName": "Anne Weiss", "active": True, "title": "Boss"},
)


def rules(*filters: Filter, mapping: tuple[MappingRule, ...] = MAPPING) -> Rules:
    return Rules(
        mapping=compile_mapping(mapping),
        scope=compile_scope(filters),
        actions=Actions(),
        max_removals=RemovalLimit(),
    )


def situation(
    *people: Person, users: tuple[User, ...] = (), links: Mapping[str, Link] | None = None
) -> Situation:
    return Situation(
        population=Population(people), users=UsersRead(users), links=links or {}, now=NOW
    )


def explained(
    *people: Person,
    asked: str = "anne@x.example",
    users: tuple[User, ...] = (),
    filters: tuple[Filter, ...] = (),
) -> Explanation:
    return explain_person(rules(*filters), situation(*people, users=users), asked)


def attribute(found: Explanation, target: str) -> AttributeStep:
    assert found.action
    return next(one for one in found.action.attributes if one.rule.target == target)


def outcomes(found: Explanation) -> dict[str, str]:
    assert found.action
    return {one.rule.target: one.outcome.value for one in found.action.attributes}


# -- import --------------------------------------------------------------------------------------


def test_the_import_tells_the_row_and_every_value() -> None:
    step = explained(ANNE).imported
    assert step
    assert step.row == 2
    assert step.attributes["givenName"] == "Anne"
    assert step.attributes["IsSoftDeleted"] == "False"
    assert "jobTitle" not in step.attributes


def test_a_row_with_a_problem_ends_at_the_import() -> None:
    broken = replace(ANNE, problem=Reason("short-row", "The row is too short."))
    found = explained(broken)
    assert found.imported
    assert found.imported.problem == broken.problem
    assert (found.scope, found.match) == (None, None)
    assert found.action
    assert found.action.action.kind is ActionKind.PROBLEM


@pytest.mark.parametrize(
    "asked", ["ANNE@X.example", " id-anne ", "anne weiss", "Anne.Weiss@x.example"]
)
def test_a_person_is_found_by_any_name_in_any_case(asked: str) -> None:
    assert explained(ANNE, person("bob"), asked=asked).label == "Anne Weiss"


def test_a_principal_name_comes_before_somebody_elses_mail() -> None:
    other = person("bob", mail="anne@x.example")
    assert explained(other, ANNE).label == "Anne Weiss"


def test_nobody_of_that_name_gets_the_nearest_ones() -> None:
    with pytest.raises(InputError, match="Nobody in the source is called “Ann Wiess”") as caught:
        explained(ANNE, person("bob"), asked="Ann Wiess")
    assert "Anne Weiss" in caught.value.fix
    assert caught.value.code == "person-not-found"
    with pytest.raises(InputError) as caught:
        explained(ANNE, person("bob"), asked="weiss@")
    assert "anne.weiss@x.example" in caught.value.fix


def test_a_name_like_nobodys_says_what_to_give() -> None:
    with pytest.raises(InputError, match="userPrincipalName"):
        explained(ANNE, asked="q")
    with pytest.raises(InputError):
        explained(ANNE, asked="  ")


def test_a_name_of_several_people_is_not_guessed() -> None:
    twin = person("anna", displayName="Anne Weiss")
    with pytest.raises(InputError, match="2 people are called") as caught:
        explained(ANNE, twin, asked="Anne Weiss")
    assert "anne@x.example or anna@x.example" in caught.value.fix


# -- scope ---------------------------------------------------------------------------------------


def test_every_filter_and_clause_is_told_with_its_value_and_verdict() -> None:
    step = explained(person("anne", department="IT"), filters=(SALES, ALL)).scope
    assert step
    assert [one.verdict for one in step.filters] == [False, True]
    department, mail = step.filters[0].clauses
    assert (department.value, department.verdict) == ("IT", False)
    assert department.why == 'department is "IT", not "Sales"'
    assert (mail.value, mail.verdict) == ("anne.weiss@x.example", False)
    assert step.decision.filter_name == "Named"


def test_a_clause_that_nobody_can_decide_is_told_so() -> None:
    numbers = Filter("Numbers", (Clause("employeeId", "Greater_Than", ("5",)),))
    step = explained(person("anne", employeeId="A7"), filters=(numbers,)).scope
    assert step
    assert step.filters[0].clauses[0].verdict is None
    assert not step.decision.evaluable


def test_somebody_out_of_scope_is_not_matched() -> None:
    found = explained(ANNE, filters=(SALES,), users=(WEBEX_ANNE,))
    assert found.match is None
    assert found.action
    assert (found.action.action.kind, found.action.attributes) == (ActionKind.SKIPPED, ())


# -- match ---------------------------------------------------------------------------------------


def test_each_matching_attribute_is_told_with_its_value_and_who_has_it() -> None:
    step = explained(ANNE, users=(WEBEX_ANNE,)).match
    assert step
    assert step.match.user == WEBEX_ANNE
    assert step.match.by == "userName"
    assert [(one.target, one.value, one.users) for one in step.tries] == [
        ("userName", "anne@x.example", (WEBEX_ANNE,)),
        ("externalId", "id-anne", ()),
    ]


def test_a_matching_attribute_without_a_value_is_told() -> None:
    step = explained(person("anne", objectId=None), asked="anne weiss").match
    assert step
    assert step.tries[1].value is None


def test_a_link_comes_before_all_matching() -> None:
    seen = situation(ANNE, users=(WEBEX_ANNE,), links={"id-anne": Link("id-anne", "w-anne")})
    step = explain_person(rules(), seen, "id-anne").match
    assert step
    assert step.match.by == "link"
    assert step.link == Link("id-anne", "w-anne")


def test_two_users_that_fit_are_a_problem_of_the_match() -> None:
    found = explained(ANNE, users=(WEBEX_ANNE, replace(WEBEX_ANNE, id="w-2")))
    assert found.match
    assert found.match.match.problem
    assert len(found.match.tries[0].users) == 2
    assert found.action
    assert found.action.attributes == ()


# -- action --------------------------------------------------------------------------------------


def test_every_attribute_is_told_with_sources_steps_and_what_webex_has() -> None:
    found = attribute(explained(ANNE, users=(WEBEX_ANNE,)), "displayName")
    assert found.label == "Display name"
    assert found.sources == (("givenName", "Anne"), ("surname", "Weiss"))
    assert [(step.text, step.value) for step in found.steps] == [
        ('" "', " "),
        ("[givenName]", "Anne"),
        ("ToUpper([givenName])", "ANNE"),
        ("[surname]", "Weiss"),
        (JOIN, "ANNE Weiss"),
    ]
    assert (found.current, found.wanted) == ("Anne Weiss", "ANNE Weiss")
    assert found.outcome is AttributeOutcome.CHANGES


def test_each_attribute_says_what_becomes_of_it() -> None:
    assert outcomes(explained(ANNE, users=(WEBEX_ANNE,))) == {
        "userName": "same",
        "externalId": "changes",
        "active": "same",
        "displayName": "changes",
        "title": "no-value",
        "nickName": "only-on-create",
    }


def test_for_somebody_new_everything_with_a_value_changes() -> None:
    found = explained(person("anne", mailNickname="anni"))
    assert found.action
    assert found.action.action.kind is ActionKind.CREATE
    assert {target for target, outcome in outcomes(found).items() if outcome == "changes"} == {
        "userName",
        "externalId",
        "active",
        "displayName",
        "nickName",
    }


def test_what_differs_but_is_not_written_is_told() -> None:
    off = replace(rules(), actions=Actions(update=False))
    found = explain_person(off, situation(ANNE, users=(WEBEX_ANNE,)), "id-anne")
    assert outcomes(found)["displayName"] == "held"


def test_a_value_that_does_not_fit_is_a_problem_of_its_attribute() -> None:
    found = explained(person("anne", jobTitle="x" * 600), users=(WEBEX_ANNE,))
    title = attribute(found, "title")
    assert title.outcome is AttributeOutcome.PROBLEM
    assert title.problem
    assert title.problem.code == "too-long"


def test_what_a_safeguard_holds_back_is_told() -> None:
    gone = replace(rules(SALES), max_removals=RemovalLimit(0, percent=False))
    links = {"id-anne": Link("id-anne", "w-anne")}
    found = explain_person(gone, situation(ANNE, users=(WEBEX_ANNE,), links=links), "id-anne")
    assert found.action
    assert found.action.action.kind is ActionKind.DISABLE
    assert found.action.stop


def test_somebody_who_left_the_source_is_explained_by_what_happens_to_their_user() -> None:
    seen = situation(
        person("bob"),
        users=(WEBEX_ANNE,),
        links={"id-anne": Link("id-anne", "w-anne", "anne@x.example")},
    )
    found = explain_person(rules(), seen, "anne@X.example")
    assert (found.imported, found.scope, found.match) == (None, None, None)
    assert found.action
    assert found.action.action.kind is ActionKind.DISABLE


def test_without_webex_import_and_scope_are_told() -> None:
    found = explain_without_webex(rules(SALES), Population((ANNE,)), "id-anne")
    assert found.imported
    assert found.scope
    assert not found.scope.decision.in_scope
    assert (found.match, found.action) == (None, None)
    with pytest.raises(InputError, match="Nobody"):
        explain_without_webex(rules(), Population((ANNE,)), "zzz")


def test_a_reading_of_webex_that_is_not_complete_is_told() -> None:
    doubtful = UsersRead((), complete=False, findings=(Reason("cut", "The list broke off."),))
    seen = replace(situation(ANNE), users=doubtful)
    assert explain_person(rules(), seen, "id-anne").findings == doubtful.findings


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
