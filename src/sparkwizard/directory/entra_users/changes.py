"""Ask what changed since a watermark: Graph's delta query.

Pages may be empty and people may come twice; a removed one may be there again by now. So a delta
only says whom to look at: each of them is then read whole by id, which settles it. Source:
Microsoft Graph, "Use delta query to track changes", "Get incremental changes for users".
"""

import hashlib
from collections.abc import Collection
from contextlib import aclosing
from uuid import UUID

import msgspec

from sparkwizard.directory.entra_users.attributes import Selection
from sparkwizard.entra.graph import Graph
from sparkwizard.entra.graph_errors import needs_resync
from sparkwizard.errors import NotSent, RemoteError, UnexpectedAnswer

__all__ = ["MOST_CHANGES", "Watermark", "changed_since", "first_link", "place_of"]

# beyond this, a full read asks less: its pages hold 999 people, a batch 20
MOST_CHANGES = 5_000


class Watermark(msgspec.Struct, frozen=True):
    """Hold where to go on: of which place and question, Graph's link, and who was assigned.

    ``assigned`` are the ids of everybody assigned, 16 bytes each; empty where all are read.
    """

    place: str
    link: str
    assigned: bytes = b""

    @classmethod
    def read(cls, text: bytes, place: str) -> "Watermark | None":
        """Return the watermark, None where it is of another place or can't be read."""
        try:
            found = msgspec.msgpack.decode(text, type=cls)
        except msgspec.MsgspecError:
            return None
        return found if found.place == place else None

    def write(self) -> bytes:
        """Return the watermark as it is kept."""
        return msgspec.msgpack.encode(self)

    @property
    def assigned_ids(self) -> set[str]:
        """Return the source ids of those who were assigned."""
        size = range(0, len(self.assigned) - 15, 16)
        return {str(UUID(bytes=self.assigned[at : at + 16])) for at in size}


def packed(ids: Collection[str]) -> bytes:
    """Return source ids as bytes, sorted."""
    return b"".join(UUID(one).bytes for one in sorted(ids))


def place_of(base: str, tenant: str, selection: Selection, scope: object) -> str:
    """Return what a watermark belongs to: the tenant, and everything that was asked."""
    asked = (base, tenant.lower(), selection.tracked, scope)
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()


class Changed(msgspec.Struct, frozen=True):
    """Hold the ids of whoever a delta named, and where the next one begins."""

    ids: frozenset[str]
    link: str


async def first_link(graph: Graph, selection: Selection) -> str:
    """Return where the delta of everything from now on begins; nobody is read."""
    link = ""
    params = {"$select": selection.tracked, "$deltatoken": "latest"}
    async with aclosing(graph.pages("/users/delta", params)) as pages:
        async for page in pages:
            link = page.delta_link or link
    return _checked(link)


async def changed_since(graph: Graph, link: str) -> Changed | None:
    """Return who changed since a link; None where Graph no longer knows it, or too much changed."""
    ids: set[str] = set()
    following = ""
    try:
        async with aclosing(graph.pages(link)) as pages:
            async for page in pages:
                named = (one.get("id") for one in page.values if isinstance(one, dict))
                ids.update(str(one).lower() for one in named if one)
                following = page.delta_link or following
                if len(ids) > MOST_CHANGES:
                    return None
    except NotSent:  # kept by somebody who could write to the journal, for another address
        return None
    except UnexpectedAnswer as error:
        if error.code == "link-elsewhere":
            return None
        raise
    except RemoteError as error:
        # older services answer 400 or 404 to a link they do not know
        if needs_resync(error) or error.status in (400, 404):
            return None
        raise
    return Changed(frozenset(ids), _checked(following))


def _checked(link: str) -> str:
    if not link:
        raise UnexpectedAnswer(
            "Microsoft Graph did not say where the next changes begin.",
            fix="Try again in a few minutes; a full read works without it.",
            sent=True,
        )
    return link
