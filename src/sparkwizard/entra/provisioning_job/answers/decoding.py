"""Read what Graph says of applications, jobs and their state, leniently. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sparkwizard.entra.provisioning_job.job_types import Execution, JobStatus, Progress, Quarantine
from sparkwizard.entra.provisioning_job.types import (
    DEFAULT_ACCESS,
    Application,
    AppRole,
    Assignment,
    Job,
    Template,
)

__all__ = [
    "application_in",
    "assignment_in",
    "job_in",
    "moment_in",
    "template_in",
    "text_in",
]

type Object = Mapping[str, Any]

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?")
_FRACTION = re.compile(r"(\.\d{6})\d+")


def template_in(body: Object) -> Template:
    """Return an entry of the gallery."""
    kinds = [str(kind).lower() for kind in _list(body, "supportedProvisioningTypes")]
    provisions = "sync" in kinds or not kinds
    return Template(text_in(body, "id"), text_in(body, "displayName"), provisions)


def application_in(body: Object) -> Application:
    """Return a service principal with the roles it declares."""
    return Application(
        text_in(body, "id"),
        text_in(body, "appId"),
        text_in(body, "displayName"),
        text_in(body, "applicationTemplateId"),
        tuple(_role(role) for role in _list(body, "appRoles") if isinstance(role, dict)),
    )


def _role(body: Object) -> AppRole:
    return AppRole(
        text_in(body, "id"),
        text_in(body, "displayName"),
        text_in(body, "value"),
        body.get("isEnabled") is not False,
        "User" in _list(body, "allowedMemberTypes"),
    )


def assignment_in(body: Object) -> Assignment:
    """Return who is assigned."""
    return Assignment(
        text_in(body, "principalId"),
        text_in(body, "principalDisplayName"),
        text_in(body, "principalType"),
        text_in(body, "appRoleId") or DEFAULT_ACCESS,
    )


def job_in(body: Object) -> Job:
    """Return a provisioning job with how it stands."""
    status, schedule = _object(body, "status"), _object(body, "schedule")
    return Job(
        text_in(body, "id"),
        text_in(body, "templateId"),
        JobStatus(
            code=text_in(status, "code") or "NotConfigured",
            schedule=text_in(schedule, "state"),
            interval=_minutes(text_in(schedule, "interval")),
            last=_execution(status, "lastExecution"),
            last_success=_execution(status, "lastSuccessfulExecution"),
            last_with_exports=_execution(status, "lastSuccessfulExecutionWithExports"),
            progress=tuple(
                Progress(
                    text_in(one, "units"), _count(one, "completedUnits"), _count(one, "totalUnits")
                )
                for one in _list(status, "progress")
                if isinstance(one, dict)
            ),
            quarantine=_quarantine(status),
            counts=tuple(
                (text_in(one, "key"), _count(one, "value"))
                for one in _list(status, "synchronizedEntryCountByType")
                if isinstance(one, dict)
            ),
            steady_since=moment_in(status, "steadyStateFirstAchievedTime"),
        ),
    )


def _execution(status: Object, key: str) -> Execution | None:
    body = _object(status, key)
    if not body:
        return None
    error = _object(body, "error")
    return Execution(
        text_in(body, "state"),
        moment_in(body, "timeBegan"),
        moment_in(body, "timeEnded"),
        _count(body, "countEntitled"),
        _count(body, "countImported"),
        _count(body, "countExported"),
        _count(body, "countEscrowed"),
        text_in(error, "code"),
        text_in(error, "message"),
    )


def _quarantine(status: Object) -> Quarantine | None:
    body = _object(status, "quarantine")
    if not body and text_in(status, "code") != "Quarantine":
        return None
    error = _object(body, "error")
    return Quarantine(
        text_in(body, "reason") or "Unknown",
        moment_in(body, "currentBegan"),
        moment_in(body, "nextAttempt"),
        text_in(error, "code"),
        text_in(error, "message"),
    )


def text_in(body: Object, key: str) -> str:
    """Return a text, "" where there is none."""
    value = body.get(key)
    return value if isinstance(value, str) else ""


def moment_in(body: Object, key: str) -> datetime | None:
    """Return a moment with its zone; None for none, and for year 1, which Graph writes for none."""
    try:
        found = datetime.fromisoformat(_FRACTION.sub(r"\1", text_in(body, key)))
    except ValueError:
        return None
    return found.astimezone() if found.year > 1 and found.tzinfo else None


def _minutes(duration: str) -> int:
    found = _DURATION.fullmatch(duration)
    if found is None:
        return 40  # fixed (facts: entra.md §4)
    days, hours, minutes, _seconds = (int(part or 0) for part in found.groups())
    return days * 1440 + hours * 60 + minutes or 40


def _count(body: Object, key: str) -> int:
    value = body.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _object(body: Object, key: str) -> Object:
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def _list(body: Object, key: str) -> list[Any]:
    value = body.get(key)
    return value if isinstance(value, list) else []
