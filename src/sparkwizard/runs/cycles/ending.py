"""End a cycle: what failed goes to escrow, and only then the watermark moves."""

from collections.abc import Iterable
from datetime import datetime

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.strangers import only_in_webex
from sparkwizard.runs.cycles.cycle import Cycle
from sparkwizard.runs.cycles.escrow import entries_after
from sparkwizard.runs.cycles.quarantine import FAILURES, after_entries, entered
from sparkwizard.runs.cycles.types import CycleEnd, CycleKind, CycleState, Stranger
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.types import RunResult, RunState

__all__ = ["end_cycle", "end_run"]


def end_cycle(
    cycle: Cycle, result: RunResult, journal: Journal, now: datetime, rules_digest: str
) -> None:
    """Write down what a cycle leaves; one that did not come to its end leaves everything as it was.

    What was read incompletely, or from a source that nobody confirmed, moves no watermark.
    """
    if result.state is not RunState.DONE:
        return
    plan = cycle.preview.plan
    setup = (plan.profile_id, plan.organization_id)
    before = {one.source_id: one for one in journal.escrow(setup)}
    records = journal.actions(result.run_id)
    escrow = tuple(entries_after(plan.actions, records, before, cycle.changed, now))
    initial = cycle.kind is CycleKind.INITIAL
    whole = plan.source_complete and plan.users_complete and plan.source_confirmed
    end = CycleEnd(
        escrow=escrow,
        settled=_settled(cycle, whole),
        moved=_moved(cycle, rules_digest, now) if whole else None,
        expected=cycle.before,
        strangers=tuple(_strangers(cycle)) if initial and plan.users_complete else None,
    )
    journal.end_cycle(setup, end)
    _judge(journal, setup, now)


def _settled(cycle: Cycle, whole: bool) -> frozenset[str] | None:
    """Return whose old entries are settled: everybody's after an initial cycle that saw all."""
    if cycle.looked_at is not None or whole:
        return cycle.looked_at
    return frozenset(action.source_id for action in cycle.preview.plan.actions)


def _moved(cycle: Cycle, rules_digest: str, now: datetime) -> CycleState:
    before, initial = cycle.before, cycle.kind is CycleKind.INITIAL
    return CycleState(
        kind=cycle.kind,
        watermark=cycle.watermark,
        rules_digest=rules_digest,
        users_total=len(cycle.preview.users.users) if initial or not before else before.users_total,
        at=now,
        initial_at=now if initial or not before else before.initial_at,
    )


def _strangers(cycle: Cycle) -> Iterable[Stranger]:
    for user in only_in_webex(cycle.preview.plan, cycle.preview.users):
        yield Stranger(user.id, user.user_name, user.external_id, user.label)


def _judge(journal: Journal, setup: tuple[str, str], now: datetime) -> None:
    """Enter quarantine for too many failures, or leave it: this cycle came to its end."""
    failed = sum(1 for one in journal.escrow(setup) if one.attempts)
    reason = after_entries(failed, 0, failed + journal.managed_active(setup)) if failed else None
    before = journal.quarantine(setup)
    if reason:
        journal.put_quarantine(setup, entered(reason, before, now))
    elif before:
        journal.put_quarantine(setup, None)


def end_run(plan: Plan, result: RunResult, journal: Journal, now: datetime) -> None:
    """Write down what a plan leaves that somebody applied by hand.

    What it did needs no other try; what failed gets one. An undo lets the next cycle read
    everything: the two sides differ on purpose now.
    """
    setup = (plan.profile_id, plan.organization_id)
    _leave_quarantine(result, journal, setup)
    if plan.is_undo:
        journal.drop_watermark(setup)
        return
    before = {one.source_id: one for one in journal.escrow(setup)}
    failed = journal.went_wrong(result.run_id)
    settled = journal.applied_to(result.run_id, before.keys())
    escrow = tuple(entries_after((), failed, before, frozenset(), now))
    if escrow or settled:
        journal.end_cycle(setup, CycleEnd(escrow=escrow, settled=settled))


def _leave_quarantine(result: RunResult, journal: Journal, setup: tuple[str, str]) -> None:
    """Take a setup out of quarantine whose token, source and server have just served a run."""
    quarantine = journal.quarantine(setup)
    if quarantine and result.state is RunState.DONE and quarantine.reason.code != FAILURES:
        journal.put_quarantine(setup, None)
