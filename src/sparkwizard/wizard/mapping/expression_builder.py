"""Build an expression by choosing functions and filling their arguments, without typing it.

The tree is that of the parser; a place in it is a path of argument numbers from the outside.
"""

import re
from enum import Enum

import msgspec

from sparkwizard.provisioning.expressions import FUNCTIONS, ExpressionError, format_expression
from sparkwizard.provisioning.expressions.functions.spec import Function
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

__all__ = [
    "OPERATORS",
    "Opened",
    "Place",
    "SlotKind",
    "crumbs",
    "group_size",
    "kind_of_node",
    "new_call",
    "node_at",
    "number_of",
    "open_in_builder",
    "places",
    "with_node",
    "with_operator",
    "with_places",
    "without_places",
    "wrapped",
    "written",
]

type Path = tuple[int, ...]

OPERATORS = {
    "=": "is the same as",
    "<>": "is not the same as",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
"""What may stand between the two sides of a comparison, in words."""


class SlotKind(Enum):
    """Name what can be put in a place."""

    ATTRIBUTE = "An attribute"
    TEXT = "A text"
    NUMBER = "A number"
    FUNCTION = "Another function"
    COMPARISON = "A comparison"
    NOTHING = "Nothing"


class Place(msgspec.Struct, frozen=True):
    """Describe one place to fill: its number among the arguments, its name, and what fits.

    ``removable`` places can be taken away with the others of their group.
    """

    index: int
    label: str
    kinds: tuple[SlotKind, ...]
    likely: SlotKind
    optional: bool = False
    removable: bool = False


class Opened(msgspec.Struct, frozen=True):
    """Hold an expression for the builder; without a ``node`` the ``reason`` says why not."""

    node: Node | None
    reason: str = ""


def open_in_builder(text: str) -> Opened:
    """Return the tree of an expression, or in one sentence why the builder can't show it."""
    if not text.strip():
        return Opened(Omitted())
    try:
        node = parse(text)
    except ExpressionError as error:
        return Opened(None, f"The builder can show this once it has no fault. {error.message}")
    return _unfit(node) or Opened(node)


def written(node: Node) -> str:
    """Return the expression of a tree; arguments left out at the end are not written."""
    return format_expression(_trimmed(node))


# -- the tree ----------------------------------------------------------------------------------


def node_at(root: Node, path: Path) -> Node:
    """Return what stands in a place."""
    for index in path:
        inner = _children(root)
        root = inner[index] if index < len(inner) else Omitted()
    return root


def with_node(root: Node, path: Path, node: Node) -> Node:
    """Return the tree with something else in a place."""
    if not path:
        return node
    index, *rest = path
    inner = list(_children(root))
    inner += [Omitted()] * (index + 1 - len(inner))
    inner[index] = with_node(inner[index], tuple(rest), node)
    return _with_children(root, inner)


def crumbs(root: Node, path: Path) -> tuple[tuple[str, Path], ...]:
    """Return the names of what encloses a place, outermost first, each with its own place."""
    found = []
    for depth in range(len(path) + 1):
        node = node_at(root, path[:depth])
        found.append((node.name if isinstance(node, Call) else "Comparison", path[:depth]))
    return tuple(found)


def new_call(name: str) -> Call:
    """Return a function with every argument still to be filled."""
    return Call(name, (Omitted(),) * FUNCTIONS[name].least)


def wrapped(node: Node, name: str) -> Call:
    """Return a function around what stood in a place, so that nothing is lost by choosing it.

    A function in the place gives its arguments to the new one, as far as that takes them.
    """
    empty = new_call(name)
    if isinstance(node, Omitted):
        return empty
    if isinstance(node, Call):
        kept = node.arguments[: FUNCTIONS[name].most]
        return Call(name, kept + (Omitted(),) * (FUNCTIONS[name].least - len(kept)))
    fitting = (place.index for place in places(empty) if place.likely is SlotKind.ATTRIBUTE)
    at = next(fitting, None)
    made = empty if at is None else with_node(empty, (at,), node)
    assert isinstance(made, Call)  # an argument of it was replaced
    return made


def with_operator(root: Node, path: Path, operator: str) -> Node:
    """Return the tree with another operator in a comparison."""
    node = node_at(root, path)
    assert isinstance(node, Comparison)  # only a comparison offers operators
    return with_node(root, path, Comparison(operator, node.left, node.right))


# -- the places of one function ----------------------------------------------------------------


def places(node: Node) -> tuple[Place, ...]:
    """Return the places to fill of a function or comparison; repeated ones are numbered."""
    if isinstance(node, Comparison):
        kinds = (SlotKind.ATTRIBUTE, SlotKind.TEXT, SlotKind.NUMBER, SlotKind.FUNCTION)
        return (
            Place(0, "this", kinds, SlotKind.ATTRIBUTE),
            Place(1, "with this", kinds, SlotKind.TEXT),
        )
    if not isinstance(node, Call):
        return ()
    function = FUNCTIONS[node.name]
    once, size = len(function.parameters) - group_size(node), group_size(node)
    groups = max(1, -(-(len(node.arguments) - once) // size)) if size else 0
    return tuple(_place(function, index, groups) for index in range(once + groups * size))


def group_size(node: Node) -> int:
    """Return how many arguments of a function are repeated together, 0 for none."""
    if not isinstance(node, Call):
        return 0
    return sum(one.repeating for one in FUNCTIONS[node.name].parameters)


def with_places(root: Node, path: Path) -> Node:
    """Return the tree with one more group of places in a function that repeats them."""
    node = node_at(root, path)
    assert isinstance(node, Call)  # only a function repeats its arguments
    filled = [*node.arguments]
    filled += [Omitted()] * (len(places(node)) + group_size(node) - len(filled))
    return with_node(root, path, Call(node.name, tuple(filled)))


def without_places(root: Node, path: Path, index: int) -> Node:
    """Return the tree without the group of places that ``index`` belongs to."""
    node = node_at(root, path)
    assert isinstance(node, Call)  # only a function repeats its arguments
    size, once = group_size(node), len(FUNCTIONS[node.name].parameters) - group_size(node)
    start = once + (index - once) // size * size
    kept = node.arguments[:start] + node.arguments[start + size :]
    return with_node(root, path, Call(node.name, kept))


def kind_of_node(node: Node, place: Place | None = None) -> SlotKind:
    """Return what stands in a place; an empty one is what is likely to come there."""
    match node:
        case Attribute():
            return SlotKind.ATTRIBUTE
        case Constant():
            return SlotKind.TEXT if isinstance(node.value, str) else SlotKind.NUMBER
        case Call():
            return SlotKind.FUNCTION
        case Comparison():
            return SlotKind.COMPARISON
        case Omitted() | Word():
            if place is None:
                return SlotKind.ATTRIBUTE
            return SlotKind.NOTHING if place.optional else place.likely


def number_of(text: str) -> int | float | None:
    """Return a written number, None for what is none."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    return float(text) if "." in text else int(text)


_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_NUMBERS = frozenset(
    ("numchars", "wordnumber", "start", "length", "index", "value1", "value2", "minimumnumbers")
) | {"minimumspecialcharacters", "minimumcapital", "minimumlowercase"}
_SOURCES = frozenset(
    ("source", "string", "attribute", "expression", "value", "datetime", "date1", "date2")
) | {"approleassignments"}
_SPECIAL = {
    ("DateAdd", "value"): SlotKind.NUMBER,
    ("InStr", "value1"): SlotKind.ATTRIBUTE,
    ("InStr", "value2"): SlotKind.TEXT,
    ("Switch", "value"): SlotKind.TEXT,
}
_PLAIN = (SlotKind.ATTRIBUTE, SlotKind.TEXT, SlotKind.NUMBER, SlotKind.FUNCTION)


def _place(function: Function, index: int, groups: int) -> Place:
    parameters = function.parameters
    size = sum(one.repeating for one in parameters)
    once = len(parameters) - size
    parameter = parameters[index if index < once else once + (index - once) % size]
    number = f" {(index - once) // size + 1}" if parameter.repeating and groups > 1 else ""
    kinds: tuple[SlotKind, ...] = _PLAIN
    if parameter.name == "condition" or function.name == "CBool":
        kinds = (*kinds, SlotKind.COMPARISON)
    if parameter.optional:
        kinds = (*kinds, SlotKind.NOTHING)
    return Place(
        index,
        parameter.name + number,
        kinds,
        _likely(function, parameter.name),
        parameter.optional,
        removable=parameter.repeating and groups > 1,
    )


def _likely(function: Function, name: str) -> SlotKind:
    if name == "condition":
        return SlotKind.COMPARISON
    lower = name.lower()
    special = _SPECIAL.get((function.name, lower))
    if special is not None:
        return special
    if lower in _NUMBERS:
        return SlotKind.NUMBER
    return SlotKind.ATTRIBUTE if lower in _SOURCES else SlotKind.TEXT


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case Call():
            return node.arguments
        case Comparison():
            return (node.left, node.right)
        case _:
            return ()


def _with_children(node: Node, inner: list[Node]) -> Node:
    match node:
        case Call():
            return Call(node.name, tuple(inner))
        case Comparison():
            return Comparison(node.operator, inner[0], inner[1])
        case _:
            return node


def _trimmed(node: Node) -> Node:
    inner = [_trimmed(one) for one in _children(node)]
    if isinstance(node, Call):
        least = FUNCTIONS[node.name].least if node.name in FUNCTIONS else 0
        while len(inner) > least and isinstance(inner[-1], Omitted):
            inner.pop()
    return _with_children(node, inner)


def _unfit(node: Node) -> Opened | None:
    """Return why a tree can't be shown, None where it can."""
    if isinstance(node, Word):
        return Opened(None, f"The builder can't show the word {node.name}; go on in the text.")
    if isinstance(node, Call):
        if node.name not in FUNCTIONS:
            return Opened(None, f"The builder does not know the function {node.name[:60]}.")
        most = FUNCTIONS[node.name].most
        if most is not None and len(node.arguments) > most:
            words = f"The builder can't show {node.name} with {len(node.arguments)} arguments."
            return Opened(None, words)
    return next((why for one in _children(node) if (why := _unfit(one))), None)
