"""Functions that make text of text.

Where Microsoft's reference is silent about null, null gives null: Entra never provisions it.
Positions and lengths count characters.
"""

import base64
import re
import unicodedata
from functools import cache

from sparkwizard.provisioning.expressions.faults import EvaluationError, ExpressionError
from sparkwizard.provisioning.expressions.functions.casing import lower, title, upper
from sparkwizard.provisioning.expressions.functions.diacritics import DIACRITICS
from sparkwizard.provisioning.expressions.functions.spec import (
    Building,
    Evaluator,
    Frame,
    Function,
    check_first_is_one,
    check_written,
    is_given,
)
from sparkwizard.provisioning.expressions.syntax import Call, Constant, Word
from sparkwizard.provisioning.expressions.values import (
    MAX_TEXT,
    Value,
    as_integer,
    as_list,
    as_text,
    is_empty,
    too_long,
)

__all__ = ["FUNCTIONS"]


def _append(_frame: Frame, values: list[Value]) -> Value:
    source, suffix = as_text(values[0]), as_text(values[1])
    return None if source is None else source + (suffix or "")


def _join(_frame: Frame, values: list[Value]) -> Value:
    separator = as_text(values[0]) or ""
    texts: list[str] = []
    for value in values[1:]:
        if type(value) is str:
            texts.append(value)
        elif value is not None:
            texts += (as_text(one) or "" for one in as_list(value) if not is_empty(one))
    texts = [text for text in texts if text]
    if len(texts) * len(separator) > MAX_TEXT:
        raise too_long()
    return separator.join(texts)


def _left(_frame: Frame, values: list[Value]) -> Value:
    text, count = as_text(values[0]), _needed(values[1], "NumChars")
    if text is None:
        return ""
    return text if count < 0 else text[:count]


def _mid(_frame: Frame, values: list[Value]) -> Value:
    text = as_text(values[0])
    start, length = _needed(values[1], "start"), _needed(values[2], "length")
    if text is None:
        return None
    if start < 1:
        raise EvaluationError("The first character has the number 1.")
    return text[start - 1 : start - 1 + max(length, 0)]


def _word(_frame: Frame, values: list[Value]) -> Value:
    text, number = as_text(values[0]), _needed(values[1], "WordNumber")
    delimiters = as_text(values[2]) or ""
    if text is None or number < 1:
        return ""
    words = re.split(f"[{re.escape(delimiters)}]", text) if delimiters else [text]
    words = [word for word in words if word]
    return words[number - 1] if number <= len(words) else ""


def _to_lower(_frame: Frame, values: list[Value]) -> Value:
    text = as_text(values[0])
    return None if text is None else lower(text, _culture(values))


def _to_upper(_frame: Frame, values: list[Value]) -> Value:
    text = as_text(values[0])
    return None if text is None else upper(text, _culture(values))


def _proper_case(_frame: Frame, values: list[Value]) -> Value:
    text = as_text(values[0])
    separators = as_text(values[1]) if len(values) > 1 else None
    return None if text is None else title(text, separators)


def _strip_spaces(_frame: Frame, values: list[Value]) -> Value:
    text = as_text(values[0])
    return None if text is None else text.replace(" ", "")


def _normalize_diacritics(_frame: Frame, values: list[Value]) -> Value:
    text = as_text(values[0])
    if text is None:
        return None
    plain = _every_form()
    return _diacritic().sub(lambda found: plain[found.group()], text)


def _convert_to_base64(_frame: Frame, values: list[Value]) -> Value:
    text = as_text(values[0])
    if text is None:
        return None
    return base64.b64encode(text.encode("utf-16-le", "replace")).decode("ascii")


def _convert_to_hex(_frame: Frame, values: list[Value]) -> Value:
    text = as_text(values[0])
    return None if text is None else text.encode("utf-8", "replace").hex().upper()


def _redact(_frame: Frame, values: list[Value]) -> Value:
    """Return the value: only Entra's provisioning log hides it."""
    return values[0]


