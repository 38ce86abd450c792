"""Choose a function of the expression language from a table with meanings."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Column,
    DataTable,
    EmptyState,
    PrimaryButton,
    RowsModel,
    SearchField,
    SecondaryButton,
    SectionLabel,
    TableCard,
)
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.provisioning.expressions import FUNCTIONS, Function

__all__ = ["FunctionDialog"]

_COLUMNS: tuple[Column[Function], ...] = (
    Column("What it does", lambda one: one.meaning, stretch=True, width=300),
    Column("Function", lambda one: one.name, strong=True, width=168),
    Column("Written", lambda one: one.signature, mono=True, tone=Tone.MUTED, width=220),
)


class FunctionDialog(QDialog):
    """Offer every function that can be used; ``chosen`` says the name of one."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, present: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "base")
        self.setWindowTitle("Choose a function")
        self.resize(780, 460)
        keep_size(self)
        usable = sorted((one for one in FUNCTIONS.values() if not one.refusal), key=_by_name)
        self.model: RowsModel[Function] = RowsModel(_COLUMNS, usable)
        self.table: DataTable[Function] = DataTable(self.model, name="Functions")
        self.search = SearchField("Find a function by name or by what it does")
        self.search.searched.connect(self._search)
        self.search.returnPressed.connect(self._use)
        self.table.row_opened.connect(lambda _row: self._use())
        self.table.row_selected.connect(lambda _row: self._name_button())
        self.use = PrimaryButton("&Use it", on_click=self._use)
        cancel = SecondaryButton("Cancel", on_click=self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.use)
        foot.addWidget(cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(SectionLabel("Choose a function"))
        column.addWidget(self.search)
        empty = EmptyState("search", "No function of that name", "Search by what it should do.")
        column.addWidget(TableCard(self.table, empty=empty), 1)
        column.addLayout(foot)
        self._select(present)
        self.search.setFocus()

    def _select(self, name: str) -> None:
        found = self.model.find(lambda one: one.name == name)
        self.table.selectRow(found.row() if found.isValid() else 0)

    def _search(self, text: str) -> None:
        self.model.search(text)
        self.table.select_first()

    def _name_button(self) -> None:
        row = self.table.selected_row()
        self.use.setText(f"&Use {row.name}" if row else "&Use it")
        self.use.setEnabled(row is not None)

    def _use(self) -> None:
        self.model.search(self.search.text())  # what was typed since the last pause counts too
        row = self.table.selected_row() or next(iter(self.model.visible_rows()), None)
        if row is not None:
            self.chosen.emit(row.name)
            self.accept()


def _by_name(one: Function) -> str:
    return one.name.lower()
