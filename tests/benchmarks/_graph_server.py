"""The practice Graph in a process of its own, for benchmarks."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = ["GraphServer", "serving_graph"]


@dataclass(frozen=True, slots=True)
class GraphServer:
    """Hold where a practice Graph listens, and a token for it."""

    graph_url: str
    token: str


@contextmanager
def serving_graph(people: int) -> Iterator[GraphServer]:
    """Serve a company of this many people while the block runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks._graph_server", str(people)],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        told = json.loads(process.stdout.readline())
        yield GraphServer(told["graph_url"], told["token"])
    finally:
        process.kill()  # its HTTP server would wait for open connections
        process.wait(10)
        process.stdout.close()
        if process.stdin is not None:
            process.stdin.close()


async def _serve(people: int) -> None:
    from sparkwizard.practice.server import PracticeServer

    async with PracticeServer(people=people) as server:
        told = {"graph_url": server.graph_url, "token": server.graph_token}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
