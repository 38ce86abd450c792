"""The change-control pack: one ZIP file that shows what was meant, done, and with what.

The same run gives the same bytes, with the same version of the program. No secret enters: what the
journal keeps has none, and every text passes the redaction once more.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sparkwizard import __version__
from sparkwizard.net.redact import redact
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.papers.kept import RunPapers
from sparkwizard.runs.reports.as_csv import csv_report
from sparkwizard.runs.reports.as_html import html_report
from sparkwizard.runs.reports.as_json import json_report
from sparkwizard.runs.reports.bystanders import Bystanders
from sparkwizard.runs.reports.words import headline
from sparkwizard.runs.types import ActionRecord, ActionState, RunRecord

__all__ = ["PACK_FORMAT", "pack_report"]

PACK_FORMAT = 1
_WHEN = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP knows: no clock enters the bytes
_PRIVATE = 0o100600 << 16

_PURPOSES = {
    "report.html": "The report for people, on screen and on paper",
    "report.csv": "The report for spreadsheets",
    "report.json": "The report for machines: every action with the state before",
    "setup.toml": "The setup as it was applied, without secrets",
    "plan.json": "What was planned: every change and every problem",
    "outcome.json": "What came of it",
    "versions.json": "The program, its libraries and the system that applied it",
}


def pack_report(
    run: RunRecord,
    actions: Sequence[ActionRecord],
    papers: RunPapers | None,
    groups: Sequence[ActionRecord] = (),
    bystanders: Bystanders | None = None,
) -> bytes:
    """Return the pack; ``papers`` None leaves out what an older version did not keep."""
    files = _files(run, actions, papers, groups, bystanders)
    manifest = _json(
        {
            "format": PACK_FORMAT,
            "sparkwizard": __version__,
            "run": run.id,
            "plan_sha256": run.plan_digest,
            "files": [
                {
                    "name": name,
                    "is": _PURPOSES[name],
                    "bytes": len(content),
                    "sha256": _sha256(content),
                }
                for name, content in files.items()
            ],
            "not_kept": [name for name in _PURPOSES if name not in files],
        }
    )
    whole = {"README.txt": _readme(run, files), **files, "manifest.json": manifest}
    sums = "".join(f"{_sha256(content)}  {name}\n" for name, content in whole.items())
    return _zipped(whole | {"SHA256SUMS": sums.encode()})


def _files(
    run: RunRecord,
    actions: Sequence[ActionRecord],
    papers: RunPapers | None,
    groups: Sequence[ActionRecord],
    bystanders: Bystanders | None,
) -> dict[str, bytes]:
    files = {
        "report.html": html_report(run, actions, groups, bystanders),
        "report.csv": csv_report(run, actions, groups),
        "report.json": json_report(run, actions, groups),
        "plan.json": _json(_plan(run, actions, papers, groups)),
        "outcome.json": _json(_outcome(run, actions, groups)),
    }
    if papers is not None:
        files["setup.toml"] = papers.setup.encode()
        files["versions.json"] = _json(papers.versions)
    return {name: _redacted(files[name]) for name in _PURPOSES if name in files}


def _plan(
    run: RunRecord,
    actions: Sequence[ActionRecord],
    papers: RunPapers | None,
    groups: Sequence[ActionRecord],
) -> dict[str, object]:
    """Return the plan from the run's own actions; those that changed nobody are counted."""
    head: dict[str, Any] = {}
    problems: Sequence[object] = ()
    if papers is not None:
        head = msgspec.to_builtins(papers.plan)
        problems = papers.plan.actions
        if papers.plan.groups:
            written = [record.action for record in groups]
            head["groups"]["actions"] = [*written, *papers.plan.groups.actions]
    return head | {
        "digest": run.plan_digest,
        "counts": run.counts.as_dict(),
        "left_out": {"unchanged": run.counts.unchanged, "skipped": run.counts.skipped},
        "actions": [*(record.action for record in actions), *problems],
    }


def _outcome(
    run: RunRecord, actions: Sequence[ActionRecord], groups: Sequence[ActionRecord]
) -> dict[str, object]:
    of_groups = (
        {"groups_not_done": [{"group": r.action.label, **_not_done(r)} for r in _open(groups)]}
        if groups
        else {}
    )
    done = [r.action.kind for r in actions if r.state is ActionState.APPLIED]
    return {
        "run": run.id,
        "said": headline(run),
        "state": run.state,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "applied": run.applied,
        "failed": run.failed,
        "not_attempted": run.not_attempted,
        "applied_by_kind": {kind: done.count(kind) for kind in ActionKind if kind.writes},
        "stopped": run.stops,
        "groups_stopped": run.group_stop,
        "not_done": [
            {"person": r.action.label, "user_name": r.action.user_name, **_not_done(r)}
            for r in _open(actions)
        ],
        **of_groups,
    }


def _open(records: Sequence[ActionRecord]) -> list[ActionRecord]:
    return [record for record in records if record.state is not ActionState.APPLIED]


def _not_done(record: ActionRecord) -> dict[str, object]:
    return {
        "action": record.action.kind,
        "state": record.state,
        "code": record.code,
        "message": record.message,
        "tracking_id": record.tracking_id,
    }


def _readme(run: RunRecord, files: Mapping[str, bytes]) -> bytes:
    lines = [
        f"{run.profile_name} to Cisco Webex, run {run.id}: {headline(run)}.",
        "",
        *(f"{name:<14} {_PURPOSES[name]}" for name in files),
        f"{'manifest.json':<14} The SHA-256 of each file",
        "",
        "Check them all with: sha256sum -c SHA256SUMS",
        "",
        "People who stayed as they were or were skipped are counted in plan.json, not listed; its",
        "digest is the SHA-256 of the whole plan, as the preview printed it.",
        "No token or password is in any of these files.",
    ]
    return _redacted(("\n".join(lines) + "\n").encode())


def _redacted(content: bytes) -> bytes:
    return redact(content.decode("utf-8")).encode("utf-8")


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, _PRIVATE  # the same on every system
            archive.writestr(entry, content)
    return packed.getvalue()
