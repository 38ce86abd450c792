"""Write a parsed expression as text: the same spacing for everybody."""

from decimal import Decimal

from sparkwizard.provisioning.expressions.syntax import (
    Attribute,
    Call,
    Comparison,
    Constant,
    Node,
    Omitted,
    Word,
)
from sparkwizard.provisioning.expressions.tokens import MAX_LENGTH

__all__ = ["format_expression", "quoted_text"]

_MOST_DIGITS = 30  # what the scanner takes on either side of a decimal point


def format_expression(node: Node) -> str:
    """Return the canonical text of an expression; parsing it gives the same shape again.

    Where spaces would make it longer than Entra allows, there are none.
    """
    text = _written(node, ", ", " ")
    return text if len(text) <= MAX_LENGTH else _written(node, ",", "")


def quoted_text(text: str) -> str:
    """Return a text as a constant of the language, in quotation marks."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _written(node: Node, comma: str, space: str) -> str:
    match node:
        case Attribute():
            return f"[{node.name}]"
        case Constant():
            return quoted_text(node.value) if isinstance(node.value, str) else _number(node.value)
        case Word():
            return node.name
        case Omitted():
            return ""
        case Comparison():
            sides = (_side(side, comma, space) for side in (node.left, node.right))
            return f"{space}{node.operator}{space}".join(sides)
        case Call():
            return (
                f"{node.name}({comma.join(_written(one, comma, space) for one in node.arguments)})"
            )


def _side(node: Node, comma: str, space: str) -> str:
    """Return one side of a comparison; only brackets let another comparison stand there."""
    text = _written(node, comma, space)
    return f"({text})" if isinstance(node, Comparison) else text


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    text = format(Decimal(repr(value)), "f")
    whole, _, fraction = text.partition(".")
    if len(whole.lstrip("-")) > _MOST_DIGITS:
        # the one number that was rounded up when its thirty digits were read
        return f"{'-' if value < 0 else ''}{'9' * _MOST_DIGITS}.9"
    return f"{whole}.{fraction or '0'}"
