"""All findings of a preview in a table of their own."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Column,
    CopyButton,
    DataTable,
    RowsModel,
    SecondaryButton,
    SectionLabel,
    TableCard,
)
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.provisioning.types import Reason

__all__ = ["FindingsDialog"]


class FindingsDialog(QDialog):
    """Show what was odd while reading, each in one sentence; opened, never ``exec``-ed."""

    def __init__(self, parent: QWidget, findings: Iterable[Reason]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("What was odd")
        self.resize(640, 420)
        keep_size(self)
        self.model = RowsModel(
            [
                Column[Reason](
                    "Finding",
                    lambda finding: finding.text,
                    icon=lambda _finding: ("warning", Tone.WARNING),
                    stretch=True,
                )
            ],
            findings,
        )
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(SectionLabel("What was odd while reading"))
        column.addWidget(TableCard(DataTable(self.model, name="Findings")), 1)
        foot.addWidget(CopyButton(self._text, what="all findings", text="Copy all"))
        foot.addStretch(1)
        foot.addWidget(SecondaryButton("&Close", on_click=self.close))
        column.addLayout(foot)

    def _text(self) -> str:
        return "\n".join(finding.text for finding in self.model.rows)
