"""The words that every form of a report shares."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from sparkwizard.provisioning.groups.types import Member, members_in
from sparkwizard.provisioning.target.schema import label
from sparkwizard.provisioning.types import Action, ActionKind, Change, Json
from sparkwizard.runs.types import ActionRecord, ActionState, RunRecord

__all__ = [
    "KINDS",
    "OPEN",
    "STATES",
    "change_text",
    "group_changes",
    "headline",
    "members_text",
    "shown",
    "why",
]

STATES: Mapping[ActionState, str] = {
    ActionState.APPLIED: "Done",
    ActionState.FAILED: "Failed",
    ActionState.NOT_ATTEMPTED: "Left alone",
    ActionState.PLANNED: "Still to do",
    ActionState.SENT: "Sent, not answered yet",
}
KINDS: Mapping[ActionKind, str] = {
    ActionKind.CREATE: "Create",
    ActionKind.UPDATE: "Update",
    ActionKind.DISABLE: "Disable",
    ActionKind.DELETE: "Delete",
}
OPEN = (ActionState.NOT_ATTEMPTED, ActionState.PLANNED, ActionState.SENT)
"""The states of what was neither done nor failed."""


def headline(run: RunRecord) -> str:
    """Say in one line how the run came out."""
    groups = run.groups
    total = run.applied + run.failed + run.not_attempted
    if not total and not groups.total:
        return "Nothing had to be changed"
    parts = [_made(run.applied, total, "change")] if total else []
    if groups.total:
        parts.append(_made(groups.applied, groups.total, "change of groups", "changes of groups"))
    words = ", and ".join(parts)
    return f"{words[:1].upper()}{words[1:]}"


def _made(done: int, total: int, one: str, many: str = "changes") -> str:
    if done < total:
        return f"{done:,} of {total:,} {many} {'was' if done == 1 else 'were'} made"
    return f"the one {one} was made" if total == 1 else f"all {total:,} {many} were made"


def why(record: ActionRecord) -> str:
    """Return what was said when it was carried out, else why it was planned."""
    return record.message or "\n".join(reason.text for reason in record.action.reasons)


def change_text(change: Change) -> str:
    """Return one change in one line."""
    return f"{label(change.attribute)}: {shown(change.before)} → {shown(change.after)}"


def group_changes(action: Action) -> Iterator[str]:
    """Yield what happens to a group, members by name."""
    added, removed = members_in(action)
    if added:
        yield f"Join: {members_text(added)}"
    if removed:
        yield f"Leave: {members_text(removed)}"
    if not (added or removed):
        yield from map(change_text, action.changes)


def members_text(members: Sequence[Member]) -> str:
    """Return the names of members in one line."""
    return ", ".join(member.label for member in members)


def shown(value: Json) -> str:
    """Return a value as a person reads it."""
    if value is None:
        return "(empty)"
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
