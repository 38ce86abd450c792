"""The pace of requests: one gate, one storm of retries at most, and no faster than is taken."""

import asyncio

import pytest

from sparkwizard.net.pace import Pace
from tests.net.virtual_time import Bucket, carried_out, run_in_virtual_time


class Time:
    """A clock that sleeping moves on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def sent(bucket: Bucket, number: int, *, bulk: int = 0) -> Pace:
    """Send so many operations in virtual time, as wide as apply may; return the pace."""

    async def work() -> Pace:
        pace = Pace(clock=asyncio.get_running_loop().time)
        width, first = (4, 2) if bulk else (32, 8)
        await carried_out(pace, bucket, number, bulk=bulk, width=width, first=first)
        return pace

    return run_in_virtual_time(work())


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
    # 50 in a second from a store that was full: a second's worth came in, the other was saved
    assert rate == pytest.approx(25.0)


@pytest.mark.parametrize("rate", [10, 50, 200])
def test_a_limit_is_found_and_nearly_used_up(rate: int) -> None:
    bucket = Bucket(rate)
    sent(bucket, 60 * rate)
    assert bucket.used >= 0.95
    assert bucket.refused_share <= 0.05


@pytest.mark.parametrize("rate", [10, 50, 200])
def test_with_bulk_operations_are_counted_and_a_limit_nearly_used_up(rate: int) -> None:
    bucket = Bucket(rate)
    sent(bucket, 150 * rate, bulk=100)
    assert bucket.used >= 0.95
    assert bucket.refused_share <= 0.05


@pytest.mark.parametrize("rate", [50, 200])
def test_ten_thousand_with_bulk_meet_the_limit_with_one_request_in_twenty(rate: int) -> None:
    bucket = Bucket(rate)
    sent(bucket, 10_000, bulk=100)
    assert bucket.used >= 0.95
    assert bucket.refused_share <= 0.05


@pytest.mark.parametrize("seed", range(5))
def test_refusals_at_random_do_not_slow_everything_down_for_long(seed: int) -> None:
    bucket = Bucket(1_000_000, strays=0.05, seed=seed)
    sent(bucket, 1000)
    waited = bucket.refused  # a second each, for everybody
    assert bucket.seconds <= 4 * waited


@pytest.mark.parametrize("lower", [10, 50, 80])
def test_a_limit_that_gets_lower_is_taken_for_no_chance(lower: int) -> None:
    async def work() -> tuple[int, float]:
        clock = asyncio.get_running_loop().time
        pace, bucket = Pace(clock=clock), Bucket(100)
        await carried_out(pace, bucket, 6000, bulk=0, width=32)
        bucket.rate, refused, began = lower, bucket.refused, clock()
        await carried_out(pace, bucket, lower * 60, bulk=0, width=32)
        return bucket.refused - refused, clock() - began

    refused, seconds = run_in_virtual_time(work())
    assert refused <= 60
    assert seconds <= 60 / 0.95


def test_a_limit_told_by_the_minute_is_kept_to() -> None:
    bucket = Bucket(5, holds=60)
    sent(bucket, 300 + 5 * 120)
    assert bucket.used >= 0.95
    assert bucket.refused_share <= 0.2


def test_a_server_that_saves_nothing_is_not_asked_in_bursts_for_long() -> None:
    bucket = Bucket(50, holds=0.1)
    sent(bucket, 3000)
    assert bucket.refused_share <= 0.05


def test_a_request_holds_no_more_than_what_comes_in_half_a_second() -> None:
    assert Pace().batch(100) == 100
    pace = sent(Bucket(50), 1000)
    assert pace.batch(100) in range(20, 30)
    assert sent(Bucket(2), 40).batch(100) == 5


def test_more_is_tried_when_the_limit_rises() -> None:
    async def work() -> float:
        pace, bucket = Pace(clock=asyncio.get_running_loop().time), Bucket(10)
        await carried_out(pace, bucket, 300, bulk=0, width=32)
        bucket.rate = 100
        began = asyncio.get_running_loop().time()
        await carried_out(pace, bucket, 4000, bulk=0, width=32)
        return asyncio.get_running_loop().time() - began

    assert run_in_virtual_time(work()) < 90


async def test_who_is_refused_before_anything_was_taken_is_only_told_to_wait() -> None:
    time = Time()
    pace = Pace(clock=time)
    await pace.turn(time.sleep)
    pace.refused(1.0, left_at=time.now)
    for _ in range(5):
        await pace.turn(time.sleep)
    assert time.now == pytest.approx(101.0)


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
