"""From groups of the source to groups of Webex: which are created, renamed, and who is in them.

A group is managed once this profile linked it. Its members are the source's direct members who have
a user of this profile; whoever else is in it, others put there and they stay. No group is ever
deleted. Nothing is read or written here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import batched

import msgspec

from sparkwizard.provisioning.groups.mapping import CompiledGroupMapping, describe_group_target
from sparkwizard.provisioning.groups.people import GroupPeople
from sparkwizard.provisioning.groups.types import (
    MEMBERS,
    GroupLink,
    GroupPlan,
    GroupsRead,
    Member,
    WebexGroup,
    member_change,
    members_in,
)
from sparkwizard.provisioning.mapping.filling import Wanted
from sparkwizard.provisioning.types import (
    Action,
    ActionKind,
    Actions,
    Change,
    Group,
    Json,
    Reason,
    RemovalLimit,
)
from sparkwizard.values import replace

__all__ = ["GroupSituation", "groups_to_look_into", "plan_groups"]

AT_ONCE = 100
"""How many members one action adds or removes: what one request carries."""


class GroupSituation(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a plan of groups rests on.

    ``links`` are this profile's by the source's id of a group, ``owned_elsewhere`` the Webex ids of
    groups that other profiles manage. ``bar`` is why nobody may be removed, None where they may.
    """

    groups: tuple[Group, ...]
    mapping: CompiledGroupMapping
    webex: GroupsRead
    links: Mapping[str, GroupLink]
    people: GroupPeople
    now: datetime
    owned_elsewhere: frozenset[str] = frozenset()
    bar: Reason | None = None
    actions: Actions = Actions()
    limit: RemovalLimit = RemovalLimit()


def groups_to_look_into(seen: GroupSituation) -> frozenset[str]:
    """Return the Webex ids of the groups whose members have to be known for a plan."""
    planner = _Planner(seen)
    desired = planner.desired()
    found = {one.matched.id for one in desired if one.matched and not one.problem}
    return frozenset(found.union(group.id for _, group in planner.left_behind(desired)))


def plan_groups(seen: GroupSituation) -> GroupPlan:
    """Decide on every group of the source, and on those that this profile managed before."""
    planner = _Planner(seen)
    actions = tuple(planner.actions())
    removed = sum(len(members_in(action)[1]) for action in actions)
    managed = planner.managed_memberships()
    allowed = seen.limit.allowed(managed)
    if removed <= allowed:
        return GroupPlan(actions)
    stop = Reason(
        "too-many-members-removed",
        f"{removed:,} people would be taken out of groups, and the limit of this setup allows"
        f" {allowed:,} ({managed:,} memberships are managed). Everybody stays in their groups until"
        " you look at them or raise the limit.",
    )
    return GroupPlan(tuple(_held(actions, stop)), stop)


def _held(actions: Iterable[Action], stop: Reason) -> Iterator[Action]:
    for action in actions:
        if members_in(action)[1]:
            yield replace(action, kind=ActionKind.SKIPPED, changes=(), reasons=(stop,))
        else:
            yield action


class _Desired(msgspec.Struct, frozen=True):
    """Hold a group of the source with what it is to be, and the Webex group it already has."""

    group: Group
    matched: WebexGroup | None
    wanted: Wanted
    linked: bool = False
    problem: Reason | None = None

    @property
    def name(self) -> str:
        return str(self.wanted.values.get("displayName") or "")


