"""What a plan does to groups, group by group, in a table of its own."""

import msgspec
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.models.actions import KIND_ICONS
from sparkwizard.gui.plan.list_dialog import ListDialog
from sparkwizard.gui.widgets import Column
from sparkwizard.provisioning.groups.types import GroupPlan
from sparkwizard.runs.types import Preview
from sparkwizard.wizard.plan.group_words import GroupLine, group_changes_of

__all__ = ["GroupChangesDialog", "show_group_changes"]


def show_group_changes(parent: QWidget, preview: Preview | None) -> None:
    """Open the table for a preview; nothing without one."""
    if preview is not None:
        GroupChangesDialog(parent, preview.plan.groups).open()


class GroupChangesDialog(ListDialog[GroupLine]):
    """Show who joins and leaves which group, and why."""

    def __init__(self, parent: QWidget, groups: GroupPlan | msgspec.UnsetType) -> None:
        super().__init__(
            parent,
            title="Groups",
            heading="What would happen to groups",
            columns=[
                Column[GroupLine](
                    "Group", lambda line: line.group, icon=lambda line: KIND_ICONS[line.kind]
                ),
                Column[GroupLine]("What would happen", lambda line: line.words, stretch=True),
            ],
            rows=group_changes_of(groups),
            what="all changes of groups",
            copied=lambda line: f"{line.group}\t{line.words}",
        )
