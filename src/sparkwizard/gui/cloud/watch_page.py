"""The fourth face: the service at work, in five parts that take turns."""

from typing import override

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QWidget

from sparkwizard.gui.cloud.cloud_desk import CloudDesk
from sparkwizard.gui.cloud.face import CloudFace
from sparkwizard.gui.cloud.watching.hand_off_part import HandOffPart
from sparkwizard.gui.cloud.watching.log_part import LogPart
from sparkwizard.gui.cloud.watching.part import WatchPart
from sparkwizard.gui.cloud.watching.person_part import PersonPart
from sparkwizard.gui.cloud.watching.state_part import StatePart
from sparkwizard.gui.cloud.watching.upkeep_part import UpkeepPart
from sparkwizard.gui.frame.page import PageButtons
from sparkwizard.gui.look.theme import SPACE
from sparkwizard.gui.widgets import RadioButton
from sparkwizard.wizard.cloud.steps import CloudStep

__all__ = ["WatchPage"]

_EVERY_MS, _PRACTICE_MS = 30_000, 3_000


class WatchPage(CloudFace):
    """Show one part at a time; the state is looked at again at a calm interval."""

    def __init__(self, cloud: CloudDesk) -> None:
        super().__init__(cloud, CloudStep.WATCH)
        self.state = StatePart(self)
        self.log, self.person = LogPart(self), PersonPart(self)
        self.hand_off, self.upkeep = HandOffPart(self), UpkeepPart(self)
        self.parts: dict[str, tuple[str, WatchPart]] = {
            "state": ("S&tate", self.state),
            "log": ("&Log", self.log),
            "person": ("&One person", self.person),
            "hand-off": ("&Hand-off", self.hand_off),
            "upkeep": ("&Upkeep", self.upkeep),
        }
        self.stack, self._group = QStackedWidget(), QButtonGroup(self)
        self._radios: dict[str, RadioButton] = {}
        row = QHBoxLayout()
        row.setSpacing(SPACE.m)
        for key, (words, part) in self.parts.items():
            self._radios[key] = radio = RadioButton(words)
            self._group.addButton(radio)
            radio.toggled.connect(lambda on, key=key: self._turn_to(key) if on else None)
            row.addWidget(radio)
            self.stack.addWidget(part)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.stack, 1)
        self.state.wanted.connect(self.show_part)
        self.state.seen.connect(self._go_on_looking)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look_again)
        self.set_buttons(PageButtons(next="&Close", back="", cancel=""))

    # What the frame calls

    @override
    def on_enter(self) -> None:
        """Look how it stands, and go on looking."""
        self._timer.setInterval(_PRACTICE_MS if self.cloud.practice else _EVERY_MS)
        self._timer.start()
        radio = self._radios["state"]
        if radio.isChecked():
            self._turn_to("state")
        else:
            radio.setChecked(True)

    @override
    def on_leave(self) -> None:
        """Stop looking."""
        self._timer.stop()
        self.tasks.cancel()
        self.upkeep.put_away()

    @override
    def initial_focus(self) -> QWidget | None:
        """Begin with the choice of the part."""
        return self._radios["state"]

    @override
    def isComplete(self) -> bool:
        """Let the window be closed at any time: nothing here is half done."""
        return True

    @override
    def failed(self, error: BaseException) -> None:
        """Tell it, and look again only when asked to."""
        self._timer.stop()
        if self.stack.currentWidget() is self.state:
            self.state.lost()
        super().failed(error)

    # The parts

    def show_part(self, key: str) -> None:
        """Turn to a part."""
        self._radios[key].setChecked(True)

    def _turn_to(self, key: str) -> None:
        part = self.parts[key][1]
        self.stack.setCurrentWidget(part)
        part.on_show()

    def _go_on_looking(self) -> None:
        """Look again by itself from now on, also after something went wrong."""
        if not self._timer.isActive() and self.isVisible():
            self._timer.start()

    def _look_again(self) -> None:
        if self.state.auto.isChecked() and self.tasks.idle:
            self.state.look(quietly=True)
