"""Carry out a plan ring by ring: 1 person, 10, 100, then all, each only after a good one.

The people of a ring are the first so many of an order, so that a ring holds the one before it. All
rings are one run of the journal; whoever was not begun with is written down with the reason.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from sparkwizard.provisioning.types import ActionKind, Reason, Stop
from sparkwizard.runs.types import (
    NOT_REACHED,
    Applied,
    ApplyEvent,
    Outcome,
    Ring,
    RingDone,
    RunResult,
    RunState,
)
from sparkwizard.runs.writing.second_pass import REFERENCE_PENDING
from sparkwizard.values import replace

__all__ = ["RINGS", "carry_out_rings", "rings_of", "stop_after"]

RINGS = (1, 10, 100)
"""How many people have been written after each ring but the last, which is everybody."""

type ApplyTo = Callable[[frozenset[str] | None], AsyncGenerator[ApplyEvent]]
"""Apply the plan to these source ids, None for all."""
type Leave = Callable[[int, Reason], Sequence[Outcome]]
"""Write down that whoever a run does not hold yet is left; return all that was not applied."""


def rings_of(people: int) -> tuple[int, ...]:
    """Return how many people have been written after each ring; none where there is nobody."""
    return (*(size for size in RINGS if size < people), people) if people else ()


def stop_after(ring: Ring, result: RunResult, percent: int) -> Reason | None:
    """Return why the rings after this one are not begun, None where all is well.

    ``percent`` of the people so far may have failed or have been left alone, not more.
    """
    # a manager of a later ring is set when that one is written
    pending = sum(1 for outcome in result.outcomes if outcome.code == REFERENCE_PENDING)
    left = result.failed + result.not_attempted - pending
    if left * 100 <= percent * ring.people:
        return None
    who = "1 person" if ring.people == 1 else f"{left:,} of {ring.people:,} people"
    allowed = f", more than the {percent}% allowed" if percent else ""
    return Reason(
        "ring-stopped",
        f"Stopped after ring {ring.number} of {ring.of}: {who} could not be written as planned"
        f"{allowed}. Nobody else was begun with.",
    )


async def carry_out_rings(
    order: Sequence[str],
    apply_to: ApplyTo,
    leave: Leave,
    *,
    percent: int = 0,
) -> AsyncGenerator[ApplyEvent]:
    """Apply ring after ring; yield Ring before and RingDone after each, and Applied at the end.

    ``order`` are the source ids of all whom the plan writes. ``percent`` is that of ``stop_after``.
    What was done before is not repeated, so that a run that stopped goes on where it did. Raises
    what an apply raises, after RingDone.
    """
    sizes = rings_of(len(order)) or (0,)
    for number, size in enumerate(sizes, 1):
        ring = Ring(number, len(sizes), size)
        last = number == len(sizes)
        yield ring
        result = None
        async with aclosing(apply_to(None if last else frozenset(order[:size]))) as events:
            async for event in events:
                if isinstance(event, Applied):
                    result = event.result
                    why = None if last else _why_no_more(ring, result, percent)
                    if why:
                        left = leave(result.run_id, why)
                        result = _with_rest(result, why, order[size:], left)
                    yield RingDone(ring, result)
                    if last or why:
                        yield Applied(result)
                else:
                    yield event
        if result is None or last or why:
            return


def _why_no_more(ring: Ring, result: RunResult, percent: int) -> Reason | None:
    if result.state is not RunState.DONE:
        return Reason(*NOT_REACHED)
    return stop_after(ring, result, percent)


def _with_rest(
    result: RunResult, why: Reason, rest: Sequence[str], left: Sequence[Outcome]
) -> RunResult:
    """Return the result of a ring with those who were not begun with."""
    waiting = frozenset(rest)
    kinds = Counter(one.action.kind for one in left if one.action.source_id in waiting)
    stops = tuple(Stop(kind, kinds[kind], why) for kind in ActionKind if kinds[kind])
    return replace(
        result,
        not_attempted=result.not_attempted + kinds.total(),
        outcomes=tuple(left),
        stops=result.stops + (stops if why.code == "ring-stopped" else ()),
    )
