"""Step by step through an expression."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.expressions import (
    DROP,
    EvaluationError,
    ExpressionError,
    TraceStep,
    compile_expression,
    trace,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANNE = {"givenName": "Anne", "surname": "Weiß", "country": "USA", "phones": ["1", "2"]}


def told(text: str, attributes: Mapping[str, object] = ANNE) -> list[tuple[str, object]]:
    return [(step.text, step.value) for step in trace(text, attributes, NOW)]


def test_every_part_is_told_with_its_value_innermost_first() -> None:
    assert told('Join(" ", ToUpper([givenName]), [surname])') == [
        ('" "', " "),
        ("[givenName]", "Anne"),
        ("ToUpper([givenName])", "ANNE"),
        ("[surname]", "Weiß"),
        ('Join(" ", ToUpper([givenName]), [surname])', "ANNE Weiß"),
    ]


def test_the_branch_that_was_not_taken_is_not_told() -> None:
    steps = [text for text, _ in told('IIF([country] = "USA", [givenName], [surname])')]
    assert "[givenName]" in steps
    assert "[surname]" not in steps


def test_a_comparison_is_told_with_both_its_sides() -> None:
    assert ('[country] = "USA"', "True") in told('IIF([country] = "USA", "a", "b")')
    assert ('([country]) = ("USA")', "True") in told('CBool(([country]) = ("USA"))')


def test_null_lists_and_dropped_flows_are_told_as_they_are() -> None:
    assert told("[mail]") == [("[mail]", None)]
    assert told("[phones]") == [("[phones]", ["1", "2"])]
    assert told("IgnoreFlowIfNullOrEmpty([mail])")[-1][1] is DROP


def test_a_step_that_goes_wrong_says_why_and_so_do_those_around_it() -> None:
    steps = trace("Append(Mid([givenName], [surname], 2), [country])", ANNE, NOW)
    assert steps[0] == TraceStep("attribute", 11, 22, "[givenName]", "Anne")
    assert "is not a number" in steps[-1].error
    assert "is not a number" in steps[-2].error
    assert steps[-1].value is None


def test_a_compiled_expression_can_be_traced_too() -> None:
    expression = compile_expression("ToLower([givenName])")
    assert trace(expression, ANNE)[-1].value == expression(ANNE)


def test_what_can_not_be_compiled_can_not_be_traced() -> None:
    with pytest.raises(ExpressionError, match="Unknown function"):
        trace("Jion([a], [b])", ANNE)


@given(
    st.sampled_from(
        [
            'Switch([a], "d", "", "empty", "x", [b])',
            "Coalesce([a], [b])",
            'IIF([a] > 5, Left([b], 2), Replace([b], "a", , , "bb", , ))',
            "IIF(IsPresent([a]), [a], [b])",
            "IgnoreFlowIfNullOrEmpty(Append([a], [b]))",
            'DateAdd("d", [a], [b])',
            'Join("-", Split([a], ","), [b])',
        ]
    ),
    st.dictionaries(
        st.sampled_from(["a", "b"]),
        st.one_of(st.none(), st.text(max_size=5), st.integers(), st.lists(st.text(max_size=2))),
    ),
)
def test_the_last_step_is_what_the_compiled_expression_gives(
    text: str, person: dict[str, object]
) -> None:
    last = trace(text, person, NOW)[-1]
    assert (last.value, last.error) == value_or_error(text, person)
    assert last.text == text


def value_or_error(text: str, person: dict[str, object]) -> tuple[object, str]:
    try:
        return compile_expression(text)(person, now=NOW), ""
    except EvaluationError as error:
        return None, error.message
