"""The third face: what Entra's service would do with each person, before anything is set up."""

from collections.abc import Callable
from typing import override

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.cloud.cloud_desk import CloudDesk
from sparkwizard.gui.cloud.face import CloudFace
from sparkwizard.gui.frame.page import ExtraButton, PageButtons
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.models.actions import KIND_ICONS, ActionRow, ActionsModel, rows_of_actions
from sparkwizard.gui.plan.findings_dialog import FindingsDialog
from sparkwizard.gui.plan.group_changes_dialog import GroupChangesDialog
from sparkwizard.gui.plan.person_panel import PersonPanel
from sparkwizard.gui.plan.plan_files import PlanFiles
from sparkwizard.gui.widgets import (
    DataTable,
    EmptyState,
    FoldingPanel,
    Message,
    MessageKind,
    SearchField,
    SecondaryButton,
    StatTile,
    StripAction,
    TableCard,
    TileRow,
    announce,
)
from sparkwizard.gui.widgets.telling.notices import Notices
from sparkwizard.provisioning.by_entra import Foresight
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.values import replace
from sparkwizard.wizard.cloud.foretold_words import (
    FORETOLD_TILES,
    foretold_words,
    here_words,
    otherwise_words,
    with_both_reasons,
)
from sparkwizard.wizard.cloud.steps import CloudStep
from sparkwizard.wizard.plan.changes import people

__all__ = ["PeoplePage"]

_READING, _ONLY = "Foretelling what Entra's service does", "Nothing is changed by this."
_WITHOUT = "Without it nobody is foretold; all else can be set up."


