"""People's attributes column by column, and rows of a table that share one header."""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, cast

from sparkwizard.provisioning.portions import set_of
from sparkwizard.provisioning.source_attributes import IS_SOFT_DELETED, attributes_for_rules
from sparkwizard.provisioning.types import Person

__all__ = ["SourceColumns", "SourceRow", "source_column"]

_COMPUTED = frozenset(("True", "False"))


class SourceRow(Mapping[str, object]):
    """Look a row of a table up by the names of its columns; an empty cell is no attribute.

    Cells are empty with None or an empty text. ``header`` gives each name's place and is shared by
    all rows: a dict of each row's own would take three times the memory, and most of the time that
    a row takes.
    """

    __slots__ = ("cells", "header")

    def __init__(self, header: Mapping[str, int], cells: tuple[object, ...]) -> None:
        self.header = header
        self.cells = cells

    def __getitem__(self, name: str) -> object:
        if cell := self.cells[self.header[name]]:
            return cell
        raise KeyError(name)

    def get(self, name: str, default: Any = None) -> Any:
        """Return the cell under a name, ``default`` where there is none or it is empty."""
        place = self.header.get(name)
        return default if place is None else self.cells[place] or default

    def __iter__(self) -> Iterator[str]:
        return (name for name, cell in zip(self.header, self.cells, strict=True) if cell)

    def __len__(self) -> int:
        return sum(map(bool, self.cells))

    def __repr__(self) -> str:
        return repr(dict(self))


class SourceColumns:
    """Hold the attributes of some people as rules see them, by column; None for no value."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.rows: Sequence[Mapping[str, object]] = [person.attributes for person in people]
        self._columns: dict[str, Sequence[object]] = _by_header(self.rows)
        self._whole = bool(self._columns)
        if not _COMPUTED.issuperset(self.get(IS_SOFT_DELETED)):
            self.rows = list(map(attributes_for_rules, self.rows))
            self._columns = {}
            self._whole = False

    def get(self, name: str) -> Sequence[object]:
        """Return everybody's value of one attribute."""
        found = self._columns.get(name)
        if found is None:
            found = [None] * len(self.rows) if self._whole else [r.get(name) for r in self.rows]
            self._columns[name] = found
        return found


def source_column(people: Sequence[Person], name: str) -> Sequence[object]:
    """Return everybody's value of one attribute as the source has it; None for no value."""
    rows = [person.attributes for person in people]
    header = _header_of(rows)
    if header is None:
        return [row.get(name) for row in rows]
    place = header.get(name)
    if place is None:
        return [None] * len(rows)
    return [row.cells[place] or None for row in cast("list[SourceRow]", rows)]


def _header_of(rows: Sequence[Mapping[str, object]]) -> Mapping[str, int] | None:
    """Return the header that all rows share, None where they do not."""
    if set_of(map(type, rows)) != {SourceRow}:
        return None
    headers = list(map(attrgetter("header"), rows))
    return headers[0] if len(set_of(map(id, headers))) == 1 else None


def _by_header(rows: Sequence[Mapping[str, object]]) -> dict[str, Sequence[object]]:
    header = _header_of(rows)
    if header is None:
        return {}
    columns = zip(*(row.cells for row in cast("list[SourceRow]", rows)), strict=True)
    return {
        name: [cell or None for cell in column] if "" in column else column
        for name, column in zip(header, columns, strict=True)
    }
