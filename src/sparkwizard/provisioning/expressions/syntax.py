"""The shape of a parsed expression."""

from dataclasses import dataclass

__all__ = ["Attribute", "Call", "Comparison", "Constant", "Node", "Omitted", "Word"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """Read a source attribute: ``[givenName]``."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Constant:
    """Hold a text or a number."""

    value: str | int | float
    position: int


@dataclass(frozen=True, slots=True)
class Word:
    """Hold a bare word such as ``vbTextCompare``."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Omitted:
    """Stand for an argument that was left out: ``Switch([a], , …)``."""

    position: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compare two values: ``[country] = "USA"``."""

    operator: str
    left: "Node"
    right: "Node"
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """Call a function."""

    name: str
    arguments: tuple["Node", ...]
    position: int


type Node = Attribute | Constant | Word | Omitted | Comparison | Call
