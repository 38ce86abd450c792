"""Parse mapping expressions into the tree that Graph shows, and evaluate a few functions."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.provisioning_service.mapping.functions import parameter_names

type Value = str | list[str] | None

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<attribute>\[[^\]]+\])|(?P<number>-?\d+|&[hH][0-9a-fA-F]+)'
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign><>|>=|<=|[=<>])|(?P<mark>[(),]))",
    re.DOTALL,
)
_LONGEST = 10_000


class ExpressionFault(ValueError):
    """Say why an expression cannot be parsed or evaluated."""


def parse(text: str) -> JsonObject:
    """Return the attributeMappingSource of an expression; raises ExpressionFault."""
    if len(text) > _LONGEST:
        raise ExpressionFault(f"The expression is longer than {_LONGEST} characters.")
    parser = _Parser(text)
    tree = parser.operand()
    parser.end()
    return tree


def evaluate(source: Mapping[str, Any] | None, attributes: Mapping[str, Value]) -> Value:
    """Return the value of a tree for one person; raises ExpressionFault.

    A tree that is not the service's own parse of its text is a fault: whoever builds parameters by
    hand may be wrong about what they mean.
    """
    if source is None:
        return None
    _require_own_parse(source)
    return _value_of(source, attributes)


def _value_of(source: Mapping[str, Any] | None, attributes: Mapping[str, Value]) -> Value:
    if source is None:
        return None
    kind, name = source.get("type"), source.get("name") or ""
    if kind == "Constant":
        return str(name)
    if kind == "Attribute":
        return attributes.get(name)
    function = _EVALUATED.get(name)
    if function is None:
        raise ExpressionFault(
            f"The practice service evaluates Switch, Not and Join only, and {name} is another"
            " function."
        )
    arguments = [
        (one["key"], _value_of(one.get("value"), attributes)) for one in source["parameters"]
    ]
    return function(arguments)


def _require_own_parse(source: Mapping[str, Any]) -> None:
    text = str(source.get("expression") or "")
    parsed = _parsed(text)
    if any(source.get(name) != parsed[name] for name in ("type", "name")) or (
        (source.get("parameters") or []) != parsed["parameters"]
    ):
        raise ExpressionFault(f"The source of {text[:60]} is not what parseExpression makes of it.")


@lru_cache(maxsize=256)
def _parsed(text: str) -> JsonObject:
    return parse(text)


class _Parser:
    """Read one expression by recursive descent."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def operand(self) -> JsonObject:
        """Read a value, and a comparison behind it where there is one."""
        start = self._place
        tree = self._value()
        kind, token = self._peek()
        if kind == "sign":
            self._take()
            other = self._value()
            tree = _source(
                self._text[start : self._place].strip(),
                token,
                "Function",
                [{"key": "left", "value": tree}, {"key": "right", "value": other}],
            )
        return tree

    def end(self) -> None:
        """Require that nothing is left."""
        if self._text[self._place :].strip():
            raise ExpressionFault(f"Unexpected text at position {self._place}.")

    def _value(self) -> JsonObject:
        start = self._place
        kind, token = self._take()
        if kind == "text":
            return _source(token, _unquoted(token), "Constant", [])
        if kind == "number":
            return _source(token, token, "Constant", [])
        if kind == "attribute":
            return _source(token, token[1:-1].strip(), "Attribute", [])
        if kind == "word":
            if self._peek() != ("mark", "("):
                return _source(token, token, "Constant", [])
            self._take()
            arguments = self._arguments()
            names = parameter_names(token, len(arguments))
            if names is None:
                raise ExpressionFault(f"The function {token} is unknown, or takes other arguments.")
            parameters = [
                {"key": name, "value": argument}
                for name, argument in zip(names, arguments, strict=True)
                if argument is not None
            ]
            text = self._text[start : self._place].strip()
            return _source(text, token, "Function", parameters)
        raise ExpressionFault(f"A value is missing at position {start}.")

    def _arguments(self) -> list[JsonObject | None]:
        if self._peek() == ("mark", ")"):
            self._take()
            return []
        arguments: list[JsonObject | None] = []
        while True:
            omitted = self._peek() in (("mark", ","), ("mark", ")"))
            arguments.append(None if omitted else self.operand())
            kind, token = self._take()
            if (kind, token) == ("mark", ")"):
                return arguments
            if (kind, token) != ("mark", ","):
                raise ExpressionFault(f"A comma or ) is missing at position {self._place}.")

    def _peek(self) -> tuple[str, str]:
        match = _TOKEN.match(self._text, self._place)
        if match is None or match.lastgroup is None:
            return "", ""
        return match.lastgroup, match[match.lastgroup]

    def _take(self) -> tuple[str, str]:
        match = _TOKEN.match(self._text, self._place)
        if match is None or match.lastgroup is None:
            raise ExpressionFault(f"The expression ends or is malformed at {self._place}.")
        self._place = match.end()
        return match.lastgroup, match[match.lastgroup]


def _source(text: str, name: str, kind: str, parameters: list[JsonObject]) -> JsonObject:
    return {"expression": text, "name": name, "parameters": parameters, "type": kind}


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)


def _switch(arguments: Sequence[tuple[str, Value]]) -> Value:
    """Return the value whose key equals the source, case-sensitive; else the default."""
    given = dict(arguments)
    source = given.get("source") or ""
    for number in range(1, len(arguments) + 1):
        if f"key{number}" in given and (given[f"key{number}"] or "") == source:
            return given.get(f"value{number}")
    return given.get("defaultValue")


def _not(arguments: Sequence[tuple[str, Value]]) -> Value:
    value = str(dict(arguments).get("source")).lower()
    if value not in ("true", "false"):
        raise ExpressionFault(f"Not takes True or False, and got {value!r}.")
    return "False" if value == "true" else "True"


def _join(arguments: Sequence[tuple[str, Value]]) -> Value:
    separator, parts = "", list[str]()
    for key, value in arguments:
        if key == "separator":
            separator = value if isinstance(value, str) else ""
        else:
            values = value if isinstance(value, list) else [value]
            parts += [one for one in values if one]
    return separator.join(parts) or None


_EVALUATED: dict[str, Callable[[Sequence[tuple[str, Value]]], Value]] = {
    "Switch": _switch,
    "Not": _not,
    "Join": _join,
}
