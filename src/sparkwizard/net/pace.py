"""Find out how fast the other side wants to be asked, and keep to it.

One gate for all requests of a client. When one of them is told to wait, all wait: there is never
more than one storm of retries. How many may be under way grows while answers come as quickly as
ever and shrinks when they get slower (additive increase, multiplicative decrease).

Nothing limits the rate until the other side first refuses for being asked too often. From then on
it is what was taken between two refusals, which is exact: both times nothing was left. It is kept
for a while, then more is tried: little near the known ceiling, more beyond it. What the other side
saved while all waited is spent at once, but for a reserve. A request may hold many operations, and
those are what is counted. Refusals at random, with no limit behind them, let everybody wait, but
nothing is slower for long.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

__all__ = ["Pace", "rounds_of"]

type Sleep = Callable[[float], Awaitable[None]]

_FIRST_WIDTH, _LARGEST_WIDTH = 8.0, 32.0
# A limit is so many in a second nearly everywhere: what was saved in one may be spent at once,
# less what clocks, networks and the rounding of Retry-After make uncertain.
_CREDIT, _RESERVE = 1.0, 0.15
# One request may take up what comes in this time: a larger one would be refused, or make all wait.
_LONGEST_REQUEST, _SMALLEST_BATCH = 0.5, 5
_SLOWEST = 0.1
# What less time than this shows is chance.
_TOO_SHORT = 0.5
_MARKS, _MARK_EVERY = 240, 0.25
# How far below a ceiling that was met is safe, and how long it is kept to.
_EASED = 0.99
_FIRST_QUIET, _LONGEST_QUIET = 1.0, 30.0
# A figure that took so long to measure is sure, and kept to as long as that took.
_LONG = 10.0
_GROWTH, _FASTEST_GROWTH, _GROWTH_DOUBLES = 0.01, 0.16, 5.0
# Refusals this near to each other are of one ceiling.
_SAME = 0.05
# Refusals by chance, and not for the rate: what two of a limit agree within, how much more is tried
# after two that do not, what is beyond all creeping up, and how many at once are a limit after all.
_ALIKE, _AFTER_STRAYS, _PROBED, _STORM = 0.1, 3.0, 1.5, 3


class Pace:
    """Let requests go, neither too many at once nor too fast. Times are seconds.

    ``latency`` is what an answer takes lately, None before the first; ``rate`` the operations per
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
        # when the other side's store was, or will be, empty by our own count
        self._empty_at = 0.0
        # seconds' worth that may be spent at once, and what of the last wait that did not cover
        self._saved = _CREDIT - _RESERVE
        self._lost = 0.0
        # how many operations left beyond the ceiling that was met last
        self._excess = 0.0
        # when how much had been taken since the last refusal
        self._marks: deque[tuple[float, int]] = deque(maxlen=_MARKS)
        self._wait = 0.0
        self._cut_at = float("-inf")
        self._grown_at = 0.0
        self._ceiling = 0.0
        self._quiet = _FIRST_QUIET
        # whether the ceiling was met between two refusals, and what one below it measured
        self._is_sure = False
        self._stray = 0.0
        # of those under way at the last refusal, how many were refused and how many taken
        self._storm = self._storm_taken = 0
        self._taken = 0

    @property
    def width(self) -> int:
        """Return how many requests may be under way at once."""
        return max(1, int(self._width))

    def batch(self, most: int) -> int:
        """Return how many operations, of ``most``, one request should hold at this rate."""
        if self.rate is None:
            return most
        return min(most, max(_SMALLEST_BATCH, int(self.rate * _LONGEST_REQUEST)))

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

    async def turn(self, sleep: Sleep, weight: int = 1) -> None:
        """Wait until a request of so many operations may leave: after a common wait, in its turn.

        One that waits for its turn when all are told to wait takes a new turn after that.
        """
        cut_at, at = self._cut_at, self._reserved(self._clock(), weight)
        slept_until = 0.0
        while (until := max(at, self._held_until)) > max(slept_until, now := self._clock()):
            await sleep(until - now)
            slept_until = until
            if self._cut_at > cut_at:
                cut_at, at = self._cut_at, self._reserved(self._clock(), weight)

    def _reserved(self, now: float, weight: int) -> float:
        """Take the next free moment; time that was not used may be caught up with for a while."""
        if not self._marks:
            self._marks.append((now, 0))
        if self.rate is None:
            return now
        self._grow(now)
        now = max(now, self._held_until)
        self._empty_at = max(self._empty_at, now - self._saved)
        at = self._empty_at + min(weight / self.rate, self._saved)
        self._empty_at += weight / self.rate
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

    def answered(self, seconds: float, weight: int = 1) -> None:
        """Learn from an answer that is no refusal and took this long."""
        if self._marks and (now := self._clock()) > self._marks[-1][0] + _MARK_EVERY:
            self._marks.append((now, self._taken))
        self._taken += weight
        self._storm_taken += self._clock() - seconds <= self._cut_at
        self._quickest = min(self._quickest, seconds)
        before = seconds if self.latency is None else self.latency
        self.latency = before + (seconds - before) * 0.1
        if self.latency > 3 * self._quickest + 0.1:
            self._width = max(2.0, self._width * 0.95)
        else:
            self._width = min(_LARGEST_WIDTH, self._width + 1 / self._width)

    def refused(self, wait: float, *, left_at: float, weight: int = 1) -> None:
        """Let everybody wait, told by a request that left at ``left_at``, and go slower after.

        Those that left before the last refusal tell nothing new: they are of the same storm.
        """
        now = self._clock()
        held_before, self._held_until = self._held_until, max(self._held_until, now + wait)
        if left_at <= self._cut_at:
            self._storm += 1
            if self._stray and self.rate and self._storm >= max(_STORM, self._storm_taken):
                self._cut(self._stray, self.rate, sure=False)  # no chance refuses so many
            return
        self._width = max(2.0, self._width * 0.7)
        if self.rate is not None or self._taken:
            measured, sure = self._measured(now, wait)
            self._settle_on(measured, sure=sure, early=now < held_before + _CREDIT)
            self._count_from(now, wait, weight)
        self._cut_at, self._wait, self._taken = now, wait, 0
        self._storm, self._storm_taken = 1, 0
        self._grown_at, self._excess = self._held_until, 0.0
        self._marks.clear()
        self._marks.append((now, 0))

    def _count_from(self, now: float, wait: float, weight: int) -> None:
        """Count what one request took too much as owed; one may leave as soon as was told."""
        assert self.rate is not None, "it was just measured"
        self._lost = max(0.0, min(wait, _CREDIT) - self._saved - _RESERVE)
        owed = now + max(wait - _CREDIT, weight / self.rate) + _RESERVE
        self._empty_at = min(owed, self._held_until - min(weight / self.rate, self._saved))

    def _measured(self, now: float, wait: float) -> tuple[float, bool]:
        """Return what was taken in a second until nothing was left, as the best stretch shows it.

        With it whether all the time since the last refusal shows the same.

        A store that was full at first gave what comes in about the wait that is asked for. Since
        the last refusal, when it was empty, only what is owed more than then counts.
        """
        most = max(self._stretch(now, wait), default=0.0)
        if self._cut_at == float("-inf"):
            return most, False
        seconds = now - self._cut_at - self._lost + wait - self._wait
        if seconds < _TOO_SHORT:
            return self.rate or most, False
        in_all = self._taken / seconds
        return max(most, in_all), most <= in_all * (1 + _SAME)

    def _stretch(self, now: float, wait: float) -> Iterator[float]:
        full = max(wait, _CREDIT)
        for began, taken in self._marks:
            yield (self._taken - taken) / (now - began + full)

    def _settle_on(self, measured: float, *, sure: bool, early: bool) -> None:
        """Take the rate up that was measured, where there is a limit behind the refusal.

        ``early`` is a refusal while what had been saved was still being spent.
        """
        if self.rate is None:
            self.rate = self._ceiling = max(measured, _SLOWEST)
            return
        if early and not self._was_beyond:
            self._saved /= 2  # it holds less than was thought
        if not self._is_stray(measured, self.rate):
            self._cut(measured, self.rate, sure=sure)

    def _cut(self, measured: float, before: float, *, sure: bool) -> None:
        """Keep to what was measured, by half at once at most; surer ceilings are kept longer."""
        self._stray = 0.0
        rate = max(min(measured, before), before / 2, _SLOWEST)
        same = abs(rate - self._ceiling) <= _SAME * self._ceiling
        quiet = 2 * self._quiet if same else _FIRST_QUIET
        known_for = self._clock() - self._cut_at
        self._quiet = min(max(quiet, known_for if known_for > _LONG else 0.0), _LONGEST_QUIET)
        self._ceiling, self._is_sure = rate, sure and rate <= measured < before
        self.rate = rate * _EASED

    @property
    def _was_beyond(self) -> bool:
        """Return whether more left beyond the ceiling than a little that may have been saved."""
        return self._excess > self._ceiling * _RESERVE / 2

    def _is_stray(self, measured: float, rate: float) -> bool:
        """Return whether a refusal seems to have no limit behind it, and then let more be tried.

        It came below a ceiling that was sure. The first changes nothing; a second one either gives
        the same figure, as a limit does that is lower now, or it is chance, and more is tried.
        """
        probed = rate > _PROBED * self._ceiling or self._was_beyond
        before, self._stray = self._stray, measured
        alike = abs(measured - before) <= _ALIKE * before and measured < (1 - _SAME) * rate
        if probed or alike or not self._is_sure:
            return False
        if before:
            self.rate = rate * _AFTER_STRAYS
        return True

    def _grow(self, now: float) -> None:
        """Try a little more once it was quiet for long: faster the longer nobody refuses."""
        assert self.rate is not None, "only a known limit is crept up to"
        quiet_until = max(self._cut_at, self._held_until) + self._quiet
        since = max(self._grown_at, quiet_until)
        if now <= since:
            return
        speed = min(_GROWTH * 2.0 ** ((now - quiet_until) // _GROWTH_DOUBLES), _FASTEST_GROWTH)
        self.rate *= 1 + speed * (now - since)
        self._excess += max(0.0, self.rate - self._ceiling) * (now - since)
        self._grown_at = now


def rounds_of(requests: int, width: int, widest: int) -> int:
    """Return how often one after another is waited for so many requests, if nobody refuses.

    ``width`` of them are prepared at first, and one more with each round up to ``widest``; the pace
    widens its own way meanwhile.
    """
    rounds, open_ways = 0, _FIRST_WIDTH
    while requests > 0:
        sent = min(width, int(open_ways))
        if sent == widest:
            return rounds + -(-requests // sent)
        requests -= sent
        rounds += 1
        width = min(width + 1, widest)
        for _ in range(sent):
            open_ways = min(_LARGEST_WIDTH, open_ways + 1 / open_ways)
    return rounds
