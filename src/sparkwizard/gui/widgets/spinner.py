"""Turn while something runs."""

from typing import override

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.look.theme import Theme

__all__ = ["Spinner"]


class Spinner(QWidget):
    """Turn an arc while something runs."""

    def __init__(self, size: int = 20) -> None:
        super().__init__()
        self.setFixedSize(size, size)
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(60)
        self._timer.timeout.connect(self._turn)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Turn while visible."""
        super().showEvent(event)
        self._timer.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while hidden."""
        super().hideEvent(event)
        self._timer.stop()

    def _turn(self) -> None:
        self._angle = (self._angle + 24) % 360
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the arc on its track."""
        theme, painter = Theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        for color, start, sweep in ((theme.track, 0, 360), (theme.accent, -self._angle, 100)):
            pen = QPen(color, 2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(box, start * 16, sweep * 16)
