"""Fill the attributes of Webex groups from Entra's groups, by rules like those for people.

Webex groups have a name, an id from outside and members (facts: webex.md §2b); the gallery
application maps just these (entra.md §1). Members are references: their rule names the source
attribute as it is, and its value is the ids of people in the source.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.expressions import (
    DROP,
    EvaluationError,
    Expression,
    ExpressionError,
    compile_expression,
)
from sparkwizard.provisioning.mapping.default_rules import DEFAULT_GROUP_MAPPING
from sparkwizard.provisioning.mapping.filling import RuleFinding, Wanted
from sparkwizard.provisioning.types import Json, MappingRule, Reason

__all__ = [
    "DEFAULT_GROUP_MAPPING",
    "GROUP_SOURCES",
    "GROUP_TARGETS",
    "CompiledGroupMapping",
    "GroupTarget",
    "check_group_mapping",
    "compile_group_mapping",
    "describe_group_target",
]


class GroupTarget(msgspec.Struct, frozen=True):
    """Describe one attribute of Webex groups; ``reference`` is a list of ids of people."""

    path: str
    label: str
    max_length: int = 0
    required: bool = False
    reference: bool = False
    can_match: bool = True


GROUP_TARGETS: tuple[GroupTarget, ...] = (
    GroupTarget("displayName", "Group name", 512, required=True),
    GroupTarget("members", "Members", reference=True, can_match=False),
    GroupTarget("externalId", "External id", 256, can_match=False),
)

GROUP_SOURCES: Mapping[str, str] = {
    "displayName": "The name of the group",
    "members": "The people in the group",
    "objectId": "The id that never changes",
    "description": "What the group is for",
    "mail": "The e-mail address of the group",
    "mailNickname": "The e-mail alias without the domain",
    "mailEnabled": "Whether the group has a mailbox: True or False",
    "securityEnabled": "Whether the group gives rights: True or False",
}
"""The attributes of Entra's groups, with their meaning in one line."""

_BY_KEY = {one.path.lower(): one for one in GROUP_TARGETS}


def describe_group_target(path: str) -> GroupTarget | None:
    """Return what Webex says of a group's attribute, without regard to case; None if unknown."""
    return _BY_KEY.get(path.strip().lower())


def compile_group_mapping(rules: Sequence[MappingRule]) -> "CompiledGroupMapping":
    """Compile a group mapping; a ``MappingError`` names the first rule that can't work."""
    for finding in check_group_mapping(rules):
        if finding.is_error:
            where = f"Group rule {finding.rule + 1}: " if finding.rule >= 0 else ""
            raise MappingError(where + finding.reason.text, fix=finding.fix)
    return CompiledGroupMapping(rules)


class CompiledGroupMapping:
    """Hold a group mapping ready to be applied; made by ``compile_group_mapping``."""

    __slots__ = ("_compiled", "matching", "rules", "source_attributes")

    def __init__(self, rules: Sequence[MappingRule]) -> None:
        self._compiled = tuple(_compile(rule) for rule in rules)
        self.rules = tuple(rule for rule, _target, _expression in self._compiled)
        self.matching = tuple(
            sorted(
                (rule for rule in self.rules if rule.matching_precedence is not None),
                key=lambda rule: rule.matching_precedence or 0,
            )
        )
        self.source_attributes: frozenset[str] = frozenset().union(
            *(expression.attributes for _rule, _target, expression in self._compiled if expression)
        )

    def evaluate(
        self, attributes: Mapping[str, object], *, creating: bool, now: datetime
    ) -> Wanted:
        """Return what one group should have in Webex, or why it can't be written.

        ``members`` is a list of source ids, empty for a group without people.
        """
        values: dict[str, Json] = {}
        problems: list[Reason] = []
        for rule, target, expression in self._compiled:
            if rule.apply == "create" and not creating:
                continue
            default = rule.default if creating else None
            value = _value(target, expression, attributes, default, now)
            if isinstance(value, Reason):
                problems.append(value)
            elif value is not None:
                values[target.path] = value
            elif target.required:
                problems.append(Reason("missing", f"{target.label} has no value."))
        return Wanted(values, tuple(problems))


type _Compiled = tuple[MappingRule, GroupTarget, Expression | None]


def _compile(rule: MappingRule) -> _Compiled:
    target = describe_group_target(rule.target)
    assert target is not None  # compile_group_mapping checked it
    expression = compile_expression(rule.expression) if rule.expression.strip() else None
    named = MappingRule(
        target.path, rule.expression, rule.matching_precedence, rule.apply, rule.default
    )
    return named, target, expression


