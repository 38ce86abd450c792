"""Moments, spans and counts in the words of people; the clock and its zone are handed in."""

from datetime import datetime, timedelta

__all__ = [
    "about_words",
    "clock_words",
    "count_words",
    "day_words",
    "days_left",
    "since_words",
    "span_words",
    "took_words",
]

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def count_words(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 day", "2,021 people"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day_words(moment: datetime, now: datetime) -> str:
    """Return the day of a moment, seen from ``now`` and in its zone: "today", "27 March 2027"."""
    local = moment.astimezone(now.tzinfo)
    distance = (local.date() - now.date()).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(distance)
    if near:
        return near
    year = "" if local.year == now.year else f" {local.year}"
    return f"{local.day} {local:%B}{year}"


def clock_words(moment: datetime, now: datetime) -> str:
    """Return day and time of a moment in the zone of ``now``: "today at 23:34"."""
    local = moment.astimezone(now.tzinfo)
    day = day_words(moment, now)
    return f"{day if day in _NEAR else f'on {day}'} at {local:%H:%M}"


def since_words(moment: datetime, now: datetime) -> str:
    """Return day and time as a table's cell shows them: "Today 14:24", "3 March 14:24"."""
    local = moment.astimezone(now.tzinfo)
    day = day_words(moment, now)
    return f"{day[:1].upper()}{day[1:]} {local:%H:%M}"


def span_words(span: timedelta) -> str:
    """Return how long something takes or lasts, in its two largest units."""
    seconds = int(span.total_seconds())
    if seconds < _MINUTE:
        return "less than a minute"
    if seconds < _HOUR:
        return count_words(seconds // _MINUTE, "minute")
    if seconds < 2 * _DAY:
        hours, minutes = divmod(seconds // _MINUTE, 60)
        rest = f" {count_words(minutes, 'minute')}" if minutes and hours < 24 else ""
        return count_words(hours, "hour") + rest
    return count_words(seconds // _DAY, "day")


def about_words(seconds: float) -> str:
    """Return about how long something takes: "1 minute 20 seconds".

    Steps grow with the time, so that nobody reads more precision than there is, and stay small
    enough for a time that is right within a fifth to be told within a fifth and an eighth.
    """
    if seconds < 4.5:
        return "less than 5 seconds"
    step = next(step for below, step in _STEPS if seconds < below)
    told = round(seconds / step) * step
    hours, minutes, rest = told // _HOUR, told % _HOUR // _MINUTE, told % _MINUTE
    parts = ((hours, "hour"), (minutes, "minute"), (rest, "second"))
    return " ".join(count_words(number, noun) for number, noun in parts if number)


def took_words(seconds: float) -> str:
    """Return how long something took: "a second", "41 seconds", "16 minutes"."""
    if seconds < 1.5:
        return "a second"
    if seconds < 1.5 * _MINUTE:
        return f"{round(seconds)} seconds"
    return about_words(seconds)


def days_left(moment: datetime, now: datetime) -> str:
    """Return what is left until a moment, as a big number shows it: "341 days", "ended"."""
    left = moment - now
    if left <= timedelta():
        return "ended"
    if left < timedelta(days=2):
        hours = int(left.total_seconds()) // _HOUR
        return count_words(hours, "hour") if hours else "under an hour"
    return count_words(left.days, "day")


# up to so many seconds, in steps of so many
_STEPS = (
    (20, 1),
    (_MINUTE - 2.5, 5),
    (5 * _MINUTE, 10),
    (_HOUR - 30, _MINUTE),
    (float("inf"), 300),
)
_NEAR = ("yesterday", "today", "tomorrow")
