"""Hold things together: cards, rows of names and values, the empty state."""

from collections.abc import Callable, Iterable
from typing import override

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import RADIUS_CARD, SPACE, Theme, Tone
from sparkwizard.gui.widgets.buttons import SecondaryButton
from sparkwizard.gui.widgets.labels import IconLabel, Label, WrapLabel
from sparkwizard.gui.widgets.paint import rounded

__all__ = ["Card", "EmptyState", "HLine", "KeyValueRows", "Section", "clear_layout"]


def clear_layout(layout: QLayout) -> None:
    """Remove and delete everything a layout holds."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear_layout(inner)


class Card(QWidget):
    """Frame a group with a rounded line; ``body`` is its layout.

    ``tone`` other than text gives the card the tint and edge of that tone.
    ``flush`` leaves the padding to the content.
    """

    def __init__(self, *, tone: str = Tone.TEXT, flush: bool = False) -> None:
        super().__init__()
        self._tone = tone
        self.body = QVBoxLayout(self)
        self._frame = _Frame(self) if flush else None
        if flush:
            self.body.setContentsMargins(1, 1, 1, 1)
            self.body.setSpacing(0)
        else:
            self.body.setContentsMargins(SPACE.l, 13, SPACE.l, 13)
            self.body.setSpacing(SPACE.s)

    def set_tone(self, tone: str) -> None:
        """Change what the card's colour means."""
        self._tone = tone
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the frame over the content."""
        super().resizeEvent(event)
        self._lift_frame()

    @override
    def event(self, event: QEvent) -> bool:
        """Keep the frame over content that was added."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._lift_frame()
        return super().event(event)

    def _lift_frame(self) -> None:
        if self._frame is not None:
            self._frame.setGeometry(self.rect())
            self._frame.raise_()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box."""
        theme = Theme.current()
        plain = self._tone == Tone.TEXT
        fill = theme.base if plain else theme.tint_of(self._tone)
        edge = theme.line if plain else theme.edge_of(self._tone)
        rounded(QPainter(self), QRectF(self.rect()), radius=RADIUS_CARD, fill=fill, edge=edge)


class _Frame(QWidget):
    """Lie over a card and paint its edge, and the page's colour outside the round corners."""

    def __init__(self, card: QWidget) -> None:
        super().__init__(card)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint edge and corners."""
        theme, painter, box = Theme.current(), QPainter(self), QRectF(self.rect())
        inside, outside = QPainterPath(), QPainterPath()
        inside.addRoundedRect(box, RADIUS_CARD, RADIUS_CARD)
        outside.addRect(box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(outside.subtracted(inside), theme.base)
        rounded(painter, box, radius=RADIUS_CARD, edge=theme.line)


class HLine(QFrame):
    """Part two groups with a 1 px line."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        QPainter(self).fillRect(self.rect(), Theme.current().line)


class Section(QWidget):
    """Put a heading, with a muted remark at its far end, over a group; ``body`` is its layout."""

    def __init__(self, title: str, remark: str = "") -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(SPACE.s)
        head = QHBoxLayout()
        self.title = Label(title, role="section")
        self.remark = Label(remark, tone=Tone.MUTED)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.remark)
        outer.addLayout(head)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE.s)
        outer.addLayout(self.body)


class KeyValueRows(QWidget):
    """Show muted names and their values in two columns; values can be selected and copied."""

    def __init__(
        self, rows: Iterable[tuple[str, str]] = (), *, name_width: int = 96, mono: bool = False
    ) -> None:
        super().__init__()
        self._mono = mono
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE.s)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnMinimumWidth(0, name_width)
        self._grid.setColumnStretch(1, 1)
        self.set_rows(rows)

    def set_rows(self, rows: Iterable[tuple[str, str]]) -> None:
        """Replace all rows by pairs of name and value."""
        clear_layout(self._grid)
        for name, value in rows:
            self.add_row(name, value)

    def add_row(self, name: str, value: str | QWidget) -> QWidget:
        """Add a row; a widget may stand in for the value."""
        row = self._grid.rowCount()
        label = Label(name, tone=Tone.MUTED)
        shown = value if isinstance(value, QWidget) else self._value(name, value)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(label, row, 0, top)
        self._grid.addWidget(shown, row, 1)
        return shown

    def _value(self, name: str, value: str) -> WrapLabel:
        shown = WrapLabel(value, role="mono" if self._mono else "")
        flags = Qt.TextInteractionFlag
        shown.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        shown.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        shown.setAccessibleName(f"{name}: {value}")
        return shown


class EmptyState(QWidget):
    """Say why a place is empty and what to do about it."""

    def __init__(
        self,
        icon_name: str,
        title: str,
        text: str = "",
        *,
        action: str = "",
        on_action: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(SPACE.s)
        self.mark = IconLabel(icon_name, tone=Tone.MUTED, size=40)
        self.title = WrapLabel(title, role="heading")
        self.text = WrapLabel(text, tone=Tone.MUTED)
        center = Qt.AlignmentFlag.AlignHCenter
        self.title.setAlignment(center)
        self.text.setAlignment(center)
        column.addStretch(1)
        column.addWidget(self.mark, 0, center)
        column.addWidget(self.title)
        column.addWidget(self.text)
        self.button = SecondaryButton(action, on_click=on_action)
        self.button.setVisible(bool(action))
        column.addSpacing(SPACE.xs)
        column.addWidget(self.button, 0, center)
        column.addStretch(1)

    def set_words(self, title: str, text: str = "") -> None:
        """Say something else."""
        self.title.setText(title)
        self.text.setText(text)
