"""Switch on the failures that are worth rehearsing, while the practice tenant runs."""

import random
import time
from collections import deque
from collections.abc import Callable
from enum import Enum

import msgspec


class Faults(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Hold every switch; all are off at first, and any may change between two requests.

    ``*_next`` counts down and stops at zero, ``*_every`` hits each Nth request. Times are in
    milliseconds where the name says so and in seconds elsewhere.
    """

    latency_ms: float = 0
    """Wait this long before each answer."""
    latency_jitter_ms: float = 0
    """Wait up to this much longer, drawn from the seed."""
    rate_limit_after: int = 0
    """Answer 429 once this many requests were served, until ``retry_after`` has passed."""
    requests_per_second: float = 0
    """Answer 429 to whatever exceeds this number of requests within one second."""
    retry_after: float = 1
    """Put this many seconds, rounded up, into Retry-After; below 0 leaves the header out."""
    server_error_every: int = 0
    """Answer each Nth request with ``server_error_status`` instead of serving it."""
    server_error_next: int = 0
    """Answer the next N requests with ``server_error_status`` instead of serving them."""
    server_error_status: int = 503
    """The status of those answers."""
    drop_before_every: int = 0
    """Cut the connection of each Nth write before it is processed."""
    drop_before_next: int = 0
    """Cut the connection of the next N writes before they are processed."""
    drop_after_every: int = 0
    """Cut the connection of each Nth write after it was processed, in place of the answer."""
    drop_after_next: int = 0
    """Cut the connection of the next N writes after they were processed."""
    token_expired: bool = False
    """Treat every token as expired."""
    list_lag: float = 0
    """Let lists and searches show the state of this many seconds ago.

    It works on writes made while it is on; a user read by id is always current.
    """
    html_next: int = 0
    """Answer the next N requests with a web page instead of JSON."""
    html: bool = False
    """Answer every request with a web page instead of JSON."""
    filter_ignored: bool = False
    """Return everyone whatever the filter says."""
    paging_ignored: bool = False
    """Return the first page whatever startIndex says."""
    total_results_offset: int = 0
    """Add this to totalResults."""
    most_on_a_page: int = 0
    """Put at most so many entries on a page, whatever is asked for; 0 for no limit of its own."""
    bulk_fails_every: int = 0
    """Let each Nth operation of Bulk fail by itself: busy, done but denied, or refused, in turn."""
    values_not_kept: tuple[str, ...] = ()
    """Accept these user attributes and silently not keep them: ``title``, ``name.familyName``."""
    no_licences_free: bool = False
    """Have no licence left to assign."""
    names_taken_elsewhere: bool = False
    """Let a few people's names belong to users of another organization: creating them is a 409."""
    enforced_domains: tuple[str, ...] = ()
    """Refuse user names outside these e-mail domains; empty accepts any."""


class Interference(Enum):
    """Name what a fault does to a request."""

    NONE = "none"
    TOO_MANY_REQUESTS = "too many requests"
    SERVER_ERROR = "server error"
    WEB_PAGE = "web page"
    DROP_BEFORE = "drop before"
    DROP_AFTER = "drop after"


class FaultMachine:
    """Decide for each request which fault hits it, the same way for the same seed."""

    def __init__(
        self, faults: Faults, *, seed: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.faults = faults
        self._clock = clock
        self._random = random.Random(seed)  # noqa: S311 - repeatable jitter, no secret
        self._served = 0
        self._blocked_until: float | None = None
        self._recent: deque[float] = deque()
        self._turns: dict[str, int] = {}

    def replace(self, faults: Faults) -> None:
        """Take new settings and start counting afresh.

        The values are copied into the object that others already hold.
        """
        for field in faults.__struct_fields__:
            setattr(self.faults, field, getattr(faults, field))
        self._served = 0
        self._blocked_until = None
        self._recent.clear()
        self._turns.clear()

    def delay(self) -> float:
        """Return how many seconds to wait before this answer."""
        jitter = self._random.random() * self.faults.latency_jitter_ms
        return (self.faults.latency_ms + jitter) / 1000

    def decide(self, *, write: bool) -> Interference:
        """Return what happens to this request and count it."""
        if self._too_many():
            return Interference.TOO_MANY_REQUESTS
        if self._due("server_error"):
            return Interference.SERVER_ERROR
        if self.faults.html or self._due("html"):
            return Interference.WEB_PAGE
        if write and self._due("drop_before"):
            return Interference.DROP_BEFORE
        if write and self._due("drop_after"):
            return Interference.DROP_AFTER
        return Interference.NONE

    def _too_many(self) -> bool:
        now = self._clock()
        return self._over_rate(now) or self._over_budget(now)

    def _over_rate(self, now: float) -> bool:
        if self.faults.requests_per_second <= 0:
            return False
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= self.faults.requests_per_second:
            return True
        self._recent.append(now)
        return False

    def _over_budget(self, now: float) -> bool:
        if self.faults.rate_limit_after <= 0:
            return False
        if self._blocked_until is not None and now >= self._blocked_until:
            self._served, self._blocked_until = 0, None
        if self._served < self.faults.rate_limit_after:
            self._served += 1
            return False
        if self._blocked_until is None:
            self._blocked_until = now + max(self.faults.retry_after, 0)
        return True

    def _due(self, name: str) -> bool:
        left = getattr(self.faults, f"{name}_next")
        if left > 0:
            setattr(self.faults, f"{name}_next", left - 1)
            return True
        every = getattr(self.faults, f"{name}_every", 0)
        if every <= 0:
            return False
        self._turns[name] = self._turns.get(name, 0) + 1
        return self._turns[name] % every == 0
