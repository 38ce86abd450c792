"""How large a window is: as drawn for the usual font, larger where letters are larger."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QApplication

__all__ = ["LEAST", "USUAL", "grown", "roomy"]

USUAL, LEAST = QSize(960, 680), QSize(800, 600)
_USUAL_LINE = 17  # pixels of a line; fonts of 12 to 13 pixels have 14 to 17
_FRAME = QSize(16, 40)  # what a window manager may put around


def roomy(size: QSize) -> QSize:
    """Return a size for the application's font, not larger than the screen."""
    screen = QGuiApplication.primaryScreen()
    room = screen.availableSize() - _FRAME if screen is not None else size
    return grown(size, QFontMetrics(QApplication.font()).height(), room)


def grown(size: QSize, line: int, room: QSize) -> QSize:
    """Return ``size`` in step with the height of a line, within ``room`` but never less."""
    factor = max(1.0, line / _USUAL_LINE)
    wanted = QSize(round(size.width() * factor), round(size.height() * factor))
    return wanted.boundedTo(room).expandedTo(size)
