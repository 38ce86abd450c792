"""Input that means harm: it gets a sentence, and in time."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparkwizard.provisioning.expressions import (
    ExpressionError,
    compile_expression,
    trace,
)
from tests.examples import examples

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECONDS = 60.0
"""How long anything here may take; a pattern alone may take half a second (dotnet_regex)."""

PIECES = st.sampled_from(
    [
        *("(", ")", "(?:", "(?=", "(?<n>", "(?i)", "(?R)", "[", "]", "[^", "^", "$", "-", "|"),
        *("a", "b", ".", "*", "+", "?", "{2,}", "{9999}", "{1,5}"),
        *("\\d", "\\w", "\\b", "\\k<n>", "\\1", "\\p{L}"),
    ]
)
PATTERNS = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=20)


def outcome(text: str, person: dict[str, object]) -> str:
    """Return how it ended, and see that it did in time."""
    began = time.perf_counter()
    ended = "value"
    try:
        compile_expression(text)(person, now=NOW)
    except ExpressionError as error:
        ended = "error" if error.message else "silence"
    assert ended != "silence"
    assert time.perf_counter() - began < SECONDS
    return ended


def nested(before: str, inner: str, after: str, times: int) -> str:
    return before * times + inner + after * times


@pytest.mark.parametrize(
    "text",
    [
        nested("Replace(", "[a]", ', "a", , , "aaaaaaaaaa", , )', 95),
        nested("Replace(", "[a]", ', , "a", , "aaaaaaaaaa", , )', 95),
        nested("Replace(", "[a]", ', "a", , , , , "aaaaaaaaaa")', 95),
        nested("Replace(", "[a]", ', , "(?<n>.)", , "${n}${n}${n}", , )', 95),
        nested("ConvertToUTF8Hex(", "[a]", ")", 99),
        nested("ConvertToBase64(", "[a]", ")", 99),
    ],
)
def test_a_text_that_doubles_at_every_step_is_stopped(text: str) -> None:
    assert outcome(text, {"a": "a" * 100}) == "error"


def test_joining_many_parts_by_a_long_text_is_stopped() -> None:
    person: dict[str, object] = {"a": "x," * 100_000, "long": "y" * 100_000}
    assert outcome('Join([long], Split([a], ","))', person) == "error"


def test_duplicates_among_many_values_are_found_in_time() -> None:
    person: dict[str, object] = {"a": ",".join(map(str, range(100_000)))}
    assert outcome('RemoveDuplicates(Split([a], ","))', person) == "value"


def test_duplicates_are_told_apart_by_value_and_keep_their_order() -> None:
    values: list[object] = ["b", "a", "b", ["a"], ["a"], "['a']", 1, "1"]
    kept = compile_expression("RemoveDuplicates([a])")({"a": values})
    assert kept == ["b", "a", ["a"], "['a']", 1, "1"]


def test_values_inside_values_without_end_are_an_evaluation_error() -> None:
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    assert outcome("[a]", {"a": value}) == "error"
    assert trace("[a]", {"a": value})[-1].error
    while value:  # taken apart by hand: freeing it whole is as deep
        value = value[0]  # type: ignore[assignment]  # each holds the next


def test_a_number_of_a_million_digits_is_an_evaluation_error() -> None:
    assert outcome('Append([a], "x")', {"a": 10**100_000}) == "error"
    assert outcome("Left([a], 2)", {"a": 10**100_000}) == "error"


@given(PATTERNS, st.text("ab1- ", max_size=60))
@settings(max_examples=examples(200))
def test_any_pattern_on_any_text_ends_in_time(pattern: str, value: str) -> None:
    outcome('Replace([a], , [p], , "${n}x$1", , )', {"a": value, "p": pattern})


@given(PATTERNS)
def test_any_written_pattern_is_an_expression_or_an_expression_error(pattern: str) -> None:
    written = pattern.replace("\\", "\\\\").replace('"', '\\"')
    outcome(f'Replace([a], , "{written}", , "x", , )', {"a": "a" * 30 + "!"})


@given(
    st.lists(st.sampled_from("dMyHhmsftzKg/:'\"\\% -.,"), max_size=30).map("".join),
    st.text(max_size=30),
)
def test_any_date_format_on_any_text_ends_in_time(form: str, value: str) -> None:
    outcome('FormatDateTime([a], , [f], "yyyy")', {"a": value, "f": form})
    outcome('FormatDateTime("2024-01-02", , "yyyy-MM-dd", [f])', {"f": form})


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "[" * 10_000,
        '"' * 9_999,
        "Not(" * 2_500,
        "\\" * 5_000,
        "-" * 10_000,
        "," * 10_000,
        "a" * 10_000,
        "&H" + "F" * 9_990,
        "1" * 10_000,
        "=" * 10_000,
        "\0" * 5_000,
    ],
)
def test_ten_thousand_characters_of_anything_end_in_time(text: str) -> None:
    assert outcome(text, {}) == "error"
