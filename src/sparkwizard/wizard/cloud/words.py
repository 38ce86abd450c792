"""Say how Entra's provisioning service stands, what it did, and what would be changed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from sparkwizard.entra.provisioning_job.job_types import (
    JobStatus,
    LogEntry,
    OnDemandResult,
    RestartKind,
)
from sparkwizard.entra.provisioning_job.remedies import error_remedy, quarantine_remedy
from sparkwizard.entra.provisioning_job.types import Step, TenantPlan
from sparkwizard.runs.cloud.types import HandOffKind, HandOffPerson, Watch
from sparkwizard.wizard.moments import clock_words, count_words

__all__ = [
    "ON_DEMAND_NAMES",
    "ON_DEMAND_STEPS",
    "STEP_TITLES",
    "Notice",
    "comparison_words",
    "entry_words",
    "notices",
    "on_demand_words",
    "plan_words",
    "status_words",
]

STEP_TITLES: dict[Step, str] = {
    Step.APPLICATION: "Add the application",
    Step.JOB: "Set up automatic provisioning",
    Step.ASSIGNMENTS: "Assign people and groups",
    Step.SETTINGS: "Save credentials and settings",
    Step.SCHEMA: "Write attribute mapping and filters",
    Step.RESTART: "Read everybody again",
    Step.STATUS: "Provisioning status",
}

ON_DEMAND_STEPS: dict[str, str] = {
    "import": "Read the person from the directory",
    "scoping": "Decide whether they are in scope",
    "matching": "Look for the Webex user they have already",
    "processing": "Work out what to do",
    "referenceresolution": "Resolve references",
    "export": "Create or change the Webex user",
}

ON_DEMAND_NAMES: dict[str, str] = {
    "import": "Read",
    "scoping": "Scope",
    "matching": "Match",
    "processing": "Decide",
    "referenceresolution": "References",
    "export": "Write",
}

_ACTIONS = {
    "create": "created",
    "update": "changed",
    "disable": "turned off",
    "delete": "deleted",
    "stageddelete": "held back from being removed",
}


class Notice(msgspec.Struct, frozen=True):
    """Hold something to be looked at; ``tone`` is ``danger`` or ``warning``.

    ``restart`` is the restart that belongs to it, None for none.
    """

    tone: str
    text: str
    fix: str
    restart: RestartKind | None = None


def status_words(status: JobStatus, now: datetime) -> str:
    """Say in one line how the job stands."""
    if status.quarantine is not None:
        return "In quarantine: Entra tries once a day only."
    if status.progress and status.on:
        return "A cycle is running."
    if not status.on:
        return "Off. Nobody is provisioned by Entra."
    if status.last is None or status.last.ended is None:
        return "On. The first cycle has not ended yet."
    ended = clock_words(status.last.ended, now)
    failed = status.last.escrowed
    rest = f", {count_words(failed, 'person', 'people')} failed" if failed else ""
    return f"On. The last cycle ended {ended}{rest}."


def notices(watch: Watch) -> tuple[Notice, ...]:
    """Return what of a job needs a look, the most urgent first."""
    return tuple(_notices(watch))


def _notices(watch: Watch) -> Iterator[Notice]:
    found = watch.status.quarantine
    if found is not None:
        remedy = quarantine_remedy(found.reason)
        said = f" It says: {found.error}" if found.error else ""
        yield Notice("danger", f"{remedy.text}{said}", remedy.fix, remedy.restart)
    if watch.renew_in is not None and watch.renew_in < 0:
        yield Notice(
            "danger",
            "The Secret Token given to Entra has ended; nobody is provisioned without it.",
            "Renew it.",
        )
    elif watch.renew_soon and watch.renew_in is not None:
        days = count_words(watch.renew_in, "day")
        yield Notice("warning", f"The Secret Token given to Entra ends in {days}.", "Renew it.")
    last = watch.status.last
    if last is not None and last.state == "Failed" and found is None:
        remedy_text = error_remedy(last.error_code)
        text = last.error or (remedy_text.text if remedy_text else "Entra does not say why.")
        yield Notice("warning", f"The last cycle failed. {text}", "Look at the logs.")


def plan_words(plan: TenantPlan) -> str:
    """Say how much a plan would change."""
    if plan.blocked:
        return "Nothing can be written yet."
    if not plan.changes:
        return "The tenant is as this setup wants it. Nothing would be changed."
    number = count_words(len(plan.changes), "change")
    return f"{number} to the tenant would be made, and nothing else."


# -- logs --------------------------------------------------------------------------------------


def entry_words(entry: LogEntry) -> str:
    """Say what an entry of the logs is about, with what to do where it failed."""
    remedy = error_remedy(entry.error_code)
    if entry.status in ("success", "warning"):
        done = _ACTIONS.get(entry.action, "looked at")
        return f"{entry.label} was {done}."
    said = remedy.text if remedy else entry.reason or entry.error_code
    return f"{entry.label} {_outcome(entry.status, entry.error_code)}. {said}".strip()


def _outcome(status: str, code: str) -> str:
    """Say how it came out where nothing was written: who agrees already was not left out."""
    if status != "skipped":
        return "failed"
    return "needs no change" if code.lower() == "redundantexport" else "was left out"


# -- on demand, hand-off -----------------------------------------------------------------------


def on_demand_words(result: OnDemandResult) -> str:
    """Say how provisioning one person on demand came out."""
    if result.status in ("success", "warning"):
        done = _ACTIONS.get(result.action, "looked at")
        return f"{result.person} was {done}."
    remedy = error_remedy(result.error_code)
    said = remedy.text if remedy else result.reason
    return f"{result.person} {_outcome(result.status, result.error_code)}. {said}".strip()


def comparison_words(compared: Sequence[HandOffPerson]) -> str:
    """Say how what Entra did stands to what was foretold."""
    kinds: Sequence[tuple[HandOffKind, str]] = (
        (HandOffKind.MATCHED, "as foretold"),
        (HandOffKind.DIFFERING, "otherwise"),
        (HandOffKind.MISSING, "still to come"),
        (HandOffKind.UNEXPECTED, "not foretold"),
    )
    numbers = Counter(one.kind for one in compared)
    return ", ".join(f"{numbers[kind]:,} {words}" for kind, words in kinds) + "."
