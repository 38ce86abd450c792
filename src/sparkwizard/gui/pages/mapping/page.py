"""Page 6: the attribute mapping beside one real person."""

from pathlib import Path
from typing import override

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from sparkwizard.gui.desk import Desk
from sparkwizard.gui.editors.explain_dialog import ask_why
from sparkwizard.gui.editors.groups_panel import GroupsPanel
from sparkwizard.gui.editors.schema_files import SchemaFiles
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.pages.mapping.person import PersonPanel
from sparkwizard.gui.pages.mapping.rule_editor import RuleEditor
from sparkwizard.gui.pages.mapping.table import RULE_COLUMNS, RulesTable
from sparkwizard.gui.pages.mapping.tools import MappingTools, ToolActions
from sparkwizard.gui.plan.findings_dialog import FindingsDialog
from sparkwizard.gui.plan.what_if_strip import WhatIfStrip
from sparkwizard.gui.widgets import (
    FoldingPanel,
    IconText,
    Message,
    MessageKind,
    RowsModel,
    StripAction,
    TableCard,
    announce,
)
from sparkwizard.provisioning.entra_schema import ExportedSchema
from sparkwizard.provisioning.types import MappingRule, Reason
from sparkwizard.values import replace
from sparkwizard.wizard.mapping.editor import (
    MappingHistory,
    RuleRow,
    current_values,
    move_rule,
    remove_rule,
    rule_rows,
    status_of,
)
from sparkwizard.wizard.mapping.parts import MappingParts, parts_of
from sparkwizard.wizard.mapping.rule_context import RuleContext
from sparkwizard.wizard.mapping.schema_exchange import export_words, finding_words
from sparkwizard.wizard.mapping.subject import GROUPS, USERS, MappingSubject
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step

__all__ = ["MappingPage"]


