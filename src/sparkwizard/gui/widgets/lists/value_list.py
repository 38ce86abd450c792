"""Show one person's attributes one below the other: name above, value below, old beside new."""

from collections.abc import Iterable, Sequence
from typing import override

import msgspec
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from sparkwizard.gui.look.theme import Theme, Tone, mix, on_theme_change, tooltip_text
from sparkwizard.gui.widgets.lists.row_ring import row_ring

__all__ = ["ValueList", "ValueRow"]

type _Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_PAD, _LINE_GAP, _ARROW = 12, 2, "  →  "


class ValueRow(msgspec.Struct, frozen=True):
    """Hold one attribute's value; ``before`` is the one of now where it is known and differs."""

    name: str
    value: str
    before: str | None = None
    note: str = ""
    problem: bool = False

    @property
    def line(self) -> str:
        """Return the second line in words."""
        value = self.value or self.note or "empty"
        if self.before is None:
            return value
        return f"{self.before or 'empty'}{_ARROW}{value}"

    @property
    def spoken(self) -> str:
        """Return the whole row in words, for tooltips, copying and screen readers."""
        return f"{self.name}: {self.line}"


class _RowsOfValues(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[ValueRow, ...] = ()

    def show_rows(self, rows: Iterable[ValueRow]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    @override
    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(row.spoken)
        return row if role == _ROW_ROLE else None


class _TwoLines(QStyledItemDelegate):
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, row = Theme.current(), index.data(_ROW_ROLE)
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        fill = theme.selection if state & QStyle.StateFlag.State_Selected else theme.base
        painter.fillRect(box, theme.tint if row.before is not None else fill)
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, mix(theme.line, theme.base, 0.7))
        note, body = Theme.font("note"), Theme.font("body")
        small, big = QFontMetrics(note), QFontMetrics(body)
        top = box.top() + (box.height() - small.height() - big.height() - _LINE_GAP) // 2
        room = box.width() - 2 * _PAD
        first = QRect(box.left() + _PAD, top, room, small.height())
        second = QRect(box.left() + _PAD, first.bottom() + 1 + _LINE_GAP, room, big.height())
        side = QStyle.visualAlignment(QGuiApplication.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
        flags = int(side | Qt.AlignmentFlag.AlignVCenter)
        right = Qt.TextElideMode.ElideRight
        painter.setFont(note)
        painter.setPen(theme.muted)
        painter.drawText(first, flags, small.elidedText(row.name, right, room))
        pale = not row.value or row.problem
        tone = Tone.DANGER if row.problem else Tone.MUTED
        painter.setFont(body)
        painter.setPen(theme.color(tone) if pale else theme.text)
        one_line = row.line.replace("\n", " ")
        painter.drawText(second, flags, big.elidedText(one_line, right, room))

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        lines = QFontMetrics(Theme.font("note")).height() + QFontMetrics(Theme.font()).height()
        return QSize(120, lines + 13)


class ValueList(QListView):
    """Show ``ValueRow``s; arrow keys move, Ctrl+C copies the selected ones or all."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._values = _RowsOfValues()
        self.setModel(self._values)
        self.setItemDelegate(_TwoLines(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setStyleSheet("QListView { background: transparent; border: none; outline: none; }")
        on_theme_change(self, self._redress)

    @property
    def rows(self) -> Sequence[ValueRow]:
        """Return what is shown."""
        return self._values.rows

    def show_rows(self, rows: Iterable[ValueRow]) -> None:
        """Show other rows; the place stays where the list is as long as before."""
        place = self.verticalScrollBar().value()
        self._values.show_rows(rows)
        self.verticalScrollBar().setValue(place)

    def reveal(self, at: int) -> None:
        """Select a row and bring it into view."""
        index = self._values.index(at)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy with Ctrl+C."""
        if event.matches(QKeySequence.StandardKey.Copy):
            chosen = self.selectedIndexes()
            rows = [self.rows[index.row()] for index in chosen] or list(self.rows)
            QGuiApplication.clipboard().setText("\n".join(row.spoken for row in rows))
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and the ring around the one that has the keyboard."""
        super().paintEvent(event)
        row_ring(self)

    @override
    def minimumSizeHint(self) -> QSize:
        """Accept two rows."""
        return QSize(120, 90)

    def _redress(self) -> None:
        self.viewport().update()
        self.scheduleDelayedItemsLayout()
