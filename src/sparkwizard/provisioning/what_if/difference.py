"""What an edit changes: numbers, and the people behind each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from sparkwizard.provisioning.types import Action, Counts, Person

__all__ = [
    "Affected",
    "Difference",
    "Effect",
    "Standing",
    "effect_of_actions",
    "effect_of_standing",
]


class Effect(StrEnum):
    """Name what an edit means for one person; nobody has two.

    ``WOULD_CHANGE`` is somebody whose user in Webex would be written otherwise than before the
    edit, ``NO_LONGER_CHANGE`` one who would no longer be written.
    """

    WOULD_CHANGE = "would_change"
    NO_LONGER_CHANGE = "no_longer_change"
    BECOME_INVALID = "become_invalid"
    BECOME_VALID = "become_valid"
    FALL_OUT = "fall_out_of_scope"
    COME_IN = "come_into_scope"


class Standing(StrEnum):
    """Name how somebody stands under one set of rules."""

    OUT = "out"
    INVALID = "invalid"
    FINE = "fine"


class Affected(msgspec.Struct, frozen=True):
    """Hold what would be done for one person before and after the edit."""

    person: Person
    before: Action
    after: Action


def _nobody(_person: Person) -> Affected | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Hold whom an edit affects.

    ``people`` is how many there are, ``in_scope`` how many of them are in scope after the edit.
    ``before`` and ``after`` are the counts of the two plans, None where Webex's users are not
    known: then everybody counts as new, and only the values themselves are compared. ``look``
    tells the actions of one of the people.
    """

    people: int
    in_scope: int
    groups: Mapping[Effect, tuple[Person, ...]]
    before: Counts | None = None
    after: Counts | None = None
    look: Callable[[Person], Affected | None] = field(default=_nobody, compare=False, repr=False)

    def behind(self, effect: Effect) -> tuple[Person, ...]:
        """Return the people behind a number."""
        return self.groups.get(effect, ())

    def number(self, effect: Effect) -> int:
        """Return how many people have an effect."""
        return len(self.behind(effect))

    @property
    def affected(self) -> int:
        """Return how many people the edit affects at all."""
        return sum(map(len, self.groups.values()))


def effect_of_standing(old: Standing, new: Standing) -> Effect | None:
    """Return what an edit means for somebody who stands otherwise, None for one who doesn't."""
    if new is old:
        return None
    if new is Standing.OUT:
        return Effect.FALL_OUT
    if new is Standing.INVALID:
        return Effect.BECOME_INVALID
    return Effect.COME_IN if old is Standing.OUT else Effect.BECOME_VALID


def effect_of_actions(before: Action, after: Action) -> Effect | None:
    """Return what an edit means for somebody who is in scope and can be written, as before."""
    if _written(before) == _written(after):
        return None
    return Effect.WOULD_CHANGE if after.kind.writes else Effect.NO_LONGER_CHANGE


def _written(action: Action) -> object:
    """Return what would be sent, whatever the order of the rules."""
    if not action.kind.writes:
        return None
    return action.kind, {change.attribute: change.after for change in action.changes}
