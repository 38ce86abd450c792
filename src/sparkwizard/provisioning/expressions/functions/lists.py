"""Functions of multi-valued attributes."""

from collections.abc import Mapping

from sparkwizard.provisioning.expressions.faults import EvaluationError
from sparkwizard.provisioning.expressions.functions.spec import Frame, Function, check_first_is_one
from sparkwizard.provisioning.expressions.values import Value, as_integer, as_list, as_text

__all__ = ["FUNCTIONS"]


def _count(_frame: Frame, values: list[Value]) -> Value:
    return len(as_list(values[0]))


def _item(_frame: Frame, values: list[Value]) -> Value:
    items, index = as_list(values[0]), as_integer(values[1])
    if index is None or index < 1:
        raise EvaluationError("The first item has the number 1.")
    return items[index - 1] if index <= len(items) else None


def _remove_duplicates(_frame: Frame, values: list[Value]) -> Value:
    if values[0] is None:
        return None
    kept: dict[object, Value] = {}
    for value in as_list(values[0]):
        # by what is written where a value has parts: comparing each with each takes too long
        has_parts = isinstance(value, list | Mapping)
        kept.setdefault((type(value), repr(value)) if has_parts else value, value)
    return list(kept.values())


def _split(_frame: Frame, values: list[Value]) -> Value:
    text, delimiter = as_text(values[0]), as_text(values[1])
    if text is None:
        return None
    parts = text.split(delimiter) if delimiter else [text]
    return [part.strip() for part in parts]


FUNCTIONS = (
    Function("Count", "attribute", "Counts the values", _count),
    Function(
        "Item",
        "attribute, index",
        "Takes the n-th value",
        _item,
        check=check_first_is_one(1, "item"),
    ),
    Function("RemoveDuplicates", "attribute", "Keeps each value once", _remove_duplicates),
    Function("Split", "source, delimiter", "Cuts a text into several values", _split),
)
