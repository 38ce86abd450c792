"""Read and write dates as .NET does with its custom format strings, in the invariant culture.

Entra's service runs in UTC: a date without an offset counts as UTC, one with an offset is converted
to it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache

import msgspec

__all__ = [
    "GENERAL",
    "STYLES",
    "BadFormat",
    "Piece",
    "format_date",
    "parse_date",
    "parse_exact",
    "pieces",
]

GENERAL = "M/d/yyyy h:mm:ss tt"
"""The form in which a date becomes text (facts: entra.md §2, CDate)."""

STYLES = frozenset(
    (
        "none",
        "allowleadingwhite",
        "allowtrailingwhite",
        "allowinnerwhite",
        "allowwhitespaces",
        "nocurrentdatedefault",
        "adjusttouniversal",
        "assumelocal",
        "assumeuniversal",
        "roundtripkind",
    )
)
"""The names of .NET's DateTimeStyles, in lower case."""

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_STANDARD = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "M": "MMMM dd",
    "m": "MMMM dd",
    "o": "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
    "O": "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-dd'T'HH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
    "Y": "yyyy MMMM",
    "y": "yyyy MMMM",
}
_TOKEN = re.compile(
    r"(?P<quoted>'[^']*'|\"[^\"]*\")|\\(?P<escaped>.)|%(?P<single>[dfFghHKmMstyz])"
    r"|(?P<code>d+|f+|F+|g+|h+|H+|K|m+|M+|s+|t+|y+|z+)|(?P<literal>.)",
    re.DOTALL,
)


class BadFormat(ValueError):
    """Report a format string that .NET would not take."""


class Piece(msgspec.Struct, frozen=True):
    """Hold one part of a format: a code such as ``yyyy``, or literal text."""

    code: str
    literal: str = ""


@lru_cache(maxsize=256)
def pieces(pattern: str) -> tuple[Piece, ...]:
    """Cut a format string into its parts."""
    if not pattern:
        raise BadFormat("The date format is empty.")
    if len(pattern) == 1:
        if pattern not in _STANDARD:
            raise BadFormat(f"“{pattern}” is not one of .NET's standard date formats.")
        pattern = _STANDARD[pattern]
    return tuple(_pieces(pattern))


def _pieces(pattern: str) -> Iterator[Piece]:
    for found in _TOKEN.finditer(pattern):
        code = found["single"] or found["code"]
        if code:
            yield Piece(_known(code, pattern))
            continue
        literal = found["literal"] or found["escaped"] or found["quoted"][1:-1]
        if found["literal"] and literal in "\"'\\%":
            raise BadFormat(f"The date format “{pattern}” has a stray {literal}")
        yield Piece("", literal)


def _known(code: str, pattern: str) -> str:
    if code[0] in "fF" and len(code) > 7:
        raise BadFormat(f"The date format “{pattern}” asks for more than seven decimals.")
    longest = {"y": 5, "d": 4, "M": 4, "h": 2, "H": 2, "m": 2, "s": 2, "t": 2, "z": 3, "g": 2}
    return code[: longest.get(code[0], 7)]


# -- writing -----------------------------------------------------------------------------------


def format_date(moment: datetime, pattern: str) -> str:
    """Write a moment in a .NET format."""
    return "".join(
        _written(moment, piece.code) if piece.code else piece.literal for piece in pieces(pattern)
    )


def _written(moment: datetime, code: str) -> str:
    if code[0] in "fF":
        decimals = f"{moment.microsecond:06d}0"[: len(code)]
        return decimals if code[0] == "f" else decimals.rstrip("0")
    return _WRITERS[code](moment)


def _hour_12(moment: datetime) -> int:
    return moment.hour % 12 or 12


def _half(moment: datetime) -> str:
    return "AM" if moment.hour < 12 else "PM"


