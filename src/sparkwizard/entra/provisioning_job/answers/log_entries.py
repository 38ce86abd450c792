"""Read entries of the provisioning logs, leniently: v1.0's names, and beta's where they differ."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sparkwizard.entra.provisioning_job.answers.decoding import moment_in, text_in
from sparkwizard.entra.provisioning_job.job_types import LogEntry, LogStep

__all__ = ["entry_in", "modified_in"]

type Object = Mapping[str, Any]

_NO_TIME = datetime.fromtimestamp(0, UTC)


def entry_in(body: Object) -> LogEntry:
    """Return one entry (Graph: provisioningObjectSummary)."""
    source, target = _object(body, "sourceIdentity"), _object(body, "targetIdentity")
    status = _object(body, "provisioningStatusInfo") or _object(body, "statusInfo")
    error = _object(status, "errorInformation")
    action = text_in(body, "provisioningAction") or text_in(body, "action")
    took = body.get("durationInMilliseconds")
    return LogEntry(
        id=text_in(body, "id"),
        at=moment_in(body, "activityDateTime") or _NO_TIME,
        job_id=text_in(body, "jobId"),
        cycle_id=text_in(body, "cycleId"),
        change_id=text_in(body, "changeId"),
        action=action.lower(),
        status=text_in(status, "status").lower(),
        source_id=text_in(source, "id"),
        source_name=text_in(source, "displayName"),
        source_type=text_in(source, "identityType"),
        target_id=text_in(target, "id"),
        target_name=text_in(target, "displayName"),
        milliseconds=took if isinstance(took, int) else 0,
        error_code=text_in(error, "errorCode"),
        reason=text_in(error, "reason"),
        recommended=text_in(error, "recommendedAction"),
        steps=tuple(_step(one) for one in _list(body, "provisioningSteps")),
        changes=modified_in(body),
    )


def modified_in(body: Object) -> tuple[tuple[str, str, str], ...]:
    """Return the attributes that were changed with their old and new values."""
    return tuple(
        (text_in(one, "displayName"), text_in(one, "oldValue"), text_in(one, "newValue"))
        for one in _list(body, "modifiedProperties")
    )


def _step(body: Object) -> LogStep:
    kind = text_in(body, "provisioningStepType") or text_in(body, "type")
    return LogStep(
        text_in(body, "name"),
        kind.lower(),
        text_in(body, "status").lower(),
        text_in(body, "description"),
    )


def _object(body: Object, key: str) -> Object:
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def _list(body: Object, key: str) -> list[Object]:
    value = body.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
