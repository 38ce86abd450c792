"""Read one attribute mapping or one filter of a schema; used by import and by export alike."""

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from sparkwizard.provisioning.entra_schema.document import Part
from sparkwizard.provisioning.entra_schema.findings import SchemaFinding
from sparkwizard.provisioning.expressions import ExpressionError, compile_expression
from sparkwizard.provisioning.expressions.formatting import quoted_text
from sparkwizard.provisioning.expressions.parser import parse
from sparkwizard.provisioning.expressions.syntax import Constant
from sparkwizard.provisioning.scoping.operators import find_operator, similar_operator
from sparkwizard.provisioning.types import Clause, Filter, MappingRule

__all__ = ["FLOW_TYPES", "RuleRead", "read_filters", "read_rule"]

type Known = Callable[[str], bool]
type Apply = Literal["always", "create"]

# How a flow type is told here: nearest and never writing more often, and whether that is all of it.
FLOW_TYPES = {
    "Always": ("always", True),
    "ObjectAddOnly": ("create", True),
    # null never flows anyway, so what only ever adds differs for single removed values alone
    "MultiValueAddOnly": ("always", False),
    "ValueAddOnly": ("always", False),
    "AttributeAddOnly": ("create", False),
}


class RuleRead(msgspec.Struct, frozen=True):
    """Hold one attribute mapping as a rule, None where it can't be one, and what to say of it."""

    rule: MappingRule | None
    findings: tuple[SchemaFinding, ...] = ()


def read_rule(part: Part, known: Known) -> RuleRead:
    """Return one attribute mapping as a rule; ``known`` tells whether Webex has a target."""
    findings: list[SchemaFinding] = []
    target = part.text("targetAttributeName")
    if not target.strip():
        text = "An attribute mapping without a target can't be shown; an export leaves it alone."
        return RuleRead(None, (SchemaFinding("no-target", part.path, text),))
    if not known(target):
        text = f"Webex has no attribute “{target[:200]}”."
        fix = "Choose another target for this rule, or remove it."
        path = part.at("targetAttributeName")
        findings.append(SchemaFinding("unknown-target", path, text, fix))
    expression = _expression(part, target, findings)
    if expression is None:
        return RuleRead(None, tuple(findings))
    precedence = part.number("matchingPriority")
    apply = _apply(part, target, findings)
    if part.text("flowBehavior") == "FlowAlways":
        text = f"{target} is written here only when it differs, not every time as in Entra."
        findings.append(SchemaFinding("flow-always", part.at("flowBehavior"), text))
    default = part.optional_text("defaultValue")
    rule = MappingRule(target, expression, precedence if precedence > 0 else None, apply, default)
    return RuleRead(rule, tuple(findings))


def _apply(part: Part, target: str, findings: list[SchemaFinding]) -> Apply:
    written = part.text("flowType") or "Always"
    apply, whole = FLOW_TYPES.get(written, ("create", False))
    if not whole:
        when = "whenever it differs" if apply == "always" else "only when a user is created"
        text = f"{target} has the flow type {written[:60]}; here it is written {when}."
        findings.append(SchemaFinding("flow-type", part.at("flowType"), text))
    return "always" if apply == "always" else "create"


def _expression(part: Part, target: str, findings: list[SchemaFinding]) -> str | None:
    """Return the expression of a source, empty for none; None where it can't be told."""
    source = part.part("source")
    if source is None:
        return ""
    kind, name = source.text("type"), source.text("name")
    written = source.text("expression")
    if not written.strip():
        if kind == "Attribute" and name:
            return f"[{name}]"
        if kind == "Constant" and name:
            return quoted_text(name)
        text = f"The source of {target} has no expression; an export leaves this mapping alone."
        findings.append(SchemaFinding("no-expression", source.path, text))
        return None
    if kind == "Constant" and not _is_constant(written):
        return quoted_text(written)  # some templates write the bare value
    findings += _faults(written, source)
    return written


def _is_constant(written: str) -> bool:
    try:
        return isinstance(parse(written), Constant)
    except ExpressionError:
        return False


def _faults(written: str, source: Part) -> Iterator[SchemaFinding]:
    try:
        compile_expression(written)
    except ExpressionError as error:
        path = source.at("expression")
        text = f"An expression can't be used here. {error.message}"
        yield SchemaFinding("expression", path, text, error.fix)


def read_filters(scope: Part | None) -> tuple[tuple[Filter, ...], tuple[SchemaFinding, ...]]:
    """Return the scoping filters of an object mapping, none for everybody."""
    if scope is None:
        return (), ()
    findings: list[SchemaFinding] = []
    filters = tuple(_filter(group, findings) for group in scope.parts("groups"))
    for key in ("inputFilterGroups", "categoryFilterGroups"):
        if scope.parts(key):
            text = f"The filters in {key} can't be used here; an export leaves them alone."
            findings.append(SchemaFinding("other-filters", scope.at(key), text))
    return filters, tuple(findings)


def _filter(group: Part, findings: list[SchemaFinding]) -> Filter:
    clauses = group.parts("clauses")
    if not clauses:
        text = f"The filter “{group.text('name')[:60]}” has no clause."
        findings.append(SchemaFinding("empty-filter", group.path, text, "Remove the filter."))
    return Filter(group.text("name"), tuple(_clause(clause, findings) for clause in clauses))


def _clause(part: Part, findings: list[SchemaFinding]) -> Clause:
    name = part.text("operatorName")
    if find_operator(name) is None:
        similar = similar_operator(name)
        text = f"The operator “{name[:60]}” is not known here."
        fix = f"Did you mean {similar}?" if similar else "Choose another operator."
        findings.append(SchemaFinding("unknown-operator", part.at("operatorName"), text, fix))
    operand = part.part("targetOperand")
    return Clause(part.text("sourceOperandName"), name, operand.texts("values") if operand else ())
