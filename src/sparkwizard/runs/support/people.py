"""Take people out of texts: their addresses, and every name that is known of them."""

import re
from collections.abc import Iterable

__all__ = ["PeopleHidden", "without_addresses"]

# also as it stands in an address of the web: megan%40contoso.example
_ADDRESS = re.compile(r"[\w.+'~-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_NAME = "[name]"
_SHORTEST = 3
_MOST_WORDS = 6
_CLOSE = 3
"""How many marks may stand between two words of a name: "Vance, Adele", "adele.vance"."""


def without_addresses(text: str) -> str:
    """Return a text with every e-mail address replaced."""
    return _ADDRESS.sub("[address]", text)


class PeopleHidden:
    """Replace the people of ``names`` in texts: the same address is the same number everywhere.

    A name is hidden as a whole, in any case and with any marks between its words, and so is each
    word of it of three letters and more.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._phrases: set[tuple[str, ...]] = set()
        self._words: set[str] = set()
        self._addresses: dict[str, int] = {}
        for name in names:
            words = tuple(word.casefold() for word in _WORD.findall(name.partition("@")[0]))
            if 0 < len(words) <= _MOST_WORDS and any(len(word) > 1 for word in words):
                self._phrases.add(words)
            self._words.update(word for word in words if _is_name(word))

    @property
    def addresses(self) -> int:
        """Return how many different addresses were replaced so far."""
        return len(self._addresses)

    def hide(self, text: str) -> str:
        """Return the text without people."""
        return self._names(_ADDRESS.sub(self._numbered, text))

    def _numbered(self, match: re.Match[str]) -> str:
        address = match.group().replace("%40", "@").casefold()
        return f"[address {self._addresses.setdefault(address, len(self._addresses) + 1)}]"

    def _names(self, text: str) -> str:
        words = list(_WORD.finditer(text))
        folded = [word.group().casefold() for word in words]
        done, pieces, at = 0, [], 0
        while at < len(words):
            count = self._known(words, folded, at)
            if count:
                pieces += [text[done : words[at].start()], _NAME]
                done = words[at + count - 1].end()
            at += count or 1
        return "".join((*pieces, text[done:]))

    def _known(self, words: list[re.Match[str]], folded: list[str], at: int) -> int:
        """Return how many words from ``at`` on are one name, 0 for none."""
        longest = 1
        while (
            longest < _MOST_WORDS
            and at + longest < len(words)
            and words[at + longest].start() - words[at + longest - 1].end() <= _CLOSE
        ):
            longest += 1
        for count in range(longest, 0, -1):
            if tuple(folded[at : at + count]) in self._phrases:
                return count
        return int(folded[at] in self._words)


def _is_name(word: str) -> bool:
    """Return whether a word alone is hidden; numbers and initials would take too much along."""
    return len(word) >= _SHORTEST and not word.isdigit()
