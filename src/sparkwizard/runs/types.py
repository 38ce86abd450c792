"""What the runs room hands out: events of an apply, its result, and what the journal knows."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from sparkwizard.provisioning.groups.types import GroupCounts
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import (
    Action,
    ActionKind,
    Counts,
    Population,
    Reason,
    Stop,
    UsersRead,
)

if TYPE_CHECKING:  # who tells of runs asks nobody for licences
    from sparkwizard.webex.types import Licences

__all__ = [
    "NOT_REACHED",
    "Acting",
    "ActionRecord",
    "ActionState",
    "Applied",
    "ApplyEvent",
    "Begun",
    "Estimate",
    "GroupOutcome",
    "GroupResult",
    "GroupTally",
    "Outcome",
    "Preview",
    "Ring",
    "RingDone",
    "RunRecord",
    "RunResult",
    "RunState",
    "Waiting",
]

NOT_REACHED = ("not-reached", "The run ended before this.")
"""Code and sentence of an action that was never sent."""


class ActionState(StrEnum):
    """Name where one action of a run stands."""

    PLANNED = "planned"
    SENT = "sent"
    APPLIED = "applied"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"


class RunState(StrEnum):
    """Name where a run stands."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Estimate(msgspec.Struct, frozen=True):
    """Hold the requests to Webex's users that a plan takes, and about how many seconds."""

    requests: int
    seconds: float


class KnownPace(msgspec.Struct, frozen=True):
    """Hold the seconds an answer takes, and those that each change costs besides."""

    latency: float
    seconds_each: float


class Preview(msgspec.Struct, frozen=True):
    """Hold a sealed plan with what was read to make it; ``licences`` None where not asked for."""

    plan: Plan
    population: Population
    users: UsersRead
    licences: "Licences | None" = None
    estimate: Estimate | None = None


class Outcome(msgspec.Struct, frozen=True):
    """Hold how one action came out. ``message`` is a sentence; ``code`` is for scripts."""

    seq: int
    action: Action
    state: ActionState
    code: str = ""
    message: str = ""
    tracking_id: str = ""
    webex_id: str = ""


class GroupResult(msgspec.Struct, frozen=True):
    """Hold what an apply did to groups; ``stop`` is why removals of members are held back.

    ``waiting`` says that groups were left as they are: a pilot, and all rings but the last, are
    about people.
    ``applied``, ``failed`` and ``not_attempted`` count changes: a group made or renamed, a bundle
    of members. ``outcomes`` are those that were not applied.
    """

    counts: GroupCounts
    applied: int = 0
    failed: int = 0
    not_attempted: int = 0
    stop: Reason | None = None
    outcomes: tuple[Outcome, ...] = ()
    waiting: bool = False


class RunResult(msgspec.Struct, frozen=True):
    """Hold what an apply did.

    ``counts`` are the plan's; ``by_kind`` counts what was applied by kind. ``not_attempted`` holds
    what drifted, was held back by a safeguard or was left when the person cancelled. ``groups`` is
    None where none are provisioned.
    """

    run_id: int
    state: RunState
    counts: Counts
    applied: int
    failed: int
    not_attempted: int
    by_kind: Mapping[ActionKind, int] = msgspec.field(default_factory=dict)
    stops: tuple[Stop, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    seconds: float = 0.0
    groups: GroupResult | None = None

    @property
    def exit_code(self) -> int:
        """Return the exit code of design §5: 130 cancelled, 3 stopped, 4 some failed, else 0.

        What was skipped because Webex changed since the preview was not done either, so that it
        is 4 too.
        """
        if self.state is RunState.CANCELLED:
            return 130
        groups = self.groups
        if self.stops or (groups and groups.stop):
            return 3
        left = groups.failed + groups.not_attempted if groups else 0
        return 4 if self.failed or self.not_attempted or left else 0


class GroupOutcome(msgspec.Struct, frozen=True):
    """Announce how one change of a group came out; ``label`` is the group's name."""

    outcome: Outcome

    @property
    def label(self) -> str:
        """Return the group's name."""
        return self.outcome.action.label


class Begun(msgspec.Struct, frozen=True):
    """Announce a run: how many actions it carries out, and how many an earlier try already did."""

    run_id: int
    total: int
    done_before: int


class Acting(msgspec.Struct, frozen=True):
    """Announce what is being sent, for the words above the progress bar."""

    kind: ActionKind
    label: str
    number: int


class Waiting(msgspec.Struct, frozen=True):
    """Announce that Webex asked to slow down, or that a lost answer is awaited."""

    seconds: float
    why: str


class Applied(msgspec.Struct, frozen=True):
    """Announce the end of a run."""

    result: RunResult


class Ring(msgspec.Struct, frozen=True):
    """Announce a ring: its number, how many rings there are, and how many people it ends with."""

    number: int
    of: int
    people: int


class RingDone(msgspec.Struct, frozen=True):
    """Announce how a ring and those before it came out."""

    ring: Ring
    result: RunResult


type ApplyEvent = Begun | Acting | Outcome | GroupOutcome | Waiting | Applied | Ring | RingDone


class GroupTally(msgspec.Struct, frozen=True):
    """Count how a run's changes of groups came out: a group made or renamed, some members."""

    applied: int = 0
    failed: int = 0
    not_attempted: int = 0

    @property
    def total(self) -> int:
        """Return how many changes there were."""
        return self.applied + self.failed + self.not_attempted


class RunRecord(msgspec.Struct, frozen=True):
    """Hold one run as the journal keeps it; an ``incremental`` one was of what changed alone.

    ``applied``, ``failed`` and ``not_attempted`` count people; ``groups`` counts what was done to
    groups, ``group_stop`` is why removals of members were held back.
    """

    id: int
    plan_digest: str
    profile_id: str
    profile_name: str
    organization_id: str
    tenant_url: str
    started_at: datetime
    finished_at: datetime | None
    state: RunState
    counts: Counts
    stops: tuple[Stop, ...] = ()
    applied: int = 0
    failed: int = 0
    not_attempted: int = 0
    incremental: bool = False
    groups: GroupTally = GroupTally()
    group_stop: Reason | None = None


class ActionRecord(msgspec.Struct, frozen=True):
    """Hold one action of a run as the journal keeps it."""

    seq: int
    action: Action
    state: ActionState
    attempts: int = 0
    code: str = ""
    message: str = ""
    tracking_id: str = ""
    at: datetime | None = None

    @property
    def outcome(self) -> Outcome:
        """Return how the action came out so far."""
        return Outcome(
            self.seq,
            self.action,
            self.state,
            code=self.code,
            message=self.message,
            tracking_id=self.tracking_id,
            webex_id=self.action.webex_id,
        )
