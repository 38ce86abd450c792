"""Show in a list which row has the keyboard, also where no row is selected."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView

from sparkwizard.gui.look.theme import Theme
from sparkwizard.gui.widgets.paint import rounded

__all__ = ["row_ring"]


def row_ring(view: QAbstractItemView) -> None:
    """Paint the ring around the current row, or around an empty list, if it has the keyboard."""
    if not view.hasFocus():
        return
    viewport, index = view.viewport(), view.currentIndex()
    box = viewport.rect()
    if index.isValid():
        row = view.visualRect(index)
        box = QRect(0, row.top(), viewport.width(), row.height() - 1)
    ring = QRectF(box).adjusted(1, 0, -1, 0)
    rounded(QPainter(viewport), ring, radius=4, edge=Theme.current().accent, width=2)
