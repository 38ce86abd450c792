"""What a plan does to groups, group by group, in a table of its own."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.models.actions import KIND_ICONS
from sparkwizard.gui.theme import SPACE
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
from sparkwizard.provisioning.plan import Plan
from sparkwizard.runs.types import Preview
from sparkwizard.wizard.group_words import GroupLine, group_changes_of

__all__ = ["GroupChangesDialog", "show_group_changes"]


def show_group_changes(parent: QWidget, preview: Preview | None) -> None:
    """Open the table for a preview; nothing without one."""
    if preview is not None:
        GroupChangesDialog(parent, preview.plan).open()


class GroupChangesDialog(QDialog):
    """Show who joins and leaves which group, and why; opened, never ``exec``-ed."""

    def __init__(self, parent: QWidget, plan: Plan) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Groups")
        self.resize(720, 460)
        keep_size(self)
        self.model = RowsModel(
            [
                Column[GroupLine](
                    "Group", lambda line: line.group, icon=lambda line: KIND_ICONS[line.kind]
                ),
                Column[GroupLine]("What would happen", lambda line: line.words, stretch=True),
            ],
            group_changes_of(plan),
        )
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(SectionLabel("What would happen to groups"))
        column.addWidget(TableCard(DataTable(self.model, name="Groups")), 1)
        foot.addWidget(CopyButton(self._text, what="all changes of groups", text="Copy all"))
        foot.addStretch(1)
        foot.addWidget(SecondaryButton("&Close", on_click=self.close))
        column.addLayout(foot)

    def _text(self) -> str:
        return "\n".join(f"{line.group}\t{line.words}" for line in self.model.rows)
