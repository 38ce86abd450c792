"""Pick one of many names by typing a part of it, or write one that is not in the list."""

from collections.abc import Iterable
from typing import override

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QSizePolicy, QWidget

from sparkwizard.gui.look.icons import paint_icon
from sparkwizard.gui.look.theme import Theme, is_fusion
from sparkwizard.gui.widgets.paint import rounded

__all__ = ["PickField"]

_BARE = "QLineEdit { border: none; background: transparent; padding: 0; min-height: 0; }"


class PickField(QComboBox):
    """Offer choices of (value, words); any part of the words finds them, other text is taken too.

    With ``exact`` the text is the value, letter by letter and with its spaces.
    """

    def __init__(
        self, name: str, choices: Iterable[tuple[str, str]] = (), *, exact: bool = False
    ) -> None:
        super().__init__()
        self._exact = exact
        self.setAccessibleName(name)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(10)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        edit = self.lineEdit()
        assert edit is not None  # the combo box is editable
        edit.setAccessibleName(name)
        if is_fusion():
            edit.setStyleSheet(_BARE)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        self.set_choices(choices)

    def set_choices(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer other choices; what was entered stays."""
        kept = self.value()
        blocked = self.blockSignals(True)
        self.clear()
        for value, words in choices:
            self.addItem(words, value)
        self.blockSignals(blocked)
        self.set_value(kept)

    def value(self) -> str:
        """Return the value of the words entered, or the text itself where no choice has it."""
        if self._exact:
            return self.currentText()
        text = self.currentText().strip()
        at = self.findText(text, Qt.MatchFlag.MatchFixedString)
        return str(self.itemData(at)) if at >= 0 else text

    def set_value(self, value: str) -> None:
        """Show a value by its words."""
        at = self.findData(value) if value else -1
        self.setCurrentIndex(at)
        self.setEditText(self.itemText(at) if at >= 0 else value)
        edit = self.lineEdit()
        if edit is not None:
            edit.setCursorPosition(0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint field and chevron; the words are those of the line edit."""
        if not is_fusion():
            super().paintEvent(event)
            return
        theme, painter = Theme.current(), QPainter(self)
        focused = self.hasFocus() or _holds_focus(self)
        invalid = self.property("invalid") == "true"
        edge = theme.danger if invalid else theme.accent if focused else theme.edge
        rounded(
            painter,
            QRectF(self.rect()),
            radius=6,
            fill=theme.base if self.isEnabled() else theme.window,
            edge=edge if self.isEnabled() else theme.line,
            width=2 if focused else 1,
        )
        x = self.width() - 26 if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else 10
        arrow = QRectF(x, (self.height() - 16) / 2, 16, 16)
        paint_icon(painter, "chevron-down", arrow, theme.muted)


def _holds_focus(box: QComboBox) -> bool:
    edit: QWidget | None = box.lineEdit()
    return edit is not None and edit.hasFocus()
