"""Serve a little tenant from a thread of its own, for programs with a loop of their own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.entra.little_graph import Answering, LittleGraph, little_graph


@contextmanager
def served_in_thread(answering: Answering) -> Iterator[LittleGraph]:
    ready = threading.Event()
    served: list[LittleGraph] = []
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with little_graph(answering) as little:
            served.append(little)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(10)
    try:
        yield served[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
