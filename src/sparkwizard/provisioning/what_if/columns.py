"""What rules and filters give each person, worked out once and kept for the next edit."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast

from sparkwizard.provisioning.mapping.filling import CompiledMapping
from sparkwizard.provisioning.scoping.scope import Scope, ScopeDecision
from sparkwizard.provisioning.source.attributes import IS_SOFT_DELETED, canonical
from sparkwizard.provisioning.target.schema import canonical_target
from sparkwizard.provisioning.types import Json, MappingRule, Person, Reason

__all__ = ["Cell", "LazyColumn", "RuleColumn", "ScopeColumn"]

type Cell = Json | tuple[Reason, ...]
"""A value, None for none, or what is wrong."""

_OPEN = object()


class LazyColumn[T]:
    """Hold one value for each person, made when first asked for."""

    __slots__ = ("_cells", "_make")

    def __init__(self, length: int, make: Callable[[int], T]) -> None:
        self._cells: list[object] = [_OPEN] * length
        self._make = make

    def __getitem__(self, place: int) -> T:
        cell = self._cells[place]
        if cell is _OPEN:
            cell = self._cells[place] = self._make(place)
        return cast("T", cell)


class RuleColumn:
    """Hold what one rule gives each person; evaluated by the mapping's own code."""

    __slots__ = ("_mapping", "_new", "_now", "_old", "_people", "target")

    def __init__(self, rule: MappingRule, people: Sequence[Person], now: datetime) -> None:
        self.target = canonical_target(rule.target)
        self._mapping = CompiledMapping((rule,))
        self._people = people
        self._now = now
        self._old = LazyColumn[Cell](len(people), self._existing)
        sensitive = rule.apply == "create" or rule.default is not None
        self._new = LazyColumn[Cell](len(people), self._created) if sensitive else self._old

    def at(self, place: int, *, creating: bool) -> Cell:
        """Return what a person gets, as somebody new in Webex or not."""
        return self._new[place] if creating else self._old[place]

    def _existing(self, place: int) -> Cell:
        return self._evaluate(place, creating=False)

    def _created(self, place: int) -> Cell:
        return self._evaluate(place, creating=True)

    def _evaluate(self, place: int, *, creating: bool) -> Cell:
        wanted = self._mapping.evaluate(self._people[place], creating=creating, now=self._now)
        return wanted.problems or wanted.values.get(self.target)


class ScopeColumn:
    """Hold who is in scope; people with the same values are decided once."""

    __slots__ = ("_column", "_known", "_names", "_people", "_scope", "filters")

    def __init__(self, scope: Scope, people: Sequence[Person]) -> None:
        self.filters = scope.filters
        self._scope = scope
        self._people = people
        self._names = _names_read(scope)
        self._known: dict[tuple[object, ...], ScopeDecision] = {}
        self._column = LazyColumn[ScopeDecision](len(people), self._decide)

    def __getitem__(self, place: int) -> ScopeDecision:
        return self._column[place]

    def _decide(self, place: int) -> ScopeDecision:
        person = self._people[place]
        key = tuple(map(person.attributes.get, self._names))
        if not all(value is None or type(value) is str for value in key):
            return self._scope.decide(person)  # True and 1 are the same key, but not the same text
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._scope.decide(person)
        return known


def _names_read(scope: Scope) -> tuple[str, ...]:
    """Return every attribute that may decide, as written and by Entra's own name."""
    written = {clause.attribute for one in scope.filters for clause in one.clauses}
    names = written | {canonical(name) for name in written}
    if IS_SOFT_DELETED in names:
        names.add("accountEnabled")  # it is computed from this one
    return tuple(sorted(names))
