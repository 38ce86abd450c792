"""Replace: one function, five ways of working, told apart by the arguments that are given."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sparkwizard.provisioning.expressions.dotnet_regex import (
    BadPattern,
    Pattern,
    TooSlow,
    compile_pattern,
    expand,
)
from sparkwizard.provisioning.expressions.faults import EvaluationError, ExpressionError
from sparkwizard.provisioning.expressions.functions.spec import (
    Building,
    Evaluator,
    Frame,
    Function,
    is_given,
)
from sparkwizard.provisioning.expressions.syntax import Call, Constant
from sparkwizard.provisioning.expressions.values import MAX_TEXT, Value, as_text, is_empty, too_long

if TYPE_CHECKING:
    import regex  # type: ignore[import-untyped]  # the package brings no types

__all__ = ["FUNCTIONS"]

type _Substitute = Callable[["regex.Match[str]"], str]

_NAMES = (
    "source",
    "oldValue",
    "regexPattern",
    "regexGroupName",
    "replacementValue",
    "replacementAttributeName",
    "template",
)


def _build(building: Building, call: Call) -> Evaluator:
    given = frozenset(name for index, name in enumerate(_NAMES[1:], 1) if is_given(call, index))
    mode = _MODES.get(given)
    if mode is None:
        raise _unclear(call)
    parts = {
        name: building.value(call.arguments[index])
        for index, name in enumerate(_NAMES)
        if is_given(call, index)
    }
    _check_old_value(call)
    return mode(parts, call)


def _plain(parts: dict[str, Evaluator], _call: Call) -> Evaluator:
    source, old, new = parts["source"], parts["oldValue"], parts["replacementValue"]

    def replace(frame: Frame) -> Value:
        text, before = as_text(source(frame)), as_text(old(frame))
        if text is None or not before:
            return text
        return _replaced(text, before, as_text(new(frame)) or "")

    return replace


def _template(parts: dict[str, Evaluator], _call: Call) -> Evaluator:
    source, old, template = parts["source"], parts["oldValue"], parts["template"]

    def replace(frame: Frame) -> Value:
        text, before = as_text(source(frame)), as_text(old(frame))
        whole = as_text(template(frame))
        if text is None or whole is None or not before:
            return None if text is None else whole
        return _replaced(whole, before, text)

    return replace


def _replaced(text: str, before: str, after: str) -> str:
    """Replace all, but see first how long it gets: nested replacements could fill any memory."""
    if len(text) + text.count(before) * (len(after) - len(before)) > MAX_TEXT:
        raise too_long()
    return text.replace(before, after)


def _pattern(parts: dict[str, Evaluator], call: Call) -> Evaluator:
    source, new, pattern = parts["source"], parts["replacementValue"], _Patterns(parts, call)

    def replace(frame: Frame) -> Value:
        text = as_text(source(frame))
        if text is None:
            return None
        found, replacement = pattern.at(frame), as_text(new(frame)) or ""
        if not replacement:
            return _in_time(lambda: found.remove(text))
        expanded = _limited(lambda match: expand(replacement, match, found.names))
        return _in_time(lambda: found.replace(text, expanded))

    return replace


def _group(parts: dict[str, Evaluator], call: Call) -> Evaluator:
    source, new, pattern = parts["source"], parts["replacementValue"], _Patterns(parts, call)
    group = parts["regexGroupName"]

    def replace(frame: Frame) -> Value:
        text = as_text(source(frame))
        if text is None:
            return None
        found, name, replacement = pattern.at(frame), as_text(group(frame)), as_text(new(frame))
        key = _group_key(found, name)
        swapped = _limited(lambda match: _swapped(match, key, replacement or ""))
        return _in_time(lambda: found.replace(text, swapped))

    return replace


def _fallback(parts: dict[str, Evaluator], call: Call) -> Evaluator:
    source, other, pattern = (
        parts["source"],
        parts["replacementAttributeName"],
        _Patterns(parts, call),
    )
    group = parts["regexGroupName"]

    def replace(frame: Frame) -> Value:
        value = source(frame)
        if not is_empty(value):
            return value
        text = as_text(other(frame))
        if text is None:
            return None
        found = pattern.at(frame)
        key = _group_key(found, as_text(group(frame)))
        match = _in_time(lambda: found.search(text))
        return None if match is None or match.group(key) is None else str(match.group(key))

    return replace


_MODES = {
    frozenset(("oldValue", "replacementValue")): _plain,
    frozenset(("oldValue", "template")): _template,
    frozenset(("regexPattern", "replacementValue")): _pattern,
    frozenset(("regexPattern", "regexGroupName", "replacementValue")): _group,
    frozenset(("regexPattern", "regexGroupName", "replacementAttributeName")): _fallback,
}


class _Patterns:
    """Give the pattern of a call: compiled once where it is a text, else as values ask for it."""

    def __init__(self, parts: dict[str, Evaluator], call: Call) -> None:
        self._evaluate = parts["regexPattern"]
        self._seen: dict[str, Pattern] = {}
        node = call.arguments[2]
        self._written: Pattern | None = None
        if not isinstance(node, Constant):
            return
        try:
            self._written = self._pattern(str(node.value))
        except BadPattern as error:
            raise ExpressionError(str(error), position=node.position) from error
        _check_group(call, self._written)

    def at(self, frame: Frame) -> Pattern:
        if self._written is not None:
            return self._written
        try:
            return self._pattern(as_text(self._evaluate(frame)) or "")
        except BadPattern as error:
            raise EvaluationError(str(error)) from error

    def _pattern(self, source: str) -> Pattern:
        known = self._seen.get(source)
        if known is None:
            if len(self._seen) > 100:
                self._seen.clear()
            known = self._seen[source] = compile_pattern(source)
        return known


def _check_group(call: Call, pattern: Pattern) -> None:
    if not is_given(call, 3):
        return
    node = call.arguments[3]
    if isinstance(node, Constant):
        try:
            _group_key(pattern, str(node.value))
        except EvaluationError as error:
            raise ExpressionError(
                error.message, position=node.position, suggestion=_likely(pattern)
            ) from error


def _likely(pattern: Pattern) -> str:
    return next((name for name in pattern.names if name), "")


def _group_key(pattern: Pattern, name: str | None) -> str | int:
    if name in pattern.names and name is not None:
        return name
    if (
        name is not None
        and name.isascii()
        and name.isdigit()
        and int(name[:4]) <= len(pattern.names)
    ):
        return int(name[:4])
    raise EvaluationError(f"The regular expression has no group called “{(name or '')[:60]}”.")


def _swapped(match: "regex.Match[str]", key: str | int, replacement: str) -> str:
    """Return the match with only the group's part replaced."""
    whole, start = str(match.group()), match.start()
    begin, end = match.span(key)
    if begin < 0:
        return whole
    return whole[: begin - start] + replacement + whole[end - start :]