_WRITERS: dict[str, Callable[[datetime], str]] = {
    "d": lambda m: str(m.day),
    "dd": lambda m: f"{m.day:02d}",
    "ddd": lambda m: _DAYS[m.weekday()][:3],
    "dddd": lambda m: _DAYS[m.weekday()],
    "M": lambda m: str(m.month),
    "MM": lambda m: f"{m.month:02d}",
    "MMM": lambda m: _MONTHS[m.month - 1][:3],
    "MMMM": lambda m: _MONTHS[m.month - 1],
    "y": lambda m: str(m.year % 100),
    "yy": lambda m: f"{m.year % 100:02d}",
    "yyy": lambda m: f"{m.year:03d}",
    "yyyy": lambda m: f"{m.year:04d}",
    "yyyyy": lambda m: f"{m.year:05d}",
    "h": lambda m: str(_hour_12(m)),
    "hh": lambda m: f"{_hour_12(m):02d}",
    "H": lambda m: str(m.hour),
    "HH": lambda m: f"{m.hour:02d}",
    "m": lambda m: str(m.minute),
    "mm": lambda m: f"{m.minute:02d}",
    "s": lambda m: str(m.second),
    "ss": lambda m: f"{m.second:02d}",
    "t": lambda m: _half(m)[0],
    "tt": _half,
    "g": lambda _: "A.D.",
    "gg": lambda _: "A.D.",
    "z": lambda _: "+0",
    "zz": lambda _: "+00",
    "zzz": lambda _: "+00:00",
    "K": lambda _: "Z",
}

# -- reading by a format -----------------------------------------------------------------------

_READERS = {
    "d": r"(?P<day>\d{1,2})",
    "dd": r"(?P<day>\d{2})",
    "ddd": rf"(?:{'|'.join(name[:3] for name in _DAYS)})",
    "dddd": rf"(?:{'|'.join(_DAYS)})",
    "M": r"(?P<month>\d{1,2})",
    "MM": r"(?P<month>\d{2})",
    "MMM": rf"(?P<month_name>{'|'.join(name[:3] for name in _MONTHS)})",
    "MMMM": rf"(?P<month_name>{'|'.join(_MONTHS)})",
    "y": r"(?P<short_year>\d{1,2})",
    "yy": r"(?P<short_year>\d{2})",
    "yyy": r"(?P<year>\d{3,4})",
    "yyyy": r"(?P<year>\d{4})",
    "yyyyy": r"(?P<year>\d{5})",
    "h": r"(?P<hour_12>\d{1,2})",
    "hh": r"(?P<hour_12>\d{2})",
    "H": r"(?P<hour>\d{1,2})",
    "HH": r"(?P<hour>\d{2})",
    "m": r"(?P<minute>\d{1,2})",
    "mm": r"(?P<minute>\d{2})",
    "s": r"(?P<second>\d{1,2})",
    "ss": r"(?P<second>\d{2})",
    "t": r"(?P<half>[AP])",
    "tt": r"(?P<half>[AP])M",
    "g": r"A\.?D\.?",
    "gg": r"A\.?D\.?",
    "z": r"(?P<offset>[+-]\d{1,2})",
    "zz": r"(?P<offset>[+-]\d{2})",
    "zzz": r"(?P<offset>[+-]\d{2}:?\d{2})",
    "K": r"(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    **{"f" * n: rf"(?P<fraction>\d{{{n}}})" for n in range(1, 8)},
    **{"F" * n: rf"(?P<fraction>\d{{0,{n}}})" for n in range(1, 8)},
}
_GROUP = re.compile(r"\(\?P<(\w+)>")


@lru_cache(maxsize=256)
def _reader(pattern: str, styles: frozenset[str]) -> re.Pattern[str]:
    """Turn a format string into a regular expression."""
    seen: set[str] = set()
    parts = [_reading(piece, seen, styles) for piece in pieces(pattern)]
    wide = "allowwhitespaces" in styles
    before = r"\s*" if wide or "allowleadingwhite" in styles else ""
    after = r"\s*" if wide or "allowtrailingwhite" in styles else ""
    return re.compile(f"{before}{''.join(parts)}{after}", re.IGNORECASE | re.ASCII)


def _reading(piece: Piece, seen: set[str], styles: frozenset[str]) -> str:
    if not piece.code:
        return re.escape(piece.literal)
    part = _READERS[piece.code]
    found = _GROUP.search(part)
    if found:
        if found[1] in seen:  # the same field again has to say the same
            part = f"(?P={found[1]})"
        seen.add(found[1])
    inner = r"\s*" if styles & {"allowinnerwhite", "allowwhitespaces"} else ""
    return f"{inner}{part}{inner}"


def parse_exact(
    text: str, pattern: str, styles: frozenset[str], now: datetime | None = None
) -> datetime | None:
    """Read a text by a format, in UTC; None where it doesn't fit.

    ``now`` gives the year and day that the format leaves out, as .NET does.
    """
    found = _reader(pattern, styles).fullmatch(text)
    if found is None:
        return None
    fields = {name: value for name, value in found.groupdict().items() if value is not None}
    try:
        return _moment(fields, styles, now)
    except (ValueError, OverflowError):
        return None


