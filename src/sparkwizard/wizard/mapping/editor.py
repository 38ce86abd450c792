"""Edit an attribute mapping: its rows, its history of changes, and the people it is tried on."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from sparkwizard.provisioning.mapping.filling import RuleFinding, check_mapping
from sparkwizard.provisioning.target.path import read_path
from sparkwizard.provisioning.types import Json, MappingRule, Person
from sparkwizard.runs.types import Preview
from sparkwizard.values import replace

__all__ = [
    "MappingHistory",
    "MappingStatus",
    "Now",
    "RuleRow",
    "current_values",
    "find_person",
    "insert_rule",
    "move_rule",
    "ordinal",
    "remove_rule",
    "replace_rule",
    "rule_rows",
    "short_target",
    "status_of",
    "when_words",
]

type Rules = tuple[MappingRule, ...]
type Now = dict[str, Json]
type Check = Callable[[Rules], tuple[RuleFinding, ...]]


class RuleRow(msgspec.Struct, frozen=True):
    """Hold one rule with what was found about it; ``number`` is its place among the rules."""

    number: int
    rule: MappingRule
    findings: tuple[RuleFinding, ...] = ()

    @property
    def faulty(self) -> bool:
        """Return whether the rule can't work."""
        return any(finding.is_error for finding in self.findings)


def rule_rows(rules: Rules, check: Check = check_mapping) -> tuple[RuleRow, ...]:
    """Return the rules with their findings, in their order."""
    findings = check(rules)
    return tuple(
        RuleRow(at, rule, tuple(finding for finding in findings if finding.rule == at))
        for at, rule in enumerate(rules)
    )


class MappingStatus(msgspec.Struct, frozen=True):
    """Say in one sentence whether a mapping can work; ``fix`` is empty where it can."""

    valid: bool
    text: str
    fix: str = ""
    rule: int = -1
    remark: bool = False


def status_of(
    rules: Rules,
    check: Check = check_mapping,
    finds: str = "the Webex user a person already has",
) -> MappingStatus:
    """Judge a mapping: its first fault, else its first remark, else that all is well.

    ``finds`` says whom the first matching rule finds.
    """
    findings = check(rules)
    errors = [finding for finding in findings if finding.is_error]
    if errors:
        first, more = errors[0], len(errors) - 1
        rest = f" There {'is 1 more fault' if more == 1 else f'are {more} more faults'}."
        text = _named(first, rules) + (rest if more else "")
        return MappingStatus(False, text, first.fix, first.rule)
    valid = f"All {len(rules)} rules are valid." if len(rules) != 1 else "The rule is valid."
    if findings:
        text = f"{valid} {_named(findings[0], rules)}"
        return MappingStatus(True, text, findings[0].fix, findings[0].rule, remark=True)
    first_match = min(
        (rule for rule in rules if rule.matching_precedence is not None),
        key=lambda rule: rule.matching_precedence or 0,
    )
    return MappingStatus(
        True,
        f"{valid} {short_target(first_match.target)} finds {finds}.",
    )


def _named(finding: RuleFinding, rules: Rules) -> str:
    if finding.rule < 0:
        return finding.reason.text
    return f"{short_target(rules[finding.rule].target) or 'New rule'}: {finding.reason.text}"


def short_target(path: str) -> str:
    """Return a target without the long name of its extension: "department"."""
    return path.rpartition(":")[2] if path.lower().startswith("urn:") else path


class MappingHistory[T](msgspec.Struct, frozen=True):
    """Hold the mappings before the present one, and those that were undone.

    What is kept of each, its rules or more of the setup, is the user's choice.
    """

    past: tuple[T, ...] = ()
    future: tuple[T, ...] = msgspec.field(default=())

    def changed(self, before: T) -> "MappingHistory[T]":
        """Note a change away from ``before``; what had been undone is forgotten."""
        return MappingHistory((*self.past, before))

    def undo(self, present: T) -> tuple["MappingHistory[T]", T]:
        """Return the mapping before the present one; the present one can be redone."""
        if not self.past:
            return self, present
        return MappingHistory(self.past[:-1], (*self.future, present)), self.past[-1]

    def redo(self, present: T) -> tuple["MappingHistory[T]", T]:
        """Return the mapping that was undone last."""
        if not self.future:
            return self, present
        return MappingHistory((*self.past, present), self.future[:-1]), self.future[-1]


def replace_rule(rules: Rules, at: int, rule: MappingRule) -> Rules:
    """Return the rules with another one in a place, matching precedences in order."""
    return _renumbered((*rules[:at], rule, *rules[at + 1 :]), at)


def insert_rule(rules: Rules, rule: MappingRule) -> Rules:
    """Return the rules with one more at the end, matching precedences in order."""
    return _renumbered((*rules, rule), len(rules))


def remove_rule(rules: Rules, at: int) -> Rules:
    """Return the rules without one, matching precedences in order."""
    return _renumbered((*rules[:at], *rules[at + 1 :]), -1)


def move_rule(rules: Rules, at: int, by: int) -> Rules:
    """Return the rules with one some places further down, or up; at an end it stays."""
    to = at + by
    if not 0 <= at < len(rules) or not 0 <= to < len(rules):
        return rules
    kept = (*rules[:at], *rules[at + 1 :])
    return (*kept[:to], rules[at], *kept[to:])


def _renumbered(rules: Rules, newest: int) -> Rules:
    """Count the precedences 1, 2, 3; where two are the same, the newest comes first."""
    order = sorted(
        (at for at, rule in enumerate(rules) if rule.matching_precedence is not None),
        key=lambda at: (rules[at].matching_precedence, at != newest, at),
    )
    places = {at: place for place, at in enumerate(order, start=1)}
    return tuple(replace(rule, matching_precedence=places.get(at)) for at, rule in enumerate(rules))


def ordinal(precedence: int | None) -> str:
    """Return "1st", "2nd", "3rd", "4th", or nothing for a rule that finds nobody."""
    if precedence is None:
        return ""
    tens = 10 <= precedence % 100 <= 20
    return f"{precedence}{'th' if tens else {1: 'st', 2: 'nd', 3: 'rd'}.get(precedence % 10, 'th')}"


def when_words(rule: MappingRule) -> str:
    """Say when a rule is applied."""
    return "On create" if rule.apply == "create" else "Always"


def find_person(people: Sequence[Person], text: str, start: int = 0) -> int | None:
    """Return the place of the next person whose name or sign-in name holds ``text``.

    The search begins at ``start`` and goes once around; None where nobody fits.
    """
    needle = text.casefold().strip()
    if not needle:
        return None
    places: Iterable[int] = (*range(start, len(people)), *range(start))
    for at in places:
        person = people[at]
        if needle in person.label.casefold() or needle in person.user_principal_name.casefold():
            return at
    return None


def current_values(preview: Preview | None, source_id: str, targets: Iterable[str]) -> Now | None:
    """Return what Webex holds for a person now, where a preview has read it; else None."""
    if preview is None:
        return None
    action = next((a for a in preview.plan.actions if a.source_id == source_id), None)
    if action is None or not action.webex_id:
        return None
    user = next((u for u in preview.users.users if u.id == action.webex_id), None)
    if user is None:
        return None
    return {target: read_path(user.resource, target) for target in targets}
