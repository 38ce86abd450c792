"""Share width: columns that stack when they get tight, and a side panel that folds away."""

from typing import override

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE
from sparkwizard.gui.widgets.buttons import QuietButton

__all__ = ["Columns", "FoldingPanel"]


class Columns(QWidget):
    """Put widgets side by side, or below each other when narrower than ``stack_below`` px."""

    def __init__(self, *columns: QWidget, stack_below: int = 520, spacing: int = SPACE.l) -> None:
        super().__init__()
        self._limit = stack_below
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(spacing)
        for column in columns:
            self._box.addWidget(column, 1)

    @property
    def stacked(self) -> bool:
        """Tell whether the columns stand below each other."""
        return self._box.direction() == QBoxLayout.Direction.TopToBottom

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the direction for the width at hand."""
        super().resizeEvent(event)
        stack = self.width() < self._limit
        if stack != self.stacked:
            kinds = QBoxLayout.Direction
            self._box.setDirection(kinds.TopToBottom if stack else kinds.LeftToRight)
            self.updateGeometry()


class FoldingPanel(QWidget):
    """Keep a side panel beside the main thing; when narrow, the panel takes its place on demand.

    ``show_words`` and ``back_words`` name the button that changes between the two.
    """

    def __init__(
        self,
        main: QWidget,
        side: QWidget,
        *,
        side_width: int = 248,
        fold_below: int = 620,
        show_words: str = "Show details",
        back_words: str = "Back to the list",
    ) -> None:
        super().__init__()
        self.main, self.side = main, side
        self._limit, self._side_width = fold_below, side_width
        self._words = (show_words, back_words)
        self._folded, self._side_shown = False, False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.xs)
        row = QHBoxLayout()
        row.setSpacing(SPACE.m)
        row.addWidget(main, 1)
        row.addWidget(side)
        column.addLayout(row, 1)
        self.button = QuietButton(show_words, icon_name="chevron-right", on_click=self.flip)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight)
        self._arrange()

    @property
    def folded(self) -> bool:
        """Tell whether only one of the two has room."""
        return self._folded

    def flip(self) -> None:
        """Show the other of the two, when folded."""
        self._side_shown = not self._side_shown
        self._arrange()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold for the width at hand."""
        super().resizeEvent(event)
        folded = self.width() < self._limit
        if folded != self._folded:
            self._folded = folded
            self._side_shown = False
            self._arrange()

    def _arrange(self) -> None:
        self.button.setVisible(self._folded)
        self.button.setText(self._words[self._side_shown])
        self.button.set_icon("chevron-left" if self._side_shown else "chevron-right")
        self.main.setVisible(not self._folded or not self._side_shown)
        self.side.setVisible(not self._folded or self._side_shown)
        if self._folded:
            self.side.setMinimumWidth(0)
            self.side.setMaximumWidth(16_777_215)
            self.side.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        else:
            self.side.setFixedWidth(self._side_width)
