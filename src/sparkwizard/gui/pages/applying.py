"""The page that carries out a plan: one bar, what happens now, and failures as they come."""

import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import override

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from sparkwizard.errors import NotAuthorized, PlanError, SafeguardStop, SparkWizardError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import ExtraButton, PageButtons
from sparkwizard.gui.frame.support import SupportedPage
from sparkwizard.gui.frame.window import LeaveQuestion
from sparkwizard.gui.look.theme import Tone
from sparkwizard.gui.models.actions import KIND_ICONS
from sparkwizard.gui.models.outcomes import Failure, failures_model
from sparkwizard.gui.pages.token_dialog import TokenDialog
from sparkwizard.gui.widgets import (
    DataTable,
    EmptyState,
    IconText,
    ProgressCard,
    Section,
    StatTile,
    StripAction,
    TableCard,
    TileRow,
    announce,
)
from sparkwizard.provisioning.pilot import pilot_order
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.types import (
    Acting,
    Applied,
    ApplyEvent,
    Begun,
    GroupOutcome,
    Outcome,
    Ring,
    RunResult,
    Waiting,
)
from sparkwizard.setup.store import effective_mapping
from sparkwizard.wizard.plan.changes import people
from sparkwizard.wizard.run.progress import Pace, Tally
from sparkwizard.wizard.run.ring_words import ring_rule, ring_words
from sparkwizard.wizard.steps import Step

__all__ = ["ApplyingPage"]

_FLUSH_MS = 50
_FAILED = "failed"
_OTHERS_GO_ON = "The others go on. You can try these again."
_RING_STOPS = "This ring goes on, the next is not begun. You can try these again."
_TRY_AGAIN = "You can try these again."
_STOPPED = "What was done stays done and is written down; nobody else is changed by now."
_PAST = {
    ActionKind.CREATE: "created",
    ActionKind.UPDATE: "updated",
    ActionKind.DISABLE: "disabled",
    ActionKind.DELETE: "deleted",
}
_DOING = {
    ActionKind.CREATE: "Creating",
    ActionKind.UPDATE: "Updating",
    ActionKind.DISABLE: "Disabling",
    ActionKind.DELETE: "Deleting",
}


