"""Count who is in scope and who is not, and group those outside by what keeps them out.

A clause reads one attribute, and most attributes have few values, so each value is decided once:
100,000 people are counted in a fraction of a second. This agrees with ``Scope.decide`` for every
person (clauses joined with AND, filters with OR, and what can't be told stays open).
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from sparkwizard.provisioning.scoping.operators import find_operator
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.source.attributes import (
    IS_SOFT_DELETED,
    attributes_for_rules,
    canonical,
)
from sparkwizard.provisioning.types import Clause, Filter, Person

__all__ = [
    "OutGroup",
    "ScopeCounter",
    "ScopeCounts",
    "count_scope",
    "failing_words",
    "spoken",
    "values_of",
]

type Verdict = bool | None
type Column = Sequence[Verdict]

_SHOWN_GROUPS = 5
_CANT_TELL = "A filter can't be decided for them"


class OutGroup(msgspec.Struct, frozen=True):
    """Hold people who are outside for the same cause."""

    text: str
    people: tuple[Person, ...]


class ScopeCounts(msgspec.Struct, frozen=True):
    """Hold how many people are in scope; ``in_scope`` and the groups together are everybody.

    ``per_filter`` counts whom each filter alone lets in. ``losing`` are people outside whose Webex
    user this setup manages.
    """

    total: int
    in_scope: int
    per_filter: tuple[int, ...] = ()
    groups: tuple[OutGroup, ...] = ()
    losing: tuple[Person, ...] = ()

    @property
    def out(self) -> int:
        """Return how many people are not in scope."""
        return self.total - self.in_scope


def count_scope(
    filters: Sequence[Filter], people: Sequence[Person], managed: frozenset[str]
) -> ScopeCounts:
    """Count once; raises ``ScopeError`` where a filter can't work."""
    return ScopeCounter(people).count(filters, managed)


class ScopeCounter:
    """Count the same people under changing filters; clauses that stay are not decided again."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = people
        self._columns: dict[Clause, Column] = {}

    def count(self, filters: Sequence[Filter], managed: frozenset[str]) -> ScopeCounts:
        """Count under these filters; raises ``ScopeError`` where one can't work."""
        compile_scope(filters)
        total = len(self.people)
        if not filters:
            return ScopeCounts(total, total)
        tables = [[self._column(clause) for clause in one.clauses] for one in filters]
        verdicts = [[_joined(row) for row in zip(*table, strict=True)] for table in tables]
        inside = [any(v is True for v in row) for row in zip(*verdicts, strict=True)]
        groups = self._groups(filters, tables, verdicts, inside)
        losing = tuple(
            person
            for group in groups
            if group.text != _CANT_TELL
            for person in group.people
            if person.source_id in managed
        )
        per_filter = tuple(sum(v is True for v in column) for column in verdicts)
        return ScopeCounts(total, sum(inside), per_filter, _fewer(groups), losing)

    def _column(self, clause: Clause) -> Column:
        column = self._columns.get(clause)
        if column is None:
            column = self._columns[clause] = _decide_all(clause, self.people)
        return column

    def _groups(
        self,
        filters: Sequence[Filter],
        tables: Sequence[Sequence[Column]],
        verdicts: Sequence[Column],
        inside: Sequence[bool],
    ) -> list[OutGroup]:
        found: defaultdict[tuple[int, ...], list[Person]] = defaultdict(list)
        for at, person in enumerate(self.people):
            if inside[at]:
                continue
            if any(column[at] is None for column in verdicts):
                found[()].append(person)
                continue
            # every filter has a clause that fails, or somebody would be in scope or open
            key = tuple(
                next(place for place, column in enumerate(table) if column[at] is False)
                for table in tables
            )
            found[key].append(person)
        groups = [
            OutGroup(_cause(filters, key) if key else _CANT_TELL, tuple(people))
            for key, people in found.items()
        ]
        return sorted(groups, key=lambda group: -len(group.people))


def _joined(row: Sequence[Verdict]) -> Verdict:
    """Join clauses with AND: one that fails decides, whatever the others can't tell."""
    if False in row:
        return False
    return None if None in row else True


def _decide_all(clause: Clause, people: Sequence[Person]) -> Column:
    scope = compile_scope([Filter("", (clause,))])
    name, written = canonical(clause.attribute), clause.attribute
    computed = name == IS_SOFT_DELETED
    known: dict[str | None, Verdict] = {}
    column: list[Verdict] = []
    for person in people:
        attributes = attributes_for_rules(person.attributes) if computed else person.attributes
        key = _key(attributes, name, written)
        if key not in known:
            decision = scope.decide(person)
            known[key] = decision.in_scope if decision.evaluable else None
        column.append(known[key])
    return column


def _key(attributes: Mapping[str, object], name: str, written: str) -> str | None:
    value = attributes.get(name)
    if value is None:
        value = attributes.get(written)
    return value if value is None or isinstance(value, str) else repr(value)


def _fewer(groups: Sequence[OutGroup]) -> tuple[OutGroup, ...]:
    if len(groups) <= _SHOWN_GROUPS:
        return tuple(groups)
    shown, rest = groups[: _SHOWN_GROUPS - 1], groups[_SHOWN_GROUPS - 1 :]
    others = tuple(person for group in rest for person in group.people)
    return (*shown, OutGroup("Other causes", others))


# -- words --------------------------------------------------------------------------------------

_FAILING = {
    "EQUALS": "{a} is not {v}",
    "NOT EQUALS": "{a} is {v} or empty",
    "Includes": "{a} does not include {v}",
    "ENDS_WITH": "{a} does not end with {v}",
    "IS TRUE": "{a} is not true",
    "IS FALSE": "{a} is not false",
    "IS NULL": "{a} has a value",
    "IS NOT NULL": "{a} has no value",
    "REGEX MATCH": "{a} does not match {v}",
    "NOT REGEX MATCH": "{a} matches {v} or is empty",
    "Greater_Than": "{a} is not greater than {v}",
    "Greater_Than_OR_EQUALS": "{a} is less than {v}",
    "&": "{a} is not part of {v}",
    "!&": "{a} is part of {v} or empty",
}


def failing_words(clause: Clause) -> str:
    """Say what holds for somebody whom a clause keeps out: "department is not Sales"."""
    operator = find_operator(clause.operator)
    words = _FAILING.get(operator.name if operator else "", "{a} does not fit")
    value = clause.values[0] if clause.values else ""
    return words.format(a=spoken(clause.attribute), v=value)


def spoken(attribute: str) -> str:
    """Return an attribute's name as words: "accountEnabled" is "account enabled"."""
    if not attribute.isascii() or not attribute.isalnum() or attribute.isupper():
        return attribute
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", attribute)
    return " ".join(part.lower() for part in parts) if parts else attribute


def _cause(filters: Sequence[Filter], key: Sequence[int]) -> str:
    words = [failing_words(one.clauses[place]) for one, place in zip(filters, key, strict=True)]
    return _capital(" and ".join(dict.fromkeys(words)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def values_of(people: Sequence[Person], attribute: str, limit: int = 200) -> tuple[str, ...]:
    """Return the values an attribute has among people, the most frequent first."""
    name = canonical(attribute)
    counts: defaultdict[str, int] = defaultdict(int)
    for person in people:
        value = person.attributes.get(name)
        if isinstance(value, str) and value:
            counts[value] += 1
    return tuple(sorted(counts, key=lambda value: (-counts[value], value))[:limit])
