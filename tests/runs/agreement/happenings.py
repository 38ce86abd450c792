"""What can happen to a directory, to a Webex and to the runs between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from tests.runs.agreement.groups.happenings import GroupChange
from tests.runs.tenant import Person

__all__ = [
    "Again",
    "AnotherSetup",
    "Change",
    "Comes",
    "DaysPass",
    "Domains",
    "Edited",
    "Employee",
    "InRings",
    "InStep",
    "Later",
    "Leaves",
    "MadeByHand",
    "Scheduled",
    "Step",
    "Sync",
    "Trouble",
    "Undone",
    "Waits",
]


class Employee(Person, frozen=True):
    """One row of the company's file; ``manager`` is somebody's number."""

    manager: int | None = None

    @property
    def manager_id(self) -> str:
        return "" if self.manager in (None, self.number) else Person(self.manager or 0).object_id


@dataclass(frozen=True, slots=True)
class Later:
    """What goes wrong once a run has come to groups."""

    faults: dict[str, Any] = field(default_factory=dict)
    cancel_at: int | None = None
    kill_at: int | None = None
    unheard: int = 0

    @property
    def kills(self) -> bool:
        return self.kill_at is not None or self.unheard > 0


@dataclass(frozen=True, slots=True, repr=False)
class Trouble:
    """What goes wrong during one run."""

    faults: dict[str, Any] = field(default_factory=dict)
    writing: dict[str, Any] = field(default_factory=dict)
    """Faults that begin only once everything was read."""
    damage: tuple[str, int] | None = None
    """A line that spoils the file, and at which line it stands."""
    no_file: bool = False
    hidden_users: int = 0
    """By how many users Webex's count exceeds its list."""
    cancel_at: int | None = None
    kill_at: int | None = None
    unheard: int = 0
    """The process dies as it writes an outcome down for this many times."""
    graph: dict[str, Any] = field(default_factory=dict)
    graph_dies_at: int | None = None
    """After so many requests Graph answers nothing but 503."""
    groups: Later = Later()

    def __repr__(self) -> str:
        """Return only what goes wrong: stories that fail are read by people."""
        said = (
            f"{one.name}={getattr(self, one.name)!r}"
            for one in fields(self)
            if getattr(self, one.name) not in (one.default, {})
        )
        return f"Trouble({', '.join(said)})"

    @property
    def disturbs_writing(self) -> bool:
        later = self.groups.faults or self.groups.cancel_at
        return bool(self.faults or self.writing or self.cancel_at or later) or self.kills

    @property
    def of_the_whole(self) -> bool:
        """Return whether it is a fault of the setup as a whole: a token, a server, a source."""
        faults = self.faults | self.writing
        at_fault = faults.get("token_expired") or faults.get("html")
        return bool(at_fault or self.no_file or self.graph.get("tokens_expired"))

    @property
    def kills(self) -> bool:
        return self.kill_at is not None or self.unheard > 0 or self.groups.kills


# -- on either side ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comes:
    """Somebody is new in the source, comes back, or is another than before."""

    person: Employee


@dataclass(frozen=True, slots=True)
class Leaves:
    """Somebody is no longer in the source."""

    number: int


@dataclass(frozen=True, slots=True)
class MadeByHand:
    """Somebody else creates a user, perhaps with the id of a person."""

    name: str
    external_id: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Edited:
    """Somebody else edits a user, and deletes it where there are no values.

    ``who`` is a user's name, or a number that picks one.
    """

    who: str | int
    values: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class DaysPass:
    """A day, or as many as let a delete be due; or the hours that what failed waits."""

    days: int = 0
    hours: int = 0


@dataclass(frozen=True, slots=True)
class AnotherSetup:
    """Another setup on this computer takes on exactly these people, and runs."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Domains:
    """Webex refuses new names outside of the company's domain from now on, or no more."""

    enforced: bool


type Change = Comes | Leaves | MadeByHand | Edited | DaysPass | AnotherSetup | Domains | GroupChange


# -- runs ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sync:
    """Changes, then a cycle; without ``full`` a preview and an apply by hand."""

    changes: Sequence[Change] = ()
    trouble: Trouble = Trouble()
    full: bool | None = False


@dataclass(frozen=True, slots=True)
class Waits:
    """A plan that is applied only after more has changed; runs of others come between."""

    changes: Sequence[Change] = ()
    later: Sequence[Change] = ()
    first: Trouble = Trouble()
    then: Trouble = Trouble()
    between: Sync | None = None


@dataclass(frozen=True, slots=True)
class InRings:
    """A plan carried out ring by ring, which waits then for whoever takes it up again.

    ``percent`` of a ring may fail. ``turn`` is with which of its people it begins.
    """

    changes: Sequence[Change] = ()
    trouble: Trouble = Trouble()
    percent: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What the system's scheduler runs, unless the setup is slowed down or was undone."""

    changes: Sequence[Change] = ()
    trouble: Trouble = Trouble()
    full: bool = False
    release: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """The last plan that waited, applied once more."""

    changes: Sequence[Change] = ()
    trouble: Trouble = Trouble()


@dataclass(frozen=True, slots=True)
class Undone:
    """A run that is taken back, perhaps after more has changed."""

    changes: Sequence[Change] = ()
    later: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class InStep:
    """Incremental cycles alone have left nothing to do; nobody else may have edited Webex."""

    changes: Sequence[Change] = ()


type Step = Sync | Waits | InRings | Scheduled | Again | Undone | InStep
