"""Read back what a window shows: the text that is painted, and what it hands to screen readers.

A picture of the window holds no other text than this. Painting goes to Qt's own vector format,
which keeps each piece of text as text; so masked fields, models, delegates and hand-painted
widgets are read as they look.
"""

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from PySide6.QtCore import QAbstractItemModel, QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QWidget

from sparkwizard.practice.server import PracticeServer

__all__ = ["accessible_name", "leaks_on_screen", "painted", "secrets_of", "told", "windows"]

# elided or broken over lines, a token still shows as much of itself
_PIECE = 10
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.StatusTipRole,
    Qt.ItemDataRole.WhatsThisRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)
_MOST_ROWS = 200


def leaks_on_screen(secrets: Iterable[str]) -> list[str]:
    """Return where in the windows that are open a piece of a secret can be seen or heard."""
    pieces = [piece for secret in secrets for piece in _pieces(secret)]
    found = []
    for window in windows():
        texts = [("painted", painted(window)), *told(window)]
        found += [
            f"{type(window).__name__}: {where}"
            for where, text in texts
            if any(piece in text for piece in pieces)
        ]
    return found


def secrets_of(practice: PracticeServer) -> list[str]:
    """Return every token that a practice tenant has given out, of Webex and of Entra."""
    issued = practice.entra.sign_in.tokens
    return [*practice.tokens.values(), *issued._access, *issued._refresh]


def windows() -> list[QWidget]:
    """Return the windows that can be seen."""
    return [one for one in QApplication.topLevelWidgets() if one.isVisible()]


def painted(widget: QWidget) -> str:
    """Return all text that is painted, pieces of one line or of broken words put together."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    paper = QSvgGenerator()
    paper.setOutputDevice(buffer)
    paper.setSize(widget.size())
    paper.setViewBox(widget.rect())
    widget.render(paper)
    buffer.close()
    drawn = ET.fromstring(bytes(content.data()))
    return "".join("".join(one.itertext()) for one in drawn.iter() if one.tag.endswith("}text"))


def told(window: QWidget) -> Iterator[tuple[str, str]]:
    """Yield what each widget tells: to screen readers, when pointed at, as a hint, in its lists."""
    for widget in (window, *window.findChildren(QWidget)):
        texts = [
            widget.accessibleName(),
            widget.accessibleDescription(),
            widget.toolTip(),
            widget.statusTip(),
            widget.whatsThis(),
            widget.windowTitle(),
        ]
        if isinstance(widget, QLineEdit):
            texts += [widget.displayText(), widget.placeholderText()]
        else:  # folded or not yet shown, it may be
            texts += [str(widget.property(name) or "") for name in ("text", "plainText")]
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            texts += _in_model(widget.model())
        yield type(widget).__name__, "\n".join(texts)
    for action in window.findChildren(QAction):
        yield "QAction", "\n".join((action.text(), action.toolTip(), action.iconText()))


def _in_model(model: QAbstractItemModel) -> Iterator[str]:
    row = column = 0
    while row < _MOST_ROWS and model.hasIndex(row, 0):
        index = model.index(row, column)
        yield from (str(value) for role in _ROLES if (value := model.data(index, role)))
        # a list model has a column too, and hides that it counts them
        column += 1
        if not model.hasIndex(row, column):
            row, column = row + 1, 0


def _pieces(secret: str) -> Iterator[str]:
    """Yield pieces of a secret; the end of a Webex token is the organization's id, no secret."""
    own = re.sub("practice-graph-(access|refresh)-", "", secret.partition("_PF84_")[0])
    yield from (own[at : at + _PIECE] for at in range(len(own) - _PIECE + 1))


def accessible_name(widget: QWidget) -> str:
    """Return what a screen reader says for ``widget``."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""
