"""Record what was asked of Graph and of the sign-in service, and what was answered."""

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
