"""What is told of a provisioning job: how it stands, restarts, on demand, logs. Frozen values."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

__all__ = [
    "Execution",
    "JobStatus",
    "LogEntry",
    "LogStep",
    "OnDemandResult",
    "OnDemandStep",
    "Progress",
    "Quarantine",
    "RestartKind",
]


# -- how it stands -----------------------------------------------------------------------------


class Progress(msgspec.Struct, frozen=True):
    """Hold how far the cycle is that runs; ``total`` 0 where the service does not say."""

    units: str
    completed: int
    total: int


class Execution(msgspec.Struct, frozen=True):
    """Hold one cycle that ended, in objects."""

    state: str = ""
    began: datetime | None = None
    ended: datetime | None = None
    entitled: int = 0
    imported: int = 0
    exported: int = 0
    escrowed: int = 0
    error_code: str = ""
    error: str = ""


class Quarantine(msgspec.Struct, frozen=True):
    """Hold why a job is in quarantine, since when, and when it tries again."""

    reason: str
    began: datetime | None = None
    next_attempt: datetime | None = None
    error_code: str = ""
    error: str = ""


class JobStatus(msgspec.Struct, frozen=True):
    """Hold how a job stands.

    ``code`` is NotConfigured, NotRun, Active, Paused or Quarantine; ``schedule`` Active, Disabled
    or Paused. ``counts`` are the objects kept in step, by type. ``interval`` is in minutes.
    """

    code: str
    schedule: str = ""
    interval: int = 40
    last: Execution | None = None
    last_success: Execution | None = None
    last_with_exports: Execution | None = None
    progress: tuple[Progress, ...] = ()
    quarantine: Quarantine | None = None
    counts: tuple[tuple[str, int], ...] = ()
    steady_since: datetime | None = None

    @property
    def on(self) -> bool:
        """Return whether the service writes to Webex by itself: *Provisioning Status* is On."""
        return self.schedule == "Active"

    @property
    def next_run(self) -> datetime | None:
        """Return about when the next cycle begins, None where nobody can tell."""
        if not self.on:
            return None
        if self.quarantine is not None:
            return self.quarantine.next_attempt
        began = self.last.began if self.last else None
        return began + timedelta(minutes=self.interval) if began else None


# -- restarting, on demand ---------------------------------------------------------------------


class RestartKind(StrEnum):
    """Name the ways to restart a job (facts: entra.md §6, resetScope)."""

    FROM_THE_START = "from-the-start"
    """As the portal does: everybody is read again, links stay."""
    FAILED_ENTRIES = "failed-entries"
    END_QUARANTINE = "end-quarantine"
    ALLOW_DELETES = "allow-deletes"
    FORGET_LINKS = "forget-links"

    @property
    def reset_scope(self) -> str:
        """Return Graph's ``resetScope``; empty is what the portal sends."""
        return {
            RestartKind.FROM_THE_START: "",
            RestartKind.FAILED_ENTRIES: "Escrows",
            RestartKind.END_QUARANTINE: "QuarantineState",
            RestartKind.ALLOW_DELETES: "ForceDeletes",
            RestartKind.FORGET_LINKS: "Full",
        }[self]


class OnDemandStep(msgspec.Struct, frozen=True):
    """Hold one of the steps: import, scoping, matching, export."""

    name: str
    kind: str
    status: str
    text: str = ""
    details: tuple[tuple[str, str], ...] = ()


class OnDemandResult(msgspec.Struct, frozen=True):
    """Hold how provisioning one person on demand came out; ``status`` is success, failure, …"""

    person: str
    status: str
    action: str = ""
    steps: tuple[OnDemandStep, ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()
    error_code: str = ""
    reason: str = ""


# -- logs --------------------------------------------------------------------------------------


class LogStep(msgspec.Struct, frozen=True):
    """Hold one step of a log entry."""

    name: str
    kind: str
    status: str
    text: str


class LogEntry(msgspec.Struct, frozen=True):
    """Hold one entry of the provisioning logs.

    ``action`` is create, update, delete, disable, stagedDelete or other; ``status`` success,
    failure, skipped or warning. ``changes`` are attribute, old and new value.
    """

    id: str
    at: datetime
    job_id: str
    cycle_id: str
    change_id: str
    action: str
    status: str
    source_id: str
    source_name: str
    source_type: str
    target_id: str = ""
    target_name: str = ""
    milliseconds: int = 0
    error_code: str = ""
    reason: str = ""
    recommended: str = ""
    steps: tuple[LogStep, ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()

    @property
    def label(self) -> str:
        """Return whom it is about, on screen."""
        return self.source_name or self.target_name or self.source_id or self.id
