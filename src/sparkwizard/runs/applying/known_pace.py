"""How fast a setup's writing goes, as its last run has shown.

What the other side's limits and its own work cost is known only when they were met. Before, the
time is that of our own work and of the answers so far.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.applying.estimate import hidden, work_on_people
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.types import KnownPace
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.types import Capabilities

__all__ = ["pace_kept", "pace_known"]

# Our own work for each change, and the other side's where it is near: journal, encoding, comparing.
OWN_SECONDS = 0.00014
# A run that wrote to fewer people tells little of one that writes to many.
ENOUGH = 50


def pace_known(journal: Journal, scim: ScimClient, setup: tuple[str, str]) -> KnownPace:
    """Return the pace of the last run of a setup, else what the answers so far let expect."""
    return journal.pace(setup) or KnownPace(scim.latency or 0.0, OWN_SECONDS)


@contextmanager
def pace_kept(
    plan: Plan,
    kinds: Iterable[ActionKind],
    scim: ScimClient,
    can: Capabilities,
    *,
    journal: Journal,
    control: RunControl,
) -> Iterator[None]:
    """Remember how fast the writing within went, unless it was small, paused or broken off."""
    began, counted = time.monotonic(), Counter(kinds)
    yield
    written = counted.total()
    if written < ENOUGH or control.pauses or control.cancelled:
        return
    latency = scim.latency or 0.0
    work = work_on_people(counted, plan.users_read, can)
    own = time.monotonic() - began - work.rounds * latency + hidden(work, latency)
    pace = KnownPace(latency, max(own, 0.0) / written)
    journal.keep_pace((plan.profile_id, plan.organization_id), pace)
