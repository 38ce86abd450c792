"""Find out who is assigned: to the application in Entra, or by the groups that a setup names.

As Entra counts: direct members of security-enabled groups. What it would miss (groups inside
groups) is told by name. Source: Entra, "How application provisioning works", assignments;
"Known issues", nested groups.
"""

import re
from collections.abc import AsyncGenerator, Collection, Iterable
from contextlib import aclosing
from typing import Any

import msgspec

from sparkwizard.directory.entra_users.everyone import EVENTUAL, PAGE
from sparkwizard.directory.entra_users.reading import Reading, names_text
from sparkwizard.entra.graph import Graph
from sparkwizard.entra.query import Params, quoted
from sparkwizard.entra.types import BatchRequest, Page
from sparkwizard.errors import NotFound
from sparkwizard.provisioning.types import Group

__all__ = [
    "Assigned",
    "AssignedGroup",
    "every_group",
    "find_assigned",
    "note_nested",
    "read_members",
]

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_GROUP = "id,displayName,description,mail,mailNickname,securityEnabled,visibility"
_ATTRIBUTES = ("displayName", "description", "mail", "mailNickname")
# who is inside groups inside groups is told, not provisioned: a look at the first is enough
_MOST_INNER = 2_000


class AssignedGroup(msgspec.Struct):
    """Hold one assigned group, the source ids of its direct members, and the groups inside it."""

    id: str
    name: str
    raw: dict[str, Any]
    members: set[str] = msgspec.field(default_factory=set)

    def group(self) -> Group:
        """Return it as group provisioning knows groups."""
        named = {name: self.raw[name] for name in _ATTRIBUTES if self.raw.get(name)}
        attributes = {"objectId": self.raw["id"], **named}
        return Group(self.id, attributes, frozenset(self.members))


class Assigned(msgspec.Struct):
    """Hold who is assigned: the groups, and the source ids of people assigned by themselves."""

    groups: list[AssignedGroup] = msgspec.field(default_factory=list)
    people: set[str] = msgspec.field(default_factory=set)

    @property
    def everybody(self) -> set[str]:
        """Return the source ids of all people who are assigned."""
        return self.people.union(*(group.members for group in self.groups))


async def find_assigned(
    graph: Graph, reading: Reading, names: Collection[str], application: str
) -> Assigned:
    """Find the assigned groups and people; ``application`` is a service principal's id or "".

    ``names`` are ids or display names of groups. What can't be found makes the reading incomplete.
    """
    found = Assigned()
    ids = [name.lower() for name in names if _GUID.fullmatch(name)]
    if application:
        ids += await _assigned_to(graph, reading, application, found)
    for raw in await _groups_by_id(graph, reading, dict.fromkeys(ids)):
        _admit(raw, found, reading)
    for name in names:
        if not _GUID.fullmatch(name):
            _admit(await _group_by_name(graph, reading, name), found, reading)
    return found


async def every_group(graph: Graph, reading: Reading | None = None) -> list[AssignedGroup]:
    """Return every security-enabled group of the tenant: what "sync all" means for groups.

    One that Entra counts and does not list makes a ``reading`` incomplete.
    """
    params: Params = {"$filter": "securityEnabled eq true", "$select": _GROUP, "$top": PAGE}
    told: int | None = None
    found: list[AssignedGroup] = []
    pages = graph.pages("/groups", {**params, "$count": "true"}, headers=EVENTUAL)
    async with aclosing(pages):
        async for page in pages:
            told = page.count if told is None else told
            found += [_of(raw) for raw in page.values if _id(raw)]
    if reading is not None:
        reading.counted(told, len(found), "groups")
    return found


# -- groups ----------------------------------------------------------------------------------------


async def _assigned_to(
    graph: Graph, reading: Reading, application: str, found: Assigned
) -> list[str]:
    """Note the people assigned to an application by themselves; return the groups' ids."""
    groups: list[str] = []
    params: Params = {"$select": "principalId,principalType", "$top": PAGE}
    path = f"/servicePrincipals/{application}/appRoleAssignedTo"
    try:
        for one in await graph.values(path, params):
            principal = str(one.get("principalId") or "").lower()
            if one.get("principalType") == "Group":
                groups.append(principal)
            elif one.get("principalType") == "User":
                found.people.add(principal)
    except NotFound:
        reading.note(
            "application-gone",
            "The application in Entra that this setup names is not there any more.",
            missing=True,
        )
    return groups


