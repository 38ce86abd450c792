"""Keep Python's collector of cycles out of the way while a large company is read."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_at_rest"]

_MANY = 200_000  # objects: about 20,000 people


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Collect no cycles inside; afterwards leave what was read out of every later collection.

    People, users and actions hold no cycles and go by themselves when nobody needs them any more,
    but each full collection goes through all of them: half of a preview's time, and a quarter of a
    second for which no window answers. Where little was read nothing is set aside.
    """
    was_on = gc.isenabled()
    before = _held()
    gc.disable()
    try:
        yield
    finally:
        if _held() - before >= _MANY:
            gc.freeze()
        if was_on:
            gc.enable()


def _held() -> int:
    """Return about how many objects the collector goes through at once: the youngest ones."""
    return gc.get_count()[0]
