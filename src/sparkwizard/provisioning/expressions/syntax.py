"""The shape of a parsed expression.

``position`` and ``end`` count characters of the text from 0; where something stands is no part of
what it is, so that two expressions of the same shape are equal.
"""

from dataclasses import dataclass, field

__all__ = ["Attribute", "Call", "Comparison", "Constant", "Node", "Omitted", "Word"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """Read a source attribute: ``[givenName]``."""

    name: str
    position: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """Hold a text or a number."""

    value: str | int | float
    position: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Word:
    """Hold a bare word such as ``vbTextCompare``."""

    name: str
    position: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Omitted:
    """Stand for an argument that was left out: ``Switch([a], , …)``."""

    position: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compare two values: ``[country] = "USA"``; ``position`` is that of the operator."""

    operator: str
    left: "Node"
    right: "Node"
    position: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    start: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """Call a function."""

    name: str
    arguments: tuple["Node", ...]
    position: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


type Node = Attribute | Constant | Word | Omitted | Comparison | Call
