"""Ask for the next pages of a list while one is still being read.

Only where the server has said how many there are and gave as many as it was asked for: then the
next starts are known. Whatever comes otherwise ends the asking ahead, and the pages are read one
after the other, each from where the last one ended.
"""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

__all__ = ["PagesAhead"]

# Each waits in memory until its turn, and the other side must answer more at once.
_AHEAD = 2


class PagesAhead[Page]:
    """Hand out pages by their start; ``ask`` reads one. Leaving it gives up what was not used."""

    def __init__(self, ask: Callable[[int], Awaitable[Page]]) -> None:
        self._ask = ask
        self._asked: dict[int, asyncio.Future[Page]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._give_up()

    async def page(self, start: int) -> Page:
        """Return the page from ``start`` on."""
        asked = self._asked.pop(start, None)
        return await (asked or self._ask(start))

    async def expect(self, start: int, size: int, total: int) -> None:
        """Ask for the next pages from ``start`` on, each of ``size``, up to ``total`` entries."""
        wanted = range(start, total + 1, size)[:_AHEAD]
        if not self._asked.keys() <= set(wanted):
            await self._give_up()
        for one in wanted:
            if one not in self._asked:
                self._asked[one] = asyncio.ensure_future(self._ask(one))
        # let them leave before the page at hand is looked at
        await asyncio.sleep(0)

    async def _give_up(self) -> None:
        asked, self._asked = list(self._asked.values()), {}
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
