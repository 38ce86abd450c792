"""Regular expressions as .NET means them, and none that can hang."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.expressions import EvaluationError, compile_expression
from sparkwizard.provisioning.expressions.dotnet_regex import (
    BadPattern,
    TooSlow,
    compile_pattern,
    expand,
)


def replaced(pattern: str, replacement: str, text: str) -> str:
    compiled = compile_pattern(pattern)
    return compiled.replace(text, lambda match: expand(replacement, match, compiled.names))


@pytest.mark.parametrize(
    ("pattern", "replacement", "text", "expected"),
    [
        (r"(?<n>\d+)", "<${n}>", "a12", "a<12>"),
        (r"(?'n'\d+)", "<${n}>", "a12", "a<12>"),
        (r"(a)(?<x>b)(c)", "$1-$2-$3-${x}-$0-$$", "abc", "a-c-b-b-abc-$"),
        (r"b", "[$`|$&|$']", "abc", "a[a|b|c]c"),
        (r"(?<n>.)\k<n>", "!", "abba", "a!a"),
        (r"a", "$5${nope}", "a", "$5${nope}"),
        (r"[[a]", "x", "[a", "xx"),
        (r"x{e}", "y", "x{e}", "y"),
        (r"[a&&b]", "x", "a&b", "xxx"),
        (r"\z", "!", "a\n", "a\n!"),
        (r"x*", "-", "abc", "-a-b-c-"),
        (r"(?i)ANA", "x", "ana", "x"),
        (r"\p{Lu}", "x", "aÄ", "ax"),
        (r"[\P{Lu}]", "x", "aÄ", "xÄ"),
        (r"(?#note)a", "x", "a", "x"),
        (r"\@", " at ", "a@b", "a at b"),
        (r"(a)?b(?(1)c|d)", "<$1>", "abc bd", "<a> <>"),
        ("(?x)a # not (a group\n(b)", "<$1>", "ab", "<b>"),
    ],
)
def test_a_pattern_means_what_it_means_in_dotnet(
    pattern: str, replacement: str, text: str, expected: str
) -> None:
    assert replaced(pattern, replacement, text) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "[a",
        "a\\",
        r"\m",
        r"[\m]",
        "(?P<n>a)",
        "(?r)a",
        "(?R)",
        "(?<a-b>x)",
        "[a-z-[aeiou]]",
        "a(?i)b",
        "(?:a{65535}){65535}",
        "(" * 500,
        "[z-a]",
        "*",
    ],
)
def test_what_dotnet_does_not_know_or_cannot_run_here_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern, match="regular expression"):
        compile_pattern(pattern)


def test_a_pattern_that_never_ends_is_given_up() -> None:
    expression = compile_expression('Replace([x], , "^(a|aa)+$", , "", , )')
    begun = time.monotonic()
    for _ in range(50):
        with pytest.raises(EvaluationError, match="takes too long"):
            expression({"x": "a" * 200 + "b"})
    assert time.monotonic() - begun < 60


def test_a_pattern_out_of_an_attribute_is_compiled_when_it_is_met() -> None:
    expression = compile_expression('Replace([x], , [p], , "", , )')
    assert expression({"x": "abc", "p": "b"}) == "ac"
    with pytest.raises(EvaluationError, match="can't be read"):
        expression({"x": "abc", "p": "("})


PIECES = st.sampled_from([*r"ab01.*+?|()[]{}^$\-,:=!<>&'~#", "\\d", "\\k<n>", "(?<n>", "(?:"])


@given(st.lists(PIECES, max_size=25).map("".join), st.text("ab01-", max_size=40))
def test_any_pattern_is_refused_or_comes_to_an_end(pattern: str, text: str) -> None:
    begun = time.monotonic()
    with contextlib.suppress(BadPattern, TooSlow):
        replaced(pattern, "$1${n}$$", text)
    assert time.monotonic() - begun < 60
