"""Show the function whose arguments are being written, the present argument standing out."""

from typing import override

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sparkwizard.gui.look.theme import Theme, tooltip_text
from sparkwizard.provisioning.expressions import SignatureHelp

__all__ = ["SignatureLine"]

_HINT = "Ctrl+Space offers functions and attributes."


class SignatureLine(QWidget):
    """Take two lines: the signature, and what the function does; a hint outside of functions."""

    def __init__(self) -> None:
        super().__init__()
        self._help: SignatureHelp | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_help(None)

    def show_help(self, help_: SignatureHelp | None) -> None:
        """Show the help for a place, or the hint."""
        self._help = help_
        self.setAccessibleName(self.text)
        self.setToolTip(tooltip_text(self.text))
        self.update()

    @property
    def text(self) -> str:
        """Return what is shown, in words."""
        if self._help is None:
            return _HINT
        told = f"{self._help.signature}: {self._help.meaning}."
        return f"{told} Now {self.argument}." if self.argument else told

    @property
    def argument(self) -> str:
        """Return the name of the argument that is being written, or nothing."""
        help_ = self._help
        if help_ is None or help_.parameter is None:
            return ""
        return help_.parameters[help_.parameter]

    @override
    def sizeHint(self) -> QSize:
        """Ask for two lines."""
        mono, note = QFontMetrics(Theme.font("mono")), QFontMetrics(Theme.font("note"))
        return QSize(200, mono.height() + note.height() + 2)

    @override
    def minimumSizeHint(self) -> QSize:
        """Ask for two lines."""
        return QSize(80, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the signature with its present argument in bold, and the meaning below."""
        painter, theme = QPainter(self), Theme.current()
        note = Theme.font("note")
        if self._help is None:
            _line(painter, QRect(1, 0, self.width() - 1, self.height() // 2), _HINT, note)
            return
        top = QFontMetrics(Theme.font("mono")).height()
        x = 1
        for text, present in self._pieces(self.width() - 2):
            font = QFont(Theme.font("mono"))
            font.setWeight(QFont.Weight.Bold if present else QFont.Weight.Normal)
            painter.setFont(font)
            painter.setPen(theme.accent if present else theme.muted)
            width = QFontMetrics(font).horizontalAdvance(text)
            painter.drawText(QRect(x, 0, width + 2, top), int(Qt.AlignmentFlag.AlignLeft), text)
            x += width
        rest = QRect(1, top + 2, self.width() - 1, self.height() - top - 2)
        _line(painter, rest, f"{self._help.meaning}.", note)

    def _pieces(self, room: int) -> list[tuple[str, bool]]:
        """Return the parts of the signature; first ones are left out until the present one fits."""
        help_ = self._help
        assert help_ is not None  # the hint is painted elsewhere
        names = list(help_.parameters)
        present = help_.parameter
        first = 0
        while True:
            parts = [(f"{help_.function}({'…, ' if first else ''}", False)]
            for at in range(first, len(names)):
                comma = ", " if at + 1 < len(names) else ""
                parts += [(names[at], at == present), (comma, False)]
            parts.append((")", False))
            upto = next((at for at, part in enumerate(parts) if part[1]), 0)
            if present is None or first >= present or _width(parts[: upto + 1]) <= room:
                return parts
            first += 1


def _width(parts: list[tuple[str, bool]]) -> int:
    bold = QFont(Theme.font("mono"))
    bold.setWeight(QFont.Weight.Bold)
    metrics = QFontMetrics(bold)
    return sum(metrics.horizontalAdvance(text) for text, _present in parts)


def _line(painter: QPainter, box: QRect, text: str, font: QFont) -> None:
    painter.setFont(font)
    painter.setPen(Theme.current().muted)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), shown)
