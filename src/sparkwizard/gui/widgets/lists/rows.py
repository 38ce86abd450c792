"""Hold many rows for a table, and filter and sort them at once.

Qt's proxy model needs seconds to sort 100,000 rows; a list of row numbers needs milliseconds.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import override

import msgspec
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from sparkwizard.gui.calm.putting_away import put_away
from sparkwizard.gui.look.theme import Tone

__all__ = ["COLUMN_ROLE", "ICON_ROLE", "Column", "RowsModel"]

type _Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
COLUMN_ROLE = int(Qt.ItemDataRole.UserRole) + 1
ICON_ROLE = int(Qt.ItemDataRole.UserRole) + 2


class Column[R](msgspec.Struct, frozen=True):
    """Describe a column: its words, and how it shows one row.

    ``width`` is in pixels at the usual font; the column with ``stretch`` takes what is left.
    ``icon`` returns a name and a tone, or ``None``. ``sort_key`` defaults to the folded text.
    """

    title: str
    text: Callable[[R], str]
    icon: Callable[[R], tuple[str, str] | None] | None = None
    tone: str = Tone.TEXT
    strong: bool = False
    mono: bool = False
    numeric: bool = False
    width: int = 120
    stretch: bool = False
    searched: bool = True
    meaning: str = ""
    sort_key: Callable[[R], object] | None = None


class RowsModel[R](QAbstractTableModel):
    """Show frozen rows through columns; the view is a list of row numbers."""

    def __init__(self, columns: Sequence[Column[R]], rows: Iterable[R] = ()) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._rows: list[R] = []
        self._keys: list[str] = []
        # a range where nothing is filtered or sorted: of 100,000 rows that costs nothing
        self._view: Sequence[int] = range(0)
        self._needle = ""
        self._keep: Callable[[R], bool] | None = None
        self._sort: tuple[int, Qt.SortOrder] | None = None
        self.set_rows(rows)

    @property
    def rows(self) -> Sequence[R]:
        """Return all rows, in the order they came."""
        return self._rows

    def visible_rows(self) -> list[R]:
        """Return the rows that pass the filter, in the order shown."""
        return [self._rows[number] for number in self._view]

    def set_rows(self, rows: Iterable[R]) -> None:
        """Replace all rows; filter and sort order stay."""
        before = self._rows
        self.beginResetModel()
        self._rows = list(rows)
        self._keys = self._keys_of(self._rows)
        self._view = self._sorted(self._passing(range(len(self._rows))))
        self.endResetModel()
        put_away(before)

    def append_rows(self, rows: Iterable[R]) -> None:
        """Add a batch at the end; rows outside the filter stay hidden."""
        start = len(self._rows)
        self._rows.extend(rows)
        self._keys.extend(self._keys_of(self._rows[start:]))
        new = self._passing(range(start, len(self._rows)))
        if not new:
            return
        first = len(self._view)
        self.beginInsertRows(_NOWHERE, first, first + len(new) - 1)
        self._view = self._longer(new)
        self.endInsertRows()

    def search(self, text: str) -> None:
        """Keep rows that hold every word of ``text``, upper or lower case alike."""
        self._needle = text.casefold().strip()
        self._refilter()

    def keep(self, predicate: Callable[[R], bool] | None) -> None:
        """Keep rows for which ``predicate`` holds, beside the search; ``None`` keeps all."""
        self._keep = predicate
        self._refilter()

    def row_at(self, index: _Index) -> R | None:
        """Return the row that an index shows."""
        if not index.isValid() or not 0 <= index.row() < len(self._view):
            return None
        return self._rows[self._view[index.row()]]

    def find(self, predicate: Callable[[R], bool]) -> QModelIndex:
        """Return the index of the first shown row for which ``predicate`` holds, or none."""
        for place, number in enumerate(self._view):
            if predicate(self._rows[number]):
                return self.index(place, 0)
        return QModelIndex()

    @override
    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many rows pass the filter."""
        return 0 if parent.isValid() else len(self._view)

    @override
    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    @override
    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """Answer text, icon, column and what a screen reader says."""
        row = self.row_at(index)
        if row is None:
            return None
        column = self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.text(row)
        if role == COLUMN_ROLE:
            return column
        if role == ICON_ROLE:
            return column.icon(row) if column.icon else None
        return None

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> object:
        """Answer the words of a column and, as a tooltip, what they mean."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return column.meaning or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, or (-1) as rows came; selections stay on their rows."""
        self._sort = (column, order) if column >= 0 else None
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        numbers = [self._view[index.row()] for index in before]
        self._view = self._sorted(sorted(self._view))
        place = {number: at for at, number in enumerate(self._view)} if before else {}
        after = [
            self.index(place[number], index.column())
            for number, index in zip(numbers, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _refilter(self) -> None:
        self.beginResetModel()
        self._view = self._sorted(self._passing(range(len(self._rows))))
        self.endResetModel()

    def _longer(self, new: Sequence[int]) -> Sequence[int]:
        """Return the view with the numbers of new rows behind it."""
        view = self._view
        if isinstance(view, range) and isinstance(new, range) and view.stop == new.start:
            return range(view.start, new.stop)
        if not isinstance(view, list):
            view = list(view)
        view.extend(new)
        return view

    def _passing(self, numbers: Sequence[int]) -> Sequence[int]:
        found = numbers
        for word in self._needle.split():
            keys = self._keys
            found = [number for number in found if word in keys[number]]
        if self._keep is not None:
            keep, rows = self._keep, self._rows
            found = [number for number in found if keep(rows[number])]
        return found

    def _sorted(self, numbers: Sequence[int]) -> Sequence[int]:
        if self._sort is None:
            return numbers
        at, order = self._sort
        column = self.columns[at]
        key = column.sort_key or (lambda row: column.text(row).casefold())
        keys = {number: key(self._rows[number]) for number in numbers}
        down = order == Qt.SortOrder.DescendingOrder
        return sorted(numbers, key=keys.__getitem__, reverse=down)  # type: ignore[arg-type]  # a sort key of one column is comparable with itself

    def _keys_of(self, rows: Sequence[R]) -> list[str]:
        """Return what the search looks through, for each row."""
        texts = [column.text for column in self.columns if column.searched]
        return ["\n".join([text(row) for text in texts]).casefold() for row in rows]
