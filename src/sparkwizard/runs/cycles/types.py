"""What cycles leave in the journal: watermark, entries in escrow, quarantine."""

from datetime import datetime
from enum import StrEnum

import msgspec

from sparkwizard.provisioning.types import Reason

__all__ = ["CycleEnd", "CycleKind", "CycleState", "Escrowed", "Overview", "Quarantine", "Stranger"]


class CycleKind(StrEnum):
    """Name how much a cycle reads: everything, or what changed."""

    INITIAL = "initial"
    INCREMENTAL = "incremental"


class CycleState(msgspec.Struct, frozen=True):
    """Hold what the last cycle that succeeded left.

    ``watermark`` is the source's, ``rules_digest`` the setup's at that time: with another one the
    watermark does not count. ``users_total`` is how many users Webex had at the last initial cycle.
    """

    kind: CycleKind
    watermark: bytes
    rules_digest: str
    users_total: int
    at: datetime
    initial_at: datetime


class Escrowed(msgspec.Struct, frozen=True):
    """Hold an entry that was not carried out and waits for another try.

    ``next_try_at`` is None where it is tried no more until it changes or everything is read.
    ``attempts`` counts those that failed; 0 for one that was never attempted, or that only the
    source can mend.
    """

    source_id: str
    user_name: str
    label: str
    code: str
    message: str
    attempts: int
    first_failed_at: datetime
    next_try_at: datetime | None

    def due(self, now: datetime) -> bool:
        """Return whether it is time to try again, or the clock was set back since."""
        return self.next_try_at is not None and (
            self.next_try_at <= now or self.first_failed_at > now
        )


class Quarantine(msgspec.Struct, frozen=True):
    """Hold why a setup's cycles slowed down, since when, and when the next one is due."""

    reason: Reason
    since: datetime
    last_try_at: datetime
    next_try_at: datetime


class Stranger(msgspec.Struct, frozen=True):
    """Hold a Webex user that no person of the source has, as the last initial cycle saw it."""

    webex_id: str
    user_name: str
    external_id: str
    label: str


class Overview(msgspec.Struct, frozen=True):
    """Hold what there is to tell of a setup's cycles; None for what there is not."""

    last: CycleState | None
    escrow: tuple[Escrowed, ...]
    quarantine: Quarantine | None
    only_in_webex: int


class CycleEnd(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a run leaves, to be written down in one transaction.

    ``moved`` is the new watermark, None where it stays; it is not kept where the one that the cycle
    began with, ``expected``, is no longer there (an undo dropped it). ``settled`` are source ids
    whose old entries go, None for all. ``strangers`` None leaves those known.
    """

    escrow: tuple[Escrowed, ...]
    settled: frozenset[str] | None
    moved: CycleState | None = None
    expected: CycleState | None = None
    strangers: tuple[Stranger, ...] | None = None
