"""Page 6: the attribute mapping beside one real person."""

from dataclasses import replace
from typing import override

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.desk import Desk
from sparkwizard.gui.page import WizardPage
from sparkwizard.gui.pages.mapping_person import PersonPanel
from sparkwizard.gui.pages.rule_editor import RuleContext, RuleEditor
from sparkwizard.gui.pages.what_if_strip import WhatIfStrip
from sparkwizard.gui.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Column,
    DataTable,
    FoldingPanel,
    IconButton,
    IconText,
    Message,
    MessageKind,
    RowsModel,
    SecondaryButton,
    TableCard,
    announce,
)
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.wizard.mapping_editor import (
    MappingHistory,
    RuleRow,
    as_saved,
    current_values,
    effective,
    ordinal,
    remove_rule,
    rule_rows,
    short_target,
    status_of,
    when_words,
)
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step

__all__ = ["MappingPage"]

_FROM, _DEFAULT = 1, 3
_SPARED = (22, 0, 4, 0, 0)
"""What each column gives up where the column of defaults is shown too, in pixels."""


def _rule_mark(row: RuleRow) -> tuple[str, str] | None:
    if not row.findings:
        return None
    return ("fail", Tone.DANGER) if row.faulty else ("warning", Tone.WARNING)


def _match_mark(row: RuleRow) -> tuple[str, str] | None:
    precedence = row.rule.matching_precedence
    if precedence is None:
        return None
    return "key", Tone.ACCENT if precedence == 1 else Tone.MUTED


_COLUMNS: tuple[Column[RuleRow], ...] = (
    Column(
        "Webex attribute",
        lambda r: short_target(r.rule.target),
        icon=_rule_mark,
        strong=True,
        width=142,
    ),
    Column(
        "From",
        lambda r: r.rule.expression or "nothing",
        mono=True,
        width=130,
        stretch=True,
        meaning="The attribute or expression of Microsoft Entra that fills it",
    ),
    Column(
        "Match",
        lambda r: ordinal(r.rule.matching_precedence),
        icon=_match_mark,
        width=70,
        meaning="Rules that find the Webex user a person already has, in this order",
        sort_key=lambda r: r.rule.matching_precedence or 999,
    ),
    Column(
        "Default",
        lambda r: r.rule.default or "",
        width=72,
        meaning="What a new user gets where there is no value",
    ),
    Column("When", lambda r: when_words(r.rule), width=82),
)


class RulesTable(DataTable[RuleRow]):
    """Show the rules; the column of defaults only comes up where a rule has one."""

    def show_defaults(self, *, shown: bool) -> None:
        """Show or hide the column of defaults."""
        self.setColumnHidden(_DEFAULT, not shown)
        self._share()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room of a hidden column to the expressions."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        tight = not self.isColumnHidden(_DEFAULT)
        room = self.viewport().width()
        for at, column in enumerate(_COLUMNS):
            if at != _FROM and not self.isColumnHidden(at):
                width = column.width - (_SPARED[at] if tight else 0)
                self.setColumnWidth(at, width)
                room -= width
        self.setColumnWidth(_FROM, max(60, room))


