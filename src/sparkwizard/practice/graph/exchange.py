"""Record what was asked of Graph and of the sign-in service, and what was answered."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GraphExchange:
    """Record one request and its answer; ``status`` 0 where the connection was cut.

    ``path`` begins with a slash, behind ``/v1.0`` for Graph; ``query`` is as it was sent.
    ``headers`` hold those of the request in lower case, without Authorization.
    """

    method: str
    path: str
    query: str
    status: int
    request_id: str
    headers: dict[str, str] = field(default_factory=dict)
    request_body: bytes = field(default=b"", repr=False)
    answer_body: bytes = field(default=b"", repr=False)

    @property
    def size(self) -> int:
        """Return how many bytes of bodies it holds."""
        return len(self.request_body) + len(self.answer_body)


class ExchangeLog:
    """Keep the latest exchanges, as many as fit into a fixed amount of memory."""

    def __init__(self, most_bytes: int = 64_000_000) -> None:
        self.entries: deque[GraphExchange] = deque(maxlen=20_000)
        self._most = most_bytes
        self._held = 0

    def add(self, exchange: GraphExchange) -> None:
        """Add an exchange and forget the oldest ones where there is no more room."""
        if len(self.entries) == self.entries.maxlen:
            self._held -= self.entries.popleft().size
        self.entries.append(exchange)
        self._held += exchange.size
        while self._held > self._most and len(self.entries) > 1:
            self._held -= self.entries.popleft().size
