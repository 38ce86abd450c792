"""What one rule is written for: the other rules, the columns there are, and real people."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from sparkwizard.provisioning.mapping.filling import RuleFinding
from sparkwizard.provisioning.types import MappingRule, Person
from sparkwizard.wizard.mapping.editor import insert_rule, replace_rule
from sparkwizard.wizard.mapping.expression_mending import place_words
from sparkwizard.wizard.mapping.rule_text import RuleKind
from sparkwizard.wizard.mapping.subject import USERS, MappingSubject

__all__ = ["RuleContext", "fault_sentence", "gravest", "lack_of"]


class RuleContext(msgspec.Struct, frozen=True):
    """Hold what a rule is written for.

    ``at`` is the place of the rule among ``rules``, None for a new one. ``person`` is the one who
    is looked at, ``people`` are all.
    """

    rules: tuple[MappingRule, ...]
    at: int | None
    columns: Sequence[str]
    person: Person | None
    clock: Callable[[], datetime]
    people: Sequence[Person] = ()
    subject: MappingSubject = USERS

    @property
    def saved(self) -> MappingRule | None:
        """Return the rule as it is in force, None for a new one."""
        return None if self.at is None else self.rules[self.at]

    def with_rule(self, rule: MappingRule) -> tuple[MappingRule, ...]:
        """Return all rules with this one in its place."""
        if self.at is None:
            return insert_rule(self.rules, rule)
        return replace_rule(self.rules, self.at, rule)

    def findings(self, rule: MappingRule) -> tuple[RuleFinding, ...]:
        """Return what is wrong or odd about this rule among the others."""
        place = len(self.rules) if self.at is None else self.at
        found = self.subject.check(self.with_rule(rule))
        return tuple(finding for finding in found if finding.rule == place)


def gravest(findings: Sequence[RuleFinding], part: str) -> RuleFinding | None:
    """Return the gravest finding about a part of the rule."""
    found = [finding for finding in findings if finding.part == part]
    return next((f for f in found if f.is_error), found[0] if found else None)


def fault_sentence(finding: RuleFinding, text: str, *, placed: bool) -> str:
    """Say what is wrong with an expression, where, and what to do.

    What to do is left out where it only repeats the suggestion, which has a button of its own.
    """
    where = f"It stands at {place_words(text, finding.position)}." if placed and text else ""
    repeated = finding.suggestion and finding.fix == f"Did you mean {finding.suggestion}?"
    return " ".join(filter(None, (finding.reason.text, where, "" if repeated else finding.fix)))


def lack_of(rule: MappingRule, kind: RuleKind, one: str = "user") -> str:
    """Say what is still missing of a rule, or nothing."""
    if not rule.target:
        return "Choose the Webex attribute to fill."
    if not rule.expression.strip() and kind is RuleKind.DIRECT:
        return "Choose the attribute it is filled from."
    if not rule.expression.strip() and kind is RuleKind.EXPRESSION:
        return "Write an expression."
    if kind is RuleKind.NONE and rule.default is None:
        return f"Enter the default value that a new {one} gets."
    return ""
