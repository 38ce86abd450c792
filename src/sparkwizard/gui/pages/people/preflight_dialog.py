"""The findings of a pre-flight: what, how many, how to mend it, and the people behind each."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.models.filling import GradualFill
from sparkwizard.gui.widgets import (
    Column,
    DataTable,
    IconText,
    RowsModel,
    SecondaryButton,
    SectionLabel,
    TableCard,
    WrapLabel,
)
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.provisioning.preflight import Finding, Hit, PreflightReport, Severity
from sparkwizard.wizard.people.preflight_words import summary, values_words

__all__ = ["SEVERITY_MARKS", "PreflightDialog"]

SEVERITY_MARKS = {
    Severity.ERROR: ("fail", Tone.DANGER),
    Severity.WARNING: ("warning", Tone.WARNING),
    Severity.NOTE: ("info", Tone.MUTED),
}
"""The icon and tone of each severity."""


def _finding_columns() -> list[Column[Finding]]:
    return [
        Column(
            "Finding",
            lambda finding: finding.title,
            icon=lambda finding: SEVERITY_MARKS[finding.severity],
            strong=True,
            width=250,
        ),
        Column(
            "People",
            lambda finding: f"{finding.count:,}",
            width=80,
            sort_key=lambda finding: finding.count,
        ),
        Column("Who usually mends it", lambda finding: finding.owner, width=200, stretch=True),
    ]


def _hit_columns() -> list[Column[Hit]]:
    return [
        Column("Person", lambda hit: hit.person.label, strong=True, width=170),
        Column(
            "User principal name",
            lambda hit: hit.person.user_principal_name,
            tone=Tone.MUTED,
            width=210,
        ),
        Column("Row", lambda hit: str(hit.person.row or ""), width=60, searched=False),
        Column("Value", lambda hit: hit.value, width=220, stretch=True),
    ]


class PreflightDialog(QDialog):
    """Show findings, and for the chosen one its fix and its people; opened with ``open()``."""

    def __init__(
        self, report: PreflightReport, export: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "base")
        self.setWindowTitle("Pre-flight")
        self.resize(760, 540)
        keep_size(self)
        self.findings: RowsModel[Finding] = RowsModel(_finding_columns(), report.findings)
        self.table: DataTable[Finding] = DataTable(self.findings, name="Findings")
        self.people: RowsModel[Hit] = RowsModel(_hit_columns())
        self._fill: GradualFill[Hit] = GradualFill(self.people)
        self.list: DataTable[Hit] = DataTable(self.people, name="People of the finding")
        self.text = WrapLabel(role="strong")
        self.fix = IconText("pencil", "", tone=Tone.ACCENT, wrap=True)
        self.export_button = SecondaryButton(
            "E&xport fix list (CSV)", icon_name="export", on_click=export
        )
        self._build(report)
        self.table.row_selected.connect(lambda _row: self._chosen())
        self.table.select_first()

    def _build(self, report: PreflightReport) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.s)
        column.addWidget(SectionLabel(summary(report), buddy=self.table))
        column.addWidget(TableCard(self.table), 3)
        column.addWidget(self.text)
        column.addWidget(self.fix)
        column.addWidget(TableCard(self.list), 4)
        foot = QHBoxLayout()
        foot.addWidget(self.export_button)
        foot.addStretch(1)
        foot.addWidget(SecondaryButton("&Close", on_click=self.accept))
        column.addLayout(foot)

    def _chosen(self) -> None:
        finding = self.table.selected_row()
        if finding is None:
            return
        values = values_words(finding)
        self.text.setText(f"{finding.text} {values}".strip())
        self.fix.set("pencil", finding.fix, Tone.ACCENT)
        self._fill.fill(finding.hits)
