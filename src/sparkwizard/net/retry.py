"""When to ask again, and how long to wait first.

A read may always be repeated. A write only where it certainly did not take effect: the other side
asked to slow down (429), said when to come back (503 with Retry-After), or was never reached. A
write that may have arrived is settled by reading (design §6), so its failure is handed on.
"""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

__all__ = ["RetryPolicy", "may_repeat", "retry_after", "set_waiting", "waiting_is_on"]

_READING = frozenset(("GET", "HEAD", "OPTIONS"))
_PASSING = frozenset((429, 500, 502, 503, 504))


class _Switch:
    """Hold whether retries wait: tests turn it off, as with stamina."""

    on = True


def set_waiting(on: bool) -> None:
    """Turn the waiting before retries on or off, for tests; the retries themselves stay."""
    _Switch.on = on


def waiting_is_on() -> bool:
    """Return whether retries wait."""
    return _Switch.on


class RetryPolicy(msgspec.Struct, frozen=True):
    """Say how often to ask and how long to wait; seconds.

    ``longest`` also caps what the other side asks for: no server can hold the program for an hour.
    """

    tries: int = 6
    first_wait: float = 1.0
    longest: float = 60.0

    def wait(self, attempt: int, asked: float | None) -> float:
        """Return the seconds to wait after the given attempt (1 for the first).

        What the other side asked for counts, plus a little so that callers don't return together;
        else the wait doubles, with jitter over its upper half.
        """
        if asked is not None:
            return min(asked + random.uniform(0, 0.05), self.longest)  # noqa: S311 -- no secret
        doubled: float = min(self.first_wait * 2.0 ** (attempt - 1), self.longest)
        return doubled * random.uniform(0.5, 1)  # noqa: S311 -- jitter is no secret


def may_repeat(
    method: str, repeatable: bool | None, *, status: int, asked: float | None, sent: bool
) -> bool:
    """Return whether a request may be sent again.

    ``status`` is 0 where no answer came; ``sent`` whether the request may have arrived;
    ``asked`` the seconds of a Retry-After header. ``repeatable`` overrides what the method says.
    """
    safe = method.upper() in _READING if repeatable is None else repeatable
    if status == 0:
        return safe or not sent
    if status not in _PASSING:
        return False
    return safe or status == 429 or (status == 503 and asked is not None)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for, by number or date; None if unreadable."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        return _until(value, now)
    return max(0.0, seconds) if seconds < float("inf") else None


def _until(value: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
