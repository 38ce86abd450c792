"""The source of an attribute mapping in the schema: what an expression is there."""

from collections.abc import Iterator

from sparkwizard.provisioning.expressions.parser import parse
from sparkwizard.provisioning.expressions.syntax import (
    Attribute,
    Call,
    Comparison,
    Constant,
    Node,
    Omitted,
    Word,
)
from sparkwizard.provisioning.source.attributes import canonical
from sparkwizard.provisioning.types import Json

__all__ = ["entra_names", "source_of"]


def entra_names(expression: str) -> str:
    """Return an expression with Entra's own names of attributes in place of Graph's.

    Entra's service knows the directory's old names only (facts: entra.md §1, Translation). Nothing
    else of the text changes. Raises ``ExpressionError`` where it can't be parsed.
    """
    pieces, last = [], 0
    for node in sorted(_attributes(parse(expression)), key=lambda node: node.position):
        if canonical(node.name) != node.name:
            pieces += [expression[last : node.position], f"[{canonical(node.name)}]"]
            last = node.end
    return "".join([*pieces, expression[last:]])


def source_of(expression: str) -> tuple[Json, bool]:
    """Return an expression as a source, and whether the service must parse it first."""
    node = parse(expression)
    match node:
        case Attribute():
            kind, name = "Attribute", node.name
        case Constant():
            kind, name = "Constant", str(node.value)
        case Call():
            kind, name = "Function", node.name
        case Comparison() | Word() | Omitted():
            kind, name = "Function", ""
    source: Json = {"expression": expression, "name": name, "type": kind, "parameters": []}
    return source, kind == "Function"


def _attributes(node: Node) -> Iterator[Attribute]:
    match node:
        case Attribute():
            yield node
        case Call():
            for argument in node.arguments:
                yield from _attributes(argument)
        case Comparison():
            yield from _attributes(node.left)
            yield from _attributes(node.right)
        case Constant() | Word() | Omitted():
            return
