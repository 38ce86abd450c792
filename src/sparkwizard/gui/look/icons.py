"""Draw the program's own icons: a 20 grid, a 1.5 px stroke, round caps, no fill.

An icon is a line of strokes in a small language: ``M x y`` move, ``L x y`` line, ``C`` cubic
(six numbers), ``Z`` close, ``O cx cy r`` circle, ``R x y w h r`` rounded box, ``A cx cy r from
sweep`` arc in degrees, counter-clockwise from three o'clock, ``D cx cy`` dot.
Icons take their colour from the theme when they are painted, so a theme switch needs no work.
"""

import math
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import override

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
)

from sparkwizard.gui.look.palette import Theme, Tone

__all__ = ["ICON_NAMES", "icon", "icon_pixmap", "paint_icon"]

_PERSON = "O 10 6.5 3.1 M 3.8 17 C 3.8 13.2 6.4 11.6 10 11.6 C 13.6 11.6 16.2 13.2 16.2 17"
_PERSON_LEFT = "O 8 6.5 3.1 M 2 17 C 2 13.2 4.5 11.6 8 11.6 C 9.6 11.6 11 11.9 12 12.6"
_SHEET = "M 11.5 2.5 L 5 2.5 L 5 17.5 L 15 17.5 L 15 6 L 11.5 2.5 Z M 11.5 2.5 L 11.5 6 L 15 6"

