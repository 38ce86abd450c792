"""The last page: predicted against actual, what failed and why, and how to keep it going."""

from collections import Counter
from collections.abc import Coroutine, Mapping
from typing import Any, override

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import ExtraButton, PageButtons
from sparkwizard.gui.frame.support import SupportedPage
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.models.outcomes import Failure, compared_model, failures_model
from sparkwizard.gui.pages.result.journal_dialog import JournalDialog
from sparkwizard.gui.pages.result.keep_going import KeepGoing
from sparkwizard.gui.pages.result.schedule_card import ScheduleCard
from sparkwizard.gui.plan.report_file import open_report
from sparkwizard.gui.widgets import (
    Card,
    DataTable,
    IconLabel,
    QuietButton,
    SecondaryButton,
    Section,
    TableCard,
    WrapLabel,
)
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.types import RunResult
from sparkwizard.wizard.run.outcome import Verdict, compared, failures, fix_words, verdict
from sparkwizard.wizard.steps import Step

__all__ = ["ResultPage"]

_ROW, _HEADER = 34, 36


class ResultPage(SupportedPage):
    """Show how a run came out, and what can be done next; ``cloud_wanted`` asks for Entra."""

    cloud_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(Step.RESULT.text.instruction, Step.RESULT.text.sentence)
        self.desk = desk
        self.mark = IconLabel("success", tone=Tone.SUCCESS, size=40)
        self.heading = WrapLabel(role="heading")
        self.text = WrapLabel()
        self.report = SecondaryButton("&Open report", icon_name="document", on_click=self._report)
        self.journal = QuietButton("&Journal", icon_name="more", on_click=self._journal)
        self.journal.setToolTip("Every change of this run, with Webex's tracking IDs")
        self.banner = self._banner()
        self.compared = compared_model()
        self.compared_table = DataTable(self.compared, name="Predicted against actual")
        self.compared_card = TableCard(self.compared_table)
        self.model = failures_model(with_time=False)
        self.table = DataTable(self.model, name="What was not done, and why")
        self.failures = Section("Not done")
        self.reason = WrapLabel(tone=Tone.MUTED)
        self.failures.body.addWidget(TableCard(self.table), 1)
        self.failures.body.addWidget(self.reason)
        self.table.row_selected.connect(self._show_reason)
        self.schedule = ScheduleCard(desk, self._begin, self._close)
        self.keep = KeepGoing(self.schedule)
        self.keep.cloud_wanted.connect(self.cloud_wanted)
        self.next = Section("Keep it going")
        self.next.body.addWidget(self.keep)
        for widget in (self.banner, self.compared_card, self.failures, self.next):
            self.body.addWidget(widget, 1 if widget is self.failures else 0)
        self.filler = QWidget()
        self.body.addWidget(self.filler, 1)

    def _banner(self) -> Card:
        banner = Card(tone=Tone.SUCCESS)
        row, words = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(SPACE.l)
        words.setSpacing(2)
        words.addWidget(self.heading)
        words.addWidget(self.text)
        row.addWidget(self.mark)
        row.addLayout(words, 1)
        row.addWidget(self.report)
        row.addWidget(self.journal)
        banner.body.addLayout(row)
        return banner

    # What the frame calls

    @override
    def on_enter(self) -> None:
        """Show how the run came out."""
        result = self.desk.state.result
        if result is None:
            return
        pilot = self._pilot()
        told = verdict(result, pilot=pilot is not None, undoes=self._undoes())
        self.set_heading(told.title, Step.RESULT.text.sentence)
        self._show_verdict(told, result)
        self._show_compared(result, pilot)
        self._show_failures(result)
        self._offer(result, pilot=pilot is not None)

    @override
    def initial_focus(self) -> QWidget | None:
        """Begin with the report."""
        return self.report

    # Showing

    def _pilot(self) -> Mapping[ActionKind, int] | None:
        state = self.desk.state
        if not state.pilot or state.preview is None:
            return None
        actions = state.preview.plan.to_write
        return Counter(a.kind for a in actions if a.source_id in state.pilot)

    def _undoes(self) -> int | None:
        """Return the run that this one undid, None where it undid none."""
        preview = self.desk.state.preview
        undoes = preview.plan.undoes if preview is not None else None
        return undoes if isinstance(undoes, int) else None

    def _show_verdict(self, told: Verdict, result: RunResult) -> None:
        tone, icon = (Tone.SUCCESS, "success") if told.good else (Tone.WARNING, "warning")
        if result.failed and not result.applied:
            tone, icon = Tone.DANGER, "fail"
        self.banner.set_tone(tone)
        self.mark.set_icon(icon, tone)
        self.heading.setText(told.heading)
        self.text.setText(told.text)

    def _show_compared(self, result: RunResult, pilot: Mapping[ActionKind, int] | None) -> None:
        lines = compared(result, pilot)
        self.compared.set_rows(lines)
        self.compared_card.setVisible(bool(lines))
        height = self.compared_table.horizontalHeader().height()
        height += len(lines) * self.compared_table.verticalHeader().defaultSectionSize()
        self.compared_card.setFixedHeight(height + 2)

    def _show_failures(self, result: RunResult) -> None:
        rows = [Failure(outcome) for outcome in failures(result)]
        self.model.set_rows(rows)
        self.failures.setVisible(bool(rows))
        self.table.select_first()
        self.filler.setVisible(not rows)

    def _show_reason(self, row: Failure | None) -> None:
        """Say the whole reason of the selected failure, and what to do about it."""
        if row is None:
            self.reason.setText("")
            return
        told = f"{row.outcome.action.label}: {row.outcome.message} {fix_words(row.outcome)}"
        number = row.outcome.tracking_id
        self.reason.setText(f"{told} Tracking ID {number}." if number else told)

    def _offer(self, result: RunResult, *, pilot: bool) -> None:
        identity = self.desk.state.identity
        known = self.desk.services.known_job(self.desk.profile)
        self.keep.set_situation(
            token_short=identity is not None and identity.lifetime_short,
            practice=self.desk.state.practice is not None,
            entra_runs=known is not None and known.on,
        )
        self.schedule.look()
        left = bool(failures(result))
        self.next.setVisible(not pilot and not left and self._undoes() is None)
        extras = []
        if left:
            extras.append(ExtraButton("&Try these again", self._again, "refresh"))
        if pilot:
            extras.append(ExtraButton("&Preview the rest", self._rest, "arrow-right"))
        if result.applied:
            extras.append(ExtraButton("&Undo", self._undo, "undo"))
        self.set_buttons(PageButtons(next="&Close", back="", cancel="", extras=tuple(extras)))

    # Doing

    def _again(self) -> None:
        self.desk.update(result=None)
        self.leave_to.emit(Step.APPLYING.name)

    def _rest(self) -> None:
        self.leave_to.emit(Step.PREVIEW.name)

    def _undo(self) -> None:
        result = self.desk.state.result
        if result is not None:
            self.clear_message()
            self.start(self._plan_undo(result.run_id), words="Planning the undo")

    async def _plan_undo(self, run_id: int) -> None:
        """Make the inverse of the run and show it: nobody loses access unseen, so no limit."""
        state = self.desk.state
        made = await self.desk.services.undo(
            state.profile, run_id, state.token, confirm_removals=True
        )
        self.desk.update(preview=made, result=None, pilot=(), rings=False)
        # after this task, which leaving would cancel
        QTimer.singleShot(0, self, lambda: self.leave_to.emit(Step.PREVIEW.name))

    def _begin(self, work: Coroutine[Any, Any, object], words: str) -> None:
        if words:
            self.clear_message()
        self.start(work, words=words)

    def _close(self) -> None:
        wizard = self.wizard()
        if wizard is not None:
            wizard.accept()

    def _journal(self) -> None:
        result = self.desk.state.result
        if result is not None:
            journal, run = self.desk.services.journal, result.run_id
            JournalDialog(self, run, journal.actions(run), journal.group_actions(run)).open()

    def _report(self) -> None:
        result = self.desk.state.result
        if result is not None:
            words = "Writing the report"
            self.start(open_report(self.desk.services, result.run_id), words=words)
