"""When what failed is tried again: 6, 12 and 24 hours after the first time, then daily for 28 days.

Source: Entra, application provisioning in quarantine status (facts/entra.md, section 4). Somebody
who changed is tried at once; reading everything tries everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.runs.cycles.escrow import SOURCE_PROBLEM
from sparkwizard.runs.cycles.types import CycleKind
from sparkwizard.runs.types import ActionState
from tests.runs.agreement.happenings import Employee
from tests.runs.agreement.records import Kept, Ran

__all__ = ["Patience"]

HOURS = (6, 12, 24, *range(48, 28 * 24 + 1, 24))
MOMENT = timedelta(minutes=5)
"""The clock of a story moves on within a run."""


def _is_of_source(action: Action) -> bool:
    return action.kind is ActionKind.PROBLEM and action.reasons[-1].code in SOURCE_PROBLEM


@dataclass(frozen=True, slots=True)
class Failing:
    """When somebody failed for the first time, and for the last."""

    first: datetime
    last: datetime

    @property
    def due(self) -> datetime | None:
        """Return when the next try is, None for no more."""
        tries = (self.first + timedelta(hours=hours) for hours in HOURS)
        return next((one for one in tries if one > self.last), None)


class Patience:
    """Know who failed, and hold that incremental cycles wait for their time."""

    def __init__(self) -> None:
        self._failing: dict[str, Failing | None] = {}
        """None for whom only the product knows from when it counts."""
        self._moved: set[str] = set()
        """Who is another than the last cycle saw."""
        self._people: dict[str, Employee] = {}

    def sees(self, people: Mapping[int, Employee]) -> None:
        """Note who is another than before."""
        now = {person.object_id: person for person in people.values()}
        ids = now.keys() | self._people.keys()
        self._moved |= {one for one in ids if now.get(one) != self._people.get(one)}
        self._people = now

    def hold(self, kept: Kept, *, deletes: bool) -> None:
        """Hold that a cycle tries whoever is due, and nobody before their time.

        With ``deletes`` whoever is off for long is looked at in each cycle.
        """
        if kept.cycle is None or kept.cycle.kind is CycleKind.INITIAL or kept.incomplete:
            return
        every = {action.source_id for action in kept.plan.actions}
        # what is wrong in the source itself asks Webex nothing
        tried = {a.source_id for a in kept.plan.actions if not _is_of_source(a)}
        for one, failing in self._failing.items():
            if failing is None or one in self._moved or one not in self._people:
                continue
            due = failing.due
            if due is None or kept.made_at < due - MOMENT:
                assert one not in tried or deletes, ("tried before its time", one, failing)
            elif kept.made_at > due + MOMENT:
                assert one in every, ("due, and passed by", one, failing)

    def learns(self, ran: Ran, now: datetime) -> None:
        """Take in how a run came out; one that did not come to its end tells nothing."""
        plan, cycle = ran.kept.plan, ran.kept.cycle
        if ran.result is None or plan.is_undo:
            return
        failed = {
            one.action.source_id for one in ran.left if one.state is not ActionState.NOT_ATTEMPTED
        }
        if cycle:
            problems = [one for one in plan.actions if one.kind is ActionKind.PROBLEM]
            failed |= {one.source_id for one in problems}
            tried = {one.source_id for one in plan.actions}
        else:
            tried = {one.source_id for one in plan.to_write}
        for one in tried - failed:
            self._failing.pop(one, None)
        for one in failed:
            self._failing[one] = self._after(one, ran.kept, now)
        # what is wrong in the source is looked at in each cycle
        self._failing |= {a.source_id: None for a in plan.actions if _is_of_source(a)}
        if cycle and plan.source_complete and plan.users_complete:
            self._moved.clear()

    def _after(self, one: str, kept: Kept, now: datetime) -> Failing | None:
        """Return from when somebody counts who failed once more, None where a moment decides.

        An incremental cycle counts anew for whoever changed, unless they were due anyway.
        """
        if one not in self._failing:
            return Failing(now, now)
        before = self._failing[one]
        if one not in self._moved or before is None:
            return Failing(before.first, now) if before else None
        incremental = kept.cycle is not None and kept.cycle.kind is CycleKind.INCREMENTAL
        early = before.due is None or kept.made_at < before.due - MOMENT
        return Failing(now, now) if incremental and early else None
