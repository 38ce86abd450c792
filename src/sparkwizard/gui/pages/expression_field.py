"""Write an expression: the fixed font, the fault marked under its character, said below."""

from typing import override

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from sparkwizard.gui.theme import SPACE, Theme, Tone, on_theme_change, set_property
from sparkwizard.gui.widgets import LinkButton, WrapLabel

__all__ = ["ExpressionField"]


class _Edit(QPlainTextEdit):
    """Take three lines; Tab leaves the field instead of writing a tab."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setProperty("role", "mono")
        self.setPlaceholderText('Join(" ", [givenName], [surname])')
        self.document().setDocumentMargin(7)
        self._redress()
        on_theme_change(self, self._redress)

    def _redress(self) -> None:
        self.setFont(Theme.font("mono"))

    @override
    def sizeHint(self) -> QSize:
        """Ask for three lines."""
        return QSize(320, 3 * QFontMetrics(Theme.font("mono")).lineSpacing() + 22)

    @override
    def minimumSizeHint(self) -> QSize:
        """Ask for three lines."""
        return self.sizeHint()


class ExpressionField(QWidget):
    """Edit an expression and show its fault; ``changed`` says each new text."""

    changed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.xs)
        self.edit = _Edit()
        self.edit.setAccessibleName(name)
        self.fault = WrapLabel(tone=Tone.DANGER)
        self.fault.setVisible(False)
        self.suggestion = LinkButton("", on_click=self._take)
        self.suggestion.setVisible(False)
        column.addWidget(self.edit)
        column.addWidget(self.fault)
        column.addWidget(self.suggestion, 0, Qt.AlignmentFlag.AlignLeft)
        self._position, self._suggested = 0, ""
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(lambda: self.changed.emit(self.text()))

    def text(self) -> str:
        """Return the expression as written."""
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Show another expression."""
        if text != self.text():
            self.edit.setPlainText(text)

    def show_fault(self, text: str, position: int = 0, suggestion: str = "") -> None:
        """Mark the character at ``position`` and say what is wrong; no text clears both."""
        self._position, self._suggested = position, suggestion
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        self.suggestion.setVisible(bool(suggestion))
        self.suggestion.setText(f"Write {suggestion} instead" if suggestion else "")
        self.suggestion.setAccessibleName(self.suggestion.text())
        self.suggestion.updateGeometry()
        set_property(self.edit, "invalid", "true" if text else "false")
        self.edit.setExtraSelections([self._mark()] if text else [])

    def _mark(self) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(Theme.current().danger)
        form.setBackground(Theme.current().tint_of(Tone.DANGER))
        mark.format = form
        mark.cursor = self._word()
        return mark

    def _word(self) -> QTextCursor:
        """Return the word at the fault; at the end of the text the last character."""
        text = self.text()
        start = min(self._position, max(0, len(text) - 1))
        end = start + 1
        while end < len(text) and text[start].isalnum() and text[end].isalnum():
            end += 1
        cursor = self.edit.textCursor()
        cursor.setPosition(_units(text[:start]))
        cursor.setPosition(_units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _take(self) -> None:
        cursor = self._word()
        cursor.insertText(self._suggested)
        self.edit.setFocus()


def _units(text: str) -> int:
    """Count as Qt counts: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