class MappingPage(WizardPage):
    """Edit the rules; Next goes on while every rule is valid."""

    def __init__(self, desk: Desk) -> None:
        text = Step.MAPPING.text
        super().__init__(text.instruction, text.sentence)
        self._desk = desk
        self._history: MappingHistory[MappingParts] = MappingHistory()
        self._keeping = False
        self.subject: MappingSubject = USERS
        self.files = SchemaFiles(self, desk, taken=self._change, written=self._exported)
        self.model: RowsModel[RuleRow] = RowsModel(RULE_COLUMNS)
        self.table = RulesTable(self.model, name="Rules of the attribute mapping")
        self.person, self.groups = PersonPanel(), GroupsPanel()
        self.status = IconText("success", "", tone=Tone.SUCCESS, wrap=True)
        self.tools = MappingTools(
            ToolActions(
                add=self.add_rule,
                edit=self.edit_rule,
                delete=self.delete_rule,
                up=lambda: self.move_rule(-1),
                down=lambda: self.move_rule(1),
                undo=self.undo,
                redo=self.redo,
                reset=self.reset,
                import_=self.files.import_file,
                export=self.files.export_file,
                subject=self._choose_subject,
            )
        )
        self._lay_out()
        self.what_if = WhatIfStrip(desk)
        self.body.addWidget(self.what_if)
        self._connect()

    def _lay_out(self) -> None:
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.s)
        column.addWidget(self.tools)
        column.addWidget(TableCard(self.table), 1)
        self._side = QStackedWidget()
        self._side.addWidget(self.person)
        self._side.addWidget(self.groups)
        self.panel = FoldingPanel(
            main,
            self._side,
            side_width=236,
            show_words="Show details",
            back_words="Back to the rules",
        )
        self.body.addWidget(self.panel, 1)
        self.body.addWidget(self.status)

    def _connect(self) -> None:
        self.table.row_selected.connect(lambda _row: self._row_selected())
        self.table.row_opened.connect(lambda _row: self.edit_rule())
        self.person.moved.connect(self._show_person)
        self.person.why_asked.connect(self._explain)
        self.groups.chosen.connect(self._provision_groups)
        self._desk.changed.connect(self._state_changed)
        keys = QKeySequence.StandardKey
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(keys.Undo, self, self.undo, context=within)
        QShortcut(QKeySequence("Ctrl+Y"), self, self.redo, context=within)
        QShortcut(QKeySequence("Ctrl+Shift+Z"), self, self.redo, context=within)
        alone = Qt.ShortcutContext.WidgetShortcut
        QShortcut(keys.Delete, self.table, self.delete_rule, context=alone)
        for key, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            QShortcut(QKeySequence(key), self, lambda by=by: self.move_rule(by), context=within)

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
        for subject in (USERS, GROUPS) if self._desk.profile.groups.provision else (USERS,):
            status = status_of(subject.rules_of(self._desk.profile), subject.check, subject.finds)
            if not status.valid:
                break
        else:
            return None
        self._show_subject(subject)
        self._select(status.rule)
        return Message(MessageKind.DANGER, status.text, status.fix)

    @property
    def rules(self) -> tuple[MappingRule, ...]:
        """Return the rules in force, of users or groups, whichever are shown."""
        return self.subject.rules_of(self._desk.profile)

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
            self._change_rules(remove_rule(self.rules, row.number), select=row.number)
            announce(self, f"The rule of {row.rule.target} was deleted. Ctrl+Z brings it back.")

    def move_rule(self, by: int) -> None:
        """Move the selected rule up or down in its order."""
        row = self.table.selected_row()
        if row is None:
            return
        moved = move_rule(self.rules, row.number, by)
        if moved != self.rules:
            self.table.forget_sorting()
            self._change_rules(moved, select=row.number + by)
            announce(self, f"{row.rule.target} is rule {row.number + by + 1} of {len(moved)}.")

    def reset(self) -> None:
        """Go back to the default mapping; undo brings the own one back."""
        self._change_rules(self.subject.default, select=0)

    def undo(self) -> None:
        """Take the last change back."""
        if self._history.past:
            present = parts_of(self._desk.profile, self._history.past[-1])
            self._history, parts = self._history.undo(present)
            self._keep(parts)

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._history.future:
            present = parts_of(self._desk.profile, self._history.future[-1])
            self._history, parts = self._history.redo(present)
            self._keep(parts)

    def _explain(self) -> None:
        person = self.person.person
        if person is not None:
            ask_why(self._desk, person.source_id, person.label, self)

    def _choose_subject(self) -> None:
        self._show_subject(USERS if self.tools.users.isChecked() else GROUPS)

    def _provision_groups(self, provision: bool) -> None:
        profile = self._desk.profile
        groups = replace(profile.groups, provision=provision)
        self._change(parts_of(replace(profile, groups=groups)))

    def _open_editor(self, at: int | None) -> None:
        population = self._desk.state.population
        context = RuleContext(
            self.rules,
            at,
            population.columns if population else (),
            self.person.person,
            self._desk.services.clock,
            population.people if population else (),
            self.subject,
        )
        editor = RuleEditor(context, self)
        select = len(self.rules) if at is None else at
        editor.saved.connect(lambda rules: self._change_rules(rules, select=select))
        editor.open()

    def _change_rules(self, rules: tuple[MappingRule, ...], *, select: int) -> None:
        self._change(parts_of(self.subject.with_rules(self._desk.profile, rules)))
        self._select(min(select, len(rules) - 1))

    def _change(self, parts: MappingParts) -> None:
        before = parts_of(self._desk.profile, parts)
        if parts != before:
            self._history = self._history.changed(before)
            self._keep(parts)

    def _keep(self, parts: MappingParts) -> None:
        self.clear_message()
        self._keeping = True
        try:
            self._desk.change_profile(parts.put_into)
        finally:
            self._keeping = False
        self._show_rules()

    def _exported(self, path: Path, exported: ExportedSchema) -> None:
        findings = [Reason(one.code, finding_words(one)) for one in exported.findings]
        heading = "What to know about this export"
        show = StripAction("Show all", lambda: FindingsDialog(self, findings, heading).open())
        self.show_message(
            MessageKind.SUCCESS if exported.verified else MessageKind.WARNING,
            f"The mapping was written to {path.name}",
            export_words(exported),
            (show,) if findings else (),
        )

    # What is shown

    def _state_changed(self, old: WizardState, new: WizardState) -> None:
        edited = parts_of(old.profile) != parts_of(new.profile)
        if edited and not self._keeping:
            self._history = MappingHistory()  # another setup was opened: its past is not this one
        changed = edited or old.population is not new.population or old.preview is not new.preview
        if changed and self.isVisible():  # else on_enter does it
            self._show_rules()

    def _show_subject(self, subject: MappingSubject) -> None:
        self.subject = subject
        radio = self.tools.groups if subject is GROUPS else self.tools.users
        radio.setChecked(True)
        self._side.setCurrentIndex(1 if subject is GROUPS else 0)
        self._show_rules()
        self.table.select_first()

    def _show_rules(self) -> None:
        selected = self.table.selected_row()
        rows = rule_rows(self.rules, self.subject.check)
        self.model.set_rows(rows)
        self.table.show_defaults(shown=any(row.rule.default for row in rows))
        self._select(selected.number if selected else -1)
        status = status_of(self.rules, self.subject.check, self.subject.finds)
        if not status.valid:
            self.status.set("fail", f"{status.text} {status.fix}".strip(), Tone.DANGER)
        elif status.remark:
            self.status.set("warning", f"{status.text} {status.fix}".strip(), Tone.WARNING)
        else:
            self.status.set("success", status.text, Tone.SUCCESS)
        population = self._desk.state.population
        self.person.set_people(population.people if population else ())
        self._show_person()
        profile = self._desk.profile
        self.groups.show_choice(
            provision=profile.groups.provision, from_file=profile.source.kind == "csv"
        )
        self._show_buttons()

    def _show_person(self) -> None:
        person = self.person.person
        today = None
        if person is not None:
            targets = [rule.target for rule in USERS.rules_of(self._desk.profile)]
            today = current_values(self._desk.state.preview, person.source_id, targets)
        rules = USERS.rules_of(self._desk.profile)
        self.person.show_values(rules, self._desk.services.clock(), today)

    def _row_selected(self) -> None:
        row = self.table.selected_row()
        if row is not None and self.subject is USERS:
            self.person.values.reveal(row.number)
        self._show_buttons()

    def _show_buttons(self) -> None:
        row, tools = self.table.selected_row(), self.tools
        tools.edit.setEnabled(row is not None)
        tools.delete.setEnabled(row is not None and len(self.rules) > 1)
        tools.up.setEnabled(row is not None and row.number > 0)
        tools.down.setEnabled(row is not None and row.number + 1 < len(self.rules))
        tools.undo.setEnabled(bool(self._history.past))
        tools.redo.setEnabled(bool(self._history.future))
        tools.reset.setEnabled(self.rules != self.subject.default)

    def _select(self, number: int) -> None:
        index = self.model.find(lambda row: row.number == number)
        if index.isValid():
            self.table.selectRow(index.row())
