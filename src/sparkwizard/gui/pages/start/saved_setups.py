"""The list of saved setups on the Start page."""

from collections.abc import Iterable

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import Tone
from sparkwizard.gui.widgets import Column, DataTable, RowsModel, TableCard

__all__ = ["SavedRow", "SavedSetups"]


class SavedRow(msgspec.Struct, frozen=True):
    """Hold one saved setup as the table shows it; ``problem`` says why it can't be opened."""

    name: str
    organization: str = ""
    last_run: str = ""
    token: str = ""
    problem: str = ""


class SavedSetups(QWidget):
    """List the saved setups; ``opened`` comes with the name of one that was opened."""

    opened = Signal(str)
    selected = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model = RowsModel[SavedRow](
            (
                Column("Name", lambda row: row.name, icon=_mark, strong=True, width=150),
                Column(
                    "Organization",
                    lambda row: _UNREADABLE if row.problem else row.organization,
                    stretch=True,
                ),
                Column("Last run", lambda row: row.last_run, width=150),
                Column(
                    "Token", lambda row: row.token, width=96, meaning="How long the token lives on."
                ),
            )
        )
        self.table = DataTable(self.model, name="Saved setups")
        self.table.row_opened.connect(self._open)
        self.table.row_selected.connect(lambda row: self.selected.emit(row.name if row else ""))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(TableCard(self.table))

    def set_rows(self, rows: Iterable[SavedRow]) -> None:
        """Show these setups; the one that was selected stays so."""
        before = self.table.selected_row()
        self.model.set_rows(rows)
        again = self.model.find(lambda row: before is not None and row.name == before.name)
        if again.isValid():
            self.table.setCurrentIndex(again)
        else:
            good = self.model.find(lambda row: not row.problem)
            self.table.setCurrentIndex(good) if good.isValid() else self.table.select_first()

    def choice(self) -> SavedRow | None:
        """Return the selected setup."""
        return self.table.selected_row()

    def _open(self, row: SavedRow | None) -> None:
        if row is not None and not row.problem:
            self.opened.emit(row.name)


_UNREADABLE = "Can't be opened"


def _organization(row: SavedRow) -> str:
    return _UNREADABLE if row.problem else row.organization


def _mark(row: SavedRow) -> tuple[str, str]:
    return ("warning", Tone.WARNING) if row.problem else ("building", Tone.MUTED)
