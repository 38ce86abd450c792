"""Every function of Entra's expression language, in one table."""

from sparkwizard.provisioning.expressions.functions import (
    dates,
    lists,
    logic,
    numbers,
    random_values,
    replacing,
    roles,
    text,
)
from sparkwizard.provisioning.expressions.functions.spec import Function

__all__ = ["FUNCTIONS"]

_ROOMS = (text, logic, lists, numbers, dates, replacing, random_values, roles)

FUNCTIONS: dict[str, Function] = {
    function.name: function for room in _ROOMS for function in room.FUNCTIONS
}
"""The functions by name; names are case-sensitive in Entra."""
