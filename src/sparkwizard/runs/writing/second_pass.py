"""Set what refers to other people once those are there: the second pass of a run."""

from collections.abc import Sequence

from sparkwizard.provisioning.plan import Plan
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.types import ActionRecord, ActionState, Outcome
from sparkwizard.values import replace

__all__ = ["REFERENCE_PENDING", "is_second_pass", "resolved"]

REFERENCE_PENDING = "reference-pending"
"""Code of an action that waits for the user of another person."""

_NOT_THERE = "Not set: there is no Webex user for the manager, or for this person, yet."


def is_second_pass(record: ActionRecord) -> bool:
    """Return whether an action waits for the others."""
    return bool(record.action.refers_to)


def resolved(
    records: Sequence[ActionRecord], plan: Plan, run_id: int, journal: Journal
) -> tuple[list[ActionRecord], list[Outcome]]:
    """Return the actions with the users of both people, written down so, and those left.

    What has no user yet is not attempted; the next cycle looks again.
    """
    setup = (plan.profile_id, plan.organization_id)
    ids = {one.action.source_id for one in records} | {str(one.action.refers_to) for one in records}
    links = journal.links_of(setup, ids) if records else {}
    ready: list[ActionRecord] = []
    left: list[Outcome] = []
    for record in records:
        action = record.action
        mine, other = links.get(action.source_id), links.get(str(action.refers_to))
        if mine and other:
            changes = tuple(replace(one, after=other.webex_id) for one in action.changes)
            known = replace(action, webex_id=mine.webex_id, changes=changes)
            ready.append(replace(record, action=known))
        else:
            state = ActionState.NOT_ATTEMPTED
            left.append(
                Outcome(record.seq, action, state, code=REFERENCE_PENDING, message=_NOT_THERE)
            )
    journal.resolve_actions(run_id, ready)
    return ready, left
