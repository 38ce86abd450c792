"""Take a mapping over from Entra's schema, or hand it there: what would change, in words."""

from collections.abc import Sequence

import msgspec

from sparkwizard.provisioning.entra_schema import ExportedSchema, ImportedSchema, export_schema
from sparkwizard.provisioning.entra_schema.findings import SchemaFinding
from sparkwizard.provisioning.target.schema import canonical_target
from sparkwizard.provisioning.types import Actions, MappingRule
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.wizard.mapping.parts import MappingParts
from sparkwizard.wizard.mapping.subject import GROUPS, USERS, MappingSubject

__all__ = [
    "Offer",
    "Part",
    "RuleChange",
    "actions_words",
    "compare_rules",
    "export_profile",
    "export_words",
    "finding_words",
    "offers",
    "taken_over",
]

type Rules = tuple[MappingRule, ...]


class RuleChange(msgspec.Struct, frozen=True):
    """Hold one rule now and as it would be, None for none; ``one`` is a user or a group."""

    target: str
    before: MappingRule | None
    after: MappingRule | None
    one: str = "user"

    @property
    def word(self) -> str:
        """Return what would happen to the rule."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "goes away"
        return "stays" if _same(self.before, self.after) else "changes"


def compare_rules(
    before: Sequence[MappingRule], after: Sequence[MappingRule], one: str = "user"
) -> list[RuleChange]:
    """Return what would become of each rule, in the new order, those that go away last."""
    old = {canonical_target(rule.target).lower(): rule for rule in before}
    changes = []
    for rule in after:
        key = canonical_target(rule.target).lower()
        changes.append(RuleChange(rule.target, old.pop(key, None), rule, one))
    return changes + [RuleChange(rule.target, rule, None, one) for rule in old.values()]


def _same(one: MappingRule, other: MappingRule) -> bool:
    return replace(one, target="") == replace(other, target="")


# -- import ------------------------------------------------------------------------------------

type Part = str
"""``users``, ``groups``, ``filters`` or ``actions``."""


class Offer(msgspec.Struct, frozen=True):
    """Offer one part of a schema; ``wanted`` tells whether it is taken unless one says no."""

    part: Part
    words: str
    wanted: bool = True


def offers(profile: Profile, imported: ImportedSchema) -> tuple[Offer, ...]:
    """Return what can be taken over from a schema, in words."""
    found = []
    if imported.user_rules:
        found.append(Offer("users", _rules_words(USERS, profile, imported.user_rules)))
    if imported.group_rules:
        switched = "on" if imported.provisions_groups else "off"
        words = _rules_words(GROUPS, profile, imported.group_rules)
        found.append(Offer("groups", f"{words}; groups are switched {switched} there"))
    if imported.filters or profile.scope.filters:
        now, then = len(profile.scope.filters), len(imported.filters)
        words = f"{_count(then, 'scoping filter')} in place of {now or 'none'}"
        found.append(Offer("filters", words, wanted=bool(imported.filters)))
    if imported.actions != _known_actions(profile.actions):
        words = f"What may be done: {actions_words(imported.actions)}"
        found.append(Offer("actions", words, wanted=False))
    return tuple(found)


def taken_over(profile: Profile, imported: ImportedSchema, parts: frozenset[Part]) -> MappingParts:
    """Return the setup's parts with those of a schema in their place."""
    groups = profile.groups
    if "groups" in parts:
        rules = _as_saved(GROUPS, imported.group_rules)
        groups = replace(groups, provision=imported.provisions_groups, mapping=rules)
    users = profile.mapping
    if "users" in parts:
        users = _as_saved(USERS, imported.user_rules)
    actions = replace(imported.actions, disable=profile.actions.disable)
    return MappingParts(
        users,
        groups,
        imported.filters if "filters" in parts else None,
        actions if "actions" in parts else None,
    )


def actions_words(actions: Actions) -> str:
    """Say which actions are allowed: "create, update, but not delete"."""
    kinds = (
        ("create", actions.create),
        ("update", actions.update),
        ("delete", actions.delete),
    )
    allowed = ", ".join(name for name, on in kinds if on) or "nothing"
    refused = " or ".join(name for name, on in kinds if not on)
    return f"{allowed}, but not {refused}" if refused else allowed


def _known_actions(actions: Actions) -> Actions:
    return Actions(create=actions.create, update=actions.update, delete=actions.delete)


def _as_saved(subject: MappingSubject, rules: Rules) -> Rules:
    return () if rules == subject.default else rules


def _rules_words(subject: MappingSubject, profile: Profile, rules: Rules) -> str:
    now = len(subject.rules_of(profile))
    return f"{_count(len(rules), 'rule')} for {subject.one}s in place of {now}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# -- export ------------------------------------------------------------------------------------


def export_profile(profile: Profile) -> ExportedSchema:
    """Return the schema document of a setup; raises ``MappingError`` for a rule with a fault."""
    return export_schema(
        USERS.rules_of(profile),
        profile.scope.filters,
        group_rules=GROUPS.rules_of(profile),
        provision_groups=profile.groups.provision,
        actions=profile.actions,
    )


def export_words(exported: ExportedSchema) -> str:
    """Say what has to be known of an exported file before it is put to Entra."""
    number = len(exported.unverified)
    if not number:
        return "Entra itself has not looked at it: no connection was made for it."
    some = "1 expression" if number == 1 else f"{number} expressions"
    return (
        f"It is unverified: Entra's own reading of {some} is missing, which only Entra can add."
        " Until then it is a record of this mapping, not a file to be put to a job as it is."
    )


def finding_words(finding: SchemaFinding) -> str:
    """Return a finding with what to do about it."""
    return f"{finding.text} {finding.fix}".strip()
