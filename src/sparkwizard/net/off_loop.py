"""Run what blocks on a daemon thread of its own, and await it."""

import asyncio
import threading
from collections.abc import Callable

__all__ = ["off_loop"]


async def off_loop[T](work: Callable[[], T], name: str) -> T:
    """Return what ``work`` returns or raise what it raises; cancelling stops the waiting alone.

    Not in the loop's executor: closing the loop waits for those threads, and a network drive or a
    keyring's question may never be answered.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(outcome: T | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(outcome)  # type: ignore[arg-type]  # None only where T holds it

    def run() -> None:
        outcome: T | None = None
        failed: BaseException | None = None
        try:
            outcome = work()
        except BaseException as error:  # noqa: BLE001  handed to the caller as it is
            failed = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, outcome, failed)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await answer
