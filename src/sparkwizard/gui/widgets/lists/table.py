"""Show rows in a table: one delegate, no grid, a tint and an accent edge for the selection."""

from typing import cast, override

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from sparkwizard.gui.look.icons import paint_icon
from sparkwizard.gui.look.theme import Theme, mix, on_theme_change, tooltip_text
from sparkwizard.gui.widgets.cards import Card
from sparkwizard.gui.widgets.kept import keep_widths, kept_widths
from sparkwizard.gui.widgets.lists.row_ring import row_ring
from sparkwizard.gui.widgets.lists.rows import COLUMN_ROLE, ICON_ROLE, Column, RowsModel

__all__ = ["DataTable", "TableCard"]

type _Index = QModelIndex | QPersistentModelIndex

_PAD = 12
_ICON = 16
_ROW_HEIGHT = 33
_HEADER_HEIGHT = 32


class _RowDelegate(QStyledItemDelegate):
    """Paint a cell: selection tint, accent edge, icon, words, and the line under the row."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one cell."""
        theme = Theme.current()
        box = option.rect
        table = option.widget
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(box, theme.selection if selected else theme.base)
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, mix(theme.line, theme.base, 0.7))
        if selected and table is not None and _leading(table, index):
            painter.fillRect(_edge(box, table), theme.accent)
        column = cast("Column[object]", index.data(COLUMN_ROLE))
        mark = index.data(ICON_ROLE)
        if mark is not None:
            place = QStyle.visualRect(
                option.direction,
                box,
                QRect(box.left() + _PAD, box.center().y() - _ICON // 2, _ICON, _ICON),
            )
            paint_icon(painter, mark[0], QRectF(place), theme.color(mark[1]))
        words = words_box(box, column, has_icon=mark is not None)
        words = QStyle.visualRect(option.direction, box, words)
        self._words(painter, option, words, column, str(index.data()))

    @staticmethod
    def _words(
        painter: QPainter,
        option: QStyleOptionViewItem,
        box: QRect,
        column: Column[object],
        text: str,
    ) -> None:
        theme, font = Theme.current(), column_font(column)
        painter.setFont(font)
        painter.setPen(theme.color(column.tone))
        one_line = text.replace("\n", " ")
        elide = Qt.TextElideMode.ElideRight
        shown = QFontMetrics(font).elidedText(one_line, elide, box.width())
        flag = Qt.AlignmentFlag
        side = QStyle.visualAlignment(
            option.direction, flag.AlignRight if column.numeric else flag.AlignLeft
        )
        painter.drawText(box, int(side | flag.AlignVCenter), shown)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return what the words need."""
        column = cast("Column[object]", index.data(COLUMN_ROLE))
        width = QFontMetrics(column_font(column)).horizontalAdvance(str(index.data()))
        icon = _ICON + 6 if index.data(ICON_ROLE) else 0
        return QSize(width + icon + 2 * _PAD, _ROW_HEIGHT)


def _leading(table: QWidget, index: _Index) -> bool:
    return (
        isinstance(table, QTableView) and table.horizontalHeader().visualIndex(index.column()) == 0
    )


def _edge(box: QRect, table: QWidget) -> QRect:
    edge = QRect(box.left(), box.top(), 3, box.height())
    return QStyle.visualRect(table.layoutDirection(), box, edge)


def column_font(column: Column[object]) -> QFont:
    """Return the font of a column's cells; figures have one width."""
    font = Theme.font("mono" if column.mono else "strong" if column.strong else "body")
    if column.numeric:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def words_box(box: QRect, column: Column[object], *, has_icon: bool) -> QRect:
    """Return where the words of a cell stand, reading from the left."""
    lead = (4 if column.numeric else _PAD) + (_ICON + 6 if has_icon else 0)
    return box.adjusted(lead, 0, -_PAD if column.numeric else -6, 0)


class DataTable[R](QTableView):
    """Show a ``RowsModel``; one row at a time is selected, Ctrl+C copies it as tab-parted text."""

    row_selected = Signal(object)
    row_opened = Signal(object)

    def __init__(self, model: RowsModel[R], *, name: str, multiple: bool = False) -> None:
        super().__init__()
        self._rows = model
        self._name = name
        self._sizing = False
        self._by_hand = kept_widths(name)
        self.setAccessibleName(name)
        self.horizontalHeader().setAccessibleName(f"{name}, columns")
        self.setModel(model)
        self.setItemDelegate(_RowDelegate(self))
        self._quiet_look()
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if multiple else modes.SingleSelection)
        self.activated.connect(lambda index: self.row_opened.emit(model.row_at(index)))
        model.modelReset.connect(self._after_reset)
        on_theme_change(self, self._redress)
        self._size_columns()

    def _quiet_look(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setHighlightSections(False)
        across.setSectionsMovable(False)
        across.setMinimumSectionSize(36)
        across.setSectionsClickable(True)
        across.sectionClicked.connect(self._sort_by)
        across.sectionResized.connect(self._drawn)
        self._redress()

    def _redress(self) -> None:
        line = QFontMetrics(Theme.font()).height()
        self.verticalHeader().setDefaultSectionSize(max(_ROW_HEIGHT, line + 15))
        self.horizontalHeader().setFixedHeight(max(_HEADER_HEIGHT, line + 14))
        # the bar starts below the header, so that it never covers the last heading
        top = self.horizontalHeader().height()
        self.verticalScrollBar().setStyleSheet(
            f"QScrollBar:vertical {{ margin-top: {top + 2}px; }}"
        )
        self.viewport().update()

    def selected_row(self) -> R | None:
        """Return the selected row."""
        found = self.selectionModel().selectedRows() if self.selectionModel() else []
        return self._rows.row_at(found[0]) if found else None

    def selected_rows(self) -> list[R]:
        """Return the selected rows from the top."""
        indexes = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        rows = (self._rows.row_at(index) for index in indexes)
        return [row for row in rows if row is not None]

    def select_first(self) -> None:
        """Select the first row, if there is one."""
        if self._rows.rowCount():
            self.selectRow(0)

    @override
    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Say which row is selected now."""
        super().selectionChanged(selected, deselected)
        self.row_selected.emit(self.selected_row())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy with Ctrl+C; Enter opens the row and does not press the wizard's button."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.row_opened.emit(self._rows.row_at(self.currentIndex()))
            event.accept()
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and the ring around the one that has the keyboard."""
        super().paintEvent(event)
        row_ring(self)

    def copy_selection(self) -> None:
        """Copy the selected rows, cells parted by tabs."""
        lines = [
            "\t".join(column.text(row) for column in self._rows.columns)
            for row in self.selected_rows()
        ]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        """Show the whole text of a cell that was cut."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            if index.isValid():
                text = self.tooltip_of(index)
                QToolTip.showText(event.globalPos(), text, self.viewport(), self.visualRect(index))
                return True
        return super().viewportEvent(event)

    def tooltip_of(self, index: QModelIndex) -> str:
        """Return the whole text of a cell if it was cut, else nothing."""
        column = self._rows.columns[index.column()]
        has_icon = index.data(ICON_ROLE) is not None
        room = words_box(self.visualRect(index), cast("Column[object]", column), has_icon=has_icon)
        text = str(index.data())
        metrics = QFontMetrics(column_font(cast("Column[object]", column)))
        cut = metrics.horizontalAdvance(text) > room.width()
        return tooltip_text(text) if cut or "\n" in text else ""

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns."""
        super().resizeEvent(event)
        self._size_columns()

    @override
    def minimumSizeHint(self) -> QSize:
        """Accept three rows."""
        return QSize(160, _HEADER_HEIGHT + 3 * _ROW_HEIGHT)

    def _drawn(self, at: int, _before: int, width: int) -> None:
        """Keep a width that a person drew; the other columns share what is left."""
        if not self._sizing and QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._by_hand[at] = width
            keep_widths(self._name, self._by_hand)

    def _size_columns(self) -> None:
        columns = self._rows.columns
        by_hand = {at: width for at, width in self._by_hand.items() if at < len(columns)}
        widths = [by_hand.get(at, column.width) for at, column in enumerate(columns)]
        free = [at for at, column in enumerate(columns) if column.stretch and at not in by_hand]
        free = free or [len(columns) - 1]
        room, wanted = self.viewport().width(), sum(widths)
        for at, width in enumerate(widths):
            if wanted > room:
                widths[at] = max(36, width * room // max(1, wanted))
            elif at in free:
                rest = room - wanted + sum(widths[one] for one in free)
                widths[at] = rest // len(free)
        self._sizing = True
        for at, width in enumerate(widths):
            self.setColumnWidth(at, width)
        self._sizing = False

    def _sort_by(self, section: int) -> None:
        header = self.horizontalHeader()
        # a header that shows its arrow has turned it round before it tells of the click
        shown = header.isSortIndicatorShown()
        order = header.sortIndicatorOrder() if shown else Qt.SortOrder.AscendingOrder
        header.setSortIndicatorShown(True)
        header.setSortIndicator(section, order)
        self._rows.sort(section, order)

    def _after_reset(self) -> None:
        self.row_selected.emit(None)


class TableCard[R](Card):
    """Frame a table with a rounded line, and show another widget where there are no rows."""

    def __init__(self, table: DataTable[R], *, empty: QWidget | None = None) -> None:
        super().__init__(flush=True)
        self.table, self.empty = table, empty
        self._stack = QStackedLayout()
        self._stack.addWidget(table)
        if empty is not None:
            self._stack.addWidget(empty)
        self.body.addLayout(self._stack)
        model = table.model()
        model.modelReset.connect(self._choose)
        model.rowsInserted.connect(self._choose)
        self._choose()

    def _choose(self) -> None:
        bare = self.empty is not None and self.table.model().rowCount() == 0
        self._stack.setCurrentIndex(1 if bare else 0)
        if self.empty is not None:  # what is not shown claims no room
            policy = QSizePolicy.Policy
            self.empty.setSizePolicy(policy.Preferred, policy.Preferred if bare else policy.Ignored)
