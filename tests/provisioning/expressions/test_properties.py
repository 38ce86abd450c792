"""What holds for every expression and everybody's values."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparkwizard.provisioning.expressions import (
    FUNCTIONS,
    EvaluationError,
    Expression,
    ExpressionError,
    compile_expression,
)
from tests.examples import examples

NOW = datetime(2021, 8, 25, 17, 41, 18, tzinfo=UTC)
USABLE = sorted(name for name, function in FUNCTIONS.items() if not function.refusal)

FRAGMENTS = st.sampled_from(
    [
        *USABLE,
        "(",
        ")",
        ",",
        " ",
        "[mail]",
        '"a"',
        '""',
        "1",
        "-1",
        "=",
        "<>",
        "&HF",
        "\\",
        '"',
        "[",
    ]
)
LEAVES = st.one_of(
    st.sampled_from(["[a]", "[b]", "[list]", "[none]"]),
    st.sampled_from(['"d"', '"yyyy"', '"yyyy-MM-dd"', '"2021-02-03"', '"(?<n>a)"', '"n"', '""']),
    st.integers(-5, 300).map(str),
    st.just(""),
)


def calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, arguments: f"{name}({', '.join(arguments)})",
        st.sampled_from(USABLE),
        st.lists(inner, max_size=7),
    )


VALUES = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.lists(st.one_of(st.none(), st.text(max_size=5), st.lists(st.text(max_size=2)))),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    st.datetimes(),
)
PEOPLE = st.dictionaries(st.sampled_from(["a", "b", "list", "mail"]), VALUES)


def try_compile(text: str) -> Expression | None:
    """Compile, or see that the fault has words and a place."""
    try:
        return compile_expression(text)
    except ExpressionError as error:
        fault = error
    assert fault.message
    assert 0 <= fault.position <= max(len(text), 1)
    return None


def evaluate_or_fail(text: str, person: dict[str, object]) -> None:
    """Evaluate, or see that the fault has a place."""
    expression = try_compile(text)
    if expression is None:
        return
    try:
        expression(person, now=NOW)
    except EvaluationError as error:
        fault = error
    else:
        return
    assert fault.position >= 0


@given(st.text())
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    try_compile(text)


@given(st.lists(FRAGMENTS, max_size=20).map("".join))
def test_any_mixture_of_tokens_is_an_expression_or_an_expression_error(text: str) -> None:
    try_compile(text)


@given(st.recursive(LEAVES, calls, max_leaves=12), PEOPLE)
def test_any_expression_gives_a_value_or_an_evaluation_error(
    text: str, person: dict[str, object]
) -> None:
    evaluate_or_fail(text, person)


@pytest.mark.parametrize("name", USABLE)
@settings(max_examples=examples(25))
@given(st.lists(st.sampled_from(["[a]", "[b]", "[list]", '"d"', "2"]), max_size=7), PEOPLE)
def test_every_function_stands_every_value(
    name: str, arguments: list[str], person: dict[str, object]
) -> None:
    function = FUNCTIONS[name]
    count = max(function.least, min(len(arguments), function.most or 6))
    padded = [*arguments, *["[b]"] * count][:count]
    evaluate_or_fail(f"{name}({', '.join(padded)})", person)


@given(st.text(alphabet=st.characters(exclude_characters='\\"'), max_size=50))
def test_a_text_in_quotes_is_itself(text: str) -> None:
    assert compile_expression(f'"{text}"')({}) == text


@given(st.text(max_size=50))
def test_an_attribute_is_handed_through_unchanged(text: str) -> None:
    assert compile_expression("[mail]")({"mail": text}) == text


@given(PEOPLE)
def test_the_same_person_gives_the_same_value(person: dict[str, object]) -> None:
    expression = compile_expression('Join("-", IsPresent([a]), IsNull([b]), Count([list]))')
    assert expression(person) == expression(dict(person))
