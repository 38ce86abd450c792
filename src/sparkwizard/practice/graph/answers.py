"""Write answers in the shapes of Microsoft Graph, errors above all."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sparkwizard.practice.json_values import JsonObject

_CONTENT_TYPE = (
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false"
)


@dataclass(eq=False)
class GraphRefusal(Exception):
    """Carry one refusal of Graph to where it is answered."""

    status: int
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message


def bad_request(message: str, code: str = "BadRequest") -> GraphRefusal:
    """Build the refusal of a request that Graph cannot read."""
    return GraphRefusal(400, code, message)


def not_found(identifier: str) -> GraphRefusal:
    """Build the refusal for an object that the directory does not have."""
    return GraphRefusal(
        404,
        "Request_ResourceNotFound",
        f"Resource '{identifier}' does not exist or one of its queried reference-property objects"
        " are not present.",
    )


def denied() -> GraphRefusal:
    """Build the refusal for a token without the needed permission or role."""
    return GraphRefusal(
        403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
    )


def json_answer(
    content: object, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Answer with JSON."""
    return raw_answer(msgspec.json.encode(content), status, headers)


def raw_answer(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with JSON that is already encoded."""
    return Response(body, status, headers, _CONTENT_TYPE)


def error_body(refusal: GraphRefusal, request_id: str, client_id: str | None) -> JsonObject:
    """Return the body of an error."""
    inner = {
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": request_id,
        "client-request-id": client_id or request_id,
    }
    return {
        "error": {"code": refusal.code, "message": refusal.message, "innerError": inner},
    }


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answer an error."""
    assert isinstance(error, GraphRefusal)
    body = error_body(error, request_id(request), request.headers.get("client-request-id"))
    return json_answer(body, error.status, error.headers)


def request_id(request: Request) -> str:
    """Return the id of this exchange."""
    return str(request.scope["request_id"])


async def read_object(request: Request) -> dict[str, Any]:
    """Read the JSON object of a request; raises GraphRefusal for anything else."""
    try:
        body = msgspec.json.decode(await request.body())
    except msgspec.DecodeError as error:
        raise bad_request("Unable to read JSON request payload.") from error
    if not isinstance(body, dict):
        raise bad_request("Unable to read JSON request payload: an object is expected.")
    return body
