"""What happens to groups, in words."""

import msgspec

from sparkwizard.provisioning.groups.types import GroupCounts, GroupPlan, members_in
from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.runs.types import GroupResult

__all__ = [
    "GROUPS_LATER",
    "GroupLine",
    "group_changes_of",
    "group_result_words",
    "group_words",
    "groups_text",
    "one_group_change",
]

GROUPS_LATER = "A start with some people, and all rings but the last, leave groups as they are."


class GroupLine(msgspec.Struct, frozen=True):
    """Hold one thing that happens to a group, in words."""

    group: str
    kind: ActionKind
    words: str


def groups_text(number: int) -> str:
    """Return a number of groups in words, e.g. "3 groups"."""
    return "1 group" if number == 1 else f"{number:,} groups"


def group_words(counts: GroupCounts) -> str:
    """Return what would happen to groups in one sentence, empty where nothing would."""
    parts = [
        (counts.create, f"{groups_text(counts.create)} would be created"),
        (counts.update, f"{groups_text(counts.update)} changed"),
        (counts.members_added, f"{_members(counts.members_added)} added"),
        (counts.members_removed, f"{_members(counts.members_removed)} removed"),
        (counts.problem, f"{groups_text(counts.problem)} left alone because of a problem"),
    ]
    said = [words for number, words in parts if number]
    return f"{', '.join(said)}." if said else ""


def _members(number: int) -> str:
    return "1 member" if number == 1 else f"{number:,} members"


def group_changes_of(groups: GroupPlan | msgspec.UnsetType) -> tuple[GroupLine, ...]:
    """Return a line for each change of a group, and for each group that is left alone."""
    actions = groups.actions if groups else ()
    told = (action for action in actions if action.kind is not ActionKind.UNCHANGED)
    return tuple(GroupLine(one.label, one.kind, one_group_change(one)) for one in told)


def one_group_change(action: Action) -> str:
    """Return what one change does to a group: who joins or leaves, or what is written."""
    added, removed = members_in(action)
    if added:
        return f"Join: {', '.join(one.label for one in added)}"
    if removed:
        why = " ".join(reason.text for reason in action.reasons)
        return f"Leave: {', '.join(one.label for one in removed)}. {why}"
    if action.kind is ActionKind.UPDATE:
        changes = (
            f"{one.attribute}: {one.before or '(empty)'} → {one.after or '(empty)'}"
            for one in action.changes
        )
        return "; ".join(changes)
    made = ["Would be created."] if action.kind is ActionKind.CREATE else []
    return " ".join((*made, *(reason.text for reason in action.reasons)))


def group_result_words(result: GroupResult | None) -> str:
    """Return what did not happen to groups in one sentence, empty where all went well."""
    if result is None:
        return ""
    left = 0 if result.waiting else result.failed + result.not_attempted
    if left:
        changes = "1 change" if left == 1 else f"{left:,} changes"
        return f"{changes} of groups could not be made as planned."
    return result.stop.text if result.stop else ""
