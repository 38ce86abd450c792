"""What must hold of any run about groups: its people join and leave as the source says.

Nobody else is added or taken out, no group is deleted, and nothing follows from what was not read.
"""

from collections.abc import Mapping

from sparkwizard.provisioning.groups.types import GroupLink, members_in
from sparkwizard.provisioning.types import Action
from tests.runs.agreement.both_sides import BothSides
from tests.runs.agreement.groups.happenings import Team
from tests.runs.agreement.groups.sides import Groups, InWebex
from tests.runs.agreement.records import Ran

__all__ = ["hold_groups_restored", "hold_groups_right"]


def hold_groups_right(both: BothSides, ran: Ran) -> None:
    """Hold all of it, after ``hold_right``: that remembers who is off by whom."""
    if ran.kept.groups.run:
        _TakenBack(both, ran, *ran.kept.groups.run).hold()
    else:
        _Right(both, ran).hold()


class _Runs:
    def __init__(self, both: BothSides, ran: Ran) -> None:
        self.both, self.ran, self.kept = both, ran, ran.kept
        self.known = ran.kept.groups
        self.before, self.after = ran.groups_before, ran.groups_after

    def hold(self) -> None:
        for webex_id, group in self.before.items():
            assert webex_id in self.after, ("a group was deleted", group)
            now = self.after[webex_id]
            if now != group:
                self._changed(group, now)
        for one in self.after.keys() - self.before.keys():
            self._made(self.after[one])

    def _changed(self, group: InWebex, now: InWebex) -> None:
        raise NotImplementedError

    def _made(self, group: InWebex) -> None:
        raise NotImplementedError

    def _gone(self, group: InWebex, now: InWebex) -> frozenset[str]:
        """Return who was taken out of a group; a user who was deleted is in none."""
        return (group.members - now.members) & self.ran.after.keys()


