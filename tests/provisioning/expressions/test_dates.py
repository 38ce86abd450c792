"""Dates: reading, writing, adding, counting."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.expressions import EvaluationError, compile_expression
from sparkwizard.provisioning.expressions.dotnet_dates import (
    GENERAL,
    format_date,
    parse_date,
    parse_exact,
)

NOW = datetime(2021, 8, 25, 17, 41, 18, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2049, 12, 31)).map(  # noqa: DTZ001 -- made aware at once
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


def evaluate(text: str, **attributes: object) -> object:
    return compile_expression(text)(attributes, now=NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-03-16-07:00", "3/16/2020 7:00:00 AM"),
        ("2021-06-30+08:00", "6/29/2021 4:00:00 PM"),
        ("2009-06-15T01:45:30-07:00", "6/15/2009 8:45:30 AM"),
        ("2021-08-25T17:41:18Z", "8/25/2021 5:41:18 PM"),
        ("2021-08-25T17:41:18.1234567Z", "8/25/2021 5:41:18 PM"),
        ("2021-08-24", "8/24/2021 12:00:00 AM"),
        ("2021-08-24 23:59:59-08:00", "8/25/2021 7:59:59 AM"),
        ("12/31/2020 12:00:00 AM", "12/31/2020 12:00:00 AM"),
        ("12/31/2020", "12/31/2020 12:00:00 AM"),
        ("1/2/2020 5:06 pm", "1/2/2020 5:06:00 PM"),
        ("Mon, 15 Jun 2009 20:45:30 GMT", "6/15/2009 8:45:30 PM"),
        ("15 June 2009", "6/15/2009 12:00:00 AM"),
        ("Jun 15, 2009", "6/15/2009 12:00:00 AM"),
    ],
)
def test_a_date_is_read_in_its_usual_forms(text: str, expected: str) -> None:
    assert evaluate("CDate([x])", x=text) == expected


@pytest.mark.parametrize(
    "text", ["soon", "2021-13-01", "2021-02-30", "20210816", "2021-08-24T25:00", "1/1/20 13:00 PM"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(EvaluationError, match="is not a date"):
        evaluate("CDate([x])", x=text)


@pytest.mark.parametrize(
    ("given_in", "text", "out", "expected"),
    [
        ("yyyyMMddHHmmss.fZ", "20150123105347.1Z", "yyyy-MM-dd", "2015-01-23"),
        ("M/d/yyyy hh:mm:ss tt", "12/31/2020 12:00:00 AM", "yyyy-MM-dd", "2020-12-31"),
        ("yyyy-MM-ddzzz", "2020-12-31-08:00", "yyyy-MM-dd", "2020-12-31"),
        ("yyyy-MM-dd", " 2020-12-31 ", "dddd, d MMMM yyyy", "Thursday, 31 December 2020"),
        ("yyyy-MM-dd", "2020-12-31", "'Y'yyyy\\Mxx", "Y2020Mxx"),
        ("dd MMM yy", "05 jan 49", "yyyy", "2049"),
        ("dd MMM yy", "05 Jan 50", "yyyy", "1950"),
        ("HH:mm", "09:30", "M/d h:mm t", "8/25 9:30 A"),
        ("yyyy-MM-ddTHH:mm:ssK", "2020-12-31T10:00:00+02:00", "s", "2020-12-31T08:00:00"),
        ("yyyy-MM-dd", "2020-12-31", "o", "2020-12-31T00:00:00.0000000Z"),
        ("d", "12/31/2020", "D", "Thursday, 31 December 2020"),
        ("M/d/yyyy", "1/2/2020", "%d", "2"),
    ],
)
def test_a_date_is_written_in_another_form(
    given_in: str, text: str, out: str, expected: str
) -> None:
    written_in, written_out = (one.replace("\\", "\\\\") for one in (given_in, out))
    expression = f'FormatDateTime([x], , "{written_in}", "{written_out}")'
    assert evaluate(expression, x=text) == expected


def test_a_date_in_another_form_than_told_is_refused() -> None:
    with pytest.raises(EvaluationError, match="not a date in the form yyyy-MM-dd"):
        evaluate('FormatDateTime([x], , "yyyy-MM-dd", "yyyy")', x="31.12.2020")


def test_a_missing_date_stays_missing() -> None:
    assert evaluate('FormatDateTime([x], , "yyyy-MM-dd", "yyyy")') is None
    assert evaluate('DateAdd("d", 1, CDate([x]))') is None
    assert evaluate('DateDiff("d", Now(), CDate([x]))') is None
    assert evaluate("NumFromDate([x])") is None


@pytest.mark.parametrize(
    ("interval", "number", "date", "expected"),
    [
        ("yyyy", 2, "2012-03-16", "3/16/2014 12:00:00 AM"),
        ("yyyy", 1, "2020-02-29", "2/28/2021 12:00:00 AM"),
        ("m", 1, "2021-01-31", "2/28/2021 12:00:00 AM"),
        ("m", -1, "2021-01-15", "12/15/2020 12:00:00 AM"),
        ("h", -1, "2021-01-01", "12/31/2020 11:00:00 PM"),
        ("n", 90, "2021-01-01", "1/1/2021 1:30:00 AM"),
        ("s", 61, "2021-01-01", "1/1/2021 12:01:01 AM"),
    ],
)
def test_time_is_added(interval: str, number: int, date: str, expected: str) -> None:
    assert evaluate(f'DateAdd("{interval}", {number}, CDate("{date}"))') == expected


@pytest.mark.parametrize(
    ("interval", "first", "second", "expected"),
    [
        ("d", "2021-08-18+08:00", "2021-08-31+08:00", 13),
        ("d", "8/25/2021 5:41:18 PM", "2012-03-16-07:00", -3449),
        ("ww", "8/25/2021 5:41:18 PM", "2012-03-16-07:00", -493),
        ("m", "8/25/2021 5:41:18 PM", "2012-03-16-07:00", -113),
        ("yyyy", "8/25/2021 5:41:18 PM", "2012-03-16-07:00", -9),
        ("d", "2021-08-31+08:00", "2021-08-31+08:00", 0),
        ("yyyy", "2020-12-31", "2021-01-01", 1),
        ("d", "2021-01-01 12:00", "2021-01-02 11:59", 0),
        ("d", "2021-01-02 11:59", "2021-01-01 12:00", 0),
        ("ww", "2021-08-21", "2021-08-22", 1),
    ],
)
def test_time_is_counted(interval: str, first: str, second: str, expected: int) -> None:
    expression = f'DateDiff("{interval}", CDate([a]), CDate([b]))'
    assert evaluate(expression, a=first, b=second) == expected


@given(MOMENTS)
def test_a_date_that_became_text_is_read_as_the_same_date(moment: datetime) -> None:
    assert parse_date(format_date(moment, GENERAL)) == moment


@given(
    MOMENTS,
    st.sampled_from(
        ["yyyy-MM-ddTHH:mm:ss", "M/d/yyyy h:mm:ss tt", "dd MMM yy HHmmss", "o", "s", "u", "r"]
    ),
)
def test_what_a_format_writes_it_reads_again(moment: datetime, pattern: str) -> None:
    assert parse_exact(format_date(moment, pattern), pattern, frozenset()) == moment


@given(MOMENTS, MOMENTS)
def test_counting_days_and_adding_them_comes_near(first: datetime, second: datetime) -> None:
    days = evaluate('DateDiff("d", [a], [b])', a=first, b=second)
    assert isinstance(days, int)
    assert abs(first + timedelta(days=days) - second) < timedelta(days=1)


@given(MOMENTS)
def test_active_directorys_number_names_the_same_moment(moment: datetime) -> None:
    assert evaluate("DateFromNum(NumFromDate([a]))", a=moment) == format_date(moment, GENERAL)
