"""Read everything a setup needs: everybody or whoever is assigned, and their groups."""

from collections.abc import Mapping
from contextlib import aclosing

from sparkwizard.directory.entra_users.assignments import (
    Assigned,
    AssignedGroup,
    every_group,
    find_assigned,
    note_nested,
    read_members,
)
from sparkwizard.directory.entra_users.everyone import (
    PAGE,
    OnPeople,
    count_users,
    people_by_id,
    read_everyone,
)
from sparkwizard.directory.entra_users.reading import Reading
from sparkwizard.directory.entra_users.wanted import Wanted
from sparkwizard.entra.batch import BATCH_SIZE
from sparkwizard.entra.graph import Graph
from sparkwizard.errors import Cancelled, SparkWizardError
from sparkwizard.provisioning.types import Person
from sparkwizard.values import replace

__all__ = ["assigned_of", "read_all", "read_groups", "read_member_ids"]

_MANAGER = {"$select": "id", "$expand": "manager($select=id)"}


async def read_all(
    graph: Graph, wanted: Wanted, reading: Reading, tell: OnPeople
) -> Assigned | None:
    """Read everything into ``reading``; return who is assigned where that counts.

    Raises what ``Graph`` raises where nobody could be read; later faults make it incomplete.
    """
    assigned = await assigned_of(graph, wanted, reading)
    if assigned is None:
        await read_everyone(graph, reading, tell)
    else:
        try:
            await _read_assigned(graph, reading, assigned, tell)
        except Cancelled:
            raise
        except SparkWizardError as error:
            if not reading.people:
                raise
            reading.stopped(error)
    await read_groups(graph, wanted, reading, assigned)
    return assigned


async def assigned_of(graph: Graph, wanted: Wanted, reading: Reading) -> Assigned | None:
    """Return who is assigned, members left out; None where everybody counts."""
    if not wanted.assigned:
        return None
    if not wanted.groups and not wanted.application:
        reading.note(
            "nobody-assigned",
            "Only assigned people are to be read, but the setup names neither a group nor an "
            "application in Entra.",
            missing=True,
        )
    return await find_assigned(graph, reading, wanted.groups, wanted.application)


async def read_member_ids(graph: Graph, reading: Reading, group: AssignedGroup) -> None:
    """Read who is in a group, ids alone."""
    async with aclosing(read_members(graph, reading, group, "id")) as pages:
        async for _ in pages:
            pass


async def read_groups(
    graph: Graph, wanted: Wanted, reading: Reading, assigned: Assigned | None
) -> None:
    """Read the groups to provision: the assigned ones, else the named ones, else all."""
    if not wanted.provision_groups:
        return
    try:
        groups = assigned.groups if assigned else await _groups_of_all(graph, wanted, reading)
        reading.groups = tuple(group.group() for group in groups)
    except Cancelled:
        raise
    except SparkWizardError as error:
        text = f"The groups could not be read. {error.message} {error.fix}"
        reading.note("groups-not-read", text, missing=True)


async def _groups_of_all(graph: Graph, wanted: Wanted, reading: Reading) -> list[AssignedGroup]:
    if wanted.groups:
        groups = (await find_assigned(graph, reading, wanted.groups, "")).groups
    else:
        groups = await every_group(graph, reading)
    for group in groups:
        await read_member_ids(graph, reading, group)
    return groups


async def _read_assigned(
    graph: Graph, reading: Reading, assigned: Assigned, tell: OnPeople
) -> None:
    """Read members group by group, then whoever is assigned by themselves."""
    selection = reading.selection
    for group in assigned.groups:
        async with aclosing(read_members(graph, reading, group, selection.select)) as pages:
            async for page in pages:
                reading.take(page.values)
                tell(len(reading.people), None)
    if selection.managers:
        await _add_managers(graph, reading.people)
    alone = sorted(assigned.people - reading.people.keys())
    found, gone = await people_by_id(graph, selection.params, alone)
    reading.take(found)
    assigned.people.difference_update(gone)  # deleted; their assignments are yet to follow
    await note_nested(graph, reading, assigned)
    tell(len(reading.people), len(reading.people))


async def _add_managers(graph: Graph, people: dict[str, Person]) -> None:
    """Add the managers, which Graph does not tell of members: by whichever way asks less."""
    total = await count_users(graph)
    few = total is None or len(people) / BATCH_SIZE < total / PAGE
    if few:
        found, _ = await people_by_id(graph, _MANAGER, sorted(people))
        _set_managers(people, found)
        return
    async with aclosing(graph.pages("/users", {**_MANAGER, "$top": PAGE})) as pages:
        async for page in pages:
            _set_managers(people, page.values)


def _set_managers(people: dict[str, Person], users: list[Mapping[str, object]]) -> None:
    for user in users:
        person = people.get(str(user.get("id")).lower())
        manager = user.get("manager")
        if person is not None and isinstance(manager, dict) and manager.get("id"):
            attributes = {**person.attributes, "manager": str(manager["id"]).lower()}
            people[person.source_id] = replace(person, attributes=attributes)
