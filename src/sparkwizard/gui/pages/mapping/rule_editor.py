"""Write one rule of the attribute mapping, and see at once what it gives real people."""

from typing import override

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sparkwizard.gui.editors.forms import beside, named, say, stacked
from sparkwizard.gui.editors.live_people import LivePeople
from sparkwizard.gui.look.theme import SPACE, Theme, Tone
from sparkwizard.gui.pages.mapping.expression_field import ExpressionField
from sparkwizard.gui.widgets import (
    Label,
    PrimaryButton,
    RadioButton,
    SecondaryButton,
    Select,
    WrapLabel,
)
from sparkwizard.gui.widgets.entering.pick_field import PickField
from sparkwizard.gui.widgets.kept import keep_size
from sparkwizard.provisioning.mapping.filling import RuleFinding
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.wizard.mapping.editor import ordinal
from sparkwizard.wizard.mapping.rule_context import RuleContext, fault_sentence, gravest, lack_of
from sparkwizard.wizard.mapping.rule_text import (
    RuleKind,
    attribute_of,
    constant_of,
    direct,
    kind_of,
    quoted,
)
from sparkwizard.wizard.mapping.subject import GROUPS

__all__ = ["RuleContext", "RuleEditor"]

_KINDS = tuple(RuleKind)
_DEFAULT = "What a new {} gets where there is no value. It never changes what is there."
_MATCHING = (
    "Before a {0} is created, this value is looked for among the {0}s of Webex, so that none is"
    " created twice."
)
_APPLIED = "A rule that is only applied on creation leaves later changes to Webex."
_NO_GROUPS = "A file holds no groups. They come with signing in to Microsoft Entra."
_NOBODY = "Once people were read, what they get by this rule is shown here."