_STROKES: dict[str, str] = {
    "check": "M 4.5 10.5 L 8.3 14.3 L 15.5 6.5",
    "success": "O 10 10 7.5 M 6.6 10.2 L 9 12.6 L 13.4 7.8",
    "warning": "M 10 2.8 L 18 16.8 L 2 16.8 Z M 10 8 L 10 11.8 D 10 14.2",
    "fail": "O 10 10 7.5 M 7.3 7.3 L 12.7 12.7 M 12.7 7.3 L 7.3 12.7",
    "help": "O 10 10 7.5 M 7.9 8.2 C 7.9 5.5 12.1 5.5 12.1 8.2 C 12.1 9.9 10 9.9 10 11.7 D 10 14.2",
    "info": "O 10 10 7.5 M 10 9.2 L 10 13.8 D 10 6.5",
    "key": "O 6.6 13.4 3.6 M 9.2 10.8 L 16.8 3.2 M 13.6 6.4 L 16 8.8",
    "person": _PERSON,
    "people": "O 7.6 6.8 2.9 M 1.8 16.6 C 1.8 13.2 4.2 11.8 7.6 11.8 C 11 11.8 13.4 13.2 13.4 16.6"
    " M 12.6 4 C 15.8 4 15.8 9.4 12.8 9.6 M 15 12 C 17 12.6 18.2 14 18.2 16.6",
    "person-plus": _PERSON_LEFT + " M 15.3 12 L 15.3 18 M 12.3 15 L 18.3 15",
    "person-minus": _PERSON_LEFT + " M 12.3 15 L 18.3 15",
    "pencil": "M 3.5 16.5 L 4.3 12.9 L 13.6 3.6 L 16.4 6.4 L 7.1 15.7 Z M 11.6 5.6 L 14.4 8.4",
    "trash": "M 3.5 5.5 L 16.5 5.5 M 7.5 5.5 L 7.5 3 L 12.5 3 L 12.5 5.5"
    " M 5 5.5 L 5.7 17 L 14.3 17 L 15 5.5 M 8.3 9 L 8.3 13.5 M 11.7 9 L 11.7 13.5",
    "copy": "R 7 7 10 10 2 M 13 4.5 C 13 3.5 12.5 3 11.5 3 L 5 3 C 3.8 3 3 3.8 3 5 L 3 11.5"
    " C 3 12.5 3.5 13 4.5 13",
    "clipboard": "M 7 4 L 5 4 L 5 17.5 L 15 17.5 L 15 4 L 13 4 R 7 2.5 6 3.2 1",
    "eye": "M 1.8 10 C 5 4.4 15 4.4 18.2 10 C 15 15.6 5 15.6 1.8 10 Z O 10 10 2.4",
    "eye-off": "M 5.6 6.2 C 4 7.1 2.7 8.4 1.8 10 C 4.2 14.2 9.6 15.6 13.6 13.8"
    " M 8.2 5.1 C 12 4.5 16.2 6.2 18.2 10 C 17.6 11.1 16.8 12 15.9 12.7 M 3.2 3.2 L 16.8 16.8",
    "refresh": "A 10 10 6.8 0 -270 C 11.9 3.2 13.7 3.95 15.1 5.25 L 16.8 6.9"
    " M 16.8 3 L 16.8 6.9 L 12.9 6.9",
    "calendar": "R 3 4.2 14 12.8 1.5 M 3 8.4 L 17 8.4 M 6.8 2.4 L 6.8 5.6 M 13.2 2.4 L 13.2 5.6",
    "cloud": "M 5.6 15.6 C 1 15.6 1 9.4 5.2 9.2 C 5.4 3.4 13.6 3.2 14.4 8.4"
    " C 19.4 8.4 19.4 15.6 14.8 15.6 Z",
    "laptop": "R 4 4.5 12 8.6 1.2 M 1.8 15.8 L 18.2 15.8",
    "arrow-right": "M 3.5 10 L 16 10 M 11.2 5.2 L 16 10 L 11.2 14.8",
    "arrow-left": "M 16.5 10 L 4 10 M 8.8 5.2 L 4 10 L 8.8 14.8",
    "chevron-right": "M 8 5.5 L 12.5 10 L 8 14.5",
    "chevron-left": "M 12 5.5 L 7.5 10 L 12 14.5",
    "chevron-down": "M 5.5 8 L 10 12.5 L 14.5 8",
    "chevron-up": "M 5.5 12 L 10 7.5 L 14.5 12",
    "search": "O 8.6 8.6 5.6 M 12.8 12.8 L 17.2 17.2",
    "download": "M 10 3 L 10 12.6 M 6 8.8 L 10 12.8 L 14 8.8 M 3.5 16.8 L 16.5 16.8",
    "upload": "M 10 13 L 10 3.4 M 6 7.2 L 10 3.2 L 14 7.2 M 3.5 16.8 L 16.5 16.8",
    "export": "M 10 3.4 L 10 12 M 6.6 6.6 L 10 3.2 L 13.4 6.6 M 6 9.5 L 3.5 9.5 L 3.5 17"
    " L 16.5 17 L 16.5 9.5 L 14 9.5",
    "external-link": "M 8.5 4 L 3.5 4 L 3.5 16.5 L 16 16.5 L 16 11.5 M 12 3 L 17 3 L 17 8"
    " M 17 3 L 9.5 10.5",
    "document": _SHEET + " M 7.8 10 L 12.2 10 M 7.8 13.4 L 12.2 13.4",
    "undo": "M 7 4 L 3.6 7.4 L 7 10.8 M 3.6 7.4 L 12 7.4 C 18 7.4 18 16 12 16 L 8 16",
    "redo": "M 13 4 L 16.4 7.4 L 13 10.8 M 16.4 7.4 L 8 7.4 C 2 7.4 2 16 8 16 L 12 16",
    "clock": "O 10 10 7.5 M 10 5.6 L 10 10 L 13 12",
    "pause": "M 7 5 L 7 15 M 13 5 L 13 15",
    "play": "M 6.5 4.2 L 15.5 10 L 6.5 15.8 Z",
    "flask": "M 7 2.8 L 13 2.8 M 8.2 2.8 L 8.2 8 L 3.8 16 C 3.4 16.8 3.9 17.4 4.8 17.4"
    " L 15.2 17.4 C 16.1 17.4 16.6 16.8 16.2 16 L 11.8 8 L 11.8 2.8 M 5.8 13 L 14.2 13",
    "filter": "M 2.5 4 L 17.5 4 L 11.8 10.6 L 11.8 16.4 L 8.2 14.4 L 8.2 10.6 Z",
    "mail": "R 2.5 4.5 15 11.5 1 M 3 5.4 L 10 11 L 17 5.4",
    "plus": "M 10 3.8 L 10 16.2 M 3.8 10 L 16.2 10",
    "minus": "M 4 10 L 16 10",
    "equals": "M 3.5 7.4 L 16.5 7.4 M 3.5 12.6 L 16.5 12.6",
    "skip": "M 3.8 5 L 9.6 10 L 3.8 15 Z M 10.4 5 L 16.2 10 L 10.4 15 Z",
    "stop": "R 5 5 10 10 1",
    "folder": "M 2.5 5.5 C 2.5 4.7 3 4.2 3.8 4.2 L 7.8 4.2 L 9.6 6.4 L 16.2 6.4"
    " C 17 6.4 17.5 6.9 17.5 7.7 L 17.5 15 C 17.5 15.8 17 16.3 16.2 16.3 L 3.8 16.3"
    " C 3 16.3 2.5 15.8 2.5 15 Z",
    "shield": "M 10 2.5 L 16.5 4.8 L 16.5 9.5 C 16.5 13.6 13.8 16.4 10 17.6"
    " C 6.2 16.4 3.5 13.6 3.5 9.5 L 3.5 4.8 Z M 7 10 L 9.2 12.2 L 13 7.8",
    "close": "M 5 5 L 15 15 M 15 5 L 5 15",
    "more": "O 4.5 10 0.7 O 10 10 0.7 O 15.5 10 0.7",
    "building": "R 4.5 2.5 11 15 1 M 8 6 L 8.4 6 M 11.6 6 L 12 6 M 8 9.5 L 8.4 9.5"
    " M 11.6 9.5 L 12 9.5 M 8.6 17.5 L 8.6 13.4 L 11.4 13.4 L 11.4 17.5",
    "settings": "M 3 6 L 10 6 M 14 6 L 17 6 M 3 14 L 6 14 M 10 14 L 17 14 O 12 6 2 O 8 14 2",
}

