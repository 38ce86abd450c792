"""Who is in scope, and why."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import ScopeError
from sparkwizard.provisioning.scoping.scope import (
    OPERATORS,
    ScopeDecision,
    check_scope,
    compile_scope,
    sentence,
)
from sparkwizard.provisioning.types import Clause, Filter, Person


def person(**attributes: object) -> Person:
    return Person("p-1", attributes)


def decide(attribute: str, operator: str, *values: str, **attributes: object) -> ScopeDecision:
    clause = Clause(attribute, operator, values)
    return compile_scope([Filter("Test", (clause,))]).decide(person(**attributes))


def holds(operator: str, value: object, *values: str) -> bool:
    decision = decide("x", operator, *values, x=value)
    assert decision.evaluable
    return decision.in_scope


@pytest.mark.parametrize(
    ("operator", "value", "wanted", "expected"),
    [
        ("EQUALS", "Sales", "Sales", True),
        ("EQUALS", "sales", "Sales", False),
        ("NOT EQUALS", "Marketing", "Sales", True),
        ("NOT EQUALS", "Sales", "Sales", False),
        ("NOT EQUALS", "sales", "Sales", True),
        ("Includes", "Inside Sales", "Sales", True),
        ("Includes", "Inside sales", "Sales", False),
        ("ENDS_WITH", "ana@contoso.example", "@contoso.example", True),
        ("ENDS_WITH", "ana@contoso.example.org", "@contoso.example", False),
        ("REGEX MATCH", "ana@contoso.example", r".*\@contoso\.example", True),
        ("REGEX MATCH", "Ana", "^ana$", False),
        ("REGEX MATCH", "12345", "([1-9][0-9])", True),
        ("NOT REGEX MATCH", "Ana", "^ana$", True),
        ("NOT REGEX MATCH", "ana", "^ana$", False),
        ("Greater_Than", "11", "10", True),
        ("Greater_Than", "10", "10", False),
        ("Greater_Than", "9", "10", False),
        ("Greater_Than_OR_EQUALS", "10", "10", True),
        ("Greater_Than_OR_EQUALS", 10, "10", True),
        ("&", "Sales", "Sales, Marketing", True),
        ("&", "Legal", "Sales, Marketing", False),
        ("!&", "Legal", "Sales, Marketing", True),
        ("!&", "Sales", "Sales, Marketing", False),
    ],
)
def test_an_operator_decides_as_documented(
    operator: str, value: object, wanted: str, expected: bool
) -> None:
    assert holds(operator, value, wanted) is expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("IS TRUE", "True", True),
        ("IS TRUE", True, True),
        ("IS TRUE", "true", True),
        ("IS TRUE", "False", False),
        ("IS TRUE", "maybe", False),
        ("IS FALSE", False, True),
        ("IS FALSE", "True", False),
        ("IS FALSE", "maybe", False),
        ("IS NULL", None, True),
        ("IS NULL", "", True),
        ("IS NULL", "x", False),
        ("IS NOT NULL", "x", True),
        ("IS NOT NULL", "", False),
    ],
)
def test_an_operator_without_a_value_decides_as_documented(
    operator: str, value: object, expected: bool
) -> None:
    assert holds(operator, value) is expected


@pytest.mark.parametrize("operator", [one for one in OPERATORS if one.name != "IS NULL"])
@pytest.mark.parametrize("empty", [None, ""])
def test_without_a_value_no_clause_holds(operator: Any, empty: object) -> None:
    values = ("1",) if operator.takes_value else ()
    assert not holds(operator.name, empty, *values)


@pytest.mark.parametrize(
    "spelling",
    [
        "NOT REGEX MATCH",
        "NOT_REGEX_MATCH",
        "not regex match",
        "  Not_Regex  Match ",
    ],
)
def test_an_operator_is_known_in_every_spelling(spelling: str) -> None:
    assert holds(spelling, "a", "b")


@pytest.mark.parametrize("spelling", ["Greater_Than_OR_EQUALS", "GREATER THAN OR EQUALS"])
def test_the_newer_operators_are_known_with_spaces_too(spelling: str) -> None:
    assert holds(spelling, "2", "2")


def test_no_filter_means_everyone() -> None:
    assert compile_scope([]).decide(person()).in_scope


def test_all_clauses_of_a_filter_must_hold() -> None:
    scope = compile_scope(
        [
            Filter(
                "Sales in Berlin",
                (Clause("department", "EQUALS", ("Sales",)), Clause("city", "EQUALS", ("Berlin",))),
            )
        ]
    )
    assert scope.decide(person(department="Sales", city="Berlin")).in_scope
    assert not scope.decide(person(department="Sales", city="Oslo")).in_scope


def test_one_filter_of_several_is_enough() -> None:
    scope = compile_scope(
        [
            Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),)),
            Filter("Berlin", (Clause("city", "EQUALS", ("Berlin",)),)),
        ]
    )
    decision = scope.decide(person(department="Legal", city="Berlin"))
    assert (decision.in_scope, decision.filter_name) == (True, "Berlin")
    assert decision.reason.text == "city equals Berlin."


def test_who_is_outside_learns_why() -> None:
    decision = decide("department", "EQUALS", "Sales", department="Marketing")
    assert decision.reason.text == 'department is "Marketing", not "Sales".'
    assert decision.filter_name == "Test"


@pytest.mark.parametrize(
    ("operator", "value", "text"),
    [
        ("ENDS_WITH", "b", 'x is "a", which does not end with "b".'),
        ("NOT EQUALS", "a", 'x is "a", which it must not be.'),
        ("REGEX MATCH", "{value}", 'x is "a", which does not match "{value}".'),
    ],
)
def test_a_reason_reads_as_a_sentence(operator: str, value: str, text: str) -> None:
    assert decide("x", operator, value, x="a").reason.text == text


def test_a_missing_value_is_the_reason() -> None:
    assert decide("department", "EQUALS", "Sales").reason.text == "department has no value."


def test_several_filters_each_tell_why() -> None:
    scope = compile_scope(
        [
            Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),)),
            Filter("", (Clause("city", "EQUALS", ("Berlin",)),)),
        ]
    )
    assert scope.decide(person(department="Legal")).reason.text == (
        'No filter lets this person in. Sales: department is "Legal", not "Sales"; '
        "Filter 2: city has no value."
    )


def test_a_value_that_is_no_number_can_not_be_decided_on() -> None:
    decision = decide("employeeId", "Greater_Than", "10", employeeId="A7")
    assert not decision.in_scope
    assert not decision.evaluable
    assert decision.reason.text == (
        'The filter “Test” can\'t be decided: employeeId is "A7", which is not a whole number.'
    )


def test_several_values_can_not_be_decided_on() -> None:
    assert not decide("x", "EQUALS", "a", x=["a", "b"]).evaluable


def test_a_clause_that_fails_decides_whatever_another_can_not_tell() -> None:
    scope = compile_scope(
        [
            Filter(
                "Both",
                (
                    Clause("employeeId", "Greater_Than", ("10",)),
                    Clause("department", "EQUALS", ("Sales",)),
                ),
            )
        ]
    )
    decision = scope.decide(person(employeeId="A7", department="Legal"))
    assert decision.evaluable
    assert not decision.in_scope


def test_a_filter_that_holds_decides_whatever_another_can_not_tell() -> None:
    scope = compile_scope(
        [
            Filter("Number", (Clause("employeeId", "Greater_Than", ("10",)),)),
            Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),)),
        ]
    )
    assert scope.decide(person(employeeId="A7", department="Sales")).in_scope
    assert not scope.decide(person(employeeId="A7", department="Legal")).evaluable


def test_a_pattern_that_never_ends_is_given_up_and_not_decided() -> None:
    scope = compile_scope([Filter("Slow", (Clause("x", "REGEX MATCH", ("^(a|aa)+$",)),))])
    begun = time.monotonic()
    decisions = [scope.decide(person(x="a" * 200 + "b")) for _ in range(20)]
    assert not any(decision.evaluable for decision in decisions)
    assert time.monotonic() - begun < 60


def test_attributes_are_found_under_each_of_their_names() -> None:
    assert decide("mobilePhone", "IS NOT NULL", mobile="+1").in_scope
    assert decide("MOBILE", "IS NOT NULL", mobile="+1").in_scope


def test_is_soft_deleted_follows_account_enabled() -> None:
    assert decide("IsSoftDeleted", "IS TRUE", accountEnabled="False").in_scope


def test_a_scope_says_which_attributes_it_reads() -> None:
    scope = compile_scope([Filter("", (Clause("mobilePhone", "IS NULL"),))])
    assert scope.source_attributes == {"mobile"}


# -- filters that can't work -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "text"),
    [
        (
            Clause("department", "EQUAL", ("x",)),
            "Filter “Test”: Unknown operator “EQUAL”. Did you mean EQUALS?",
        ),
        (Clause("department", "EQUALS"), "needs a value"),
        (Clause("department", "EQUALS", ("",)), "needs a value"),
        (Clause("department", "EQUALS", ("a", "b")), "a filter for each value"),
        (Clause("employeeId", "Greater_Than", ("ten",)), "“ten” is not a whole number."),
        (Clause("department", "REGEX MATCH", ("(",)), "The regular expression can't be read"),
        (Clause("department", "REGEX MATCH", ("[a",)), "square bracket"),
        (Clause("userType", "EQUALS", ("Guest",)), "can't use the user type"),
        (Clause("manager", "IS NULL"), "can't use the manager"),
        (Clause("employeeHireDate", "IS NULL"), "can't use dates"),
        (Clause("proxyAddresses", "IS NULL"), "several values"),
        (Clause("", "IS NULL"), "no attribute"),
    ],
)
def test_a_clause_that_can_not_work_is_refused(clause: Clause, text: str) -> None:
    with pytest.raises(ScopeError) as caught:
        compile_scope([Filter("Test", (clause,))])
    assert text in str(caught.value)


def test_a_filter_without_a_clause_is_refused() -> None:
    with pytest.raises(ScopeError, match="has no clause"):
        compile_scope([Filter("Test", ())])


def test_a_misspelt_attribute_is_told_but_works() -> None:
    findings = check_scope([Filter("", (Clause("departmnt", "IS NULL"),))])
    assert [(one.is_error, one.suggestion) for one in findings] == [(False, "department")]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (Clause("department", "EQUALS", ("Sales",)), "department equals Sales"),
        (Clause("accountEnabled", "IS TRUE"), "accountEnabled is true"),
        (Clause("mail", "IS NOT NULL"), "mail has a value"),
        (Clause("mail", "ENDS WITH", (".example",)), "mail ends with .example"),
    ],
)
def test_a_clause_reads_as_a_sentence(clause: Clause, expected: str) -> None:
    assert sentence(clause) == expected


OPERATOR_NAMES = [one.name for one in OPERATORS]
ATTRIBUTES = ["department", "employeeId", "mobile"]
CLAUSES = st.builds(
    Clause,
    st.sampled_from(ATTRIBUTES),
    st.sampled_from(OPERATOR_NAMES),
    st.tuples(st.one_of(st.text(max_size=8), st.sampled_from(["10", "^a", "Sales"]))),
)
VALUES = st.one_of(
    st.none(), st.text(max_size=8), st.integers(), st.booleans(), st.lists(st.text(), max_size=3)
)


@given(
    st.lists(st.builds(Filter, st.text(max_size=5), st.lists(CLAUSES, max_size=3).map(tuple))),
    st.dictionaries(st.sampled_from(ATTRIBUTES), VALUES),
)
def test_filters_are_refused_or_decide_on_everyone(
    filters: list[Filter], attributes: dict[str, object]
) -> None:
    try:
        scope = compile_scope(filters)
    except ScopeError:
        return
    decision = scope.decide(person(**attributes))
    assert decision.evaluable or not decision.in_scope
    assert decision.reason.text.endswith(".")
