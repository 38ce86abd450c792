"""Make a Bulk request and read its answer: one outcome per operation, in the same order; pure."""

from collections.abc import Mapping, Sequence

import msgspec

from sparkwizard.net.answer import tracking_id_in
from sparkwizard.net.errors_of import detail_in, status_in
from sparkwizard.provisioning.types import Json
from sparkwizard.webex.scim_read import get, id_in_location, user_in
from sparkwizard.webex.scim_write import BULK_SCHEMA
from sparkwizard.webex.types import BulkOperation, BulkOutcome

__all__ = ["bulk_body", "bulk_outcomes", "fitting", "unanswered"]

# Bytes of a Bulk request around its operations, generously.
_ENVELOPE = 200


def bulk_body(operations: Sequence[BulkOperation], *, webex: bool) -> dict[str, Json]:
    """Return the request's body.

    Webex writes the key ``operations`` and wants ``failOnErrors`` (1 to 100); it is set so that
    one refused user does not stop the others. The standard's key is ``Operations``.
    """
    listed: list[Json] = [_entry(operation) for operation in operations]
    if not webex:
        return {"schemas": [BULK_SCHEMA], "Operations": listed}
    limit = min(100, max(1, len(operations)))
    return {"schemas": [BULK_SCHEMA], "failOnErrors": limit, "operations": listed}


def fitting(operations: Sequence[BulkOperation], largest: int) -> list[tuple[BulkOperation, ...]]:
    """Return the operations in groups whose bodies stay within ``largest`` bytes, 0 for no limit.

    One operation too large by itself is a group of its own: the server says so itself.
    """
    groups: list[list[BulkOperation]] = [[]]
    room = largest - _ENVELOPE
    for operation in operations:
        size = len(msgspec.json.encode(_entry(operation))) + 1
        if largest and groups[-1] and size > room:
            groups.append([])
            room = largest - _ENVELOPE
        groups[-1].append(operation)
        room -= size
    return [tuple(group) for group in groups if group]


def unanswered(operations: Sequence[BulkOperation]) -> tuple[BulkOutcome, ...]:
    """Return the outcomes of operations about which the server said nothing."""
    return tuple(BulkOutcome(one.bulk_id, 0, _known_id(one)) for one in operations)


def bulk_outcomes(
    operations: Sequence[BulkOperation], body: Json, tracking_id: str
) -> tuple[BulkOutcome, ...]:
    """Return one outcome per operation in the same order; status 0 where nothing was said.

    An answer belongs to an operation by its ``bulkId``, else by method and address. Operations
    without either are told apart by their place only where every one was answered.
    """
    found = get(body, "Operations")
    entries = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    matched = _matched(operations, entries)
    return tuple(
        _outcome(operation, matched.get(place), tracking_id)
        for place, operation in enumerate(operations)
    )


def _entry(operation: BulkOperation) -> Json:
    entry: dict[str, Json] = {"method": operation.method, "path": operation.path}
    if operation.bulk_id:
        entry["bulkId"] = operation.bulk_id
    if operation.data is not None:
        entry["data"] = dict(operation.data)
    return entry


def _matched(
    operations: Sequence[BulkOperation], entries: Sequence[Mapping[str, Json]]
) -> dict[int, Mapping[str, Json]]:
    """Return the answer to each operation, by the operation's place."""
    places = {operation.bulk_id: place for place, operation in enumerate(operations)}
    targets = {
        (operation.method.upper(), id_in_location(operation.path)): place
        for place, operation in enumerate(operations)
        if operation.method.upper() != "POST"
    }
    matched: dict[int, Mapping[str, Json]] = {}
    left = []
    for position, entry in enumerate(entries):
        place = places.get(str(get(dict(entry), "bulkId")), -1)
        if place < 0:
            place = targets.get((_method(entry), id_in_location(get(dict(entry), "location"))), -1)
        if place < 0 or place in matched:
            left.append((position, entry))
        else:
            matched[place] = entry
    if len(entries) == len(operations):
        for position, entry in left:
            # Same number, same place, same method: the order tells.
            if position not in matched and _method(entry) == operations[position].method.upper():
                matched[position] = entry
    return matched


def _method(entry: Mapping[str, Json]) -> str:
    return str(get(dict(entry), "method") or "").upper()


def _outcome(
    operation: BulkOperation, entry: Mapping[str, Json] | None, tracking_id: str
) -> BulkOutcome:
    if entry is None:
        return BulkOutcome(operation.bulk_id, 0, _known_id(operation), tracking_id)
    answer = dict(entry)
    response = get(answer, "response")
    status = status_in(get(answer, "status")) or status_in(get(response, "status"))
    ok = 200 <= status < 300
    shown = user_in(response) if ok else None
    return BulkOutcome(
        bulk_id=operation.bulk_id,
        status=status,
        webex_id=_known_id(operation)
        or (shown.id if shown else "")
        or (id_in_location(get(answer, "location")) if ok else ""),
        tracking_id=tracking_id_in(response) or tracking_id,
        detail="" if ok else detail_in(response) or detail_in(answer),
        user=shown,
    )


def _known_id(operation: BulkOperation) -> str:
    return "" if operation.method.upper() == "POST" else id_in_location(operation.path)
