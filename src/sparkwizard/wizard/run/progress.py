"""How far a run is, and how long it will still take; no clock of its own."""

from collections import Counter, deque

from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.types import ActionState, Begun, Outcome

__all__ = ["Pace", "Tally"]


class Tally:
    """Count outcomes as they come; a later one of the same action replaces the earlier.

    ``before`` is what an earlier try of the same run had already carried out; ``taken_back`` counts
    the failures that later ones replaced: while it stays, ``not_done`` only grows at its end.
    """

    def __init__(self) -> None:
        self.run_id = 0
        self.total = 0
        self.before = 0
        self.taken_back = 0
        self.applied: Counter[ActionKind] = Counter()
        self._applied: set[int] = set()
        self._open: dict[int, Outcome] = {}

    def begin(self, begun: Begun) -> None:
        """Begin a run, or go on with the same one: what failed in it is tried again."""
        if begun.run_id != self.run_id:
            self.applied.clear()
            self._applied.clear()
        self.run_id, self.total = begun.run_id, begun.total
        self.taken_back += len(self._open)
        self._open.clear()
        self.before = max(0, begun.done_before - len(self._applied))

    def take(self, outcome: Outcome) -> None:
        """Count one outcome."""
        kind, seq = outcome.action.kind, outcome.seq
        if seq in self._applied:
            self._applied.discard(seq)
            self.applied[kind] -= 1
        self.taken_back += self._open.pop(seq, None) is not None
        if outcome.state is ActionState.APPLIED:
            self._applied.add(seq)
            self.applied[kind] += 1
        else:
            self._open[seq] = outcome

    @property
    def done(self) -> int:
        """Return how many actions were carried out or failed, those of an earlier try included."""
        return min(self.total, self.before + len(self._applied) + len(self._open))

    @property
    def not_done(self) -> tuple[Outcome, ...]:
        """Return what failed or was left, in the order in which it was heard of."""
        return tuple(self._open.values())

    @property
    def failed(self) -> int:
        """Return how many actions did not come out as they should."""
        return len(self._open)


_ASLEEP = 10.0  # seconds; a window that is awake looks many times in one


class Pace:
    """Tell the time left from how fast the last changes went.

    Nothing is said for the first ``quiet`` seconds, nor before ``least`` changes are done.
    """

    def __init__(self, *, quiet: float = 3.0, least: int = 3, window: float = 30.0) -> None:
        self._quiet, self._least, self._window = quiet, least, window
        self._marks: deque[tuple[float, int]] = deque()
        self._first: tuple[float, int] | None = None
        self._looked: float | None = None

    def look(self, now: float) -> None:
        """Take it for sleep if nobody looked for long: that time says nothing about the pace.

        Steady clocks go on while a computer sleeps, on some systems.
        """
        if self._looked is not None and now - self._looked > _ASLEEP:
            self.rest()
        self._looked = now

    def mark(self, now: float, done: int) -> None:
        """Remember how many were done at this moment (seconds of any steady clock)."""
        if self._first is None:
            self._first = (now, done)
        self._marks.append((now, done))
        while len(self._marks) > 1 and self._marks[1][0] < now - self._window:
            self._marks.popleft()

    def rest(self) -> None:
        """Forget the pace: what follows a pause says nothing about what came before."""
        self._marks.clear()
        self._first = None

    def seconds_left(self, now: float, total: int) -> float | None:
        """Return about how many seconds are left, None while that can't be told."""
        if self._first is None or now - self._first[0] < self._quiet:
            return None
        done = self._marks[-1][1]
        if done - self._first[1] < self._least:
            return None
        since, before = self._marks[0]
        if done == before:
            return None
        return max(0.0, (total - done) * (now - since) / (done - before))
