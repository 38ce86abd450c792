"""One run as a report: HTML for people and paper, CSV for spreadsheets, JSON for machines.

All three with the setup, the plan and the outcome make the pack for change control, one ZIP file.

Everything from a directory is escaped in HTML and can't start a formula in CSV.
"""

from collections.abc import Callable, Mapping, Sequence

from sparkwizard.runs.journal import Journal
from sparkwizard.runs.known import known_run
from sparkwizard.runs.reports.as_csv import csv_report
from sparkwizard.runs.reports.as_html import html_report
from sparkwizard.runs.reports.as_json import json_report
from sparkwizard.runs.reports.pack import pack_report
from sparkwizard.runs.types import ActionRecord, RunRecord

__all__ = ["FORMATS", "render"]

FORMATS: Mapping[
    str, Callable[[RunRecord, Sequence[ActionRecord], Sequence[ActionRecord]], bytes]
] = {
    "html": html_report,
    "csv": csv_report,
    "json": json_report,
}


def render(journal: Journal, run_id: int, form: str) -> bytes:
    """Return one run as ``html``, ``csv``, ``json`` or ``pack``. Raises InputError for none."""
    run, actions = known_run(journal, run_id), journal.actions(run_id)
    groups = journal.group_actions(run_id)
    if form == "pack":
        return pack_report(run, actions, journal.papers(run_id), groups)
    return FORMATS[form](run, actions, groups)
