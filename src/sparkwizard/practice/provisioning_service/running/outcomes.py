"""Record what was done for one entry, in the shapes of the logs and of on-demand provisioning."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.provisioning_service.mapping.default_schema import (
    SOURCE_DIRECTORY,
    TARGET_DIRECTORY,
)


@dataclass(slots=True)
class Outcome:
    """Hold what became of one person or group.

    ``action`` is create, update, disable, delete, stagedDelete or other; ``status`` success,
    failure or skipped.
    """

    kind: str
    source_id: str
    source_name: str
    action: str = "other"
    status: str = "success"
    code: str = ""
    reason: str = ""
    target_id: str = ""
    target_name: str = ""
    steps: list[JsonObject] = field(default_factory=list)
    modified: list[JsonObject] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def step(
        self, kind: str, description: str, details: Mapping[str, Any], *, status: str = "success"
    ) -> None:
        """Add a step: import, scoping, matching or export."""
        self.steps.append(
            {
                "name": _STEP_NAMES[kind],
                "provisioningStepType": kind,
                "status": status,
                "description": description,
                "details": {name: _text(value) for name, value in details.items()},
            }
        )

    def skip(self, code: str, reason: str) -> "Outcome":
        """End without a change."""
        self.action, self.status, self.code, self.reason = "other", "skipped", code, reason
        self.step("export", reason, {"SkipReason": code}, status="skipped")
        return self

    def fail(self, code: str, reason: str, step: str = "export") -> "Outcome":
        """End with an error of this entry."""
        self.status, self.code, self.reason = "failure", code, reason
        self.step(step, reason, {"ErrorCode": code}, status="failure")
        return self

    def referred(self, target_id: str, target_name: str) -> None:
        """Note that references were written: who was as they should be is changed after all."""
        self.target_id, self.target_name = target_id, target_name
        if self.action == "other":
            self.action, self.status, self.code, self.reason = "update", "success", "", ""
        self.step("export", "References were written to Cisco Webex", {})

    def change(self, path: str, old: Any, new: Any) -> None:
        """Note a value that changes."""
        self.modified.append({"displayName": path, "oldValue": _text(old), "newValue": _text(new)})

    def record(self, *, ids: Mapping[str, str], principal: JsonObject, now: str) -> JsonObject:
        """Return the entry of the provisioning logs; ``ids`` are those of log, cycle, job, …."""
        return {
            "id": ids["id"],
            "activityDateTime": now,
            "changeId": ids["change"],
            "cycleId": ids["cycle"],
            "durationInMilliseconds": int((time.monotonic() - self.began) * 1000),
            "initiatedBy": {
                "id": "",
                "displayName": "Azure AD Provisioning Service",
                "initiatorType": "system",
            },
            "jobId": ids["job"],
            "modifiedProperties": self.modified,
            "provisioningAction": self.action,
            "provisioningStatusInfo": {
                "status": self.status,
                "errorInformation": self._error(),
            },
            "provisioningSteps": self.steps,
            "servicePrincipal": {
                "id": principal["id"],
                "displayName": principal["displayName"],
            },
            "sourceIdentity": self._identity(self.source_id, self.source_name),
            "sourceSystem": {
                "id": ids["tenant"],
                "displayName": SOURCE_DIRECTORY,
                "details": {},
            },
            "targetIdentity": self._identity(self.target_id, self.target_name),
            "targetSystem": {
                "id": ids["target"],
                "displayName": TARGET_DIRECTORY,
                "details": {
                    "ApplicationId": principal["appId"],
                    "ServicePrincipalId": principal["id"],
                    "ServicePrincipalDisplayName": principal["displayName"],
                },
            },
            "tenantId": ids["tenant"],
        }

    def on_demand(self, *, change_id: str, now: str) -> JsonObject:
        """Return the answer of provisionOnDemand: two texts with JSON in them."""
        result = self.status.title()
        details = {"errorCode": self.code, "errorMessage": self.reason} if self.code else {}
        value = {
            "action": self.action[0].upper() + self.action[1:],
            "changeId": change_id,
            "startTime": now,
            "endTime": now,
            "modifiedProperties": self.modified,
            "provisioningSteps": [
                {
                    "name": one["name"],
                    "type": one["provisioningStepType"].title(),
                    "status": one["status"].title(),
                    "description": one["description"],
                    "timestamp": now,
                    "details": one["details"],
                }
                for one in self.steps
            ],
            "reportableIdentifier": self.source_name,
            "statusInfo": {
                "status": result,
                "errorCode": self.code or None,
                "reason": self.reason or None,
                "additionalDetails": None,
                "errorCategory": None,
                "recommendedAction": None,
            },
            "sourceIdentity": {
                "id": self.source_id,
                "type": self.kind,
                "displayName": self.source_name,
                "details": None,
            },
            "sourceSystem": {"id": None, "name": SOURCE_DIRECTORY, "details": None},
            "targetIdentity": {
                "id": self.target_id or None,
                "type": self.kind,
                "displayName": self.target_name or None,
                "details": None,
            },
            "targetSystem": {"id": None, "name": TARGET_DIRECTORY, "details": None},
        }
        return {
            "key": json.dumps({"result": result, "details": details}),
            "value": json.dumps(value),
        }

    def _identity(self, identifier: str, name: str) -> JsonObject:
        return {"id": identifier, "displayName": name, "identityType": self.kind, "details": {}}

    def _error(self) -> JsonObject | None:
        if not self.code:
            return None
        return {
            "additionalDetails": None,
            "errorCategory": "nonServiceFailure" if self.status == "failure" else "success",
            "errorCode": self.code,
            "reason": self.reason,
            "recommendedAction": None,
        }


_STEP_NAMES = {
    "import": "EntryImport",
    "scoping": "EntrySynchronizationScoping",
    "matching": "EntryMatching",
    "export": "EntryExport",
}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
