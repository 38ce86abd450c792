"""What the start and the overview tell about saved setups, from their runs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

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


class LastRun(msgspec.Struct, frozen=True):
    """Hold the last run in words; ``tone`` is ``success``, ``warning``, ``danger`` or ``muted``."""

    state: str
    tone: str
    when: str


class Finding(msgspec.Struct, frozen=True):
    """Hold one thing of the last run that needs a look, and how many people it concerns."""

    text: str
    people: int


def default_name(identity: Identity) -> str:
    """Return a name for a new setup: the organization's, else the domain of the e-mail."""
    domain = identity.email.rpartition("@")[2]
    return identity.organization.name or domain or "Webex"


def run_changes(run: RunRecord) -> str:
    """Return what a run did, as one cell says it."""
    done, groups = run.applied, run.groups
    if not (done or run.failed or groups.total):
        return "No changes"
    of_groups = f"{count_words(groups.applied, 'change')} of groups" if groups.total else ""
    if not (done or run.failed):
        return of_groups
    return ", ".join(filter(None, (count_words(done, "change"), of_groups)))


def run_outcome(run: RunRecord) -> tuple[str, str]:
    """Return how a run ended, and the tone of its mark."""
    failed = run.failed + run.groups.failed
    left = run.not_attempted + run.groups.not_attempted
    endings = (
        (run.state is RunState.RUNNING, "Not finished", "warning"),
        (failed, f"{failed:,} failed", "danger"),
        (run.state is RunState.FAILED, "Broke off", "danger"),
        (run.state is RunState.CANCELLED, "Stopped by you", "warning"),
        (run.stops or run.group_stop, "Held back by a limit", "warning"),
        (left, f"{left:,} left alone", "warning"),
    )
    return next(((words, tone) for so, words, tone in endings if so), ("Done", "success"))


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


def findings_of(
    run: RunRecord, actions: Iterable[ActionRecord], groups: Iterable[ActionRecord] = ()
) -> tuple[Finding, ...]:
    """Return what needs a look after a run: what failed or was left alone, by reason, then limits.

    ``actions`` are what the run did to people, ``groups`` to groups; what a limit held back is told
    once, by its stop.
    """
    findings = [
        *_alike(actions, ActionState.FAILED, "people", "failed"),
        *_alike(groups, ActionState.FAILED, "changes of groups", "failed"),
        *_alike(actions, ActionState.NOT_ATTEMPTED, "people", "were left alone"),
        *_alike(groups, ActionState.NOT_ATTEMPTED, "changes of groups", "were left alone"),
    ]
    findings += [Finding(stop.reason.text, stop.count) for stop in run.stops]
    return (*findings, *([Finding(run.group_stop.text, 0)] if run.group_stop else []))


def _alike(
    records: Iterable[ActionRecord], state: ActionState, whom: str, what: str
) -> Iterator[Finding]:
    by_reason: dict[str, list[ActionRecord]] = {}
    for record in records:
        if record.state is state and record.code != "held-back":
            by_reason.setdefault(record.code or record.message, []).append(record)
    for some in sorted(by_reason.values(), key=len, reverse=True):
        first, number = some[0], len(some)
        message = first.message or "Webex refused without a reason."
        words = f"{first.action.label}: {message}"
        yield Finding(words if number == 1 else f"{number:,} {whom} {what} alike. {words}", number)


def _lower(run: RunRecord) -> str:
    words = run_changes(run)
    return words[:1].lower() + words[1:]
