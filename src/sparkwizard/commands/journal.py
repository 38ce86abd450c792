"""``runs`` and ``report``: the journal, for people and machines."""

from collections.abc import Iterator
from pathlib import Path

from sparkwizard.commands.line.arguments import Options
from sparkwizard.commands.telling.cycle_words import cycles_document, cycles_lines
from sparkwizard.commands.telling.output import Output, reason_document, stops_document
from sparkwizard.errors import InputError
from sparkwizard.runs.journal.upkeep import KEEP_DAYS, KEEP_RUNS, PrunedRun
from sparkwizard.runs.services import Records
from sparkwizard.runs.types import GroupTally, RunRecord
from sparkwizard.setup.places import write_private

__all__ = ["report", "runs"]


def runs(options: Options, services: Records, output: Output) -> int:
    """List what was done, newest first, and what was removed for its age."""
    profile = services.load(options.profile).profile if options.profile else None
    if options.prune:
        services.journal.prune()
    records, pruned = services.runs(profile), services.journal.pruned()
    cycles = services.cycles_overview(profile) if profile else None
    output.result(
        {
            "runs": [_document(record) for record in records],
            "pruned": [_pruned_document(run) for run in pruned],
            **(cycles_document(cycles) if cycles else {}),
        },
        (
            *_lines(records),
            *_pruned_lines(pruned),
            *(cycles_lines(cycles) if cycles else ()),
        ),
    )
    return 0


def report(options: Options, services: Records, output: Output) -> int:
    """Write one run as HTML, CSV, JSON or as a pack, to a file or to standard output."""
    if options.format == "pack" and options.out is None:
        raise InputError(
            "A pack is a ZIP file, and no file was named for it.",
            fix=f"Add one, for example --out run-{options.run}.zip.",
            code="out",
        )
    form = "json" if output.json and options.out is None else options.format
    content = services.report(options.run, form)
    if options.out:
        write_private(options.out, content)
        output.result(_written(options.out), (f"Report written to {options.out}",))
    else:
        output.content(content)
    return 0


def _written(path: Path) -> dict[str, object]:
    return {"report": str(path)}


def _document(record: RunRecord) -> dict[str, object]:
    return {
        "run": record.id,
        "profile": record.profile_name,
        "organization_id": record.organization_id,
        "plan_hash": record.plan_digest,
        "started_at": record.started_at.isoformat(),
        "finished_at": record.finished_at.isoformat() if record.finished_at else None,
        "state": record.state.value,
        "incremental": record.incremental,
        **record.counts.as_dict(),
        "applied": record.applied,
        "failed": record.failed,
        "not_attempted": record.not_attempted,
        "groups": {
            "applied": record.groups.applied,
            "failed": record.groups.failed,
            "not_attempted": record.groups.not_attempted,
            "stopped": reason_document(record.group_stop),
        },
        "stopped": stops_document(record.stops),
    }


def _pruned_document(run: PrunedRun) -> dict[str, object]:
    return {
        "run": run.id,
        "started_at": run.started_at.isoformat(),
        "pruned_at": run.pruned_at.isoformat(),
    }


def _pruned_lines(pruned: list[PrunedRun]) -> Iterator[str]:
    if pruned:
        count = "1 run was" if len(pruned) == 1 else f"{len(pruned):,} runs were"
        yield (
            f"{count} removed for age (the last is run {pruned[0].id}): the journal keeps"
            f" {KEEP_DAYS} days, and the last {KEEP_RUNS} runs of each setup. What was removed can"
            " no longer be undone; what this computer manages in Webex stays known."
        )


def _lines(records: list[RunRecord]) -> Iterator[str]:
    if not records:
        yield "Nothing has been applied from here yet."
    for record in records:
        when = record.started_at.astimezone().strftime("%Y-%m-%d %H:%M")
        groups = f"; groups: {_tally(record.groups)}" if record.groups.total else ""
        yield (
            f"{record.id:>5}  {when}  {record.profile_name}: {_tally(record)}{groups}"
            f" ({record.state.value})"
        )
        held = [stop.reason for stop in record.stops]
        for why in (*held, *([record.group_stop] if record.group_stop else [])):
            yield f"       Held back: {why.text}"


def _tally(of: RunRecord | GroupTally) -> str:
    return f"{of.applied:,} applied, {of.failed:,} failed, {of.not_attempted:,} not attempted"
