"""A server that limits how much it takes, and clients of it, in time that nobody waits for."""

import asyncio
import math
import random
import selectors
from collections.abc import Coroutine
from dataclasses import dataclass, field

from sparkwizard.net.pace import Pace

__all__ = ["Bucket", "carried_out", "run_in_virtual_time"]


class _Jumping(selectors.SelectSelector):
    """Let the time pass at once that the event loop wants to wait."""

    now = 100.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout or 0.0
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def run_in_virtual_time[T](work: Coroutine[None, None, T]) -> T:
    """Run something to its end; sleeping takes no time, and the loop's clock shows that it did."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(work)


@dataclass(slots=True)
class Bucket:
    """Take so many operations a second, saved for ``holds`` seconds, and answer after ``latency``.

    A request is refused while there is less than one left, with Retry-After in whole seconds; what
    it takes beyond that is owed. ``strays`` is the share that is refused by chance.
    """

    rate: float
    latency: float = 0.05
    holds: float = 1.0
    strays: float = 0.0
    seed: int = 4
    taken: int = 0
    requests: int = 0
    refused: int = 0
    first: float = 0.0
    last: float = 0.0
    chance: random.Random = field(init=False)
    _tokens: float = field(init=False)
    _at: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._tokens = self.rate * self.holds
        self.chance = random.Random(self.seed)

    async def asked(self, operations: int) -> float:
        """Return the seconds of Retry-After, 0 where the operations were taken."""
        await asyncio.sleep(self.latency * (1 + 0.3 * self.chance.random()))
        now = asyncio.get_running_loop().time()
        most = self.rate * self.holds
        self._tokens = min(most, self._tokens + (now - self._at) * self.rate)
        self._at = now
        self.requests += 1
        if self.strays and self.chance.random() < self.strays:
            self.refused += 1
            return 1.0
        if self._tokens < 1:
            self.refused += 1
            return math.ceil((1 - self._tokens) / self.rate)
        self._tokens -= operations
        self.taken += operations
        self.first, self.last = self.first or now, now
        return 0.0

    @property
    def seconds(self) -> float:
        """Return how long it took from the first operation until nothing is owed any more."""
        return self.last - self.first + max(-self._tokens, 0.0) / self.rate

    @property
    def used(self) -> float:
        """Return how much was used of what it would have taken since the first operation."""
        least = max(self.taken - self.rate * self.holds, self.rate * self.latency) / self.rate
        return least / self.seconds

    @property
    def refused_share(self) -> float:
        """Return how many requests more were sent, to those that were needed."""
        return self.refused / (self.requests - self.refused)


async def carried_out(
    pace: Pace, bucket: Bucket, number: int, *, bulk: int, width: int, first: int = 0
) -> None:
    """Send so many operations, side by side, in requests as large as the pace likes them.

    As apply does, ``first`` are prepared at once, and one more when each has been answered.
    """
    left, answered = number, 0
    workers: list[asyncio.Task[None]] = []

    async def worker() -> None:
        nonlocal left, answered
        while left > 0:
            size = min(left, pace.batch(bulk)) if bulk else 1
            left -= size
            async with pace.place():
                await _send(pace, bucket, size)
            answered += 1
            if answered >= len(workers) < width:
                answered = 0
                workers.append(asyncio.create_task(worker()))

    workers += [asyncio.create_task(worker()) for _ in range(first or width)]
    while under_way := [one for one in workers if not one.done()]:
        await asyncio.wait(under_way)


async def _send(pace: Pace, bucket: Bucket, size: int) -> None:
    loop = asyncio.get_running_loop()
    while True:
        await pace.turn(asyncio.sleep, size)
        left_at = loop.time()
        wait = await bucket.asked(size)
        if not wait:
            pace.answered(loop.time() - left_at, size)
            return
        jitter = bucket.chance.uniform(0, 0.05)
        pace.refused(wait + jitter, left_at=left_at, weight=size)
