"""Show that something runs: how far it is, how long it takes, and how to stop it."""

import math
from typing import override

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Theme, Tone
from sparkwizard.gui.widgets.announcing import announce
from sparkwizard.gui.widgets.buttons import SecondaryButton
from sparkwizard.gui.widgets.cards import Card
from sparkwizard.gui.widgets.labels import ElidedLabel, Label
from sparkwizard.gui.widgets.paint import rounded
from sparkwizard.gui.widgets.spinner import Spinner
from sparkwizard.wizard.moments import about_words

__all__ = ["Bar", "BusyState", "ProgressCard", "time_left"]

_SHOW_AFTER_MS = 300
_TELL_EVERY_MS = 100
_ANNOUNCE_EVERY = 25


def time_left(seconds: float) -> str:
    """Say a remaining time in words that don't flicker: 5 seconds, then a minute, at a step."""
    if seconds < 5:
        return "A few seconds left"
    if seconds < 60:
        return f"About {math.ceil(seconds / 5) * 5} seconds left"
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return f"About {minutes} {'minute' if minutes == 1 else 'minutes'} left"
    return f"About {about_words(seconds)} left"


class Bar(QProgressBar):
    """Fill a slim rounded bar; it never goes back unless ``restart`` is called."""

    def __init__(self, name: str = "Progress") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setRange(0, 1000)
        self.setTextVisible(False)
        self.setFixedHeight(8)

    def set_share(self, share: float) -> None:
        """Fill to ``share`` (0 to 1), never below where it is."""
        self.setValue(max(self.value(), round(min(1.0, max(0.0, share)) * 1000)))

    def restart(self) -> None:
        """Empty the bar for something new."""
        self.setValue(0)

    def share(self) -> float:
        """Return how full the bar is, from 0 to 1."""
        return max(0, self.value()) / 1000

    @override
    def sizeHint(self) -> QSize:
        """Be slim."""
        return QSize(120, 8)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track and fill, from the right where one reads from the right."""
        theme, painter, box = Theme.current(), QPainter(self), QRectF(self.rect())
        radius = box.height() / 2
        rounded(painter, box, radius=radius, fill=theme.track)
        width = box.width() * self.share()
        if width < 1:
            return
        fill = QRectF(0, 0, max(width, box.height()), box.height())
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            fill.moveRight(box.right())
        rounded(painter, fill, radius=radius, fill=theme.accent)


class ProgressCard(Card):
    """Show one run: what happens now, one bar, how many are done, percent, and the time left."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._announced = 0
        self.text = ElidedLabel(text, role="heading")
        self.left = Label(tone=Tone.MUTED)
        self.bar = Bar()
        self.count = Label()
        self.percent = Label(role="strong")
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.text, 1)
        top.addWidget(self.left)
        bottom.addWidget(self.count)
        bottom.addStretch(1)
        bottom.addWidget(self.percent)
        self.body.addLayout(top)
        self.body.addWidget(self.bar)
        self.body.addLayout(bottom)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_progress(
        self,
        done: int,
        total: int,
        *,
        text: str = "",
        unit: str = "changes",
        seconds_left: float | None = None,
    ) -> None:
        """Show how far it is; every quarter is said to screen readers."""
        if text:
            self.text.set_text(text)
        share = done / total if total else 0.0
        self.bar.set_share(share)
        self.count.setText(f"{done:,} of {total:,} {unit}")
        percent = int(self.bar.share() * 100)
        self.percent.setText(f"{percent}%")
        self.left.setText("" if seconds_left is None else time_left(seconds_left))
        if percent // _ANNOUNCE_EVERY > self._announced:
            self._announced = percent // _ANNOUNCE_EVERY
            announce(self, f"{percent}%, {self.count.text()}")

    def restart(self) -> None:
        """Begin another run at nothing."""
        self._announced = 0
        self.bar.restart()


class BusyState(QWidget):
    """Say what runs, once it has run for 300 ms, with a bar where the end is known and a Cancel.

    However often it is told how far that is, it shows it ten times a second: each time the page is
    laid out and painted, beside threads that have work to do.
    """

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.label = ElidedLabel()
        self.bar = Bar()
        self.bar.setMaximumWidth(220)
        self.left = Label(tone=Tone.MUTED)
        self.cancel = SecondaryButton("Cancel", on_click=self.cancelled.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.m)
        for widget in (Spinner(), self.label, self.bar, self.left, self.cancel):
            row.addWidget(widget, 1 if widget is self.label else 0)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(_SHOW_AFTER_MS)
        self._delay.timeout.connect(self._appear)
        self._clock = QElapsedTimer()
        self._far: tuple[int, int] = (0, 0)
        self._words = ""
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(_TELL_EVERY_MS)
        self._telling.timeout.connect(self._tell)
        self.setVisible(False)

    def start(self, text: str, *, cancellable: bool = True) -> None:
        """Begin; nothing shows for the first 300 ms."""
        self._far, self._words = (0, 0), text
        self._telling.stop()
        self.label.set_text(text)
        self.setAccessibleName(text)
        self.cancel.setVisible(cancellable)
        self.bar.restart()
        self.bar.setVisible(False)
        self.left.setText("")
        self._clock.start()
        self._delay.start()

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Show before long how far it is, and after ten seconds how long it still takes."""
        self._far = (done, total) if total > 0 else self._far
        self._words = text or self._words
        if self.running and not self._telling.isActive():
            self._telling.start()

    def _tell(self) -> None:
        done, total = self._far
        self.label.set_text(self._words)
        if not total:
            return
        self.bar.setVisible(True)
        self.bar.set_share(done / total)
        elapsed = self._clock.elapsed() / 1000
        if done and elapsed > 2:
            rest = elapsed / done * (total - done)
            self.left.setText(time_left(rest) if elapsed + rest > 10 else "")

    def stop(self) -> None:
        """End."""
        self._delay.stop()
        self._telling.stop()
        self.setVisible(False)

    @property
    def running(self) -> bool:
        """Tell whether something runs, shown or not yet."""
        return self._delay.isActive() or not self.isHidden()

    def _appear(self) -> None:
        self.setVisible(True)
        announce(self, self.label.full_text())


class BusyPanel(QWidget):
    """Fill a place with a busy state in its middle."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        self.busy = BusyState()
        column.addStretch(1)
        column.addWidget(self.busy)
        column.addStretch(1)
