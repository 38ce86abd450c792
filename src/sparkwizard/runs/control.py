"""Pause and cancel a run from outside, without leaving anything half done."""

import asyncio
from collections.abc import Callable

from sparkwizard.errors import Cancelled

__all__ = ["RunControl"]


class RunControl:
    """Let a person pause, go on with, or cancel a run.

    Requests under way are always awaited; only waiting (for a retry, for a resume) is cut short.
    ``on_wait`` is told how many seconds a retry waits, and why. ``pauses`` counts how often the run
    was asked to hold.
    """

    def __init__(self) -> None:
        self.on_wait: Callable[[float, str], None] | None = None
        self.pauses = 0
        self._cancelled = asyncio.Event()
        self._running = asyncio.Event()
        self._running.set()

    @property
    def cancelled(self) -> bool:
        """Return whether the run was asked to stop."""
        return self._cancelled.is_set()

    @property
    def paused(self) -> bool:
        """Return whether the run was asked to hold."""
        return not self._running.is_set()

    def cancel(self) -> None:
        """Ask the run to stop after the requests under way."""
        self._cancelled.set()
        self._running.set()

    def pause(self) -> None:
        """Ask the run to hold after the requests under way."""
        if not self.cancelled:
            self.pauses += 1
            self._running.clear()

    def resume(self) -> None:
        """Let a paused run go on."""
        self._running.set()

    async def may_go_on(self) -> bool:
        """Wait while paused, then return whether the next request may leave."""
        await self._running.wait()
        return not self.cancelled

    def tell_wait(self, seconds: float, why: str) -> None:
        """Tell whoever follows the run that a request will be repeated after a while."""
        if self.on_wait:
            self.on_wait(seconds, why)

    async def sleep(self, seconds: float) -> None:
        """Wait before a retry; raise Cancelled as soon as the person asks to stop."""
        try:
            async with asyncio.timeout(seconds):
                await self._cancelled.wait()
        except TimeoutError:
            return
        raise Cancelled("Stopped while waiting to try again.")
