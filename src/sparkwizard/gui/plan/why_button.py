"""Ask about the person that is selected in a list: by a button, by Enter, by a double click."""

from collections.abc import Callable

from sparkwizard.gui.widgets import DataTable, SecondaryButton
from sparkwizard.provisioning.types import Person

__all__ = ["WhyButton"]


class WhyButton(SecondaryButton):
    """Be on while somebody is selected in ``table``; ``explain`` shows the steps."""

    def __init__(self, table: DataTable[Person], explain: Callable[[Person], object]) -> None:
        super().__init__("&Why?", icon_name="info", on_click=self._ask)
        self.setAccessibleName("Why? Step by step, for the person that is selected")
        self.setToolTip("What would happen to the person that is selected, step by step")
        self.setEnabled(False)
        self._table, self._explain = table, explain
        table.row_selected.connect(lambda person: self.setEnabled(person is not None))
        table.row_opened.connect(lambda _person: self._ask())

    def _ask(self) -> None:
        person = self._table.selected_row()
        if person is not None:
            self._explain(person)
