"""Bring what is foretold of groups, and what the logs say of them, to one action each. Pure."""

from collections.abc import Iterable

from sparkwizard.entra.provisioning_job.job_types import LogEntry
from sparkwizard.provisioning.groups.types import MEMBERS, members_in
from sparkwizard.provisioning.types import Action, ActionKind
from sparkwizard.values import replace

__all__ = ["folded_groups", "log_of_group"]


def folded_groups(actions: Iterable[Action]) -> tuple[Action, ...]:
    """Return one action for each group: a bundle of members makes an update of it."""
    found: dict[str, Action] = {}
    for action in actions:
        own = found.get(action.source_id)
        if own is None:
            found[action.source_id] = action
        elif action.kind.writes:
            kind = own.kind if own.kind.writes else ActionKind.UPDATE
            changes = (*own.changes, *action.changes)
            found[action.source_id] = replace(own, kind=kind, changes=changes)
    return tuple(found.values())


def log_of_group(action: Action, entry: LogEntry) -> LogEntry:
    """Return an entry without the members that were foretold, or were there already.

    The service does not read who is in a group (SCIM page: *excludedAttributes=members*): it writes
    all whom it provisions, also those who are members. Who is missing is left in it.
    """
    written = " ".join(new for name, _old, new in entry.changes if name == MEMBERS)
    missing = [
        one.label
        for change in action.changes
        if change.attribute == MEMBERS
        for one in members_in(replace(action, changes=(change,)))[0]
        if one.webex_id and one.webex_id not in written
    ]
    rest = tuple(change for change in entry.changes if change[0] != MEMBERS)
    if missing:
        return replace(entry, changes=(*rest, (MEMBERS, "", f"without {', '.join(missing)}")))
    if written and not rest and not action.kind.writes:
        return replace(entry, changes=(), action="other", status="skipped")
    return replace(entry, changes=rest)
