"""People's attributes column by column, and rows of a table of such columns."""

from collections.abc import ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from itertools import compress, count, islice, pairwise, repeat
from operator import is_not
from typing import Any, cast

import msgspec

from sparkwizard.provisioning.source.attributes import IS_SOFT_DELETED, attributes_for_rules
from sparkwizard.provisioning.types import Person

__all__ = ["SourceColumns", "SourceRow", "source_column", "source_rows"]

_COMPUTED = frozenset(("True", "False"))

type _Table = Mapping[str, Sequence[object]]
type _Run = tuple[_Table, slice | list[int]]
"""A table, and where in it rows are."""


class SourceRow(msgspec.Struct, frozen=True, eq=False, gc=False):
    """Look a row of a table up by the names of its columns; an empty cell is no attribute.

    Cells are empty with None or an empty text. Rows of people who came together share the table: a
    dict for each would take three times the memory, and most of the time that a row takes.
    """

    table: _Table
    place: int

    def __getitem__(self, name: str) -> object:
        if cell := self.table[name][self.place]:
            return cell
        raise KeyError(name)

    def get(self, name: str, default: Any = None) -> Any:
        """Return the cell under a name, ``default`` where there is none or it is empty."""
        column = self.table.get(name)
        return default if column is None else column[self.place] or default

    def __iter__(self) -> Iterator[str]:
        return (name for name, column in self.table.items() if column[self.place])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return any(name == one for one in self)

    def keys(self) -> KeysView[str]:
        """Return the names of attributes."""
        return KeysView(cast("Mapping[str, object]", self))

    def items(self) -> ItemsView[str, object]:
        """Return names and values of attributes."""
        return ItemsView(cast("Mapping[str, object]", self))

    def values(self) -> ValuesView[object]:
        """Return the values of attributes."""
        return ValuesView(cast("Mapping[str, object]", self))

    __hash__ = None  # type: ignore[assignment]  # equal to dicts

    def __eq__(self, other: object) -> bool:
        return dict(self.items()) == dict(other) if isinstance(other, Mapping) else NotImplemented

    def __repr__(self) -> str:
        return repr(dict(self.items()))


Mapping.register(SourceRow)


def source_rows(columns: Mapping[str, Sequence[object]]) -> Iterator[Mapping[str, object]]:
    """Return the rows of these columns, of which there is one at least and all are as long."""
    rows = map(SourceRow, repeat(columns), range(len(next(iter(columns.values())))))
    return cast("Iterator[Mapping[str, object]]", rows)


class SourceColumns:
    """Hold the attributes of some people as rules see them, by column; None for no value."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.rows: Sequence[Mapping[str, object]] = [person.attributes for person in people]
        self._runs = _runs(self.rows)
        self._columns: dict[str, Sequence[object]] = {}
        if not _COMPUTED.issuperset(self.get(IS_SOFT_DELETED)):
            self.rows = list(map(attributes_for_rules, self.rows))
            self._runs, self._columns = None, {}

    def get(self, name: str) -> Sequence[object]:
        """Return everybody's value of one attribute."""
        if name not in self._columns:
            self._columns[name] = _column(self._runs, self.rows, name)
        return self._columns[name]


def source_column(people: Sequence[Person], name: str) -> Sequence[object]:
    """Return everybody's value of one attribute as the source has it; None for no value."""
    rows = [person.attributes for person in people]
    return _column(_runs(rows), rows, name)


def _runs(rows: Sequence[Mapping[str, object]]) -> list[_Run] | None:
    """Return the tables of rows that came together; None where some are of no table."""
    given = cast("Sequence[SourceRow]", rows)
    try:
        tables = [row.table for row in given]
    except AttributeError:  # a dict
        return None
    places = [row.place for row in given]
    ends = compress(count(1), map(is_not, tables, islice(tables, 1, None)))
    bounds = pairwise((0, *ends, len(rows))) if rows else ()
    return [(tables[start], _together(places[start:end])) for start, end in bounds]


def _together(places: list[int]) -> slice | list[int]:
    """Return places as a slice where they follow each other."""
    several = slice(places[0], places[0] + len(places))
    return several if places == list(range(several.start, several.stop)) else places


def _column(
    runs: Sequence[_Run] | None, rows: Sequence[Mapping[str, object]], name: str
) -> Sequence[object]:
    if runs is None:
        return [row.get(name) for row in rows]
    if len(runs) == 1:
        return _cells(runs[0], name)
    found: list[object] = []
    for run in runs:
        found += _cells(run, name)
    return found


def _cells(run: _Run, name: str) -> Sequence[object]:
    """Return the values of one attribute in a run; None for no value."""
    table, places = run
    column = table.get(name)
    if column is None:
        number = places.stop - places.start if isinstance(places, slice) else len(places)
        return [None] * number
    cells = column[places] if isinstance(places, slice) else [column[place] for place in places]
    return [cell or None for cell in cells] if "" in cells else cells
