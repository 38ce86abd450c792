"""Run .NET regular expressions with a time limit.

Patterns are translated into the dialect of the ``regex`` module. What .NET has and ``regex`` has
not (balancing groups) is refused with a sentence; what only ``regex`` has (fuzzy matching, nested
sets) loses its meaning, as in .NET.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import regex  # type: ignore[import-untyped]  # the package brings no types

__all__ = ["BadPattern", "Pattern", "TooSlow", "compile_pattern", "expand"]

SECONDS = 0.5
"""How long one pattern may work on one value."""

_STRIKES = 3
_LARGEST = 100_000
_DEEPEST = 100

_NET_ESCAPES = frozenset("abtrvfnexucdDwWsSpPkAzZGB")
_NET_GROUP = re.compile(r"[:=!>(]|<[=!]|[imsx]*(?:-[imsx]+)?[:)]")
_FLAGS = re.compile(r"[imsx]*(?:-[imsx]+)?\)")
_NAME = r"[A-Za-z_]\w*"
_PIECE = re.compile(
    rf"""
      \\k(?:<(?P<back>\w+)>|'(?P<back2>\w+)'|\{{(?P<back3>\w+)\}})
    | (?P<property>\\[pP]\{{\^?\w+\}})
    | \\(?P<escape>.)
    | (?P<comment>\(\?\#[^)]*\))
    | \(\?(?:<(?P<name>{_NAME})>|'(?P<name2>{_NAME})')
    | (?P<balancing>\(\?(?:<\w*-\w+>|'\w*-\w+'))
    | (?P<special>\(\?)
    | (?P<group>\()
    | (?P<class>\[)
    | (?P<repeat>\{{\d+(?:,\d*)?\}})
    | (?P<brace>\{{)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class BadPattern(ValueError):
    """Report a pattern that .NET would refuse, or that can't be run here."""


class TooSlow(Exception):
    """Report a pattern that did not come to an end in time."""


class Pattern(msgspec.Struct):
    """Hold a compiled pattern; ``names`` are its groups' names (or None) in .NET's numbering.

    After three time-outs it gives up at once, so that ten thousand people can't hang on it.
    """

    source: str
    compiled: "regex.Pattern[str]"
    names: tuple[str | None, ...]
    _strikes: int = 0

    def search(self, text: str) -> "regex.Match[str] | None":
        """Return the first match anywhere in a text, as .NET's IsMatch looks for it."""
        return self._timed(lambda: self.compiled.search(text, timeout=SECONDS))

    def replace(self, text: str, replacement: Callable[["regex.Match[str]"], str]) -> str:
        """Replace every match by what a function makes of it."""
        return self._timed(lambda: str(self.compiled.sub(replacement, text, timeout=SECONDS)))

    def remove(self, text: str) -> str:
        """Take every match away."""
        return self._timed(lambda: str(self.compiled.sub("", text, timeout=SECONDS)))

    def _timed[Result](self, work: Callable[[], Result]) -> Result:
        if self._strikes >= _STRIKES:
            raise TooSlow
        try:
            return work()
        except TimeoutError:
            self._strikes += 1
            raise TooSlow from None


def compile_pattern(source: str) -> Pattern:
    """Compile a .NET pattern, or raise ``BadPattern`` with a sentence."""
    import regex  # noqa: PLC0415  as slow to import as all of planning, and few rules use it

    translated = _translated(source)
    try:
        compiled = regex.compile(translated, regex.V0, cache_pattern=False)
    except (regex.error, OverflowError, RecursionError, MemoryError, ValueError, KeyError) as error:
        detail = error.msg if isinstance(error, regex.error) else "it can't be compiled"
        raise BadPattern(f"The regular expression can't be read: {detail}.") from error
    named = sorted(compiled.groupindex, key=compiled.groupindex.__getitem__)
    unnamed = compiled.groups - len(named)
    # .NET numbers the unnamed groups first, then the named ones.
    return Pattern(source, compiled, (*(None for _ in range(unnamed)), *named))


@lru_cache(maxsize=256)
def _translated(source: str) -> str:
    """Return the pattern in the other dialect."""
    out: list[str] = []
    size = _Size()
    position = 0
    while position < len(source):
        found = _PIECE.match(source, position)
        assert found is not None  # the last alternative takes any character
        position = found.end()
        size.add(found)
        if found.lastgroup == "class":
            text, position = _character_class(source, position)
            out.append(text)
            continue
        out.append(_piece(found, source))
    return "".join(out)


class _Size:
    """Estimate how large a pattern becomes when its fixed repetitions are written out.

    The ``regex`` module does write them out, before any time limit counts.
    """

    def __init__(self) -> None:
        self._open = [(0, 0)]  # of each open group: its size, and that of its last part

    def add(self, found: re.Match[str]) -> None:
        total, last = self._open[-1]
        if found.lastgroup in ("group", "special", "name", "name2"):
            self._open.append((0, 0))
            if len(self._open) > _DEEPEST:
                raise BadPattern("The regular expression has too many groups inside one another.")
        elif found.lastgroup == "other" and found["other"] == ")" and len(self._open) > 1:
            self._open.pop()
            before = self._open[-1][0]
            self._open[-1] = (before + total, total)
        elif found.lastgroup == "repeat":
            times = max(int(found["repeat"][1:-1].split(",")[0][:9]), 1)
            self._open[-1] = (total + last * (times - 1), last * times)
        else:
            self._open[-1] = (total + 1, 1)
        if self._open[-1][0] > _LARGEST:
            raise BadPattern("The regular expression repeats too much.")


def _piece(found: re.Match[str], source: str) -> str:
    match found.lastgroup:
        case "back" | "back2" | "back3":
            name = found[str(found.lastgroup)]
            return f"\\{name}" if name.isdigit() else f"(?P={name})"
        case "escape":
            return _escape(found["escape"])
        case "name" | "name2":
            return f"(?P<{found[str(found.lastgroup)]}>"
        case "balancing":
            raise BadPattern("The regular expression uses balancing groups, which can't run here.")
        case "brace":
            return r"\{"
        case "other" if found["other"] == "\\":
            raise BadPattern("The regular expression ends with a lone backslash.")
        case "special" if not _NET_GROUP.match(source, found.end()):
            shown = source[found.start() : found.start() + 4]
            raise BadPattern(f"The regular expression holds {shown}, which can't be used here.")
        case "special" if found.start() and _FLAGS.match(source, found.end()):
            # .NET lets them count from there on; the other dialect for the whole pattern.
            raise BadPattern(
                "In a regular expression, options like (?i) can stand here only at the beginning."
            )
        case "comment":
            return ""
        case _:
            return found.group()


def _escape(character: str) -> str:
    if character == "z":
        return r"\Z"
    if character == "Z":
        return r"(?=\n?\Z)"
    if character == "e":
        return r"\x1b"
    if character.isascii() and character.isalpha() and character not in _NET_ESCAPES:
        raise BadPattern(f"The regular expression holds \\{character}, which .NET doesn't know.")
    if character == "c":
        raise BadPattern("Control characters by \\c can't be used here; write \\x and two digits.")
    return f"\\{character}"


def _character_class(source: str, position: int) -> tuple[str, int]:
    """Return a class from after its bracket, with .NET's meaning of every character."""
    out = ["["]
    if source[position : position + 1] == "^":
        out.append("^")
        position += 1
    first = True
    while position < len(source):
        character = source[position]
        if character == "]" and not first:
            return "".join([*out, "]"]), position + 1
        if character == "\\" and position + 1 < len(source):
            out.append(_class_escape(source[position + 1]))
            position += 2
        elif source.startswith("-[", position) and not first:
            raise BadPattern("The regular expression subtracts classes, which can't run here.")
        else:
            out.append(f"\\{character}" if character in "[]&|~" else character)
            position += 1
        first = False
    raise BadPattern("The regular expression has a square bracket that is never closed.")


def _class_escape(character: str) -> str:
    if character == "e":
        return r"\x1b"
    if character in "zZAGBkc" or (
        character.isascii() and character.isalpha() and character not in _NET_ESCAPES
    ):
        raise BadPattern(
            f"The regular expression holds \\{character} inside brackets, which .NET doesn't know."
        )
    return f"\\{character}"


# -- replacements ------------------------------------------------------------------------------

_DOLLAR = re.compile(r"\$(?:\$|\{(?P<name>\w+)\}|(?P<number>\d+)|(?P<sign>[&`'_+]))")


def expand(template: str, match: "regex.Match[str]", names: tuple[str | None, ...]) -> str:
    """Return .NET's replacement text with its ``$`` substitutions filled in."""
    return _DOLLAR.sub(lambda found: _substitution(found, match, names), template)


def _substitution(
    found: re.Match[str], match: "regex.Match[str]", names: tuple[str | None, ...]
) -> str:
    if found["sign"]:
        return _sign(found["sign"], match)
    name = found["name"] or found["number"]
    if name is None:
        return "$"
    value = _group(name, match, names)
    return found.group() if value is None else value


def _sign(sign: str, match: "regex.Match[str]") -> str:
    text = match.string
    match sign:
        case "&":
            return str(match.group())
        case "`":
            return str(text[: match.start()])
        case "'":
            return str(text[match.end() :])
        case "+":
            return str(match.groups()[-1] or "") if match.groups() else ""
        case _:
            return str(text)


def _group(name: str, match: "regex.Match[str]", names: tuple[str | None, ...]) -> str | None:
    """Return a group's text, empty where it took no part, None where there is no such group."""
    if not name.isdigit():
        return (match.group(name) or "") if name in names else None
    number = int(name) if len(name) < 6 else len(names) + 1
    if number == 0:
        return str(match.group())
    if number > len(names):
        return None
    wanted = names[number - 1]
    if wanted is not None:
        return match.group(wanted) or ""
    return match.group(_unnamed_index(match, number)) or ""


def _unnamed_index(match: "regex.Match[str]", number: int) -> int:
    """Return where the other dialect counts the n-th unnamed group."""
    named = set(match.re.groupindex.values())
    unnamed = [index for index in range(1, match.re.groups + 1) if index not in named]
    return unnamed[number - 1]
