"""Tell of the journal in numbers and codes, without anybody's name."""

from collections import Counter

from sparkwizard.runs.journal import Journal
from sparkwizard.runs.types import ActionState, RunRecord

__all__ = ["journal_summary"]

_RUNS = 20


def journal_summary(journal: Journal) -> dict[str, object]:
    """Return size, number of runs, and of the last twenty: times, counts and codes of failures.

    Raises StorageError.
    """
    runs = journal.runs()
    return {
        "bytes": journal.path.stat().st_size,
        "runs": len(runs),
        "removed_for_age": len(journal.pruned()),
        "newest": [_run(journal, run) for run in runs[:_RUNS]],
    }


def _run(journal: Journal, run: RunRecord) -> dict[str, object]:
    codes = Counter(
        f"{record.state} {record.code or 'without code'}"
        for record in journal.actions(run.id)
        if record.state is not ActionState.APPLIED
    )
    return {
        "run": run.id,
        "started": run.started_at.isoformat(),
        "finished": run.finished_at.isoformat() if run.finished_at else None,
        "state": run.state.value,
        "planned": run.counts.as_dict(),
        "applied": run.applied,
        "failed": run.failed,
        "not_attempted": run.not_attempted,
        "stopped": [stop.reason.code for stop in run.stops],
        "groups_stopped": run.group_stop.code if run.group_stop else "",
        "not_done": dict(codes),
    }
