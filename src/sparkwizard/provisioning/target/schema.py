"""Know the Webex attributes a rule can fill: names for people, types, limits, and comparison.

The table itself is in ``table``.
"""

import re
import sys
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import cast

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.target.path import TargetPath, parse_path
from sparkwizard.provisioning.target.table import (
    SET_BY_WEBEX,
    TARGET_ATTRIBUTES,
    TYPES,
    Mutability,
    TargetAttribute,
    ValueType,
)
from sparkwizard.provisioning.types import Json, Reason
from sparkwizard.values import replace

__all__ = [
    "TARGET_ATTRIBUTES",
    "Mutability",
    "TargetAttribute",
    "ValueType",
    "canonical_target",
    "coerce",
    "coercer",
    "counts_exactly",
    "describe",
    "keeps_all",
    "label",
    "same_value",
    "similar_target",
    "types_of",
]


@cache
def _by_key() -> dict[str, TargetAttribute]:
    return {parse_path(one.path).key: one for one in TARGET_ATTRIBUTES}


@lru_cache(maxsize=4096)
def describe(path: str) -> TargetAttribute | None:
    """Return what Webex says of a target attribute, or None for an unknown or malformed path."""
    for one in TARGET_ATTRIBUTES:
        if one.path == path:
            return one  # as mappings spell it: nothing is taken apart
    try:
        parsed = parse_path(path)
    except MappingError:
        return None
    return _by_key().get(_without_primary(parsed).key)


def canonical_target(path: str) -> str:
    """Return a target in Webex's own spelling; an unknown or malformed one stays as it is.

    ``primary eq true`` is kept: it marks the element that a write makes.
    """
    known = describe(path)
    if known is None:
        return path
    parsed = parse_path(path)
    return str(parsed) if _without_primary(parsed) != parsed else known.path


def similar_target(path: str) -> str:
    """Return the attribute most like an unknown path, or an empty text."""
    import difflib  # noqa: PLC0415 -- for slips of the pen

    found = difflib.get_close_matches(path.lower()[:200], _by_key(), n=1, cutoff=0.75)
    return _by_key()[found[0]].path if found else ""


def types_of(path: str) -> tuple[str, ...]:
    """Return the types that elements of this path's list may have, e.g. work and home."""
    return TYPES.get(parse_path(path).attribute.lower(), ())


def label(path: str) -> str:
    """Return what to call a target attribute on screen; an unknown path is its own label."""
    known = describe(path)
    return known.label if known else path


def coerce(path: str, value: Json) -> Json | Reason:
    """Bring a value to the target's type, or say why Webex would not take it.

    Empty text is no value: clearing needs an explicit removal, which no rule asks for.
    """
    return coercer(path)(value)


@lru_cache(maxsize=4096)
def coercer(path: str) -> Callable[[Json], Json | Reason]:
    """Return what brings values to the type of one target, looked up once for many people."""
    attribute = describe(path)
    if attribute is None:
        return lambda value: value
    if not attribute.writable:
        refused = _refused(attribute)
        return lambda _value: refused
    if attribute.type is ValueType.BOOLEAN:
        return lambda value: None if value in _NOTHING else _boolean(attribute, value)
    if attribute.multi_valued:
        return lambda value: None if value in _NOTHING else _texts(attribute, value)
    return _text_coercer(attribute)


def _text_coercer(attribute: TargetAttribute) -> Callable[[Json], Json | Reason]:
    limit = attribute.max_length or sys.maxsize
    if attribute.canonical_values:
        return lambda value: None if value in _NOTHING else _text(attribute, value)
    fits = _EMAIL.fullmatch if attribute.type is ValueType.EMAIL else bool

    def coerced(value: Json) -> Json | Reason:
        # nearly every value is a short text; what can be printed can be sent
        if type(value) is str and len(value) <= limit and value.isprintable() and fits(value):
            return value
        return None if value in _NOTHING else _text(attribute, value)

    return coerced


@lru_cache(maxsize=4096)
def keeps_all(path: str) -> Callable[[Sequence[object]], bool]:
    """Return what tells of many values at once that they are texts ``coercer`` keeps as they are.

    False says nothing about any of them; an empty text is none.
    """
    attribute = describe(path)
    if attribute is None:
        return lambda values: bool(_joined(values))
    if (
        not attribute.writable
        or attribute.type is ValueType.BOOLEAN
        or attribute.multi_valued
        or attribute.canonical_values
    ):
        return lambda _values: False
    limit, is_email = attribute.max_length or sys.maxsize, attribute.type is ValueType.EMAIL

    def kept(values: Sequence[object]) -> bool:
        together = _joined(values)
        if not together or not _is_printable(together):
            return False
        texts = cast("Sequence[str]", values)
        if len(together) > limit and max(map(len, texts)) > limit:
            return False
        return not is_email or all(map(_EMAIL.fullmatch, texts))

    return kept


