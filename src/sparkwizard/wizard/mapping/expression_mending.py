"""Say where a fault of an expression stands, and put the suggested text in its place."""

import msgspec

__all__ = ["Mending", "fault_span", "mending", "place_words"]

_QUOTES = tuple("“”„‟«»'\u2018\u2019\u201a")  # word processors make these of straight ones


class Mending(msgspec.Struct, frozen=True):
    """Replace the characters from ``start`` to ``end`` by ``text``."""

    start: int
    end: int
    text: str

    def applied(self, expression: str) -> str:
        """Return the expression with the suggestion in it."""
        return expression[: self.start] + self.text + expression[self.end :]


def fault_span(text: str, position: int) -> tuple[int, int]:
    """Return the characters to mark for a fault: the word, attribute or escape that begins there.

    At the end of the text it is the last character; of an empty text there is nothing to mark.
    """
    start = min(max(position, 0), max(0, len(text) - 1))
    if text[start : start + 1] == "[":
        closing = text.find("]", start)
        return start, closing + 1 if closing >= 0 else start + 1
    if text[start : start + 1] == "\\":
        return start, min(start + 2, len(text))
    end = min(start + 1, len(text))
    while end < len(text) and _is_name(text[start]) and _is_name(text[end]):
        end += 1
    return start, end


def mending(text: str, position: int, suggestion: str) -> Mending:
    """Return what replaces the fault at ``position``.

    An attribute keeps its square brackets; a text in curly quotation marks gets two straight ones.
    """
    start, end = fault_span(text, position)
    if suggestion == '"' and text[start : start + 1] in _QUOTES:
        closing = next((at for at in range(end, len(text)) if text[at] in _QUOTES), None)
        if closing is not None:
            return Mending(start, closing + 1, f'"{text[end:closing]}"')
    bracketed = text[start : start + 1] == "[" and not suggestion.startswith("[")
    return Mending(start, end, f"[{suggestion}]" if bracketed else suggestion)


def place_words(text: str, position: int) -> str:
    """Say where a character stands, counted from 1; with its line where there are several."""
    before = text[: max(position, 0)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    if "\n" in text.strip("\n"):
        return f"line {line}, character {column}"
    return f"character {column}"


def _is_name(character: str) -> bool:
    return character.isalnum() or character == "_"
