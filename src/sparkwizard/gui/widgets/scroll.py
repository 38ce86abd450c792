"""Scroll a list of widgets; nothing else in the window scrolls but tables."""

from typing import override

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import Theme
from sparkwizard.gui.widgets.paint import rounded

__all__ = ["ScrollColumn"]


class ScrollColumn(QScrollArea):
    """Stack widgets in ``column`` and scroll them where the room is short, without a frame.

    Where only words are cut off, it is a stop of Tab itself, and the arrows scroll; where
    something in it takes the keyboard, that scrolls into view. ``arrows`` makes it a stop anyway.
    """

    def __init__(
        self, *, spacing: int = 0, name: str = "More to read", arrows: bool = False
    ) -> None:
        super().__init__()
        self._arrows = arrows
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inner = inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(spacing)
        self.setWidget(inner)
        for surface in (self, self.viewport(), inner):
            surface.setAutoFillBackground(False)
            surface.setProperty("surface", "none")
        self._ring = _Ring(self)
        # not at once: what is laid out is often only half there
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.timeout.connect(self._take_tab_where_needed)
        self.verticalScrollBar().rangeChanged.connect(self._look.start)

    def _take_tab_where_needed(self) -> None:
        cut = self.verticalScrollBar().maximum() > 0
        inside = self._inner.findChildren(QWidget)
        reached = any(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in inside)
        policy = Qt.FocusPolicy
        stop = cut and (self._arrows or not reached)
        self.setFocusPolicy(policy.TabFocus if stop else policy.NoFocus)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the arrows scroll here."""
        super().focusInEvent(event)
        self._ring.show()
        self._ring.raise_()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no more."""
        super().focusOutEvent(event)
        self._ring.hide()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the ring around what is seen."""
        super().resizeEvent(event)
        self._ring.setGeometry(self.rect())


class _Ring(QWidget):
    """Lie over what scrolls, and let everything through but the ring."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring."""
        box = QRectF(self.rect())
        rounded(QPainter(self), box, radius=4, edge=Theme.current().accent, width=2)
