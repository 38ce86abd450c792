"""What the dialogs of help look like: a heading, a body, and a row of buttons at the foot."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import SectionLabel, WrapLabel

__all__ = ["HelpDialog"]


class HelpDialog(QDialog):
    """Hold ``body`` and ``foot``; opened, never ``exec``-ed."""

    def __init__(self, parent: QWidget, title: str, sentence: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(SectionLabel(title))
        if sentence:
            column.addWidget(WrapLabel(sentence, tone=Tone.MUTED))
        self.body, self.foot = QVBoxLayout(), QHBoxLayout()
        self.body.setSpacing(SPACE.m)
        self.foot.setSpacing(SPACE.s)
        column.addLayout(self.body, 1)
        column.addLayout(self.foot)