def _value(
    target: GroupTarget,
    expression: Expression | None,
    attributes: Mapping[str, object],
    default: str | None,
    now: datetime,
) -> Json | Reason:
    value: object = None
    if expression is not None:
        try:
            value = expression(attributes, now=now)
        except EvaluationError as error:
            return Reason("evaluation", f"{target.label} can't be worked out. {error}")
    if value is DROP:
        return None
    if target.reference:
        return _references(value)
    if value in (None, "", []):
        value = default
    return _text(target, value)


def _references(value: object) -> Json:
    found = value if isinstance(value, list) else [] if value in (None, "") else [value]
    return list(dict.fromkeys(str(one) for one in found))


def _text(target: GroupTarget, value: object) -> Json | Reason:
    if value in (None, "", []):
        return None
    if isinstance(value, list | dict):
        return Reason("several-values", f"{target.label} takes one value, but there are several.")
    text = str(value)
    if target.max_length and len(text) > target.max_length:
        return Reason(
            "too-long",
            f"{target.label} is longer than Webex allows "
            f"({len(text)} of {target.max_length} characters).",
        )
    return text


# -- checking ----------------------------------------------------------------------------------


def check_group_mapping(rules: Sequence[MappingRule]) -> tuple[RuleFinding, ...]:
    """Return all errors and warnings of a group mapping at once, those of the whole last."""
    findings = [finding for index, rule in enumerate(rules) for finding in _check(index, rule)]
    findings += _twice(rules)
    findings.sort(key=lambda finding: finding.rule)
    return (*findings, *_check_whole(rules))


def _check(index: int, rule: MappingRule) -> Iterator[RuleFinding]:
    target = describe_group_target(rule.target)
    if target is None:
        names = ", ".join(one.path for one in GROUP_TARGETS)
        reason = Reason("unknown-target", f"Webex groups have no attribute “{rule.target[:200]}”.")
        yield RuleFinding(index, "target", reason, fix=f"Choose one of {names}.")
        return
    if rule.matching_precedence is not None and not target.can_match:
        reason = Reason("bad-match", f"{target.label} can't be used to find a group in Webex.")
        yield RuleFinding(index, "matching_precedence", reason, fix="Match by displayName.")
    if not rule.expression.strip():
        return
    try:
        expression = compile_expression(rule.expression)
    except ExpressionError as error:
        yield RuleFinding.of_expression(index, error)
        return
    bare = rule.expression.strip()
    if target.reference and not (bare.startswith("[") and bare.endswith("]")):
        reason = Reason("reference", f"{target.label} are references: no function can make them.")
        yield RuleFinding(index, "expression", reason, fix="Write [members].")
    for name in sorted(expression.attributes - set(GROUP_SOURCES)):
        text = f"The attribute “{name[:200]}” is not one of Entra's own for groups."
        yield RuleFinding(index, "expression", Reason("unknown-attribute", text), is_error=False)


def _twice(rules: Sequence[MappingRule]) -> Iterator[RuleFinding]:
    targets: defaultdict[str, list[int]] = defaultdict(list)
    precedences: defaultdict[int, list[int]] = defaultdict(list)
    for index, rule in enumerate(rules):
        targets[rule.target.strip().lower()].append(index)
        if rule.matching_precedence is not None:
            precedences[rule.matching_precedence].append(index)
    for first, *others in targets.values():
        for index in others:
            text = f"{rules[index].target} is filled twice: rule {first + 1} fills it too."
            yield RuleFinding(index, "target", Reason("twice", text), fix="Remove one of the two.")
    for precedence, (first, *others) in precedences.items():
        for index in others:
            text = f"The matching precedence {precedence} is also that of rule {first + 1}."
            reason = Reason("same-precedence", text)
            fix = "Give each a number of its own."
            yield RuleFinding(index, "matching_precedence", reason, fix=fix)


def _check_whole(rules: Sequence[MappingRule]) -> Iterator[RuleFinding]:
    named = [rule for rule in rules if rule.target.strip().lower() == "displayname"]
    if not any(rule.expression.strip() for rule in named):
        reason = Reason("no-group-name", "No rule fills the group name, which Webex requires.")
        yield RuleFinding(-1, "mapping", reason, fix="Add a rule for displayName.")
    if all(rule.matching_precedence is None for rule in rules):
        reason = Reason("no-match", "No rule is used for matching: no group would be found.")
        fix = "Give the rule of displayName the matching precedence 1."
        yield RuleFinding(-1, "mapping", reason, fix=fix)