class _Planner(msgspec.Struct, dict=True):
    seen: GroupSituation

    @cached_property
    def _here(self) -> frozenset[str]:
        return frozenset(group.source_id for group in self.seen.groups)

    @cached_property
    def _held(self) -> frozenset[str]:
        """The Webex groups that a source group has by its link: by name they are nobody's."""
        links = self.seen.links.values()
        return frozenset(link.webex_id for link in links if link.source_id in self._here)

    @cached_property
    def _by_id(self) -> dict[str, WebexGroup]:
        return {group.id: group for group in self.seen.webex.groups}

    @cached_property
    def _by_name(self) -> dict[str, list[WebexGroup]]:
        found: dict[str, list[WebexGroup]] = {}
        for group in self.seen.webex.groups:
            found.setdefault(group.display_name.casefold(), []).append(group)
        return found

    def managed_memberships(self) -> int:
        """Return how many members of the groups looked into are people of this profile."""
        ours = self.seen.people.ours
        return sum(len(members & ours.keys()) for members in self.seen.webex.members.values())

    def actions(self) -> Iterator[Action]:
        desired = self.desired()
        for one in desired:
            yield from self._decide(one)
        for link, group in self.left_behind(desired):
            yield from self._left(link, group)

    # -- which group is which -------------------------------------------------------------------

    def desired(self) -> list[_Desired]:
        """Return the groups of the source with their matches and what stands in their way."""
        found = [self._found(group) for group in self.seen.groups]
        taken = Counter(one.matched.id for one in found if one.matched)
        names = Counter(one.name.casefold() for one in found if one.name)
        return [self._checked(one, taken, names) for one in found]

    def left_behind(self, desired: Iterable[_Desired]) -> Iterator[tuple[GroupLink, WebexGroup]]:
        """Yield groups that this profile managed and that the source no longer has.

        One that was made anew in the source, under the same name, is found by that.
        """
        found = {one.matched.id for one in desired if one.matched}
        for link in self.seen.links.values():
            group = self._by_id.get(link.webex_id)
            if group and link.source_id not in self._here and group.id not in found:
                yield link, group

    def _found(self, group: Group) -> _Desired:
        attributes = {**group.attributes, MEMBERS: sorted(group.members)}
        link = self.seen.links.get(group.source_id)
        matched = self._by_id.get(link.webex_id) if link else None
        linked = matched is not None
        wanted = self._wanted(attributes, creating=True)
        if matched is None:
            named = self._by_name.get(str(wanted.values.get("displayName") or "").casefold(), [])
            same = [one for one in named if one.id not in self._held]
            if len(same) > 1:
                return _Desired(group, None, wanted, problem=_ambiguous(len(same)))
            if named and not same:
                return _Desired(group, None, wanted, problem=_name_taken(named[0].display_name))
            matched = same[0] if same else None
        if matched is None:
            return _Desired(group, None, wanted)
        return _Desired(group, matched, self._wanted(attributes, creating=False), linked)

    def _wanted(self, attributes: Mapping[str, object], *, creating: bool) -> Wanted:
        return self.seen.mapping.evaluate(attributes, creating=creating, now=self.seen.now)

    def _checked(self, one: _Desired, taken: Counter[str], names: Counter[str]) -> _Desired:
        return one if one.problem else replace(one, problem=self._problem(one, taken, names))

    def _problem(self, one: _Desired, taken: Counter[str], names: Counter[str]) -> Reason | None:
        if one.wanted.problems:
            return one.wanted.problems[0]
        if names[one.name.casefold()] > 1 or (one.matched and taken[one.matched.id] > 1):
            return _TWICE
        if one.matched and not one.linked and one.matched.id in self.seen.owned_elsewhere:
            return _OTHER_PROFILE
        others = self._by_name.get(one.name.casefold(), [])
        if one.matched and any(other.id != one.matched.id for other in others):
            round_ = self._go_round(one.matched, one.name)
            return _name_goes_round(one.name) if round_ else _name_taken(one.name)
        return None

    @cached_property
    def _wanted_names(self) -> Mapping[str, str]:
        """The names that groups of Webex are to have, case-folded, by their ids."""
        found = (self._found(group) for group in self.seen.groups)
        return {one.matched.id: one.name.casefold() for one in found if one.matched}

    def _go_round(self, group: WebexGroup, name: str) -> bool:
        """Return whether the group of a name is to get another's, and so on to this group's own."""
        wanted, own, seen = name.casefold(), group.display_name.casefold(), set[str]()
        while wanted not in seen and wanted != own:
            seen.add(wanted)
            holder = next(iter(self._by_name.get(wanted, [])), None)
            wanted = self._wanted_names.get(holder.id, "") if holder else ""
        return wanted == own

    # -- one group ------------------------------------------------------------------------------

    def _decide(self, one: _Desired) -> Iterator[Action]:
        if one.problem:
            yield self._own(one, ActionKind.PROBLEM, (one.problem,))
        elif one.matched is None:
            yield from self._create(one)
        else:
            yield from self._change(one, one.matched)

    def _create(self, one: _Desired) -> Iterator[Action]:
        if not self.seen.webex.complete:
            yield self._own(one, ActionKind.SKIPPED, (_NOT_READ,))
            return
        if not self.seen.actions.create:
            yield self._own(one, ActionKind.SKIPPED, (_CREATE_OFF,))
            return
        yield self._own(one, ActionKind.CREATE, (_NEW,), _compared(one.wanted, {}))
        if MEMBERS in one.wanted.values:
            yield from self._added(one, frozenset())

    def _change(self, one: _Desired, group: WebexGroup) -> Iterator[Action]:
        how = (_LINKED if one.linked else _MATCHED,)
        changes = _compared(one.wanted, group.resource)
        if changes and not self.seen.actions.update:
            yield self._own(one, ActionKind.SKIPPED, (*how, _UPDATE_OFF))
            return
        kind = ActionKind.UPDATE if changes else ActionKind.UNCHANGED
        yield self._own(one, kind, how, changes)
        if MEMBERS not in one.wanted.values:
            return
        current = self.seen.webex.members.get(group.id)
        if current is None or not self.seen.actions.update:
            why = _MEMBERS_NOT_READ if current is None else _UPDATE_OFF
            yield self._own(one, ActionKind.SKIPPED, (why,))
            return
        yield from self._added(one, current)
        listed = frozenset(_listed(one.wanted))
        yield from self._removed(one, self.seen.people.to_remove(listed, current), _NOT_IN_SOURCE)

    def _left(self, link: GroupLink, group: WebexGroup) -> Iterator[Action]:
        """Take this profile's people out of a group that left the source; the group stays."""
        gone = Group(link.source_id, {"displayName": group.display_name})
        one = _Desired(gone, group, Wanted({"displayName": group.display_name}), linked=True)
        current = self.seen.webex.members.get(group.id)
        members = self.seen.people.to_remove(frozenset(), current or frozenset())
        if current is None:
            yield self._own(one, ActionKind.SKIPPED, (_LEFT, _MEMBERS_NOT_READ))
        elif members and not self.seen.actions.update:
            yield self._own(one, ActionKind.SKIPPED, (_LEFT, _UPDATE_OFF))
        elif members:
            yield from self._removed(one, members, _LEFT)

    def _added(self, one: _Desired, current: frozenset[str]) -> Iterator[Action]:
        members = self.seen.people.to_add(_listed(one.wanted), current)
        for some in batched(members, AT_ONCE):
            changes = member_change(added=some)
            yield self._own(one, ActionKind.UPDATE, (_added_reason(len(some)),), changes)

    def _removed(self, one: _Desired, members: Sequence[Member], why: Reason) -> Iterator[Action]:
        if members and self.seen.bar:
            yield self._own(one, ActionKind.SKIPPED, (why, self.seen.bar))
            return
        for some in batched(members, AT_ONCE):
            changes = member_change(removed=some)
            yield self._own(one, ActionKind.UPDATE, (why,), changes)

    def _own(
        self,
        one: _Desired,
        kind: ActionKind,
        reasons: tuple[Reason, ...],
        changes: tuple[Change, ...] = (),
    ) -> Action:
        matched = one.matched
        before: dict[str, Json] = {}
        if matched:
            before = {"displayName": matched.display_name}
            before |= {one.attribute: one.before for one in changes if one.attribute != MEMBERS}
        return Action(
            kind,
            one.group.source_id,
            one.name or (matched.display_name if matched else one.group.label),
            one.group.label,
            matched.id if matched else "",
            changes=changes,
            reasons=reasons,
            before=before,
            linked=one.linked,
            sign_in=msgspec.UNSET,
        )


