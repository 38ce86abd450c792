"""One run as a report: HTML for people and paper, CSV for spreadsheets, JSON for machines.

Everything from a directory is escaped in HTML and can't start a formula in CSV.
"""

from collections.abc import Callable, Mapping, Sequence

from sparkwizard.errors import InputError
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.reports.as_csv import csv_report
from sparkwizard.runs.reports.as_html import html_report
from sparkwizard.runs.reports.as_json import json_report
from sparkwizard.runs.types import ActionRecord, RunRecord

__all__ = ["FORMATS", "render"]

FORMATS: Mapping[str, Callable[[RunRecord, Sequence[ActionRecord]], bytes]] = {
    "html": html_report,
    "csv": csv_report,
    "json": json_report,
}


def render(journal: Journal, run_id: int, form: str) -> bytes:
    """Return one run as ``html``, ``csv`` or ``json``. Raises InputError for no such run."""
    run = journal.run(run_id)
    if run is None:
        raise InputError(
            f"There is no run {run_id}.",
            fix="See which there are with “sparkwizard runs”.",
            code="run-unknown",
        )
    return FORMATS[form](run, journal.actions(run_id))
