"""A run that goes ring by ring, in words."""

from collections.abc import Sequence

from sparkwizard.runs.types import Ring, RunResult
from sparkwizard.wizard.plan.changes import people

__all__ = ["ALLOWED", "allowed_words", "ring_list", "ring_rule", "ring_stop", "ring_words"]

ALLOWED = (0, 1, 5, 10, 25)
"""How many of a hundred people may not have been written, for the next ring to begin."""

_NOBODY_ELSE = "nobody else is begun with."


def ring_rule(percent: int) -> str:
    """Return when the next ring begins, and what happens if it does not."""
    if not percent:
        return (
            "The next ring begins by itself only if everybody so far was written as planned."
            f" If anybody was not, {_NOBODY_ELSE}"
        )
    return (
        f"The next ring begins by itself only if at most {percent}% of the people so far could not"
        f" be written as planned. Otherwise {_NOBODY_ELSE}"
    )


def allowed_words(percent: int) -> str:
    """Return one choice of a rule."""
    return f"At most {percent}% may fail" if percent else "Nobody may fail"


def ring_list(sizes: Sequence[int], *, groups: bool = False) -> str:
    """Return what the rings are, a line each, for how many people have been written after each.

    ``groups`` are written with the last one.
    """
    lines = [f"Ring {number}: {people(size)}" for number, size in enumerate(sizes, 1)]
    if lines:
        last = ", then groups" if groups else ""
        lines[-1] = f"Ring {len(sizes)}: everybody, {people(sizes[-1])}{last}"
    return "\n".join(lines)


def ring_words(ring: Ring) -> str:
    """Return which ring is under way and whom it ends with."""
    return f"Ring {ring.number} of {ring.of}: {people(ring.people)}"


def ring_stop(result: RunResult) -> str:
    """Return why a ring stopped the rest, an empty text where none did."""
    stops = (stop.reason.text for stop in result.stops if stop.reason.code == "ring-stopped")
    return next(stops, "")