def _listed(wanted: Wanted) -> list[str]:
    members = wanted.values.get(MEMBERS)
    return [str(one).lower() for one in members] if isinstance(members, list) else []


def _compared(wanted: Wanted, resource: Mapping[str, Json]) -> tuple[Change, ...]:
    """Return the attributes of a group that differ, members left out."""
    return tuple(
        Change(name, resource.get(name), value)
        for name, value in wanted.values.items()
        if name != MEMBERS and describe_group_target(name) and resource.get(name) != value
    )


def _ambiguous(number: int) -> Reason:
    return Reason("ambiguous", f"{number} groups in Webex have this name: which one is meant?")


def _name_taken(name: str) -> Reason:
    return Reason("name-taken", f"Another group in Webex is called “{name}” already.")


def _name_goes_round(name: str) -> Reason:
    text = (
        f"“{name}” is the name of another group in Webex, and names are to go round among these"
        " groups: none can be given first. Give one of them some other name in Webex, and the next"
        " run does the rest."
    )
    return Reason("name-taken", text)


def _added_reason(number: int) -> Reason:
    who = "1 person is" if number == 1 else f"{number:,} people are"
    return Reason("in-source-group", f"{who} in the group in the source and not in Webex yet.")


_NEW = Reason("not-in-webex", "Not in Webex yet.")
_LINKED = Reason("linked", "This setup manages this group.")
_MATCHED = Reason("matched", "Found in Webex by its name.")
_TWICE = Reason("twice", "Two groups of the source would be the same group in Webex.")
_OTHER_PROFILE = Reason("other-profile", "Another setup on this computer manages this group.")
_NOT_READ = Reason(
    "groups-not-listed", "Webex did not list all groups, so that this one may be there. Try later."
)
_MEMBERS_NOT_READ = Reason(
    "members-not-read", "Its members in Webex could not be read, so that they stay as they are."
)
_CREATE_OFF = Reason("create-off", "Not in Webex, and this setup creates nothing.")
_UPDATE_OFF = Reason("update-off", "Stays as it is: this setup updates nothing.")
_NOT_IN_SOURCE = Reason(
    "not-in-source-group", "People of this setup who are no longer in the group in the source."
)
_LEFT = Reason(
    "group-left",
    "No longer among the groups of this setup: its people leave it, the group itself stays.",
)
