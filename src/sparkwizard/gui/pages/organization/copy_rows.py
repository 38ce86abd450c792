"""Values that go elsewhere, one under the other: a term, the value, a copy button."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone, tooltip_text
from sparkwizard.gui.widgets import CopyButton, TermLabel

__all__ = ["TERM_WIDTH", "CopyRow", "CopyRows"]

TERM_WIDTH = 132


class CopyRow:
    """Hold the parts of one row."""

    def __init__(self, term: str, meaning: str) -> None:
        self.label = TermLabel(term, meaning, tone=Tone.MUTED)
        self.value = QLineEdit()
        self.value.setReadOnly(True)
        self.value.setProperty("role", "mono")
        self.value.setAccessibleName(term)
        self.value.setAccessibleDescription(meaning)
        self.copy = CopyButton(self.value.text, what=term)

    def set_value(self, value: str) -> None:
        """Show another value from its start, and whole in the tooltip."""
        self.value.setText(value)
        self.value.setCursorPosition(0)
        self.value.setToolTip(tooltip_text(value))


class CopyRows(QWidget):
    """Line up rows of terms and values that are copied to other places."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE.s)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, TERM_WIDTH)

    def add(self, term: str, meaning: str) -> CopyRow:
        """Add a row; its value comes later."""
        row, at = CopyRow(term, meaning), self._grid.rowCount()
        middle = Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(row.label, at, 0, Qt.AlignmentFlag.AlignLeft | middle)
        self._grid.addWidget(row.value, at, 1)
        self._grid.addWidget(row.copy, at, 2)
        return row
