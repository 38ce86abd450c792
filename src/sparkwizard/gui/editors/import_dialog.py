"""Show what a schema from Entra would change here, before it replaces anything."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    CheckBox,
    Column,
    CopyButton,
    DataTable,
    IconText,
    PrimaryButton,
    RowsModel,
    SecondaryButton,
    TableCard,
    WrapLabel,
)
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.provisioning.entra_schema import ImportedSchema, SchemaFinding
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.setup.profile import Profile
from sparkwizard.wizard.mapping.editor import short_target
from sparkwizard.wizard.mapping.schema_exchange import (
    RuleChange,
    compare_rules,
    finding_words,
    offers,
    taken_over,
)
from sparkwizard.wizard.mapping.subject import GROUPS, USERS

__all__ = ["ImportDialog"]


def _target(change: RuleChange) -> str:
    name = short_target(change.target)
    return f"{name} (groups)" if change.one == GROUPS.one else name


_MARKS = {
    "new": ("plus", Tone.SUCCESS),
    "changes": ("pencil", Tone.ACCENT),
    "stays": ("equals", Tone.MUTED),
    "goes away": ("minus", Tone.WARNING),
}
_COLUMNS: tuple[Column[RuleChange], ...] = (
    Column("Webex attribute", _target, strong=True, width=160),
    Column("What", lambda one: one.word, icon=lambda one: _MARKS[one.word], width=110),
    Column("Now", lambda one: _rule(one.before), mono=True, tone=Tone.MUTED, width=200),
    Column("Then", lambda one: _rule(one.after), mono=True, width=220, stretch=True),
)
_FINDINGS: tuple[Column[SchemaFinding], ...] = (
    Column(
        "To know",
        finding_words,
        icon=lambda _one: ("warning", Tone.WARNING),
        width=420,
        stretch=True,
    ),
    Column(
        "Where in the file", lambda one: _place(one.path), mono=True, tone=Tone.MUTED, width=210
    ),
)


class ImportDialog(QDialog):
    """Let one choose what is taken over; ``accepted_parts`` says the new parts of the setup."""

    accepted_parts = Signal(object)

    def __init__(
        self, profile: Profile, imported: ImportedSchema, name: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._profile, self._imported = profile, imported
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "base")
        self.setWindowTitle("Import a mapping")
        room = self.screen().availableSize()
        self.resize(min(780, room.width() - 16), min(560, room.height() - 40))
        keep_size(self)
        self.heading = WrapLabel(f"What to take over from {name}", role="section")
        self.boxes: dict[str, CheckBox] = {}
        for offer in offers(profile, imported):
            box = CheckBox(offer.words)
            box.setChecked(offer.wanted)
            box.toggled.connect(lambda _on: self._show())
            self.boxes[offer.part] = box
        self.model: RowsModel[RuleChange] = RowsModel(_COLUMNS)
        self.table: DataTable[RuleChange] = DataTable(self.model, name="Rules now and then")
        self.findings: RowsModel[SchemaFinding] = RowsModel(_FINDINGS, imported.findings)
        self.take = PrimaryButton("&Take it over", on_click=self._take)
        self.note = IconText("info", "", tone=Tone.MUTED, text_tone=Tone.MUTED, wrap=True)
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(self.heading)
        choices = QVBoxLayout()
        choices.setSpacing(2)
        for box in self.boxes.values():
            choices.addWidget(box)
        column.addLayout(choices)
        column.addWidget(TableCard(self.table), 3)
        if self._imported.findings:
            table: DataTable[SchemaFinding] = DataTable(self.findings, name="What to know")
            column.addWidget(TableCard(table), 2)
            foot.addWidget(CopyButton(self._as_text, what="what to know", text="Copy all"))
        foot.addWidget(self.note, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.take)
        foot.addWidget(SecondaryButton("Cancel", on_click=self.reject))
        column.addLayout(foot)

    def chosen(self) -> frozenset[str]:
        """Return the parts that are ticked."""
        return frozenset(part for part, box in self.boxes.items() if box.isChecked())

    def _show(self) -> None:
        chosen = self.chosen()
        rows: list[RuleChange] = []
        if "users" in chosen:
            rows += compare_rules(USERS.rules_of(self._profile), self._imported.user_rules)
        if "groups" in chosen:
            rows += compare_rules(
                GROUPS.rules_of(self._profile), self._imported.group_rules, GROUPS.one
            )
        self.model.set_rows(rows)
        self.take.setEnabled(bool(chosen))
        changed = sum(row.word != "stays" for row in rows)
        words = "1 rule would differ" if changed == 1 else f"{changed} rules would differ"
        self.note.set("info", f"{words}. Undo brings back what is there now.", Tone.MUTED)

    def _take(self) -> None:
        self.accepted_parts.emit(taken_over(self._profile, self._imported, self.chosen()))
        self.accept()

    def _as_text(self) -> str:
        return "\n".join(f"{one.path}: {finding_words(one)}" for one in self._imported.findings)


def _place(path: str) -> str:
    """Return the end of a path, which tells most; the whole one is copied with the rest."""
    return ".".join(path.split(".")[-2:])


def _rule(rule: MappingRule | None) -> str:
    if rule is None:
        return "none"
    notes = []
    if rule.matching_precedence is not None:
        notes.append(f"match {rule.matching_precedence}")
    if rule.apply == "create":
        notes.append("on create")
    if rule.default:
        notes.append(f"default {rule.default}")
    shown = rule.expression or "nothing"
    return f"{shown}  ({', '.join(notes)})" if notes else shown
