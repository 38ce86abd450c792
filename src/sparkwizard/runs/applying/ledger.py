"""Write what many requests have to say to the journal in common transactions.

A transaction that is on disk takes some milliseconds, and each request needs two: one before it
leaves and one after. Those that come within one turn of the event loop share one, so that a run is
held up by the other side and not by its own journal.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from sparkwizard.runs.journal import LinkChange

__all__ = ["Ledger"]

type Write = Callable[[Sequence[int], Sequence[LinkChange]], None]


class Ledger:
    """Gather what is to be written down; ``write`` puts requests and outcomes on disk."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._sent: list[int] = []
        self._changes: list[LinkChange] = []
        self._waiting: list[asyncio.Future[None]] = []

    async def sent(self, seqs: Iterable[int]) -> None:
        """Return when it is on disk that these are about to leave. Raises what ``write`` does."""
        self._sent += seqs
        await self._written()

    async def record(self, changes: Iterable[LinkChange]) -> None:
        """Return when these outcomes and links are on disk. Raises what ``write`` does."""
        self._changes += changes
        await self._written()

    async def _written(self) -> None:
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._flush)
        mine = loop.create_future()
        self._waiting.append(mine)
        await mine

    def _flush(self) -> None:
        sent, changes, waiting = self._sent, self._changes, self._waiting
        self._sent, self._changes, self._waiting = [], [], []
        try:
            self._write(sent, changes)
        except Exception as error:  # noqa: BLE001  handed to everybody who waits for it
            for one in waiting:
                if not one.done():
                    one.set_exception(error)
            return
        for one in waiting:
            if not one.done():
                one.set_result(None)
