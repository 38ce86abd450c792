"""The third face: every change to the tenant before it is made, then how each came out."""

from contextlib import aclosing
from typing import override

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from sparkwizard.entra.provisioning_job.types import Problem, Step, TenantPlan
from sparkwizard.errors import SafeguardStop, SparkWizardError
from sparkwizard.gui.cloud.cloud_desk import CloudDesk
from sparkwizard.gui.cloud.face import CloudFace
from sparkwizard.gui.frame.page import ExtraButton, PageButtons
from sparkwizard.gui.frame.window_parts import LeaveQuestion
from sparkwizard.gui.look.theme import Tone
from sparkwizard.gui.plan.findings_dialog import FindingsDialog
from sparkwizard.gui.widgets import (
    Column,
    DataTable,
    EmptyState,
    KeyValueRows,
    Message,
    MessageKind,
    ProgressCard,
    RowsModel,
    StripAction,
    TableCard,
    announce,
)
from sparkwizard.gui.widgets.telling.notices import Notices
from sparkwizard.provisioning.types import Reason
from sparkwizard.runs.cloud.types import CloudEvent, CloudResult, Finished, StepDone, StepStarted
from sparkwizard.wizard.cloud.set_up_words import (
    ChangeRow,
    ChangeState,
    change_rows,
    details_of,
    make_words,
    result_words,
)
from sparkwizard.wizard.cloud.steps import CloudStep
from sparkwizard.wizard.cloud.words import STEP_TITLES, plan_words

__all__ = ["ChangesPage"]

_MARKS: dict[ChangeState, tuple[str, str]] = {
    ChangeState.TO_DO: ("arrow-right", Tone.ACCENT),
    ChangeState.RUNNING: ("refresh", Tone.ACCENT),
    ChangeState.DONE: ("success", Tone.SUCCESS),
    ChangeState.ALREADY: ("equals", Tone.MUTED),
    ChangeState.FAILED: ("fail", Tone.DANGER),
    ChangeState.NOT_BEGUN: ("clock", Tone.MUTED),
}
_READING = "Reading Microsoft Entra"


