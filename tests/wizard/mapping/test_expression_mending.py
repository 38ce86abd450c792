"""Faults of an expression: where they stand, and that the suggestion mends them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.expressions import ExpressionError, compile_expression
from sparkwizard.provisioning.mapping.filling import check_mapping
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.wizard.mapping.expression_mending import fault_span, mending, place_words


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ('Jion(" ", [a])', 'Join(" ", [a])'),
        ('Append([a], "x\\y")', 'Append([a], "x\\\\y")'),
        ("Append([a], x_y)", 'Append([a], "x_y")'),
        ("Now", "Now()"),
        ("tolower([a])", "ToLower([a])"),
    ],
)
def test_the_suggestion_mends_the_fault(broken: str, mended: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(broken)
    error = caught.value
    assert mending(broken, error.position, error.suggestion).applied(broken) == mended


def test_an_attribute_that_is_nearly_right_is_mended_with_its_brackets() -> None:
    rule = MappingRule("title", 'Append([jobTitel], "x")')
    (finding,) = (f for f in check_mapping([rule]) if f.suggestion)
    mended = mending(rule.expression, finding.position, finding.suggestion)
    assert mended.applied(rule.expression) == 'Append([jobTitle], "x")'


@pytest.mark.parametrize("text", ["Append([a], “x”)", "Append([a], 'x')", "Append([a], „x“)"])
def test_curly_quotes_are_mended_both_at_once(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text)
    mended = mending(text, caught.value.position, caught.value.suggestion).applied(text)
    assert mended == 'Append([a], "x")'


@given(st.text(max_size=40), st.integers(-5, 50))
def test_what_is_marked_lies_in_the_text(text: str, position: int) -> None:
    start, end = fault_span(text, position)
    assert 0 <= start <= end <= len(text)
    assert end > start or not text


def test_a_place_is_told_with_its_line_where_there_are_several() -> None:
    assert place_words("Jion([a])", 0) == "character 1"
    assert place_words('Join(" ",\n  [a', 12) == "line 2, character 3"
