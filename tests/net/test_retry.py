"""When a request may be repeated, and how long to wait before."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.net.retry import RetryPolicy, may_repeat, retry_after

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@given(
    method=st.sampled_from(["POST", "PATCH", "PUT", "DELETE", "post"]),
    status=st.integers(100, 599),
    asked=st.none() | st.floats(0, 100),
)
def test_an_answered_write_is_repeated_only_where_it_was_turned_away(
    method: str, status: int, asked: float | None
) -> None:
    turned_away = status == 429 or (status == 503 and asked is not None)
    assert may_repeat(method, None, status=status, asked=asked, sent=True) == turned_away


@given(st.sampled_from(["POST", "PATCH", "PUT", "DELETE"]))
def test_an_unanswered_write_is_repeated_only_if_it_never_left(method: str) -> None:
    assert may_repeat(method, None, status=0, asked=None, sent=False)
    assert not may_repeat(method, None, status=0, asked=None, sent=True)


@pytest.mark.parametrize("status", [200, 204, 400, 401, 403, 404, 409, 501])
def test_an_answer_that_will_stay_the_same_is_not_asked_for_again(status: int) -> None:
    assert not may_repeat("GET", None, status=status, asked=None, sent=True)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        (" 2.5 ", 2.5),
        ("-3", 0.0),
        (format_datetime(NOW + timedelta(seconds=20), usegmt=True), 20.0),
        (format_datetime(NOW - timedelta(seconds=20), usegmt=True), 0.0),
        ("Mon, 23 Nov 2026 12:00:09 -0000", 9.0),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("Mon, 99 Foo 2026", None),
    ],
)
def test_retry_after_is_a_number_or_a_date_or_nothing(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_header_can_break_the_program(value: str) -> None:
    seconds = retry_after({"retry-after": value}, NOW)
    assert seconds is None or seconds >= 0


@given(st.integers(1, 200), st.none() | st.floats(0, 1e9))
def test_no_wait_is_longer_than_a_minute(attempt: int, asked: float | None) -> None:
    assert 0 <= RetryPolicy().wait(attempt, asked) <= 60


def test_waits_grow() -> None:
    policy = RetryPolicy()
    assert policy.wait(1, None) < policy.wait(3, None) < policy.wait(5, None)
