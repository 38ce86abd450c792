"""Look a run up by its number, and say why where it is not there."""

from sparkwizard.errors import InputError
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.types import RunRecord

__all__ = ["known_run"]


def known_run(journal: Journal, run_id: int) -> RunRecord:
    """Return a run. Raises InputError for no such run, or one that was removed for its age."""
    run = journal.run(run_id)
    if run is not None:
        return run
    gone = next((one for one in journal.pruned() if one.id == run_id), None)
    if gone is not None:
        raise InputError(
            f"Run {run_id} of {gone.started_at:%Y-%m-%d} was removed from the journal for its age.",
            fix="It can no longer be reported or undone; a report of it that you kept still can be"
            " read.",
            code="run-pruned",
        )
    raise InputError(
        f"There is no run {run_id}.",
        fix="See which there are with “sparkwizard runs”.",
        code="run-unknown",
    )
