"""Expressions written in one canonical way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.expressions import ExpressionError, format_expression
from sparkwizard.provisioning.expressions.parser import parse
from sparkwizard.provisioning.expressions.syntax import (
    Attribute,
    Call,
    Comparison,
    Constant,
    Node,
    Omitted,
    Word,
)

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True)
TEXTS = st.text(max_size=20)
ATTRIBUTES = (
    st.text(st.characters(exclude_characters='[]"'), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
NUMBERS = st.one_of(
    st.integers(-(10**30) + 1, 10**30 - 1),
    st.floats(-1e12, 1e12).map(lambda number: round(number, 9)),
)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    ATTRIBUTES.map(Attribute), TEXTS.map(Constant), NUMBERS.map(Constant), NAMES.map(Word)
)


def nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    # a call with one argument left out is a call without arguments
    arguments = st.lists(inner | st.just(Omitted()), max_size=5).filter(
        lambda found: found != [Omitted()]
    )
    signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    return st.one_of(
        st.builds(lambda name, found: Call(name, tuple(found)), NAMES, arguments),
        st.builds(Comparison, signs, inner, inner),
    )


EXPRESSIONS = st.recursive(LEAVES, nodes, max_leaves=15)


@given(EXPRESSIONS)
def test_parsing_a_written_expression_gives_the_same_expression(node: Node) -> None:
    assert parse(format_expression(node)) == node


@given(st.text() | EXPRESSIONS.map(format_expression))
def test_whatever_can_be_parsed_can_be_written_and_parsed_again(text: str) -> None:
    try:
        node = parse(text)
    except ExpressionError:
        return
    assert parse(format_expression(node)) == node


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ('Join(" ",[givenName],[surname])', 'Join(" ", [givenName], [surname])'),
        ('Switch([IsSoftDeleted],,"False","True")', 'Switch([IsSoftDeleted], , "False", "True")'),
        ('IIF([country]="USA",\n"1", "2")', 'IIF([country] = "USA", "1", "2")'),
        ('CBool(([a]="x")=("y"="z"))', 'CBool(([a] = "x") = ("y" = "z"))'),
        ("BitAnd(&HF, -12)", "BitAnd(15, -12)"),
        (r'Append([mail], "\\\"")', r'Append([mail], "\\\"")'),
        ("( [mail] )", "[mail]"),
        ("1.50", "1.5"),
        ("0.000000000000000000000000000001", "0.000000000000000000000000000001"),
    ],
)
def test_the_canonical_text_has_one_spacing(written: str, canonical: str) -> None:
    assert format_expression(parse(written)) == canonical


def test_an_expression_that_only_fits_without_spaces_is_written_without() -> None:
    text = f"Join({','.join(['1'] * 4_900)})"
    assert format_expression(parse(text)) == text


def test_the_largest_number_that_can_be_written_stays_itself() -> None:
    node = parse(f"{'9' * 30}.5")
    assert parse(format_expression(node)) == node
