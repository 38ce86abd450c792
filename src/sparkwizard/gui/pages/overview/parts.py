"""The parts of the overview: the cards of both engines, findings, and the runs so far."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    Column,
    DataTable,
    ElidedLabel,
    EmptyState,
    HLine,
    IconLabel,
    IconText,
    KeyValueRows,
    Label,
    LinkButton,
    RowsModel,
    SecondaryButton,
    Section,
    TableCard,
    WrapLabel,
    clear_layout,
)
from sparkwizard.runs.cloud.types import KnownJob
from sparkwizard.runs.types import RunRecord
from sparkwizard.wizard.cloud.steps import CloudStep
from sparkwizard.wizard.cloud.watch_words import known_words, token_words
from sparkwizard.wizard.moments import since_words
from sparkwizard.wizard.run.setup_facts import Finding, run_changes, run_outcome

__all__ = ["EngineCard", "EntraCard", "FindingsSection", "RunsSection"]

_MARKS = {
    "success": ("success", Tone.SUCCESS),
    "warning": ("warning", Tone.WARNING),
    "danger": ("fail", Tone.DANGER),
    "muted": ("info", Tone.MUTED),
}
_FINDINGS_SHOWN, _ROW_AIR, _TWO_ROWS = 3, 18, 98


class EngineCard(Card):
    """Show one engine: its name, how it stands, what is known, and what can be done."""

    def __init__(self, icon_name: str, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        head = QHBoxLayout()
        head.setSpacing(SPACE.m)
        self.state = IconText("info", "", tone=Tone.MUTED, text_tone=Tone.MUTED, role="strong")
        head.addWidget(IconLabel(icon_name, tone=Tone.ACCENT))
        head.addWidget(Label(title, role="heading"))
        head.addStretch(1)
        head.addWidget(self.state)
        self.rows = KeyValueRows(name_width=72)
        self.words = WrapLabel()
        self.words.hide()
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(SPACE.s)
        self.body.addLayout(head)
        self.body.addWidget(HLine())
        self.body.addWidget(self.rows)
        self.body.addWidget(self.words)
        self.body.addStretch(1)
        self.body.addLayout(self.buttons)

    def set_state(self, words: str, tone: str) -> None:
        """Say how the engine stands, by icon and word."""
        name, mark = _MARKS[tone]
        self.state.set(name, words, mark)
        self.state.label.set_tone(mark)

    def add_button(self, button: QWidget) -> None:
        """Add a button at the foot."""
        self.buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)


class EntraCard(EngineCard):
    """Say how Entra's own service stands; ``wanted`` comes with a face of the cloud set-up."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("cloud", "Microsoft Entra")
        self.words.show()
        self.watch = SecondaryButton("&Watch", icon_name="eye")
        self.set_up = SecondaryButton("Set &up…", icon_name="cloud")
        self.watch.clicked.connect(lambda _checked=False: self.wanted.emit(CloudStep.WATCH))
        self.set_up.clicked.connect(lambda _checked=False: self.wanted.emit(CloudStep.SIGN_IN))
        self.add_button(self.watch)
        self.add_button(self.set_up)
        self.buttons.addStretch(1)

    def show_job(self, known: KnownJob | None, days: int | None, now: datetime) -> None:
        """Show the job as it was last seen, and how long its Secret Token lasts."""
        self.set_state(*known_words(known))
        self.words.setVisible(known is None)
        self.words.setText(_NOT_YET)
        self.rows.setVisible(known is not None)
        if known is not None:
            token = token_words(days)
            self.rows.set_rows((("Seen", since_words(known.seen_at, now)), ("Token", token)))
        self.watch.setVisible(known is not None)
        self.set_up.setText("Set &up…" if known is None else "&Change…")


_NOT_YET = (
    "Its own service keeps everybody in step about every 40 minutes, this computer on or off."
)


class FindingsSection(Section):
    """List what needs a look after the last run; hidden when nothing does."""

    run_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Findings")
        self._card = Card(flush=True)
        self._card.setAccessibleName("Findings")
        self._findings: tuple[tuple[Finding, ...], str] = ((), "")
        self._most = _FINDINGS_SHOWN
        self.body.addWidget(self._card)
        self.hide()

    def set_findings(self, findings: Sequence[Finding], when: str) -> None:
        """Show the first findings, and how many more there are."""
        self._findings = (tuple(findings), when)
        self._fill()

    def show_at_most(self, number: int) -> None:
        """Show fewer where room is short, three at most."""
        most, before = min(number, _FINDINGS_SHOWN), self.shown()
        self._most = most
        if self.shown() != before:
            self._fill()

    def shown(self) -> int:
        """Return how many findings have a row."""
        return min(self._most, len(self._findings[0]))

    def row_height(self) -> int:
        """Return the height of a row, in pixels."""
        return self.fontMetrics().height() + _ROW_AIR

    def _fill(self) -> None:
        findings, when = self._findings
        clear_layout(self._card.body)
        for at, finding in enumerate(findings[: self._most]):
            if at:
                self._card.body.addWidget(HLine())
            self._card.body.addWidget(self._row(finding, when))
        more = len(findings) - self._most
        self.remark.setText(f"and {more} more in the report" if more > 0 else "")
        self.setVisible(bool(findings))

    def _row(self, finding: Finding, when: str) -> QWidget:
        shown = QWidget()
        row = QHBoxLayout(shown)
        row.setContentsMargins(SPACE.m, 5, SPACE.m, 5)
        row.setSpacing(SPACE.m)
        row.addWidget(IconLabel("warning", tone=Tone.WARNING, size=16))
        row.addWidget(ElidedLabel(finding.text), 1)
        row.addWidget(Label(when, tone=Tone.MUTED))
        row.addWidget(LinkButton("Open report", on_click=self.run_wanted.emit, strong=True))
        return shown


class RunsSection(Section):
    """List the runs of a setup, newest first; ``report_wanted`` comes with a run's number."""

    report_wanted = Signal(int)

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__("Recent runs")
        self.model = RowsModel[RunRecord](
            (
                Column("When", lambda run: since_words(run.started_at, now()), strong=True),
                Column("Changes", run_changes, stretch=True, tone=Tone.MUTED),
                Column("Outcome", lambda run: run_outcome(run)[0], icon=_mark, width=170),
            )
        )
        self.table = DataTable(self.model, name="Recent runs")
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.table.setMinimumHeight(_TWO_ROWS)
        self.table.row_opened.connect(self._open)
        self.button = SecondaryButton("Open &report", icon_name="document", on_click=self._press)
        empty = EmptyState("clock", "Nothing was run yet", "Preview the changes to begin.")
        self.body.addWidget(TableCard(self.table, empty=empty), 1)
        head = self.layout()
        if isinstance(head, QVBoxLayout):
            head.setStretchFactor(self.body, 1)

    def set_runs(self, runs: Iterable[RunRecord]) -> None:
        """Show these runs."""
        self.model.set_rows(runs)
        self.table.select_first()
        self.button.setVisible(bool(self.model.rows))

    def _press(self) -> None:
        self._open(self.table.selected_row())

    def _open(self, run: RunRecord | None) -> None:
        if run is not None:
            self.report_wanted.emit(run.id)


def _mark(run: RunRecord) -> tuple[str, str]:
    return _MARKS[run_outcome(run)[1]]
