"""A run for spreadsheets."""

from collections.abc import Sequence

from sparkwizard.directory.csv_safe import csv_text
from sparkwizard.runs.reports.words import change_text, group_changes, why
from sparkwizard.runs.types import ActionRecord, ActionState, RunRecord

__all__ = ["csv_report"]

_HEADER = (
    "person",
    "user name",
    "action",
    "outcome",
    "what changed",
    "why",
    "tracking id",
    "at",
)


def csv_report(
    _: RunRecord, actions: Sequence[ActionRecord], groups: Sequence[ActionRecord] = ()
) -> bytes:
    """Return one row for each action, groups last; no cell can start a formula."""
    rows = [
        (
            record.action.label,
            record.action.user_name,
            record.action.kind.value,
            record.state.value,
            "; ".join(change_text(change) for change in record.action.changes),
            _why(record),
            record.tracking_id,
            record.at.isoformat() if record.at else "",
        )
        for record in actions
    ]
    rows += [
        (
            record.action.label,
            "",
            f"group {record.action.kind.value}",
            record.state.value,
            "; ".join(group_changes(record.action)),
            _why(record),
            record.tracking_id,
            record.at.isoformat() if record.at else "",
        )
        for record in groups
    ]
    # a name may hold half of a character pair, which no encoding has
    return csv_text(_HEADER, rows).encode("utf-8-sig", "replace")


def _why(record: ActionRecord) -> str:
    tracked = record.tracking_id and record.state is ActionState.FAILED
    return f"{why(record)}\nTracking ID {record.tracking_id}" if tracked else why(record)
