"""Moments and spans in the words of people."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.wizard.moments import (
    about_words,
    clock_words,
    count_words,
    day_words,
    days_left,
    since_words,
    span_words,
    took_words,
)

NOW = datetime(2026, 11, 23, 14, 22, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW.replace(hour=23, minute=34), "today at 23:34"),
        (NOW + timedelta(hours=12), "tomorrow at 02:22"),
        (NOW - timedelta(days=1), "yesterday at 14:22"),
        (datetime(2026, 12, 3, 8, 0, tzinfo=NOW.tzinfo), "on 3 December at 08:00"),
        (datetime(2027, 3, 27, 8, 0, tzinfo=NOW.tzinfo), "on 27 March 2027 at 08:00"),
    ],
)
def test_a_moment_is_told_as_seen_from_now(moment: datetime, words: str) -> None:
    assert clock_words(moment, NOW) == words


def test_a_moment_of_another_zone_is_told_in_the_zone_of_the_person() -> None:
    assert clock_words(datetime(2026, 11, 23, 22, 34, tzinfo=UTC), NOW) == "today at 23:34"


def test_a_day_near_midnight_is_the_day_of_the_person_and_not_of_greenwich() -> None:
    assert day_words(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), NOW) == "tomorrow"


def test_a_table_cell_starts_with_a_capital_letter() -> None:
    assert since_words(NOW, NOW) == "Today 14:22"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=20), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=9, minutes=12), "9 hours 12 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=1, hours=3, minutes=5), "27 hours"),
        (timedelta(days=341), "341 days"),
    ],
)
def test_a_span_is_told_in_its_largest_units(span: timedelta, words: str) -> None:
    assert span_words(span) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=341, hours=3), "341 days"),
        (timedelta(hours=30), "30 hours"),
        (timedelta(minutes=20), "under an hour"),
        (timedelta(), "ended"),
        (timedelta(days=-3), "ended"),
    ],
)
def test_what_is_left_fits_on_a_tile(left: timedelta, words: str) -> None:
    assert days_left(NOW + left, NOW) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "less than 5 seconds"),
        (6, "6 seconds"),
        (41, "40 seconds"),
        (58, "1 minute"),
        (75, "1 minute 20 seconds"),
        (1003, "17 minutes"),
        (3590, "1 hour"),
        (4200, "1 hour 10 minutes"),
    ],
)
def test_a_time_is_told_as_precisely_as_it_is_known(seconds: float, words: str) -> None:
    assert about_words(seconds) == words


@given(st.floats(min_value=4.5, max_value=2e6))
def test_a_time_is_told_within_an_eighth(seconds: float) -> None:
    units = {"hour": 3600, "minute": 60, "second": 1}
    words = about_words(seconds).replace(",", "").split()
    told = sum(
        int(n) * units[unit.rstrip("s")] for n, unit in zip(words[::2], words[1::2], strict=True)
    )
    assert abs(told - seconds) <= seconds / 8


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.1, "a second"), (80, "80 seconds"), (1003, "17 minutes")]
)
def test_what_is_over_is_told_in_seconds_as_long_as_one_counts_them(
    seconds: float, words: str
) -> None:
    assert took_words(seconds) == words


def test_a_count_agrees_with_its_noun() -> None:
    assert count_words(1, "person", "people") == "1 person"
    assert count_words(2021, "person", "people") == "2,021 people"


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=4000)))
def test_no_span_is_told_with_a_zero(span: timedelta) -> None:
    assert not any(word == "0" for word in span_words(span).split())