class _Right(_Runs):
    def __init__(self, both: BothSides, ran: Ran) -> None:
        super().__init__(both, ran)
        linked = {link.webex_id: source_id for source_id, link in self.known.links.items()}
        self.linked = {one: linked[one] for one in linked if one in self.known.groups}
        self.people = {p.object_id: number for number, p in ran.kept.people.items()}
        links = {**ran.kept.links, **both.company.links}
        self.whose = {link.webex_id: link.source_id for link in links.values()}
        self.removed = 0

    def hold(self) -> None:
        super().hold()
        self._within_the_limit()
        self._as_told()

    def _team_of(self, webex_id: str) -> Team | None:
        """Return the team whose group this is: the one linked to it, else the one of its name."""
        if self.linked.get(webex_id) in self.known.teams:
            return self.known.teams[self.linked[webex_id]]
        name = self.known.groups[webex_id].name.casefold()
        teams = [one for one in self.known.teams.values() if one.name.casefold() == name]
        free = [one for one in teams if one.object_id not in self.linked.values()]
        assert len(free) < 2, ("two teams have a claim to it", teams)
        return free[0] if free else None

    def _changed(self, group: InWebex, now: InWebex) -> None:
        if self.ran.again and group.id not in self.known.groups:  # by the try before
            assert not self._gone(group, now)
            self._joined(now.members - group.members, self._wanted_as(group.name))
            return
        assert group.id in self.known.groups, ("made by somebody since the preview", group, now)
        team = self._team_of(group.id)
        assert team or group.id in self.linked, ("nobody planned this", group, now)
        ours = group.id in self.linked or group.id not in self.known.elsewhere
        assert ours, ("another setup's group", group, now)
        if (group.name, group.external_id) != (now.name, now.external_id):
            self._named(group, now, team)
        self._joined(now.members - group.members, team)
        self._left(self._gone(group, now), team)

    def _wanted_as(self, name: str) -> Team | None:
        return next((one for one in self.known.teams.values() if one.name == name), None)

    def _named(self, group: InWebex, now: InWebex, team: Team | None) -> None:
        assert team, ("its group left the source, and it was renamed", group, now)
        assert (now.name, now.external_id) == (team.name, team.object_id)
        then = self.known.groups[group.id]
        assert group.name in (then.name, team.name), ("renamed by others since, and back", group)

    def _joined(self, users: frozenset[str], team: Team | None) -> None:
        for one in users:
            source_id = self.whose.get(one, "")
            number = self.people.get(source_id)
            assert team, ("joined a group that left the source", one)
            assert number in team.members, ("added, and not in the group of the source", one, team)
            off = self.both.off.get(one)
            # whom another run turned off since is added all the same, as previewed: without access
            since = self.ran.superseded and off and off.since > self.kept.made_at
            assert since or not (off and off.who == "us"), ("turned off, and added", one, team)

    def _left(self, users: frozenset[str], team: Team | None) -> None:
        self.removed += len(users)
        for one in users:
            assert not self.known.incomplete, ("taken out after an incomplete read", one, team)
            assert self.kept.plan.source_complete, ("taken out after an incomplete read", one)
            assert not self.ran.superseded, ("another run was in between", one, team)
            assert one in self.whose, ("others' member taken out", one, team)
            assert one not in self.ran.elsewhere, ("another setup's member taken out", one, team)
            number = self.people.get(self.whose[one])
            assert not team or number not in team.members, ("taken out, and in the source", one)

    def _made(self, group: InWebex) -> None:
        names = {
            one.name.casefold() for one in (*self.known.groups.values(), *self.before.values())
        }
        assert group.name.casefold() not in names, ("a second group of the name", group)
        assert not self.known.unlisted, ("made, but it may have been there", group)
        teams = [one for one in self.known.teams.values() if one.name == group.name]
        assert len(teams) == 1, ("made for nobody", group, teams)
        assert group.external_id == teams[0].object_id
        assert teams[0].object_id not in self.linked.values(), ("it has a group", group)
        self._joined(group.members, teams[0])

    def _within_the_limit(self) -> None:
        limit = self.both.company.profile.safeguards.max_removals
        managed = sum(len(one.members & self.whose.keys()) for one in self.known.groups.values())
        assert self.removed <= limit.allowed(managed), ("over the limit", self.removed, limit)

    def _as_told(self) -> None:
        """What a run says it did to groups is done."""
        result = self.ran.result
        if self.ran.again or result is None or result.groups is None:
            return
        drifted = [one for one in result.groups.outcomes if one.code == "drift"]
        if not (self.ran.edited or self.ran.overtaken):
            assert not drifted, ("nobody else changed it", drifted)
        left = {outcome.action.source_id for outcome in result.groups.outcomes}
        links = self.both.groups.links
        for action in self.kept.plan.groups_to_write:
            if action.source_id not in left:
                self._is_done(action, self.after[links[action.source_id].webex_id])

    def _is_done(self, action: Action, group: InWebex) -> None:
        added, removed = members_in(action)
        users = self.both.company.links
        assert {users[one.source_id].webex_id for one in added} <= group.members, (action, group)
        kept = {one.webex_id for one in removed} & group.members
        assert kept <= self.ran.elsewhere, ("told to be taken out", action, group)
        held = {"displayName": group.name, "externalId": group.external_id}
        own = {one.attribute: one.after for one in action.changes if one.attribute != "members"}
        assert own.items() <= held.items(), ("told to be written", action, group)


class _TakenBack(_Runs):
    """Of an undo: only what still held the run's value was put back."""

    def __init__(self, both: BothSides, ran: Ran, before: Groups, after: Groups) -> None:
        super().__init__(both, ran)
        self.was, self.did = before, after

    def _changed(self, group: InWebex, now: InWebex) -> None:
        assert group.id in self.did, ("not of the run", group)
        did = self.did[group.id]
        was = self.was.get(group.id) or InWebex(group.id, did.name, did.external_id, frozenset())
        if now.name != group.name:
            assert (group.name, now.name) == (did.name, was.name), ("named otherwise", group, now)
        if now.external_id != group.external_id:
            assert now.external_id == was.external_id, ("another id than before", group, now)
        assert now.members - group.members <= was.members - did.members, ("not of the run", now)
        assert self._gone(group, now) <= did.members - was.members, ("not of the run", group, now)

    def _made(self, group: InWebex) -> None:
        raise AssertionError(("an undo makes no group", group))


def hold_groups_restored(both: BothSides, ran: Ran) -> None:
    """Hold that a run was taken back whole: but for groups that it made, which have nobody in."""
    links = both.groups.links
    for webex_id, group in both.groups.groups.items():
        was = ran.groups_before.get(webex_id)
        if was is None:
            assert not group.members, ("made, undone, and people in it", group)
        else:
            assert group == was, ("not restored", was, group)
            before = _managed(ran.kept.groups.links)
            assert (webex_id in _managed(links)) == (webex_id in before), ("managed?", group)


def _managed(links: Mapping[str, GroupLink]) -> frozenset[str]:
    return frozenset(link.webex_id for link in links.values())
