"""Count what a cycle did."""

from collections.abc import Iterable

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.provisioning_service.running.outcomes import Outcome


class Counts:
    """Hold the numbers of one cycle; times as Graph writes them."""

    def __init__(self, began: str) -> None:
        self.began = began
        self.ended = began
        self.imported = 0
        self.entitled = 0
        self.exported = 0
        self.escrowed = 0
        self.tried = 0
        self.error: JsonObject | None = None

    def take(self, outcomes: Iterable[Outcome], *, entitled: int) -> None:
        """Count what became of everybody."""
        self.entitled = entitled
        for outcome in outcomes:
            wrote = outcome.status == "success" and outcome.action not in ("other", "stagedDelete")
            self.exported += wrote
            self.escrowed += outcome.status == "failure"
            self.tried += wrote or outcome.status == "failure"

    def failed(self, code: str, message: str) -> None:
        """Note that the cycle as a whole failed."""
        self.error = {"code": code, "message": message, "tenantActionable": True}

    def end(self, now: str) -> None:
        """Note the end."""
        self.ended = now

    def shown(self, identifier: str) -> JsonObject:
        """Return the numbers as Graph shows a synchronizationTaskExecution."""
        state = "EntryLevelErrors" if self.escrowed else "Succeeded"
        return {
            "activityIdentifier": identifier,
            "countEntitled": self.entitled,
            "countEntitledForProvisioning": self.entitled,
            "countEscrowed": self.escrowed,
            "countEscrowedRaw": self.escrowed,
            "countExported": self.exported,
            "countExports": self.exported,
            "countImported": self.imported,
            "countImportedDeltas": self.imported,
            "countImportedReferenceDeltas": 0,
            "error": self.error,
            "state": "Failed" if self.error else state,
            "timeBegan": self.began,
            "timeEnded": self.ended,
        }
