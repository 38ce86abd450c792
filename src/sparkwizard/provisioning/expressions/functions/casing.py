"""Upper, lower and title case as .NET makes them: one character for one character."""

import unicodedata

__all__ = ["lower", "title", "upper"]

_TURKIC = ("tr", "az")
_TURKIC_LOWER = {"I": "\u0131", "İ": "i"}
_TURKIC_UPPER = {"i": "İ", "\u0131": "I"}
# The invariant culture leaves the two Turkish letters alone.
_INVARIANT = {"İ": "İ", "\u0131": "\u0131"}

# .NET's ToTitleCase: letters, marks, digits and unassigned characters don't end a word.
_INSIDE_WORDS = frozenset(("Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Cs Co Cn").split())  # noqa: SIM905 -- Unicode's own names, easier to compare in one line


def lower(text: str, culture: str = "") -> str:
    """Return a text in lower case by a culture's rules; none means the invariant culture."""
    special = _TURKIC_LOWER if _is_turkic(culture) else _INVARIANT
    return "".join(special.get(one) or _single(one, one.lower()) for one in text)


def upper(text: str, culture: str = "") -> str:
    """Return a text in upper case by a culture's rules; none means the invariant culture."""
    special = _TURKIC_UPPER if _is_turkic(culture) else _INVARIANT
    return "".join(special.get(one) or _single(one, one.upper()) for one in text)


def title(text: str, separators: str | None) -> str:
    """Begin each word with a capital, all else in lower case.

    Without separators a word ends where .NET's ToTitleCase ends it; an apostrophe doesn't. With
    separators exactly these characters end a word.
    """
    small = lower(text)
    if separators is None:
        return _title(small)
    out = []
    begins = True
    for one in small:
        out.append(upper(one) if begins else one)
        begins = one in separators
    return "".join(out)


def _title(text: str) -> str:
    out = []
    inside = False
    for one in text:
        category = unicodedata.category(one)
        if not inside and category[0] == "L":
            out.append(_single(one, one.title()))
            inside = True
            continue
        out.append(one)
        inside = inside and (one == "'" or category in _INSIDE_WORDS)
    return "".join(out)


def _single(before: str, after: str) -> str:
    """Return the changed character, or the old one where it would become several, like ß."""
    return after if len(after) == 1 else before


def _is_turkic(culture: str) -> bool:
    return culture.lower().split("-", maxsplit=1)[0] in _TURKIC
