"""What the cells of a file of people mean, one by one and a column at a time."""

import unicodedata
from collections.abc import Mapping, Sequence

__all__ = ["FALSE", "ORDINARY_ENABLED", "ORDINARY_GONE", "TRUE", "composed", "each", "lowered"]

# A spreadsheet program translates True and False when it saves.
TRUE = frozenset(("true", "1", "yes", "enabled", "wahr", "vrai", "verdadero", "vero", "waar"))
FALSE = frozenset(("false", "0", "no", "disabled", "falsch", "faux", "falso", "onwaar"))

ORDINARY_ENABLED: Mapping[str, str] = {
    "": "",
    **dict.fromkeys(("True", "true", "TRUE"), "True"),
    **dict.fromkeys(("False", "false", "FALSE"), "False"),
}
"""What accountEnabled is, by what is written there as a rule."""

ORDINARY_GONE: Mapping[str, str] = {
    word: "True" if meant == "False" else "False" for word, meant in ORDINARY_ENABLED.items()
}
"""What IsSoftDeleted is, by what is written for accountEnabled as a rule."""


def each(meanings: Mapping[str, str], words: Sequence[str]) -> list[str]:
    """Return what each of these words means; there is one at least."""
    first = words[0]
    if words.count(first) == len(words):
        return [meanings[first]] * len(words)
    return [meanings[word] for word in words]


def lowered(texts: list[str]) -> list[str]:
    """Return texts in lower case; one that is so already stays the very same text."""
    together = "\n".join(texts)
    if together.lower() == together:
        return texts
    return [text if (low := text.lower()) == text else low for text in texts]


def composed(texts: Sequence[str]) -> list[str]:
    """Return texts with each letter and its accents as one."""
    return [unicodedata.normalize("NFC", text) for text in texts]
