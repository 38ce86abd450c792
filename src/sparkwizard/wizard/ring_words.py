"""A run that goes ring by ring, in words."""

from sparkwizard.runs.types import Ring, RunResult
from sparkwizard.wizard.changes import people

__all__ = ["RING_RULE", "ring_stop", "ring_words"]

RING_RULE = (
    "The next ring begins by itself only if everybody so far was written as planned."
    " If anybody was not, nobody else is begun with."
)


def ring_words(ring: Ring) -> str:
    """Return which ring is under way and whom it ends with."""
    return f"Ring {ring.number} of {ring.of}: {people(ring.people)}"


def ring_stop(result: RunResult) -> str:
    """Return why a ring stopped the rest, an empty text where none did."""
    stops = (stop.reason.text for stop in result.stops if stop.reason.code == "ring-stopped")
    return next(stops, "")
