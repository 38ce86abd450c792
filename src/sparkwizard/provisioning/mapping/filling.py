"""Fill Webex attributes from a person's by the rules of an attribute mapping."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

import msgspec

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.expressions import (
    DROP,
    EvaluationError,
    Expression,
    compile_expression,
)
from sparkwizard.provisioning.expressions.functions.spec import Frame
from sparkwizard.provisioning.mapping.checking import RuleFinding, check_mapping
from sparkwizard.provisioning.mapping.default_rules import DEFAULT_MAPPING
from sparkwizard.provisioning.source.attributes import attributes_for_rules
from sparkwizard.provisioning.target.schema import canonical_target, coercer, label
from sparkwizard.provisioning.types import Json, MappingRule, Person, Reason

__all__ = [
    "DEFAULT_MAPPING",
    "CompiledMapping",
    "CompiledRule",
    "RuleFinding",
    "Wanted",
    "check_mapping",
    "compile_mapping",
]


class Wanted(msgspec.Struct, frozen=True):
    """Hold the values one person should have in Webex, by target attribute, and what is wrong.

    Targets are in Webex's own spelling. A target without a value is absent: Entra never provisions
    nulls, and empty text counts as none. A person with ``problems`` must not be written.
    """

    values: Mapping[str, Json] = msgspec.field(default_factory=dict)
    problems: tuple[Reason, ...] = ()


class CompiledRule(msgspec.Struct, frozen=True):
    """Hold one rule with its target in Webex's spelling and its compiled expression."""

    rule: MappingRule
    target: str
    expression: Expression | None
    coerced: Callable[[Json], Json | Reason]

    def value(self, frame: Frame, *, creating: bool) -> Json | Reason:
        """Return the coerced value, None for none, or why there is a problem."""
        value: object = None
        if self.expression is not None:
            try:
                value = self.expression.evaluate(frame)
            except EvaluationError as error:
                text = f"{label(self.target)} can't be worked out. {error}"
                return Reason("evaluation", text)
        if value is DROP:
            return None
        if creating and value in (None, "", []):
            value = self.rule.default
        return self.coerced(cast("Json", value))


def compile_mapping(rules: Sequence[MappingRule]) -> "CompiledMapping":
    """Compile a mapping; a ``MappingError`` names the first rule that can't work."""
    for finding in check_mapping(rules):
        if finding.is_error:
            raise MappingError(_named(finding, rules), fix=finding.fix)
    return CompiledMapping(rules)


def _named(finding: RuleFinding, rules: Sequence[MappingRule]) -> str:
    if finding.rule < 0:
        return finding.reason.text
    target = rules[finding.rule].target
    shown = f" ({label(target)})" if target else ""
    return f"Rule {finding.rule + 1}{shown}: {finding.reason.text}"


class CompiledMapping:
    """Hold a mapping ready to be applied to people; made by ``compile_mapping``.

    ``rules`` are the rules with targets in Webex's spelling, ``matching`` those used for matching
    by precedence, ``source_attributes`` what must be read from the source. ``always`` are the
    compiled rules that count for users who exist, ``first_matching`` is the one tried first.
    """

    __slots__ = ("_compiled", "_matching", "always", "matching", "rules", "source_attributes")

    def __init__(self, rules: Sequence[MappingRule]) -> None:
        self._compiled = tuple(_compile(rule) for rule in rules)
        self.always = tuple(one for one in self._compiled if one.rule.apply == "always")
        self.rules = tuple(one.rule for one in self._compiled)
        self._matching = tuple(
            sorted(
                (one for one in self._compiled if one.rule.matching_precedence is not None),
                key=lambda one: one.rule.matching_precedence or 0,
            )
        )
        self.matching = tuple(one.rule for one in self._matching)
        self.source_attributes: frozenset[str] = frozenset().union(
            *(one.expression.attributes for one in self._compiled if one.expression)
        )

    @property
    def first_matching(self) -> CompiledRule | None:
        """Return the compiled rule by which users are looked for first."""
        return self._matching[0] if self._matching else None

    def evaluate(self, person: Person, *, creating: bool, now: datetime) -> Wanted:
        """Return what one person should have in Webex.

        Defaults, and rules that apply only during creation, count only when ``creating``.
        """
        frame = Frame(attributes_for_rules(person.attributes), now)
        values: dict[str, Json] = {}
        problems: list[Reason] = []
        for one in self._compiled if creating else self.always:
            value = one.value(frame, creating=creating)
            if isinstance(value, Reason):
                problems.append(value)
            elif value is not None:
                values[one.target] = value
            elif one.target == "userName":
                problems.append(_NO_USER_NAME)
        return Wanted(values, tuple(problems))

    def each(
        self, person: Person, *, creating: bool, now: datetime
    ) -> Iterator[tuple[MappingRule, Json | Reason]]:
        """Yield every rule that counts, with its value for one person or why there is none."""
        frame = Frame(attributes_for_rules(person.attributes), now)
        for one in self._compiled if creating else self.always:
            value = one.value(frame, creating=creating)
            missing = value is None and one.target == "userName"
            yield one.rule, _NO_USER_NAME if missing else value

    def matching_values(self, person: Person, now: datetime) -> tuple[tuple[str, str], ...]:
        """Return target and value to look for, best first; rules without a value are left out."""
        return tuple(self.each_matching_value(person, now))

    def each_matching_value(self, person: Person, now: datetime) -> Iterator[tuple[str, str]]:
        """Yield them one by one: most people are found by the first."""
        frame = Frame(attributes_for_rules(person.attributes), now)
        for one in self._matching:
            value = one.value(frame, creating=False)
            if isinstance(value, str):
                yield one.target, value


_NO_USER_NAME = Reason("missing", "User name has no value.")


def _compile(rule: MappingRule) -> CompiledRule:
    target = canonical_target(rule.target)
    expression = compile_expression(rule.expression) if rule.expression.strip() else None
    named = MappingRule(target, rule.expression, rule.matching_precedence, rule.apply, rule.default)
    return CompiledRule(named, target, expression, coercer(target))
