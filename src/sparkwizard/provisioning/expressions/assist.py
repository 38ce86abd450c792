"""Help while an expression is typed: what could follow, and which argument is being written.

The text may be unfinished or wrong: nothing here raises.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from sparkwizard.provisioning.expressions.functions import FUNCTIONS
from sparkwizard.provisioning.expressions.functions.spec import Function
from sparkwizard.provisioning.source.attributes import SOURCE_ATTRIBUTES, describe_source

__all__ = ["Completion", "SignatureHelp", "complete", "signature_at"]

_MOST = 200
_PIECE = re.compile(
    r"""
      (?P<text>"(?:[^"\\]|\\.)*(?P<text_end>"?))
    | (?P<attribute>\[[^\[\](),"]*(?P<attribute_end>\]?))
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>&?[0-9][A-Za-z0-9_.]*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Completion(msgspec.Struct, frozen=True):
    """Offer a text to put in place of the characters from ``start`` to ``end``.

    ``caret`` is where typing goes on, counted from ``start``. ``detail`` is a signature for a
    function and empty for an attribute, ``meaning`` one line for people. ``present`` tells that the
    source has the attribute.
    """

    kind: Literal["function", "attribute"]
    label: str
    insert: str
    start: int
    end: int
    caret: int
    detail: str = ""
    meaning: str = ""
    present: bool = True


class SignatureHelp(msgspec.Struct, frozen=True):
    """Describe the function whose arguments are being written.

    ``argument`` counts from 0 what is being written; ``parameter`` is where it stands among
    ``parameters``, None where the function takes no such argument. ``start`` is where the
    function's name begins.
    """

    function: str
    argument: int
    signature: str
    parameters: tuple[str, ...]
    parameter: int | None
    meaning: str
    start: int


def complete(text: str, position: int, attributes: Iterable[str] = ()) -> tuple[Completion, ...]:
    """Return what could be written at a position, best first.

    ``attributes`` are the names that the source has; they come before those that Entra knows
    besides. Inside a text nothing is offered.
    """
    place = _place(text, position)
    if place is None:
        return ()
    typed = place.typed.lower()
    found = [*_attributes(place, attributes)]
    if not place.in_attribute:
        found += _functions(place)
    ranked = sorted(
        (rank, index, one)
        for index, one in enumerate(found)
        if (rank := _rank(one, typed)) is not None
    )
    return tuple(one for _rank_, _index, one in ranked[:_MOST])


def signature_at(text: str, position: int) -> SignatureHelp | None:
    """Return the function whose brackets are open at a position, None outside of all."""
    for call in reversed(_open_calls(text[: max(position, 0)])):
        function = FUNCTIONS.get(call.name)
        if function is not None:
            return SignatureHelp(
                function.name,
                call.argument,
                function.signature,
                tuple(name.strip() for name in function.written.split(",") if name.strip()),
                _parameter(function, call.argument),
                function.meaning,
                call.start,
            )
        if call.name:
            return None
    return None


# -- reading unfinished text -------------------------------------------------------------------


class _Place(msgspec.Struct, frozen=True):
    """Say what is being typed: its beginning, what stands before the caret, where it ends."""

    start: int
    end: int
    typed: str
    in_attribute: bool = False
    followed_by_bracket: bool = False


class _OpenCall(msgspec.Struct):
    name: str
    start: int
    argument: int = 0


def _place(text: str, position: int) -> _Place | None:
    """Return the word, attribute or gap at a position; None inside a text or a number."""
    position = min(max(position, 0), len(text))
    for found in _PIECE.finditer(text):
        start, end = found.span()
        if start >= position:
            break
        inside = position < end
        match found.lastgroup:
            case "text" | "text_end" if inside or not found["text_end"]:
                return None
            case "attribute" | "attribute_end" if inside or not found["attribute_end"]:
                return _Place(start, end, text[start + 1 : position].strip(), in_attribute=True)
            case "name" if position <= end:
                bracket = text[end:].lstrip().startswith("(")
                return _Place(start, end, text[start:position], followed_by_bracket=bracket)
            case "number" if position <= end:
                return None
    return _Place(position, position, "")


def _open_calls(text: str) -> list[_OpenCall]:
    """Return the functions and brackets that are still open at the end, outermost first."""
    calls: list[_OpenCall] = []
    name, start = "", 0
    for found in _PIECE.finditer(text):
        piece = found.group()
        if found.lastgroup == "name":
            name, start = piece, found.start()
            continue
        if piece.isspace():
            continue
        if piece == "(":
            calls.append(_OpenCall(name, start if name else found.start()))
        elif piece == ")" and calls:
            calls.pop()
        elif piece == "," and calls:
            calls[-1].argument += 1
        name = ""
    return calls


def _parameter(function: Function, argument: int) -> int | None:
    parameters = function.parameters
    if argument < len(parameters):
        return argument
    repeating = [index for index, one in enumerate(parameters) if one.repeating]
    if not repeating:
        return None
    return repeating[(argument - repeating[0]) % len(repeating)]


# -- what is offered ---------------------------------------------------------------------------


def _functions(place: _Place) -> Iterator[Completion]:
    for name, function in FUNCTIONS.items():
        if function.refusal:
            continue
        opening = "" if place.followed_by_bracket else "(" if function.parameters else "()"
        insert = name + opening
        yield Completion(
            "function",
            name,
            insert,
            place.start,
            place.end,
            len(insert),
            function.signature,
            function.meaning,
        )


def _attributes(place: _Place, names: Iterable[str]) -> Iterator[Completion]:
    present = dict.fromkeys(names)
    known = [one.name for one in SOURCE_ATTRIBUTES if one.usable and one.name not in present]
    for name in (*present, *known):
        described = describe_source(name)
        insert = f"[{name}]"
        yield Completion(
            "attribute",
            name,
            insert,
            place.start,
            place.end,
            len(insert),
            meaning=described.meaning if described else "",
            present=name in present,
        )


def _rank(one: Completion, typed: str) -> int | None:
    """Return how well an offer fits what was typed, None for not at all; lower is better."""
    label = one.label.lower()
    absent = 0 if one.present else 1
    if label.startswith(typed):
        return absent
    if typed in label:
        return 2 + absent
    return 4 + absent if typed and typed in one.meaning.lower() else None
