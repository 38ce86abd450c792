"""Keep Python's collector of cycles out of the way while a large company is read."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_at_rest", "is_at_rest"]

_MANY = 50_000  # objects: about 5,000 people

_resting: list[object] = []


def is_at_rest() -> bool:
    """Return whether somebody reads a large company: whoever collects by hand has to wait too."""
    return bool(_resting)


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
    _resting.append(None)
    try:
        yield
    finally:
        _resting.pop()
        if _held() - before >= _MANY:
            gc.freeze()
        if was_on and not _resting:
            gc.enable()


def _held() -> int:
    """Return about how many objects the collector goes through at once: the youngest ones."""
    return gc.get_count()[0]
