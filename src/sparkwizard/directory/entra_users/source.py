"""Read people, and groups, from Microsoft Entra ID: all of them, or what changed."""

from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager

from sparkwizard.directory.entra_users import changes
from sparkwizard.directory.entra_users.assignments import Assigned
from sparkwizard.directory.entra_users.attributes import USUAL, Selection
from sparkwizard.directory.entra_users.changes import Watermark
from sparkwizard.directory.entra_users.everyone import OnPeople, people_by_id
from sparkwizard.directory.entra_users.full_read import (
    assigned_of,
    read_all,
    read_groups,
    read_member_ids,
)
from sparkwizard.directory.entra_users.reading import Reading
from sparkwizard.directory.entra_users.wanted import Wanted
from sparkwizard.directory.types import Changes, OnReadProgress, ReadProgress
from sparkwizard.entra.graph import Graph
from sparkwizard.entra.types import Purpose
from sparkwizard.provisioning.types import Population

__all__ = ["EntraSource", "OpenGraph"]

type OpenGraph = Callable[[Collection[Purpose]], AbstractAsyncContextManager[Graph]]


class EntraSource:
    """Read from the tenant that ``open_graph`` is signed in to; ``tenant`` names it."""

    def __init__(self, open_graph: OpenGraph, wanted: Wanted, tenant: str = "") -> None:
        self.tenant = tenant
        self._open_graph = open_graph
        self._wanted = wanted
        chosen = wanted.attributes
        self._selection = Selection.of(USUAL if chosen is None else chosen)

    @property
    def label(self) -> str:
        """Return what to call this source on screen."""
        return f"Microsoft Entra ID ({self.tenant})" if self.tenant else "Microsoft Entra ID"

    async def read(self, on_progress: OnReadProgress | None = None) -> Population:
        """Read everybody. Raises what Graph raises where nobody could be read at all."""
        reading = Reading(self._selection)
        async with self._open_graph(self._wanted.purposes) as graph:
            await read_all(graph, self._wanted, reading, _telling(on_progress))
        return reading.population()

    async def read_changes(
        self,
        since: bytes,
        also: Collection[str] = (),
        on_progress: OnReadProgress | None = None,
    ) -> Changes:
        """Read who changed since a watermark, and ``also`` these; everybody where that is lost."""
        tell = _telling(on_progress)
        async with self._open_graph(self._wanted.purposes) as graph:
            before = Watermark.read(since, self._place(graph))
            found = await self._changed(graph, before, also, tell) if before else None
            return found or await self._everybody(graph, tell)

    async def _everybody(self, graph: Graph, tell: OnPeople) -> Changes:
        # asked first: what changes while everybody is read comes again with the next delta
        link = await changes.first_link(graph, self._selection)
        reading = Reading(self._selection)
        assigned = await read_all(graph, self._wanted, reading, tell)
        after = Watermark(self._place(graph), link, _packed(assigned))
        return Changes(reading.population(), after.write(), everything=True)

    async def _changed(
        self, graph: Graph, before: Watermark, also: Collection[str], tell: OnPeople
    ) -> Changes | None:
        """Read who changed; None where everybody has to be read."""
        changed = await changes.changed_since(graph, before.link)
        if changed is None:
            return None
        reading = Reading(self._selection)
        wanted = set(changed.ids).union(one.lower() for one in also)
        left: set[str] = set()
        assigned = await assigned_of(graph, self._wanted, reading)
        if assigned is not None:
            for group in assigned.groups:
                await read_member_ids(graph, reading, group)
            now, earlier = assigned.everybody, before.assigned_ids
            wanted, left = (wanted & now) | (now - earlier), earlier - now
        if len(wanted) > changes.MOST_CHANGES:
            return None
        found, gone = await people_by_id(graph, self._selection.params, sorted(wanted), tell)
        reading.take(found)
        await read_groups(graph, self._wanted, reading, assigned)
        after = Watermark(before.place, changed.link, _packed(assigned))
        return Changes(reading.some_people(), after.write(), frozenset(left.union(gone)))

    def _place(self, graph: Graph) -> str:
        wanted = self._wanted
        scope = (wanted.assigned, sorted(wanted.groups), wanted.application)
        return changes.place_of(graph.base, self.tenant, self._selection, scope)


def _packed(assigned: Assigned | None) -> bytes:
    return changes.packed(assigned.everybody) if assigned else b""


def _telling(on_progress: OnReadProgress | None) -> OnPeople:
    def tell(people: int, of: int | None) -> None:
        if on_progress is not None:
            on_progress(ReadProgress(people, min(1.0, people / of) if of else None))

    tell(0, None)
    return tell
