"""Read and evaluate ``$filter`` expressions of OData, as far as directories answer them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sparkwizard.practice.graph.answers import bad_request

type Test = Callable[[Mapping[str, Any]], bool]
"""Tells whether an object is found."""

type Reading = Callable[[Mapping[str, Any]], Any]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<moment>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<guid>[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_@][\w.@]*(?:/[A-Za-z_@][\w.@]*)*)|(?P<mark>[(),:]))"
)
_WORDS = {"true": True, "false": False, "null": None}
_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
}
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": str.__contains__,
}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def read_filter(text: str, *, exact_case: bool = False) -> Test:
    """Return the test that a filter describes; raises GraphRefusal (400) for a malformed one.

    Directories compare texts whatever their case; ``exact_case`` is for logs.
    """
    parser = _Parser(_tokens(text), exact_case=exact_case)
    test = parser.alternatives()
    parser.end()
    return test


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise bad_request(f"Invalid filter clause: unexpected text at {place} in '{text}'.")
        found.append(_Token(match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


class _Parser:
    """Turn tokens into a test by recursive descent."""

    def __init__(self, tokens: list[_Token], *, exact_case: bool) -> None:
        self._tokens = tokens
        self._place = 0
        self._fold: Callable[[Any], Any] = (lambda value: value) if exact_case else _folded

    def alternatives(self) -> Test:
        tests = [self._all()]
        while self._take("or"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda one: any(test(one) for test in tests)

    def end(self) -> None:
        if self._place < len(self._tokens):
            raise bad_request(f"Invalid filter clause near '{self._tokens[self._place].text}'.")

    def _all(self) -> Test:
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda one: all(test(one) for test in tests)

    def _one(self) -> Test:
        if self._take("not"):
            inner = self._one()
            return lambda one: not inner(one)
        if self._take("("):
            inner = self.alternatives()
            self._need(")")
            return inner
        word = self._next("word")
        if word.endswith(("/any", "/all")) and self._take("("):
            return self._lambda(word)
        if word in _FUNCTIONS and self._take("("):
            return self._function(word)
        return self._comparison(self._reading(word))

    def _lambda(self, word: str) -> Test:
        read, quantifier = _path(word[:-4]), all if word.endswith("all") else any
        self._next("word")
        self._need(":")
        test = self.alternatives()
        self._need(")")
        return lambda one: quantifier(test({"": item}) for item in read(one) or ())

    def _function(self, name: str) -> Test:
        read = self._reading(self._next("word"))
        self._need(",")
        wanted, compare, fold = self._value(), _FUNCTIONS[name], self._fold
        self._need(")")

        def test(one: Mapping[str, Any]) -> bool:
            value = read(one)
            return isinstance(value, str) and compare(fold(value), str(fold(wanted)))

        return test

    def _comparison(self, read: Reading) -> Test:
        operator, fold = self._next("word"), self._fold
        if operator == "in":
            wanted = self._list()
            return lambda one: fold(read(one)) in wanted
        value = fold(self._value())
        if operator == "eq":
            return lambda one: bool(_like(fold(read(one)), value) == value)
        if operator == "ne":
            return lambda one: bool(_like(fold(read(one)), value) != value)
        if operator not in _ORDERED:
            raise bad_request(f"Invalid filter clause: '{operator}' is no operator.")
        compare = _ORDERED[operator]

        def test(one: Mapping[str, Any]) -> bool:
            found = _like(fold(read(one)), value)
            return found is not None and compare(found, value)

        return test

    def _reading(self, word: str) -> Reading:
        if word in ("tolower", "toupper") and self._take("("):
            inner = self._reading(self._next("word"))
            self._need(")")
            turn = str.lower if word == "tolower" else str.upper
            return lambda one: turn(str(inner(one) or ""))
        return _path(word)

    def _list(self) -> list[Any]:
        self._need("(")
        values = [self._fold(self._value())]
        while self._take(","):
            values.append(self._fold(self._value()))
        self._need(")")
        return values

    def _value(self) -> Any:
        token = self._peek()
        self._place += 1
        if token.kind == "text":
            return token.text[1:-1].replace("''", "'")
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        if token.kind == "moment":
            return _moment(token.text)
        if token.kind == "guid":
            return token.text
        if token.kind == "word" and token.text in _WORDS:
            return _WORDS[token.text]
        raise bad_request(f"Invalid filter clause: '{token.text}' is no value.")

    def _peek(self) -> _Token:
        if self._place >= len(self._tokens):
            raise bad_request("Invalid filter clause: it ends too early.")
        return self._tokens[self._place]

    def _take(self, text: str) -> bool:
        found = self._place < len(self._tokens) and self._tokens[self._place].text == text
        self._place += found
        return found

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise bad_request(f"Invalid filter clause: '{text}' is missing.")

    def _next(self, kind: str) -> str:
        token = self._peek()
        if token.kind != kind:
            raise bad_request(f"Invalid filter clause near '{token.text}'.")
        self._place += 1
        return token.text


def _path(word: str) -> Reading:
    """Return how to read a property; inside of any() and all() the item stands under no name."""
    names = word.split("/")

    def read(one: Mapping[str, Any]) -> Any:
        value: Any = one
        if "" in one:
            value = one[""]
            for name in names[1:]:
                value = value.get(name) if isinstance(value, Mapping) else None
            return value
        for name in names:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    return read


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _like(found: Any, wanted: Any) -> Any:
    """Return a text as a moment where it is compared with one."""
    if isinstance(wanted, datetime) and isinstance(found, str):
        return _moment(found)
    return found


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
