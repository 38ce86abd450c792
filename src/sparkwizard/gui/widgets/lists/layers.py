"""Show the layers of a diagnosis: a row each, opening to its evidence and its fix."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import override

import msgspec
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from sparkwizard.gui.look.icons import paint_icon
from sparkwizard.gui.look.theme import RADIUS_CONTROL, SPACE, Theme, Tone
from sparkwizard.gui.widgets.announcing import announce
from sparkwizard.gui.widgets.buttons import LinkButton, SecondaryButton
from sparkwizard.gui.widgets.cards import Card, HLine, clear_layout
from sparkwizard.gui.widgets.columns import Columns
from sparkwizard.gui.widgets.labels import Label, MonoLabel, WrapLabel
from sparkwizard.gui.widgets.paint import focus_ring, text_line
from sparkwizard.gui.widgets.scroll import ScrollColumn

__all__ = ["ExpandingRow", "LayerFix", "LayerList", "LayerRow", "LayerState"]


class LayerState(StrEnum):
    """Say how a layer stands."""

    WAITING = "waiting"
    RUNNING = "running"
    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


_MARKS: dict[LayerState, tuple[str, Tone, str]] = {
    LayerState.WAITING: ("clock", Tone.MUTED, "not tested yet"),
    LayerState.RUNNING: ("refresh", Tone.ACCENT, "being tested"),
    LayerState.PASSED: ("success", Tone.SUCCESS, "passed"),
    LayerState.WARNING: ("warning", Tone.WARNING, "needs attention"),
    LayerState.FAILED: ("fail", Tone.DANGER, "failed"),
    LayerState.SKIPPED: ("skip", Tone.MUTED, "not checked"),
}


class LayerFix(msgspec.Struct, frozen=True):
    """Offer one thing to do: a button with ``run``, or a link with ``url``."""

    label: str
    run: Callable[[], object] | None = None
    url: str = ""
    icon: str = ""


class LayerRow(msgspec.Struct, frozen=True):
    """Describe one row: name, summary, duration, and what it opens to."""

    name: str
    state: LayerState
    summary: str = ""
    milliseconds: int | None = None
    explanation: str = ""
    evidence: str = ""
    fix: str = ""
    fixes: tuple[LayerFix, ...] = ()
    evidence_title: str = "What was said"

    @property
    def opens(self) -> bool:
        """Tell whether there is more to see."""
        return bool(self.explanation or self.evidence or self.fix or self.fixes)


class _Head(QAbstractButton):
    """Paint the closed line of a row: mark, name, summary, time, chevron."""

    def __init__(self, row: LayerRow) -> None:
        super().__init__()
        self.row = row
        self.setCheckable(row.opens)
        focus = Qt.FocusPolicy.StrongFocus if row.opens else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(focus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        _icon, _tone, words = _MARKS[row.state]
        self.setAccessibleName(f"{row.name}, {words}. {row.summary}")
        self.toggled.connect(self._describe)
        self._describe()

    @override
    def sizeHint(self) -> QSize:
        """Be 38 px high at the usual font."""
        return QSize(320, max(38, QFontMetrics(self.font()).height() + 20))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Right, close with Left, toggle with Enter and space."""
        key = event.key()
        if (
            key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            or (key == Qt.Key.Key_Right and not self.isChecked())
            or (key == Qt.Key.Key_Left and self.isChecked())
        ):
            self.click()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        theme, painter = Theme.current(), QPainter(self)
        width, height = self.width(), self.height()
        name, tone, _words = _MARKS[self.row.state]
        mark = self._place(QRect(SPACE.l, (height - 20) // 2, 20, 20))
        paint_icon(painter, name, QRectF(mark), theme.color(tone))
        strong, body = theme.font("strong"), theme.font()
        name_width = min(124, width // 3)
        text_line(
            painter,
            self._place(QRect(46, 0, name_width, height)),
            self.row.name,
            strong,
            theme.text,
        )
        time = "\N{EN DASH}" if self.row.milliseconds is None else f"{self.row.milliseconds:,} ms"
        time_width = QFontMetrics(body).horizontalAdvance(time)
        right = width - (40 if self.row.opens else SPACE.l)
        text_line(
            painter,
            self._place(QRect(right - time_width, 0, time_width + 1, height)),
            time,
            body,
            theme.muted,
        )
        left = 46 + name_width
        room = self._place(QRect(left, 0, max(0, right - time_width - left - 12), height))
        strong_state = self.row.state in (LayerState.FAILED, LayerState.RUNNING)
        color = theme.text if strong_state or self.isChecked() else theme.muted
        cut = text_line(painter, room, self.row.summary, body, color)
        self.setToolTip(self.row.summary if cut else "")
        if self.row.opens:
            chevron = "chevron-down" if self.isChecked() else "chevron-right"
            box = self._place(QRect(width - 30, (height - 16) // 2, 16, 16))
            paint_icon(painter, chevron, QRectF(box), theme.muted)
        focus_ring(self, painter, radius=RADIUS_CONTROL, inset=3)

    def _place(self, box: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), box)

    def _describe(self) -> None:
        if self.row.opens:
            self.setAccessibleDescription("Open" if self.isChecked() else "Closed")


class _Evidence(QFrame):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.setProperty("evidence", "true")
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 8, 10, 8)
        box.addWidget(MonoLabel(text))


class ExpandingRow(QWidget):
    """Show one layer, closed or open."""

    toggled = Signal(bool)

    def __init__(self, row: LayerRow) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.head = _Head(row)
        column.addWidget(self.head)
        self.detail = self._build(row) if row.opens else QWidget()
        self.detail.setVisible(False)
        column.addWidget(self.detail)
        self.head.toggled.connect(self.detail.setVisible)
        self.head.toggled.connect(self.toggled)

    def open(self, opened: bool = True) -> None:
        """Open or close the row."""
        if self.head.isCheckable():
            self.head.setChecked(opened)

    def _build(self, row: LayerRow) -> QWidget:
        detail = QWidget()
        column = QVBoxLayout(detail)
        column.setContentsMargins(46, 0, SPACE.l, SPACE.m)
        column.setSpacing(SPACE.s)
        if row.explanation:
            column.addWidget(WrapLabel(row.explanation))
        sides = [side for side in (self._evidence(row), self._fix(row)) if side is not None]
        if sides:
            column.addWidget(Columns(*sides, stack_below=440))
        return detail

    @staticmethod
    def _evidence(row: LayerRow) -> QWidget | None:
        if not row.evidence:
            return None
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.xs)
        column.addWidget(Label(row.evidence_title, role="strong", tone=Tone.MUTED))
        column.addWidget(_Evidence(row.evidence))
        column.addStretch(1)
        return side

    @staticmethod
    def _fix(row: LayerRow) -> QWidget | None:
        if not (row.fix or row.fixes):
            return None
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.xs)
        column.addWidget(Label("What to do", role="strong", tone=Tone.MUTED))
        column.addWidget(WrapLabel(row.fix))
        actions = QHBoxLayout()
        actions.setSpacing(SPACE.m)
        for fix in row.fixes:
            actions.addWidget(
                LinkButton(fix.label, fix.url)
                if fix.url
                else SecondaryButton(fix.label, icon_name=fix.icon, on_click=fix.run)
            )
        actions.addStretch(1)
        column.addSpacing(SPACE.xs)
        column.addLayout(actions)
        column.addStretch(1)
        return side


class LayerList(Card):
    """List the layers of a diagnosis; they may come one by one, and failed ones open themselves."""

    def __init__(self, rows: Iterable[LayerRow] = (), *, name: str = "Diagnosis") -> None:
        super().__init__(flush=True)
        self.setAccessibleName(name)
        self._scroll = ScrollColumn()
        self._column = self._scroll.column
        self.body.addWidget(self._scroll)
        self._rows: list[ExpandingRow] = []
        self.set_rows(rows)

    def set_rows(self, rows: Iterable[LayerRow]) -> None:
        """Replace all rows; which ones were open by name stays so."""
        opened = {row.head.row.name for row in self._rows if row.head.isChecked()}
        clear_layout(self._column)
        self._rows = []
        for row in rows:
            added = self.add_row(row, quiet=True)
            if row.name in opened:
                added.open()

    def add_row(self, row: LayerRow, *, quiet: bool = False) -> ExpandingRow:
        """Add a row at the end, and say its outcome to screen readers unless ``quiet``."""
        if self._rows:
            self._column.takeAt(self._column.count() - 1)
            self._column.addWidget(HLine())
        shown = ExpandingRow(row)
        self._column.addWidget(shown)
        self._column.addStretch(1)
        self._rows.append(shown)
        if row.state is LayerState.FAILED:
            shown.open()
        if not quiet:
            announce(self, shown.head.accessibleName(), urgent=row.state is LayerState.FAILED)
        return shown

    def rows(self) -> tuple[ExpandingRow, ...]:
        """Return the rows from the top."""
        return tuple(self._rows)