def _limited(make: _Substitute) -> _Substitute:
    """Stop a replacement that grows beyond all use."""
    room = MAX_TEXT

    def made(match: "regex.Match[str]") -> str:
        nonlocal room
        text = make(match)
        room -= len(text)
        if room < 0:
            raise too_long()
        return text

    return made


def _in_time[Result](work: "Callable[[], Result]") -> Result:
    try:
        return work()
    except TooSlow:
        raise EvaluationError(
            "The regular expression takes too long on this value.",
            fix="Make the pattern simpler: avoid one repetition inside another.",
        ) from None


def _check_old_value(call: Call) -> None:
    node = call.arguments[1]
    if isinstance(node, Constant) and node.value == "":
        raise ExpressionError(
            "Replace can't look for an empty text.",
            position=node.position,
            fix="Write the text to be replaced, or leave the argument out.",
        )


def _unclear(call: Call) -> ExpressionError:
    return ExpressionError(
        "Replace can't tell from its arguments what to do.",
        position=call.position,
        fix="Give oldValue with replacementValue or template, or regexPattern with "
        "replacementValue, or regexPattern and regexGroupName with replacementValue or "
        "replacementAttributeName.",
    )


FUNCTIONS = (
    Function(
        "Replace",
        ", ".join((_NAMES[0], *(f"{name}?" for name in _NAMES[1:]))),
        "Replaces text, by itself or by a regular expression",
        builder=_build,
    ),
)
