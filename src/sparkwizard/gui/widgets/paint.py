"""Paint what several widgets share: rounded boxes, focus rings, text cut to its room.

The window that is painted first needs it, so QStyle is not imported: its enums take as long to make
as twenty modules of ours to read.
"""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.look.theme import Theme

__all__ = ["focus_ring", "mirrored", "rounded", "text_line"]


def rounded(
    painter: QPainter,
    box: QRectF,
    *,
    radius: float,
    fill: QColor | None = None,
    edge: QColor | None = None,
    width: float = 1.0,
) -> None:
    """Paint a rounded box whose edge lies fully inside ``box``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, width) if edge is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    half = width / 2 if edge is not None else 0
    painter.drawRoundedRect(box.adjusted(half, half, -half, -half), radius, radius)
    painter.restore()


def focus_ring(
    widget: QWidget, painter: QPainter, *, radius: float, inset: float = 0, box: QRect | None = None
) -> None:
    """Paint the 2 px accent ring if ``widget`` has the keyboard."""
    if not widget.hasFocus():
        return
    ring = QRectF(box or widget.rect()).adjusted(inset, inset, -inset, -inset)
    rounded(painter, ring, radius=radius, edge=Theme.current().accent, width=2)


def mirrored(widget: QWidget, box: QRect) -> QRect:
    """Return where a box of ``widget`` stands: on the other side where text runs right to left."""
    if widget.layoutDirection() != Qt.LayoutDirection.RightToLeft:
        return box
    whole = widget.rect()
    return box.translated(whole.left() + whole.right() - box.left() - box.right(), 0)


def text_line(painter: QPainter, box: QRect, text: str, font: QFont, color: QColor) -> bool:
    """Paint one line of text from the leading side, cut where it must; tell whether it was cut."""
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.setFont(font)
    painter.setPen(color)
    align = Qt.AlignmentFlag
    backwards = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    side = align.AlignRight if backwards else align.AlignLeft
    painter.drawText(box, int(side | align.AlignVCenter | align.AlignAbsolute), shown)
    return shown != text
