"""What the service did for whom: filter, search, one entry whole, export."""

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from sparkwizard.entra.provisioning_job.job_types import LogEntry
from sparkwizard.entra.provisioning_job.log_filter import LogFilter
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.cloud.face import CloudFace
from sparkwizard.gui.cloud.watching.part import WatchPart
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.plan.person_panel import breakable
from sparkwizard.gui.widgets import (
    Card,
    Column,
    DataTable,
    ElidedLabel,
    EmptyState,
    FoldingPanel,
    IconButton,
    MessageKind,
    RowsModel,
    ScrollColumn,
    SearchField,
    SecondaryButton,
    Select,
    TableCard,
    WrapLabel,
)
from sparkwizard.gui.widgets.cards import clear_layout
from sparkwizard.gui.widgets.entering.file_dialogs import ask_where_to_save
from sparkwizard.runs.reports.provisioning_log import write_log
from sparkwizard.values import replace
from sparkwizard.wizard.cloud.watch_words import STATUS_MARKS, entry_details
from sparkwizard.wizard.cloud.words import entry_words
from sparkwizard.wizard.moments import count_words, since_words

__all__ = ["LogPart"]

_ACTIONS = (
    ("All actions", ""),
    ("Created", "create"),
    ("Changed", "update"),
    ("Turned off", "disable"),
    ("Deleted", "delete"),
    ("Held back", "stageddelete"),
)
_STATUSES = (
    ("All outcomes", ""),
    ("Success", "success"),
    ("Failure", "failure"),
    ("Skipped", "skipped"),
    ("Warning", "warning"),
)


_CHEVRON = 52


class LogPart(WatchPart):
    """Read the newest entries and show those that are wanted."""

    def __init__(self, page: CloudFace) -> None:
        super().__init__(page)
        self.wanted = LogFilter()
        self.model = RowsModel[LogEntry](
            (
                Column("Person", entry_words, icon=_mark, stretch=True),
                Column("When", self._when, tone=Tone.MUTED, width=104, sort_key=lambda e: e.at),
            )
        )
        self.table = DataTable(self.model, name="Provisioning log", multiple=True)
        self.table.row_selected.connect(self._select)
        self.search = SearchField("Search people, values, codes")
        self.search.searched.connect(self._search)
        self.action = _select("Action", _ACTIONS)
        self.status = _select("Outcome", _STATUSES)
        for one in (self.action, self.status):
            one.currentIndexChanged.connect(self._filter)
        self.export = SecondaryButton("&Export…", icon_name="export", on_click=self._ask_where)
        self.again = IconButton("refresh", "Read the log again", on_click=self.on_show)
        self.headline, self.details = WrapLabel(role="strong"), QVBoxLayout()
        self.details.setSpacing(1)
        self.empty = EmptyState("document", "Nothing in the log", "A cycle writes here.")
        side, list_ = Card(), ScrollColumn(spacing=SPACE.s)
        list_.column.addWidget(self.headline)
        list_.column.addLayout(self.details)
        list_.column.addStretch(1)
        side.body.addWidget(list_)
        self.column.addLayout(self._tools())
        card = TableCard(self.table, empty=self.empty)
        self.column.addWidget(FoldingPanel(card, side, side_width=252, fold_below=580), 1)

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        row.addWidget(self.search, 1)
        for widget in (self.action, self.status, self.export, self.again):
            row.addWidget(widget)
        return row

    def on_show(self) -> None:
        """Read the newest entries."""
        self.page.clear_message()
        self.page.start(self._read(), words="Reading the log")

    async def _read(self) -> None:
        read = await self.cloud.services.cloud_logs(self.cloud.profile)
        self.model.set_rows(read.entries)
        self._filter()
        if not read.complete:
            number = count_words(len(read.entries), "entry", "entries")
            text = f"The newest {number} are here; Entra keeps older ones for 30 days."
            self.page.show_message(MessageKind.INFO, "Not all of the log was read", text)

    def _search(self, text: str) -> None:
        self.wanted = replace(self.wanted, search=text)
        self._filter()

    def _filter(self) -> None:
        action, status = self.action.currentData(), self.status.currentData()
        self.wanted = replace(
            self.wanted,
            actions=frozenset((action,) if action else ()),
            statuses=frozenset((status,) if status else ()),
        )
        self.model.keep(self.wanted.takes)
        found = bool(self.model.rows)
        self.empty.set_words(
            "Nobody here" if found else "Nothing in the log",
            "Choose otherwise or search anew." if found else "A cycle writes here.",
        )
        self.export.setEnabled(self.model.rowCount() > 0)
        self.table.select_first()

    def _select(self, entry: LogEntry | None) -> None:
        self.headline.setText(breakable(entry_words(entry)) if entry else "")
        clear_layout(self.details)
        for name, value in entry_details(entry) if entry else ():
            self.details.addWidget(ElidedLabel(name, tone=Tone.MUTED))
            self.details.addWidget(WrapLabel(breakable(value)))
            self.details.addSpacing(SPACE.s)

    def _when(self, entry: LogEntry) -> str:
        return since_words(entry.at, self.cloud.services.clock())

    def _ask_where(self) -> None:
        ask_where_to_save(
            self,
            "Export the log",
            suggested="provisioning-log.csv",
            suffix="csv",
            kind="CSV file",
            others=(("JSON file", "json"),),
            on_path=lambda path: self.page.start(self.write(path), words="Writing the log"),
        )

    async def write(self, path: Path) -> None:
        """Write the entries that are shown, by the ending of the name as CSV or JSON."""
        await run_blocking(write_log, path, self.model.visible_rows())
        self.page.show_message(MessageKind.SUCCESS, "Log written", str(path))


def _mark(entry: LogEntry) -> tuple[str, str]:
    return STATUS_MARKS.get(entry.status, ("info", Tone.MUTED))


def _select(name: str, entries: tuple[tuple[str, str], ...]) -> Select:
    select = Select(name)
    for words, key in entries:
        select.addItem(words, key)
    longest = max(select.fontMetrics().horizontalAdvance(words) for words, _key in entries)
    select.setMinimumWidth(longest + _CHEVRON)
    return select
