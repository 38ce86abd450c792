"""The operators of scoping filters: names, labels, meanings, and how each decides.

Names are those of Entra's editor and API; ``find_operator`` takes them in any case and with spaces
or underscores. But for IS NULL, nothing holds for an attribute without a value.
"""

import difflib
import re
from collections.abc import Callable
from functools import lru_cache

import msgspec

from sparkwizard.provisioning.expressions.dotnet_regex import (
    BadPattern,
    Pattern,
    TooSlow,
    compile_pattern,
)

__all__ = [
    "OPERATORS",
    "BadValue",
    "CantTell",
    "Operator",
    "Test",
    "find_operator",
    "similar_operator",
]

type Test = Callable[[str | None], bool]
"""Decide on a value that is text, or None for no value; may raise ``CantTell``."""


class BadValue(ValueError):
    """Report a value that an operator can't compare with."""


class CantTell(Exception):
    """Report that one person's value can't be decided on."""


class Operator(msgspec.Struct, frozen=True):
    """Describe one operator.

    ``label`` reads between attribute and value: department *equals* Sales. ``failing`` completes
    "department is “x”, …" where the clause does not hold; ``{value}`` is the clause's value.
    """

    name: str
    label: str
    meaning: str
    takes_value: bool
    failing: str
    make: Callable[[str], Test]
    aliases: tuple[str, ...] = ()


def _unary(decide: Callable[[str | None], bool]) -> Callable[[str], Test]:
    return lambda _value: decide


def _binary(decide: Callable[[str, str], bool]) -> Callable[[str], Test]:
    """Make a test that never holds without a value."""
    return lambda wanted: lambda value: bool(value) and decide(value or "", wanted)


_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,30}\s*")


def _integers(decide: Callable[[int, int], bool]) -> Callable[[str], Test]:
    def make(wanted: str) -> Test:
        if not _INTEGER.fullmatch(wanted):
            raise BadValue(f"“{wanted[:60]}” is not a whole number.")
        limit = int(wanted)

        def test(value: str | None) -> bool:
            if not value:
                return False
            if not _INTEGER.fullmatch(value):
                raise CantTell("is not a whole number")
            return decide(int(value), limit)

        return test

    return make


def _regex(*, matching: bool) -> Callable[[str], Test]:
    def make(wanted: str) -> Test:
        try:
            pattern = compile_pattern(wanted)
        except BadPattern as error:
            raise BadValue(str(error)) from error
        return lambda value: bool(value) and _found(pattern, value or "") is matching

    return make


def _found(pattern: Pattern, value: str) -> bool:
    try:
        return pattern.search(value) is not None
    except TooSlow:
        raise CantTell("takes too long to be compared with the pattern") from None


def _is(text: str) -> Callable[[str | None], bool]:
    return lambda value: (value or "").strip().lower() == text


OPERATORS: tuple[Operator, ...] = (
    Operator(
        "EQUALS",
        "equals",
        "The value is exactly this text; upper and lower case count.",
        True,
        "not {value}",
        _binary(lambda value, wanted: value == wanted),
    ),
    Operator(
        "NOT EQUALS",
        "does not equal",
        "There is a value, and it is another; upper and lower case count.",
        True,
        "which it must not be",
        _binary(lambda value, wanted: value != wanted),
    ),
    Operator(
        "Includes",
        "includes",
        "The value contains this text; upper and lower case count.",
        True,
        "which does not include {value}",
        _binary(lambda value, wanted: wanted in value),
        ("CONTAINS",),
    ),
    Operator(
        "ENDS_WITH",
        "ends with",
        "The value ends with this text; upper and lower case count.",
        True,
        "which does not end with {value}",
        _binary(lambda value, wanted: value.endswith(wanted)),
    ),
    Operator("IS TRUE", "is true", "The value is True.", False, "not True", _unary(_is("true"))),
    Operator(
        "IS FALSE", "is false", "The value is False.", False, "not False", _unary(_is("false"))
    ),
    Operator(
        "IS NULL", "has no value", "There is no value.", False, "not empty", _unary(lambda v: not v)
    ),
    Operator("IS NOT NULL", "has a value", "There is a value.", False, "not filled", _unary(bool)),
    Operator(
        "REGEX MATCH",
        "matches",
        "The .NET regular expression matches somewhere in the value; ^ and $ tie it to the ends.",
        True,
        "which does not match {value}",
        _regex(matching=True),
    ),
    Operator(
        "NOT REGEX MATCH",
        "does not match",
        "There is a value, and the .NET regular expression matches nowhere in it.",
        True,
        "which matches {value}",
        _regex(matching=False),
    ),
    Operator(
        "Greater_Than",
        "is greater than",
        "The value is a whole number greater than this one.",
        True,
        "not greater than {value}",
        _integers(lambda value, wanted: value > wanted),
    ),
    Operator(
        "Greater_Than_OR_EQUALS",
        "is at least",
        "The value is a whole number, this one or greater.",
        True,
        "less than {value}",
        _integers(lambda value, wanted: value >= wanted),
    ),
    Operator(
        "&",
        "is part of",
        "The value stands somewhere in this text; upper and lower case count.",
        True,
        "which is not part of {value}",
        _binary(lambda value, wanted: value in wanted),
    ),
    Operator(
        "!&",
        "is not part of",
        "There is a value, and it stands nowhere in this text; upper and lower case count.",
        True,
        "which is part of {value}",
        _binary(lambda value, wanted: value not in wanted),
    ),
)


def _key(name: str) -> str:
    return re.sub(r"[\s_]+", " ", name).strip().lower()


_BY_KEY = {
    _key(name): operator for operator in OPERATORS for name in (operator.name, *operator.aliases)
}


@lru_cache(maxsize=256)
def find_operator(name: str) -> Operator | None:
    """Return the operator of a name in any of its spellings, or None."""
    return _BY_KEY.get(_key(name))


def similar_operator(name: str) -> str:
    """Return the name most like an unknown one, or an empty text."""
    found = difflib.get_close_matches(_key(name)[:60], _BY_KEY, n=1, cutoff=0.6)
    return _BY_KEY[found[0]].name if found else ""
