"""List the people behind a number."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE
from sparkwizard.gui.models.filling import GradualFill
from sparkwizard.gui.models.person_columns import person_columns_with
from sparkwizard.gui.plan.why_button import WhyButton
from sparkwizard.gui.widgets import (
    DataTable,
    EmptyState,
    RowsModel,
    SearchField,
    SecondaryButton,
    TableCard,
    WrapLabel,
)
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.provisioning.types import Person

__all__ = ["PeopleDialog"]


class PeopleDialog(QDialog):
    """Show people with why each is here; opened with ``open()``, gone when closed.

    ``explain`` shows step by step what would happen to one of them.
    """

    def __init__(
        self,
        heading: str,
        people: Sequence[Person],
        why: Callable[[Person], str],
        parent: QWidget,
        explain: Callable[[Person, QWidget], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "base")
        self.setWindowTitle("People")
        self.resize(780, 460)
        keep_size(self)
        self.heading = WrapLabel(heading, role="section")
        self.search = SearchField(f"Find one of {len(people):,} people")
        self.model: RowsModel[Person] = RowsModel(person_columns_with(why))
        self._fill: GradualFill[Person] = GradualFill(self.model)
        self.table: DataTable[Person] = DataTable(self.model, name=heading)
        self.search.searched.connect(self.model.search)
        close = SecondaryButton("&Close", on_click=self.accept)
        foot = QHBoxLayout()
        if explain is not None:
            foot.addWidget(WhyButton(self.table, lambda person: explain(person, self)))
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        empty = EmptyState("search", "Nobody found")
        for widget in (self.heading, self.search):
            column.addWidget(widget)
        column.addWidget(TableCard(self.table, empty=empty), 1)
        column.addLayout(foot)
        self._fill.fill(people)
