"""What group provisioning hands out: groups as Webex has them, links to them, and their plan."""

from collections.abc import Iterable, Mapping

import msgspec

from sparkwizard.provisioning.types import Action, ActionKind, Change, Json, Reason

__all__ = [
    "MEMBERS",
    "GroupCounts",
    "GroupLink",
    "GroupPlan",
    "GroupsRead",
    "Member",
    "WebexGroup",
    "count_groups",
    "member_change",
    "members_in",
]

MEMBERS = "members"
"""The attribute of the changes that add members (after) or remove them (before)."""


class WebexGroup(msgspec.Struct, frozen=True):
    """Hold one Webex group: the id and the decoded SCIM resource without its members."""

    id: str
    resource: Mapping[str, Json]

    @property
    def display_name(self) -> str:
        """Return the name, or an empty text."""
        return str(self.resource.get("displayName") or "")


class GroupsRead(msgspec.Struct, frozen=True):
    """Hold what was read of Webex's groups.

    ``members`` are the Webex ids of the members of those groups that were asked for, by group id; a
    group whose members could not be read whole is not in it. ``complete`` is False where a group
    may be missing.
    """

    groups: tuple[WebexGroup, ...] = ()
    members: Mapping[str, frozenset[str]] = msgspec.field(default_factory=dict)
    complete: bool = True
    findings: tuple[Reason, ...] = ()


class GroupLink(msgspec.Struct, frozen=True):
    """Tie a group of the source to the Webex group that this profile manages.

    ``run`` is the run since which the Webex group is managed, 0 where that is not known.
    """

    source_id: str
    webex_id: str
    name: str = ""
    run: int = 0


class Member(msgspec.Struct, frozen=True):
    """Hold one member to be added or removed; ``webex_id`` is empty until the plan creates them."""

    source_id: str
    webex_id: str
    label: str


class GroupCounts(msgspec.Struct, frozen=True):
    """Count the groups of a plan by what happens to them, and the memberships that change."""

    create: int = 0
    update: int = 0
    unchanged: int = 0
    skipped: int = 0
    problem: int = 0
    members_added: int = 0
    members_removed: int = 0

    def as_dict(self) -> dict[str, int]:
        """Return the counts by name, in order."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


class GroupPlan(msgspec.Struct, frozen=True):
    """Hold what happens to groups.

    ``source_id`` and ``user_name`` of these actions are the id and the name of a group. Each group
    has one action of its own, then one for each bundle of members. ``stop`` is why all removals of
    members are held back, unset where none are.
    """

    actions: tuple[Action, ...] = ()
    stop: Reason | msgspec.UnsetType = msgspec.UNSET

    @property
    def to_write(self) -> tuple[Action, ...]:
        """Return the actions that apply carries out."""
        return tuple(action for action in self.actions if action.kind.writes)

    @property
    def counts(self) -> GroupCounts:
        """Return the groups counted by what happens to them."""
        return count_groups(self.actions)


def member_change(
    added: Iterable[Member] = (), removed: Iterable[Member] = ()
) -> tuple[Change, ...]:
    """Return the change that adds or removes members."""
    return (Change(MEMBERS, _encoded(removed), _encoded(added)),)


def members_in(action: Action) -> tuple[tuple[Member, ...], tuple[Member, ...]]:
    """Return the members that an action adds, and those that it removes."""
    change = next((one for one in action.changes if one.attribute == MEMBERS), None)
    return (_decoded(change.after), _decoded(change.before)) if change else ((), ())


def count_groups(actions: Iterable[Action]) -> GroupCounts:
    """Count groups by what happens to them: one with any change at all is an update."""
    kinds: dict[str, ActionKind] = {}
    added = removed = 0
    for action in actions:
        more, fewer = members_in(action)
        added, removed = added + len(more), removed + len(fewer)
        known = kinds.setdefault(action.source_id, action.kind)
        if action.kind.writes and not known.writes:
            kinds[action.source_id] = ActionKind.UPDATE
    every = list(kinds.values())
    return GroupCounts(
        create=every.count(ActionKind.CREATE),
        update=every.count(ActionKind.UPDATE),
        unchanged=every.count(ActionKind.UNCHANGED),
        skipped=every.count(ActionKind.SKIPPED),
        problem=every.count(ActionKind.PROBLEM),
        members_added=added,
        members_removed=removed,
    )


def _encoded(members: Iterable[Member]) -> list[Json] | None:
    found: list[Json] = [
        {"source_id": one.source_id, "value": one.webex_id, "display": one.label} for one in members
    ]
    return found or None


def _decoded(value: Json) -> tuple[Member, ...]:
    return tuple(
        Member(str(one["source_id"]), str(one["value"]), str(one["display"]))
        for one in (value if isinstance(value, list) else ())
    )
