"""Check batches: their rules are told in words only (GD: json-batching)."""

import json
from collections.abc import Callable
from typing import Any

type CheckRequest = Callable[[str, str, dict[str, str], Any], list[str]]
type CheckAnswer = Callable[[str, str, int, Any], list[str]]

_MOST = 20
_PARTS = frozenset({"id", "method", "url", "headers", "body", "dependsOn"})


def batch_request_faults(content: Any, check: CheckRequest) -> list[str]:
    """Return what is wrong with a batch and with the requests in it."""
    requests = content.get("requests") if isinstance(content, dict) else None
    if not isinstance(requests, list) or not 1 <= len(requests) <= _MOST:
        return [f"a batch holds 1 to {_MOST} requests"]
    faults, seen = [], set[str]()
    for one in requests:
        place = f"request {one.get('id')}"
        faults += [f"{place} has {name}" for name in one if name not in _PARTS]
        if not isinstance(one.get("id"), str) or one["id"] in seen:
            faults.append(f"{place} needs an id of its own, as a text")
        faults += [
            f"{place} depends on {other}" for other in one.get("dependsOn", ()) if other not in seen
        ]
        seen.add(str(one.get("id")))
        headers = {name.lower(): value for name, value in one.get("headers", {}).items()}
        if "body" in one and "content-type" not in headers:
            faults.append(f"{place} has a body and needs Content-Type")
        found = check(one.get("method", ""), one.get("url", ""), headers, one.get("body"))
        faults += [f"{place}: {fault}" for fault in found]
    return faults


def batch_answer_faults(content: Any, request_body: bytes, check: CheckAnswer) -> list[str]:
    """Return what is wrong with the answer to a batch."""
    asked = {one["id"]: one for one in json.loads(request_body)["requests"]}
    responses = content.get("responses") if isinstance(content, dict) else None
    if not isinstance(responses, list):
        return ["the answer to a batch has responses"]
    faults = []
    if sorted(one["id"] for one in responses) != sorted(asked):
        faults.append("a batch has one response for each request")
    for one in responses:
        request = asked.get(one["id"])
        if request is not None:
            found = check(request["method"], request["url"], one["status"], one.get("body"))
            faults += [f"response {one['id']}: {fault}" for fault in found]
    return faults
