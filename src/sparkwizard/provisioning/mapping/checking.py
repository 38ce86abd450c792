"""Find everything that is wrong or odd in an attribute mapping, all at once, for the wizard."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal, Self

import msgspec

from sparkwizard.provisioning.expressions import Expression, ExpressionError, compile_expression
from sparkwizard.provisioning.expressions.functions.random_values import NOT_REPEATABLE
from sparkwizard.provisioning.source.attributes import describe_source, similar_source
from sparkwizard.provisioning.target.path import PathError, parse_path
from sparkwizard.provisioning.target.schema import (
    TargetAttribute,
    ValueType,
    coerce,
    describe,
    label,
    similar_target,
    types_of,
)
from sparkwizard.provisioning.types import MappingRule, Reason

__all__ = ["RuleFinding", "check_mapping"]

type Part = Literal["target", "expression", "matching_precedence", "default", "mapping"]


class RuleFinding(msgspec.Struct, frozen=True):
    """Hold one finding: which rule (-1 for the mapping), which part of it, and what is wrong.

    ``position`` counts characters of the expression or target from 0; ``suggestion`` is the text
    that would be right there, or empty; ``fix`` says what to do.
    """

    rule: int
    part: Part
    reason: Reason
    is_error: bool = True
    position: int = 0
    fix: str = ""
    suggestion: str = ""

    @classmethod
    def of_expression(cls, rule: int, error: ExpressionError) -> Self:
        """Return the finding that an expression can't be compiled, where and with what mends it."""
        return cls(
            rule,
            "expression",
            Reason(error.code, error.message),
            position=error.position,
            fix=error.fix,
            suggestion=error.suggestion,
        )


def check_mapping(rules: Sequence[MappingRule]) -> tuple[RuleFinding, ...]:
    """Return all errors and warnings of a mapping, by rule; those of the whole mapping last."""
    findings = [finding for index, rule in enumerate(rules) for finding in _check_rule(index, rule)]
    findings += _twice(rules)
    findings.sort(key=lambda finding: finding.rule)
    return (*findings, *_check_whole(rules))


# -- one rule ----------------------------------------------------------------------------------


def _check_rule(index: int, rule: MappingRule) -> Iterator[RuleFinding]:
    yield from _check_target(index, rule)
    attribute = describe(rule.target)
    if attribute is not None and attribute.writable:
        yield from _check_default(index, rule)
    if rule.matching_precedence is not None:
        yield from _check_matching(index, rule, attribute)
    if not rule.expression.strip():
        if rule.default is None:
            text = "The rule has neither an expression nor a default: it fills nothing."
            yield _warning(index, "expression", "fills-nothing", text)
        return
    try:
        expression = compile_expression(rule.expression)
    except ExpressionError as error:
        yield RuleFinding.of_expression(index, error)
        return
    yield from _check_expression(index, rule, expression)
    if attribute is not None:
        yield from _check_list(index, rule, attribute, expression)


def _check_target(index: int, rule: MappingRule) -> Iterator[RuleFinding]:
    try:
        parse_path(rule.target)
    except PathError as error:
        yield RuleFinding(
            index,
            "target",
            Reason("bad-target", error.message),
            position=error.position,
            fix=error.fix,
        )
        return
    attribute = describe(rule.target)
    if attribute is None:
        yield _unknown_target(index, rule.target)
    elif not attribute.writable:
        reason = coerce(rule.target, "x")
        assert isinstance(reason, Reason)  # coerce refuses what can't be written
        yield RuleFinding(index, "target", reason, fix="Choose another Webex attribute.")


def _unknown_target(index: int, target: str) -> RuleFinding:
    types = types_of(target)
    suggestion = similar_target(target)
    fix = "Choose one of the Webex attributes."
    if types:
        fix = f"Write one of its types in square brackets: {', '.join(types)}."
    if suggestion:
        fix = f"Did you mean {suggestion}?"
    text = f"Webex has no attribute “{target[:200]}”."
    reason = Reason("unknown-target", text)
    return RuleFinding(index, "target", reason, fix=fix, suggestion=suggestion)


def _check_default(index: int, rule: MappingRule) -> Iterator[RuleFinding]:
    if rule.default is None:
        return
    coerced = coerce(rule.target, rule.default)
    if isinstance(coerced, Reason):
        yield RuleFinding(index, "default", coerced, fix="Change the default value.")


