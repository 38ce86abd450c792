"""What ``preview``, ``apply`` and ``sync`` tell of groups."""

from collections.abc import Iterator

from sparkwizard.commands.telling.output import reason_document
from sparkwizard.provisioning.groups.types import GroupPlan, Member, members_in
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.runs.types import GroupResult, Outcome
from sparkwizard.wizard.plan.group_words import GROUPS_LATER, group_words

__all__ = ["group_document", "group_lines", "group_run_document", "group_run_lines"]

LISTED = 20


def group_document(plan: Plan) -> dict[str, object]:
    """Return what happens to groups as the JSON of ``preview``; nothing where none are."""
    return {"groups": _plan_document(plan.groups)} if plan.groups else {}


def _plan_document(groups: GroupPlan) -> dict[str, object]:
    return {
        **groups.counts.as_dict(),
        "stopped": reason_document(groups.stop or None),
        "actions": [
            _action_document(action)
            for action in groups.actions
            if action.kind is not ActionKind.UNCHANGED
        ],
    }


def _action_document(action: Action) -> dict[str, object]:
    added, removed = members_in(action)
    return {
        "action": action.kind.value,
        "group": action.label,
        "source_id": action.source_id,
        "webex_id": action.webex_id,
        "changes": [
            {"attribute": one.attribute, "before": one.before, "after": one.after}
            for one in action.changes
            if not (added or removed)
        ],
        "members_added": [_member_document(one) for one in added],
        "members_removed": [_member_document(one) for one in removed],
        "reasons": [{"code": one.code, "text": one.text} for one in action.reasons],
    }


def _member_document(member: Member) -> dict[str, str]:
    return {
        "person": member.label,
        "source_id": member.source_id,
        "webex_id": member.webex_id,
    }


def group_lines(plan: Plan) -> Iterator[str]:
    """Yield what would happen to groups, in sentences."""
    if not plan.groups:
        return
    words = group_words(plan.groups.counts)
    yield f"Groups: {words or 'all are as they should be.'}"
    if plan.groups.stop:
        yield f"Stopped: {plan.groups.stop.text}"
    if plan.groups_to_write and plan.to_write:
        yield GROUPS_LATER
    told = [a for a in plan.groups.actions if a.kind is not ActionKind.UNCHANGED]
    for action in told[:LISTED]:
        yield f"  {action.kind.value:<8} {action.label}  {_what(action)}"
    if len(told) > LISTED:
        yield f"  and {len(told) - LISTED:,} more changes of groups"


def _what(action: Action) -> str:
    added, removed = members_in(action)
    who = [f"+ {_names(added)}"] if added else []
    who += [f"- {_names(removed)}"] if removed else []
    return " ".join((*who, *(reason.text for reason in action.reasons)))


def _names(members: tuple[Member, ...]) -> str:
    names = ", ".join(one.label for one in members[:3])
    return f"{names} and {len(members) - 3:,} more:" if len(members) > 3 else f"{names}:"


def group_run_document(result: GroupResult | None) -> dict[str, object]:
    """Return what was done to groups as the JSON of ``apply`` and ``sync``."""
    if result is None:
        return {}
    return {
        "groups": {
            **result.counts.as_dict(),
            "applied": result.applied,
            "failed": result.failed,
            "not_attempted": result.not_attempted,
            "waiting": result.waiting,
            "stopped": reason_document(result.stop),
            "outcomes": [_outcome_document(one) for one in result.outcomes],
        }
    }


def _outcome_document(outcome: Outcome) -> dict[str, str]:
    return {
        "group": outcome.action.label,
        "action": outcome.action.kind.value,
        "state": outcome.state.value,
        "code": outcome.code,
        "message": outcome.message,
        "tracking_id": outcome.tracking_id,
    }


def group_run_lines(result: GroupResult | None) -> Iterator[str]:
    """Yield what was done to groups, in sentences."""
    if result is None:
        return
    if result.waiting:
        yield "Groups: left as they are until the plan is applied to everybody."
        return
    yield (
        f"Groups: {result.applied:,} changes applied, {result.failed:,} failed,"
        f" {result.not_attempted:,} not attempted."
    )
    if result.stop:
        yield f"Stopped: {result.stop.text}"
    for outcome in result.outcomes[:LISTED]:
        yield f"  {outcome.state.value:<14} {outcome.action.label}: {outcome.message}"
