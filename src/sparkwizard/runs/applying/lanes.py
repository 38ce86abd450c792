"""In which order, how wide and in what batches a run writes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from itertools import count

import msgspec

from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.types import ActionRecord
from sparkwizard.webex.types import Capabilities

__all__ = [
    "REREAD_ALL_FROM",
    "Lane",
    "batch_size",
    "batches",
    "lanes_for",
    "side_by_side_in",
    "widths_for",
]

ORDER = (ActionKind.UPDATE, ActionKind.DISABLE, ActionKind.DELETE, ActionKind.CREATE)
"""Renames and removals first: they free the names that new people may get."""

REREAD_ALL_FROM = 25
"""From how many changed users on one listing is cheaper than a look at each."""

WIDTH_SINGLE = 8
WIDEST_SINGLE = 32
WIDTH_BULK = 2
WIDEST_BULK = 4
SLICES = 20
SMALLEST_BATCH = 5


class Lane(msgspec.Struct, frozen=True):
    """Hold the actions of one kind and how many requests may be prepared at once.

    It begins with ``width`` and goes up to ``widest``, one more when each was answered: a limit is
    met with few under way, that are all refused. How many leave, ``net.pace`` decides.
    """

    records: Sequence[ActionRecord]
    width: int
    widest: int

    def widens(self, width: int, answered: int) -> bool:
        """Return whether one more may be prepared after so many answers in all."""
        rounds = width - self.width + 1
        return width < self.widest and answered >= rounds * (self.width + width) // 2


def lanes_for(records: Sequence[ActionRecord], can: Capabilities) -> Iterator[Lane]:
    """Yield the lanes one after another.

    Creates go one at a time where the server breaks on parallel ones (facts/webex.md, field
    behaviour).
    """
    for kind in ORDER:
        of_kind = [record for record in records if record.action.kind is kind]
        if of_kind:
            yield Lane(of_kind, *widths_for(kind, can))


def widths_for(kind: ActionKind, can: Capabilities) -> tuple[int, int]:
    """Return how many requests of one kind a lane begins with and goes up to."""
    if kind is ActionKind.CREATE and can.serial_creates:
        return 1, 1
    return (WIDTH_BULK, WIDEST_BULK) if can.bulk_operations else (WIDTH_SINGLE, WIDEST_SINGLE)


def batches(
    records: Sequence[ActionRecord], bulk: int, fitting: Callable[[int], int]
) -> Iterator[Sequence[ActionRecord]]:
    """Yield one record at a time, or batches small enough that progress shows and Cancel is quick.

    ``bulk`` is the most operations one request may hold, 0 for none. ``fitting`` tells, just before
    a batch is made, how many of so many the server takes at once.
    """
    size, start = batch_size(len(records), bulk), 0
    while start < len(records):
        end = start + (fitting(size) if bulk else 1)
        yield records[start:end]
        start = end


def batch_size(number: int, bulk: int) -> int:
    """Return how many of so many changes of one kind go in one request."""
    return min(bulk, max(SMALLEST_BATCH, number // SLICES)) if bulk else 1


async def side_by_side_in(
    lane: Lane,
    some: Iterable[Sequence[ActionRecord]],
    carry: Callable[[Sequence[ActionRecord]], Awaitable[None]],
) -> None:
    """Carry batches out side by side, as many at once as the lane is wide by then.

    The first failure is raised, after what was under way has come to its end.
    """
    queue, carried = iter(some), count(1)
    workers: list[asyncio.Task[None]] = []

    async def worker() -> None:
        for batch in queue:
            await carry(batch)
            if lane.widens(len(workers), next(carried)):
                workers.append(asyncio.create_task(worker()))

    workers += [asyncio.create_task(worker()) for _ in range(lane.width)]
    try:
        while under_way := [one for one in workers if not one.done()]:
            await asyncio.wait(under_way)
    finally:
        for one in workers:
            one.cancel()
    for result in await asyncio.gather(*workers, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
