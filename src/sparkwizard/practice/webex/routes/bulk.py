"""Serve Bulk: up to a hundred creations, changes and deletions in one request."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.scim.refusals import ScimRefusal, invalid_syntax, invalid_value, not_found
from sparkwizard.practice.webex.access import authorize_tenant
from sparkwizard.practice.webex.answers import json_answer, read_object, scim_error, tracking_id
from sparkwizard.practice.webex.groups import create_group, delete_group, modify_group
from sparkwizard.practice.webex.store import Record
from sparkwizard.practice.webex.tokens import Right
from sparkwizard.practice.webex.users import create_user, delete_user, modify_user
from sparkwizard.practice.webex.world import World

BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
MOST_OPERATIONS = 100

_PATH = re.compile(r"/?(Users|Groups)(?:/([^/]+))?/?")

type Creator = Callable[[World, Mapping[str, Any]], Record]
type Modifier = Callable[[World, str, Mapping[str, Any]], Record]
type Deleter = Callable[[World, str], None]

_ACTIONS: dict[str, tuple[Creator, Modifier, Deleter]] = {
    "Users": (create_user, modify_user, delete_user),
    "Groups": (create_group, modify_group, delete_group),
}


@dataclass(frozen=True, slots=True)
class _Failure:
    """Say how one operation fails for once; ``is_done`` where it only says so."""

    status: int
    says: str
    is_done: bool = False


_FAILURES = (
    _Failure(503, "The service is not available."),
    _Failure(500, "Something went wrong.", is_done=True),
    _Failure(400, "This can't be done now."),
    _Failure(429, "Too many operations were sent."),
)


class BulkRoutes:
    """Answer the requests to ``/Bulk``."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._turns = count(1)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/identity/scim/{orgId}/v2/Bulk", self.run, methods=["POST"])]

    async def run(self, request: Request) -> Response:
        """Carry out the operations in order, until too many of them have failed."""
        authorize_tenant(self._world, request, Right.WRITE_IDENTITY)
        sent = await read_object(request)
        operations = _checked_operations(sent)
        allowed = _errors_allowed(sent)
        runner = _Runner(self._world, self._turns, tracking_id(request))
        results: list[JsonObject] = []
        for operation in operations:
            results.append(runner.run(operation))
            if allowed is not None and runner.errors >= allowed:
                break
        return json_answer({"schemas": [BULK_RESPONSE], "Operations": results})


class _Runner:
    """Carry out single operations and remember what bulkIds stand for."""

    def __init__(self, world: World, turns: Iterator[int], tracking: str) -> None:
        self._world = world
        self._turns = turns
        self._tracking = tracking
        self._created: dict[str, str] = {}
        self.errors = 0

    def run(self, operation: Mapping[str, Any]) -> JsonObject:
        method = str(operation["method"]).upper()
        result: JsonObject = {"method": method}
        bulk_id = operation.get("bulkId")
        if bulk_id is not None:
            result["bulkId"] = bulk_id
        try:
            result |= self._in_turn(method, operation)
        except ScimRefusal as refusal:
            self.errors += 1
            result["status"] = str(refusal.status)
            result["response"] = scim_error(refusal, self._tracking)
        return result

    def _in_turn(self, method: str, operation: Mapping[str, Any]) -> JsonObject:
        """Carry an operation out, unless it is the turn of one that fails."""
        every = self._world.faults.bulk_fails_every
        turn, place = divmod(next(self._turns), every) if every > 0 else (0, 1)
        if place:
            return self._carry_out(method, operation)
        failure = _FAILURES[(turn - 1) % len(_FAILURES)]
        if failure.is_done:
            self._carry_out(method, operation)
        raise ScimRefusal(failure.status, failure.says)

    def _carry_out(self, method: str, operation: Mapping[str, Any]) -> JsonObject:
        resource, identifier = self._place(operation)
        create, modify, delete = _ACTIONS[resource]
        if method == "DELETE":
            delete(self._world, identifier)
            location = f"{self._world.tenant_url}/{resource}/{identifier}"
            return {"location": location, "status": "204"}
        data = self._resolved(_data(operation))
        if method == "PATCH":
            return _described(modify(self._world, identifier, data), "200")
        record = create(self._world, data)
        self._created[str(operation["bulkId"])] = record.id
        return _described(record, "201")

    def _place(self, operation: Mapping[str, Any]) -> tuple[str, str]:
        found = _PATH.fullmatch(str(operation.get("path", "")))
        if found is None:
            raise not_found("The path", str(operation.get("path")))
        resource, identifier = found[1], found[2] or ""
        creating = str(operation["method"]).upper() == "POST"
        if creating is bool(identifier):
            raise invalid_value(
                "POST takes the path of a collection, the others that of a resource."
            )
        return resource, self._resolved(identifier)

    def _resolved(self, value: Any) -> Any:
        """Return JSON with every ``bulkId:x`` replaced by the id of what x created."""
        if isinstance(value, str) and value.startswith("bulkId:"):
            known = self._created.get(value.removeprefix("bulkId:"))
            if known is None:
                raise ScimRefusal(409, f"{value} names nothing that was created.")
            return known
        if isinstance(value, list):
            return [self._resolved(one) for one in value]
        if isinstance(value, dict):
            return {key: self._resolved(one) for key, one in value.items()}
        return value


def _described(record: Record, status: str) -> JsonObject:
    meta = record.decode()["meta"]
    return {"location": meta["location"], "version": meta["version"], "status": status}


def _data(operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of an operation; the OpenAPI file types it as JSON text, clients nest it."""
    data = operation.get("data")
    if isinstance(data, str):
        try:
            data = msgspec.json.decode(data)
        except msgspec.DecodeError as error:
            raise invalid_syntax("data is not valid JSON.") from error
    if not isinstance(data, dict):
        raise invalid_syntax("data is required for POST and PATCH.")
    return data


def _checked_operations(sent: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    schemas = sent.get("schemas")
    if not isinstance(schemas, list) or BULK_REQUEST not in schemas:
        raise invalid_syntax(f"schemas must contain {BULK_REQUEST}.")
    operations = sent.get("operations", sent.get("Operations"))
    if not isinstance(operations, list) or not operations:
        raise invalid_syntax("operations must be a list with at least one operation.")
    if len(operations) > MOST_OPERATIONS:
        raise invalid_value(f"A request takes at most {MOST_OPERATIONS} operations.")
    bulk_ids: set[str] = set()
    for operation in operations:
        _check_operation(operation, bulk_ids)
    return operations


def _check_operation(operation: object, bulk_ids: set[str]) -> None:
    if not isinstance(operation, Mapping):
        raise invalid_syntax("Each operation must be an object.")
    method = str(operation.get("method", "")).upper()
    if method not in ("POST", "PATCH", "DELETE"):
        raise invalid_value("The method of an operation is POST, PATCH or DELETE.")
    bulk_id = operation.get("bulkId")
    if method == "POST" and not bulk_id:
        raise invalid_value("POST needs a bulkId.")
    if bulk_id is not None:
        if bulk_id in bulk_ids:
            raise invalid_value(f"The bulkId {bulk_id} is used twice.")
        bulk_ids.add(str(bulk_id))


def _errors_allowed(sent: Mapping[str, Any]) -> int | None:
    allowed = sent.get("failOnErrors")
    if allowed is None:
        return None
    if not isinstance(allowed, int) or isinstance(allowed, bool) or not 1 <= allowed <= 100:
        raise invalid_value("failOnErrors is a whole number from 1 to 100.")
    return allowed
