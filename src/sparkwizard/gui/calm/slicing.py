"""Run long work on the window's own thread, in slices so short that nobody notices.

A worker thread would be simpler, but every paint of the window would then wait for Python's global
lock, a few milliseconds each: over 100,000 people a busy window stood still for half a second at a
stretch, and for 40 ms with slices (``tests/benchmarks/what_if.py`` measures both).
"""

import asyncio
import gc
import time
from collections.abc import Callable, Generator

from sparkwizard.runs.collector import collector_at_rest

__all__ = ["run_slices", "set_aside"]

_AT_A_TIME = 0.005
_MANY_PEOPLE = 20_000
_YOUNG = 5_000


async def run_slices[T](
    slices: Generator[float, None, T],
    on_progress: Callable[[float], object] | None = None,
    *,
    people: int = 0,
    at_a_time: float = _AT_A_TIME,
) -> T:
    """Run slices for ``at_a_time`` seconds, let the window have its turn, and so on to the end.

    ``on_progress`` gets 0 to 1 after each turn. ``people`` is the size of the company, for the
    collector. Cancelling closes the generator.
    """
    try:
        # this tidies up behind itself, so that the window's collector would take it for calm
        with collector_at_rest():
            while True:
                until = time.perf_counter() + at_a_time
                done = 0.0
                while time.perf_counter() < until:
                    done = next(slices)
                _tidy(people)
                if on_progress is not None:
                    on_progress(done)
                await asyncio.sleep(0)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        slices.close()
        set_aside(people)


def _tidy(people: int) -> None:
    """Collect what is young before it is much: twice a second would be too much at once."""
    if not gc.isenabled() and gc.get_count()[0] > _YOUNG:
        gc.collect(1)
        set_aside(people)


def set_aside(people: int) -> None:
    """Keep Python's collector from going through a large company again and again.

    A full collection over 100,000 people holds everything for a quarter of a second. People, users
    and columns hold no cycles, so that they go by themselves when nobody needs them any more.
    """
    if people >= _MANY_PEOPLE:
        gc.freeze()
