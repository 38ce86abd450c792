"""Hold provisioning jobs: what they are set to, and how far they came."""

import copy
import threading
from dataclasses import dataclass, field
from typing import Self

from sparkwizard.practice.json_values import JsonObject

NEVER = "0001-01-01T00:00:00Z"


@dataclass(slots=True)
class Escrow:
    """Remember an entry that failed: how often, and in which cycle it is tried again.

    Entra waits 6, 12, then 24 hours; here it is one cycle, then two, then four, up to 32.
    """

    attempts: int
    next_cycle: int

    @classmethod
    def after(cls, old: "Escrow | None", cycle: int) -> Self:
        """Return the escrow of an entry that failed in this cycle, perhaps once more."""
        attempts = (old.attempts if old else 0) + 1
        return cls(attempts, cycle + 2 ** min(attempts - 1, 5))


@dataclass(slots=True)
class Quarantine:
    """Say why a job is held back; times as Graph writes them."""

    reason: str
    began: str
    code: str
    message: str
    next_attempt: str
    count: int = 1


@dataclass(slots=True)
class Job:
    """Hold one job of a service principal.

    ``watermark`` is the number of the first change of the directory that was not read yet, None
    before the initial cycle. ``links`` lead from people of the directory to users of Webex,
    ``group_links`` likewise.
    """

    id: str
    template_id: str
    principal_id: str
    schema: JsonObject
    started: bool = False
    cycles: int = 0
    watermark: int | None = None
    links: dict[str, str] = field(default_factory=dict)
    group_links: dict[str, str] = field(default_factory=dict)
    group_members: dict[str, set[str]] = field(default_factory=dict)
    in_scope: set[str] = field(default_factory=set)
    disabled: set[str] = field(default_factory=set)
    staged: set[str] = field(default_factory=set)
    escrows: dict[str, Escrow] = field(default_factory=dict)
    quarantine: Quarantine | None = None
    last: JsonObject | None = None
    last_success: JsonObject | None = None
    last_with_exports: JsonObject | None = None
    steady_since: str = NEVER
    steady_until: str = NEVER
    failures_in_a_row: int = 0
    progress: tuple[int, int] | None = None
    allow_deletes: bool = False
    next_cycle: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def replace_schema(self, schema: JsonObject) -> None:
        """Take a new schema, whole; its mapping and filters are applied to everybody anew."""
        number = int(str(self.schema["version"]).rpartition(".")[2]) + 1
        new = copy.deepcopy(schema)
        new |= {"id": self.id, "version": f"v1.{number}"}
        new.setdefault("directories", [])
        self.schema = new
        self.watermark = None

    def restart(self, scopes: frozenset[str]) -> None:
        """Forget what a restart with these scopes forgets; none is what the portal does."""
        wanted = scopes or frozenset({"Watermark", "Escrows", "QuarantineState"})
        if wanted & {"Full", "Watermark"}:
            self.watermark = None
        if wanted & {"Full", "Escrows"}:
            self.escrows.clear()
        if wanted & {"Full", "QuarantineState", "ForceDeletes"}:
            self.quarantine = None
        if "Full" in wanted:
            self.links.clear()
            self.group_links.clear()
            self.group_members.clear()
            self.disabled.clear()
        self.allow_deletes = "ForceDeletes" in wanted
        self.started = True
        self.next_cycle = 0.0


def shown_job(job: Job, *, configured: bool) -> JsonObject:
    """Return a job as Graph shows it."""
    return {
        "id": job.id,
        "templateId": job.template_id,
        "schedule": {
            "expiration": None,
            "interval": "PT40M",
            "state": "Active" if job.started else "Disabled",
        },
        "status": _status(job, configured=configured),
        "synchronizationJobSettings": [
            {"name": "AzureIngestionAttributeOptimization", "value": "False"}
        ],
    }


def _status(job: Job, *, configured: bool) -> JsonObject:
    return {
        "code": _code(job, configured=configured),
        "countSuccessiveCompleteFailures": job.failures_in_a_row,
        "escrowsPruned": False,
        "lastExecution": job.last,
        "lastSuccessfulExecution": job.last_success,
        "lastSuccessfulExecutionWithExports": job.last_with_exports,
        "progress": _progress(job),
        "quarantine": _quarantine(job.quarantine),
        "steadyStateFirstAchievedTime": job.steady_since,
        "steadyStateLastAchievedTime": job.steady_until,
        "synchronizedEntryCountByType": [
            {"key": kind, "value": len(links)}
            for kind, links in (("User", job.links), ("Group", job.group_links))
            if links
        ],
        "troubleshootingUrl": None,
    }


def _code(job: Job, *, configured: bool) -> str:
    if not configured:
        return "NotConfigured"
    if job.quarantine is not None:
        return "Quarantine"
    if job.started:
        return "Active" if job.last is not None else "NotRun"
    return "Paused" if job.last is not None else "NotRun"


def _progress(job: Job) -> list[JsonObject]:
    if job.progress is None:
        return []
    done, total = job.progress
    observed = (job.last or {}).get("timeEnded", NEVER)
    return [
        {
            "completedUnits": done,
            "progressObservationDateTime": observed,
            "totalUnits": total,
            "units": "Objects",
        }
    ]


def _quarantine(quarantine: Quarantine | None) -> JsonObject | None:
    if quarantine is None:
        return None
    return {
        "currentBegan": quarantine.began,
        "error": {
            "code": quarantine.code,
            "message": quarantine.message,
            "tenantActionable": True,
        },
        "nextAttempt": quarantine.next_attempt,
        "reason": quarantine.reason,
        "seriesBegan": quarantine.began,
        "seriesCount": quarantine.count,
    }
