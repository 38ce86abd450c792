"""Show one scoping filter as a sentence of chips, with its count, to edit or delete."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Theme, Tone, tooltip_text
from sparkwizard.gui.widgets import (
    Card,
    Chip,
    ElidedLabel,
    HLine,
    IconButton,
    Label,
)
from sparkwizard.provisioning.scoping.operators import find_operator
from sparkwizard.provisioning.types import Clause, Filter
from sparkwizard.wizard.people.scope_counts import spoken

__all__ = ["FilterCard", "OrLine"]

_CHIP_WIDTH = 150


class FilterCard(Card):
    """Show a filter; ``edit_wanted`` and ``delete_wanted`` say what is to be done with it."""

    edit_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self, one: Filter, number: int) -> None:
        super().__init__()
        self.body.setContentsMargins(SPACE.l, SPACE.s, SPACE.s, SPACE.m)
        self.body.setSpacing(6)
        name = one.name.strip() or f"Filter {number + 1}"
        self.title = ElidedLabel(name, role="section")
        self.count = Label("", role="strong")
        self.unit = Label("", tone=Tone.MUTED)
        self.edit = IconButton("pencil", f"Edit the filter {name}", on_click=self.edit_wanted.emit)
        self.delete = IconButton(
            "trash", f"Delete the filter {name}", on_click=self.delete_wanted.emit
        )
        head = QHBoxLayout()
        head.setSpacing(SPACE.xs)
        head.addWidget(self.title, 1)
        for widget in (self.count, self.unit, self.edit, self.delete):
            head.addWidget(widget)
        self.body.addLayout(head)
        for at, clause in enumerate(one.clauses):
            self.body.addLayout(_clause_row(clause, "where" if at == 0 else "and"))

    def show_count(self, number: int | None) -> None:
        """Show how many people this filter alone lets in."""
        self.count.setText("" if number is None else f"{number:,}")
        self.unit.setText("" if number is None else "person" if number == 1 else "people")


def _clause_row(clause: Clause, word: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE.s)
    lead = Label(word, tone=Tone.MUTED)
    lead.setFixedWidth(QFontMetrics(Theme.font()).horizontalAdvance("where") + 4)
    operator = find_operator(clause.operator)
    row.addWidget(lead)
    row.addWidget(_chip(spoken(clause.attribute), clause.attribute))
    row.addWidget(Label(operator.label if operator else clause.operator))
    if operator is None or operator.takes_value:
        for value in clause.values:
            row.addWidget(_chip(value, value, value=True))
    row.addStretch(1)
    return row


def _chip(text: str, whole: str, *, value: bool = False) -> Chip:
    metrics = QFontMetrics(Theme.font("strong"))
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, _CHIP_WIDTH)
    chip = Chip(shown, value=value)
    chip.setAccessibleName(text)
    if shown != whole:
        chip.setToolTip(tooltip_text(whole))
    return chip


class OrLine(QWidget):
    """Part two filters: one of them is enough."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 2, 0)
        row.setSpacing(SPACE.m)
        row.addWidget(HLine(), 1)
        row.addWidget(Label("or", role="strong", tone=Tone.MUTED))
        row.addWidget(HLine(), 1)
