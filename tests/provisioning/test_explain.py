"""One person explained: every step with its values, and the action that a plan has."""

import pytest

from sparkwizard.errors import InputError
from sparkwizard.provisioning.explain import (
    AttributeOutcome,
    explain_person,
    explain_without_webex,
)
from sparkwizard.provisioning.types import (
    ActionKind,
    Actions,
    Clause,
    Filter,
    Link,
    Population,
    Reason,
    RemovalLimit,
    UsersRead,
)
from sparkwizard.values import replace
from tests.provisioning.explaining import (
    ALL,
    ANNE,
    JOIN,
    SALES,
    WEBEX_ANNE,
    attribute,
    explained,
    outcomes,
    person,
    rules,
    situation,
)

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