class ChangesPage(CloudFace):
    """List the changes; the button makes exactly those, and shows each as it is made."""

    commit = True

    def __init__(self, cloud: CloudDesk) -> None:
        super().__init__(cloud, CloudStep.CHANGES)
        self.running = False
        self._unforetold = ""
        self._states: dict[Step, ChangeState] = {}
        self._result: CloudResult | None = None
        self.progress = ProgressCard("Getting ready")
        self.progress.hide()
        self.notices = Notices()
        self.model = RowsModel[ChangeRow](
            (
                Column("Change", lambda r: r.change.sentence, icon=_mark, stretch=True),
                Column("State", lambda r: r.state.value, tone=Tone.MUTED, width=92),
                Column(
                    "Reversible",
                    lambda r: r.back,
                    width=88,
                    meaning="Whether it can be taken back",
                ),
            )
        )
        self.table = DataTable(self.model, name="Changes to Microsoft Entra")
        self.table.row_selected.connect(self._select)
        self.empty = EmptyState("cloud", _READING, "Nothing is changed by this.")
        self.details = KeyValueRows(name_width=56)
        for widget in (self.progress, self.notices):
            self.body.addWidget(widget)
        self.body.addWidget(TableCard(self.table, empty=self.empty), 1)
        self.body.addWidget(self.details)

    # What the frame calls

    @override
    def on_enter(self) -> None:
        """Read the tenant and list what would be changed."""
        if not self.running:
            self.read_again()

    @override
    def initial_focus(self) -> QWidget | None:
        """Begin in the list: Enter must not change anything."""
        return self.table if self.table.isVisible() else None

    @override
    def missing(self) -> Message | None:
        """Say that nothing can be made yet."""
        plan = self.cloud.plan
        if plan is None or plan.blocked:
            return Message(
                MessageKind.WARNING, "Nothing can be written yet", "Correct what hinders it first."
            )
        return None

    @override
    def validatePage(self) -> bool:
        """Make the changes, and go on only once they are made."""
        if self._result is not None or not self.isComplete():
            return self._result is not None
        lack, plan = self.missing(), self.cloud.plan
        if lack is not None or plan is None:
            self.strip.show_message(lack or Message(MessageKind.WARNING, "There is no list yet"))
            return False
        self._begin(plan)
        return False

    @override
    def isComplete(self) -> bool:
        """Keep the button off while something runs."""
        return super().isComplete() and not self.running

    def leave_question(self) -> LeaveQuestion | None:
        """Ask before the window closes on changes under way."""
        if not self.running:
            return None
        return LeaveQuestion(
            "Changes are being made in Microsoft Entra. Stop and leave?",
            "What is made stays made and is written down; later it goes on from there.",
            leave="&Stop and leave",
            stay="&Go on",
        )

    # The list

    def read_again(self) -> None:
        """Make the list anew."""
        self.clear_message()
        self._states, self._result, self.cloud.plan = {}, None, None
        self.progress.hide()
        self.notices.show_messages(())
        self.model.set_rows(())
        self.details.set_rows(())
        self.empty.set_words(_READING, "Nothing is changed by this.")
        self.set_heading(CloudStep.CHANGES.text.instruction, CloudStep.CHANGES.text.sentence)
        self.set_buttons(PageButtons(next=""))
        self.start(self._read(), words=_READING)

    async def _read(self) -> None:
        plan = await self.cloud.make_plan()
        self._show(plan)

    def _show(self, plan: TenantPlan) -> None:
        self._refill(plan)
        self.table.select_first()
        self.empty.set_words("Nothing would be changed", "The tenant is as this setup wants it.")
        self._show_problems(plan.problems)
        self.set_heading(plan_words(plan).rstrip("."), CloudStep.CHANGES.text.sentence)
        again = ExtraButton("&Read again", self.read_again, "refresh")
        words = make_words(plan) if plan.changes else "&Watch"
        if not plan.changes and not plan.blocked:
            self._as_wanted(plan)
        self.set_buttons(PageButtons(next="" if plan.blocked else words, extras=(again,)))
        announce(self, plan_words(plan))

    def _as_wanted(self, plan: TenantPlan) -> None:
        """Take a tenant that is as wanted for set up: the setup keeps the ids of its job."""
        self._result = CloudResult(plan.application_id, plan.job_id)
        self.start(self.cloud.keep_result(self._result))

    def _refill(self, plan: TenantPlan) -> None:
        at = self.table.currentIndex().row()
        self.model.set_rows(change_rows(plan, self._states))
        if at >= 0:
            self.table.selectRow(at)

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        found = sorted(problems, key=lambda one: not one.blocking)
        shown = [
            Message(MessageKind.DANGER if one.blocking else MessageKind.WARNING, one.text, one.fix)
            for one in found[:1]
        ]
        if len(found) > 1:
            action = StripAction("Show all", lambda: self._show_all(found))
            rest = f"{len(found) - 1} more to know before you decide"
            shown.append(Message(MessageKind.WARNING, rest, actions=(action,)))
        self.notices.show_messages(shown)

    def _show_all(self, found: list[Problem]) -> None:
        reasons = (Reason(one.code, f"{one.text} {one.fix}".strip()) for one in found)
        FindingsDialog(self, tuple(reasons), "Before you decide").open()

    def _select(self, row: ChangeRow | None) -> None:
        self.details.set_rows(details_of(row) if row is not None else ())

    # Making them

    def _begin(self, plan: TenantPlan) -> None:
        self.clear_message()
        self.notices.show_messages(())
        self.running = True
        self.progress.restart()
        self.progress.set_progress(0, len(plan.steps), text="Getting ready", unit="steps")
        self.progress.show()
        self.set_heading("Making the changes", "Cancel stops after the change that is under way.")
        self.set_buttons(PageButtons(next="", back=""))
        self._say_complete()
        self.tasks.start(self._carry_out(plan), name="carry-out")

    async def _carry_out(self, plan: TenantPlan) -> None:
        result: CloudResult | None = None
        try:
            if plan.switches_on:
                self.progress.text.set_text("Foretelling whom the first cycle will change")
                self._unforetold = await self.cloud.keep_foretold()
            events = self.cloud.carry_out(plan)
            async with aclosing(events):
                async for event in events:
                    result = self._take(event, plan) or result
            if result is not None:
                await self.cloud.keep_result(result)
        finally:
            self.running = False
            if result is None:
                self._stopped(plan)
            self._say_complete()
        if result is not None:
            self._made(result)

    def _take(self, event: CloudEvent, plan: TenantPlan) -> CloudResult | None:
        total = len(plan.steps)
        match event:
            case StepStarted():
                self._states[event.step] = ChangeState.RUNNING
                words = STEP_TITLES[event.step]
                self.progress.set_progress(event.number - 1, total, text=words, unit="steps")
            case StepDone():
                done = ChangeState.ALREADY if event.already else ChangeState.DONE
                self._states[event.step] = done
                self.progress.set_progress(self._done(), total, unit="steps")
            case Finished():
                return event.result
        self._refill(plan)
        return None

    def _done(self) -> int:
        ended = (ChangeState.DONE, ChangeState.ALREADY)
        return sum(state in ended for state in self._states.values())

    def _made(self, result: CloudResult) -> None:
        self._result = result
        words = result_words(result)
        self.progress.text.set_text("Done")
        if self._unforetold:
            self.show_message(MessageKind.INFO, "Nothing to compare with", self._unforetold)
        self.set_heading("Microsoft Entra is set up", words)
        self.set_buttons(PageButtons(next="&Watch it work", back="", cancel="Close"))
        announce(self, words)
        QTimer.singleShot(0, self, self.focus_first)

    def _stopped(self, plan: TenantPlan) -> None:
        for step in plan.steps:
            state = self._states.get(step)
            if state is ChangeState.RUNNING:
                self._states[step] = ChangeState.FAILED
            elif state is None:
                self._states[step] = ChangeState.NOT_BEGUN
        self._refill(plan)
        done, total = self._done(), len(plan.steps)
        self.progress.text.set_text("Stopped")
        self.set_heading(
            f"Stopped after {done} of {total} steps",
            "What is made stays made. Go on makes the rest, and nothing twice.",
        )
        again = ExtraButton("&Read again", self.read_again, "refresh")
        self.set_buttons(PageButtons(next="&Go on", extras=(again,)))

    @override
    def failed(self, error: BaseException) -> None:
        """Say what happened and what to do; a list that no longer fits is made anew."""
        if not isinstance(error, SparkWizardError):
            super().failed(error)
            return
        if self.cloud.plan is None:
            self.empty.set_words("The list could not be made", "Nothing was changed.")
            again = ExtraButton("&Read again", self.read_again, "refresh")
            self.set_buttons(PageButtons(next="", extras=(again,)))
        self.show_error(error, self._ways_on(error))

    def _ways_on(self, error: SparkWizardError) -> tuple[StripAction, ...]:
        if isinstance(error, SafeguardStop):
            return (StripAction("Read again", self.read_again, "refresh"),)
        return ()


def _mark(row: ChangeRow) -> tuple[str, str]:
    return _MARKS[row.state]
