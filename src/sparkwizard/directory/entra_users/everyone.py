"""Read people whole: everybody of a tenant, or some by their ids."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import aclosing
from itertools import batched
from typing import Any

from sparkwizard.directory.entra_users.reading import Reading
from sparkwizard.entra.batch import BATCH_SIZE
from sparkwizard.entra.graph import Graph
from sparkwizard.entra.query import Params
from sparkwizard.entra.types import BatchRequest
from sparkwizard.errors import Cancelled, NotFound, RemoteError, SparkWizardError, UnexpectedAnswer

__all__ = ["EVENTUAL", "PAGE", "count_users", "people_by_id", "read_everyone"]

# the most that Graph gives at once ("List users", $top)
PAGE = 999
EVENTUAL = {"ConsistencyLevel": "eventual"}

type OnPeople = Callable[[int, int | None], None]


async def read_everyone(graph: Graph, reading: Reading, on_people: OnPeople) -> None:
    """Read every user of the tenant; ``on_people(read, of)`` is told after each page.

    Raises what ``Graph`` raises where nothing came; later faults make the reading incomplete.
    """
    # counting takes Graph a while: it goes on beside the first pages
    counting = asyncio.ensure_future(count_users(graph))
    try:
        await _read_pages(graph, reading, on_people, counting)
        before = await counting
        on_people(len(reading.people), before or len(reading.people))
    except Cancelled:
        raise
    except SparkWizardError as error:
        if not reading.people:
            raise
        reading.stopped(error)
        return
    finally:
        counting.cancel()
        await asyncio.gather(counting, return_exceptions=True)
    if before is not None and len(reading.people) < before:
        # people may have been deleted meanwhile: then the second count says so
        after = await count_users(graph)
        reading.counted(min(before, after or before), len(reading.people), "people")


async def _read_pages(
    graph: Graph, reading: Reading, on_people: OnPeople, counting: asyncio.Future[int | None]
) -> None:
    params: Params = {**reading.selection.params, "$top": PAGE}
    async with aclosing(graph.pages("/users", params, of=reading.whole.user)) as pages:
        async for page in pages:
            reading.take(page.values)
            told = counting.done() and not counting.cancelled() and not counting.exception()
            on_people(len(reading.people), counting.result() if told else None)


async def count_users(graph: Graph) -> int | None:
    """Return how many users there are, None where Graph does not tell."""
    try:
        answer = await graph.send(
            "GET", "/users/$count", headers={**EVENTUAL, "Accept": "text/plain"}
        )
    except RemoteError:
        return None
    told = answer.body()
    return told if isinstance(told, int) and not isinstance(told, bool) else None


async def people_by_id(
    graph: Graph, params: Params, ids: Iterable[str], on_people: OnPeople | None = None
) -> tuple[list[Any], list[str]]:
    """Return the users with these source ids, and the ids of those that are not there.

    Raises what ``Graph`` raises for the first that could not be read for another reason.
    """
    found: list[Any] = []
    gone: list[str] = []
    wanted = list(ids)
    for some in batched(wanted, BATCH_SIZE * 5):
        requests = [BatchRequest("GET", f"/users/{one}", params) for one in some]
        for one, reply in zip(some, await graph.batch(requests), strict=True):
            if isinstance(reply.error, NotFound):
                gone.append(one)
                continue
            user = reply.object()
            if str(user.get("id", "")).lower() != one:
                raise _other(one)
            found.append(user)
        if on_people is not None:
            on_people(len(found) + len(gone), len(wanted))
    return found, gone


def _other(asked: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        f"Microsoft Graph answered with somebody else than {asked}.",
        fix="Try again in a few minutes.",
        sent=True,
    )
