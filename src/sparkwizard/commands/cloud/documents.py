"""What ``sparkwizard cloud`` prints: JSON for machines, lines for people."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sparkwizard.entra.provisioning_job.job_types import Execution, OnDemandResult
from sparkwizard.entra.provisioning_job.types import Problem, TenantChange, TenantPlan
from sparkwizard.runs.cloud.types import CloudResult, LogsRead, Watch
from sparkwizard.wizard.cloud.checklist import ChecklistItem
from sparkwizard.wizard.cloud.words import (
    ON_DEMAND_STEPS,
    STEP_TITLES,
    entry_words,
    notices,
    on_demand_words,
    plan_words,
    status_words,
)

__all__ = [
    "LISTED",
    "checklist_document",
    "checklist_lines",
    "demand_document",
    "demand_lines",
    "log_lines",
    "plan_document",
    "plan_lines",
    "result_document",
    "result_lines",
    "watch_document",
    "watch_lines",
]

LISTED = 50


# -- the set-up --------------------------------------------------------------------------------


def plan_document(plan: TenantPlan) -> dict[str, object]:
    """Return a list of changes; ``hash`` is what ``cloud apply`` takes."""
    return {
        "hash": plan.digest,
        "blocked": plan.blocked,
        "application": plan.application_name,
        "application_id": plan.application_id,
        "job_id": plan.job_id,
        "changes": [_change(change) for change in plan.changes],
        "problems": [_problem(problem) for problem in plan.problems],
    }


def plan_lines(plan: TenantPlan) -> Iterator[str]:
    """Say every change and every problem."""
    yield plan_words(plan)
    for step in plan.steps:
        yield f"{STEP_TITLES[step]}:"
        for change in plan.of(step):
            mark = "" if change.reversible else "  (can't be taken back)"
            yield f"  {change.sentence}{mark}"
    for problem in plan.problems:
        yield f"{'Hinders it' if problem.blocking else 'Note'}: {problem.text} {problem.fix}"
    if plan.changes and not plan.blocked:
        yield f"To do exactly this: sparkwizard cloud apply {plan.digest} --profile …"


def _change(change: TenantChange) -> dict[str, object]:
    return {
        "step": change.step.value,
        "key": change.key,
        "text": change.sentence,
        "touches": change.touches,
        "before": change.before,
        "after": change.after,
        "reversible": change.reversible,
        "undo": change.undo,
    }


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "text": problem.text,
        "fix": problem.fix,
        "blocking": problem.blocking,
    }


def result_document(result: CloudResult) -> dict[str, object]:
    """Return what was carried out."""
    return {
        "application_id": result.application_id,
        "job_id": result.job_id,
        "on": result.on,
        "done": [_change(change) for change in result.done],
        "already": [_change(change) for change in result.already],
        "saved_schema": result.saved_schema or None,
    }


def result_lines(result: CloudResult) -> Iterator[str]:
    """Say what was carried out."""
    yield f"{len(result.done):,} changes were made, {len(result.already):,} were so already."
    if result.saved_schema:
        yield f"The former schema is saved as number {result.saved_schema}."
    yield f"Provisioning is {'on' if result.on else 'off'}."


# -- watching ----------------------------------------------------------------------------------


def watch_document(watch: Watch) -> dict[str, object]:
    """Return how the job stands."""
    status, found = watch.status, watch.status.quarantine
    return {
        "application": watch.application.name,
        "application_id": watch.application.id,
        "job_id": watch.job_id,
        "status": status.code,
        "on": status.on,
        "progress": watch.progress,
        "next_run": _iso(status.next_run),
        "interval_minutes": status.interval,
        "last": _execution(status.last),
        "last_success": _execution(status.last_success),
        "counts": dict(status.counts),
        "quarantine": None
        if found is None
        else {
            "reason": found.reason,
            "began": _iso(found.began),
            "next_attempt": _iso(found.next_attempt),
            "error_code": found.error_code,
            "error": found.error,
        },
        "renew_in_days": watch.renew_in,
        "notices": [
            {
                "tone": notice.tone,
                "text": notice.text,
                "fix": notice.fix,
                "restart": notice.restart.value if notice.restart else None,
            }
            for notice in notices(watch)
        ],
    }


def watch_lines(watch: Watch, now: datetime) -> Iterator[str]:
    """Say how the job stands."""
    yield f"{watch.application.name}: {status_words(watch.status, now)}"
    if watch.progress is not None:
        yield f"  {watch.progress:.0%} of the cycle is done."
    last = watch.status.last
    if last is not None:
        yield (
            f"  Last cycle: {last.imported:,} read, {last.entitled:,} in scope,"
            f" {last.exported:,} written, {last.escrowed:,} failed."
        )
    for kind, number in watch.status.counts:
        yield f"  Kept in step: {number:,} {kind}"
    if (next_run := watch.status.next_run) is not None:
        yield f"  Next cycle: about {next_run.astimezone():%Y-%m-%d %H:%M}"
    for notice in notices(watch):
        hint = f" (cloud restart {notice.restart.value})" if notice.restart else ""
        yield f"  {notice.text} {notice.fix}{hint}"


def _execution(one: Execution | None) -> dict[str, object] | None:
    if one is None:
        return None
    return {
        "state": one.state,
        "began": _iso(one.began),
        "ended": _iso(one.ended),
        "entitled": one.entitled,
        "imported": one.imported,
        "exported": one.exported,
        "failed": one.escrowed,
        "error_code": one.error_code,
        "error": one.error,
    }


def log_lines(read: LogsRead) -> Iterator[str]:
    """Say the newest entries."""
    entries = read.entries
    for entry in entries[:LISTED]:
        yield f"{entry.at.astimezone():%Y-%m-%d %H:%M}  {entry_words(entry)}"
    if len(entries) > LISTED:
        yield f"and {len(entries) - LISTED:,} more; --out FILE.csv writes them all"
    if not entries:
        yield "There is nothing in the logs."
    if not read.complete:
        yield "Only the newest entries were looked through; --days N looks at fewer days."


# -- one person -------------------------------------------------------------------------------


def demand_document(result: OnDemandResult) -> dict[str, object]:
    """Return how one person came out, step by step."""
    return {
        "person": result.person,
        "status": result.status,
        "action": result.action,
        "error_code": result.error_code,
        "reason": result.reason,
        "changes": [{"attribute": a, "before": b, "after": c} for a, b, c in result.changes],
        "steps": [
            {
                "name": step.name,
                "kind": step.kind,
                "status": step.status,
                "text": step.text,
                "details": dict(step.details),
            }
            for step in result.steps
        ],
    }


def demand_lines(result: OnDemandResult) -> Iterator[str]:
    """Say each step."""
    yield on_demand_words(result)
    for number, step in enumerate(result.steps, start=1):
        title = ON_DEMAND_STEPS.get(step.kind, step.name)
        yield f"{number}. {title}: {step.status}. {step.text}".rstrip()
        for name, value in step.details:
            yield f"     {name}: {value}"
    for attribute, before, after in result.changes:
        yield f"   {attribute}: {before or 'nothing'} > {after or 'nothing'}"


# -- the checklist -----------------------------------------------------------------------------


def checklist_document(items: Iterable[ChecklistItem]) -> list[dict[str, object]]:
    """Return every point; secrets are not in it."""
    return [
        {
            "point": item.key,
            "title": item.title,
            "text": item.text,
            "state": item.state.value,
            "by_hand": item.by_hand,
            "values": [
                {"label": v.label, "value": None if v.secret else v.value} for v in item.values
            ],
            "link": item.link,
            "way": item.way,
            "left": item.left,
        }
        for item in items
    ]


def checklist_lines(items: Iterable[ChecklistItem]) -> Iterator[str]:
    """Say every point with its values and where it is done."""
    for number, item in enumerate(items, start=1):
        yield f"{number}. [{item.state.value}] {item.title} ({item.key}). {item.text}"
        if item.link:
            yield f"     {item.link}"
        yield f"     {' > '.join(item.way)}"
        for value in item.values:
            told = "from the keyring" if value.secret else value.value or "(leave it empty)"
            yield f"     {value.label}: {told}"
        yield from (f"     still open: {left}" for left in item.left)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
