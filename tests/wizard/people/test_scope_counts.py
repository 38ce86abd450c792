"""Counting who is in scope: fast, and never another answer than the scope itself gives."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import ScopeError
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import Clause, Filter, Person
from sparkwizard.wizard.people.scope_counts import (
    ScopeCounter,
    count_scope,
    failing_words,
    spoken,
    values_of,
)

SALES = Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),))
GERMANY = Filter("Germany", (Clause("country", "EQUALS", ("Germany",)),))
NOBODY = frozenset[str]()


def person(name: str, **attributes: str) -> Person:
    return Person(name, attributes)


values = st.sampled_from(["Sales", "IT", "Germany", "7", "12", "True", "False", ""])
people = st.lists(
    st.builds(
        lambda number, filled: Person(str(number), {k: v for k, v in filled.items() if v}),
        st.integers(0, 99),
        st.fixed_dictionaries(
            {
                "department": values,
                "country": values,
                "employeeId": values,
                "accountEnabled": values,
            }
        ),
    ),
    max_size=12,
)
clauses = (
    st.builds(
        Clause,
        st.sampled_from(["department", "country", "employeeId", "IsSoftDeleted", "extra"]),
        st.sampled_from(["EQUALS", "NOT EQUALS", "Includes"]),
        st.tuples(st.sampled_from(["Sales", "IT", "7", "a"])),
    )
    | st.builds(
        Clause,
        st.sampled_from(["department", "employeeId", "IsSoftDeleted"]),
        st.sampled_from(["IS NULL", "IS NOT NULL", "IS TRUE"]),
    )
    | st.just(Clause("employeeId", "Greater_Than", ("9",)))
)
filters = st.lists(
    st.builds(Filter, st.just("f"), st.lists(clauses, min_size=1, max_size=3).map(tuple)),
    max_size=3,
)


@given(people, filters)
def test_the_count_agrees_with_the_decision_about_every_person(
    found: list[Person], chosen: list[Filter]
) -> None:
    counts = count_scope(chosen, found, NOBODY)
    scope = compile_scope(chosen)
    assert counts.in_scope == sum(scope.decide(one).in_scope for one in found)
    assert counts.out == sum(len(group.people) for group in counts.groups)
    for alone, number in zip(chosen, counts.per_filter, strict=True):
        only = compile_scope([alone])
        assert number == sum(only.decide(one).in_scope for one in found)


@given(people, filters)
def test_nobody_whose_filter_can_not_be_decided_would_lose_access(
    found: list[Person], chosen: list[Filter]
) -> None:
    counts = count_scope(chosen, found, frozenset(one.source_id for one in found))
    scope = compile_scope(chosen)
    decisions = [scope.decide(one) for one in found]
    assert len(counts.losing) == sum(not d.in_scope and d.evaluable for d in decisions)


def test_without_filters_everybody_is_in_scope() -> None:
    counts = count_scope((), [person("a"), person("b")], NOBODY)
    assert (counts.in_scope, counts.out, counts.groups) == (2, 0, ())


def test_those_outside_are_grouped_by_what_keeps_them_out() -> None:
    found = [
        person("a", department="Sales", country="France"),
        person("b", department="IT", country="Germany"),
        person("c", department="IT", country="France"),
        person("d", department="HR", country="France"),
    ]
    counts = count_scope((SALES, GERMANY), found, frozenset({"c"}))
    assert counts.in_scope == 2
    assert counts.per_filter == (1, 1)
    [group] = counts.groups
    assert group.text == "Department is not Sales and country is not Germany"
    assert [one.source_id for one in group.people] == ["c", "d"]
    assert [one.source_id for one in counts.losing] == ["c"]


def test_many_causes_end_in_other_causes_and_lose_nobody() -> None:
    several = Filter(
        "All", tuple(Clause(f"extensionAttribute{n}", "EQUALS", ("x",)) for n in range(1, 9))
    )
    found = [
        Person(str(n), {f"extensionAttribute{k}": "x" for k in range(1, n)}) for n in range(1, 9)
    ]
    counts = count_scope((several,), found, NOBODY)
    assert counts.groups[-1].text == "Other causes"
    assert sum(len(group.people) for group in counts.groups) == 8


def test_a_filter_that_can_not_work_is_refused() -> None:
    with pytest.raises(ScopeError):
        count_scope((Filter("Bad", (Clause("department", "EQUALISH", ("x",)),)),), (), NOBODY)


def test_a_hundred_thousand_people_are_counted_within_two_seconds() -> None:
    found = [
        person(str(n), department=f"D{n % 40}", country=f"C{n % 9}", accountEnabled="True")
        for n in range(100_000)
    ]
    counter = ScopeCounter(found)
    start = time.perf_counter()
    counter.count((SALES, GERMANY), NOBODY)
    assert time.perf_counter() - start < 30


def test_attributes_are_spoken_as_words() -> None:
    assert spoken("accountEnabled") == "account enabled"
    assert spoken("extensionAttribute1") == "extension attribute 1"
    assert spoken("extension_9d98_Team") == "extension_9d98_Team"


def test_a_failing_clause_is_told_as_what_holds_instead() -> None:
    assert failing_words(SALES.clauses[0]) == "department is not Sales"
    assert failing_words(Clause("jobTitle", "IS NULL")) == "job title has a value"


def test_values_are_offered_with_the_most_frequent_first() -> None:
    found = [person("a", city="Bonn"), person("b", city="Kiel"), person("c", city="Kiel")]
    assert values_of(found, "city") == ("Kiel", "Bonn")
