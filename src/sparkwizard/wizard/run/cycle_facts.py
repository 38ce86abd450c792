"""What the overview tells of a setup's cycles: the last one, what waits, and quarantine."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import msgspec

from sparkwizard.runs.cycles.types import CycleKind, CycleState, Escrowed, Overview, Quarantine
from sparkwizard.wizard.moments import clock_words, count_words, day_words, since_words
from sparkwizard.wizard.run.setup_facts import Finding

__all__ = ["QuarantineWords", "cycle_rows", "quarantine_words", "waiting_findings", "waiting_words"]

_REMEDIES = {
    "quarantine-credentials": ("Paste a new token", "TOKEN"),
    "quarantine-source": ("Choose the people again", "PEOPLE"),
}


class QuarantineWords(msgspec.Struct, frozen=True):
    """Hold a quarantine in words; ``step`` is where it is mended, empty for nowhere."""

    heading: str
    text: str
    remedy: str
    step: str


def cycle_rows(overview: Overview, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield name and value of what there is to tell beside the last run."""
    if overview.last:
        yield "Last sync", _last(overview.last, now)
    if overview.escrow:
        yield "Waiting", waiting_words(overview.escrow, now)


def _last(last: CycleState, now: datetime) -> str:
    read = "read what changed" if last.kind is CycleKind.INCREMENTAL else "read everything"
    return f"{since_words(last.at, now)}, {read}"


def waiting_words(escrow: Sequence[Escrowed], now: datetime) -> str:
    """Return how many failed and when the next of them is tried again."""
    who = count_words(len(escrow), "person", "people")
    due = next((one.next_try_at for one in escrow if one.next_try_at), None)
    if due is None:
        return f"{who}, tried again when they change or by a full sync"
    when = "with the next sync" if due <= now else clock_words(due, now)
    return f"{who}, tried again {when}"


def waiting_findings(
    escrow: Sequence[Escrowed], told: Collection[str], now: datetime
) -> tuple[Finding, ...]:
    """Return who waits and why, gathered by the reason; ``told`` are source ids left out."""
    by_reason: dict[str, list[Escrowed]] = {}
    for one in escrow:
        if one.source_id not in told:
            by_reason.setdefault(one.code, []).append(one)
    return tuple(_waiting(group, now) for group in by_reason.values())


def _waiting(group: Sequence[Escrowed], now: datetime) -> Finding:
    first = group[0]
    who = first.label if len(group) == 1 else f"{first.label} and {len(group) - 1:,} more"
    due = first.next_try_at
    when = f"Tried again {clock_words(due, now)}." if due and due > now else ""
    return Finding(f"{who}: {first.message} {when}".strip(), len(group))


def quarantine_words(quarantine: Quarantine, now: datetime) -> QuarantineWords:
    """Return why a setup slowed down, until when, and what ends it."""
    remedy, step = _REMEDIES.get(quarantine.reason.code, ("", ""))
    return QuarantineWords(
        f"In quarantine since {day_words(quarantine.since, now)}, tried once a day",
        f"{quarantine.reason.text} Sync now tries at once; else it is tried"
        f" {clock_words(quarantine.next_try_at, now)}.",
        remedy,
        step,
    )
