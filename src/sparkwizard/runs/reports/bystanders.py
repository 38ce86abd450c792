"""Who is in Webex only: no run touches them, and a report names them so that somebody may look."""

from datetime import datetime

import msgspec

from sparkwizard.runs.cycles.types import Stranger
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.types import RunRecord

__all__ = ["MOST_NAMED", "Bystanders", "bystanders_of"]

MOST_NAMED = 1000
"""How many a page names; it counts all."""


class Bystanders(msgspec.Struct, frozen=True):
    """Hold whom the last reading of everybody found in Webex and not in the source."""

    seen_at: datetime
    users: tuple[Stranger, ...]


def bystanders_of(journal: Journal, run: RunRecord) -> Bystanders | None:
    """Return them as the journal knows them by now, ``None`` before everybody was read once."""
    setup = (run.profile_id, run.organization_id)
    cycle = journal.cycle(setup)
    return Bystanders(cycle.initial_at, journal.strangers(setup)) if cycle else None
