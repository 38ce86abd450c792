"""The pace of requests: one gate, one storm of retries at most, and no faster than is taken."""

import asyncio

import pytest

from sparkwizard.net.pace import Pace


class Time:
    """A clock that sleeping moves on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


class Bucket:
    """A server that takes so many requests a second and saves those of one second."""

    def __init__(self, time: Time, rate: float) -> None:
        self.time, self.rate, self.tokens, self.at = time, rate, rate, time.now
        self.refused = self.taken = 0

    def takes(self) -> bool:
        self.tokens = min(self.rate, self.tokens + (self.time.now - self.at) * self.rate)
        self.at = self.time.now
        if self.tokens < 1:
            self.refused += 1
            return False
        self.tokens -= 1
        self.taken += 1
        return True


async def ask(pace: Pace, bucket: Bucket, seconds: float) -> None:
    """Ask one after the other for a while; an answer takes 2 ms."""
    end = bucket.time.now + seconds
    while bucket.time.now < end:
        await pace.turn(bucket.time.sleep)
        left = bucket.time.now
        bucket.time.now += 0.002
        if bucket.takes():
            pace.answered(0.002)
        else:
            pace.refused(1.0, left_at=left)


async def test_nothing_waits_while_nobody_refuses() -> None:
    time = Time()
    pace = Pace(clock=time)
    for _ in range(1000):
        await pace.turn(time.sleep)
        pace.answered(0.01)
    assert time.now == 100.0
    assert pace.rate is None


async def test_when_one_is_told_to_wait_all_wait() -> None:
    time = Time()
    pace = Pace(clock=time)
    await pace.turn(time.sleep)
    pace.refused(7.0, left_at=time.now)
    await pace.turn(time.sleep)
    assert time.now == pytest.approx(107.0)


async def test_refusals_of_one_storm_slow_down_once() -> None:
    time = Time()
    pace = Pace(clock=time)
    for _ in range(50):
        await pace.turn(time.sleep)
        pace.answered(0.01)
    left = time.now
    time.now += 1.0
    pace.refused(1.0, left_at=left)
    rate, width = pace.rate, pace.width
    for _ in range(8):
        pace.refused(1.0, left_at=left)
    assert (pace.rate, pace.width) == (rate, width)
    assert rate == pytest.approx(50.0)


@pytest.mark.parametrize("rate", [10, 50, 200])
async def test_a_limit_is_found_and_nearly_used_up(rate: int) -> None:
    time = Time()
    pace, bucket = Pace(clock=time), Bucket(time, rate)
    await ask(pace, bucket, 60)
    assert bucket.taken >= 0.95 * 60 * rate
    assert bucket.refused < 0.05 * bucket.taken + 5


async def test_more_is_tried_when_the_limit_rises() -> None:
    time = Time()
    pace, bucket = Pace(clock=time), Bucket(time, 10)
    await ask(pace, bucket, 30)
    bucket.rate = 100
    await ask(pace, bucket, 60)
    assert pace.rate is not None
    assert pace.rate > 50


async def test_no_more_are_under_way_than_the_width() -> None:
    pace, most, under_way = Pace(), 0, 0

    async def one() -> None:
        nonlocal most, under_way
        async with pace.place():
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1

    await asyncio.gather(*(one() for _ in range(100)))
    assert most == pace.width == 8


async def test_who_stops_waiting_leaves_the_place_to_others() -> None:
    pace = Pace()
    gate = asyncio.Event()

    async def one() -> None:
        async with pace.place():
            await gate.wait()

    tasks = [asyncio.create_task(one()) for _ in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    gate.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(result is None for result in results) == 10
    async with asyncio.timeout(1), pace.place():
        pass


async def test_slower_answers_narrow_the_way_and_quick_ones_widen_it() -> None:
    pace = Pace()
    for _ in range(200):
        pace.answered(0.02)
    wide = pace.width
    for _ in range(100):
        pace.answered(1.0)
    assert pace.width < wide
