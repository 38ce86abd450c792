"""Ask several things at once, but never more than a few."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager

__all__ = ["beside", "side_by_side"]


async def side_by_side[A, B](
    work: Callable[[A], Awaitable[B]], items: Iterable[A], *, width: int = 8
) -> list[B]:
    """Return the results in the order of ``items``; the first error ends the rest and is raised.

    There are ``width`` tasks, however many items: to begin 10,000 at once would hold the loop.
    """
    todo = list(items)
    queue = iter(enumerate(todo))
    results: dict[int, B] = {}

    async def worker() -> None:
        for place, item in queue:
            results[place] = await work(item)

    tasks = [asyncio.ensure_future(worker()) for _ in todo[:width]]
    try:
        await asyncio.gather(*tasks)
        return [results[place] for place in range(len(todo))]
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