class ApplyingPage(SupportedPage):
    """Show a run while it runs; pause it, stop it, and go on with it after a failure."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(Step.APPLYING.text.instruction, Step.APPLYING.text.sentence)
        self.desk = desk
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.control: RunControl | None = None
        self._tally, self._pace = Tally(), Pace()
        self._expected: Counter[ActionKind] = Counter()
        self._words = ""
        self._result: RunResult | None = None
        self._times: dict[int, datetime] = {}
        self._taken_back = 0
        self._dirty = False
        self.progress = ProgressCard("Getting ready")
        self.tiles = TileRow()
        for kind, past in _PAST.items():
            icon, tone = KIND_ICONS[kind]
            self.tiles.add(kind, StatTile("0", past, icon, tone=tone))
        self.tiles.add(_FAILED, StatTile("0", "failed", "fail", tone=Tone.MUTED))
        self.model = failures_model()
        self.failures = Section("Failures so far", _OTHERS_GO_ON)
        empty = EmptyState("success", "No failures so far")
        self.table = DataTable(self.model, name="Failures so far")
        self.failures.body.addWidget(TableCard(self.table, empty=empty), 1)
        self.note = IconText(
            "info",
            "Cancel stops after the requests under way; nothing is half done.",
            tone=Tone.MUTED,
            text_tone=Tone.MUTED,
        )
        for widget in (self.progress, self.tiles, self.failures, self.note):
            self.body.addWidget(widget, 1 if widget is self.failures else 0)
        self._flush_timer = QTimer(self)
        self._flush_timer.setInterval(_FLUSH_MS)
        self._flush_timer.timeout.connect(self._flush)

    # What the frame calls

    @override
    def on_enter(self) -> None:
        """Begin, unless this run has ended already."""
        if self.desk.state.result is None and self.desk.state.preview is not None:
            self.progress.restart()
            self._begin()

    @override
    def initial_focus(self) -> QWidget | None:
        """Keep the keyboard away from Pause and Cancel: a second Enter must not press them."""
        return self

    @override
    def cancel_running(self) -> bool:
        """Ask the run to stop after the requests under way."""
        if not self.running:
            return False
        assert self.control is not None
        self.control.cancel()
        self._say("Stopping after the requests under way")
        self.set_buttons(PageButtons(next="", back="", cancel=""))
        return True

    @override
    def isComplete(self) -> bool:
        """Go on only after the run has ended."""
        return not self.running

    @property
    def running(self) -> bool:
        """Tell whether a run is under way."""
        return self.control is not None

    def leave_question(self) -> LeaveQuestion | None:
        """Ask before the window closes on a run."""
        if not self.running:
            return None
        return LeaveQuestion(
            "Changes are being applied. Stop and leave?",
            "SparkWizard stops after the requests under way and writes down how far it came."
            " Nothing is half done; a new preview shows the rest.",
            leave="&Stop and leave",
            stay="&Go on applying",
        )

    # The run

    def _begin(self) -> None:
        state = self.desk.state
        assert state.preview is not None
        plan = state.preview.plan
        self.clear_message()
        self.control = RunControl()
        self._pace, self._result = Pace(), None
        self._expect(plan)
        self.note.setVisible(True)
        self.failures.remark.setText(_RING_STOPS if state.rings else _OTHERS_GO_ON)
        self._say("Getting ready")
        self._offer_pause()
        self._flush_timer.start()
        self._say_complete()
        self.tasks.start(self._run(plan, self.control), name="apply")

    async def _run(self, plan: Plan, control: RunControl) -> None:
        try:
            events = await self._events(plan, control)
            async with aclosing(events):
                async for event in events:
                    self._take(event)
        finally:
            self.control = None
            self._flush_timer.stop()
            self._dirty = True
            self._flush()
            self._say_complete()
        self._ended()

    async def _events(self, plan: Plan, control: RunControl) -> AsyncGenerator[ApplyEvent]:
        state, services = self.desk.state, self.desk.services
        profile, token = state.profile, state.token
        both = state.although_entra_runs or not plan.to_write
        if not state.rings:
            only = frozenset(state.pilot) or None
            return services.apply(
                plan, profile, token, control=control, only=only, although_entra_runs=both
            )
        assert state.preview is not None
        read, rules = state.preview.population.people, effective_mapping(profile)
        order = await run_blocking(pilot_order, plan, rules, read, plan.created_at)
        return services.apply_in_rings(
            plan,
            profile,
            token,
            order,
            control=control,
            percent=state.ring_percent,
            although_entra_runs=both,
        )

    def _ended(self) -> None:
        if self._result is None:
            return
        self.desk.update(result=self._result)
        announce(self, f"{self.progress.count.text()}, finished")
        QTimer.singleShot(0, self, self.go_on)

    @override
    def failed(self, error: BaseException) -> None:
        """Stay, say what happened, and offer to go on with the same plan."""
        self._say("Stopped")
        self.note.setVisible(False)
        self.failures.remark.setText(_TRY_AGAIN)
        self.set_heading(self._stopped_words(), _STOPPED)
        extras = () if self._result is None else (ExtraButton("&See what was done", self._see),)
        self.set_buttons(PageButtons(next="", back="", cancel="Close", extras=extras))
        if not isinstance(error, SparkWizardError):
            super().failed(error)
            return
        self.show_error(error, self._ways_on(error))

    def _stopped_words(self) -> str:
        done, total = self._tally.done, max(self._tally.total, self._expected.total())
        return f"Stopped after {done:,} of {total:,} {'change' if total == 1 else 'changes'}"

    def _ways_on(self, error: SparkWizardError) -> tuple[StripAction, ...]:
        if isinstance(error, NotAuthorized):
            return (StripAction("&Paste a new token", self._ask_for_token, "key"),)
        if isinstance(error, SafeguardStop | PlanError):
            preview = Step.PREVIEW.name
            return (StripAction("Preview &again", lambda: self.leave_to.emit(preview), "refresh"),)
        return (StripAction("&Go on", self._begin, "play"),)

    def _see(self) -> None:
        self.desk.update(result=self._result)
        self.go_on()

    def _ask_for_token(self) -> None:
        TokenDialog(self, self.desk, self._begin).open()

    # What comes in

    def _take(self, event: ApplyEvent) -> None:
        self._dirty = True
        match event:
            case Ring():
                rule = ring_rule(self.desk.state.ring_percent)
                self.set_heading(ring_words(event), rule)
            case Begun():
                self._tally.begin(event)
                self._pace.mark(time.monotonic(), self._tally.done)
            case Acting():
                self._words = _acting_words(event)
            case Waiting():
                self._words = f"{event.why} Going on in {max(1, round(event.seconds))} seconds"
            case Outcome():
                self._tally.take(event)
                self._times[event.seq] = self.desk.services.clock()
            case GroupOutcome():
                self._words = f"Groups: {event.label}"
            case Applied():
                self._result = event.result

    def _flush(self) -> None:
        now = time.monotonic()
        self._pace.look(now)
        if self._dirty:
            self._pace.mark(now, self._tally.done)
        paused = self.control is not None and self.control.paused
        left = (
            None if paused or not self.running else self._pace.seconds_left(now, self._tally.total)
        )
        stopping = self.control is not None and self.control.cancelled
        text = self._words if not (paused or stopping) else ""
        done, total = self._tally.done, max(self._tally.total, self._expected.total())
        self.progress.set_progress(done, total, text=text, seconds_left=left)
        if self._dirty:
            self._dirty = False
            self._show_counts()

    def _show_counts(self) -> None:
        for kind in _PAST:
            self.tiles.tile(kind).set_number(f"{self._tally.applied[kind]:,}")
        failed = self._tally.failed
        tile = self.tiles.tile(_FAILED)
        tile.set_number(f"{failed:,}", tone=Tone.DANGER if failed else Tone.MUTED)
        self._show_failures()

    def _show_failures(self) -> None:
        """Add what failed since: to make 10,000 rows anew 20 times a second is felt."""
        known, failed = len(self.model.rows), self._tally.not_done
        if self._tally.taken_back != self._taken_back or len(failed) < known:
            self._taken_back = self._tally.taken_back
            self.model.set_rows(map(self._failure, failed))
        elif len(failed) > known:
            self.model.append_rows(map(self._failure, failed[known:]))

    def _failure(self, outcome: Outcome) -> Failure:
        return Failure(outcome, self._times.get(outcome.seq))

    # Words and buttons

    def _expect(self, plan: Plan) -> None:
        pilot = self.desk.state.pilot
        actions = [a for a in plan.to_write if not pilot or a.source_id in pilot]
        self._expected = Counter(action.kind for action in actions)
        number = len(actions) + (0 if pilot else len(plan.groups_to_write))
        title = f"Applying {number:,} {'change' if number == 1 else 'changes'}"
        if pilot:
            title = f"Starting with {people(number)}"
        self.set_heading(title if number else "Saving the setup", Step.APPLYING.text.sentence)
        for kind, past in _PAST.items():
            tile = self.tiles.tile(kind)
            tile.setVisible(self._expected[kind] > 0)
            tile.set_number("0", f"of {self._expected[kind]:,} {past}")
        self._dirty = True

    def _offer_pause(self) -> None:
        paused = self.control is not None and self.control.paused
        button = (
            ExtraButton("&Resume", self._pause_or_resume, "play")
            if paused
            else ExtraButton("&Pause", self._pause_or_resume, "pause")
        )
        self.set_buttons(PageButtons(next="", back="", extras=(button,)))

    def _pause_or_resume(self) -> None:
        if self.control is None or self.control.cancelled:
            return
        if self.control.paused:
            self.control.resume()
            self._pace.rest()
            self._say("Going on")
        else:
            self.control.pause()
            self._say("Paused after the requests under way")
        self._offer_pause()

    def _say(self, words: str) -> None:
        self._words = words
        self.progress.text.set_text(words)
        self.progress.left.setText("")
        announce(self, words)


def _acting_words(event: Acting) -> str:
    if event.number > 1:
        return f"{_DOING[event.kind]} {people(event.number)}"
    return f"{_DOING[event.kind]} {event.label}"
