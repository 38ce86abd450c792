"""Carry out exactly one plan, concurrently, with live events and a journal written ahead.

``async for event in apply(...)`` serves the wizard, the commands and the tests alike.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime
from functools import cached_property
from itertools import batched, islice

import msgspec

from sparkwizard.errors import Cancelled, SparkWizardError
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind, Link, Reason, Stop
from sparkwizard.runs.applying.holding import left, removals_held, stops_of
from sparkwizard.runs.applying.interrupted import settle_interrupted
from sparkwizard.runs.applying.known_pace import pace_kept
from sparkwizard.runs.applying.lanes import (
    REREAD_ALL_FROM,
    Lane,
    batches,
    lanes_for,
    side_by_side_in,
)
from sparkwizard.runs.applying.ledger import Ledger
from sparkwizard.runs.applying.linking import link_after, links_without_writes
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.groups.applying import GroupRun
from sparkwizard.runs.journal import Journal, LinkChange
from sparkwizard.runs.side_by_side import side_by_side
from sparkwizard.runs.types import (
    Acting,
    ActionRecord,
    ActionState,
    Applied,
    ApplyEvent,
    Begun,
    Outcome,
    RunResult,
    RunState,
    Waiting,
)
from sparkwizard.runs.writing.second_pass import is_second_pass, resolved
from sparkwizard.runs.writing.sending import Writer
from sparkwizard.runs.writing.verifying import read_back, read_each, reading_back
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.types import Capabilities

__all__ = ["actions_of", "apply"]

AT_ONCE = 200
"""How many rows are read, written or compared before whoever follows the run has a turn."""


async def apply(
    plan: Plan,
    *,
    scim: ScimClient,
    journal: Journal,
    control: RunControl,
    clock: Callable[[], datetime],
    only: frozenset[str] | None = None,
    late: Reason | None = None,
) -> AsyncGenerator[ApplyEvent]:
    """Carry out ``plan``, or go on with it where an earlier try stopped.

    ``only`` limits the run to these source ids (a pilot). ``late`` is why nothing more may be
    written of a plan that was interrupted: what it sent is settled, the rest is left. Yields
    Begun, then Acting, Waiting and Outcome events, then Applied. What ends the run early (the
    token, the network) is raised after the journal is complete and Applied was yielded.
    """
    events: asyncio.Queue[ApplyEvent | None] = asyncio.Queue()
    run = _Run(
        plan=plan,
        scim=scim,
        journal=journal,
        control=control,
        clock=clock,
        only=only,
        late=late,
        emit=events.put_nowait,
    )

    async def carry_out() -> None:
        control.on_wait = lambda seconds, why: events.put_nowait(Waiting(seconds, why))
        try:
            await run.carry_out()
        finally:
            control.on_wait = None
            events.put_nowait(None)

    task = asyncio.create_task(carry_out())
    try:
        while (event := await events.get()) is not None:
            yield event
        await task
    finally:
        if not task.done():
            control.cancel()
            await asyncio.gather(task, return_exceptions=True)


class _Run(msgspec.Struct, kw_only=True, dict=True):
    plan: Plan
    scim: ScimClient
    journal: Journal
    control: RunControl
    clock: Callable[[], datetime]
    emit: Callable[[ApplyEvent], None]
    only: frozenset[str] | None = None
    late: Reason | None = None
    run_id: int = 0
    links: dict[str, Link] = msgspec.field(default_factory=dict)
    in_bulk: list[Outcome] = msgspec.field(default_factory=list)
    unread: bool = False
    held: tuple[Stop, ...] = ()
    error: SparkWizardError | None = None
    started: float = msgspec.field(default_factory=time.monotonic)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self._write_down)

    @cached_property
    def groups(self) -> GroupRun:
        return GroupRun(
            plan=self.plan,
            scim=self.scim,
            journal=self.journal,
            control=self.control,
            emit=self.emit,
        )

    async def _open(self) -> int:
        """Take up the last run of this plan, or write a new one down.

        Actions are written in small transactions: of a run that ends in between, the next try
        writes the rest.
        """
        last, actions = self.journal.last_run_of(self.plan.digest), actions_of(self.plan)
        run_id = last.id if last else self.journal.begin_run(self.plan, actions[:1], self.only)
        for first in range(0, len(actions), AT_ONCE):
            some = actions[first : first + AT_ONCE]
            self.journal.add_actions(run_id, some, self.only, first)
            await asyncio.sleep(0)
        if last:
            self.unread = last.state is not RunState.DONE
            self.journal.reopen_run(last.id, (), self.only)
        if self.only is None and not self.late:
            self.groups.open(run_id)  # a pilot is about people: groups come with everybody
        return run_id

    async def _records(self) -> list[ActionRecord]:
        """Return what the journal knows of the actions that this apply is about."""
        records: list[ActionRecord] = []
        after = -1
        while some := self.journal.some_actions(self.run_id, after, AT_ONCE):
            after = some[-1].seq
            records += [r for r in some if self.only is None or r.action.source_id in self.only]
            await asyncio.sleep(0)
        return records

    async def carry_out(self) -> None:
        """Write everything that is still to be written, then look at it again."""
        self.run_id = await self._open()
        await self._read_links()
        if not self.late:
            await self._link_unchanged()
        if self.plan.is_undo:
            self.journal.pause_sync(self.plan)  # the next schedule would do it all again
        elif self.plan.source_confirmed:
            self.journal.remember_source(self.plan)
        records = await self._records()
        done = sum(1 for record in records if record.state is ActionState.APPLIED)
        total = sum(1 for record in records if record.code != "held-back")
        self.emit(Begun(self.run_id, total, done))
        try:
            await self._write(records)
        except Cancelled:
            self.control.cancel()
        except SparkWizardError as error:
            self.error = error
        await self._finish()

    async def _read_links(self) -> None:
        setup = (self.plan.profile_id, self.plan.organization_id)
        unsettled = self.journal.unsettled_runs(self.plan, besides=self.run_id)
        if self.plan.is_incremental and not unsettled:
            ids = {action.webex_id for action in self.plan.actions}
            links = self.journal.links_to(setup, ids)
        else:
            links = await asyncio.to_thread(self.journal.links, *setup)
        self.links = {link.webex_id: link for link in links.values()}

    async def _link_unchanged(self) -> None:
        """Link in small transactions, between which whoever follows the run has a turn.

        A run that ends in between links the rest the next time.
        """
        links = links_without_writes(self.plan, self.links)
        while some := list(islice(links, AT_ONCE)):
            self.journal.link_all(self.plan, some, self.run_id)
            await asyncio.sleep(0)

    async def _write(self, records: Sequence[ActionRecord]) -> None:
        can = await self.scim.capabilities()
        writer = Writer(self.scim, self.control, bulk=can.bulk_operations)
        if await settle_interrupted(self.plan, self.run_id, writer, self.journal, self.links):
            await self._read_links()
        if self.unread:
            # the try before ended without reading back what it had written
            self.in_bulk += [r.outcome for r in records if r.state is ActionState.APPLIED]
        todo = await self._permitted(await self._settled(writer, records))
        kinds = (record.action.kind for record in todo)
        with pace_kept(
            self.plan, kinds, self.scim, can, journal=self.journal, control=self.control
        ):
            await self._write_to_people(writer, todo, can)
        await self.groups.carry_out()

    async def _write_to_people(
        self, writer: Writer, todo: Sequence[ActionRecord], can: Capabilities
    ) -> None:
        waiting = [record for record in todo if is_second_pass(record)]
        todo = [record for record in todo if not is_second_pass(record)]
        changing = [record for record in todo if record.action.kind is not ActionKind.CREATE]
        if len(changing) > REREAD_ALL_FROM and not self.plan.is_incremental:
            await writer.look_at_all()
        for lane in lanes_for(todo, can):
            await self._carry_lane(writer, lane)
        await self._second_pass(writer, waiting, can)
        with reading_back():
            await self._verify(writer)

    async def _second_pass(
        self, writer: Writer, waiting: Sequence[ActionRecord], can: Capabilities
    ) -> None:
        """Set what refers to people who were created just now."""
        if not waiting:
            return
        ready, unready = resolved(waiting, self.plan, self.run_id, self.journal)
        self._record(unready)
        if len(ready) > REREAD_ALL_FROM and not self.plan.is_incremental:
            await writer.look_at_all()
        for lane in lanes_for(ready, can):
            await self._carry_lane(writer, lane)

    async def _settled(
        self, writer: Writer, records: Sequence[ActionRecord]
    ) -> Sequence[ActionRecord]:
        """Settle what an earlier try sent without an answer; return what is still to be sent."""
        todo = [record for record in records if record.state is ActionState.PLANNED]

        async def settle(record: ActionRecord) -> None:
            if not await self.control.may_go_on():
                raise Cancelled("Stopped.")
            outcome = await writer.settle(record)
            if outcome:
                self._record([outcome])
            else:
                todo.append(record)

        await side_by_side(settle, [r for r in records if r.state is ActionState.SENT])
        return sorted(todo, key=lambda record: record.seq)

    async def _permitted(self, todo: Sequence[ActionRecord]) -> Sequence[ActionRecord]:
        """Hold back removals that are no longer right, or all; return the rest."""
        if self.late:
            held = [left(record, self.late) for record in todo]
        else:
            held = await removals_held(
                todo, self.plan, self.links, self.run_id, journal=self.journal, scim=self.scim
            )
        self.held = tuple(stops_of(todo, held))
        self._record(held)
        places = {outcome.seq for outcome in held}
        return [record for record in todo if record.seq not in places]

    async def _carry_lane(self, writer: Writer, lane: Lane) -> None:
        async def carry(batch: Sequence[ActionRecord]) -> None:
            if not await self.control.may_go_on():
                raise Cancelled("Stopped.")
            await self._carry_batch(writer, batch)

        await side_by_side_in(lane, batches(lane.records, writer.bulk, self.scim.bulk_size), carry)

    async def _carry_batch(self, writer: Writer, batch: Sequence[ActionRecord]) -> None:
        first = batch[0].action
        in_bulk = bool(writer.bulk) and len(batch) > 1
        seqs = [record.seq for record in batch]
        if in_bulk:
            self.journal.mark_sent(self.run_id, seqs)
        else:
            await self.ledger.sent(seqs)
        self.emit(Acting(first.kind, first.label, len(batch)))
        # an error from here leaves the rest "sent": the next apply settles it by reading
        async for outcomes in writer.write(batch):
            if in_bulk:
                self._record(outcomes)
                done = [o for o in outcomes if o.state is ActionState.APPLIED]
                self.in_bulk += [o for o in done if o.seq not in writer.shown]
            else:
                await self.ledger.record(self._with_links(outcomes))
                self._tell(outcomes)

    async def _verify(self, writer: Writer) -> None:
        """Read back what Bulk wrote and its answers do not show."""
        to_check = [o for o in self.in_bulk if o.action.kind is not ActionKind.DELETE]
        read = read_each if self.plan.is_incremental else read_back
        users = await read(self.scim, [outcome.webex_id for outcome in to_check])
        doubtful: list[Outcome] = []
        for some in batched(to_check, AT_ONCE):
            doubtful += [o for o in some if _lost(writer.verified(o, users.get(o.webex_id)))]
            await asyncio.sleep(0)
        users |= await read_each(self.scim, [outcome.webex_id for outcome in doubtful])
        for some in batched(doubtful, AT_ONCE):
            checked = [writer.verified(o, users.get(o.webex_id)) for o in some]
            self._record([outcome for outcome in checked if _lost(outcome)])
            await asyncio.sleep(0)

    def _record(self, outcomes: Sequence[Outcome]) -> None:
        if not outcomes:
            return
        self.journal.record(self.run_id, self.plan, self._with_links(outcomes))
        self._tell(outcomes)

    def _with_links(self, outcomes: Sequence[Outcome]) -> list[LinkChange]:
        now, seen_at = self.clock(), self.plan.created_at
        return [(one, link_after(one, self.links, now, seen_at)) for one in outcomes]

    def _tell(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            self.emit(outcome)

    def _write_down(self, sent: Sequence[int], changes: Sequence[LinkChange]) -> None:
        self.journal.record(self.run_id, self.plan, changes, sent)

    async def _finish(self) -> None:
        state = RunState.DONE
        if self.error:
            state = RunState.FAILED
        elif self.control.cancelled:
            state = RunState.CANCELLED
        self.journal.finish_run(self.run_id, state)
        self.emit(Applied(await self._result(state)))
        if self.error:
            raise self.error

    async def _result(self, state: RunState) -> RunResult:
        records = await self._records()
        states = Counter(record.state for record in records)
        stopped = state is not RunState.DONE
        return RunResult(
            run_id=self.run_id,
            state=state,
            counts=self.plan.counts,
            applied=states[ActionState.APPLIED],
            failed=states[ActionState.FAILED] + (0 if stopped else states[ActionState.SENT]),
            not_attempted=states[ActionState.NOT_ATTEMPTED]
            + (states[ActionState.SENT] if stopped else 0),
            by_kind=Counter(r.action.kind for r in records if r.state is ActionState.APPLIED),
            stops=self.plan.stops + self.held,
            outcomes=tuple(r.outcome for r in records if r.state is not ActionState.APPLIED),
            seconds=time.monotonic() - self.started,
            groups=self.groups.result(),
        )


def actions_of(plan: Plan) -> list[tuple[Action, ActionState]]:
    """Return what a run of a plan may write, and how each action begins: held back or planned."""
    held = plan.stopped
    return [
        (a, ActionState.NOT_ATTEMPTED if a.kind in held else ActionState.PLANNED)
        for a in plan.actions
        if a.kind.writes
    ]


def _lost(outcome: Outcome) -> bool:
    return outcome.state is ActionState.FAILED
