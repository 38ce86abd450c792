"""Write and read one rule of the mapping the way a person thinks of it: from where, and what.

Entra knows four types: an attribute taken as it is, a constant, an expression, and none.
"""

import re
from datetime import datetime
from enum import Enum
from functools import lru_cache

import msgspec

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.expressions import (
    DROP,
    EvaluationError,
    Expression,
    ExpressionError,
    compile_expression,
)
from sparkwizard.provisioning.source.attributes import attributes_for_rules
from sparkwizard.provisioning.target.schema import coerce
from sparkwizard.provisioning.types import Json, MappingRule, Person, Reason

__all__ = [
    "RuleKind",
    "Shown",
    "attribute_of",
    "constant_of",
    "direct",
    "expression_fault",
    "kind_of",
    "quoted",
    "shown_value",
    "value_for",
]

_DIRECT = re.compile(r"\s*\[([^\[\]\"]+)\]\s*")
_CONSTANT = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)


class RuleKind(Enum):
    """Name where a rule takes its value from."""

    DIRECT = "direct"
    CONSTANT = "constant"
    EXPRESSION = "expression"
    NONE = "none"

    @property
    def label(self) -> str:
        """Return the words on screen."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    RuleKind.DIRECT: "An attribute of Microsoft Entra",
    RuleKind.CONSTANT: "The same text for everybody",
    RuleKind.EXPRESSION: "An expression",
    RuleKind.NONE: "Nothing, only the default value",
}


def kind_of(expression: str) -> RuleKind:
    """Return the type of a rule by its expression."""
    if not expression.strip():
        return RuleKind.NONE
    if _DIRECT.fullmatch(expression):
        return RuleKind.DIRECT
    return RuleKind.CONSTANT if _CONSTANT.fullmatch(expression) else RuleKind.EXPRESSION


def attribute_of(expression: str) -> str:
    """Return the attribute that a direct rule takes, or an empty text."""
    found = _DIRECT.fullmatch(expression)
    return found[1].strip() if found else ""


def constant_of(expression: str) -> str:
    """Return the text of a constant rule, or an empty text."""
    found = _CONSTANT.fullmatch(expression)
    return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL) if found else ""


def direct(attribute: str) -> str:
    """Return the expression that takes an attribute as it is."""
    return f"[{attribute.strip()}]"


def quoted(text: str) -> str:
    """Return the expression of a constant."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@lru_cache(maxsize=512)
def _compiled(text: str) -> Expression | ExpressionError:
    try:
        return compile_expression(text)
    except ExpressionError as error:
        return error


def expression_fault(text: str) -> ExpressionError | None:
    """Return what is wrong with an expression, and where."""
    found = _compiled(text)
    return found if isinstance(found, ExpressionError) else None


class Shown(msgspec.Struct, frozen=True):
    """Hold what a rule yields for one person.

    ``problem`` says why there is no value that Webex would take; ``note`` what else to know.
    """

    value: Json = None
    problem: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        """Return the value in words."""
        return shown_value(self.value)


def shown_value(value: Json) -> str:
    """Return a value as text; no value is an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(shown_value(item) for item in value)
    return str(value)


def value_for(rule: MappingRule, person: Person, now: datetime) -> Shown:
    """Return what one rule yields for one person, whatever the other rules are."""
    note = "when the user is created" if rule.apply == "create" else ""
    if not rule.expression.strip():
        value: object = None
    else:
        compiled = _compiled(rule.expression)
        if isinstance(compiled, ExpressionError):
            return Shown(problem=compiled.message)
        try:
            value = compiled(attributes_for_rules(person.attributes), now=now)
        except EvaluationError as error:
            return Shown(problem=error.message)
    if value is DROP:
        return Shown(note="left as it is")
    if value in (None, "", []):
        return _defaulted(rule) if rule.default else Shown(note=note or "left as it is")
    return _fitting(rule.target, value, note)


def _defaulted(rule: MappingRule) -> Shown:
    return _fitting(rule.target, rule.default, "default, when the user is created")


def _fitting(target: str, value: object, note: str) -> Shown:
    try:
        fitted = coerce(target, value)  # type: ignore[arg-type]  # an expression yields texts, lists, booleans
    except MappingError as error:
        return Shown(problem=error.message)
    if isinstance(fitted, Reason):
        return Shown(problem=fitted.text)
    return Shown(fitted, note=note)
