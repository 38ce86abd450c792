"""Where the road forks: apply from this computer, or let Microsoft Entra do it."""

from PySide6.QtCore import QObject, Signal

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import ExtraButton, WizardPage
from sparkwizard.gui.widgets import StripAction
from sparkwizard.wizard.cloud.engine_words import apply_words, engine_note
from sparkwizard.wizard.cloud.in_window import window_fix
from sparkwizard.wizard.cloud.profiles import profile_for_cloud
from sparkwizard.wizard.cloud.steps import CloudStep
from sparkwizard.wizard.plan.preview_notes import Note

__all__ = ["PreviewFork"]


class PreviewFork(QObject):
    """Keep the two engines of a setup apart; ``wanted`` comes with a face of the cloud set-up."""

    wanted = Signal(object)

    def __init__(self, page: WizardPage, desk: Desk) -> None:
        super().__init__(page)
        self._page, self._desk = page, desk

    def hand_over(self) -> tuple[ExtraButton, ...]:
        """Return the button that leads to Microsoft Entra, none where it runs already."""
        words = "Let &Microsoft Entra do it"
        return () if self.notes() else (ExtraButton(words, self._save_first),)

    def _save_first(self) -> None:
        if self._page.isComplete():
            self._page.clear_message()
            self._page.start(self._saved(), words="Saving the setup")

    async def _saved(self) -> None:
        state, services = self._desk.state, self._desk.services
        await run_blocking(services.save_again, state.profile, state.file, state.editing)
        self.wanted.emit(CloudStep.SIGN_IN)

    # -- two engines ----------------------------------------------------------------------------

    def notes(self) -> tuple[Note, ...]:
        """Say that Entra's service runs this setup, as far as that is known."""
        note = engine_note(self._desk.services.known_job(self._desk.profile))
        return (note,) if note else ()

    def apply_words(self, changes: str) -> str:
        """Return what the button says that applies changes from here."""
        return apply_words(changes, entra_runs=bool(self.notes()))

    async def check(self) -> None:
        """Ask Entra whether its job is on. Raises SafeguardStop unless both were allowed."""
        state = self._desk.state
        if not state.although_entra_runs and state.preview and state.preview.plan.to_write:
            await self._desk.services.refuse_other_engine(profile_for_cloud(state))

    def show_refusal(self, error: SparkWizardError) -> None:
        """Ask to allow both for this once; what was to be applied is kept for that."""
        state = self._desk.state
        pilot, rings = state.pilot, state.rings
        self._desk.update(pilot=(), rings=False)

        def allow() -> None:
            self._page.clear_message()
            self._desk.update(pilot=pilot, rings=rings, although_entra_runs=True)
            self._page.go_on()

        error.fix = window_fix(error)
        self._page.show_error(
            error,
            (
                StripAction("Watch", lambda: self.wanted.emit(CloudStep.WATCH)),
                StripAction("Apply this &once", allow),
            ),
        )