def _check_matching(
    index: int, rule: MappingRule, attribute: TargetAttribute | None
) -> Iterator[RuleFinding]:
    def error(code: str, text: str, fix: str) -> RuleFinding:
        return RuleFinding(index, "matching_precedence", Reason(code, text), fix=fix)

    if (rule.matching_precedence or 0) < 1:
        text = f"The matching precedence is {rule.matching_precedence}."
        yield error("bad-precedence", text, "Precedences begin with 1.")
    if not rule.expression.strip():
        text = "A rule without an expression can't match anybody."
        yield error("match-without-expression", text, "Write an expression, or don't match by it.")
    if attribute is not None and (
        attribute.multi_valued or attribute.type in (ValueType.BOOLEAN, ValueType.COMPLEX)
    ):
        text = f"{attribute.label} can't tell people apart."
        yield error("bad-match", text, "Match by user name, external id or e-mail.")


def _check_expression(
    index: int, rule: MappingRule, expression: Expression
) -> Iterator[RuleFinding]:
    for warning in expression.warnings:
        if warning.code != NOT_REPEATABLE or rule.apply != "create":
            yield _warning(index, "expression", warning.code, warning.text, warning.position)
    for name in sorted(expression.attributes):
        finding = _check_source(index, rule, name)
        if finding is not None:
            yield finding


def _check_source(index: int, rule: MappingRule, name: str) -> RuleFinding | None:
    position = max(rule.expression.lower().find(f"[{name.lower()}"), 0)
    known = describe_source(name)
    if known is not None and not known.usable:
        text = f"Entra's own service does not offer {name} to rules; only a file does."
        return _warning(index, "expression", "not-offered", text, position)
    suggestion = "" if known else similar_source(name)
    if suggestion:
        text = f"The attribute “{name[:200]}” is not one of Entra's own."
        reason = Reason("unknown-attribute", text)
        fix = f"Did you mean {suggestion}?"
        return RuleFinding(index, "expression", reason, False, position, fix, suggestion)
    return None


def _check_list(
    index: int, rule: MappingRule, attribute: TargetAttribute, expression: Expression
) -> Iterator[RuleFinding]:
    """Warn of a list that goes whole into an attribute of one value."""
    bare = rule.expression.strip()
    name = next(iter(expression.attributes), "")
    known = describe_source(name)
    if known and known.multi_valued and bare.startswith("[") and not attribute.multi_valued:
        text = f"{name} may hold several values, but {attribute.label} takes one."
        yield _warning(index, "expression", "several-values", text)


def _warning(index: int, part: Part, code: str, text: str, position: int = 0) -> RuleFinding:
    return RuleFinding(index, part, Reason(code, text), is_error=False, position=position)


# -- the rules together ------------------------------------------------------------------------


def _twice(rules: Sequence[MappingRule]) -> Iterator[RuleFinding]:
    targets: defaultdict[str, list[int]] = defaultdict(list)
    precedences: defaultdict[int, list[int]] = defaultdict(list)
    for index, rule in enumerate(rules):
        targets[_target_key(rule.target)].append(index)
        if rule.matching_precedence is not None:
            precedences[rule.matching_precedence].append(index)
    for first, *others in targets.values():
        for index in others:
            shown = label(rules[index].target)
            text = f"{shown} is filled twice: rule {first + 1} fills it too."
            yield RuleFinding(index, "target", Reason("twice", text), fix="Remove one of the two.")
    for precedence, (first, *others) in precedences.items():
        for index in others:
            text = f"The matching precedence {precedence} is also that of rule {first + 1}."
            yield RuleFinding(
                index,
                "matching_precedence",
                Reason("same-precedence", text),
                fix="Give each a number of its own.",
            )


def _target_key(target: str) -> str:
    """Return what is the same for all spellings of a target."""
    known = describe(target)
    if known is not None:
        return parse_path(known.path).key
    try:
        return parse_path(target).key
    except PathError:
        return target


def _check_whole(rules: Sequence[MappingRule]) -> Iterator[RuleFinding]:
    user_name = next((rule for rule in rules if _target_key(rule.target) == "username"), None)
    if user_name is None or not user_name.expression.strip():
        yield RuleFinding(
            -1,
            "mapping",
            Reason("no-user-name", "No rule fills the user name, which Webex requires."),
            fix="Add a rule for userName, e.g. [userPrincipalName].",
        )
    if all(rule.matching_precedence is None for rule in rules):
        yield RuleFinding(
            -1,
            "mapping",
            Reason("no-match", "No rule is used for matching: nobody would be found in Webex."),
            fix="Give the rule of userName the matching precedence 1.",
        )
