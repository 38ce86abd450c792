"""Tell on standard error how an apply goes on, at most twice a second."""

import time

from sparkwizard.commands.telling.output import Output
from sparkwizard.runs.types import (
    ActionState,
    ApplyEvent,
    Begun,
    GroupOutcome,
    Outcome,
    Ring,
    Waiting,
)

__all__ = ["Progress"]

EVERY_SECONDS = 0.5


class Progress:
    """Follow the events of one apply."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._total = 0
        self._settled: set[int] = set()
        self._before = 0
        self._told_at = 0.0

    def tell(self, event: ApplyEvent) -> None:
        """Say what is new where it is worth a line."""
        if isinstance(event, Begun):
            self._total, self._before = event.total, event.done_before
            if event.done_before:
                self._output.progress(f"{_done(event.done_before)} done before; going on.")
        elif isinstance(event, Outcome):
            self._settled.add(event.seq)
            if event.state is not ActionState.APPLIED:
                self._output.progress(f"{event.action.label}: {event.message}")
            self._how_far()
        elif isinstance(event, GroupOutcome):
            if event.outcome.state is not ActionState.APPLIED:
                self._output.progress(f"{event.label}: {event.outcome.message}")
        elif isinstance(event, Ring):
            self._settled.clear()
            who = "1 person" if event.people == 1 else f"{event.people:,} people"
            self._output.progress(f"Ring {event.number} of {event.of}: {who}")
        elif isinstance(event, Waiting):
            self._output.progress(f"Waiting {event.seconds:.0f} seconds: {event.why}")

    def _how_far(self) -> None:
        # an earlier write that was not kept is settled a second time
        done = min(len(self._settled) + self._before, self._total)
        now = time.monotonic()
        if done == self._total or now - self._told_at >= EVERY_SECONDS:
            self._told_at = now
            self._output.progress(f"{done:,} of {self._total:,}")


def _done(number: int) -> str:
    return "1 was" if number == 1 else f"{number:,} were"
