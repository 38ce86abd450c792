"""Page 1, Start: a new setup, a saved one, or practice first with a simulated company."""

import asyncio
from collections.abc import Callable, Hashable
from typing import override

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.support import SupportedPage
from sparkwizard.gui.pages.start.parts import (
    NEW,
    NEW_TEXT,
    NONE_SAVED,
    PRACTICE,
    SAVED,
    NeedsCard,
    Standing,
    WaysIn,
)
from sparkwizard.gui.pages.start.saved_setups import SavedRow, SavedSetups
from sparkwizard.gui.widgets import Message, MessageKind, StripAction
from sparkwizard.runs.services import Services, api_url_of
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import Draft, discard_draft, list_profiles, load_draft
from sparkwizard.values import replace
from sparkwizard.wizard.moments import count_words, days_left, since_words
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step

__all__ = ["StartPage"]

_ASKED_AT_MOST = 5


class StartPage(SupportedPage):
    """Offer the three ways in.

    ``practice_requested``: the shell starts the practice tenant and puts it into the state, or
    calls ``practice_failed``. ``practice_left``: back to one's own organization.
    ``setup_chosen(name)``: the shell opens the overview of a saved setup. ``draft_chosen(draft)``
    comes after an unfinished setup was taken up again.
    """

    practice_requested = Signal()
    practice_left = Signal()
    setup_chosen = Signal(str)
    draft_chosen = Signal(object)
    may_offer: Callable[[], bool] = staticmethod(lambda: True)

    def __init__(self, desk: Desk) -> None:
        super().__init__(Step.START.text.instruction, Step.START.text.sentence)
        self._desk = desk
        self._waiting: asyncio.Future[None] | None = None
        self._saved: tuple[_Saved, ...] = ()
        self._tokens: dict[str, str] = {}
        self._build()
        self.choices.chosen.connect(self._chosen)
        self.setups.opened.connect(self.setup_chosen)
        desk.changed.connect(self._state_changed)

    def _build(self) -> None:
        self.choices = WaysIn()
        self.new, self.saved = self.choices.new, self.choices.saved
        self.practice = self.choices.practice
        self.setups = SavedSetups()
        self.below = QStackedWidget()
        self.below.addWidget(NeedsCard())
        self.below.addWidget(self.setups)
        self.body.addWidget(self.choices)
        self.body.addWidget(self.below, 1)
        self.body.addWidget(Standing())

    # -- what the base asks ---------------------------------------------------------------------

    @override
    def initial_focus(self) -> QWidget:
        """Start at the chosen card."""
        return {NEW: self.new, SAVED: self.saved, PRACTICE: self.practice}[self.choices.choice()]

    @override
    def on_enter(self) -> None:
        """Look for saved setups and an unfinished one."""
        practising = self._desk.state.practice is not None
        if practising and self.choices.choice() == NEW:
            self.choices.choose(PRACTICE)
        self.new.words.setText(_LEAVE_TEXT if practising else NEW_TEXT)
        self.tasks.start(self._look())

    @override
    def on_leave(self) -> None:
        """Stop looking."""
        self.tasks.cancel()

    @override
    def missing(self) -> Message | None:
        """Say that no saved setup is selected, or why the selected one can't be opened."""
        if self.choices.choice() != SAVED:
            return None
        row = self.setups.choice()
        if row is None:
            return Message(MessageKind.WARNING, "Select a setup in the list first.")
        if row.problem:
            return Message(MessageKind.DANGER, f"{row.name} can't be opened", row.problem)
        return None

    @override
    def validatePage(self) -> bool:
        """Go on with a new setup or practice; anything else leads to another window."""
        choice, practising = self.choices.choice(), self._desk.state.practice is not None
        row = self.setups.choice()
        if choice == SAVED and row is not None and not row.problem:
            self.setup_chosen.emit(row.name)
            return False
        if choice == NEW and practising:
            self.practice_left.emit()
            return False
        return super().validatePage()

    @override
    def checked_value(self) -> Hashable | None:
        """Return that practice has to be started, where it was chosen."""
        return PRACTICE if self.choices.choice() == PRACTICE else None

    @override
    async def check(self, value: Hashable) -> None:
        """Ask the shell for the practice tenant and wait for it."""
        if self._desk.state.practice is not None:
            return
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            self.practice_requested.emit()
            await self._waiting
        finally:
            self._waiting = None

    @override
    def busy_words(self) -> str:
        """Say what Next waits for."""
        return "Starting the simulated company"

    def practice_failed(self, error: SparkWizardError) -> None:
        """Tell that the practice tenant could not be started; called by the shell."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)

    # -- what is saved --------------------------------------------------------------------------

    async def _look(self) -> None:
        """Read the saved setups and the draft, then ask about the tokens one by one."""
        services = self._desk.services
        self._saved, draft = await run_blocking(_read, services)
        self._show_saved()
        if isinstance(draft, Draft):
            # not the one that is open, here or in another window
            if draft.profile != self._desk.profile and self.may_offer():
                self._offer(draft)
        elif draft is not None:
            self.show_error(draft, (StripAction("Discard it", self._discard, icon="trash"),))
        for saved in self._saved[:_ASKED_AT_MOST]:
            if saved.profile is not None:
                self._tokens[saved.name] = await _token_days(services, saved.profile)
                self._show_saved()

    def _show_saved(self) -> None:
        number = len(self._saved)
        self.saved.setEnabled(bool(number))
        words = f"Open one of {count_words(number, 'setup')}." if number > 1 else _ONE_SAVED
        self.saved.words.setText(words if number else NONE_SAVED)
        self.setups.set_rows([self._row(saved) for saved in self._saved])

    def _row(self, saved: "_Saved") -> SavedRow:
        profile = saved.profile
        if profile is None:
            return SavedRow(saved.name, problem=saved.problem)
        services = self._desk.services
        runs = services.runs(profile)
        when = since_words(runs[0].started_at, services.clock()) if runs else "Never"
        token = self._tokens.get(saved.name, "")
        return SavedRow(saved.name, profile.webex.organization_id, when, token)

    # -- the draft ------------------------------------------------------------------------------

    def _offer(self, draft: Draft) -> None:
        self.show_message(
            MessageKind.INFO,
            "A setup was left unfinished",
            f"{draft.profile.name or 'It has no name yet'}{_at_step(draft.step)}",
            (
                StripAction("&Go on with it", lambda: self._resume(draft), icon="arrow-right"),
                StripAction("&Discard it", self._discard, icon="trash"),
            ),
        )

    def _resume(self, draft: Draft) -> None:
        self.clear_message()
        self.choices.choose(PRACTICE if self._desk.state.practice else NEW)
        state = self._desk.state.with_profile(draft.profile)
        self._desk.set(replace(state, editing=draft.editing))
        self.draft_chosen.emit(draft)
        self.go_on()

    def _discard(self) -> None:
        self.clear_message()
        self.tasks.start(run_blocking(discard_draft, self._desk.services.places))

    # -- choosing -------------------------------------------------------------------------------

    def _chosen(self, key: str) -> None:
        self.edited()
        self.below.setCurrentIndex(1 if key == SAVED else 0)

    def _state_changed(self, _old: WizardState, new: WizardState) -> None:
        if new.practice is not None and self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


_LEAVE_TEXT = "Leave practice and set up your own organization."
_ONE_SAVED = "Open the setup that is saved on this computer."


class _Saved(msgspec.Struct, frozen=True):
    name: str
    profile: Profile | None
    problem: str = ""


def _read(services: Services) -> tuple[tuple[_Saved, ...], Draft | SparkWizardError | None]:
    """Read every saved setup and the draft; what is damaged is told beside its name. Blocks."""
    saved = []
    for entry in list_profiles(services.places):
        try:
            saved.append(_Saved(entry.name, services.load(str(entry.path)).profile))
        except SparkWizardError as error:
            saved.append(_Saved(entry.name, None, str(error)))
    try:
        return tuple(saved), load_draft(services.places)
    except SparkWizardError as error:
        return tuple(saved), error


async def _token_days(services: Services, profile: Profile) -> str:
    """Return how long the kept token of a setup lives on, in a word or two."""
    try:
        token = await run_blocking(services.kept_token, profile)
    except SparkWizardError as error:
        return "Not known" if error.code == "keyring-locked" else "None kept"
    try:
        api_url = api_url_of(profile)
        identity = await services.identify(token, api_url) if api_url else None
    except SparkWizardError:
        return "Not known"
    if identity is None or identity.expires is None:
        return "Not known"
    return days_left(identity.expires, services.clock()).capitalize()


def _at_step(name: str) -> str:
    steps = {step.name: step.text.label for step in Step}
    label = steps.get(name.upper(), "")
    return f", at the step {label}." if label else "."
