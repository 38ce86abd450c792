"""What every page works with: the wizard's state, the services, and the tasks of the window."""

from collections.abc import Callable, Coroutine
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from sparkwizard.gui.aio import TaskScope
from sparkwizard.gui.calm.putting_away import put_preview_away
from sparkwizard.runs.services import Services
from sparkwizard.setup.profile import Profile, SourceSettings
from sparkwizard.values import replace
from sparkwizard.wizard.state import WizardState, differ

__all__ = ["Desk"]


class Desk(QObject):
    """Hold one wizard's state. Pages read ``state`` and replace it; nobody else keeps a copy.

    ``practice_sign_in`` signs in as the practice administrator, without a browser;
    ``practice_cycle`` lets the practice provisioning service run its jobs once.
    ``changed`` is emitted with the old and the new state after each replacement. ``tasks`` runs
    what takes time and is cancelled when the window closes.
    """

    changed = Signal(object, object)

    def __init__(self, services: Services, state: WizardState, tasks: TaskScope) -> None:
        super().__init__()
        self.services = services
        self.tasks = tasks
        self.practice_sign_in: Callable[[], Coroutine[None, None, object]] = _nothing
        self.practice_cycle: Callable[[], Coroutine[None, None, object]] = _nothing
        self._state = state

    @property
    def state(self) -> WizardState:
        """Return what the wizard knows now."""
        return self._state

    @property
    def profile(self) -> Profile:
        """Return the setup as far as it is known."""
        return self._state.profile

    @property
    def base_dir(self) -> Path:
        """Return the folder that a relative source path starts from."""
        return Path(self._state.base_dir or self.services.places.profiles_dir)

    @property
    def entra_source(self) -> SourceSettings:
        """Return the setup's settings for Entra; in practice those of the practice tenant."""
        source, practice = self.profile.source, self._state.practice
        if source.kind == "entra":
            return source
        if practice is not None:
            return SourceSettings(
                kind="entra", tenant=practice.entra_tenant, graph_url=practice.graph_url
            )
        # what was chosen before a file was taken is kept in the setup
        return replace(source, kind="entra", path="")

    def set(self, state: WizardState) -> None:
        """Replace the state and tell everybody who shows a part of it."""
        old, self._state = self._state, state
        if differ(old, state):
            self.changed.emit(old, state)
        if old.preview is not state.preview:
            put_preview_away(old.preview)

    def update(self, **changes: object) -> None:
        """Replace fields of the state that nothing else was derived from."""
        self.set(replace(self._state, **changes))  # type: ignore[arg-type]  # checked by replace

    def change_profile(self, change: Callable[[Profile], Profile]) -> None:
        """Replace the setup; what rested on the old one is forgotten."""
        self.set(self._state.with_profile(change(self._state.profile)))


async def _nothing() -> None:
    """Do nothing: there is no practice tenant."""
