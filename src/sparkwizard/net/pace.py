"""Find out how fast the other side wants to be asked, and keep to it.

One gate for all requests of a client. When one of them is told to wait, all wait: there is never
more than one storm of retries. How many may be under way grows while answers come as quickly as
ever and shrinks when they get slower (additive increase, multiplicative decrease). Nothing limits
the rate until the other side first refuses for being asked too often; from then on it is what was
taken since, which creeps up again until the next refusal.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

__all__ = ["Pace"]

type Sleep = Callable[[float], Awaitable[None]]

_FIRST_WIDTH, _LARGEST_WIDTH = 8.0, 24.0
# A limit is so many in a second nearly everywhere: what was saved in one may be spent at once.
_CREDIT = 1.0
_EASED = 0.98
_GROWTH, _FASTEST_GROWTH, _GROWTH_DOUBLES = 0.01, 0.1, 10.0


class Pace:
    """Let requests go, neither too many at once nor too fast. Times are seconds.

    ``latency`` is what an answer takes lately, None before the first; ``rate`` the requests per
    second that the other side takes, None where it never said it is too many.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.latency: float | None = None
        self.rate: float | None = None
        self._clock = clock
        self._width = _FIRST_WIDTH
        self._under_way = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._quickest = float("inf")
        self._held_until = 0.0
        self._next = 0.0
        self._since: float | None = None
        self._cut_at = float("-inf")
        self._grown_at = 0.0
        self._taken = 0

    @property
    def width(self) -> int:
        """Return how many requests may be under way at once."""
        return max(1, int(self._width))

    # -- going --------------------------------------------------------------------------------

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold one place among those under way; a request keeps it through all its tries."""
        if self._under_way >= self.width or self._waiting:
            await self._queued()
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._admit()

    async def turn(self, sleep: Sleep) -> None:
        """Wait until one request may leave: after a common wait, and at its own time."""
        at = self._reserved(self._clock())
        slept_until = 0.0
        while (until := max(at, self._held_until)) > max(slept_until, now := self._clock()):
            await sleep(until - now)
            slept_until = until

    def _reserved(self, now: float) -> float:
        """Take the next free moment; time that was not used may be caught up with for a while."""
        self._since = now if self._since is None else self._since
        if self.rate is None:
            return now
        self._grow(now)
        at = max(self._next, now - _CREDIT)
        self._next = at + 1 / self.rate
        return at

    async def _queued(self) -> None:
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():
                self._under_way -= 1  # it was let in and did not come
                self._admit()
            else:
                self._waiting.remove(mine)
            raise
        self._under_way -= 1  # counted by whoever let it in, so that nobody comes between

    def _admit(self) -> None:
        while self._waiting and self._under_way < self.width:
            self._under_way += 1
            self._waiting.popleft().set_result(None)

    # -- learning -----------------------------------------------------------------------------

    def answered(self, seconds: float) -> None:
        """Learn from an answer that is no refusal and took this long."""
        self._taken += 1
        self._quickest = min(self._quickest, seconds)
        before = seconds if self.latency is None else self.latency
        self.latency = before + (seconds - before) * 0.1
        if self.latency > 3 * self._quickest + 0.1:
            self._width = max(2.0, self._width * 0.95)
        else:
            self._width = min(_LARGEST_WIDTH, self._width + 1 / self._width)

    def refused(self, wait: float, *, left_at: float) -> None:
        """Let everybody wait, told by a request that left at ``left_at``, and go slower after.

        Those that left before the last refusal tell nothing new: they are of the same storm.
        """
        now = self._clock()
        self._held_until = max(self._held_until, now + wait)
        if left_at <= self._cut_at:
            return
        began = self._since if self._cut_at == float("-inf") else self._cut_at
        taken = self._taken / max(now - (now if began is None else began), _CREDIT)
        if self.rate is not None:
            taken = min(max(taken * _EASED, self.rate / 2), self.rate)
        self.rate = max(taken, 0.1)
        self._width = max(2.0, self._width * 0.7)
        self._cut_at = self._grown_at = now
        self._next = now
        self._taken = 0

    def _grow(self, now: float) -> None:
        """Try a little more: slowly at first, faster the longer nobody refuses."""
        assert self.rate is not None, "only a known limit is crept up to"
        quiet = max(0.0, now - max(self._cut_at, self._held_until))
        speed = min(_GROWTH * 2.0 ** (quiet // _GROWTH_DOUBLES), _FASTEST_GROWTH)
        since = max(self._grown_at, self._held_until)
        if now > since:
            self.rate *= 1 + speed * (now - since)
            self._grown_at = now
