"""Work a rule of the mapping out for many people at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sparkwizard.provisioning.expressions.functions.spec import Frame
from sparkwizard.provisioning.mapping.filling import CompiledRule
from sparkwizard.provisioning.source.columns import SourceColumns
from sparkwizard.provisioning.target.schema import keeps_all
from sparkwizard.provisioning.types import Json, Reason

__all__ = ["Column", "RuleColumn"]

_REMEMBERED = 4_096

type Column = Sequence[Json | Reason]


class RuleColumn:
    """Work one rule out for many people, with what its own code gives each of them."""

    def __init__(self, rule: CompiledRule, now: datetime) -> None:
        self.target = rule.target
        self.rule = rule
        self._now = now
        expression = rule.expression
        self._only = expression.only if expression else None
        self._plain = bool(expression and expression.plain)
        self._keeps_all = keeps_all(rule.target)
        self._known: dict[str, Json | Reason] = {}

    def is_same(self, other: "RuleColumn | None") -> bool:
        """Return whether the other is a column of the very same rule."""
        return other is not None and other.rule is self.rule

    def of(self, source: SourceColumns) -> Column:
        """Return a value for each, None for none, or why there is none."""
        name, rows = self._only, source.rows
        if name is None:
            return [self._one(row) for row in rows]
        given = source.get(name)
        if self._plain and self._keeps_all(given):
            return cast("list[Json | Reason]", given)
        if self._plain:
            return [self._one(row) for row in rows]
        known, first = self._known, given[0]
        if type(first) is str and given.count(first) == len(given):
            one = known[first] if first in known else self._learned(first, rows[0])
            return [one] * len(given)
        return [
            known[value] if type(value) is str and value in known else self._learned(value, row)
            for value, row in zip(given, rows, strict=True)
        ]

    def _learned(self, value: object, row: Mapping[str, object]) -> Json | Reason:
        """Work out what one attribute alone decides, and remember it for the next with the same."""
        found = self._one(row)
        if type(value) is str and len(self._known) < _REMEMBERED:
            self._known[value] = found
        return found

    def _one(self, row: Mapping[str, object]) -> Json | Reason:
        return self.rule.value(Frame(row, self._now), creating=False)
