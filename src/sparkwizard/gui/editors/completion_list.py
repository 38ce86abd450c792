"""List what could be written next, under the caret; the field that is typed in keeps the keyboard.

It is a child of the dialog, not a window of its own: nothing takes the focus away from typing.
"""

from collections.abc import Sequence
from typing import override

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from sparkwizard.gui.look.theme import Theme, on_theme_change, tooltip_text
from sparkwizard.gui.widgets import announce
from sparkwizard.provisioning.expressions import Completion

__all__ = ["CompletionList"]

type _Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_OFFER = int(Qt.ItemDataRole.UserRole) + 1
_MOST_ROWS, _WIDTH, _PAD, _GAP = 8, 430, 10, 14


class _Offers(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.offers: Sequence[Completion] = ()

    def show(self, offers: Sequence[Completion]) -> None:
        self.beginResetModel()
        self.offers = offers
        self.endResetModel()

    @override
    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.offers)

    @override
    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid() or index.row() >= len(self.offers):
            return None
        offer = self.offers[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(offer)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(spoken(offer))
        return offer if role == _OFFER else None


def spoken(offer: Completion) -> str:
    """Return an offer in words, for tooltips and screen readers."""
    name = offer.detail or f"[{offer.label}]"
    absent = "" if offer.present else " (the source has no such column)"
    return f"{name}: {offer.meaning}{absent}" if offer.meaning else f"{name}{absent}"


class _OfferDelegate(QStyledItemDelegate):
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, offer = Theme.current(), index.data(_OFFER)
        box: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(box, theme.selection if chosen else theme.base)
        if chosen:
            painter.fillRect(box.left(), box.top(), 3, box.height(), theme.accent)
        name = f"{offer.label}(…)" if offer.kind == "function" else f"[{offer.label}]"
        mono, note = Theme.font("mono"), Theme.font("note")
        room = box.adjusted(_PAD, 0, -_PAD, 0)
        half = max(QFontMetrics(mono).horizontalAdvance(name), room.width() * 2 // 5)
        painter.setFont(mono)
        painter.setPen(theme.text if offer.present else theme.muted)
        self._words(painter, mono_box := QRect(room), name, QFontMetrics(mono))
        mono_box.setLeft(room.left() + half + _GAP)
        painter.setFont(note)
        painter.setPen(theme.muted)
        self._words(painter, mono_box, offer.meaning, QFontMetrics(note))

    @staticmethod
    def _words(painter: QPainter, box: QRect, text: str, metrics: QFontMetrics) -> None:
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, box.width()))
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, int(side), shown)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(_WIDTH, _row_height())


def _row_height() -> int:
    return QFontMetrics(Theme.font("mono")).height() + 10


class CompletionList(QListView):
    """Show offers beside a caret; ``taken`` says the one that was chosen with the mouse."""

    taken = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self._offers = _Offers()
        self.setModel(self._offers)
        self.setItemDelegate(_OfferDelegate(self))
        self.setAccessibleName("What could be written here")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.Box)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda index: self.taken.emit(index.data(_OFFER)))
        self._redress()
        on_theme_change(self, self._redress)
        self.hide()

    def _redress(self) -> None:
        theme = Theme.current()
        self.setStyleSheet(
            f"QListView {{ background: {theme.base.name()}; outline: none;"
            f" border: 1px solid {theme.edge.name()}; }}"
        )

    @property
    def offers(self) -> Sequence[Completion]:
        """Return what is offered, best first."""
        return self._offers.offers

    def current(self) -> Completion | None:
        """Return the offer that Enter would take."""
        found = self.currentIndex().data(_OFFER)
        return found if isinstance(found, Completion) else None

    def offer(self, offers: Sequence[Completion], caret: QRect) -> None:
        """Show offers under the caret, a rectangle in the parent's coordinates, or above it."""
        self._offers.show(offers)
        self.setCurrentIndex(self._offers.index(0))
        rows = min(len(offers), _MOST_ROWS)
        height, room = rows * _row_height() + 2, self._room.rect()
        width = min(_WIDTH, room.width() - 8)
        left = max(4, min(caret.left() - _PAD, room.width() - width - 4))
        below, above = room.height() - caret.bottom() - 6, caret.top() - 6
        if height > below and above > below:
            height = min(height, above)
            top = caret.top() - height - 3
        else:
            height = min(height, below)
            top = caret.bottom() + 3
        self.setGeometry(left, top, width, height)
        self.show()
        self.raise_()
        self._tell()

    def step(self, by: int) -> None:
        """Choose the offer so many rows further down, or up."""
        row = min(max(self.currentIndex().row() + by, 0), self._offers.rowCount() - 1)
        self.setCurrentIndex(self._offers.index(row))
        self._tell()

    def _tell(self) -> None:
        current = self.current()
        if current is not None:
            announce(self, spoken(current))
