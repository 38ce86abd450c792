"""What stands on the screen while the rest of the program is read from disk.

The first page itself, of the same parts in the same places, which nothing can be pressed on yet:
the network, the journal and the other pages take longer to read than the whole of Qt.
"""

from typing import override

from PySide6.QtCore import QByteArray, QPoint, QSettings, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.room import USUAL, roomy
from sparkwizard.gui.look.theme import SPACE, Theme, Tone
from sparkwizard.gui.pages.start.parts import NeedsCard, Standing, WaysIn
from sparkwizard.gui.widgets.labels import Label, TitleLabel, WrapLabel
from sparkwizard.gui.widgets.rail import RailStep, StepRail
from sparkwizard.gui.widgets.spinner import Spinner
from sparkwizard.wizard.steps import Step

__all__ = ["OpeningWindow"]

GEOMETRY_KEY = "wizard/geometry"
_FOOT = 62
# where a dialog puts itself, before it knows how large its frame is (QDialog::adjustPosition)
_FRAME = QPoint(10, 40)


class OpeningWindow(QWidget):
    """Show the first page, in the place where the wizard will stand.

    ``start`` is False where another page comes first: then only the frame is shown.
    """

    def __init__(self, store: QSettings, *, start: bool = True) -> None:
        super().__init__()
        self.setWindowTitle("SparkWizard")
        self._place(store)
        icons = {Step.APPLYING: "play", Step.RESULT: "success"}
        self.rail = StepRail([RailStep(s.text.label, icons.get(s, "")) for s in Step])
        self.rail.set_heading("SparkWizard", "Opening")
        self.rail.help.setEnabled(False)
        whole, row = QVBoxLayout(self), QHBoxLayout()
        for layout in (whole, row):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(_page(start=start), 1)
        whole.addLayout(row, 1)
        whole.addWidget(_foot())
        # a press would be lost: what it asks for is not there yet
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.painted = False

    def _place(self, store: QSettings) -> None:
        self.resize(roomy(USUAL))
        kept = store.value(GEOMETRY_KEY)
        if isinstance(kept, QByteArray) and self.restoreGeometry(kept):
            return
        free = self.screen().availableGeometry()
        self.move(free.center() - self.rect().center() - _FRAME)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground: the page, the row of the buttons, the line between them."""
        painter, theme, top = QPainter(self), Theme.current(), self.height() - _FOOT
        painter.fillRect(self.rect(), theme.base)
        painter.fillRect(0, top, self.width(), _FOOT, theme.window)
        painter.fillRect(0, top, self.width(), 1, theme.line)
        self.painted = True


def _page(*, start: bool) -> QVBoxLayout:
    """Return the column of the first page, spaced as ``WizardPage`` does."""
    column, header, body = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
    column.setContentsMargins(SPACE.xxl, 22, SPACE.xxl, 18)
    column.setSpacing(SPACE.m)
    body.setSpacing(SPACE.m)
    header.setSpacing(5)
    column.addLayout(header)
    column.addLayout(body, 1)
    if not start:
        body.addStretch(1)
        return column
    header.addWidget(TitleLabel(Step.START.text.instruction))
    header.addWidget(WrapLabel(Step.START.text.sentence, tone=Tone.MUTED))
    header.addSpacing(4)
    ways = WaysIn()
    ways.saved.words.setText("Looking on this computer.")
    body.addWidget(ways)
    body.addWidget(NeedsCard(), 1)
    body.addWidget(Standing())
    return column


def _foot() -> QWidget:
    foot = QWidget()
    foot.setFixedHeight(_FOOT)
    row = QHBoxLayout(foot)
    row.setContentsMargins(SPACE.xl, 1, SPACE.xl, 0)
    row.addStretch(1)
    row.addWidget(Spinner(), 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(Label("Opening", tone=Tone.MUTED))
    return foot
