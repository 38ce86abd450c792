"""Cut an expression into tokens, each with its position."""

import re
from enum import Enum, auto

import msgspec

from sparkwizard.provisioning.expressions.faults import ExpressionError

__all__ = ["MAX_LENGTH", "Kind", "Token", "scan"]

MAX_LENGTH = 10_000
"""Characters an expression may have (facts: Entra's own limit)."""


class Kind(Enum):
    """Name the sorts of tokens."""

    NAME = auto()
    ATTRIBUTE = auto()
    TEXT = auto()
    NUMBER = auto()
    OPERATOR = auto()
    OPEN = auto()
    CLOSE = auto()
    COMMA = auto()
    END = auto()


class Token(msgspec.Struct, frozen=True):
    """Hold one token: what it means, where it starts and ends (characters from 0)."""

    kind: Kind
    value: str | int | float
    position: int
    end: int


_PATTERN = re.compile(
    r"""
      (?P<ATTRIBUTE>\[[^\[\]"]*\])
    | (?P<TEXT>"(?:[^"\\]|\\.)*")
    | (?P<HEX>&[hH][0-9a-fA-F]{1,16}(?![0-9A-Za-z_]))
    | (?P<NUMBER>-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?![0-9A-Za-z_.]))
    | (?P<NAME>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<OPERATOR><>|<=|>=|=|<|>)
    | (?P<OPEN>\()
    | (?P<CLOSE>\))
    | (?P<COMMA>,)
    """,
    re.VERBOSE | re.DOTALL,
)
_BLANK = re.compile(r"\s*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CURLY_QUOTES = "“”„‟«»\u2018\u2019\u201a"


def scan(text: str) -> list[Token]:
    """Return an expression's tokens, closed by one END."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"The expression has {len(text):,} characters; Entra takes {MAX_LENGTH:,}.",
            position=MAX_LENGTH,
            fix="Shorten it.",
        )
    tokens = []
    position = _skip(text, 0)
    while position < len(text):
        token = _token(text, position)
        tokens.append(token)
        position = _skip(text, token.end)
    return [*tokens, Token(Kind.END, "", len(text), len(text))]


def _skip(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position


def _token(text: str, position: int) -> Token:
    found = _PATTERN.match(text, position)
    if found is None:
        raise _unreadable(text, position)
    name, piece, end = str(found.lastgroup), found.group(), found.end()
    if name == "HEX":
        return Token(Kind.NUMBER, int(f"0x{piece[2:]}", 0), position, end)
    if name == "NUMBER":
        number = float(piece) if "." in piece else int(piece)
        return Token(Kind.NUMBER, number, position, end)
    if name == "TEXT":
        return Token(Kind.TEXT, _unescape(piece[1:-1], position + 1), position, end)
    if name == "ATTRIBUTE":
        return Token(Kind.ATTRIBUTE, _attribute(piece, position), position, end)
    return Token(Kind[name], piece, position, end)


def _unescape(inner: str, start: int) -> str:
    def plain(found: re.Match[str]) -> str:
        if found[1] not in '\\"':
            raise ExpressionError(
                f"A backslash in a text stands before a quotation mark or another backslash, "
                f"not before “{found[1]}”.",
                position=start + found.start(),
                suggestion=f"\\\\{found[1]}",
            )
        return found[1]

    return _ESCAPE.sub(plain, inner)


def _attribute(piece: str, position: int) -> str:
    name = piece[1:-1].strip()
    if not name:
        raise ExpressionError(
            "There is no attribute between the square brackets.",
            position=position,
            fix="Write an attribute like [givenName].",
        )
    return name


def _unreadable(text: str, position: int) -> ExpressionError:
    character = text[position]
    if character == '"':
        return ExpressionError(
            "A text has no closing quotation mark.",
            position=position,
            fix='End it with ". A quotation mark inside a text is written \\".',
        )
    if character == "[":
        return ExpressionError(
            "An attribute has no closing square bracket.",
            position=position,
            fix="Write it like [givenName].",
        )
    if character in _CURLY_QUOTES or character == "'":
        return ExpressionError(
            f"Texts stand in straight double quotation marks, not {character}.",
            position=position,
            suggestion='"',
        )
    if character == "&":
        return ExpressionError(
            "Texts are not put together with &.",
            position=position,
            fix='Use Append or Join, e.g. Join(" ", [givenName], [surname]).',
        )
    return ExpressionError(
        f"The character “{character}” can't stand here.",
        position=position,
        fix="An expression is made of functions, [attributes], texts in quotes and numbers.",
    )
