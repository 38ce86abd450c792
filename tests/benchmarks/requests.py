"""Small requests to a local server: the client's own time for each, against httpx's.

httpx with its own transport spends 0.5 ms of processor time on a request that goes alone and 0.9
ms on one of 24 at once; writing 200 users a second left little for the journal. What is counted is
processor time of the client alone; the server is a process of its own.

- httpx's transport without its client (cookies, redirects, events): a quarter less.
- A transport of h11 over an asyncio protocol (``net/transport.py``): 0.2 ms, however many at once,
  with token, pace and retry around it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator

import httpx

from sparkwizard.net.client import Http
from sparkwizard.net.proxy import origin_of
from tests.benchmarks._scim_server import Behaviour, serving
from tests.benchmarks.framework import Row, benchmark

REQUESTS = 2_000


async def _spent(number: int, at_once: int, ask: Callable[[], Awaitable[object]]) -> float:
    """Return the processor time of so many requests, seconds."""
    left = iter(range(number))

    async def worker() -> None:
        for _ in left:
            await ask()

    await ask()
    began = time.process_time()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    return time.process_time() - began


async def _ours(url: str, number: int, at_once: int) -> float:
    async with Http(token="token", origins=(origin_of(url),)) as http:
        return await _spent(number, at_once, lambda: http.request("GET", url))


async def _own(url: str, number: int, at_once: int) -> float:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await _spent(number, at_once, lambda: client.get(url))


@benchmark("requests")
def run(scale: float) -> Iterator[Row]:
    """Compare processor time per request, alone and with many at once."""
    number = max(round(REQUESTS * scale), 20)
    with serving(Behaviour()) as served:
        url = f"{served.base_url}/ServiceProviderConfig"
        for at_once in (1, 24):
            own = asyncio.run(_own(url, number, at_once))
            ours = asyncio.run(_ours(url, number, at_once))
            what = f"processor time of {number:,} requests, {at_once} at once"
            yield Row(what, ours, "s", "httpx", own, 1.0)
