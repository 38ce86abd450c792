"""Open the source that a profile names."""

import asyncio
import threading
from collections.abc import Callable, Collection
from pathlib import Path

import msgspec

from sparkwizard.directory.csv_changes import read_csv_changes
from sparkwizard.directory.csv_file import read_csv_people
from sparkwizard.directory.entra_users import EntraSource, OpenGraph, Wanted
from sparkwizard.directory.types import Changes, OnReadProgress, PeopleSource, ReadProgress
from sparkwizard.errors import Cancelled, SourceError
from sparkwizard.net.off_loop import off_loop
from sparkwizard.provisioning.types import Population
from sparkwizard.setup.profile import SourceSettings

__all__ = ["CsvSource", "open_source"]


def open_source(
    settings: SourceSettings,
    base: Path,
    *,
    wanted: Wanted | None = None,
    open_graph: OpenGraph | None = None,
) -> PeopleSource:
    """Return the source of a profile; ``base`` is the folder a relative path starts from.

    ``wanted`` is what a directory is asked for, ``open_graph`` how it is reached. Raises
    ``SourceError`` where the settings name none that can be read.
    """
    if settings.kind == "entra":
        if open_graph is None:
            raise SourceError(
                "People can't be read from Microsoft Entra ID without a sign-in.",
                fix="Sign in with: sparkwizard sign-in --profile P",
            )
        return EntraSource(open_graph, wanted or Wanted(), settings.tenant)
    if not settings.path:
        raise SourceError(
            "The profile names no file of people.",
            fix="Choose the file that the Entra admin centre downloaded.",
        )
    return CsvSource(base / settings.path)


class CsvSource(msgspec.Struct, frozen=True):
    """Read people from a CSV file without holding up the event loop."""

    path: Path

    @property
    def label(self) -> str:
        """Return the name of the file."""
        return self.path.name

    async def read(self, on_progress: OnReadProgress | None = None) -> Population:
        """Read the file in a thread of its own; cancelling stops it at the next progress."""
        return await self._in_thread(
            lambda report: read_csv_people(self.path, on_progress=report), on_progress
        )

    async def read_changes(
        self,
        since: bytes,
        also: Collection[str] = (),
        on_progress: OnReadProgress | None = None,
    ) -> Changes:
        """Read what changed since the file was seen with ``since``, as ``read`` does."""
        return await self._in_thread(
            lambda report: read_csv_changes(self.path, since, also, on_progress=report),
            on_progress,
        )

    async def _in_thread[T](
        self, reading: Callable[[OnReadProgress], T], on_progress: OnReadProgress | None
    ) -> T:
        loop = asyncio.get_running_loop()
        stopped = threading.Event()

        def report(progress: ReadProgress) -> None:
            if stopped.is_set():
                raise Cancelled("Reading the file was stopped.")
            if on_progress is not None:
                loop.call_soon_threadsafe(on_progress, progress)

        try:
            return await off_loop(lambda: reading(report), "read-csv")
        finally:
            stopped.set()
