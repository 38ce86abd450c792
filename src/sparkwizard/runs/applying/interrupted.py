"""Settle what earlier runs of a setup sent and never heard of, before a new run writes.

A process that was killed leaves its run "running" and its last requests without an outcome. Only
Webex knows what became of them; until it is asked, the links and their dates may be wrong.
"""

from collections.abc import Mapping

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Link
from sparkwizard.runs.applying.linking import link_after
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.side_by_side import side_by_side
from sparkwizard.runs.types import NOT_REACHED, ActionRecord, ActionState, Outcome, RunRecord
from sparkwizard.runs.writing.sending import Writer

__all__ = ["settle_interrupted"]


async def settle_interrupted(
    plan: Plan, run_id: int, writer: Writer, journal: Journal, links: Mapping[str, Link]
) -> bool:
    """End runs that died, settle by reading what they sent; return whether there were any.

    The organization must be locked: then no run but ``run_id``, that of ``plan``, goes on.
    ``links`` are those before, by Webex id. Raises what ends a run.
    """
    runs = journal.unsettled_runs(plan, besides=run_id)
    for run in runs:
        journal.end_interrupted(run.id)
        await _settle(run, plan, writer, journal, links)
    return bool(runs)


async def _settle(
    run: RunRecord, plan: Plan, writer: Writer, journal: Journal, links: Mapping[str, Link]
) -> None:
    async def settle(record: ActionRecord) -> None:
        outcome = await writer.settle(record) or _not_done(record)
        if outcome.state is ActionState.SENT:
            return  # it can't be read now; the next run asks again
        # what was done was done when it was sent
        sent_at = record.at or run.started_at
        link = link_after(outcome, links, sent_at, run.started_at)
        journal.record(run.id, plan, [(outcome, link)])

    sent = [r for r in journal.actions(run.id) if r.state is ActionState.SENT]
    await side_by_side(settle, sent)


def _not_done(record: ActionRecord) -> Outcome:
    code, message = NOT_REACHED
    return Outcome(record.seq, record.action, ActionState.NOT_ATTEMPTED, code=code, message=message)
