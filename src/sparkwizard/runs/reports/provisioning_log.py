"""The provisioning logs of Entra as a file: CSV for spreadsheets, JSON for machines."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from sparkwizard.directory.csv_safe import write_csv
from sparkwizard.entra.provisioning_job.job_types import LogEntry
from sparkwizard.entra.provisioning_job.remedies import error_remedy
from sparkwizard.errors import InputError
from sparkwizard.setup.places import write_private

__all__ = ["LOG_HEADER", "log_document", "log_row", "write_log"]

LOG_HEADER = (
    "time",
    "person",
    "action",
    "status",
    "changes",
    "error code",
    "reason",
    "what to do",
    "source id",
    "target id",
    "change id",
    "cycle id",
)


def write_log(path: Path, entries: Sequence[LogEntry]) -> None:
    """Write entries to a .csv or .json file, readable by its owner only.

    Raises ``InputError`` for another ending, ``StorageError`` where it can't be written.
    """
    match path.suffix.lower():
        case ".csv":
            write_csv(path, LOG_HEADER, map(log_row, entries))
        case ".json":
            content = msgspec.json.encode([log_document(entry) for entry in entries])
            write_private(path, msgspec.json.format(content, indent=1) + b"\n")
        case _:
            raise InputError(
                f"{path.name} is neither a .csv nor a .json file.",
                fix="Choose a name that ends in one of them.",
                code="log-format",
            )


def log_row(entry: LogEntry) -> tuple[str, ...]:
    """Return an entry as a row under ``LOG_HEADER``, values as Entra wrote them."""
    remedy = error_remedy(entry.error_code)
    changes = "; ".join(f"{name}: {old} > {new}" for name, old, new in entry.changes)
    return (
        entry.at.isoformat(timespec="seconds"),
        entry.label,
        entry.action,
        entry.status,
        changes,
        entry.error_code,
        entry.reason,
        remedy.fix if remedy else entry.recommended,
        entry.source_id,
        entry.target_id,
        entry.change_id,
        entry.cycle_id,
    )


def log_document(entry: LogEntry) -> dict[str, object]:
    """Return an entry as JSON has it."""
    return {
        "id": entry.id,
        "at": entry.at.isoformat(timespec="seconds"),
        "person": entry.label,
        "action": entry.action,
        "status": entry.status,
        "source_id": entry.source_id,
        "source_type": entry.source_type,
        "target_id": entry.target_id,
        "cycle_id": entry.cycle_id,
        "change_id": entry.change_id,
        "milliseconds": entry.milliseconds,
        "changes": [{"attribute": a, "before": b, "after": c} for a, b, c in entry.changes],
        "error_code": entry.error_code,
        "reason": entry.reason,
        "recommended": entry.recommended,
        "steps": [
            {"name": s.name, "kind": s.kind, "status": s.status, "text": s.text}
            for s in entry.steps
        ],
    }
