"""Write one scoping filter clause by clause, and see at once how many people it lets in."""

from collections.abc import Sequence
from typing import override

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from sparkwizard.gui.aio import TaskScope, run_blocking
from sparkwizard.gui.look.theme import SPACE, Tone, set_property
from sparkwizard.gui.widgets import (
    IconButton,
    IconText,
    Label,
    PrimaryButton,
    SecondaryButton,
    Select,
    WrapLabel,
)
from sparkwizard.gui.widgets.entering.pick_field import PickField
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.gui.widgets.scroll import ScrollColumn
from sparkwizard.provisioning.scoping.operators import find_operator
from sparkwizard.provisioning.scoping.scope import OPERATORS, ClauseFinding, check_scope
from sparkwizard.provisioning.source.attributes import SOURCE_ATTRIBUTES
from sparkwizard.provisioning.types import Clause, Filter
from sparkwizard.wizard.people.scope_counts import ScopeCounter, values_of

__all__ = ["ClauseRow", "FilterEditor", "suggested_name"]

_COUNT_AFTER_MS = 200


def suggested_name(clauses: Sequence[Clause]) -> str:
    """Return a name for a filter that was given none: its values, else its attributes."""
    words = [clause.values[0] if clause.values else clause.attribute for clause in clauses]
    return ", ".join(word for word in words if word)[:60] or "Filter"


class ClauseRow(QWidget):
    """Write one clause: attribute, operator, value; ``changed`` says each edit."""

    changed = Signal()
    removed = Signal()

    def __init__(self, clause: Clause, counter: ScopeCounter, columns: Sequence[str]) -> None:
        super().__init__()
        self._counter = counter
        self._offered = ""
        self.word = Label("where", tone=Tone.MUTED)
        self.attribute = PickField("Attribute", _attribute_choices(columns))
        self.operator = Select("Comparison")
        for operator in OPERATORS:
            self.operator.addItem(operator.label, operator.name)
            place = self.operator.count() - 1
            self.operator.setItemData(place, operator.meaning, Qt.ItemDataRole.ToolTipRole)
        self.value = PickField("Value", exact=True)
        self.remove = IconButton("trash", "Remove this condition", on_click=self.removed.emit)
        self.fault = WrapLabel(tone=Tone.DANGER)
        self.fault.setVisible(False)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE.s)
        grid.setVerticalSpacing(SPACE.xs)
        fields = (self.word, self.attribute, self.operator, self.value, self.remove)
        for at, widget in enumerate(fields):
            grid.addWidget(widget, 0, at)
        grid.addWidget(self.fault, 1, 1, 1, 3)
        grid.setColumnMinimumWidth(0, 44)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(3, 3)
        self._show_clause(clause)
        self.attribute.editTextChanged.connect(lambda _text: self._attribute_changed())
        self.operator.currentIndexChanged.connect(lambda _at: self._operator_changed())
        self.value.editTextChanged.connect(lambda _text: self.changed.emit())

    def clause(self) -> Clause:
        """Return the clause as it is written now."""
        name = str(self.operator.currentData())
        operator = find_operator(name)
        takes_value = operator is None or operator.takes_value
        values = (self.value.value(),) if takes_value and self.value.value() else ()
        return Clause(self.attribute.value(), name, values)

    def show_place(self, place: int, *, alone: bool) -> None:
        """Say how the clause joins the one before; the only clause can't be removed."""
        self.word.setText("where" if place == 0 else "and")
        self.remove.setEnabled(not alone)

    def show_fault(self, finding: ClauseFinding | None) -> None:
        """Say what is wrong with the clause."""
        self.fault.setText(f"{finding.reason.text} {finding.fix}".strip() if finding else "")
        self.fault.setVisible(finding is not None)
        faulty = finding is not None and finding.is_error
        self.fault.set_tone(Tone.DANGER if faulty else Tone.WARNING)
        part = finding.part if finding is not None and faulty else ""
        set_property(self.attribute, "invalid", "true" if part == "attribute" else "false")
        set_property(self.value, "invalid", "true" if part == "values" else "false")

    def _show_clause(self, clause: Clause) -> None:
        self.attribute.set_value(clause.attribute)
        operator = find_operator(clause.operator) or OPERATORS[0]
        self.operator.setCurrentIndex(max(0, self.operator.findData(operator.name)))
        self._offer_values()
        self.value.setEditText(clause.values[0] if clause.values else "")
        self._show_value_field()

    def _attribute_changed(self) -> None:
        self._offer_values()
        self.changed.emit()

    def _operator_changed(self) -> None:
        self._show_value_field()
        self.changed.emit()

    def _show_value_field(self) -> None:
        operator = find_operator(str(self.operator.currentData()))
        self.value.setEnabled(operator is None or operator.takes_value)
        self.operator.setToolTip(operator.meaning if operator else "")

    def _offer_values(self) -> None:
        attribute = self.attribute.value()
        if attribute == self._offered:
            return
        self._offered = attribute
        values = values_of(self._counter.people, attribute)
        self.value.set_choices((value, value) for value in values)


