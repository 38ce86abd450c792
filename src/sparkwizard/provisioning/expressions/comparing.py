"""Compare two values in a condition."""

import operator
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sparkwizard.provisioning.expressions.faults import EvaluationError
from sparkwizard.provisioning.expressions.values import (
    Value,
    as_date,
    as_number,
    as_text,
    is_empty,
)

__all__ = ["compare"]

# Any: the two sides are of one type, which the caller saw to.
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compare(sign: str, left: Value, right: Value) -> bool:
    """Tell whether a comparison holds.

    It never does where one side has no value (facts: entra.md §2, IIF). A number compares as a
    number and a date as a date with whatever stands on the other side. Texts compare exactly; by
    size as numbers if both are numbers.
    """
    if is_empty(left) or is_empty(right):
        return False
    if isinstance(left, datetime) or isinstance(right, datetime):
        return _OPERATORS[sign](as_date(left), as_date(right))
    if _is_number(left) or _is_number(right):
        return _numbers(sign, left, right)
    if sign not in ("=", "<>"):
        numbers = _both_numbers(left, right)
        if numbers is not None:
            return _OPERATORS[sign](*numbers)
    return _OPERATORS[sign](as_text(left), as_text(right))


def _numbers(sign: str, left: Value, right: Value) -> bool:
    numbers = _both_numbers(left, right)
    if numbers is not None:
        return _OPERATORS[sign](*numbers)
    if sign in ("=", "<>"):
        return sign == "<>"  # a text that is no number differs from every number
    raise EvaluationError("A number can't be compared by size with a text.")


def _both_numbers(left: Value, right: Value) -> tuple[float, float] | None:
    try:
        first, second = as_number(left), as_number(right)
    except EvaluationError:
        return None
    return None if first is None or second is None else (first, second)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