def _build_in_str(building: Building, call: Call) -> Evaluator:
    source, wanted = (building.value(node) for node in call.arguments[:2])
    start = building.value(call.arguments[2]) if is_given(call, 2) else None
    ignore_case = _compare_type(call)

    def in_str(frame: Frame) -> Value:
        text, part = as_text(source(frame)) or "", as_text(wanted(frame)) or ""
        first = 1 if start is None else _needed(start(frame), "start")
        if first < 1:
            raise EvaluationError("The first character has the number 1.")
        if ignore_case:
            text, part = lower(text, ""), lower(part, "")
        return text.find(part, first - 1) + 1

    return in_str


def _compare_type(call: Call) -> bool:
    """Return whether InStr is to ignore case."""
    if not is_given(call, 3):
        return False
    node = call.arguments[3]
    name = node.name if isinstance(node, Word) else node.value if isinstance(node, Constant) else ""
    if name not in ("vbTextCompare", "vbBinaryCompare"):
        raise ExpressionError(
            "InStr compares by vbTextCompare or vbBinaryCompare.",
            position=node.position,
            suggestion="vbTextCompare",
        )
    return name == "vbTextCompare"


def _needed(value: Value, name: str) -> int:
    number = as_integer(value)
    if number is None:
        raise EvaluationError(f"{name} has no value.")
    return number


_CULTURE = re.compile(r"([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?")
_CHECK_CULTURE = check_written(
    1, lambda text: _CULTURE.fullmatch(text) is not None, "“{}” is not a culture like en-US."
)


def _culture(values: list[Value]) -> str:
    culture = (as_text(values[1]) if len(values) > 1 else None) or ""
    if not _CULTURE.fullmatch(culture):
        raise EvaluationError(f"“{culture[:60]}” is not a culture like en-US.")
    return culture


@cache
def _every_form() -> dict[str, str]:
    """Return the table with composed and decomposed spellings of each character."""
    return {
        form: plain
        for character, plain in DIACRITICS.items()
        for form in (
            character,
            unicodedata.normalize("NFC", character),
            unicodedata.normalize("NFD", character),
        )
    }


@cache
def _diacritic() -> re.Pattern[str]:
    """Return what finds a character of the table; made once a rule asks for it: few do."""
    return re.compile("|".join(sorted(map(re.escape, _every_form()), key=len, reverse=True)))


FUNCTIONS = (
    Function("Append", "source, suffix", "Puts a suffix after a text", _append),
    Function("Join", "separator, source…", "Puts texts together, skipping empty ones", _join),
    Function("Left", "String, NumChars", "Takes the first characters", _left),
    Function(
        "Mid",
        "source, start, length",
        "Takes characters from the middle",
        _mid,
        check=check_first_is_one(1, "character"),
    ),
    Function("Word", "String, WordNumber, Delimiters", "Takes the n-th word", _word),
    Function(
        "ToLower", "source, culture?", "Makes a text lower case", _to_lower, check=_CHECK_CULTURE
    ),
    Function(
        "ToUpper", "source, culture?", "Makes a text upper case", _to_upper, check=_CHECK_CULTURE
    ),
    Function("PCase", "source, wordSeparators?", "Begins each word with a capital", _proper_case),
    Function("StripSpaces", "source", "Takes all spaces away", _strip_spaces),
    Function("NormalizeDiacritics", "source", "Replaces accented letters", _normalize_diacritics),
    Function("ConvertToBase64", "source", "Encodes a text in Base64", _convert_to_base64),
    Function("ConvertToUTF8Hex", "source", "Encodes a text in hexadecimal", _convert_to_hex),
    Function("Redact", "value", "Hides a value in Entra's provisioning log", _redact),
    Function(
        "InStr",
        "value1, value2, start?, compareType?",
        "Finds where a text stands in another",
        builder=_build_in_str,
    ),
)
