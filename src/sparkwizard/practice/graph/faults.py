"""Decide for each request to Graph which fault hits it."""

import math
import time
from collections import deque
from enum import Enum

from sparkwizard.practice.entra_faults import EntraFaults


class Hit(Enum):
    """Name what a fault does to a request."""

    NONE = "none"
    TOO_MANY = "too many"
    UNAVAILABLE = "unavailable"
    WEB_PAGE = "web page"
    DROP_AFTER = "drop after"


class GraphFaults:
    """Count requests, and say which of them is hit."""

    def __init__(self, faults: EntraFaults) -> None:
        self._faults = faults
        self._turns: dict[str, int] = {}
        self._recent: deque[float] = deque()

    def decide(self, *, write: bool) -> Hit:
        """Return what happens to this request and count it."""
        if self._over_rate() or self._due("throttle"):
            return Hit.TOO_MANY
        if self._due("unavailable"):
            return Hit.UNAVAILABLE
        if self._due("html"):
            return Hit.WEB_PAGE
        if write and self._due("drop_after"):
            return Hit.DROP_AFTER
        return Hit.NONE

    def _over_rate(self) -> bool:
        if self._faults.requests_per_second <= 0:
            return False
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= self._faults.requests_per_second:
            return True
        self._recent.append(now)
        return False

    def _due(self, name: str) -> bool:
        left = getattr(self._faults, f"{name}_next")
        if left > 0:
            setattr(self._faults, f"{name}_next", left - 1)
            return True
        every = getattr(self._faults, f"{name}_every", 0)
        if every <= 0:
            return False
        self._turns[name] = self._turns.get(name, 0) + 1
        return self._turns[name] % every == 0


def retry_headers(faults: EntraFaults, name: str = "retry-after") -> dict[str, str]:
    """Return the header that says when to come again, unless it is switched off."""
    seconds = faults.retry_after
    return {name: str(math.ceil(seconds))} if seconds >= 0 else {}
