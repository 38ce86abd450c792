"""What stands on the screen while the rest of the program is read from disk."""

from typing import override

from PySide6.QtCore import QByteArray, QRectF, QSettings, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.theme import RADIUS_CARD, SPACE, Theme, Tone
from sparkwizard.gui.widgets.labels import Label, TitleLabel, WrapLabel
from sparkwizard.gui.widgets.paint import rounded
from sparkwizard.gui.widgets.rail import RailStep, StepRail
from sparkwizard.gui.widgets.spinner import Spinner
from sparkwizard.wizard.steps import Step

__all__ = ["OpeningWindow"]

GEOMETRY_KEY = "wizard/geometry"
_CHOICES, _BUTTONS = 94, 62


class OpeningWindow(QWidget):
    """Look like the first page, in the place where the wizard will stand."""

    def __init__(self, store: QSettings) -> None:
        super().__init__()
        text = Step.START.text
        self.setWindowTitle("SparkWizard")
        self.resize(960, 680)
        kept = store.value(GEOMETRY_KEY)
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)
        icons = {Step.APPLYING: "play", Step.RESULT: "success"}
        self.rail = StepRail([RailStep(s.text.label, icons.get(s, "")) for s in Step])
        self.rail.set_heading("SparkWizard", "Opening")
        self.rail.set_footer("")
        self.rail.help.setEnabled(False)
        row, column, foot = QHBoxLayout(self), QVBoxLayout(), QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        column.setContentsMargins(SPACE.xxl, 22, SPACE.xxl, 18)
        column.setSpacing(5)
        column.addWidget(TitleLabel(text.instruction))
        column.addWidget(WrapLabel(text.sentence, tone=Tone.MUTED))
        column.addStretch(1)
        foot.addWidget(Spinner(), 0, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(Label("Opening", tone=Tone.MUTED), 1)
        column.addLayout(foot)
        row.addWidget(self.rail)
        row.addLayout(column, 1)
        self.painted = False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, and where the choices and the buttons are about to be."""
        theme, painter = Theme.current(), QPainter(self)
        painter.fillRect(self.rect(), theme.base)
        left, right = self.rail.width() + SPACE.xxl, self.width() - SPACE.xxl
        wide = (right - left - 2 * SPACE.m) / 3
        for at in range(3):
            box = QRectF(left + at * (wide + SPACE.m), _CHOICES, wide, 88)
            rounded(painter, box, radius=RADIUS_CARD, edge=theme.line)
        top = self.height() - _BUTTONS
        painter.fillRect(self.rail.width(), top, self.width(), _BUTTONS, theme.window)
        painter.fillRect(self.rail.width(), top, self.width(), 1, theme.line)
        self.painted = True
