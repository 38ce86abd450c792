"""Write one rule of the attribute mapping, and see at once what it gives one real person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import override

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sparkwizard.gui.pages.expression_field import ExpressionField
from sparkwizard.gui.theme import SPACE, Tone, set_property
from sparkwizard.gui.widgets import (
    Card,
    IconText,
    Label,
    PrimaryButton,
    RadioButton,
    SecondaryButton,
    Select,
    WrapLabel,
)
from sparkwizard.gui.widgets.pick_field import PickField
from sparkwizard.provisioning.mapping import RuleFinding, check_mapping
from sparkwizard.provisioning.source_attributes import SOURCE_ATTRIBUTES, describe_source
from sparkwizard.provisioning.target_schema import TARGET_ATTRIBUTES
from sparkwizard.provisioning.types import MappingRule, Person
from sparkwizard.wizard.mapping_editor import insert_rule, ordinal, replace_rule
from sparkwizard.wizard.rule_text import (
    RuleKind,
    attribute_of,
    constant_of,
    direct,
    kind_of,
    quoted,
    value_for,
)

__all__ = ["RuleContext", "RuleEditor"]

_KINDS = tuple(RuleKind)
_MEANINGS = {
    "&Default value": "What a new user gets where there is no value. It never changes a user.",
    "&Matching": "Before a user is created, this value is looked for among the users of Webex, so"
    " that nobody is created twice.",
    "Applied": "A rule that is only applied on creation leaves later changes to Webex.",
}
"""What each field means, for whoever rests the pointer on its name."""


@dataclass(frozen=True, slots=True)
class RuleContext:
    """Hold what a rule is written for: the other rules, the columns there are, one person.

    ``at`` is the place of the rule among ``rules``, None for a new one.
    """

    rules: tuple[MappingRule, ...]
    at: int | None
    columns: Sequence[str]
    person: Person | None
    clock: Callable[[], datetime]

    def with_rule(self, rule: MappingRule) -> tuple[MappingRule, ...]:
        """Return all rules with this one in its place."""
        if self.at is None:
            return insert_rule(self.rules, rule)
        return replace_rule(self.rules, self.at, rule)

    def findings(self, rule: MappingRule) -> tuple[RuleFinding, ...]:
        """Return what is wrong or odd about this rule among the others."""
        place = len(self.rules) if self.at is None else self.at
        found = check_mapping(self.with_rule(rule))
        return tuple(finding for finding in found if finding.rule == place)


class RuleEditor(QDialog):
    """Edit a rule; ``saved`` says all rules with it. Opened with ``open()``, gone when closed."""

    saved = Signal(object)

    def __init__(self, context: RuleContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        at = context.at
        self._before = MappingRule("") if at is None else context.rules[at]
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "base")
        self.setWindowTitle("Add a rule" if at is None else "Edit the rule")
        self.setMinimumWidth(560)
        self._build_fields()
        self._lay_out()
        self._show_rule(self._before)
        self._connect()
        self._kind_changed()

    # How it is built

    def _build_fields(self) -> None:
        self.target = PickField(
            "Webex attribute",
            [(a.path, f"{a.label} ({a.path})") for a in TARGET_ATTRIBUTES if a.writable],
        )
        self.target_words = WrapLabel(tone=Tone.DANGER)
        self.kind = Select("Filled from")
        for kind in _KINDS:
            self.kind.addItem(kind.label, kind.value)
        self.attribute = PickField("Entra attribute", _source_choices(self._context.columns))
        self.meaning = WrapLabel(tone=Tone.MUTED)
        self.constant = QLineEdit()
        self.constant.setAccessibleName("Text for everybody")
        self.expression = ExpressionField("Expression")
        self.default = QLineEdit()
        self.default.setAccessibleName("Default value")
        self.default.setPlaceholderText("None")
        self.default_words = WrapLabel(tone=Tone.DANGER)
        self.matching = Select("Used to find the Webex user")
        self.matching_words = WrapLabel(tone=Tone.DANGER)
        self.always = RadioButton("Al&ways")
        self.on_create = RadioButton("&Only when a user is created")
        self.outcome = IconText("arrow-right", "", tone=Tone.ACCENT, wrap=True)
        self.outcome.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.ok = PrimaryButton("&Save the rule", on_click=self._save)
        self.ok.setDefault(True)
        self.why_not = WrapLabel(tone=Tone.MUTED)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        rows: tuple[tuple[QLabel, QWidget], ...] = (
            (_name("Webex &attribute", self.target), _stacked(self.target, self.target_words)),
            (_name("&Filled from", self.kind), _stacked(self.kind, self._sources())),
            (Label(), self._result_card()),
            (_name("&Default value", self.default), _stacked(self.default, self.default_words)),
            (_name("&Matching", self.matching), _stacked(self.matching, self.matching_words)),
            (_name("Applied", self.always), _beside(self.always, self.on_create)),
        )
        form = QGridLayout()
        form.setHorizontalSpacing(SPACE.l)
        form.setVerticalSpacing(SPACE.m)
        form.setColumnStretch(1, 1)
        for at, (label, field) in enumerate(rows):
            form.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
            form.addWidget(field, at, 1)
        cancel = SecondaryButton("Cancel", on_click=self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.s)
        buttons.addWidget(self.why_not, 1)
        buttons.addWidget(self.ok)
        buttons.addWidget(cancel)
        column.addLayout(form)
        column.addStretch(1)
        column.addLayout(buttons)

    def _sources(self) -> QWidget:
        self.sources = QStackedWidget()
        nothing = WrapLabel(
            "The attribute is left alone. A new user gets the default value.", tone=Tone.MUTED
        )
        pages: dict[RuleKind, QWidget] = {
            RuleKind.DIRECT: _stacked(self.attribute, self.meaning),
            RuleKind.CONSTANT: _stacked(self.constant),
            RuleKind.EXPRESSION: self.expression,
            RuleKind.NONE: nothing,
        }
        for kind in _KINDS:
            self.sources.addWidget(pages[kind])
        return self.sources

    def _result_card(self) -> Card:
        card = Card()
        card.body.setContentsMargins(SPACE.m, SPACE.s, SPACE.m, SPACE.s)
        card.body.setSpacing(2)
        person = self._context.person
        words = f"For {person.label}" if person else "No people were read yet"
        card.body.addWidget(Label(words, role="note", tone=Tone.MUTED))
        card.body.addWidget(self.outcome)
        self.outcome.setVisible(person is not None)
        return card

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(lambda _at: self._kind_changed())
        for pick in (self.target, self.attribute):
            pick.editTextChanged.connect(lambda _text: self._judge())
        for edit in (self.constant, self.default):
            edit.textChanged.connect(lambda _text: self._judge())
        self.expression.changed.connect(lambda _text: self._judge())
        self.matching.currentIndexChanged.connect(lambda _at: self._judge())
        self.on_create.toggled.connect(lambda _on: self._judge())

    def _show_rule(self, rule: MappingRule) -> None:
        self.target.set_value(rule.target)
        new = self._context.at is None
        kind = RuleKind.DIRECT if new else kind_of(rule.expression)
        self.kind.setCurrentIndex(_KINDS.index(kind))
        self.attribute.set_value(attribute_of(rule.expression))
        self.constant.setText(constant_of(rule.expression))
        self.expression.set_text(rule.expression)
        self.default.setText(rule.default or "")
        self.matching.addItem("Not used to find anybody", None)
        others = [r for r in self._context.rules if r.matching_precedence and r is not rule]
        for place in range(1, len(others) + 2):
            words = f"Finds the Webex user of a person, tried {ordinal(place)}"
            self.matching.addItem(words, place)
        self.matching.setCurrentIndex(max(0, self.matching.findData(rule.matching_precedence)))
        self.on_create.setChecked(rule.apply == "create")
        self.always.setChecked(rule.apply != "create")

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Start where something is to be chosen."""
        super().showEvent(event)
        first = self.target if self._context.at is None else self._source_field()
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    # What is written

    def rule(self) -> MappingRule:
        """Return the rule as it is written now."""
        return MappingRule(
            self.target.value(),
            self._expression(),
            self.matching.currentData(),
            "create" if self.on_create.isChecked() else "always",
            self.default.text() or None,
        )

    def _expression(self) -> str:
        match self._kind():
            case RuleKind.DIRECT:
                return direct(self.attribute.value()) if self.attribute.value() else ""
            case RuleKind.CONSTANT:
                return quoted(self.constant.text())
            case RuleKind.EXPRESSION:
                return self.expression.text().strip("\n")
        return ""

    def _kind(self) -> RuleKind:
        return _KINDS[self.kind.currentIndex()]

    def _source_field(self) -> QWidget:
        fields: dict[RuleKind, QWidget] = {
            RuleKind.DIRECT: self.attribute,
            RuleKind.CONSTANT: self.constant,
            RuleKind.EXPRESSION: self.expression,
        }
        return fields.get(self._kind(), self.default)

    def _kind_changed(self) -> None:
        if self._kind() is RuleKind.EXPRESSION and not self.expression.text():
            self.expression.set_text(
                direct(self.attribute.value()) if self.attribute.value() else ""
            )
        at = self.kind.currentIndex()
        self.sources.setCurrentIndex(at)
        for place in range(self.sources.count()):
            page = self.sources.widget(place)
            assert page is not None  # it was added above
            policy = page.sizePolicy()
            kind = policy.Policy.Preferred if place == at else policy.Policy.Ignored
            policy.setVerticalPolicy(kind)
            page.setSizePolicy(policy)
        self._judge()

    # What is said about it

    def _judge(self) -> None:
        rule = self.rule()
        known = describe_source(self.attribute.value())
        self.meaning.setText(f"{known.meaning}." if known else "")
        findings = self._context.findings(rule)
        lack = self._lack(rule)
        _say(self.target_words, _of(findings, "target") if rule.target else None)
        _say(self.default_words, _of(findings, "default"))
        _say(self.matching_words, _of(findings, "matching_precedence"))
        self._judge_expression(_of(findings, "expression"), lack)
        errors = [finding for finding in findings if finding.is_error]
        self.ok.setEnabled(not errors and not lack)
        self.why_not.setText(lack)
        self._show_result(rule, faulty=bool(errors) or bool(lack))

    def _lack(self, rule: MappingRule) -> str:
        if not rule.target:
            return "Choose the Webex attribute to fill."
        if not rule.expression.strip() and self._kind() is RuleKind.DIRECT:
            return "Choose the attribute it is filled from."
        if not rule.expression.strip() and self._kind() is RuleKind.EXPRESSION:
            return "Write an expression."
        if self._kind() is RuleKind.NONE and rule.default is None:
            return "Enter the default value that a new user gets."
        return ""

    def _judge_expression(self, finding: RuleFinding | None, lack: str) -> None:
        if finding is None or lack:
            self.expression.show_fault("")
            return
        words = f"{finding.reason.text} {finding.fix}".strip()
        if self._kind() is RuleKind.EXPRESSION:
            self.expression.show_fault(words, finding.position, finding.suggestion)
            tone = Tone.DANGER if finding.is_error else Tone.WARNING
            self.expression.fault.set_tone(tone)
            state = "true" if finding.is_error else "false"
            set_property(self.expression.edit, "invalid", state)
        else:
            self.meaning.setText(words)

    def _show_result(self, rule: MappingRule, *, faulty: bool) -> None:
        person = self._context.person
        if person is None:
            return
        if faulty:
            self.outcome.set("minus", "Nothing, as long as the rule is not valid", Tone.MUTED)
            return
        shown = value_for(rule, person, self._context.clock())
        if shown.problem:
            self.outcome.set("warning", shown.problem, Tone.WARNING)
        elif shown.value is None:
            self.outcome.set(
                "minus", f"No value, so it is {shown.note or 'left as it is'}", Tone.MUTED
            )
        else:
            note = f" ({shown.note})" if shown.note else ""
            self.outcome.set("arrow-right", f"{shown.text}{note}", Tone.ACCENT)

    def _save(self) -> None:
        self._judge()
        if self.ok.isEnabled():
            self.saved.emit(self._context.with_rule(self.rule()))
            self.accept()


def _source_choices(columns: Sequence[str]) -> list[tuple[str, str]]:
    known = [a.name for a in SOURCE_ATTRIBUTES if a.usable and a.name not in columns]
    return [(name, name) for name in (*columns, *known)]


def _of(findings: Sequence[RuleFinding], part: str) -> RuleFinding | None:
    """Return the gravest finding about a part of the rule."""
    found = [finding for finding in findings if finding.part == part]
    return next((f for f in found if f.is_error), found[0] if found else None)


def _say(words: WrapLabel, finding: RuleFinding | None) -> None:
    words.setText(f"{finding.reason.text} {finding.fix}".strip() if finding else "")
    words.setVisible(finding is not None)
    if finding is not None:
        words.set_tone(Tone.DANGER if finding.is_error else Tone.WARNING)


def _name(text: str, buddy: QWidget) -> QLabel:
    label = Label(text)
    label.setMinimumHeight(buddy.sizeHint().height())
    label.setBuddy(buddy)
    label.setToolTip(_MEANINGS.get(text, ""))
    return label


def _stacked(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE.xs)
    for widget in widgets:
        column.addWidget(widget)
    return holder


def _beside(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE.l)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return holder