class RuleEditor(QDialog):
    """Edit a rule; ``saved`` says all rules with it. Opened with ``open()``, gone when closed."""

    saved = Signal(object)

    def __init__(self, context: RuleContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._before = context.saved or MappingRule("")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("surface", "base")
        self.setWindowTitle("Add a rule" if context.at is None else "Edit the rule")
        self.setMinimumWidth(760)
        room = self.screen().availableSize()
        self.resize(min(880, room.width() - 16), min(580, room.height() - 40))
        keep_size(self)
        self._build_fields()
        self._lay_out()
        self._show_rule(self._before)
        self._connect()
        self._kind_changed()

    # How it is built

    def _build_fields(self) -> None:
        context, subject = self._context, self._context.subject
        names = subject.sources(context.columns)
        columns = subject.source_columns(context.columns)
        self.target = PickField("Webex attribute", subject.targets)
        self.target_words = WrapLabel(tone=Tone.DANGER)
        self.kind = Select("Filled from")
        for kind in _KINDS:
            self.kind.addItem(kind.label, kind.value)
        self.attribute = PickField("Entra attribute", [(name, name) for name in names])
        self.meaning = WrapLabel(tone=Tone.MUTED)
        self.constant = QLineEdit()
        self.constant.setAccessibleName("Text for everybody")
        self.expression = ExpressionField("Expression", columns, names, subject.meanings)
        self.default = QLineEdit()
        self.default.setAccessibleName("Default value")
        self.default.setPlaceholderText("None")
        self.default_words = WrapLabel(tone=Tone.DANGER)
        self.matching = Select(f"Used to find the Webex {subject.one}")
        self.matching_words = WrapLabel(tone=Tone.DANGER)
        self.always = RadioButton("Al&ways")
        self.on_create = RadioButton(f"&Only when a {subject.one} is created")
        groups = subject is GROUPS
        people = () if groups else context.people
        person = None if groups else context.person
        self.live = LivePeople(people, person, context.clock, _NO_GROUPS if groups else _NOBODY)
        self.live.setFixedWidth(246)
        self.ok = PrimaryButton("&Save the rule", on_click=self._save)
        self.ok.setDefault(True)
        self.why_not = WrapLabel(tone=Tone.MUTED)

    def _lay_out(self) -> None:
        cancel = SecondaryButton("Cancel", on_click=self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.s)
        buttons.addWidget(self.why_not, 1)
        buttons.addWidget(self.ok)
        buttons.addWidget(cancel)
        middle = QHBoxLayout()
        middle.setSpacing(SPACE.l)
        middle.addLayout(self._form(), 1)
        middle.addWidget(self.live)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addLayout(middle, 1)
        column.addLayout(buttons)

    def _form(self) -> QGridLayout:
        one = self._context.subject.one
        rows: tuple[tuple[QLabel, QWidget], ...] = (
            (named("Webex &attribute", self.target), stacked(self.target, self.target_words)),
            (named("&Filled from", self.kind), stacked(self.kind)),
            (Label(), self._sources()),
            (
                named("&Default value", self.default, _DEFAULT.format(one)),
                stacked(self.default, self.default_words),
            ),
            (
                named("&Matching", self.matching, _MATCHING.format(one)),
                stacked(self.matching, self.matching_words),
            ),
            (named("Applied", self.always, _APPLIED), beside(self.always, self.on_create)),
        )
        form = QGridLayout()
        form.setHorizontalSpacing(SPACE.l)
        form.setVerticalSpacing(SPACE.m)
        form.setColumnStretch(1, 1)
        form.setColumnMinimumWidth(0, _names_width())
        for at, (label, field) in enumerate(rows):
            if field is self.sources:
                form.addWidget(field, at, 0, 1, 2)
                continue
            form.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
            form.addWidget(field, at, 1)
        form.setRowStretch(len(rows), 1)
        self._rows = form
        return form

    def _sources(self) -> QWidget:
        self.sources = QStackedWidget()
        one = self._context.subject.one
        nothing = WrapLabel(
            f"The attribute is left alone. A new {one} gets the default value.", tone=Tone.MUTED
        )
        pages: dict[RuleKind, QWidget] = {
            RuleKind.DIRECT: _indented(stacked(self.attribute, self.meaning)),
            RuleKind.CONSTANT: _indented(stacked(self.constant)),
            RuleKind.EXPRESSION: self.expression,  # which needs the whole width
            RuleKind.NONE: _indented(nothing),
        }
        for kind in _KINDS:
            self.sources.addWidget(pages[kind])
        return self.sources

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(lambda _at: self._kind_changed())
        for pick in (self.target, self.attribute):
            pick.editTextChanged.connect(lambda _text: self._judge())
        for edit in (self.constant, self.default):
            edit.textChanged.connect(lambda _text: self._judge())
        self.expression.changed.connect(lambda _text: self._expression_changed())
        self.expression.submitted.connect(self._save)
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
        self.matching.addItem("Not used to find anything", None)
        others = [r for r in self._context.rules if r.matching_precedence and r is not rule]
        one = self._context.subject.one
        for place in range(1, len(others) + 2):
            self.matching.addItem(f"Finds the Webex {one}, tried {ordinal(place)}", place)
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
            RuleKind.EXPRESSION: self.expression.first_field(),
        }
        return fields.get(self._kind(), self.default)

    def _kind_changed(self) -> None:
        if self._kind() is RuleKind.EXPRESSION and not self.expression.text():
            self.expression.set_text(
                direct(self.attribute.value()) if self.attribute.value() else ""
            )
        at = self.kind.currentIndex()
        self.sources.setCurrentIndex(at)
        kinds = QSizePolicy.Policy
        for place in range(self.sources.count()):
            page = self.sources.widget(place)
            assert page is not None  # it was added above
            page.setSizePolicy(kinds.Preferred, kinds.Preferred if place == at else kinds.Ignored)
        self._judge()
        self._give_room()

    def _expression_changed(self) -> None:
        self._judge()
        self._give_room()

    def _give_room(self) -> None:
        """Let the builder take the height that is left; other fields leave it below them."""
        building = self._kind() is RuleKind.EXPRESSION and self.expression.building
        self._rows.setRowStretch(2, 1 if building else 0)
        self._rows.setRowStretch(self._rows.rowCount() - 1, 0 if building else 1)

    # What is said about it

    def _judge(self) -> None:
        rule, context = self.rule(), self._context
        known = context.subject.meanings(self.attribute.value())
        self.meaning.setText(f"{known}." if known else "")
        findings = context.findings(rule)
        lack = lack_of(rule, self._kind(), context.subject.one)
        say(self.target_words, gravest(findings, "target") if rule.target else None)
        say(self.default_words, gravest(findings, "default"))
        say(self.matching_words, gravest(findings, "matching_precedence"))
        self._judge_expression(gravest(findings, "expression"))
        errors = [finding for finding in findings if finding.is_error]
        self.ok.setEnabled(not errors and not lack)
        self.why_not.setText(lack)
        self._try_it(rule, findings, lack)

    def _judge_expression(self, finding: RuleFinding | None) -> None:
        rule = self.rule()
        if finding is None or not rule.expression.strip():
            self.expression.show_fault("")
            return
        if self._kind() is not RuleKind.EXPRESSION:
            self.meaning.setText(f"{finding.reason.text} {finding.fix}".strip())
            return
        placed = finding.is_error and not self.expression.building
        self.expression.show_fault(
            fault_sentence(finding, self.expression.text(), placed=placed),
            finding.position,
            finding.suggestion,
            grave=finding.is_error,
        )

    def _try_it(self, rule: MappingRule, findings: tuple[RuleFinding, ...], lack: str) -> None:
        """Show what people get, as soon as there is an expression; what else lacks is no matter."""
        fault = gravest(findings, "expression")
        empty = not rule.expression.strip() and rule.default is None
        if (fault is not None and fault.is_error) or empty:
            self.live.show_rule(None, None, lack or "Nothing, as long as the rule is not valid.")
        else:
            self.live.show_rule(rule, self._context.saved)

    def _save(self) -> None:
        self._judge()
        if self.ok.isEnabled():
            self.saved.emit(self._context.with_rule(self.rule()))
            self.accept()


def _names_width() -> int:
    return QFontMetrics(Theme.font()).horizontalAdvance("Webex attribute") + 4


def _indented(widget: QWidget) -> QWidget:
    """Put a widget where the other fields begin."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(_names_width() + SPACE.l, 0, 0, 0)
    row.addWidget(widget)
    return holder
