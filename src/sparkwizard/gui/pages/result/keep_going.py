"""The cards under "Keep it going": let Microsoft Entra do it, or this computer's scheduler."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    IconLabel,
    IconText,
    Label,
    LinkButton,
    SecondaryButton,
    WrapLabel,
)
from sparkwizard.wizard.cloud.steps import CloudStep

__all__ = ["ENTRA_URL", "KeepGoing"]

ENTRA_URL = "https://entra.microsoft.com"

_SHORT = (
    "Your token lives 12 hours. Entra needs one that lives longer, or provisioning stops tonight."
)


_ENTRA = (
    "Runs in the cloud about every 40 minutes, also while this computer is off. Every change to"
    " Entra is listed before it is made."
)
_RUNS = "It is set up and on: its service keeps everybody in step about every 40 minutes."


class KeepGoing(QWidget):
    """Offer what comes after a run; ``cloud_wanted`` comes with a face of the cloud set-up."""

    cloud_wanted = Signal(object)

    def __init__(self, schedule: Card) -> None:
        super().__init__()
        self.set_up = SecondaryButton("Set &it up…", icon_name="cloud")
        self.set_up.clicked.connect(lambda _checked=False: self._open())
        self.link = LinkButton("Open Entra", ENTRA_URL)
        self._on = False
        self.warning = IconText("warning", _SHORT, tone=Tone.WARNING, wrap=True)
        self.warning.setVisible(False)
        self.what = WrapLabel(_ENTRA, tone=Tone.MUTED)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.m)
        row.addWidget(self._entra(), 3)
        row.addWidget(schedule, 2)

    def set_situation(self, *, token_short: bool, practice: bool, entra_runs: bool) -> None:
        """Warn where the token lives too short for Entra; what runs already is watched."""
        self._on = entra_runs
        self.warning.setVisible(token_short and not practice and not entra_runs)
        self.what.setText(_RUNS if entra_runs else _ENTRA)
        self.set_up.setText("&Watch it" if entra_runs else "Set &it up…")
        self.link.setVisible(not practice)

    def _open(self) -> None:
        self.cloud_wanted.emit(CloudStep.WATCH if self._on else CloudStep.SIGN_IN)

    def _entra(self) -> Card:
        card = Card(tone=Tone.ACCENT)
        head = _head("Let Microsoft Entra do it")
        head.addWidget(self.link)
        card.body.addLayout(head)
        card.body.addWidget(self.what)
        card.body.addWidget(self.warning)
        card.body.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        row.addWidget(self.set_up)
        row.addStretch(1)
        card.body.addLayout(row)
        return card


def _head(title: str) -> QHBoxLayout:
    head = QHBoxLayout()
    head.setSpacing(SPACE.s)
    head.addWidget(IconLabel("cloud", tone=Tone.ACCENT))
    head.addWidget(Label(title, role="section"))
    head.addStretch(1)
    return head
