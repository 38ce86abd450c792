"""Read the answer of provisioning one person on demand. Pure.

``key`` and ``value`` may both be JSON in a text, ``value`` an object or a list of one; ``key`` may
say that it was skipped (facts: entra.md §6, On-demand body).
"""

import json
from collections.abc import Mapping
from typing import Any

from sparkwizard.entra.provisioning_job.answers.decoding import text_in
from sparkwizard.entra.provisioning_job.answers.log_entries import modified_in
from sparkwizard.entra.provisioning_job.job_types import OnDemandResult, OnDemandStep

__all__ = ["on_demand_body", "on_demand_in"]

type Object = Mapping[str, Any]


def on_demand_body(rule_id: str, object_id: str, kind: str = "User") -> dict[str, Any]:
    """Return what asks for one person or one group to be provisioned."""
    subject = {"objectId": object_id, "objectTypeName": kind}
    return {"parameters": [{"ruleId": rule_id, "subjects": [subject]}]}


def on_demand_in(answer: Object, person: str) -> OnDemandResult:
    """Return how it came out; an answer that can't be read has the status ``unknown``."""
    said, value = _parsed(answer.get("key")), _first(_parsed(answer.get("value")))
    status = _object(value, "provisioningStatusInfo") or _object(value, "statusInfo")
    error = _object(status, "errorInformation")
    outcome = text_in(status, "status") or (text_in(said, "result") if said else "")
    details = _object(said, "details")
    return OnDemandResult(
        person=person,
        status=outcome.lower() or "unknown",
        action=(text_in(value, "provisioningAction") or text_in(value, "action")).lower(),
        steps=tuple(_step(one) for one in _list(value, "provisioningSteps")),
        changes=modified_in(value),
        error_code=_first_text("errorCode", error, status, details),
        reason=_first_text("reason", error, status) or text_in(details, "errorMessage"),
    )


def _first_text(key: str, *places: Object) -> str:
    return next((text for place in places if (text := text_in(place, key))), "")


def _step(body: Object) -> OnDemandStep:
    kind = text_in(body, "provisioningStepType") or text_in(body, "type")
    details = _object(body, "details")
    return OnDemandStep(
        text_in(body, "name"),
        kind.lower(),
        text_in(body, "status").lower(),
        text_in(body, "description"),
        tuple((str(name), _shown(value)) for name, value in details.items()),
    )


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parsed(value: object) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _first(value: object) -> Object:
    found = value[0] if isinstance(value, list) and value else value
    return found if isinstance(found, dict) else {}


def _object(body: object, key: str) -> Object:
    value = body.get(key) if isinstance(body, dict) else None
    return value if isinstance(value, dict) else {}


def _list(body: Object, key: str) -> list[Object]:
    value = body.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
