"""Functions of dates. Inside an expression a date is a moment in UTC."""

import calendar
from datetime import UTC, datetime, timedelta

from sparkwizard.provisioning.expressions import dotnet_dates
from sparkwizard.provisioning.expressions.faults import EvaluationError, ExpressionError
from sparkwizard.provisioning.expressions.functions.spec import (
    Building,
    Evaluator,
    Frame,
    Function,
    arguments,
    check_written,
)
from sparkwizard.provisioning.expressions.syntax import Call, Constant
from sparkwizard.provisioning.expressions.values import Value, as_date, as_integer, as_text

__all__ = ["FUNCTIONS"]

_FILETIME_ZERO = datetime(1601, 1, 1, tzinfo=UTC)
_SECONDS = {"d": 86_400, "h": 3_600, "n": 60, "s": 1}
_INTERVALS = ("yyyy", "m", "d", "ww", "h", "n", "s")
_CHECK_INTERVAL = check_written(
    0,
    lambda text: text in _INTERVALS,
    f"“{{}}” is not an interval; there are {', '.join(_INTERVALS)}.",
)
_DEFAULT_STYLES = frozenset(("roundtripkind", "allowleadingwhite", "allowtrailingwhite"))


def _now(frame: Frame, _values: list[Value]) -> Value:
    if frame.now is None:
        raise EvaluationError("The time is not known here.", fix="Hand the time in as now.")
    moment = frame.now if frame.now.tzinfo else frame.now.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(microsecond=0)


def _c_date(_frame: Frame, values: list[Value]) -> Value:
    return as_date(values[0])


def _date_from_num(_frame: Frame, values: list[Value]) -> Value:
    ticks = as_integer(values[0])
    if ticks is None:
        return None
    try:
        return _FILETIME_ZERO + timedelta(microseconds=ticks // 10)
    except OverflowError:
        raise EvaluationError(f"{ticks} is not a date of Active Directory.") from None


def _num_from_date(_frame: Frame, values: list[Value]) -> Value:
    moment = as_date(values[0])
    if moment is None:
        return None
    since = moment - _FILETIME_ZERO
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 10


def _date_add(_frame: Frame, values: list[Value]) -> Value:
    interval, amount, moment = _interval(values[0]), as_integer(values[1]), as_date(values[2])
    if amount is None or moment is None:
        return None
    try:
        return _added(interval, amount, moment)
    except (OverflowError, ValueError):
        raise EvaluationError("The date would lie outside of the calendar.") from None


def _added(interval: str, amount: int, moment: datetime) -> datetime:
    if interval in _SECONDS:
        return moment + timedelta(seconds=_SECONDS[interval] * amount)
    if interval == "ww":
        return moment + timedelta(weeks=amount)
    months = moment.year * 12 + moment.month - 1 + amount * (12 if interval == "yyyy" else 1)
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    # 31 January and a month is the last day of February.
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _date_diff(_frame: Frame, values: list[Value]) -> Value:
    interval, first, second = _interval(values[0]), as_date(values[1]), as_date(values[2])
    if first is None or second is None:
        return None
    if interval == "yyyy":
        return second.year - first.year
    if interval == "m":
        return (second.year - first.year) * 12 + second.month - first.month
    if interval == "ww":
        return (_sunday(second) - _sunday(first)).days // 7
    seconds = (second - first) // timedelta(seconds=1)
    if second < first:  # towards zero, like VB.NET
        return -((first - second) // timedelta(seconds=1) // _SECONDS[interval])
    return seconds // _SECONDS[interval]


def _sunday(moment: datetime) -> datetime:
    """Return the day on which the moment's week began (Sunday)."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    # Counted by ordinals: the first week of the calendar has no Sunday to go back to.
    return day - timedelta(days=min(moment.isoweekday() % 7, day.toordinal() - 1))


def _interval(value: Value) -> str:
    interval = as_text(value) or ""
    if interval not in _INTERVALS:
        raise EvaluationError(
            f"“{interval[:60]}” is not an interval.", fix=f"Use one of {', '.join(_INTERVALS)}."
        )
    return interval


def _build_format(building: Building, call: Call) -> Evaluator:
    for index in (2, 3):
        _check_format(call, index)
    _check_styles(call)
    source, styles, pattern_in, pattern_out = arguments(building, call)

    def format_date_time(frame: Frame) -> Value:
        text = as_text(source(frame))
        if text is None or not text:
            return text
        return _reformat(
            text,
            _styles(as_text(styles(frame))),
            as_text(pattern_in(frame)) or "",
            as_text(pattern_out(frame)) or "",
            frame.now,
        )

    return format_date_time


def _reformat(
    text: str, styles: frozenset[str], pattern_in: str, pattern_out: str, now: datetime | None
) -> str:
    try:
        moment = dotnet_dates.parse_exact(text, pattern_in, styles, now)
        if moment is None:
            raise EvaluationError(f"“{text[:60]}” is not a date in the form {pattern_in}.")
        return dotnet_dates.format_date(moment, pattern_out)
    except dotnet_dates.BadFormat as error:
        raise EvaluationError(str(error)) from error


def _check_format(call: Call, index: int) -> None:
    node = call.arguments[index]
    if not isinstance(node, Constant):
        return
    try:
        dotnet_dates.pieces(str(node.value))
    except dotnet_dates.BadFormat as error:
        raise ExpressionError(str(error), position=node.position) from error


def _check_styles(call: Call) -> None:
    node = call.arguments[1]
    if not isinstance(node, Constant):
        return
    try:
        _styles(str(node.value))
    except EvaluationError as error:
        raise ExpressionError(error.message, position=node.position, fix=error.fix) from error


def _styles(text: str | None) -> frozenset[str]:
    if text is None or not text.strip():
        return _DEFAULT_STYLES
    names = {name.strip().removeprefix("DateTimeStyles.").lower() for name in text.split(",")}
    unknown = sorted(names - dotnet_dates.STYLES)
    if unknown:
        raise EvaluationError(
            f"“{unknown[0][:60]}” is not one of .NET's DateTimeStyles.",
            fix="Leave the argument empty, or write e.g. AssumeUniversal.",
        )
    return frozenset(names)


FUNCTIONS = (
    Function("Now", "", "The present moment in UTC", _now),
    Function("CDate", "expression", "Reads a text as a date", _c_date),
    Function(
        "DateAdd",
        "interval, value, dateTime",
        "Adds days, months … to a date",
        _date_add,
        check=_CHECK_INTERVAL,
    ),
    Function(
        "DateDiff",
        "interval, date1, date2",
        "Counts from one date to another",
        _date_diff,
        check=_CHECK_INTERVAL,
    ),
    Function("DateFromNum", "value", "Reads Active Directory's date number", _date_from_num),
    Function("NumFromDate", "value", "Makes Active Directory's date number", _num_from_date),
    Function(
        "FormatDateTime",
        "source, dateTimeStyles?, inputFormat, outputFormat",
        "Writes a date in another form",
        builder=_build_format,
    ),
)
