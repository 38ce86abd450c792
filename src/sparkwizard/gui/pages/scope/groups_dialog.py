"""Choose the groups of the directory whose direct members are assigned."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.directory.types import GroupName
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Column,
    DataTable,
    EmptyState,
    Label,
    PrimaryButton,
    RowsModel,
    SearchField,
    SecondaryButton,
    TableCard,
    WrapLabel,
)
from sparkwizard.gui.widgets.kept import keep_size

__all__ = ["GroupsDialog"]

_WHAT = (
    "As Microsoft Entra counts, only direct members come to Webex. People in groups inside a group"
    " are left out and told by name."
)


class GroupsDialog(QDialog):
    """Tick groups in a table that can be searched; ``chosen`` comes with their ids, in order."""

    chosen = Signal(object)

    def __init__(
        self, groups: Sequence[GroupName], ticked: Collection[str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._groups = tuple(groups)
        self._ticked = set(ticked)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "base")
        self.setWindowTitle("Assigned groups")
        self.resize(560, 480)
        keep_size(self)
        self.search = SearchField(f"Find one of {len(groups):,} groups")
        self.model: RowsModel[GroupName] = RowsModel(
            (
                Column("Group", lambda group: group.name, icon=self._mark, stretch=True),
                Column("", self._words, width=96, tone=Tone.MUTED, searched=False),
            ),
            self._groups,
        )
        self.table: DataTable[GroupName] = DataTable(self.model, name="Groups of the directory")
        self.count = Label("", tone=Tone.MUTED)
        self.toggle = SecondaryButton("&Choose this group", on_click=self._toggle)
        self.use = PrimaryButton("&Use these groups", on_click=self._use)
        self.search.searched.connect(self.model.search)
        self.table.row_opened.connect(lambda _group: self._toggle())
        self.table.row_selected.connect(lambda _group: self._show())
        self._build()
        self.table.select_first()
        self._show()

    def _build(self) -> None:
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(WrapLabel(_WHAT, tone=Tone.MUTED))
        column.addWidget(self.search)
        empty = EmptyState("search", "No group found")
        column.addWidget(TableCard(self.table, empty=empty), 1)
        foot.setSpacing(SPACE.s)
        foot.addWidget(self.toggle)
        foot.addWidget(self.count)
        foot.addStretch(1)
        foot.addWidget(self.use)
        foot.addWidget(SecondaryButton("Cancel", on_click=self.reject))
        column.addLayout(foot)

    def _mark(self, group: GroupName) -> tuple[str, str]:
        ticked = group.id in self._ticked
        return ("check", Tone.ACCENT) if ticked else ("people", Tone.MUTED)

    def _words(self, group: GroupName) -> str:
        return "Chosen" if group.id in self._ticked else ""

    def _toggle(self) -> None:
        group = self.table.selected_row()
        if group is not None:
            self._ticked ^= {group.id}
            self.table.viewport().update()
            self._show()

    def _show(self) -> None:
        group = self.table.selected_row()
        there = group is not None and group.id in self._ticked
        self.toggle.setText("&Take this group out" if there else "&Choose this group")
        self.toggle.setEnabled(group is not None)
        self.count.setText(f"{len(self._ticked)} chosen" if self._ticked else "None chosen yet")

    def _use(self) -> None:
        known = [group.id for group in self._groups if group.id in self._ticked]
        # what a setup names and the directory does not list stays, until somebody takes it out
        gone = sorted(self._ticked.difference(known))
        self.chosen.emit((*known, *gone))
        self.accept()
