"""Follow what an edit would mean: nothing edited, being worked out, told, or overtaken. No Qt."""

from enum import StrEnum

import msgspec

from sparkwizard.provisioning.types import Action, ActionKind, Person
from sparkwizard.provisioning.what_if import Affected, Difference, Effect
from sparkwizard.values import replace
from sparkwizard.wizard.plan.changes import attribute_words, value_words, what_changes, why

__all__ = ["Part", "Phase", "WhatIfState", "cause", "heading", "parts", "plan_words"]


class Phase(StrEnum):
    """Name where the answer to an edit stands."""

    IDLE = "idle"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


class WhatIfState(msgspec.Struct, frozen=True):
    """Hold the answer to the last edit, or how far it is.

    Each edit has a ``ticket`` of its own; what comes for an older one is ignored. While ``RUNNING``
    the ``difference`` of the edit before stays, as ``stale``. ``trouble`` says why there is none.
    """

    phase: Phase = Phase.IDLE
    ticket: int = 0
    progress: float = 0.0
    difference: Difference | None = None
    trouble: str = ""

    @property
    def stale(self) -> bool:
        """Return whether the numbers that are shown belong to an earlier edit."""
        return self.phase is Phase.RUNNING and self.difference is not None

    def edited(self) -> "WhatIfState":
        """Begin anew for one more edit; the numbers of the last one stay meanwhile."""
        kept = self.difference if self.phase in (Phase.READY, Phase.RUNNING) else None
        return WhatIfState(Phase.RUNNING, self.ticket + 1, difference=kept)

    def progressed(self, ticket: int, progress: float) -> "WhatIfState":
        """Note how far the answer to an edit is."""
        if not self._waits_for(ticket):
            return self
        return replace(self, progress=max(self.progress, progress))

    def answered(self, ticket: int, difference: Difference) -> "WhatIfState":
        """Note the answer to an edit."""
        if not self._waits_for(ticket):
            return self
        return WhatIfState(Phase.READY, ticket, 1.0, difference)

    def failed(self, ticket: int, trouble: str) -> "WhatIfState":
        """Note that there is no answer to an edit, and why."""
        if not self._waits_for(ticket):
            return self
        return WhatIfState(Phase.FAILED, ticket, trouble=trouble)

    def put_away(self) -> "WhatIfState":
        """Forget everything; what still comes is for an older ticket."""
        return WhatIfState(ticket=self.ticket + 1)

    def _waits_for(self, ticket: int) -> bool:
        return self.phase is Phase.RUNNING and ticket == self.ticket


class Part(msgspec.Struct, frozen=True):
    """Hold one number of the answer with its words, e.g. "38 people would change"."""

    effect: Effect
    number: int
    text: str


_ORDER = {
    Effect.WOULD_CHANGE: ("would change", "would change"),
    Effect.NO_LONGER_CHANGE: ("would no longer change", "would no longer change"),
    Effect.BECOME_INVALID: ("becomes invalid", "become invalid"),
    Effect.BECOME_VALID: ("becomes valid", "become valid"),
    Effect.FALL_OUT: ("falls out of scope", "fall out of scope"),
    Effect.COME_IN: ("comes into scope", "come into scope"),
}


def parts(difference: Difference) -> tuple[Part, ...]:
    """Return the numbers above zero with their words; only the first names people."""
    found: list[Part] = []
    for effect, (one, many) in _ORDER.items():
        number = difference.number(effect)
        if number:
            noun = "" if found else ("person " if number == 1 else "people ")
            words = one if number == 1 else many
            found.append(Part(effect, number, f"{number:,} {noun}{words}"))
    return tuple(found)


def heading(part: Part) -> str:
    """Return the sentence above the list behind a number."""
    noun = "person" if part.number == 1 else "people"
    words = _ORDER[part.effect][0 if part.number == 1 else 1]
    return f"{part.number:,} {noun} {words} by your edits on this page"


def plan_words(difference: Difference) -> str:
    """Say what the plan would come to; empty where Webex's users are not known yet."""
    counts = difference.after
    if counts is None:
        return ""
    amounts = (
        ("create", counts.create),
        ("update", counts.update),
        ("remove", counts.disable + counts.delete),
    )
    told = ", ".join(f"{verb} {number:,}" for verb, number in amounts if number)
    plan = f"The plan would then {told}." if told else "The plan would then change nobody."
    if not counts.problem:
        return plan
    return f"{plan} {counts.problem:,} {'problem' if counts.problem == 1 else 'problems'}."


def cause(difference: Difference, person: Person) -> str:
    """Say what is other for one person than before the edits."""
    affected = difference.look(person)
    return "" if affected is None else _told(affected)


def _told(affected: Affected) -> str:
    before, after = affected.before, affected.after
    if after.kind in (ActionKind.PROBLEM, ActionKind.SKIPPED):
        return why(after)
    if not (before.kind.writes and after.kind.writes):
        return what_changes(after)
    return _values(before, after) or what_changes(after)


def _values(before: Action, after: Action) -> str:
    """Return "Display name: Ada → Ada Lovelace" for each value that is other than before."""
    old = {change.attribute: change.after for change in before.changes}
    new = {change.attribute: change.after for change in after.changes}
    differing = [one for one in {**old, **new} if old.get(one) != new.get(one)]
    return "; ".join(
        f"{attribute_words(one)}: {_shown(old.get(one))} → {_shown(new.get(one))}"
        for one in differing
    )


def _shown(value: object) -> str:
    return value_words(value) or "nothing"  # type: ignore[arg-type]  # a value of a change
