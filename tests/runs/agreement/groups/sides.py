"""Groups of a directory and groups of a Webex that others edit too."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from sparkwizard.provisioning.groups.types import GroupLink
from sparkwizard.values import replace
from tests.runs.agreement.groups.happenings import (
    Assigned,
    GroupChange,
    GroupDeleted,
    GroupMade,
    GroupOfAnother,
    GroupRenamed,
    MemberAdded,
    MemberRemoved,
    Team,
    TeamComes,
    TeamLeaves,
)
from tests.runs.agreement.sources import Side
from tests.runs.tenant import PATCH, Company

__all__ = ["GroupSides", "Groups", "InWebex", "KnownGroups"]

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


@dataclass(frozen=True, slots=True)
class InWebex:
    """A group as Webex has it; ``members`` are ids of users."""

    id: str
    name: str
    external_id: str
    members: frozenset[str]


type Groups = dict[str, InWebex]
"""Webex's groups by their ids."""


class KnownGroups(msgspec.Struct, frozen=True):
    """What a plan of groups rests on."""

    teams: dict[str, Team]
    """The source's by their ids, those that the setup is about."""
    groups: Groups
    links: dict[str, GroupLink]
    elsewhere: frozenset[str]
    """The groups that another setup manages."""
    incomplete: bool
    """Whether somebody or some group of either side was not read."""
    unlisted: bool
    """Whether a group of Webex was not read."""
    run: tuple[Groups, Groups] | None = None
    """The groups before and after the run that a plan takes back."""


@dataclass(slots=True)
class GroupSides:
    """Let groups change on both sides. ``find`` finds users as ``BothSides`` does."""

    company: Company
    side: Side
    find: Callable[[str | int], str | None]
    edited: Callable[[], None]
    teams: dict[int, Team] = field(default_factory=dict)

    @property
    def setup(self) -> tuple[str, str]:
        profile = self.company.profile
        return profile.id, profile.webex.organization_id

    @property
    def links(self) -> dict[str, GroupLink]:
        return self.company.services.journal.group_links(self.setup)

    @property
    def groups(self) -> Groups:
        found = (record.decode() for record in self.company.server.world.groups)
        return {one["id"]: _in_webex(one) for one in found}

    def known(self, *, incomplete: bool = False, unlisted: bool = False) -> KnownGroups:
        """Return what is to be known of groups when a plan is made."""
        teams = self.side.provisioned(self.teams)
        elsewhere = self.company.services.journal.groups_linked_elsewhere(self.setup)
        return KnownGroups(
            {team.object_id: team for team in teams.values()},
            self.groups,
            self.links,
            elsewhere,
            incomplete or unlisted,
            unlisted,
        )

    # -- what happens -----------------------------------------------------------------------------

    async def happens(self, change: GroupChange) -> None:
        match change:
            case TeamComes(team):
                self.teams[team.number] = team
            case TeamLeaves(number):
                self.teams.pop(number, None)
            case Assigned(numbers):
                self.side.assigns(numbers)
            case GroupMade(name, who):
                await self._made(name, {self.find(one) for one in who} - {None})
            case GroupOfAnother(which):
                self._taken_by_another(self._pick(which))
            case GroupDeleted(which):
                await self._send("DELETE", self._pick(which))
            case GroupRenamed(which, name):
                await self._patch(which, {"op": "replace", "path": "displayName", "value": name})
            case MemberAdded(which, who):
                if user := self.find(who):
                    add = {"op": "add", "path": "members", "value": [{"value": user}]}
                    await self._patch(which, add)
            case MemberRemoved(which, who):
                if user := self.find(who):
                    path = f'members[value eq "{user}"]'
                    await self._patch(which, {"op": "remove", "path": path})

    def _pick(self, which: str | int) -> InWebex | None:
        """Return a group by its name, or some group."""
        groups = list(self.groups.values())
        if isinstance(which, str):
            return next((one for one in groups if one.name.casefold() == which.casefold()), None)
        return groups[which % len(groups)] if groups else None

    async def _made(self, name: str, members: set[str | None]) -> None:
        body: dict[str, Any] = {"schemas": [GROUP], "displayName": name}
        if members:
            body["members"] = [{"value": one} for one in sorted(map(str, members))]
        self.edited()
        if not self._pick(name):
            await self.company._as_somebody_else("POST", "/Groups", body)

    async def _patch(self, which: str | int, operation: dict[str, Any]) -> None:
        taken = operation["path"] == "displayName" and self._pick(operation["value"])
        if not taken:
            body = {"schemas": [PATCH], "Operations": [operation]}
            await self._send("PATCH", self._pick(which), body)

    async def _send(self, method: str, group: InWebex | None, body: object = None) -> None:
        self.edited()
        if group:
            await self.company._as_somebody_else(method, f"/Groups/{group.id}", body)

    def _taken_by_another(self, group: InWebex | None) -> None:
        if group and group.id not in {link.webex_id for link in self.links.values()}:
            other = ("another-setup", self.setup[1])
            link = GroupLink(f"theirs-{group.id}", group.id, group.name)
            self.company.services.journal.link_groups(other, [link])

    def settle(self) -> None:
        """Let the setup name no group that is gone."""
        self.side.assigns(tuple(self.teams))

    def undoing(self, before: Groups, after: Groups) -> KnownGroups:
        """Return what is to be known when a plan is made that takes a run back."""
        return replace(self.known(), run=(before, after))


def _in_webex(one: dict[str, Any]) -> InWebex:
    members = frozenset(member["value"] for member in one.get("members", ()))
    return InWebex(one["id"], one["displayName"], one.get("externalId") or "", members)
