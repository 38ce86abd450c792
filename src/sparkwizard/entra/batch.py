"""Send many requests in few: Graph's ``$batch``.

Source: Microsoft Graph, "Combine multiple HTTP requests using JSON batching": at most 20 requests,
replies in any order, each with its own status; "Throttling and batching": a request refused for its
number is refused alone.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sparkwizard.entra.graph_errors import graph_error
from sparkwizard.entra.query import query
from sparkwizard.entra.types import BatchReply, BatchRequest
from sparkwizard.errors import UnexpectedAnswer
from sparkwizard.net.retry import may_repeat, retry_after

if TYPE_CHECKING:
    from sparkwizard.entra.graph import Graph

__all__ = ["BATCH_SIZE", "Batch"]

BATCH_SIZE = 20
_ROUNDS = 6
_LONGEST_WAIT = 180.0


class Batch:
    """Carry the requests of one batch through, whatever their number."""

    def __init__(self, graph: "Graph", requests: Sequence[BatchRequest]) -> None:
        self._graph = graph
        self._requests = requests
        self._replies: dict[int, BatchReply] = {}
        self._again: list[int] = []

    async def replies(self) -> tuple[BatchReply, ...]:
        """Send until each request has its reply; those that only came too fast go again."""
        waiting = list(range(len(self._requests)))
        for round_number in range(1, _ROUNDS + 1):
            self._again = []
            for start in range(0, len(waiting), BATCH_SIZE):
                await self._send(waiting[start : start + BATCH_SIZE], round_number)
            waiting = self._again
            if not waiting:
                break
        return tuple(self._replies[number] for number in range(len(self._requests)))

    async def _send(self, numbers: Sequence[int], round_number: int) -> None:
        left_at = time.monotonic()
        # every part may be repeated or none: what each one did is told only part by part
        reads = all(self._requests[number].method == "GET" for number in numbers)
        body = {"requests": [_written(number, self._requests[number]) for number in numbers]}
        answer = await self._graph.send("POST", "/$batch", json=body, repeatable=reads)
        found = _by_id(answer.object().get("responses"))
        for number in numbers:
            self._take(number, found.get(str(number)), round_number, left_at)

    def _take(
        self, number: int, part: Mapping[str, Any] | None, round_number: int, left_at: float
    ) -> None:
        if part is None:
            self._replies[number] = BatchReply(0, None, _missing())
            return
        status, body, headers = _status(part), part.get("body"), _headers(part)
        asked = retry_after(headers, datetime.now(UTC))
        method = self._requests[number].method
        error = None
        if not 200 <= status < 300:
            error = graph_error(status, body, headers, self._graph.purpose)
            if may_repeat(method, None, status=status, asked=asked, sent=True):
                self._again.append(number)
                seconds = min(asked if asked is not None else 2.0**round_number, _LONGEST_WAIT)
                self._graph.http.hold(seconds, error.message, left_at=left_at)
        self._replies[number] = BatchReply(status, body, error)


def _written(number: int, request: BatchRequest) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": str(number),
        "method": request.method,
        "url": f"{request.path}{query(request.params)}",
    }
    headers = dict(request.headers)
    if request.json is not None:
        headers.setdefault("Content-Type", "application/json")
        written["body"] = request.json
    if headers:
        written["headers"] = headers
    return written


def _by_id(responses: object) -> dict[str, Mapping[str, Any]]:
    if not isinstance(responses, list):
        return {}
    return {str(part.get("id")): part for part in responses if isinstance(part, dict)}


def _status(part: Mapping[str, Any]) -> int:
    status = part.get("status")
    return status if isinstance(status, int) and not isinstance(status, bool) else 0


def _headers(part: Mapping[str, Any]) -> dict[str, str]:
    headers = part.get("headers")
    if not isinstance(headers, dict):
        return {}
    return {str(name).lower(): str(value) for name, value in headers.items()}


def _missing() -> UnexpectedAnswer:
    return UnexpectedAnswer(
        "Microsoft Graph left a request of a batch without a reply.",
        fix="Try again in a few minutes.",
        sent=True,
    )
