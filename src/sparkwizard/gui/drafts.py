"""Keep a draft of the setup while it is made, so that closing the window loses nothing."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import Draft, discard_draft, save_draft
from sparkwizard.wizard.state import WizardState

__all__ = ["DraftKeeper"]

_DELAY_MS = 800


class DraftKeeper(QObject):
    """Write the draft a moment after the last change, and drop it when the setup was applied.

    ``saved`` says so for the foot of the rail, e.g. "Draft saved 14:21". ``step`` names the page
    that is up; ``mine`` tells whether the one draft of the data folder is this window's.
    """

    saved = Signal(str)

    def __init__(
        self, desk: Desk, step: Callable[[], str], mine: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__()
        self._desk, self._step, self._mine = desk, step, mine
        self._kept: Profile = desk.profile
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(lambda: desk.tasks.start(self.flush()))
        desk.changed.connect(self._changed)

    def begin(self) -> None:
        """Take the setup of now as kept already: nothing of it is a person's unsaved work."""
        self._timer.stop()
        self._kept = self._desk.profile

    async def flush(self) -> None:
        """Write what is not written yet."""
        self._timer.stop()
        profile = self._desk.profile
        if profile == self._kept:
            return
        if not self._mine():
            self.saved.emit("Draft: see other window")
            return
        draft = Draft(profile, self._step(), self._desk.state.editing)
        await run_blocking(save_draft, draft, self._desk.services.places)
        self._kept = profile
        self.saved.emit(f"Draft saved {self._desk.services.clock():%H:%M}")

    def _changed(self, old: WizardState, new: WizardState) -> None:
        if new.result is not None and old.result is None:
            self.begin()
            self._desk.tasks.start(run_blocking(discard_draft, self._desk.services.places))
        elif new.profile != old.profile:
            self._timer.start()