def _joined(values: Sequence[object]) -> str:
    """Return texts as one, an empty one where any is empty or no text."""
    try:
        return "".join(cast("Sequence[str]", values)) if all(values) else ""
    except TypeError:
        return ""


def _is_printable(text: str) -> bool:
    """Return what ``isprintable`` does, ten times as fast for plain text."""
    if text.isascii():
        return not text.encode().translate(None, _PRINTABLE)
    return text.isprintable()


_PRINTABLE = bytes(range(0x20, 0x7F))


def _refused(attribute: TargetAttribute) -> Reason:
    why = attribute.refusal or SET_BY_WEBEX
    return Reason("read-only", f"{attribute.label} can't be written. {why}")


@lru_cache(maxsize=4096)
def counts_exactly(path: str) -> bool:
    """Return whether two texts at a target that are not equal never mean the same."""
    attribute = describe(path)
    if attribute is None:
        return True
    plain = attribute.type is not ValueType.BOOLEAN and not attribute.multi_valued
    return plain and attribute.case_exact


def same_value(path: str, a: Json, b: Json) -> bool:
    """Tell whether two values of a target mean the same, as Webex keeps them.

    User name, e-mails and ids count without regard to case, booleans as text count, no value and
    empty text are the same; a list of texts has no order. All else counts exactly.
    """
    if type(a) is type(b) and a == b:
        return True
    return _comparable(path, a) == _comparable(path, b)


# -- values ------------------------------------------------------------------------------------

_NOTHING: tuple[Json, ...] = (None, "", [])
_EMAIL = re.compile(r"[^@\s\"<>()\[\],;:\\]+@[^@\s\"<>()\[\],;:\\.]+(?:\.[^@\s\"<>()\[\],;:\\.]+)+")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


@cache
def _unsendable() -> re.Pattern[str]:
    return re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def _without_primary(path: TargetPath) -> TargetPath:
    """Return the path without ``primary eq true``, which names the same attribute."""
    kept = tuple(one for one in path.selectors if one.attribute.lower() != "primary")
    return replace(path, selectors=kept)


def _boolean(attribute: TargetAttribute, value: Json) -> Json | Reason:
    found = _BOOLEANS.get(str(value).strip().lower())
    if found is None:
        text = f"{attribute.label} must be True or False, not {_shown(value)}."
        return Reason("not-boolean", text)
    return found


def _texts(attribute: TargetAttribute, value: Json) -> Json | Reason:
    texts: list[Json] = []
    for one in value if isinstance(value, list) else [value]:
        text = _text(attribute, one)
        if isinstance(text, Reason):
            return text
        if text not in (None, ""):
            texts.append(text)
    return texts or None


def _text(attribute: TargetAttribute, value: Json) -> Json | Reason:
    if isinstance(value, list) and len(value) == 1:
        return _text(attribute, value[0])
    if isinstance(value, list | dict):
        count = f" ({len(value)})" if isinstance(value, list) else ""
        return Reason(
            "several-values", f"{attribute.label} takes one value, but there are several{count}."
        )
    text = "" if value is None else str(value)
    problem = _problem(attribute, text)
    return problem or text


def _problem(attribute: TargetAttribute, text: str) -> Reason | None:
    name, limit = attribute.label, attribute.max_length
    if limit and len(text) > limit:
        return Reason(
            "too-long", f"{name} is longer than Webex allows ({len(text)} of {limit} characters)."
        )
    if not text.isprintable() and _unsendable().search(text):
        return Reason("unsendable", f"{name} holds a character that can't be sent.")
    if attribute.type is ValueType.EMAIL and not _EMAIL.fullmatch(text):
        return Reason("not-email", f"{name} is not an e-mail address: {_shown(text)}.")
    if attribute.canonical_values and text not in attribute.canonical_values:
        allowed = ", ".join(attribute.canonical_values)
        return Reason("not-allowed", f"{name} must be one of {allowed}, not {_shown(text)}.")
    return None


def _shown(value: Json) -> str:
    text = str(value)
    return f"“{text if len(text) <= 60 else f'{text[:60]}…'}”"


def _comparable(path: str, value: Json) -> Json:
    if value is None or value in ("", []):
        return None
    attribute = describe(path)
    if attribute is None:
        return value
    if attribute.type is ValueType.BOOLEAN:
        return _BOOLEANS.get(str(value).strip().lower(), value)
    if isinstance(value, list | dict):
        return _comparable_list(attribute, value)
    if attribute.multi_valued:
        return [str(value)]
    return str(value) if attribute.case_exact else str(value).lower()


def _comparable_list(attribute: TargetAttribute, value: list[Json] | dict[str, Json]) -> Json:
    if isinstance(value, dict) or attribute.type is ValueType.COMPLEX:
        return value
    texts: list[str] = sorted(str(one) for one in value)
    if len(texts) == 1 and not attribute.multi_valued:
        return texts[0] if attribute.case_exact else texts[0].lower()
    return list[Json](texts)
