"""Parse an expression.

Grammar::

    expression  = operand [ ("=" | "<>" | ">" | ">=" | "<" | "<=") operand ]
    operand     = call | attribute | text | number | word | "(" expression ")"
    call        = name "(" [ argument { "," argument } ] ")"
    argument    = expression | nothing
"""

from sparkwizard.provisioning.expressions.faults import ExpressionError
from sparkwizard.provisioning.expressions.syntax import (
    Attribute,
    Call,
    Comparison,
    Constant,
    Node,
    Omitted,
    Word,
)
from sparkwizard.provisioning.expressions.tokens import Kind, Token, scan

__all__ = ["MAX_DEPTH", "parse"]

MAX_DEPTH = 100
"""Functions that may stand inside one another; far more than Entra's editor shows legibly."""


def parse(text: str) -> Node:
    """Return the shape of an expression; an ``ExpressionError`` says where it goes wrong."""
    return _Parser(scan(text)).whole()


class _Parser:
    """Walk over the tokens once, from left to right."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        if self._peek().kind is Kind.END:
            raise ExpressionError(
                "The expression is empty.", fix="Write an attribute like [givenName] or a function."
            )
        node = self._expression()
        rest = self._peek()
        if rest.kind is not Kind.END:
            raise _after_the_end(rest)
        return node

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _expression(self) -> Node:
        start = self._peek().position
        left = self._operand()
        operator = self._peek()
        if operator.kind is not Kind.OPERATOR:
            return left
        self._take()
        right = self._operand()
        end = self._tokens[self._next - 1].end
        return Comparison(str(operator.value), left, right, operator.position, end, start)

    def _operand(self) -> Node:
        token = self._peek()
        if token.kind not in _STARTS:
            raise _nothing_here(token)
        self._take()
        match token.kind:
            case Kind.ATTRIBUTE:
                return Attribute(str(token.value), token.position, token.end)
            case Kind.TEXT | Kind.NUMBER:
                return Constant(token.value, token.position, token.end)
            case Kind.OPEN:
                return self._group(token)
            case _:
                return self._named(token)

    def _group(self, opening: Token) -> Node:
        self._enter(opening)
        node = self._expression()
        self._close(opening)
        return node

    def _named(self, name: Token) -> Node:
        opening = self._peek()
        if opening.kind is not Kind.OPEN:
            return Word(str(name.value), name.position, name.end)
        self._take()
        self._enter(name)
        arguments = self._arguments()
        closing = self._close(opening)
        return Call(str(name.value), tuple(arguments), name.position, closing.end)

    def _arguments(self) -> list[Node]:
        if self._peek().kind is Kind.CLOSE:
            return []
        arguments = [self._argument()]
        while self._peek().kind is Kind.COMMA:
            self._take()
            arguments.append(self._argument())
        return arguments

    def _argument(self) -> Node:
        token = self._peek()
        if token.kind in (Kind.COMMA, Kind.CLOSE):
            return Omitted(token.position, token.position)
        return self._expression()

    def _enter(self, token: Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(
                f"More than {MAX_DEPTH} functions stand inside one another.",
                position=token.position,
                fix="Use one Switch in place of many nested functions.",
            )

    def _close(self, opening: Token) -> Token:
        token = self._peek()
        if token.kind is Kind.CLOSE:
            self._depth -= 1
            return self._take()
        if token.kind is Kind.END:
            raise ExpressionError(
                "A round bracket is never closed.",
                position=opening.position,
                fix="Put ) where the arguments end.",
            )
        if token.kind is Kind.OPERATOR:
            raise ExpressionError(
                "Two comparisons stand in one condition.",
                position=token.position,
                fix="Put one IIF inside another.",
            )
        raise _missing_comma(token)


_STARTS = frozenset((Kind.ATTRIBUTE, Kind.TEXT, Kind.NUMBER, Kind.NAME, Kind.OPEN))
_LOGIC = ("and", "or")


def _nothing_here(token: Token) -> ExpressionError:
    if token.kind is Kind.END:
        return ExpressionError(
            "The expression ends too early.",
            position=token.position,
            fix="Something should follow: a function, an [attribute], a text or a number.",
        )
    return ExpressionError(
        f"A function, an attribute, a text or a number should stand here, not “{token.value}”.",
        position=token.position,
        fix="Check the commas and brackets before it.",
    )


def _missing_comma(token: Token) -> ExpressionError:
    if token.kind is Kind.NAME and str(token.value).lower() in _LOGIC:
        return ExpressionError(
            f"IIF has no {str(token.value).upper()}.",
            position=token.position,
            fix="Put one IIF inside another.",
        )
    return ExpressionError(
        "A comma is missing.", position=token.position, fix="Put a comma between two arguments."
    )


def _after_the_end(token: Token) -> ExpressionError:
    if token.kind is Kind.CLOSE:
        return ExpressionError(
            "There is a closing bracket too many.", position=token.position, fix="Take it away."
        )
    if token.kind is Kind.COMMA:
        return ExpressionError(
            "A comma stands outside of a function.",
            position=token.position,
            fix="An expression is one function, one attribute or one text.",
        )
    return ExpressionError(
        "Something follows after the end of the expression.",
        position=token.position,
        fix="An expression is one function, one attribute or one text.",
    )
