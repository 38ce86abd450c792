"""What is told while the tenant is changed, and what the journal knows of it: frozen values."""

from enum import StrEnum

import msgspec

from sparkwizard.entra.provisioning_job.job_types import JobStatus, LogEntry
from sparkwizard.entra.provisioning_job.types import (
    Application,
    SchemaDifference,
    Step,
    TenantChange,
)
from sparkwizard.provisioning.by_entra import Foretold
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.cloud.kept import CloudWrite, KnownJob, SavedSchema, WriteState

__all__ = [
    "RENEW_WITHIN",
    "CloudEvent",
    "CloudResult",
    "CloudWrite",
    "Comparison",
    "Finished",
    "HandOff",
    "HandOffKind",
    "HandOffPerson",
    "KnownJob",
    "LogsRead",
    "SavedSchema",
    "StepDone",
    "StepStarted",
    "Watch",
    "WriteState",
]


RENEW_WITHIN = 30
"""Days before its end at which a Secret Token is to be renewed; it lives 365 (entra.md §1)."""


# -- carrying out ------------------------------------------------------------------------------


class StepStarted(msgspec.Struct, frozen=True):
    """Announce a step: its changes, its number from 1, and how many there are."""

    step: Step
    changes: tuple[TenantChange, ...]
    number: int
    total: int


class StepDone(msgspec.Struct, frozen=True):
    """Announce the end of a step; ``already`` tells that the tenant was so before."""

    step: Step
    changes: tuple[TenantChange, ...]
    already: bool = False


class CloudResult(msgspec.Struct, frozen=True):
    """Hold what was done: the changes carried out and those that were so already.

    ``application_id`` and ``job_id`` are of the job that was set up; the setup is to keep them.
    ``saved_schema`` is the number of the schema that was kept before it was replaced, 0 for none.
    """

    application_id: str
    job_id: str
    done: tuple[TenantChange, ...] = ()
    already: tuple[TenantChange, ...] = ()
    saved_schema: int = 0
    on: bool = False


class Finished(msgspec.Struct, frozen=True):
    """Announce that all steps are carried out."""

    result: CloudResult


type CloudEvent = StepStarted | StepDone | Finished


# -- watching and handing off ------------------------------------------------------------------


class Watch(msgspec.Struct, frozen=True):
    """Hold how the job of a setup stands now; ``renew_in`` are the days its token has left.

    ``renew_in`` is None where nobody knows; below zero it has ended. ``progress`` is between 0 and
    1 while a cycle runs that tells how far it is, else None.
    """

    application: Application
    job_id: str
    status: JobStatus
    renew_in: int | None = None

    @property
    def progress(self) -> float | None:
        """Return how far the cycle is that runs."""
        known = [one for one in self.status.progress if one.total > 0]
        total = sum(one.total for one in known)
        return min(1.0, sum(one.completed for one in known) / total) if total else None

    @property
    def renew_soon(self) -> bool:
        """Return whether the Secret Token ends within ``RENEW_WITHIN`` days, or has ended."""
        return self.renew_in is not None and self.renew_in <= RENEW_WITHIN


class LogsRead(msgspec.Struct, frozen=True):
    """Hold entries of the logs, newest first; ``complete`` False: older ones were not read."""

    entries: tuple[LogEntry, ...]
    complete: bool = True


class HandOffKind(StrEnum):
    """Name how what the service did stands to what the preview foretold."""

    MATCHED = "matched"
    DIFFERING = "differing"
    MISSING = "missing"
    UNEXPECTED = "unexpected"


class HandOffPerson(msgspec.Struct, frozen=True):
    """Hold one person or group: what was foretold, what the service did, and why they differ.

    ``foretold`` is None for somebody the preview did not have; ``entry`` None for somebody the
    logs say nothing about.
    """

    kind: HandOffKind
    source_id: str
    label: str
    foretold: ActionKind | None
    entry: LogEntry | None
    text: str


class Comparison(msgspec.Struct, frozen=True):
    """Hold the people and the groups of a hand-off, those that need a look first."""

    people: tuple[HandOffPerson, ...] = ()
    groups: tuple[HandOffPerson, ...] = ()

    def count(self, kind: HandOffKind) -> int:
        """Return how many people are of a kind."""
        return sum(person.kind is kind for person in self.people)


class HandOff(msgspec.Struct, frozen=True):
    """Hold the check of a hand-off.

    ``differences`` are those of the schema from the setup. ``foretold`` is what the logs are
    compared with, None where nothing could be foretold. ``comparison`` is None as long as no cycle
    has ended since that was made (``waiting``).
    """

    differences: tuple[SchemaDifference, ...]
    foretold: Foretold | None = None
    comparison: Comparison | None = None

    @property
    def waiting(self) -> bool:
        """Return whether the first cycle is still to come to its end."""
        return self.foretold is not None and self.comparison is None
