"""One run as a report: HTML for people and paper, CSV for spreadsheets, JSON for machines.

Everything from a directory is escaped in HTML and can't start a formula in CSV.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from html import escape

import msgspec

from sparkwizard import __version__
from sparkwizard.directory.csv_safe import csv_text
from sparkwizard.errors import InputError
from sparkwizard.provisioning.target_schema import label
from sparkwizard.provisioning.types import ActionKind, Change, Json
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.types import ActionRecord, ActionState, RunRecord

__all__ = ["FORMATS", "render"]

STATES = {
    ActionState.APPLIED: "Done",
    ActionState.FAILED: "Failed",
    ActionState.NOT_ATTEMPTED: "Left alone",
    ActionState.PLANNED: "Still to do",
    ActionState.SENT: "Sent, not answered yet",
}
KINDS = {
    ActionKind.CREATE: "Create",
    ActionKind.UPDATE: "Update",
    ActionKind.DISABLE: "Disable",
    ActionKind.DELETE: "Delete",
}
STYLE = """
body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 68rem; padding: 0 1rem;
  color-scheme: light dark; }
h1 { font-size: 1.5rem; margin-bottom: .2rem; }
h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #8884;
  vertical-align: top; }
th { font-weight: 600; }
td.n { font-variant-numeric: tabular-nums; }
.muted { opacity: .7; }
.failed { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dd { margin: 0; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; } tr { break-inside: avoid; } }
"""


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


def _json(run: RunRecord, actions: Sequence[ActionRecord]) -> bytes:
    document = {
        "sparkwizard": __version__,
        "run": asdict(run),
        "actions": [asdict(record) for record in actions],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _csv(_: RunRecord, actions: Sequence[ActionRecord]) -> bytes:
    header = (
        "person",
        "user name",
        "action",
        "outcome",
        "what changed",
        "why",
        "tracking id",
        "at",
    )
    rows = (
        (
            record.action.label,
            record.action.user_name,
            record.action.kind.value,
            record.state.value,
            "; ".join(_change_text(change) for change in record.action.changes),
            _why(record),
            record.tracking_id,
            record.at.isoformat() if record.at else "",
        )
        for record in actions
    )
    return csv_text(header, rows).encode("utf-8-sig")


def _html(run: RunRecord, actions: Sequence[ActionRecord]) -> bytes:
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        f"<title>Run {run.id}: {escape(run.profile_name)}</title><style>{STYLE}</style></head>",
        f"<body><h1>{escape(_headline(run))}</h1>",
        f"<p class='muted'>{escape(run.profile_name)} to Cisco Webex, run {run.id}</p>",
        _predicted(run, actions),
        _stops(run),
        _table("Failed", [r for r in actions if r.state is ActionState.FAILED]),
        _table("Left alone", [r for r in actions if r.state in _OPEN]),
        _table("Done", [r for r in actions if r.state is ActionState.APPLIED]),
        _facts(run),
        "</body></html>\n",
    ]
    return "".join(parts).encode()


_OPEN = (ActionState.NOT_ATTEMPTED, ActionState.PLANNED, ActionState.SENT)


def _headline(run: RunRecord) -> str:
    if run.failed or run.not_attempted:
        total = run.applied + run.failed + run.not_attempted
        return f"{run.applied:,} of {total:,} changes were made"
    return f"All {run.applied:,} changes were made"


def _predicted(run: RunRecord, actions: Sequence[ActionRecord]) -> str:
    done = Counter(r.action.kind for r in actions if r.state is ActionState.APPLIED)
    rows = [
        (KINDS[kind], f"{getattr(run.counts, kind.value):,}", f"{done[kind]:,}") for kind in KINDS
    ]
    rows += [
        ("Unchanged", f"{run.counts.unchanged:,}", ""),
        ("Skipped", f"{run.counts.skipped:,}", ""),
        ("Problems", f"{run.counts.problem:,}", ""),
    ]
    return "<h2>Predicted and done</h2>" + _rows(("", "Predicted", "Done"), rows)


def _stops(run: RunRecord) -> str:
    return "".join(
        f"<p class='failed'>Held back: {escape(stop.reason.text)}</p>" for stop in run.stops
    )


def _table(title: str, records: Sequence[ActionRecord]) -> str:
    if not records:
        return ""
    rows = [
        (
            record.action.label,
            record.action.user_name,
            KINDS.get(record.action.kind, record.action.kind.value),
            "\n".join(_change_text(change) for change in record.action.changes),
            _why(record),
        )
        for record in records
    ]
    header = ("Person", "User name", "Action", "What changes", "Why")
    return f"<h2>{title} ({len(records):,})</h2>" + _rows(header, rows)


def _rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in header)
    body = "".join(
        "<tr>" + "".join(f"<td class='n'>{_cell(cell)}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _facts(run: RunRecord) -> str:
    facts: Mapping[str, str] = {
        "Organization": run.organization_id,
        "Tenant URL": run.tenant_url,
        "Started": run.started_at.isoformat(timespec="seconds"),
        "Ended": run.finished_at.isoformat(timespec="seconds") if run.finished_at else "not ended",
        "Plan (SHA-256)": run.plan_digest,
        "SparkWizard": __version__,
    }
    rows = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in facts.items())
    return f"<h2>For the records</h2><dl>{rows}</dl>"


def _why(record: ActionRecord) -> str:
    said = [record.message] if record.message else [r.text for r in record.action.reasons]
    tracking = [f"Tracking ID {record.tracking_id}"] if record.tracking_id else []
    return "\n".join(said + (tracking if record.state is ActionState.FAILED else []))


def _change_text(change: Change) -> str:
    return f"{label(change.attribute)}: {_shown(change.before)} → {_shown(change.after)}"


def _shown(value: Json) -> str:
    if value is None:
        return "(empty)"
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


FORMATS: Mapping[str, Callable[[RunRecord, Sequence[ActionRecord]], bytes]] = {
    "html": _html,
    "csv": _csv,
    "json": _json,
}
