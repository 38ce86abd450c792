"""Write answers in the shapes that Webex uses, errors above all."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.scim.refusals import ScimRefusal, invalid_syntax

SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
CISCO_ERROR = "urn:scim:schemas:extension:cisco:webexidentity:api:messages:2.0:Error"
NO_VALID_TOKEN = (
    "The request requires a valid access token set in the Authorization request header."  # noqa: S105 - the message that Webex sends, no token
)


@dataclass(eq=False)
class Refusal(Exception):
    """Carry an error of the people API, or of the gateway in front of everything."""

    status: int
    message: str
    error_code: int | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message


def unauthorized() -> Refusal:
    """Build the one answer to a missing, malformed or expired token."""
    return Refusal(401, NO_VALID_TOKEN)


def forbidden(message: str) -> Refusal:
    """Build the answer to a token that lacks the right."""
    return Refusal(403, message)


def tracking_id(request: Request) -> str:
    """Return the tracking id of this exchange."""
    return str(request.scope["tracking_id"])


def json_answer(
    content: object, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Answer with JSON."""
    return raw_answer(msgspec.json.encode(content), status, headers)


def raw_answer(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with JSON that is already encoded."""
    return Response(body, status, headers, "application/json")


def gateway_error(refusal: Refusal, tracking: str) -> JsonObject:
    """Return the body of an error outside SCIM."""
    detail: JsonObject = {"description": refusal.message}
    if refusal.error_code is not None:
        detail["errorCode"] = refusal.error_code
    return {"message": refusal.message, "errors": [detail], "trackingId": tracking}


def scim_error(refusal: ScimRefusal, tracking: str) -> JsonObject:
    """Return the body of a SCIM error; note Cisco's ``details`` where RFC 7644 has ``detail``."""
    body: JsonObject = {
        "schemas": [SCIM_ERROR, CISCO_ERROR],
        "status": str(refusal.status),
        "details": refusal.details,
        CISCO_ERROR: {"trackingId": tracking, "errorCode": 0, "details": refusal.details},
    }
    if refusal.scim_type is not None:
        body["scimType"] = str(refusal.scim_type)
    return body


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answer an error of the people API or the gateway."""
    assert isinstance(error, Refusal)
    body = gateway_error(error, tracking_id(request))
    return json_answer(body, error.status, error.headers)


async def on_scim_refusal(request: Request, error: Exception) -> Response:
    """Answer an error of the SCIM interface."""
    assert isinstance(error, ScimRefusal)
    return json_answer(scim_error(error, tracking_id(request)), error.status)


async def read_object(request: Request) -> dict[str, Any]:
    """Read the JSON object of a request; raises ScimRefusal (invalidSyntax) for anything else."""
    try:
        body = msgspec.json.decode(await request.body())
    except msgspec.DecodeError as error:
        raise invalid_syntax("The request body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise invalid_syntax("The request body must be a JSON object.")
    return body
