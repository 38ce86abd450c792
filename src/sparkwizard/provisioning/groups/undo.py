"""The inverse of what a run did to groups: members back in and out, names back, groups left.

A group that the run took over is let go of; one that it made stays, and stays managed. As with
people, only what still is as the run left it is restored. Nothing is read or written here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched

import msgspec

from sparkwizard.provisioning.groups.planning import AT_ONCE
from sparkwizard.provisioning.groups.types import (
    GroupLink,
    GroupPlan,
    GroupsRead,
    Member,
    WebexGroup,
    member_change,
    members_in,
)
from sparkwizard.provisioning.types import LET_GO, Action, ActionKind, Change, Reason
from sparkwizard.values import replace

__all__ = ["draft_group_undo", "unlinked_by"]


def draft_group_undo(
    done: Sequence[Action],
    webex: GroupsRead,
    users: Mapping[str, str],
    taken_over: Iterable[GroupLink] = (),
) -> GroupPlan:
    """Decide the inverse of what was carried out; ``users`` are Webex ids by source id now.

    ``taken_over`` are the links that the run made to groups which were there before.
    """
    groups = {group.id: group for group in webex.groups}
    found: list[Action] = []
    for source_id in dict.fromkeys(action.source_id for action in done):
        mine = [action for action in done if action.source_id == source_id]
        group_id = next((action.webex_id for action in mine if action.webex_id), "")
        found += _inverse(mine, groups.get(group_id), webex.members.get(group_id), users)
    found += [_let_go(link) for link in taken_over]
    return GroupPlan(tuple(found))


def unlinked_by(plan: GroupPlan) -> Iterator[GroupLink]:
    """Yield the links that are gone once a plan is carried out."""
    for action in plan.actions:
        if _UNLINKED in action.reasons:
            yield GroupLink(action.source_id, action.webex_id)


def _let_go(link: GroupLink) -> Action:
    name = link.name or link.source_id
    return Action(
        ActionKind.UNCHANGED, link.source_id, name, name, link.webex_id, reasons=(_UNLINKED,)
    )


def _inverse(
    done: Sequence[Action],
    group: WebexGroup | None,
    current: frozenset[str] | None,
    users: Mapping[str, str],
) -> Iterator[Action]:
    if group is None:
        yield _bare(done[0], None, ActionKind.SKIPPED, _GONE)
        return
    for action in done:
        if not any(members_in(action)):
            yield _own(action, group)
    moved = [action for action in done if any(members_in(action))]
    if moved and current is None:
        yield _bare(moved[0], group, ActionKind.SKIPPED, _NOT_READ)
    elif moved and current is not None:
        yield from _members_back(moved, group, current, users)


def _own(action: Action, group: WebexGroup) -> Action:
    if action.kind is ActionKind.CREATE:
        return _bare(action, group, ActionKind.PROBLEM, _STAYS)
    changes = tuple(
        Change(one.attribute, one.after, one.before)
        for one in action.changes
        if group.resource.get(one.attribute) == one.after
    )
    if not changes:
        return _bare(action, group, ActionKind.SKIPPED, _CHANGED_SINCE)
    return _bare(action, group, ActionKind.UPDATE, _BACK, changes)


def _members_back(
    moved: Iterable[Action], group: WebexGroup, current: frozenset[str], users: Mapping[str, str]
) -> Iterator[Action]:
    """Yield bundles that take out whoever still is in by the run, and put back who is still out."""
    out: list[Member] = []
    back: list[Member] = []
    action = None
    for action in moved:
        added, removed = members_in(action)
        known = (replace(m, webex_id=m.webex_id or users.get(m.source_id, "")) for m in added)
        out += [one for one in known if one.webex_id in current]
        back += [one for one in removed if one.webex_id not in current]
    assert action is not None, "there is one"
    for some in batched(out, AT_ONCE):
        changes = member_change(removed=some)
        yield _bare(action, group, ActionKind.UPDATE, _OUT, changes)
    for some in batched(back, AT_ONCE):
        changes = member_change(added=some)
        yield _bare(action, group, ActionKind.UPDATE, _IN, changes)


def _bare(
    action: Action,
    group: WebexGroup | None,
    kind: ActionKind,
    reason: Reason,
    changes: tuple[Change, ...] = (),
) -> Action:
    name = group.display_name if group else action.user_name
    before = {"displayName": name} if group else {}
    wanted = next((str(c.after) for c in changes if c.attribute == "displayName" and c.after), name)
    return replace(
        action,
        kind=kind,
        user_name=wanted,
        label=name,
        webex_id=group.id if group else "",
        changes=changes,
        reasons=(reason,),
        before=before,
        refers_to=msgspec.UNSET,
    )


_UNLINKED = Reason(
    LET_GO, "This setup did not manage this group before the run and no longer does."
)
_STAYS = Reason(
    "group-stays", "Made by the run: its people leave it, but no group is deleted from here."
)
_GONE = Reason("not-in-webex", "No longer in Webex.")
_NOT_READ = Reason("members-not-read", "Its members in Webex could not be read, so they stay.")
_CHANGED_SINCE = Reason("changed-since", "Left as it is, because it was changed after the run.")
_BACK = Reason("restored", "Back to the values from before the run.")
_OUT = Reason("added-by-run", "Added by the run: they leave the group again.")
_IN = Reason("removed-by-run", "Removed by the run: they come back into the group.")