class PeoplePage(CloudFace):
    """Show what is foretold: numbers that filter a table, and one person beside it."""

    def __init__(self, cloud: CloudDesk) -> None:
        super().__init__(cloud, CloudStep.PEOPLE)
        self._shown: Foresight | None = None
        self.tiles = TileRow()
        for kind, words in FORETOLD_TILES.items():
            icon, tone = KIND_ICONS[kind]
            self.tiles.add(kind, StatTile("0", words, icon, tone=tone, checkable=True))
        self.tiles.chosen.connect(self._filter)
        self.notices, self.model = Notices(), ActionsModel()
        self.table = DataTable(self.model, name="What Entra's service would do to each person")
        self.panel = PersonPanel()
        self.panel.why.hide()  # the steps it leads through are this computer's
        self.groups = SecondaryButton("&Groups", on_click=self._show_groups)
        self.findings = SecondaryButton("", on_click=self._show_findings)
        self.table.row_selected.connect(self._select)
        self.search = SearchField("Search")
        self.search.searched.connect(self._search)
        done = self._saved_to
        self.files = PlanFiles(
            self, cloud.desk, rows=self._rows_to_export, done=done, called="foretold"
        )
        self.waiting = EmptyState("people", _READING, _ONLY)
        self.waiting.button.setText("&Try again")
        self.waiting.button.clicked.connect(lambda _checked=False: self.read_again())
        self._stack = QStackedLayout()
        self._stack.addWidget(self.waiting)
        self._stack.addWidget(self._content())
        self.body.addLayout(self._stack, 1)
        self._again = ExtraButton("&Read again", self.read_again, "refresh")

    def _content(self) -> QWidget:
        content, tools = QWidget(), QHBoxLayout()
        tools.setSpacing(SPACE.s)
        self.search.setMaximumWidth(300)
        export = SecondaryButton("&Export", icon_name="export", on_click=self.files.export)
        export.setToolTip("Write this list to a CSV file for a spreadsheet")
        tools.addWidget(self.search, 1)
        tools.addStretch(0)
        for button in (self.findings, self.groups, export):
            tools.addWidget(button)
        nobody = EmptyState("search", "Nobody here", "Choose another number or search anew.")
        card = TableCard(self.table, empty=nobody)
        self.folding = FoldingPanel(card, self.panel, side_width=248, fold_below=580)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.m)
        column.addWidget(self.tiles)
        column.addWidget(self.notices)
        column.addLayout(tools)
        column.addWidget(self.folding, 1)
        return content

    # What the frame calls

    @override
    def on_enter(self) -> None:
        """Show what is foretold for the setup as it is; where it fits no more, foretell anew."""
        self._foretell(anew=False)

    @override
    def on_leave(self) -> None:
        """Stop reading."""
        self.tasks.cancel()

    @override
    def initial_focus(self) -> QWidget | None:
        """Begin in the search; where nobody could be foretold, at what tries again."""
        if self._shown is not None:
            return self.search
        return None if self.waiting.button.isHidden() else self.waiting.button

    @override
    def failed(self, error: BaseException) -> None:
        """Say why nobody is foretold; the set-up can go on without."""
        super().failed(error)
        self._wait("Nobody could be foretold", "It can be set up all the same.", again=True)

    @override
    def cancel_running(self) -> bool:
        """Stop reading, and offer to begin again."""
        running = super().cancel_running()
        if running and self._shown is None:
            self._wait("Foretelling was stopped", "It can be set up all the same.", again=True)
        return running

    # Reading

    def read_again(self) -> None:
        """Read both sides again, and foretell anew."""
        self._foretell(anew=True)

    def _foretell(self, *, anew: bool) -> None:
        self.clear_message()
        if not self.cloud.desk.state.token:
            self._wait("No Webex token is at hand", _WITHOUT)
            return
        if anew or self._shown is None:
            self._wait(_READING, _ONLY)
        self.start(self._read(anew=anew), words=_READING)

    async def _read(self, *, anew: bool) -> None:
        found = await self.cloud.foresee(anew=anew)
        if found is not self._shown:
            self.model.set_rows(await run_blocking(rows_of_actions, found.foretold.actions))
            self._show(found)
        self._stack.setCurrentIndex(1)
        self.set_buttons(PageButtons(extras=(self._again,)))
        self.focus_first()

    def _wait(self, title: str, text: str, *, again: bool = False) -> None:
        self._shown = None
        self.waiting.set_words(title, text)
        self.waiting.button.setVisible(again)
        self._stack.setCurrentIndex(0)
        self.set_buttons(PageButtons())
        if again:
            QTimer.singleShot(0, self, self.focus_first)

    # Showing

    def _show(self, found: Foresight) -> None:
        self._shown = found
        counts = found.foretold.counts.as_dict()
        for kind in FORETOLD_TILES:
            number = counts[kind.value]
            tone = KIND_ICONS[kind][1] if number else Tone.MUTED
            self.tiles.tile(kind).set_number(f"{number:,}", tone=tone)
        self.tiles.choose(None)
        self.search.clear()
        self._warn(only=False)
        self.groups.setVisible(bool(found.foretold.groups))
        number = len(found.foretold.findings)
        self.findings.setVisible(bool(number))
        self.findings.setText(f"Good to &know ({number})")
        self._filter(None)
        announce(self, foretold_words(found.foretold.counts))

    def _show_findings(self) -> None:
        if self._shown is not None:
            FindingsDialog(self, self._shown.foretold.findings).open()

    def _show_groups(self) -> None:
        groups = self._shown.foretold.groups if self._shown else None
        if groups:
            GroupChangesDialog(self, groups).open()

    def _warn(self, *, only: bool) -> None:
        """Say how many are treated otherwise; ``only`` they are in the list."""
        heading, text = otherwise_words(self._shown) if self._shown else ("", "")
        everybody = StripAction("Show everybody", lambda: self._filter(None))
        action = everybody if only else StripAction("Show them", self._show_otherwise)
        warning = Message(MessageKind.WARNING, heading, text, (action,))
        self.notices.show_messages((warning,) if heading else ())

    def _show_otherwise(self) -> None:
        self.tiles.choose(None)
        here = self._shown.here if self._shown else {}
        self._keep(lambda row: row.action.source_id in here)
        self._warn(only=True)
        self.table.setFocus()

    def _filter(self, kind: ActionKind | None) -> None:
        self._warn(only=False)
        self._keep(None if kind is None else lambda row: row.action.kind is kind)

    def _keep(self, wanted: Callable[[ActionRow], bool] | None) -> None:
        self.model.keep(wanted)
        self.search.setPlaceholderText(f"Search {people(self.model.rowCount())}")
        self.table.select_first()

    def _search(self, text: str) -> None:
        self.model.search(text)
        self.table.select_first()

    def _select(self, row: ActionRow | None) -> None:
        action = row.action if row is not None else None
        here = self._shown.here.get(action.source_id) if self._shown and action else None
        self.panel.show_action(action, here_words(here))

    def _rows_to_export(self) -> list[ActionRow]:
        here = self._shown.here if self._shown else {}
        rows = self.model.visible_rows()
        return [replace(row, action=with_both_reasons(row.action, here)) for row in rows]

    def _saved_to(self, what: str, name: str) -> None:
        self.show_message(MessageKind.SUCCESS, f"{what} written", name)
