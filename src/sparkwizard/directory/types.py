"""What the directory room hands out: where people come from, and how far reading them is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sparkwizard.provisioning.types import Population

__all__ = ["OnReadProgress", "PeopleSource", "ReadProgress"]


@dataclass(frozen=True, slots=True)
class ReadProgress:
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
