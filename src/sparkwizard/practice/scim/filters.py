"""Read and evaluate SCIM filters as far as Webex documents them.

The grammar is that of RFC 7644, section 3.4.2.2, without ``not`` and ``pr``; which attribute
takes which operator comes from the table of the search operation in Cisco's OpenAPI file.
Everything else is refused with ``invalidFilter``, as the real service does.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sparkwizard.practice.scim.attributes import CISCO_USER, CORE_GROUP, CORE_USER, ENTERPRISE_USER
from sparkwizard.practice.scim.refusals import ScimRefusal, ScimType

type Scalar = str | bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compare one attribute with one value."""

    path: str
    operator: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class Within:
    """Ask that one element of a list satisfies a filter of its own."""

    path: str
    node: "Node"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Ask for every part."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Ask for at least one part."""

    parts: tuple["Node", ...]


type Node = Comparison | Within | AllOf | AnyOf
type Allowed = Mapping[str, frozenset[str]]

_EQ = frozenset({"eq"})
_EQ_SW = frozenset({"eq", "sw"})
_EQ_SW_EW = frozenset({"eq", "sw", "ew"})

USER_FILTERS: Allowed = {
    "id": _EQ,
    "username": _EQ_SW_EW,
    "name.familyname": _EQ_SW_EW,
    "name.givenname": _EQ_SW,
    "name.middlename": _EQ_SW,
    "name.formatted": _EQ_SW,
    "displayname": _EQ_SW_EW,
    "nickname": _EQ_SW_EW,
    "emails.display": _EQ_SW_EW,
    "emails.value": _EQ_SW_EW,
    "phonenumbers.value": _EQ_SW_EW,
    "phonenumbers.display": _EQ_SW_EW,
    "employeenumber": _EQ_SW_EW,
    "costcenter": _EQ_SW_EW,
    "organization": _EQ_SW_EW,
    "division": _EQ_SW_EW,
    "department": _EQ_SW_EW,
    "manager.value": _EQ,
    "manager.displayname": _EQ_SW_EW,
    "meta.organizationid": _EQ,
    "emails.type": _EQ,
    "phonenumbers.type": _EQ,
}
GROUP_FILTERS: Allowed = {"id": _EQ, "displayname": _EQ_SW_EW}

_ONLY_WITHIN = frozenset({"emails.type", "phonenumbers.type"})
_URNS = tuple(urn.casefold() for urn in (CORE_USER, ENTERPRISE_USER, CISCO_USER, CORE_GROUP))
_TOKEN = re.compile(r'\s*(?:([()\[\]])|("(?:[^"\\]|\\.)*")|([^\s()\[\]"]+))')


def parse_filter(text: str) -> Node:
    """Read a filter; raises ScimRefusal (invalidFilter) where the text is not one."""
    parser = _Parser(list(_tokens(text)))
    node = parser.any_of()
    if parser.peek() is not None:
        raise _refuse(f"Unexpected {parser.peek()} in the filter.")
    return node


def check_allowed(node: Node, allowed: Allowed, prefix: str = "") -> None:
    """Refuse the attributes and operators for which Webex documents no search."""
    if isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            check_allowed(part, allowed, prefix)
    elif isinstance(node, Within):
        check_allowed(node.node, allowed, f"{plain_path(node.path)}.")
    else:
        path = prefix + plain_path(node.path)
        outside = not prefix and path in _ONLY_WITHIN
        if outside or node.operator not in allowed.get(path, frozenset()):
            raise _refuse(f"{node.path} {node.operator}: no search is provided for this.")


def plain_path(path: str) -> str:
    """Return an attribute path in lower case and without the name of its schema."""
    lowered = path.casefold()
    for urn in _URNS:
        if lowered.startswith(f"{urn}:"):
            return lowered.removeprefix(f"{urn}:")
    return lowered


def matches(node: Node, resource: Mapping[str, object]) -> bool:
    """Tell whether a resource, or one element of a list, satisfies a filter."""
    if isinstance(node, AllOf):
        return all(matches(part, resource) for part in node.parts)
    if isinstance(node, AnyOf):
        return any(matches(part, resource) for part in node.parts)
    if isinstance(node, Within):
        elements = _values(resource, plain_path(node.path).split("."))
        return any(isinstance(one, Mapping) and matches(node.node, one) for one in elements)
    steps = plain_path(node.path).split(".")
    return any(_compare(node, value) for value in _values(resource, steps))


def _compare(node: Comparison, value: object) -> bool:
    if isinstance(value, bool) or isinstance(node.value, bool):
        return value is node.value and node.operator == "eq"
    if not isinstance(value, str):
        return False
    have, want = value.casefold(), node.value.casefold()
    if node.operator == "eq":
        return have == want
    return have.startswith(want) if node.operator == "sw" else have.endswith(want)


def _values(holder: Mapping[str, object], steps: list[str]) -> Iterator[object]:
    """Yield what lies at a path, in the core attributes and in every extension."""
    sections = [holder, *(v for k, v in holder.items() if k.startswith("urn:"))]
    for section in sections:
        if isinstance(section, Mapping):
            yield from _descend(section, steps)


def _descend(holder: Mapping[str, object], steps: list[str]) -> Iterator[object]:
    for key, value in holder.items():
        if key.casefold() != steps[0]:
            continue
        for item in value if isinstance(value, list) else [value]:
            if len(steps) == 1:
                yield item
            elif isinstance(item, Mapping):
                yield from _descend(item, steps[1:])


def _refuse(details: str) -> ScimRefusal:
    return ScimRefusal(400, details, ScimType.INVALID_FILTER)


def _tokens(text: str) -> Iterator[str]:
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        found = _TOKEN.match(stripped, position)
        if found is None:
            raise _refuse(f"The filter cannot be read from character {position + 1}.")
        position = found.end()
        yield found.group().strip()


class _Parser:
    """Descend through the grammar: or binds weaker than and."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            raise _refuse("The filter ends too early.")
        self._at += 1
        return token

    def any_of(self) -> Node:
        parts = [self.all_of()]
        while self._keyword("or"):
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def all_of(self) -> Node:
        parts = [self.term()]
        while self._keyword("and"):
            parts.append(self.term())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def term(self) -> Node:
        word = self.take()
        if word == "(":
            node = self.any_of()
            self._expect(")")
            return node
        if not re.match(r"[A-Za-z$]", word):
            raise _refuse(f"{word} is not the name of an attribute.")
        if self.peek() == "[":
            self.take()
            inner = self.any_of()
            self._expect("]")
            return Within(word, inner)
        return Comparison(word, self.take().casefold(), self._value())

    def _value(self) -> Scalar:
        token = self.take()
        if token.casefold() in ("true", "false"):
            return token.casefold() == "true"
        if len(token) < 2 or not token.startswith('"'):
            raise _refuse(f"{token} must stand in quotation marks.")
        return re.sub(r"\\(.)", r"\1", token[1:-1])

    def _keyword(self, word: str) -> bool:
        token = self.peek()
        if token is None or token.casefold() != word:
            return False
        self._at += 1
        return True

    def _expect(self, token: str) -> None:
        if self.take() != token:
            raise _refuse(f"The filter lacks a {token}.")
