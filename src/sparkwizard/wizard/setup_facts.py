"""What the start and the overview tell about saved setups, from their runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sparkwizard.provisioning.types import Counts
from sparkwizard.runs.types import ActionRecord, ActionState, RunRecord, RunState
from sparkwizard.webex.types import Identity
from sparkwizard.wizard.moments import count_words, since_words

__all__ = [
    "Finding",
    "LastRun",
    "default_name",
    "findings_of",
    "in_scope_words",
    "last_run",
    "run_changes",
    "run_outcome",
]


@dataclass(frozen=True, slots=True)
class LastRun:
    """Hold the last run in words; ``tone`` is ``success``, ``warning``, ``danger`` or ``muted``."""

    state: str
    tone: str
    when: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one thing of the last run that needs a look, and how many people it concerns."""

    text: str
    people: int


def default_name(identity: Identity) -> str:
    """Return a name for a new setup: the organization's, else the domain of the e-mail."""
    domain = identity.email.rpartition("@")[2]
    return identity.organization.name or domain or "Webex"


def run_changes(run: RunRecord) -> str:
    """Return what a run did, as one cell says it."""
    done = run.applied
    if not done and not run.failed:
        return "No changes"
    return count_words(done, "change")


def run_outcome(run: RunRecord) -> tuple[str, str]:
    """Return how a run ended, and the tone of its mark."""
    if run.state is RunState.RUNNING:
        return "Not finished", "warning"
    if run.failed:
        return f"{run.failed:,} failed", "danger"
    if run.state is RunState.FAILED:
        return "Broke off", "danger"
    if run.state is RunState.CANCELLED:
        return "Stopped by you", "warning"
    if run.stops:
        return "Held back by a limit", "warning"
    return "Done", "success"


def last_run(runs: Sequence[RunRecord], now: datetime) -> LastRun:
    """Return the newest run in words."""
    if not runs:
        return LastRun("Not run yet", "muted", "Never")
    newest = runs[0]
    outcome, tone = run_outcome(newest)
    state = "Last run went well" if tone == "success" else outcome
    return LastRun(state, tone, f"{since_words(newest.started_at, now)}, {_lower(newest)}")


def in_scope_words(counts: Counts) -> str:
    """Return how many people the last plan had in scope, of all that it met."""
    inside = counts.create + counts.update + counts.unchanged + counts.problem
    return f"{inside:,} of {count_words(inside + counts.skipped, 'person', 'people')}"


def findings_of(run: RunRecord, actions: Iterable[ActionRecord]) -> tuple[Finding, ...]:
    """Return what needs a look after a run: failures by reason, then what a limit held back."""
    by_reason: dict[str, list[ActionRecord]] = {}
    for record in actions:
        if record.state is ActionState.FAILED:
            by_reason.setdefault(record.code or record.message, []).append(record)
    groups = sorted(by_reason.values(), key=len, reverse=True)
    findings = [_failure(group) for group in groups]
    findings += [Finding(stop.reason.text, stop.count) for stop in run.stops]
    return tuple(findings)


def _failure(group: Sequence[ActionRecord]) -> Finding:
    first = group[0]
    message = first.message or "Webex refused without a reason."
    if len(group) == 1:
        return Finding(f"{first.action.label}: {message}", 1)
    return Finding(
        f"{len(group):,} people failed alike. {first.action.label}: {message}", len(group)
    )


def _lower(run: RunRecord) -> str:
    words = run_changes(run)
    return words[:1].lower() + words[1:]
