"""Paint a QR code. Dark on white in both themes: scanners expect it so."""

from typing import override

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

__all__ = ["QrPicture"]

type Modules = tuple[tuple[bool, ...], ...]

_QUIET = 4  # modules of white around, as ISO/IEC 18004 asks for
_SIDE = 148


class QrPicture(QWidget):
    """Show the modules of a QR code, True for dark, row by row; nothing until there are any."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._modules: Modules = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_modules(self, modules: Modules) -> None:
        """Show another code."""
        self._modules = modules
        self.setVisible(bool(modules))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        """Be square, and large enough for a phone held in the hand."""
        return QSize(_SIDE, _SIDE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint white paper and the dark modules, each on whole device pixels."""
        if not self._modules:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        ratio = self.devicePixelRatioF()
        across = len(self._modules) + 2 * _QUIET
        size = max(1, int(self.width() * ratio / across)) / ratio
        edge = (self.width() - size * len(self._modules)) / 2
        start = round(edge * ratio) / ratio
        for row, modules in enumerate(self._modules):
            for column, dark in enumerate(modules):
                if dark:
                    box = QRectF(start + column * size, start + row * size, size, size)
                    painter.fillRect(box, Qt.GlobalColor.black)
