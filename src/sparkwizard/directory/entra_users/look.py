"""Look whether people could be read, without reading them."""

from collections.abc import Collection
from urllib.parse import quote

import msgspec

from sparkwizard.directory.entra_users.attributes import Selection
from sparkwizard.directory.entra_users.everyone import count_users
from sparkwizard.directory.entra_users.full_read import assigned_of, read_member_ids
from sparkwizard.directory.entra_users.reading import Reading, names_text
from sparkwizard.directory.entra_users.wanted import Wanted
from sparkwizard.entra.graph import Graph
from sparkwizard.errors import NotFound, RemoteError
from sparkwizard.provisioning.types import Reason

__all__ = ["Look", "look", "whose_name"]


class Look(msgspec.Struct, frozen=True):
    """Hold what there is to read, in a sentence; ``complete`` as a reading would be."""

    summary: str
    complete: bool = True
    findings: tuple[Reason, ...] = ()


async def look(graph: Graph, wanted: Wanted) -> Look:
    """Ask how many people there are, or who is assigned. Raises what ``Graph`` raises."""
    selection = Selection.of(wanted.attributes or ())
    # one person shows that every attribute may be read; a count alone shows less
    await graph.get("/users", {**selection.params, "$top": 1})
    reading = Reading(selection)
    assigned = await assigned_of(graph, wanted, reading)
    if assigned is None:
        return Look(_everybody(await count_users(graph)))
    for group in assigned.groups:
        await read_member_ids(graph, reading, group)
    summary = _assigned(len(assigned.everybody), [group.name for group in assigned.groups])
    return Look(summary, reading.complete, tuple(reading.findings))


async def whose_name(graph: Graph, asked: str) -> str:
    """Return what a user of the tenant is called, by id or userPrincipalName; "" for nobody."""
    if not asked.strip() or "/" in asked:
        return ""
    path = f"/users/{quote(asked.strip(), safe='@')}"
    try:
        user = await graph.get(path, {"$select": "id,displayName,userPrincipalName"})
    except NotFound:
        return ""
    except RemoteError as error:
        if error.status == 400:  # no name that Graph could know
            return ""
        raise
    return str(user.get("displayName") or user.get("userPrincipalName") or user.get("id") or "")


def _everybody(number: int | None) -> str:
    if number is None:
        return "People can be read."
    return f"{number:,} {'person' if number == 1 else 'people'} can be read."


def _assigned(number: int, groups: Collection[str]) -> str:
    by = f", by {names_text(groups)}" if groups else ""
    return f"{number:,} {'person is' if number == 1 else 'people are'} assigned{by}."