class FilterEditor(QDialog):
    """Edit a filter; ``saved`` says it. Opened with ``open()``, gone when closed."""

    saved = Signal(object)

    def __init__(
        self,
        one: Filter | None,
        counter: ScopeCounter,
        columns: Sequence[str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._counter, self._columns = counter, columns
        self._tasks = TaskScope(self._cant_count)
        self._rows: list[ClauseRow] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "base")
        self.setWindowTitle("Add a filter" if one is None else "Edit the filter")
        self.resize(680, 380)
        keep_size(self)
        self._new = one is None
        self.name = QLineEdit(one.name if one else "")
        self.name.setPlaceholderText("Named after its values")
        self.clauses = ScrollColumn(spacing=SPACE.s)
        self.clauses.column.addStretch(1)
        self.add = SecondaryButton(
            "&Add a condition", icon_name="plus", on_click=lambda: self._add(Clause("", "EQUALS"))
        )
        self.count = IconText("people", "", tone=Tone.ACCENT)
        self.ok = PrimaryButton("&Save the filter", on_click=self._save)
        self.ok.setDefault(True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_COUNT_AFTER_MS)
        self._timer.timeout.connect(self._begin_count)
        self._lay_out()
        for clause in one.clauses if one and one.clauses else (Clause("", "EQUALS"),):
            self._add(clause)
        self.finished.connect(lambda _result: self._tasks.cancel())

    def _lay_out(self) -> None:
        label = Label("&Name")
        label.setBuddy(self.name)
        head = QHBoxLayout()
        head.setSpacing(SPACE.s)
        head.addWidget(label)
        head.addWidget(self.name, 1)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE.s)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.ok)
        foot.addWidget(SecondaryButton("Cancel", on_click=self.reject))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addLayout(head)
        column.addWidget(
            WrapLabel("People are in scope where all of these conditions hold.", tone=Tone.MUTED)
        )
        column.addWidget(self.clauses, 1)
        column.addWidget(self.add)
        column.addLayout(foot)

    @property
    def rows(self) -> Sequence[ClauseRow]:
        """Return the rows of the clauses."""
        return self._rows

    def filter(self) -> Filter:
        """Return the filter as it is written now."""
        clauses = tuple(row.clause() for row in self._rows)
        return Filter(self.name.text().strip() or suggested_name(clauses), clauses)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Start at the first attribute of a new filter, else at its value."""
        super().showEvent(event)
        first = self._rows[0]
        (first.attribute if self._new else first.value).setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, clause: Clause) -> None:
        row = ClauseRow(clause, self._counter, self._columns)
        row.changed.connect(self._judge)
        row.removed.connect(lambda: self._remove(row))
        self._rows.append(row)
        self.clauses.column.insertWidget(len(self._rows) - 1, row)
        if self.isVisible():
            row.attribute.setFocus(Qt.FocusReason.OtherFocusReason)
        self._judge()

    def _remove(self, row: ClauseRow) -> None:
        if len(self._rows) > 1:
            self._rows.remove(row)
            row.hide()
            row.deleteLater()
            self._judge()

    def _judge(self) -> None:
        findings = check_scope((self.filter(),))
        for place, row in enumerate(self._rows):
            row.show_place(place, alone=len(self._rows) == 1)
            row.show_fault(self._fault_of(place, row, findings))
        faulty = any(finding.is_error for finding in findings)
        self.ok.setEnabled(not faulty)
        if faulty:
            self._timer.stop()
            self.count.set("info", self._what_lacks(), Tone.MUTED)
        else:
            self._timer.start()

    @staticmethod
    def _fault_of(
        place: int, row: ClauseRow, findings: Sequence[ClauseFinding]
    ) -> ClauseFinding | None:
        """Return what to say about a clause; what was not written yet is no fault of it."""
        unwritten = {"attribute"} if not row.attribute.value() else set()
        if not row.value.value():
            unwritten.add("values")
        said = [f for f in findings if f.clause == place and f.part not in unwritten]
        return next((f for f in said if f.is_error), said[0] if said else None)

    def _what_lacks(self) -> str:
        for row in self._rows:
            clause = row.clause()
            operator = find_operator(clause.operator)
            if not clause.attribute:
                return "Choose an attribute."
            if not clause.values and (operator is None or operator.takes_value):
                return f"Enter the value that {clause.attribute} is compared with."
        return "One of the conditions can't work yet."

    def _begin_count(self) -> None:
        self._tasks.cancel()
        self._tasks.start(self._count_people())

    async def _count_people(self) -> None:
        counts = await run_blocking(self._counter.count, (self.filter(),), frozenset[str]())
        verb = "fits" if counts.in_scope == 1 else "fit"
        words = f"{counts.in_scope:,} of {counts.total:,} people {verb} this filter."
        self.count.set("people", words, Tone.ACCENT)

    def _cant_count(self, error: BaseException) -> None:
        self.count.set("warning", str(error), Tone.WARNING)

    def _save(self) -> None:
        self._judge()
        if self.ok.isEnabled():
            self.saved.emit(self.filter())
            self.accept()


def _attribute_choices(columns: Sequence[str]) -> list[tuple[str, str]]:
    known = [a.name for a in SOURCE_ATTRIBUTES if a.usable and not a.multi_valued]
    return [(name, name) for name in dict.fromkeys((*columns, *known))]
