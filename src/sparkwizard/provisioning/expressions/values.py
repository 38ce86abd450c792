"""The values inside an expression, and how they turn into one another.

Null is ``None``, a flow to be dropped is ``DROP``, multi-values are lists. Dates are aware and in
UTC; they become text in the form M/d/yyyy h:mm:ss tt.
"""

import enum
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal

from sparkwizard.provisioning.expressions import dotnet_dates
from sparkwizard.provisioning.expressions.faults import EvaluationError

__all__ = [
    "DROP",
    "MAX_TEXT",
    "Drop",
    "Value",
    "as_boolean",
    "as_date",
    "as_integer",
    "as_list",
    "as_number",
    "as_text",
    "from_attribute",
    "is_empty",
    "result",
    "too_long",
]


class Drop(enum.Enum):
    """Hold the one sentinel of an attribute that must not flow."""

    DROP = "drop"

    def __repr__(self) -> str:
        return "DROP"


DROP: Final[Literal[Drop.DROP]] = Drop.DROP

type Value = (
    bool
    | int
    | float
    | str
    | datetime
    | list[Value]
    | Mapping[str, Value]
    | Literal[Drop.DROP]
    | None
)

MAX_TEXT = 1_000_000
"""Characters a value may grow to: a few nested replacements could fill any memory."""

_INTEGER_LIMIT = 30  # digits; more are no number of a directory, and int() on them is slow


def too_long() -> EvaluationError:
    """Return the error of a text that grows beyond all use."""
    return EvaluationError(f"The text grows beyond {MAX_TEXT:,} characters.")


def from_attribute(value: object) -> Value:
    """Bring what a source holds into an expression."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, list | tuple | set | frozenset):
        return [from_attribute(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): from_attribute(each) for key, each in value.items()}
    return str(value)


def result(value: Value) -> object:
    """Turn a value into what an expression hands out: booleans and dates are texts in Entra."""
    if isinstance(value, bool | datetime):
        return as_text(value)
    return [result(each) for each in value] if isinstance(value, list) else value


def is_empty(value: Value) -> bool:
    """Return whether a value is null, empty text, an empty list or a dropped flow."""
    if type(value) is str:
        return not value
    return value is None or value is DROP or value == []


def as_text(value: Value) -> str | None:
    """Return a value as text; a list of one is its value, null and a dropped flow are null."""
    if isinstance(value, str):
        return value
    if value is None or value is DROP or value == []:
        return None
    if isinstance(value, bool | datetime):
        return _named(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return _digits(value)
    if isinstance(value, list) and len(value) == 1:
        return as_text(value[0])
    raise EvaluationError(
        "There are several values where one text is needed.",
        fix="Choose one with Item, or put them together with Join.",
    )


def _digits(value: float) -> str:
    try:
        return str(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits
        raise EvaluationError("A number has too many digits.") from None


def _named(value: bool | datetime) -> str:
    if isinstance(value, datetime):
        return dotnet_dates.format_date(value, dotnet_dates.GENERAL)
    return "True" if value else "False"


def as_number(value: Value) -> int | float | None:
    """Return a value as a number, null for null and empty text."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    text = as_text(value)
    if text is None or not text.strip():
        return None
    try:
        return _number(text.strip())
    except ValueError:
        raise EvaluationError(f"“{_short(text)}” is not a number.") from None


def as_integer(value: Value) -> int | None:
    """Return a value as a whole number, null for null and empty text."""
    number = as_number(value)
    if number is None or isinstance(number, int):
        return number
    if not number.is_integer():
        raise EvaluationError(f"{number} is not a whole number.")
    return int(number)


def as_boolean(value: Value) -> bool:
    """Return whether a value counts as true: True, or a number other than zero; null does not."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    return bool(as_number(value))


def as_date(value: Value) -> datetime | None:
    """Return a value as a date in UTC, null for null and empty text."""
    if isinstance(value, datetime):
        return value
    text = as_text(value)
    if text is None or not text.strip():
        return None
    parsed = dotnet_dates.parse_date(text)
    if parsed is None:
        raise EvaluationError(
            f"“{_short(text)}” is not a date.",
            fix="Dates are read like 2024-03-16, 2024-03-16T08:00:00Z or 3/16/2024 8:00:00 AM.",
        )
    return parsed


def as_list(value: Value) -> list[Value]:
    """Return a multi-value as it is and any other value as a list of one; null is empty."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _number(text: str) -> int | float:
    if len(text) > _INTEGER_LIMIT or "_" in text:
        raise ValueError(text)
    try:
        return int(text)
    except ValueError:
        number = float(text)
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 -- only NaN differs from itself
        raise ValueError(text)
    return number


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
