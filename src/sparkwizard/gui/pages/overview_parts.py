"""The parts of the overview: the cards of both engines, findings, and the runs so far."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    Column,
    CopyButton,
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
from sparkwizard.runs.types import RunRecord
from sparkwizard.wizard.moments import since_words
from sparkwizard.wizard.setup_facts import Finding, run_changes, run_outcome

__all__ = ["EngineCard", "EntraCard", "FindingsSection", "RunsSection"]

_MARKS = {
    "success": ("success", Tone.SUCCESS),
    "warning": ("warning", Tone.WARNING),
    "danger": ("fail", Tone.DANGER),
    "muted": ("info", Tone.MUTED),
}
_FINDINGS_SHOWN = 3


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
    """Hand Tenant URL and token over to Microsoft Entra by copying; nothing here is done there."""

    def __init__(self, tenant_url: Callable[[], str], token: Callable[[], str]) -> None:
        super().__init__("cloud", "Microsoft Entra")
        self.set_state("Not set up", "muted")
        self.rows.hide()
        self.words.show()
        self.copy_url = CopyButton(tenant_url, what="Tenant URL for Entra", text="Copy Tenant URL")
        self.copy_token = CopyButton(token, what="token for Entra", text="Copy token")
        self.add_button(self.copy_url)
        self.add_button(self.copy_token)
        self.buttons.addStretch(1)

    def show_hand_over(self, *, practice: bool, token_known: bool, token_short: bool) -> None:
        """Offer what can be copied, and say what comes with a later version."""
        self.copy_url.setVisible(not practice)
        self.copy_token.setVisible(token_known and not practice)
        known = _HAND_OVER if token_known else _URL_ONLY
        self.words.setText(_PRACTICE if practice else _SHORT if token_short else known)


_HAND_OVER = (
    "Copy both into Admin Credentials on Entra's Provisioning page. Doing that from here comes"
    " with a later version."
)
_URL_ONLY = (
    "Copy the Tenant URL into Admin Credentials on Entra's Provisioning page. To copy the token"
    " too, paste one first."
)
_SHORT = (
    "Entra needs a token that lasts, and this one ends soon. Get one by the administrator link"
    " first."
)
_PRACTICE = "Practice has no Microsoft Entra. With your own organization, its card is here."


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
        """Show fewer where room is short."""
        if number != self._most:
            self._most = number
            self._fill()

    def number(self) -> int:
        """Return how many findings there are."""
        return len(self._findings[0])

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
