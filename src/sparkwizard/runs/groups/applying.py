"""Carry out a plan's groups, after its people: the second half of the second pass."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from sparkwizard.provisioning.groups.types import GroupLink, members_in
from sparkwizard.provisioning.groups.undo import unlinked_by
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.groups.writing import GroupWriter, Ours
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.side_by_side import side_by_side
from sparkwizard.runs.types import (
    ActionRecord,
    ActionState,
    GroupOutcome,
    GroupResult,
    Outcome,
)
from sparkwizard.values import replace
from sparkwizard.webex.scim import ScimClient

__all__ = ["GroupRun"]

WIDTH = 4
_STANDS = frozenset((ActionKind.UNCHANGED, ActionKind.UPDATE))


class GroupRun(msgspec.Struct, kw_only=True):
    """Write the groups of one run; ``emit`` is told how each change came out."""

    plan: Plan
    scim: ScimClient
    journal: Journal
    control: RunControl
    emit: Callable[[GroupOutcome], None]
    run_id: int = 0

    @property
    def setup(self) -> tuple[str, str]:
        """Return whose groups these are: ids of profile and organization."""
        return self.plan.profile_id, self.plan.organization_id

    def open(self, run_id: int) -> None:
        """Write down what is to be done, before the first request."""
        self.run_id = run_id
        if self.plan.groups is not msgspec.UNSET:
            stop = self.plan.groups.stop or None
            self.journal.add_group_actions(run_id, self.plan.groups_to_write, stop)

    async def carry_out(self) -> None:
        """Write group after group, several at once."""
        if self.plan.groups is msgspec.UNSET or not self.run_id:
            return
        self.journal.link_groups(self.setup, self._links_of_matched(self.plan.groups.actions))
        by_group: dict[str, list[ActionRecord]] = {}
        for record in self._not_held():
            by_group.setdefault(record.action.source_id, []).append(record)
        ours = await asyncio.to_thread(self._ours) if by_group else Ours({}, frozenset())

        async def write(records: Sequence[ActionRecord]) -> None:
            writer = GroupWriter(self.scim.groups, self.control, ours, self._sent, self._record)
            await writer.write(records)

        await side_by_side(write, by_group.values(), width=WIDTH)
        self.journal.unlink_groups(self.setup, unlinked_by(self.plan.groups))

    def _links_of_matched(self, actions: Sequence[Action]) -> list[GroupLink]:
        """Return links of groups that are there already: they are managed from now on."""
        if self.plan.is_undo:
            return []
        known = self.journal.group_links(self.setup)
        found = {
            one.source_id: GroupLink(one.source_id, one.webex_id, one.user_name, self.run_id)
            for one in actions
            if one.kind in _STANDS and one.webex_id
        }
        return [
            link
            for source_id, link in found.items()
            if source_id not in known or known[source_id].webex_id != link.webex_id
        ]

    def _not_held(self) -> list[ActionRecord]:
        """Return what may be written: no removals by a plan that another run has overtaken."""
        records = self.journal.group_actions(self.run_id)
        newer = self.journal.ended_since(self.plan, besides=self.run_id)
        removing = [r for r in records if members_in(r.action)[1]]
        if newer is None or not removing:
            return records
        text = f"Run {newer} of this setup ended after this plan was made. Make a new preview."
        state = ActionState.NOT_ATTEMPTED
        self._record(
            [Outcome(r.seq, r.action, state, "plan-superseded", text) for r in removing], ()
        )
        held = {record.seq for record in removing}
        return [record for record in records if record.seq not in held]

    def _ours(self) -> Ours:
        """Return who has which user now, and who may lose a group: nobody of another setup."""
        links = self.journal.links(*self.setup)
        users = {link.source_id: link.webex_id for link in links.values()}
        if self.plan.is_undo:
            # what the run did to them is taken back, also where it linked them
            every = [one for a in self.plan.groups_to_write for one in members_in(a)[1]]
            return Ours(users, frozenset(one.webex_id for one in every))
        elsewhere = self.journal.linked_elsewhere(*self.setup)
        return Ours(users, frozenset(users.values()) - elsewhere)

    def _sent(self, seq: int) -> None:
        self.journal.mark_group_sent(self.run_id, seq)

    def _record(self, outcomes: Sequence[Outcome], links: Sequence[GroupLink]) -> None:
        if outcomes:
            made = [replace(link, run=self.run_id) for link in links]
            self.journal.record_groups(self.run_id, self.setup, outcomes, made)
        for outcome in outcomes:
            self.emit(GroupOutcome(outcome))

    def result(self) -> GroupResult | None:
        """End what was not reached, and return how everything came out; None without groups."""
        if self.plan.groups is msgspec.UNSET:
            return None
        plan = self.plan.groups
        if not self.run_id:
            return GroupResult(plan.counts, waiting=bool(plan.to_write))
        self.journal.finish_groups(self.run_id)
        records = self.journal.group_actions(self.run_id)
        states = Counter(record.state for record in records)
        return GroupResult(
            plan.counts,
            applied=states[ActionState.APPLIED],
            failed=states[ActionState.FAILED] + states[ActionState.SENT],
            not_attempted=states[ActionState.NOT_ATTEMPTED],
            stop=plan.stop or None,
            outcomes=tuple(r.outcome for r in records if r.state is not ActionState.APPLIED),
        )
