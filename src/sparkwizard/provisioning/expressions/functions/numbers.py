"""Functions of numbers, and of turning values into text."""

from sparkwizard.provisioning.expressions.functions.spec import Frame, Function
from sparkwizard.provisioning.expressions.values import Value, as_integer, as_text

__all__ = ["FUNCTIONS"]


def _bit_and(_frame: Frame, values: list[Value]) -> Value:
    left, right = as_integer(values[0]), as_integer(values[1])
    return None if left is None or right is None else left & right


def _to_string(_frame: Frame, values: list[Value]) -> Value:
    return as_text(values[0])


FUNCTIONS = (
    Function("BitAnd", "value1, value2", "Keeps the bits that both numbers have", _bit_and),
    Function("CStr", "value", "Turns a value into text", _to_string),
)
