"""One run as a report: HTML for people and paper, CSV for spreadsheets, JSON for machines.

All three with the setup, the plan and the outcome make the pack for change control, one ZIP file.

Everything from a directory is escaped in HTML and can't start a formula in CSV.
A form is imported once it is chosen: a page of HTML needs no ZIP, and a table no HTML.
"""

from collections.abc import Callable, Sequence

from sparkwizard.runs.journal import Journal
from sparkwizard.runs.known import known_run
from sparkwizard.runs.reports.bystanders import bystanders_of
from sparkwizard.runs.types import ActionRecord, RunRecord

__all__ = ["render"]

type _Report = Callable[[RunRecord, Sequence[ActionRecord], Sequence[ActionRecord]], bytes]


def render(journal: Journal, run_id: int, form: str) -> bytes:
    """Return one run as ``html``, ``csv``, ``json`` or ``pack``. Raises InputError for none."""
    run, actions = known_run(journal, run_id), journal.actions(run_id)
    groups = journal.group_actions(run_id)
    if form == "pack":
        from sparkwizard.runs.reports.pack import pack_report  # noqa: PLC0415 -- see above

        papers = journal.papers(run_id)
        return pack_report(run, actions, papers, groups, bystanders_of(journal, run))
    if form == "html":
        from sparkwizard.runs.reports.as_html import html_report  # noqa: PLC0415 -- see above

        return html_report(run, actions, groups, bystanders_of(journal, run))
    return _written_as(form)(run, actions, groups)


def _written_as(form: str) -> _Report:
    if form == "csv":
        from sparkwizard.runs.reports.as_csv import csv_report  # noqa: PLC0415

        return csv_report
    from sparkwizard.runs.reports.as_json import json_report  # noqa: PLC0415

    return json_report