class MappingPage(WizardPage):
    """Edit the rules; Next goes on while every rule is valid."""

    def __init__(self, desk: Desk) -> None:
        text = Step.MAPPING.text
        super().__init__(text.instruction, text.sentence)
        self._desk = desk
        self._history: MappingHistory[tuple[MappingRule, ...]] = MappingHistory()
        self._keeping = False
        self.model: RowsModel[RuleRow] = RowsModel(_COLUMNS)
        self.table = RulesTable(self.model, name="Rules of the attribute mapping")
        self.person = PersonPanel()
        self.status = IconText("success", "", tone=Tone.SUCCESS, wrap=True)
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.m)
        column.addLayout(self._tool_row())
        column.addWidget(TableCard(self.table), 1)
        self.panel = FoldingPanel(
            main,
            self.person,
            side_width=236,
            show_words="Show one person",
            back_words="Back to the rules",
        )
        self.body.addWidget(self.panel, 1)
        self.body.addWidget(self.status)
        self.what_if = WhatIfStrip(desk)
        self.body.addWidget(self.what_if)
        self._connect()

    def _tool_row(self) -> QHBoxLayout:
        self.add_button = SecondaryButton("&Add", icon_name="plus", on_click=self.add_rule)
        self.edit_button = SecondaryButton("&Edit", icon_name="pencil", on_click=self.edit_rule)
        self.delete_button = IconButton("trash", "Delete the rule (Del)", on_click=self.delete_rule)
        self.undo_button = IconButton("undo", "Undo the last change (Ctrl+Z)", on_click=self.undo)
        self.redo_button = IconButton("redo", "Do it again (Ctrl+Y)", on_click=self.redo)
        self.reset_button = SecondaryButton("&Reset", on_click=self.reset)
        self.reset_button.setToolTip("Go back to the mapping that Microsoft uses for Webex")
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        for widget in (self.add_button, self.edit_button, self.delete_button):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.undo_button, self.redo_button, self.reset_button):
            row.addWidget(widget)
        return row

    def _connect(self) -> None:
        self.table.row_selected.connect(lambda _row: self._row_selected())
        self.table.row_opened.connect(lambda _row: self.edit_rule())
        self.person.moved.connect(self._show_person)
        self._desk.changed.connect(self._state_changed)
        keys = QKeySequence.StandardKey
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(keys.Undo, self, self.undo, context=within)
        QShortcut(QKeySequence("Ctrl+Y"), self, self.redo, context=within)
        QShortcut(QKeySequence("Ctrl+Shift+Z"), self, self.redo, context=within)
        alone = Qt.ShortcutContext.WidgetShortcut
        QShortcut(keys.Delete, self.table, self.delete_rule, context=alone)

    # What the window calls

    @override
    def initial_focus(self) -> QWidget | None:
        """Start in the table, so that the arrow keys move at once."""
        return self.table

    @override
    def on_enter(self) -> None:
        """Show rules and people of now."""
        self._show_rules()
        if self.table.selected_row() is None:
            self.table.select_first()
        self.what_if.begin()

    @override
    def on_leave(self) -> None:
        """Stop comparing."""
        self.what_if.rest()

    @override
    def missing(self) -> Message | None:
        """Name the first fault of the mapping."""
        status = status_of(self.rules)
        if status.valid:
            return None
        self._select(status.rule)
        return Message(MessageKind.DANGER, status.text, status.fix)

    @property
    def rules(self) -> tuple[MappingRule, ...]:
        """Return the rules in force."""
        return effective(self._desk.profile.mapping)

    # What a person does

    def add_rule(self) -> None:
        """Open the editor for a new rule."""
        self._open_editor(None)

    def edit_rule(self) -> None:
        """Open the editor for the selected rule."""
        row = self.table.selected_row()
        if row is not None:
            self._open_editor(row.number)

    def delete_rule(self) -> None:
        """Take the selected rule away; undo brings it back."""
        row = self.table.selected_row()
        if row is not None and len(self.rules) > 1:
            self._change(remove_rule(self.rules, row.number), select=row.number)
            announce(self, f"The rule of {row.rule.target} was deleted. Ctrl+Z brings it back.")

    def reset(self) -> None:
        """Go back to the default mapping; undo brings the own one back."""
        self._change(effective(()), select=0)

    def undo(self) -> None:
        """Take the last change back."""
        if self._history.past:
            self._history, rules = self._history.undo(self.rules)
            self._keep(rules)

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._history.future:
            self._history, rules = self._history.redo(self.rules)
            self._keep(rules)

    def _open_editor(self, at: int | None) -> None:
        population = self._desk.state.population
        context = RuleContext(
            self.rules,
            at,
            population.columns if population else (),
            self.person.person,
            self._desk.services.clock,
            population.people if population else (),
        )
        editor = RuleEditor(context, self)
        select = len(self.rules) if at is None else at
        editor.saved.connect(lambda rules: self._change(rules, select=select))
        editor.open()

    def _change(self, rules: tuple[MappingRule, ...], *, select: int) -> None:
        if rules != self.rules:
            self._history = self._history.changed(self.rules)
            self._keep(rules)
            self._select(min(select, len(rules) - 1))

    def _keep(self, rules: tuple[MappingRule, ...]) -> None:
        self.clear_message()
        kept = as_saved(rules)
        self._keeping = True
        try:
            self._desk.change_profile(lambda profile: replace(profile, mapping=kept))
        finally:
            self._keeping = False
        self._show_rules()

    # What is shown

    def _state_changed(self, old: WizardState, new: WizardState) -> None:
        if old.profile.mapping != new.profile.mapping and not self._keeping:
            self._history = MappingHistory()  # another setup was opened: its past is not this one
        changed = (
            old.profile.mapping != new.profile.mapping
            or old.population is not new.population
            or old.preview is not new.preview
        )
        if changed and self.isVisible():  # else on_enter does it
            self._show_rules()

    def _show_rules(self) -> None:
        selected = self.table.selected_row()
        rows = rule_rows(self.rules)
        self.model.set_rows(rows)
        self.table.show_defaults(shown=any(row.rule.default for row in rows))
        self._select(selected.number if selected else -1)
        status = status_of(self.rules)
        if not status.valid:
            self.status.set("fail", f"{status.text} {status.fix}".strip(), Tone.DANGER)
        elif status.remark:
            self.status.set("warning", f"{status.text} {status.fix}".strip(), Tone.WARNING)
        else:
            self.status.set("success", status.text, Tone.SUCCESS)
        population = self._desk.state.population
        self.person.set_people(population.people if population else ())
        self._show_person()
        self._show_buttons()

    def _show_person(self) -> None:
        person = self.person.person
        today = None
        if person is not None:
            targets = [rule.target for rule in self.rules]
            today = current_values(self._desk.state.preview, person.source_id, targets)
        self.person.show_values(self.rules, self._desk.services.clock(), today)

    def _row_selected(self) -> None:
        row = self.table.selected_row()
        if row is not None:
            self.person.values.reveal(row.number)
        self._show_buttons()

    def _show_buttons(self) -> None:
        chosen = self.table.selected_row() is not None
        self.edit_button.setEnabled(chosen)
        self.delete_button.setEnabled(chosen and len(self.rules) > 1)
        self.undo_button.setEnabled(bool(self._history.past))
        self.redo_button.setEnabled(bool(self._history.future))
        self.reset_button.setEnabled(self.rules != effective(()))

    def _select(self, number: int) -> None:
        index = self.model.find(lambda row: row.number == number)
        if index.isValid():
            self.table.selectRow(index.row())
