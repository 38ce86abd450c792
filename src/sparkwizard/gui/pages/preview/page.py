"""Page 9: see what would happen, to whom and why, before anything is changed."""

import asyncio
from collections.abc import Hashable
from typing import override

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from sparkwizard.directory.types import ReadProgress
from sparkwizard.errors import NotAuthorized, SafeguardStop, SparkWizardError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.editors.explain_dialog import ask_why
from sparkwizard.gui.frame.page import PageButtons
from sparkwizard.gui.frame.support import SupportedPage
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.models.actions import KIND_ICONS, ActionRow, ActionsModel, rows_of
from sparkwizard.gui.pages.preview.footer import PreviewFooter
from sparkwizard.gui.pages.preview.fork import PreviewFork
from sparkwizard.gui.pages.preview.ways import PreviewWays
from sparkwizard.gui.pages.token_dialog import TokenDialog
from sparkwizard.gui.plan.findings_dialog import FindingsDialog
from sparkwizard.gui.plan.group_changes_dialog import show_group_changes
from sparkwizard.gui.plan.person_panel import PersonPanel
from sparkwizard.gui.plan.plan_files import PlanFiles
from sparkwizard.gui.widgets import (
    DataTable,
    EmptyState,
    FoldingPanel,
    IconButton,
    Message,
    MessageKind,
    SearchField,
    SecondaryButton,
    StatTile,
    StripAction,
    TableCard,
    TileRow,
)
from sparkwizard.gui.widgets.telling.notices import Notices
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.collector import collector_at_rest
from sparkwizard.runs.types import Preview
from sparkwizard.wizard.cloud.steps import CloudStep
from sparkwizard.wizard.plan.changes import KIND_WORDS, people
from sparkwizard.wizard.plan.preview_notes import Note, NoteAction, notes
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step

__all__ = ["PreviewPage"]

_ONE_MESSAGE_BELOW = 660
_LIMITS, _READING = Step.LIMITS.name, "Reading both sides"
_ONLY = "Nothing is changed by this."
_AT_ONCE = "Everything is read, and what differs is changed at once, under this setup's limits."


