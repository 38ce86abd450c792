"""Functions that decide: conditions, choices, and what is null."""

from collections.abc import Callable

from sparkwizard.provisioning.expressions.faults import EvaluationError, ExpressionError
from sparkwizard.provisioning.expressions.functions.spec import (
    DROPPING,
    Building,
    Evaluator,
    Frame,
    Function,
)
from sparkwizard.provisioning.expressions.syntax import Call, Comparison, Constant, Node
from sparkwizard.provisioning.expressions.values import (
    DROP,
    Value,
    as_boolean,
    as_text,
    is_empty,
)

__all__ = ["FUNCTIONS"]

_WARNING = "unlike-one-thinks"
_PRESENCE = ("IsPresent", "IsNull", "IsNullOrEmpty")


def _not(_frame: Frame, values: list[Value]) -> Value:
    return (as_text(values[0]) or "").strip().lower() != "true"


def _is_null(_frame: Frame, values: list[Value]) -> Value:
    return values[0] is None


def _is_null_or_empty(_frame: Frame, values: list[Value]) -> Value:
    return is_empty(values[0])


def _is_present(_frame: Frame, values: list[Value]) -> Value:
    return not is_empty(values[0])


def _is_string(_frame: Frame, values: list[Value]) -> Value:
    return isinstance(values[0], str)


def _ignore_flow(_frame: Frame, values: list[Value]) -> Value:
    return DROP if is_empty(values[0]) else values[0]


def _build_coalesce(building: Building, call: Call) -> Evaluator:
    sources = [building.value(node) for node in call.arguments]

    def coalesce(frame: Frame) -> Value:
        for source in sources:
            value = source(frame)
            if value is not None:
                return value
        return None

    return coalesce


def _build_iif(building: Building, call: Call) -> Evaluator:
    condition_node, *branches = call.arguments
    condition = building.condition(condition_node)
    presence = _presence_argument(building, condition_node)
    if_true, if_false = (building.value(node) for node in branches)
    _warn_of_empty_text(building, condition_node)

    def iif(frame: Frame) -> Value:
        if presence is not None and is_empty(presence(frame)):
            return None
        return if_true(frame) if _holds(condition(frame)) else if_false(frame)

    return iif


def _presence_argument(building: Building, node: Node) -> Evaluator | None:
    """Return what a presence test in IIF looks at: with null, Entra's IIF yields nothing."""
    if not (isinstance(node, Call) and node.name in _PRESENCE and len(node.arguments) == 1):
        return None
    building.warn(
        node.position,
        _WARNING,
        f"Entra's IIF can't test for missing values with {node.name}. "
        'Use Switch with "" as a key.',
    )
    return building.value(node.arguments[0])


def _warn_of_empty_text(building: Building, node: Node) -> None:
    if not isinstance(node, Comparison):
        return
    if any(isinstance(side, Constant) and side.value == "" for side in (node.left, node.right)):
        building.warn(
            node.position,
            _WARNING,
            "Entra's IIF can't compare with an empty text: the condition never holds. "
            'Use Switch with "" as a key.',
        )


def _holds(value: Value) -> bool:
    """Return whether a condition holds; a text that is neither true nor false does not."""
    try:
        return as_boolean(value)
    except EvaluationError:
        return False


def _build_cbool(building: Building, call: Call) -> Evaluator:
    condition = building.condition(call.arguments[0])
    return lambda frame: as_boolean(condition(frame))


def _build_switch(building: Building, call: Call) -> Evaluator:
    _check_pairs(call)
    source_node = call.arguments[0]
    if isinstance(source_node, Call) and source_node.name in _PRESENCE:
        building.warn(
            source_node.position,
            _WARNING,
            f"Microsoft advises against {source_node.name} as the source of Switch. "
            'Use the attribute itself and "" as a key.',
        )
    source, default, *pairs = (building.value(node) for node in call.arguments)
    cases = list(zip(pairs[::2], pairs[1::2], strict=True))
    if all(isinstance(node, Constant) for node in call.arguments[2::2]):
        return _switch_by_table(source, default, call, pairs[1::2])

    def switch(frame: Frame) -> Value:
        value = source(frame)
        if value is DROP:
            return DROP
        wanted = as_text(value) or ""
        for key, chosen in cases:
            if (as_text(key(frame)) or "") == wanted:
                return chosen(frame)
        return default(frame)

    return switch


def _switch_by_table(
    source: Evaluator, default: Evaluator, call: Call, chosen: list[Evaluator]
) -> Evaluator:
    """Look the value up where every key is written: the first of equal keys counts."""
    table: dict[str, Evaluator] = {}
    for node, value in zip(call.arguments[2::2], chosen, strict=True):
        assert isinstance(node, Constant)  # the caller saw to it
        table.setdefault(as_text(node.value) or "", value)

    def switch(frame: Frame) -> Value:
        value = source(frame)
        if value is DROP:
            return DROP
        key = value if type(value) is str else as_text(value) or ""
        return table.get(key, default)(frame)

    return switch


def _check_pairs(call: Call) -> None:
    if len(call.arguments) % 2:
        raise ExpressionError(
            f"Switch has {len(call.arguments)} arguments; a key or its value is missing.",
            position=call.position,
            fix="After the source and the default, keys and values come in pairs.",
        )


def _simple(
    name: str, meaning: str, implementation: Callable[[Frame, list[Value]], Value]
) -> Function:
    return Function(name, "expression", meaning, implementation)


FUNCTIONS = (
    Function("Not", "source", "Turns True into False and all else into True", _not),
    _simple("IsNull", "Tells whether there is no value", _is_null),
    _simple("IsNullOrEmpty", "Tells whether there is no value or an empty one", _is_null_or_empty),
    _simple("IsPresent", "Tells whether there is a value", _is_present),
    _simple("IsString", "Tells whether a value is a text", _is_string),
    _simple(DROPPING, "Leaves the target alone without a value", _ignore_flow),
    Function("Coalesce", "source…", "Takes the first that has a value", builder=_build_coalesce),
    Function(
        "IIF",
        "condition, valueIfTrue, valueIfFalse",
        "Chooses one of two values by a condition",
        builder=_build_iif,
    ),
    Function(
        "CBool", "expression", "Turns a number or comparison into True or False", None, _build_cbool
    ),
    Function(
        "Switch",
        "source, defaultValue?, key…, value…",
        "Chooses a value by comparing with keys",
        builder=_build_switch,
    ),
)
