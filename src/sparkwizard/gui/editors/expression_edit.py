"""Type an expression: functions and attributes are offered while one types.

Ctrl+Space asks for offers anywhere; a square bracket or two letters bring them by themselves. Tab
or Enter takes one, Esc closes the list and nothing else. Everything can be undone.
"""

from collections.abc import Iterable
from typing import override

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from sparkwizard.gui.editors.completion_list import CompletionList
from sparkwizard.gui.look.theme import Theme, on_theme_change
from sparkwizard.provisioning.expressions import Completion, complete

__all__ = ["ExpressionEdit"]

_LINES = 3
_AUTOMATIC_AFTER = 2
"""Letters of a name after which offers come unasked; an attribute's bracket counts as enough."""


class ExpressionEdit(QPlainTextEdit):
    """Edit an expression in the fixed font; Tab leaves the field, Ctrl+Enter is ``submitted``."""

    submitted = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._offers: CompletionList | None = None
        self._asked = False
        self.setTabChangesFocus(True)
        self.setProperty("role", "mono")
        self.setAccessibleName(name)
        self.setAccessibleDescription("Ctrl+Space offers functions and attributes.")
        self.setPlaceholderText('Join(" ", [givenName], [surname])')
        self.document().setDocumentMargin(7)
        self._redress()
        on_theme_change(self, self._redress)

    def set_attributes(self, names: Iterable[str]) -> None:
        """Offer these attributes of the source before the others that Entra has."""
        self._names = tuple(names)

    # Text and places: Qt counts UTF-16 units, expressions count characters

    def text(self) -> str:
        """Return the expression as written."""
        return self.toPlainText()

    def caret(self) -> int:
        """Return how many characters stand before the caret."""
        units = self.textCursor().position()
        return len(self.text().encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))

    def set_text(self, text: str) -> None:
        """Show another expression; the one before comes back by undo."""
        before = self.text()
        if text == before:
            return
        if not before and not self.document().isUndoAvailable():
            self.setPlainText(text)
        else:
            self.replace(0, len(before), text)

    def replace(self, start: int, end: int, text: str, caret: int | None = None) -> None:
        """Put a text in place of characters, in one step of undo; ``caret`` counts from its start.

        Without it typing goes on behind the text.
        """
        cursor = self._span(start, end)
        cursor.beginEditBlock()
        cursor.insertText(text)
        cursor.endEditBlock()
        if caret is not None:
            cursor.setPosition(_units(self.text()[: start + caret]))
        self.setTextCursor(cursor)

    def mark(self, start: int, end: int, line: QColor, ground: QColor) -> None:
        """Draw a wavy line under characters."""
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(line)
        form.setBackground(ground)
        mark = QTextEdit.ExtraSelection()
        mark.format = form
        mark.cursor = self._span(start, end)
        self.setExtraSelections([mark])

    def _span(self, start: int, end: int) -> QTextCursor:
        text, cursor = self.text(), self.textCursor()
        cursor.setPosition(_units(text[:start]))
        cursor.setPosition(_units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    # Offers

    @property
    def offers(self) -> CompletionList | None:
        """Return the list of offers while it is up."""
        shown = self._offers is not None and self._offers.isVisible()
        return self._offers if shown else None

    def offer(self, *, asked: bool) -> None:
        """Bring up the offers for the caret's place, or take the list away where there are none.

        Unasked offers need something typed that they could complete.
        """
        text, caret = self.text(), self.caret()
        self._asked = asked
        found = _as_typed_first(text, caret, complete(text, caret, self._names))
        if not found or (not asked and not _worth_it(text, caret, found)):
            self.close_offers()
            return
        if self._offers is None:
            self._offers = CompletionList(self.window())
            self._offers.taken.connect(self.take)
        rectangle = self.cursorRect()
        start = rectangle.translated(self.viewport().mapTo(self.window(), QPoint(0, 0)))
        self._offers.offer(found, QRect(start))

    def close_offers(self) -> None:
        """Take the list away."""
        if self._offers is not None:
            self._offers.hide()

    def take(self, offer: Completion) -> None:
        """Write an offer in its place."""
        self.close_offers()
        self.replace(offer.start, offer.end, offer.insert, offer.caret)

    # Keys

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Lead through the offers while they are up; offer anew after each letter."""
        if self._asks_for_offers(event):
            self.offer(asked=True)
            return
        if self._leads_through_offers(event):
            event.accept()
            return
        if event.key() in _ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submitted.emit()
            return
        super().keyPressEvent(event)
        typed = event.text()
        if typed and (typed[0].isalnum() or typed[0] in "_["):
            self.offer(asked=self.offers is not None and self._asked)
        elif self.offers is not None and event.key() == Qt.Key.Key_Backspace:
            self.offer(asked=self._asked)
        elif event.key() not in _MODIFIERS:
            self.close_offers()

    @staticmethod
    def _asks_for_offers(event: QKeyEvent) -> bool:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return control and event.key() == Qt.Key.Key_Space

    def _leads_through_offers(self, event: QKeyEvent) -> bool:
        offers = self.offers
        if offers is None:
            return False
        if event.key() in _STEPS:
            offers.step(_STEPS[Qt.Key(event.key())])
        elif event.key() in _ENTER and not event.modifiers() & _WITH:
            self._take_current(offers)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_offers()
        else:
            return False
        return True

    def _take_current(self, offers: CompletionList) -> None:
        current = offers.current()
        if current is not None:
            self.take(current)

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        """Take an offer with Tab; without offers Tab leaves the field."""
        offers = self.offers
        if offers is not None and forward:
            self._take_current(offers)
            return True
        self.close_offers()
        return super().focusNextPrevChild(forward)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the list away when something else is used."""
        self.close_offers()
        super().focusOutEvent(event)

    # Look

    def _redress(self) -> None:
        self.setFont(Theme.font("mono"))

    @override
    def sizeHint(self) -> QSize:
        """Ask for three lines."""
        return QSize(320, _LINES * QFontMetrics(Theme.font("mono")).lineSpacing() + 22)

    @override
    def minimumSizeHint(self) -> QSize:
        """Ask for three lines."""
        return self.sizeHint()


_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -7,
    Qt.Key.Key_PageDown: 7,
}
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


def _as_typed_first(text: str, caret: int, found: tuple[Completion, ...]) -> tuple[Completion, ...]:
    """Put those first that begin with the very letters that were typed: "Jo" is Join's."""
    if not found:
        return found
    typed = text[found[0].start : caret].lstrip("[")
    return tuple(sorted(found, key=lambda one: not one.label.startswith(typed)))


def _worth_it(text: str, caret: int, found: tuple[Completion, ...]) -> bool:
    """Tell whether enough was typed for offers, and whether they would add anything."""
    first = found[0]
    typed = text[first.start : caret]
    if not typed.startswith("[") and len(typed) < _AUTOMATIC_AFTER:
        return False
    whole = text[first.start : first.end]
    return not (len(found) == 1 and whole in (first.insert, first.label))


def _units(text: str) -> int:
    """Count as Qt counts: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