def _moment(fields: dict[str, str], styles: frozenset[str], now: datetime | None) -> datetime:
    year, month, day = _date(fields, styles, now)
    micro = int(fields.get("fraction", "").ljust(6, "0")[:6] or 0)
    moment = datetime(
        year,
        month,
        day,
        _hour(fields),
        int(fields.get("minute", 0)),
        int(fields.get("second", 0)),
        micro,
        tzinfo=UTC,
    )
    return moment - _offset(fields.get("offset"))


def _date(
    fields: dict[str, str], styles: frozenset[str], now: datetime | None
) -> tuple[int, int, int]:
    today = datetime(1, 1, 1, tzinfo=UTC) if "nocurrentdatedefault" in styles else now
    month = _month(fields)
    year = _year(fields)
    if year is None and month is None and "day" not in fields:
        if today is None:
            raise ValueError("no date at all")
        return today.year, today.month, today.day
    if year is None:
        if today is None:
            raise ValueError("no year")
        year = today.year
    return year, month or 1, int(fields.get("day", 1))


def _year(fields: dict[str, str]) -> int | None:
    if "year" in fields:
        return int(fields["year"])
    if "short_year" not in fields:
        return None
    short = int(fields["short_year"])
    return short + (2000 if short < 50 else 1900)  # .NET's window: 1950 to 2049


def _month(fields: dict[str, str]) -> int | None:
    if "month" in fields:
        return int(fields["month"])
    name = fields.get("month_name", "").lower()[:3]
    return next((n for n, month in enumerate(_MONTHS, 1) if month[:3].lower() == name), None)


def _hour(fields: dict[str, str]) -> int:
    half = fields.get("half", "").upper()
    if "hour" in fields:
        return int(fields["hour"])
    if "hour_12" not in fields:
        return 12 if half == "P" else 0
    hour = int(fields["hour_12"])
    if not 1 <= hour <= 12:
        raise ValueError("no hour of a clock")
    return hour % 12 + (12 if half == "P" else 0)


def _offset(text: str | None) -> timedelta:
    if not text or text in "Zz":
        return timedelta(0)
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 14 or minutes > 59:
        raise ValueError("no offset")
    return timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)


# -- reading without a format ------------------------------------------------------------------

_MONTH_NAME = "|".join(f"{name}|{name[:3]}" for name in _MONTHS)
_TIME = (
    r"(?:(?P<hour_any>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,7})\d*)?)?"
    r"(?:\s*(?P<half>[AP])M)?)"
)
_ZONE = r"(?:\s*(?P<offset>Z|GMT|UTC|[+-]\d{1,2}(?::?\d{2})?))?"
_DATES = (
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})",
    r"(?P<month>\d{1,2})[-/](?P<day>\d{1,2})[-/](?P<year>\d{4})",
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<short_year>\d{2})",
    rf"(?:[A-Z]+,\s*)?(?P<day>\d{{1,2}})[\s-](?P<month_name>{_MONTH_NAME})[\s-](?P<year>\d{{4}})",
    rf"(?:[A-Z]+,\s*)?(?P<month_name>{_MONTH_NAME})\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})",
)


@cache
def _any_form() -> tuple[re.Pattern[str], ...]:
    """Return what reads each of the forms; compiled for the first date: few rules have any."""
    return tuple(
        re.compile(rf"\s*{date}(?:(?:T|\s+){_TIME})?{_ZONE}\s*", re.IGNORECASE | re.ASCII)
        for date in _DATES
    )


def parse_date(text: str) -> datetime | None:
    """Read a date in any of the usual forms, in UTC; None where it is none."""
    if len(text) > 100:
        return None
    for pattern in _any_form():
        found = pattern.fullmatch(text)
        if found:
            fields = {name: value for name, value in found.groupdict().items() if value is not None}
            return _any_moment(fields)
    return None


def _any_moment(fields: dict[str, str]) -> datetime | None:
    hour = fields.pop("hour_any", "0")
    fields["hour_12" if "half" in fields else "hour"] = hour
    if fields.get("offset", "").upper() in ("GMT", "UTC"):
        del fields["offset"]
    try:
        return _moment(fields, frozenset(), None)
    except (ValueError, OverflowError):
        return None
