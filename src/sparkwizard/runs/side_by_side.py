"""Ask several things at once, but never more than a few."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager

__all__ = ["beside", "side_by_side"]


async def side_by_side[A, B](
    work: Callable[[A], Awaitable[B]], items: Iterable[A], *, width: int = 8
) -> list[B]:
    """Return the results in the order of ``items``; the first error ends the rest and is raised."""
    gate = asyncio.Semaphore(width)

    async def one(item: A) -> B:
        async with gate:
            return await work(item)

    tasks = [asyncio.ensure_future(one(item)) for item in items]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


@asynccontextmanager
async def beside[T](
    ask: Callable[[], Coroutine[None, None, T]] | None,
) -> AsyncIterator[Awaitable[T | None]]:
    """Ask for something while something else is done; what fails meanwhile does not wait for it."""
    asking: asyncio.Future[T | None] = asyncio.ensure_future(ask() if ask else asyncio.sleep(0))
    try:
        yield asking
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
