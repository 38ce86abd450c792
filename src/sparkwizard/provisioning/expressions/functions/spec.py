"""What a function of the expression language is made of."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from sparkwizard.provisioning.expressions.faults import ExpressionError
from sparkwizard.provisioning.expressions.syntax import Call, Constant, Node, Omitted
from sparkwizard.provisioning.expressions.values import Value

__all__ = [
    "DROPPING",
    "Builder",
    "Building",
    "Evaluator",
    "ExpressionWarning",
    "Frame",
    "Function",
    "Implementation",
    "Parameter",
    "arguments",
    "check_first_is_one",
    "check_written",
    "is_given",
    "may_drop",
]


DROPPING = "IgnoreFlowIfNullOrEmpty"
"""The one function that drops a flow."""


class Frame(msgspec.Struct, frozen=True):
    """Hold what one evaluation sees: a person's attributes, and the time if it was handed in."""

    attributes: Mapping[str, object]
    now: datetime | None


class ExpressionWarning(msgspec.Struct, frozen=True, order=True):
    """Say what works unlike one would think; ``position`` counts characters from 0."""

    position: int
    code: str
    text: str


type Evaluator = Callable[[Frame], Value]
type Implementation = Callable[[Frame, list[Value]], Value]
type Builder = Callable[[Building, Call], Evaluator]


class Building(Protocol):
    """Offer the compiler's services to functions that look at their arguments themselves."""

    def value(self, node: Node) -> Evaluator:
        """Compile an argument; one left out is null."""
        ...

    def condition(self, node: Node) -> Evaluator:
        """Compile a condition, in which a comparison may stand."""
        ...

    def warn(self, position: int, code: str, text: str) -> None:
        """Note something that works, but not as one would think."""
        ...


class Parameter(msgspec.Struct, frozen=True):
    """Name one parameter and tell whether it may be left out or repeated."""

    name: str
    optional: bool = False
    repeating: bool = False


class Function(msgspec.Struct, frozen=True):
    """Describe one function: its signature, its meaning in one line, and how it works.

    Parameters are written like ``"source, culture?, key…"``: ``?`` may be left out, ``…`` may be
    repeated. A function with a ``refusal`` is known but can't be used for Webex. ``check`` finds
    faults that show before anybody's values are known. ``by_chance`` functions give something else
    every time.
    """

    name: str
    written: str
    meaning: str
    implementation: Implementation | None = None
    builder: Builder | None = None
    refusal: str = ""
    check: Callable[[Call], None] | None = None
    by_chance: bool = False

    @property
    def signature(self) -> str:
        """Return the function as a person writes it."""
        return f"{self.name}({self.written})"

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Return the parameters in order."""
        names = [name.strip() for name in self.written.split(",") if name.strip()]
        return tuple(
            Parameter(name.rstrip("?…"), name.endswith("?"), name.endswith("…")) for name in names
        )

    @property
    def least(self) -> int:
        """Return how many arguments there must be."""
        parameters = self.parameters
        needed = [index for index, one in enumerate(parameters, 1) if not one.optional]
        return needed[-1] if needed else 0

    @property
    def most(self) -> int | None:
        """Return how many arguments there may be, None for any number."""
        parameters = self.parameters
        return None if any(one.repeating for one in parameters) else len(parameters)


def is_given(call: Call, index: int) -> bool:
    """Return whether an argument was written, not left out."""
    return index < len(call.arguments) and not isinstance(call.arguments[index], Omitted)


def may_drop(node: Node) -> bool:
    """Return whether a flow to be dropped can come out of an expression."""
    if isinstance(node, Call):
        return node.name == DROPPING or any(may_drop(argument) for argument in node.arguments)
    return False  # a comparison of one is false


def check_first_is_one(index: int, what: str) -> Callable[[Call], None]:
    """Make a check that a written number begins with 1, as all positions do."""

    def check(call: Call) -> None:
        node = call.arguments[index]
        number = node.value if isinstance(node, Constant) else 1
        if isinstance(number, int | float) and number < 1:
            raise ExpressionError(f"The first {what} has the number 1.", position=node.position)

    return check


def check_written(index: int, allowed: Callable[[str], bool], text: str) -> Callable[[Call], None]:
    """Make a check of a written text; ``text`` is the complaint, with ``{}`` for what stands."""

    def check(call: Call) -> None:
        node = call.arguments[index] if index < len(call.arguments) else None
        if isinstance(node, Constant) and not allowed(str(node.value)):
            shown = str(node.value)[:60]
            raise ExpressionError(text.replace("{}", shown), position=node.position)

    return check


def arguments(building: Building, call: Call) -> list[Evaluator]:
    """Compile all arguments of a call."""
    return [building.value(argument) for argument in call.arguments]