async def _groups_by_id(graph: Graph, reading: Reading, ids: Iterable[str]) -> list[dict[str, Any]]:
    wanted = list(ids)
    requests = [BatchRequest("GET", f"/groups/{one}", {"$select": _GROUP}) for one in wanted]
    found = []
    for one, reply in zip(wanted, await graph.batch(requests), strict=True):
        if isinstance(reply.error, NotFound):
            reading.note("group-gone", f"There is no group with the id {one}.", missing=True)
        else:
            found.append(reply.object())
    return found


async def _group_by_name(graph: Graph, reading: Reading, name: str) -> dict[str, Any]:
    params: Params = {"$filter": f"displayName eq {quoted(name)}", "$select": _GROUP}
    found = await graph.values("/groups", params)
    if len(found) == 1 and isinstance(found[0], dict):
        return found[0]
    if not found:
        reading.note("group-gone", f"There is no group called “{name}”.", missing=True)
    else:
        text = f"There are {len(found)} groups called “{name}”: name the one you mean by its id."
        reading.note("group-twice", text, missing=True)
    return {}


def _admit(raw: dict[str, Any], found: Assigned, reading: Reading) -> None:
    """Take a group among the assigned ones if Entra would provision its members."""
    if not _id(raw) or any(group.id == _id(raw) for group in found.groups):
        return
    group = _of(raw)
    if raw.get("securityEnabled") is False:
        reading.note(
            "group-not-security",
            f"“{group.name}” is no security group: Entra does not provision its members.",
            missing=True,
        )
        return
    if raw.get("visibility") == "HiddenMembership":
        reading.note(
            "group-hidden",
            f"The members of “{group.name}” are hidden, so some may not be told.",
            missing=True,
        )
    found.groups.append(group)


def _of(raw: dict[str, Any]) -> AssignedGroup:
    return AssignedGroup(_id(raw), str(raw.get("displayName") or raw["id"]), raw)


def _id(raw: object) -> str:
    return str(raw.get("id") or "").lower() if isinstance(raw, dict) else ""


# -- members ---------------------------------------------------------------------------------------


async def read_members(
    graph: Graph, reading: Reading, group: AssignedGroup, select: str
) -> AsyncGenerator[Page]:
    """Yield the pages of a group's direct members who are people, each with what is selected."""
    path = f"/groups/{group.id}/members/microsoft.graph.user"
    params: Params = {"$select": select, "$top": PAGE, "$count": "true"}
    told: int | None = None
    async with aclosing(graph.pages(path, params, headers=EVENTUAL)) as pages:
        async for page in pages:
            told = page.count if told is None else told
            group.members.update(filter(None, map(_id, page.values)))
            yield page
    reading.counted(told, len(group.members), f"members of “{group.name}”")


async def note_nested(graph: Graph, reading: Reading, assigned: Assigned) -> None:
    """Note by name whom Entra will miss: people in groups inside the assigned groups."""
    everybody = assigned.everybody
    for group in assigned.groups:
        inner = await graph.values(
            f"/groups/{group.id}/members/microsoft.graph.group",
            {"$select": "id,displayName", "$top": PAGE, "$count": "true"},
            headers=EVENTUAL,
        )
        if not inner:
            continue
        names = names_text(str(one.get("displayName") or _id(one)) for one in inner)
        missed = await _missed(graph, group, everybody)
        reading.note("nested-groups", _nested_text(group.name, names, len(inner), missed))


async def _missed(graph: Graph, group: AssignedGroup, everybody: set[str]) -> list[str]:
    path = f"/groups/{group.id}/transitiveMembers/microsoft.graph.user"
    params: Params = {"$select": "id,displayName", "$top": PAGE, "$count": "true"}
    missed: dict[str, str] = {}
    read = 0
    async with aclosing(graph.pages(path, params, headers=EVENTUAL)) as pages:
        async for page in pages:
            read += len(page.values)
            for one in page.values:
                if _id(one) and _id(one) not in everybody:
                    missed[_id(one)] = str(one.get("displayName") or _id(one))
            if read - len(group.members) >= _MOST_INNER:
                break
    return list(missed.values())


def _nested_text(group: str, names: str, number: int, missed: list[str]) -> str:
    are = "are groups" if number > 1 else "is a group"
    said = f"Inside “{group}” {are}: {names}. Entra provisions direct members only"
    if not missed:
        return f"{said}; everybody in there is assigned in another way."
    return f"{said}, so these are left out: {names_text(missed)}. Assign the inner groups too."
