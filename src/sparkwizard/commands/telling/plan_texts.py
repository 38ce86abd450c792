"""A plan as ``preview`` and ``undo`` print it: one JSON document, or sentences."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sparkwizard.commands.telling.groups import group_document, group_lines
from sparkwizard.commands.telling.output import stops_document
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.wizard.plan.changes import attribute_words, value_words

__all__ = ["LISTED", "plan_document", "plan_lines"]

LISTED = 20
_SOME = 6
# who loses something is listed first, and more of them than of the others
_LISTED: Mapping[ActionKind, int] = {
    ActionKind.DELETE: LISTED,
    ActionKind.DISABLE: LISTED,
    ActionKind.PROBLEM: _SOME,
    ActionKind.UPDATE: _SOME,
    ActionKind.CREATE: _SOME,
}


def plan_document(plan: Plan, out: Path | None) -> dict[str, object]:
    """Return a plan as the JSON of ``preview``."""
    return {
        **plan.counts.as_dict(),
        "stopped": stops_document(plan.stops),
        "findings": [{"code": f.code, "text": f.text} for f in plan.findings],
        "source_complete": plan.source_complete,
        "users_complete": plan.users_complete,
        "operator_guard": plan.operator_guarded,
        "managed_active": plan.managed_active,
        "removals_allowed": plan.removals_allowed,
        **group_document(plan),
        "plan": str(out) if out else None,
        "plan_hash": plan.digest,
        "actions": [
            {
                "action": action.kind.value,
                "person": action.label,
                "user_name": action.user_name,
                "source_id": action.source_id,
                "webex_id": action.webex_id,
                "row": action.row,
                "changes": [
                    {"attribute": c.attribute, "before": c.before, "after": c.after}
                    for c in action.changes
                ],
                "reasons": [{"code": r.code, "text": r.text} for r in action.reasons],
            }
            for action in plan.actions
            if action.kind is not ActionKind.UNCHANGED
        ],
    }


def plan_lines(plan: Plan, out: Path | None) -> Iterator[str]:
    """Yield what a plan would do, in sentences."""
    yield "Nothing has been changed. This is what would happen:"
    for kind, number in plan.counts.as_dict().items():
        yield f"  {kind:<10} {number:>8,}"
    for stop in plan.stops:
        yield f"Stopped: {stop.reason.text}"
    for finding in plan.findings:
        yield f"Note: {finding.text}"
    if not plan.operator_guarded:
        yield "Note: your own account can't be told from others here, so it is not guarded."
    yield from _people_lines(plan.actions)
    yield from group_lines(plan)
    if out:
        yield f"Plan saved to {out}"
        yield f"SHA-256 {plan.digest}"
    elif plan.writes:
        yield "Save it with --out FILE and carry it out with: sparkwizard apply FILE --profile P"


def _people_lines(actions: Iterable[Action]) -> Iterator[str]:
    by_kind: dict[ActionKind, list[Action]] = {kind: [] for kind in _LISTED}
    for action in actions:
        if action.kind in by_kind:
            by_kind[action.kind].append(action)
    more = False
    for kind, several in by_kind.items():
        for action in several[: _LISTED[kind]]:
            why = " ".join((*_changes(action), *(reason.text for reason in action.reasons)))
            yield f"  {kind.value:<8} {action.label} <{action.user_name}>  {why}"
        if unlisted := len(several[_LISTED[kind] :]):
            more = True
            yield f"  {kind.value:<8} and {unlisted:,} more"
    if more:
        yield "  --json lists everybody."


def _changes(action: Action) -> Iterator[str]:
    """Yield what an update writes; what a new user gets is in the JSON."""
    if action.kind is ActionKind.UPDATE:
        for change in action.changes:
            name, after = attribute_words(change.attribute), value_words(change.after)
            yield f"{name} “{value_words(change.before)}” → “{after}”."
