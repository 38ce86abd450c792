"""What the watch of Entra's service says: facts, restarts, entries of the logs, the hand-off."""

from collections.abc import Iterator
from datetime import datetime

from sparkwizard.entra.provisioning_job.job_types import LogEntry, OnDemandStep, RestartKind
from sparkwizard.entra.provisioning_job.remedies import error_remedy
from sparkwizard.runs.cloud.types import HandOff, HandOffKind, KnownJob, Watch
from sparkwizard.wizard.cloud.words import comparison_words
from sparkwizard.wizard.moments import clock_words, count_words, since_words

__all__ = [
    "HAND_OFF_MARKS",
    "HAND_OFF_WORDS",
    "RESTART_TITLES",
    "STATUS_MARKS",
    "entry_details",
    "hand_off_lines",
    "known_words",
    "needs_second_look",
    "step_summary",
    "token_words",
    "watch_facts",
]

RESTART_TITLES: dict[RestartKind, str] = {
    RestartKind.FROM_THE_START: "From the start, as the portal does",
    RestartKind.FAILED_ENTRIES: "Only those who failed",
    RestartKind.END_QUARANTINE: "End the quarantine",
    RestartKind.ALLOW_DELETES: "Carry out the removals held back",
    RestartKind.FORGET_LINKS: "Forget who is who, and look anew",
}

STATUS_MARKS: dict[str, tuple[str, str]] = {
    "success": ("success", "success"),
    "warning": ("warning", "warning"),
    "failure": ("fail", "danger"),
    "skipped": ("skip", "muted"),
}

HAND_OFF_WORDS: dict[HandOffKind, str] = {
    HandOffKind.MATCHED: "as foretold",
    HandOffKind.DIFFERING: "otherwise",
    HandOffKind.MISSING: "still to come",
    HandOffKind.UNEXPECTED: "not foretold",
}

HAND_OFF_MARKS: dict[HandOffKind, tuple[str, str]] = {
    HandOffKind.MATCHED: ("success", "success"),
    HandOffKind.DIFFERING: ("warning", "warning"),
    HandOffKind.MISSING: ("clock", "muted"),
    HandOffKind.UNEXPECTED: ("fail", "danger"),
}


_ENDS = {
    "Succeeded": "went well",
    "EntryLevelErrors": "some people failed",
    "Failed": "failed",
}
_KINDS = {"User": ("person", "people"), "Group": ("group", "groups")}


def watch_facts(watch: Watch, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield what is known of a job, by name."""
    status = watch.status
    yield "Application", watch.application.name
    last = status.last
    if last is not None and last.ended is not None:
        yield "Last cycle", f"{since_words(last.ended, now)}, {_ENDS.get(last.state, 'ended')}"
    if watch.progress is not None:
        yield "This cycle", f"{watch.progress:.0%} done"
    if (next_run := status.next_run) is not None:
        yield "Next cycle", f"About {clock_words(next_run, now)}, every {status.interval} minutes"
    if status.counts:
        kept = (
            count_words(number, *_KINDS.get(kind, (kind, kind))) for kind, number in status.counts
        )
        yield "In step", ", ".join(kept)
    yield "Secret Token", token_words(watch.renew_in)


def token_words(days: int | None) -> str:
    """Say how long the Secret Token given to Entra lasts."""
    if days is None:
        return "Nobody noted when it ends"
    if days < 0:
        return "Has ended"
    return f"{count_words(days, 'day')} left"


def known_words(known: KnownJob | None) -> tuple[str, str]:
    """Return how a job stood when it was last seen, and the tone of that."""
    if known is None:
        return "Not set up", "muted"
    return ("On", "success") if known.on else ("Off", "muted")


def needs_second_look(kind: RestartKind) -> bool:
    """Return whether somebody may lose access, or stay, by a restart of this kind."""
    return kind in (RestartKind.ALLOW_DELETES, RestartKind.FORGET_LINKS)


# -- logs, one person --------------------------------------------------------------------------


def entry_details(entry: LogEntry) -> Iterator[tuple[str, str]]:
    """Yield what is to be known about an entry of the logs, by name."""
    remedy = error_remedy(entry.error_code)
    if entry.reason or entry.error_code:
        yield "Why", " ".join(filter(None, (entry.reason, entry.error_code)))
    if fix := remedy.fix if remedy else entry.recommended:
        yield "To do", fix
    for name, old, new in entry.changes:
        yield name, f"{old or 'nothing'} → {new or 'nothing'}"
    for step in entry.steps:
        yield step.name or step.kind, f"{step.status}. {step.text}".rstrip()
    yield "In Entra", entry.source_id or "nobody"
    yield "In Webex", entry.target_id or "nobody"


def step_summary(step: OnDemandStep) -> str:
    """Say how a step of provisioning on demand came out."""
    return f"{step.status.capitalize()}. {step.text}".strip().rstrip(".") + "."


# -- the hand-off ------------------------------------------------------------------------------


def hand_off_lines(found: HandOff) -> Iterator[str]:
    """Say how the schema stands to the setup, and what was done to what was foretold."""
    if found.differences:
        number = count_words(len(found.differences), "point")
        yield f"Entra's schema differs from this setup in {number}."
    else:
        yield "Entra's schema says what this setup says."
    if found.comparison is not None:
        yield f"People: {comparison_words(found.comparison.people)}"
        if found.comparison.groups:
            yield f"Groups: {comparison_words(found.comparison.groups)}"
    elif found.waiting:
        yield "What the next cycle will do is foretold and kept. Compare again once it has ended."
    else:
        yield "Without a Webex token nothing is foretold, so people are not compared."
