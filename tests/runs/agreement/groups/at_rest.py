"""What must hold of groups once an initial cycle ran without trouble: both sides agree."""

from tests.runs.agreement.both_sides import BothSides
from tests.runs.agreement.groups.happenings import Team
from tests.runs.agreement.groups.sides import InWebex

__all__ = ["GroupsAtRest"]


class GroupsAtRest:
    """Compare the groups of both sides as they are now."""

    def __init__(self, both: BothSides) -> None:
        self.both, self.users = both, both.users
        self.known = both.groups.known()
        self.elsewhere = both.linked_elsewhere
        links = both.company.links.values()
        self.whose = {one.webex_id: one.source_id for one in links if one.webex_id in self.users}
        self.user_of = {source_id: webex_id for webex_id, source_id in self.whose.items()}

    def hold(self) -> None:
        for team in self.known.teams.values():
            self._agrees(team)
        names = {team.name.casefold() for team in self.known.teams.values()}
        for source_id, link in self.known.links.items():
            group = self.known.groups.get(link.webex_id)
            if group and source_id not in self.known.teams and group.name.casefold() not in names:
                assert not self._ours(group), ("left the source, and people in it", group)

    def _agrees(self, team: Team) -> None:
        link = self.known.links.get(team.object_id)
        group = self.known.groups.get(link.webex_id) if link else None
        if self._disputed(team, group):
            return
        assert group, ("not there", team)
        assert (group.name, group.external_id) == (team.name, team.object_id)
        here = {self._user(number) for number in team.members} - {""}
        strange = {one for one in self._ours(group) if one not in here}
        assert not strange, ("in it, and not in the source's", team, group, strange)
        out = {one for one in here if self.users[one]["active"]} - group.members
        assert not out, ("in the source's, and not in it", team, group, out)

    def _ours(self, group: InWebex) -> frozenset[str]:
        """Return the members who are people of this setup alone."""
        return (group.members & self.whose.keys()) - self.elsewhere

    def _user(self, number: int) -> str:
        """Return the Webex user of somebody whom the setup is about, or an empty text."""
        person = self.both.people.get(number)
        return self.user_of.get(person.object_id, "") if person else ""

    def _disputed(self, team: Team, group: InWebex | None) -> bool:
        """Return whether somebody has to look at it: two would be one group, or others have it."""
        name = team.name.casefold()
        teams = [one for one in self.known.teams.values() if one.name.casefold() == name]
        groups = [one for one in self.known.groups.values() if one.name.casefold() == name]
        others = [one for one in groups if group is None or one.id != group.id]
        theirs = any(one.id in self.known.elsewhere for one in groups) and group is None
        linked = {link.webex_id: source for source, link in self.known.links.items()}
        foreign = [one for one in others if linked.get(one.id, team.object_id) != team.object_id]
        return len(teams) > 1 or (group is not None and bool(others)) or theirs or bool(foreign)
