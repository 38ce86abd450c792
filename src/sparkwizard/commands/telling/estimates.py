"""What carrying a plan out takes, as ``preview`` and ``undo`` tell it."""

from collections.abc import Iterator

from sparkwizard.runs.types import Preview
from sparkwizard.wizard.plan.estimate import estimate_words

__all__ = ["estimate_document", "estimate_lines"]


def estimate_document(made: Preview) -> dict[str, object] | None:
    """Return the requests and about how many seconds a plan takes, None where nobody knows."""
    expected = made.estimate
    if expected is None:
        return None
    return {"requests": expected.requests, "seconds": expected.seconds}


def estimate_lines(made: Preview) -> Iterator[str]:
    """Yield the same in words, where anything is to be written."""
    if made.estimate and made.plan.writes:
        yield f"Carrying it out takes: {estimate_words(made.estimate)}."