class PreviewPage(SupportedPage):
    """Show the plan: numbers that filter a table, and one person's change beside it."""

    commit = True
    cloud_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(Step.PREVIEW.text.instruction, Step.PREVIEW.text.sentence)
        self.desk = desk
        self.apply_when_ready = False  # "Sync now": nobody asked to look first
        self._confirmed = ""  # the digest of a new source that the person has accepted
        self._shown: Preview | None = None
        self._reading: asyncio.Task[None] | None = None
        self._people_read, self._users_read = 0, "0"
        self.tiles = TileRow()
        for kind, words in KIND_WORDS.items():
            icon, tone = KIND_ICONS[kind]
            self.tiles.add(kind, StatTile("0", words, icon, tone=tone, checkable=True))
        self.tiles.chosen.connect(self._filter)
        self.notices = Notices()
        self.model = ActionsModel()
        self.table = DataTable(self.model, name="What would happen to each person")
        self.table.row_selected.connect(self._select)
        self.panel = PersonPanel()
        self.panel.why_asked.connect(
            lambda action: ask_why(self.desk, action.source_id, action.label, self)
        )
        self.search = SearchField("Search")
        self.search.searched.connect(self._search)
        self.fork = PreviewFork(self, desk)
        self.fork.wanted.connect(self.cloud_wanted)
        self.ways = PreviewWays(self, desk, self.fork)
        self.files = PlanFiles(self, desk, rows=self.model.visible_rows, done=self._saved_to)
        self.footer = PreviewFooter()
        self.estimate, self.licences = self.footer.estimate, self.footer.licences
        self.waiting = EmptyState("people", "Nothing has been read yet", "")
        self.waiting.button.clicked.connect(lambda _checked=False: self.read_again())
        self._stack = QStackedLayout()
        self._stack.addWidget(self.waiting)
        self._stack.addWidget(self._content())
        self.body.addLayout(self._stack, 1)
        desk.changed.connect(self._desk_changed)

    def _content(self) -> QWidget:
        content, tools = QWidget(), QHBoxLayout()
        tools.setSpacing(SPACE.s)
        self.again = IconButton(
            "refresh", "Read everything again and preview anew", on_click=self.read_again
        )
        save = SecondaryButton("Save p&lan", icon_name="download", on_click=self.files.save_plan)
        export = SecondaryButton("&Export", icon_name="export", on_click=self.files.export)
        save.setToolTip("Keep exactly this plan in a file, to look at or to apply it later")
        export.setToolTip("Write this list to a CSV file for a spreadsheet")
        self.save_button, self.export_button = save, export
        self.search.setMaximumWidth(300)
        tools.addWidget(self.search, 1)
        tools.addStretch(0)
        for button in (self.again, save, export):
            tools.addWidget(button)
        self.card = TableCard(
            self.table,
            empty=EmptyState("search", "Nobody here", "Choose another number or search anew."),
        )
        self.folding = FoldingPanel(self.card, self.panel, side_width=248, fold_below=580)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.m)
        column.addWidget(self.tiles)
        column.addWidget(self.notices)
        column.addLayout(tools)
        column.addWidget(self.folding, 1)
        column.addLayout(self.footer)
        return content

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for people where the window is low: one message, the others behind a link."""
        super().resizeEvent(event)
        self.notices.show_at_most(1 if self.height() < _ONE_MESSAGE_BELOW else 2)

    # What the frame calls

    @override
    def on_enter(self) -> None:
        """Read both sides, unless the preview of now is still the one that fits the setup."""
        self.desk.update(although_entra_runs=False)
        state = self.desk.state
        if state.result is not None or state.preview is None:
            self.desk.update(result=None, pilot=(), rings=False, preview=None)
            self.read_again()
        elif state.preview is self._shown:
            self.desk.update(pilot=(), rings=False)
            self._stack.setCurrentIndex(1)
        else:  # made elsewhere: the undo of a run
            self.desk.update(pilot=(), rings=False)
            self._wait("Laying out what would happen", _ONLY)
            self.tasks.start(self._take_over(state.preview))

    @override
    def on_leave(self) -> None:
        """Stop reading."""
        self.apply_when_ready = False
        self.tasks.cancel()

    @override
    def initial_focus(self) -> QWidget | None:
        """Begin in the search; where nothing was read, at what reads again."""
        if self._shown is None and not self.waiting.button.isHidden():
            return self.waiting.button
        return self.search if self._shown is not None else None

    @override
    def missing(self) -> Message | None:
        """Say that there is nothing to apply yet."""
        if self.desk.state.preview is None:
            return Message(MessageKind.WARNING, "There is no preview yet", "Preview again first.")
        return None

    @override
    def checked_value(self) -> Hashable | None:
        """Save the setup before its plan is applied, so that later runs find it."""
        state = self.desk.state
        if state.preview is None:
            return None
        return (state.preview.plan.digest, state.profile.name, state.although_entra_runs)

    @override
    def busy_words(self) -> str:
        """Say what happens before applying."""
        return "Saving the setup"

    @override
    async def check(self, value: Hashable) -> None:
        """Save the setup, unless Entra's own service runs it and that was not allowed."""
        state = self.desk.state
        await self.fork.check()
        await run_blocking(self.desk.services.save_again, state.profile, state.file, state.editing)

    @override
    def failed(self, error: BaseException) -> None:
        """Show what went wrong; a pilot that was asked for is not kept in mind."""
        if isinstance(error, SafeguardStop) and error.code == "entra-runs":
            self.fork.show_refusal(error)
            return
        self.desk.update(pilot=(), rings=False)
        self.apply_when_ready = False
        if isinstance(error, NotAuthorized):
            self.show_error(error, (StripAction("Paste a new &token", self._ask_for_token, "key"),))
        else:
            super().failed(error)
        if self._shown is None and isinstance(error, SparkWizardError):
            self._wait("The preview could not be made", "Nothing was changed.", "Preview again")
            QTimer.singleShot(0, self, self.focus_first)  # after the buttons were laid out anew

    def _ask_for_token(self) -> None:
        then = "The preview begins anew."
        TokenDialog(self, self.desk, self.read_again, then=then).open()

    @override
    def cancel_running(self) -> bool:
        """Stop reading and offer to begin again."""
        running = super().cancel_running()
        self.apply_when_ready = False
        if running and self._shown is None:
            self._wait("The preview was stopped", "Nothing was changed.", "Preview again")
        return running

    # Reading

    def read_again(self, *, source_confirmed: bool = False) -> None:
        """Read both sides and make the plan anew."""
        if source_confirmed:
            self._confirmed = self.desk.profile.source_digest
        self.clear_message()
        self._shown = None
        self.set_heading(Step.PREVIEW.text.instruction, Step.PREVIEW.text.sentence)
        self._wait("Comparing the people with Webex", _AT_ONCE if self.apply_when_ready else _ONLY)
        self.set_buttons(PageButtons(next=""))
        self.tasks.cancel()
        self.desk.update(preview=None)
        self._people_read, self._users_read = 0, "0"
        self.set_busy(_READING)
        self._reading = self.tasks.start(self._read())

    async def _take_over(self, preview: Preview) -> None:
        """Show a plan that was made elsewhere."""
        self.model.set_rows(await run_blocking(rows_of, preview.plan))
        await self._lay_out(preview)

    async def _read(self) -> None:
        me = asyncio.current_task()
        try:
            await self._read_both()
        finally:
            if self._reading is me:
                self.set_busy("")

    async def _read_both(self) -> None:
        desk, state = self.desk, self.desk.state
        with collector_at_rest():
            preview = await desk.services.preview(
                state.profile,
                desk.base_dir,
                state.token,
                source_confirmed=self._confirmed == state.profile.source_digest,
                on_people=self._count_people,
                on_users=self._count_users,
            )
            rows = await run_blocking(rows_of, preview.plan)
        self.model.set_rows(rows)
        await asyncio.sleep(0)
        if desk.state.profile.digest == state.profile.digest:
            desk.update(preview=preview)
            await self._lay_out(preview)
            self._apply_at_once(preview.plan)

    def _apply_at_once(self, plan: Plan) -> None:
        wanted, self.apply_when_ready = self.apply_when_ready, False
        if wanted and plan.writes and not plan.stops:
            QTimer.singleShot(0, self, self.go_on)  # after this task, which leaving would cancel

    def _count_people(self, read: ReadProgress) -> None:
        self._people_read = read.people
        self.busy.progress(0, 0, self._reading_words())

    def _count_users(self, number: int, total: int | None) -> None:
        self._users_read = f"{number:,} of {total:,}" if total else f"{number:,}"
        self.busy.progress(number, total or 0, self._reading_words())

    def _reading_words(self) -> str:
        """Say how far both are: they are read side by side."""
        counted = people(self._people_read)
        return f"{_READING}: {counted}, Webex users {self._users_read}"

    def _wait(self, title: str, text: str, action: str = "") -> None:
        self.waiting.set_words(title, text)
        self.waiting.button.setText(action)
        self.waiting.button.setVisible(bool(action))
        self._stack.setCurrentIndex(0)
        self.set_buttons(PageButtons(next=""))

    # Showing

    def _desk_changed(self, _old: WizardState, new: WizardState) -> None:
        if new.preview is None:
            self._shown = None

    async def _lay_out(self, preview: Preview) -> None:
        """Show a plan, step by step: between two of them the window has its turn."""
        plan = preview.plan
        self._show_numbers(plan)
        await asyncio.sleep(0)
        self._show_notes(plan)
        self.footer.show_preview(preview, self.tasks)
        self.ways.offer(plan, len(plan.to_write) + len(plan.groups_to_write))
        await asyncio.sleep(0)
        self._shown = preview
        self._stack.setCurrentIndex(1)
        self.table.select_first()
        self.focus_first()

    def _show_numbers(self, plan: Plan) -> None:
        title = f"Undo run {plan.undoes}" if plan.is_undo else Step.PREVIEW.text.instruction
        self.set_heading(title, Step.PREVIEW.text.sentence)
        counts = plan.counts.as_dict()
        for kind in ActionKind:
            tile = self.tiles.tile(kind)
            tone = KIND_ICONS[kind][1] if counts[kind.value] else Tone.MUTED
            tile.set_number(f"{counts[kind.value]:,}", tone=tone)
            tile.setVisible(kind is not ActionKind.DELETE or counts[kind.value] > 0)
        self.tiles.choose(None)
        self.search.clear()
        self._filter(None)

    def _show_notes(self, plan: Plan) -> None:
        found = [self._message(note) for note in (*self.fork.notes(), *notes(plan))]
        if not (plan.writes or plan.stops or plan.lets_go):
            found.insert(
                0,
                Message(
                    MessageKind.SUCCESS,
                    "Everybody is as they should be",
                    "Nothing needs to be changed. Save the setup to keep it that way with later"
                    " runs.",
                ),
            )
        self.notices.show_messages(found)

    def _message(self, note: Note) -> Message:
        usual = MessageKind.INFO if note.is_news else MessageKind.WARNING
        kind = MessageKind.DANGER if note.grave else usual
        return Message(kind, note.heading, note.text, self._actions(note.action))

    def _actions(self, action: NoteAction) -> tuple[StripAction, ...]:
        known = {
            NoteAction.RAISE_LIMIT: ("Change the limit", lambda: self.leave_to.emit(_LIMITS)),
            NoteAction.CONFIRM_SOURCE: (
                "Use the new source",
                lambda: self.read_again(source_confirmed=True),
            ),
            NoteAction.SHOW_FINDINGS: ("Show all", self._show_findings),
            NoteAction.SHOW_GROUPS: ("Show them", lambda: show_group_changes(self, self._shown)),
            NoteAction.WATCH_ENTRA: ("Watch", lambda: self.cloud_wanted.emit(CloudStep.WATCH)),
        }
        found = known.get(action)
        return (StripAction(*found),) if found else ()

    def _show_findings(self) -> None:
        if self._shown is not None:
            FindingsDialog(self, self._shown.plan.findings).open()

    def _filter(self, kind: ActionKind | None) -> None:
        self.model.keep(None if kind is None else lambda row: row.action.kind is kind)
        self.search.setPlaceholderText(f"Search {people(self.model.rowCount())}")
        self.table.select_first()

    def _search(self, text: str) -> None:
        self.model.search(text)
        self.table.select_first()

    def _select(self, row: ActionRow | None) -> None:
        self.panel.show_action(row.action if row is not None else None)

    def _saved_to(self, what: str, name: str) -> None:
        """Say that a file was written."""
        self.show_message(MessageKind.SUCCESS, f"{what} written", name)
