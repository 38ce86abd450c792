"""What ``runs`` and ``sync`` tell of a setup's cycles."""

from collections.abc import Iterator
from datetime import datetime

from sparkwizard.runs.cycles.types import Escrowed, Overview, Quarantine

__all__ = [
    "cycles_document",
    "cycles_lines",
    "escrow_document",
    "quarantine_document",
    "when_tried",
]

LISTED = 5


def escrow_document(escrow: tuple[Escrowed, ...]) -> list[dict[str, object]]:
    """Return the entries that wait for another try."""
    return [
        {
            "source_id": one.source_id,
            "person": one.label,
            "user_name": one.user_name,
            "code": one.code,
            "reason": one.message,
            "attempts": one.attempts,
            "first_failed_at": one.first_failed_at.isoformat(),
            "next_try_at": one.next_try_at.isoformat() if one.next_try_at else None,
        }
        for one in escrow
    ]


def quarantine_document(quarantine: Quarantine | None) -> dict[str, object] | None:
    """Return the quarantine that a setup is in."""
    if quarantine is None:
        return None
    return {
        "code": quarantine.reason.code,
        "reason": quarantine.reason.text,
        "since": quarantine.since.isoformat(),
        "next_try_at": quarantine.next_try_at.isoformat(),
    }


def cycles_document(overview: Overview) -> dict[str, object]:
    """Return what there is to tell of a setup's cycles."""
    last = overview.last
    return {
        "last_cycle": {"kind": last.kind.value, "at": last.at.isoformat()} if last else None,
        "escrow": escrow_document(overview.escrow),
        "quarantine": quarantine_document(overview.quarantine),
        "only_in_webex": overview.only_in_webex,
    }


def cycles_lines(overview: Overview) -> Iterator[str]:
    """Yield what there is to tell of a setup's cycles, in sentences."""
    if overview.last:
        yield f"Last sync that came to its end: {overview.last.kind} {_moment(overview.last.at)}."
    if overview.quarantine:
        yield (
            f"In quarantine since {_moment(overview.quarantine.since)}, next try"
            f" {_moment(overview.quarantine.next_try_at)}: {overview.quarantine.reason.text}"
        )
    for one in overview.escrow[:LISTED]:
        yield f"  waits until {when_tried(one)}: {one.label}: {one.message}"
    if len(overview.escrow) > LISTED:
        yield f"  and {len(overview.escrow) - LISTED:,} more wait"


def when_tried(entry: Escrowed) -> str:
    """Return when an entry is tried again, in words."""
    return _moment(entry.next_try_at) if entry.next_try_at else "with the next full sync"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
