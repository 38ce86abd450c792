"""When an entry that failed is tried again, as Entra does (facts/entra.md, section 4).

6, 12 and 24 hours after the first failure, then daily, to 28 days. Then it waits until its person
changes or everything is read.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from sparkwizard.provisioning.planning.safeguards import IS_ADMINISTRATOR
from sparkwizard.provisioning.types import Action, ActionKind, Reason
from sparkwizard.runs.cycles.types import Escrowed
from sparkwizard.runs.types import ActionRecord, ActionState

__all__ = ["GIVEN_UP_AFTER", "SOURCE_PROBLEM", "entries_after", "next_try"]

FIRST_TRIES = (timedelta(hours=6), timedelta(hours=12), timedelta(hours=24))
GIVEN_UP_AFTER = timedelta(days=28)
DAY = timedelta(days=1)
SOURCE_PROBLEM = frozenset(
    (
        "account-enabled",
        "duplicate-person",
        "no-user-principal-name",
        "row-length",
    )
)
"""What is wrong in the source itself: looked at in each cycle, which asks Webex nothing."""


def next_try(first_failed_at: datetime, now: datetime) -> datetime | None:
    """Return when an entry is due again that failed ``now``, None for no more."""
    for after in FIRST_TRIES:
        if first_failed_at + after > now:
            return first_failed_at + after
    days = (now - first_failed_at) // DAY + 1
    due = first_failed_at + days * DAY
    return due if due <= first_failed_at + GIVEN_UP_AFTER else None


def entries_after(
    planned: Iterable[Action],
    records: Collection[ActionRecord],
    before: Mapping[str, Escrowed],
    changed: frozenset[str],
    now: datetime,
) -> Iterator[Escrowed]:
    """Yield the entries that a run leaves to be tried again.

    ``planned`` are the actions of its plan, of which the problems count, and those that turn a user
    off and hold the rest back because of one. ``changed`` are the source ids whose people changed:
    their count begins anew.
    """
    counting = _Counting(before, changed, now)
    failed: set[str] = set()
    for action in planned:
        if _is_problem(action):
            yield counting.problem(action)
    for record in records:
        if record.state in (ActionState.FAILED, ActionState.SENT):
            failed.add(record.action.source_id)
            yield counting.failed(record.action, Reason(record.code, record.message))
        elif record.state is ActionState.NOT_ATTEMPTED and record.action.source_id not in failed:
            yield counting.untried(record.action, Reason(record.code, record.message))


def _is_problem(action: Action) -> bool:
    """Return whether a problem kept something from being planned.

    Who is turned off in spite of one has a second reason: the problem (``planner.py``).
    """
    if action.kind is ActionKind.DISABLE:
        return len(action.reasons) > 1 and action.reasons[-1] != IS_ADMINISTRATOR
    return action.kind is ActionKind.PROBLEM and bool(action.reasons)


class _Counting(msgspec.Struct, frozen=True):
    before: Mapping[str, Escrowed]
    changed: frozenset[str]
    now: datetime

    def problem(self, action: Action) -> Escrowed:
        reason = action.reasons[-1]
        if reason.code in SOURCE_PROBLEM:
            return self.untried(action, reason)
        return self.failed(action, reason)

    def untried(self, action: Action, why: Reason) -> Escrowed:
        """Return an entry of which nothing failed: the next cycle looks again."""
        old = self.before.get(action.source_id)
        first = old.first_failed_at if old else self.now
        return _entry(action, why, 0, first, self.now)

    def failed(self, action: Action, why: Reason) -> Escrowed:
        old = self.before.get(action.source_id)
        again = old if old and old.attempts and action.source_id not in self.changed else None
        if again and again.first_failed_at > self.now:
            again = None  # the clock was set back
        first = again.first_failed_at if again else self.now
        attempts = again.attempts + 1 if again else 1
        return _entry(action, why, attempts, first, next_try(first, self.now))


def _entry(
    action: Action, why: Reason, attempts: int, first: datetime, due: datetime | None
) -> Escrowed:
    return Escrowed(
        action.source_id,
        action.user_name,
        action.label,
        why.code,
        why.text,
        attempts,
        first,
        due,
    )
