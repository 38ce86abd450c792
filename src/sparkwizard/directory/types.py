"""What the directory room hands out: where people come from, and how far reading them is."""

from collections.abc import Callable, Collection
from typing import Protocol, runtime_checkable

import msgspec

from sparkwizard.provisioning.types import Population

__all__ = ["ChangeSource", "Changes", "GroupName", "OnReadProgress", "PeopleSource", "ReadProgress"]


class GroupName(msgspec.Struct, frozen=True):
    """Hold the id and the name of a group of the directory."""

    id: str
    name: str


class ReadProgress(msgspec.Struct, frozen=True):
    """Say how many people were read; ``fraction`` (0 to 1) is None where the end isn't known."""

    people: int
    fraction: float | None = None


type OnReadProgress = Callable[[ReadProgress], None]


class PeopleSource(Protocol):
    """Read every person of one source."""

    @property
    def label(self) -> str:
        """Return what to call this source on screen."""
        ...

    async def read(self, on_progress: OnReadProgress | None = None) -> Population:
        """Read all people; ``on_progress`` is called in the caller's own event loop.

        Raises ``SourceError`` where nothing can be read at all; everything less is a finding.
        """
        ...


class Changes(msgspec.Struct, frozen=True):
    """Hold what became of a source since a watermark.

    ``population`` holds everybody who is new or may have changed, each person whole, and those who
    were asked for and are there; with ``everything`` it holds all people, as ``read`` does, and
    ``removed`` is empty. Where it is not ``complete`` nobody is removed by it, and ``watermark`` is
    not kept. ``removed`` are source ids that were handed out before and are there no more.
    ``watermark`` is what to hand in the next time; nobody but the source can read it.
    """

    population: Population
    watermark: bytes
    removed: frozenset[str] = frozenset()
    everything: bool = False


@runtime_checkable
class ChangeSource(PeopleSource, Protocol):
    """Read only what changed in a source that can tell (Graph delta, a file seen before)."""

    async def read_changes(
        self,
        since: bytes,
        also: Collection[str] = (),
        on_progress: OnReadProgress | None = None,
    ) -> Changes:
        """Read what changed since ``since``, and the people whose source ids are in ``also``.

        An empty ``since`` asks for everything, and so does one that the source no longer knows or
        that is of another place: then ``everything`` is set, never an error. Somebody in ``also``
        who is not handed out is not in the source. Raises as ``read`` does.
        """
        ...
