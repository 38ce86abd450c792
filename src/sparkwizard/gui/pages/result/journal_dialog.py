"""What the journal holds of one run, action by action."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE
from sparkwizard.gui.models.outcomes import journal_model
from sparkwizard.gui.widgets import (
    DataTable,
    SearchField,
    SecondaryButton,
    SectionLabel,
    TableCard,
)
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.runs.types import ActionRecord

__all__ = ["JournalDialog"]


class JournalDialog(QDialog):
    """List what one run did to people and groups, with outcomes and Webex's tracking IDs."""

    def __init__(
        self,
        parent: QWidget,
        run_id: int,
        records: Sequence[ActionRecord],
        groups: Sequence[ActionRecord] = (),
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Journal of run {run_id}")
        self.resize(780, 480)
        keep_size(self)
        self.model = journal_model(records, groups)
        self.search = SearchField("Search the journal")
        self.search.searched.connect(self.model.search)
        table = DataTable(self.model, name="Journal of the run", multiple=True)
        column, head, foot = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        head.addWidget(SectionLabel(f"Run {run_id}, change by change"))
        head.addStretch(1)
        self.search.setMaximumWidth(260)
        head.addWidget(self.search, 1)
        foot.addStretch(1)
        foot.addWidget(SecondaryButton("&Close", on_click=self.close))
        column.addLayout(head)
        column.addWidget(TableCard(table), 1)
        column.addLayout(foot)
