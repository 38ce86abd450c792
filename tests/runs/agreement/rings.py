"""What must hold of a run in rings: nobody is touched before the ring that holds them.

And no ring is begun after one in which more went wrong than was allowed; groups come with the last.
"""

from collections.abc import Callable
from typing import Final

from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.types import NOT_REACHED, ApplyEvent, Outcome, Ring, RingDone, RunState
from tests.runs.agreement.groups.sides import Groups, InWebex
from tests.runs.agreement.records import Kept, Ran, Users

__all__ = ["Rings"]

NOT_BEGUN = ("ring-stopped", NOT_REACHED[0])
LATER = "reference-pending"
"""A manager who comes with a later ring is no failure."""


class Rings:
    """Follow a run in rings. ``turn`` is with which of the plan's people it begins."""

    SIZES: Final = (1, 2, 4)
    """A small company has small rings."""

    def __init__(
        self,
        kept: Kept,
        users: Callable[[], Users],
        groups: Callable[[], Groups],
        *,
        percent: int = 0,
        turn: int = 0,
    ) -> None:
        ids = list(dict.fromkeys(action.source_id for action in kept.plan.to_write))
        start = turn % len(ids) if ids else 0
        self.order, self.percent = ids[start:] + ids[:start], percent
        self._users, self._before = users, users()
        self._groups, self._groups_before = groups, groups()
        self._whose = {a.webex_id: a.source_id for a in kept.plan.to_write if a.webex_id}
        self._sizes = [*(n for n in self.SIZES if n < len(ids)), len(ids)]
        self._begun: list[int] = []
        self._stopped_at: set[str] | None = None

    def follow(self, event: ApplyEvent) -> None:
        if isinstance(event, Ring):
            self._begun.append(event.people)
            assert self._begun == self._sizes[: len(self._begun)], (self._begun, self._sizes)
            assert self._stopped_at is None, ("a ring after one that went wrong", event)
        elif isinstance(event, RingDone):
            self._done(event)

    def _done(self, done: RingDone) -> None:
        held, touched = set(self.order[: done.ring.people]), self._touched()
        assert touched <= held, ("touched before their ring", touched - held)
        if done.ring.number < done.ring.of:
            assert self._groups() == self._groups_of_today(), "groups are about everybody"
        left = [one for one in done.result.outcomes if one.code not in (*NOT_BEGUN, LATER)]
        wrong = len(left) * 100 > self.percent * done.ring.people
        if wrong or done.result.state is not RunState.DONE:
            self._stopped_at = touched

    def _groups_of_today(self) -> Groups:
        """Return the groups before the run, without users who were deleted since."""
        gone = self._before.keys() - self._users().keys()
        return {
            one: InWebex(group.id, group.name, group.external_id, group.members - gone)
            for one, group in self._groups_before.items()
        }

    def _touched(self) -> set[str]:
        """Return whose user is another than before the run, or is new."""
        now = self._users()
        changed = [one for one in now.keys() | self._before.keys() if self._differs(one, now)]
        return {self._whose.get(one) or str(now[one].get("externalId")) for one in changed}

    def _differs(self, webex_id: str, now: Users) -> bool:
        return now.get(webex_id) != self._before.get(webex_id)

    def hold(self, ran: Ran) -> None:
        """Hold what must hold at the end, also where the run broke off."""
        assert self._touched() <= set(self.order), ("in no ring", self._touched())
        if self._stopped_at is None:
            assert not [one for one in ran.left if one.code in NOT_BEGUN], ran.left
            return
        assert self._touched() == self._stopped_at, ("written after the stop", self._touched())
        if ran.result and self._begun[-1] < len(self.order):
            assert ran.result.exit_code == 3
            self._tells_of_the_rest({one.action.source_id: one for one in ran.left})

    def _tells_of_the_rest(self, left: dict[str, Outcome]) -> None:
        for one in self.order[self._begun[-1] :]:
            assert left[one].code == "ring-stopped", ("not told of", one, left.get(one))
            assert left[one].action.kind in ActionKind