ICON_NAMES = tuple(_STROKES)


def _tokens(strokes: str) -> Iterator[tuple[str, list[float]]]:
    for letter, numbers in re.findall(r"([A-Z])([^A-Z]*)", strokes):
        yield letter, [float(number) for number in numbers.split()]


def _arc(path: QPainterPath, n: list[float]) -> None:
    cx, cy, radius, start, sweep = n
    path.moveTo(
        cx + radius * math.cos(math.radians(start)), cy - radius * math.sin(math.radians(start))
    )
    path.arcTo(QRectF(cx - radius, cy - radius, 2 * radius, 2 * radius), start, sweep)


def _dot(path: QPainterPath, n: list[float]) -> None:
    path.moveTo(n[0], n[1])
    path.lineTo(n[0] + 0.01, n[1])


_DRAW: dict[str, Callable[[QPainterPath, list[float]], None]] = {
    "M": lambda path, n: path.moveTo(n[0], n[1]),
    "L": lambda path, n: path.lineTo(n[0], n[1]),
    "C": lambda path, n: path.cubicTo(*n),
    "Z": lambda path, _n: path.closeSubpath(),
    "O": lambda path, n: path.addEllipse(QPointF(n[0], n[1]), n[2], n[2]),
    "R": lambda path, n: path.addRoundedRect(QRectF(*n[:4]), n[4], n[4]),
    "A": _arc,
    "D": _dot,
}


@cache
def _path(name: str) -> QPainterPath:
    path = QPainterPath()
    for letter, numbers in _tokens(_STROKES[name]):
        _DRAW[letter](path, numbers)
    return path


def paint_icon(painter: QPainter, name: str, box: QRectF, color: QColor) -> None:
    """Paint an icon into a square box; the stroke keeps 1.5 px up to 24 and grows gently after."""
    size = min(box.width(), box.height())
    scale = size / 20
    stroke = 1.5 if size <= 24 else 1.5 * (size / 24) ** 0.5
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.center().x() - size / 2, box.center().y() - size / 2)
    painter.scale(scale, scale)
    pen = QPen(color, stroke / scale)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_path(name))
    painter.restore()


class _StrokeEngine(QIconEngine):
    """Paint one icon at whatever size and device pixel ratio is asked for."""

    def __init__(self, name: str, tone: str) -> None:
        super().__init__()
        self._name, self._tone = name, tone

    @override
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint in the tone of now; a disabled icon is pale."""
        tone = Tone.DISABLED if mode == QIcon.Mode.Disabled else self._tone
        box = QRectF(rect)
        box.setWidth(min(box.width(), box.height()))  # what is left of a wide icon is a gap
        if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            box.moveRight(rect.right() + 1)
        paint_icon(painter, self._name, box, Theme.current().color(tone))

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Paint into a pixmap at ratio 1."""
        return self.scaledPixmap(size, mode, state, 1.0)

    @override
    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """Paint into a pixmap of ``size`` logical pixels at ratio ``scale``."""
        pixmap = QPixmap(size * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    @override
    def clone(self) -> QIconEngine:
        """Return an engine of the same icon."""
        return _StrokeEngine(self._name, self._tone)


def icon(name: str, tone: str = Tone.TEXT) -> QIcon:
    """Return an icon that follows the theme; ``name`` is one of ``ICON_NAMES``."""
    if name not in _STROKES:
        raise KeyError(name)
    return QIcon(_StrokeEngine(name, tone))


def icon_pixmap(name: str, size: int, tone: str = Tone.TEXT, ratio: float = 1.0) -> QPixmap:
    """Return one icon as a pixmap, for places that take no ``QIcon``."""
    return icon(name, tone).pixmap(QSize(size, size), ratio)
