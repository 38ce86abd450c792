"""Say what rings are, and choose when they stop, before the first one begins."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Label,
    PrimaryButton,
    SecondaryButton,
    Select,
    TitleLabel,
    WrapLabel,
)
from sparkwizard.wizard.run.ring_words import ALLOWED, allowed_words, ring_list, ring_rule

__all__ = ["RingsDialog"]

_FIRST = "Those come first who show the most: each kind of change, each branch of the mapping."


class RingsDialog(QDialog):
    """Ask for the rule; ``chosen`` comes with its percentage. Opened, never ``exec``-ed.

    ``sizes`` are how many people have been written after each ring; ``groups`` are written too.
    """

    chosen = Signal(int)

    def __init__(
        self, parent: QWidget, sizes: Sequence[int], percent: int, *, groups: bool = False
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Apply in rings")
        self.setMinimumWidth(480)
        self.rings = WrapLabel(ring_list(sizes, groups=groups))
        self.rule, self.words = Select("Rule for the next ring"), WrapLabel(tone=Tone.MUTED)
        for one in ALLOWED:
            self.rule.addItem(allowed_words(one), one)
        self.rule.currentIndexChanged.connect(self._show)
        label = Label("&Rule for the next ring", role="section")
        label.setBuddy(self.rule)
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(TitleLabel("Apply in rings"))
        for widget in (WrapLabel(_FIRST), self.rings, label, self.rule, self.words):
            column.addWidget(widget)
        column.addStretch(1)
        self.button = PrimaryButton("&Begin with ring 1", on_click=self._choose)
        foot.addStretch(1)
        foot.addWidget(self.button)
        foot.addWidget(SecondaryButton("Cancel", on_click=self.reject))
        column.addLayout(foot)
        self.rule.setCurrentIndex(max(0, self.rule.findData(percent)))
        self._show()
        # Enter begins nothing here: whoever opened this by Enter may have pressed it twice
        self.rule.setFocus()

    def percent(self) -> int:
        """Return how many of a hundred may fail."""
        return int(self.rule.currentData())

    def _show(self) -> None:
        self.words.setText(ring_rule(self.percent()))

    def _choose(self) -> None:
        self.accept()
        self.chosen.emit(self.percent())
