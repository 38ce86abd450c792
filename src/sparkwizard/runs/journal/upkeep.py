"""What the journal keeps beside its runs, how long it keeps them, and the end of those that died.

A run is removed once it is older than ``KEEP_DAYS`` and not among the last ``KEEP_RUNS`` of its
setup. With it go its before-images, so that it can no longer be undone: its number stays and says
so. Links, sources and pauses are never removed, nor a run that has not ended.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import cast

import msgspec

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind, Reason
from sparkwizard.runs.journal import rows
from sparkwizard.runs.journal.file import JournalFile
from sparkwizard.runs.papers.kept import RunPapers, read_papers
from sparkwizard.runs.types import NOT_REACHED, ActionState, RunRecord, RunState

__all__ = ["KEEP_DAYS", "KEEP_RUNS", "PrunedRun", "Upkeep"]

KEEP_RUNS = 100
KEEP_DAYS = 400
"""More than a year, so that the same month of the year before can still be looked up."""


class PrunedRun(msgspec.Struct, frozen=True):
    """Hold the number of a run that was removed for its age, and when."""

    id: int
    profile_id: str
    started_at: datetime
    pruned_at: datetime


class Upkeep(JournalFile):
    """Keep the papers of runs, remove runs that are past their age, and end those that died."""

    def keep_papers(self, run_id: int, packed: bytes) -> None:
        """Keep what a run was made with, as ``write_papers`` packed it; the first try's stay."""
        with self._writing() as db:
            db.execute("INSERT OR IGNORE INTO papers VALUES (?, ?)", (run_id, packed))

    def papers(self, run_id: int) -> RunPapers | None:
        """Return what a run was made with, None where it is older than this was kept."""
        found = self._read("SELECT content FROM papers WHERE run_id = ?", run_id)
        return read_papers(cast("bytes", found[0][0])) if found else None

    def prune(self, *, keep_runs: int = KEEP_RUNS, keep_days: int = KEEP_DAYS) -> list[PrunedRun]:
        """Remove what is past its age, plans that nothing was made of included; return the runs."""
        now = datetime.fromisoformat(self._now())
        before = now - timedelta(days=keep_days)
        old = list(_past_age(self._ended_runs(), before, keep_runs))
        for run in old:
            self._remove(run, now)
        self._remove_plans(before)
        return [PrunedRun(run.id, run.profile_id, run.started_at, now) for run in old]

    def pruned(self) -> list[PrunedRun]:
        """Return the runs that were removed for their age, newest first."""
        found = self._read(
            "SELECT run_id, profile_id, started_at, pruned_at FROM pruned ORDER BY run_id DESC"
        )
        return [
            PrunedRun(cast("int", row[0]), str(row[1]), _moment(row[2]), _moment(row[3]))
            for row in found
        ]

    def organizations(self) -> frozenset[str]:
        """Return the organizations that anything here is about."""
        tables = ("plans", "runs", "links", "sources")
        query = " UNION ".join(f"SELECT organization_id FROM {table}" for table in tables)  # noqa: S608  no input
        return frozenset(str(row[0]) for row in self._read(query))

    # -- runs that died -------------------------------------------------------------------------

    def is_interrupted(self, digest: str) -> bool:
        """Return whether a run of this plan died, or sent what nobody knows the outcome of."""
        return bool(self._unsettled("plan_digest = ?", digest))

    def unsettled_runs(self, plan: Plan, *, besides: int) -> list[RunRecord]:
        """Return those runs of the plan's setup, oldest first; ``besides`` is its own run."""
        setup = (plan.profile_id, plan.organization_id, besides)
        return self._unsettled("profile_id = ? AND organization_id = ? AND runs.id != ?", *setup)

    def _unsettled(self, which: str, *values: object) -> list[RunRecord]:
        sql = (
            f"{rows.SELECT_RUN} WHERE {which} AND (runs.state = ? OR EXISTS"  # noqa: S608 -- no value
            " (SELECT 1 FROM actions WHERE run_id = runs.id AND actions.state = ?))"
            " ORDER BY runs.id"
        )
        found = self._read(sql, *values, RunState.RUNNING, ActionState.SENT)
        return [rows.run_record(row) for row in found]

    def disabled_unheard(self, profile_id: str, organization_id: str) -> frozenset[str]:
        """Return the source ids of those whom a run may have turned off: it was not told."""
        found = self._read(
            "SELECT source_id FROM actions JOIN runs ON runs.id = run_id WHERE profile_id = ?"
            " AND organization_id = ? AND actions.state = ? AND kind = ?",
            *(profile_id, organization_id, ActionState.SENT, ActionKind.DISABLE),
        )
        return frozenset(str(row[0]) for row in found)

    def end_interrupted(self, run_id: int) -> None:
        """Write the end of a run that died, as of its last request; one that has ended stays."""
        with self._writing() as db:
            db.execute(
                "UPDATE actions SET state = ?, code = ?, message = ?"
                " WHERE run_id = ? AND state = ?",
                (ActionState.NOT_ATTEMPTED, *NOT_REACHED, run_id, ActionState.PLANNED),
            )
            db.execute(
                "UPDATE group_actions SET state = ?, code = ?, message = ?"
                " WHERE run_id = ? AND state = ?",
                (ActionState.NOT_ATTEMPTED, *NOT_REACHED, run_id, ActionState.PLANNED),
            )
            db.execute(
                "UPDATE runs SET state = ?, finished_at = coalesce("
                "(SELECT max(at) FROM actions WHERE run_id = runs.id), started_at)"
                " WHERE id = ? AND state = ?",
                (RunState.FAILED, run_id, RunState.RUNNING),
            )

    def leave_rest(
        self, run_id: int, actions: Iterable[tuple[Action, ActionState]], why: Reason
    ) -> None:
        """Write down that whoever of a plan a run does not hold yet is left, and why.

        ``actions`` are all those of its plan. The next apply of the plan takes them up.
        """
        rest = (rows.action_row(run_id, n, one, state) for n, (one, state) in enumerate(actions))
        with self._writing() as db:
            db.executemany(rows.INSERT_ACTION, rest)
            db.execute(
                "UPDATE actions SET state = ?, code = ?, message = ? WHERE run_id = ? AND"
                " (state = ? OR (state = ? AND code = 'ring-stopped'))",
                (
                    ActionState.NOT_ATTEMPTED,
                    why.code,
                    why.text,
                    run_id,
                    ActionState.PLANNED,
                    ActionState.NOT_ATTEMPTED,
                ),
            )

    def _ended_runs(self) -> Iterator["_Run"]:
        sql = "SELECT id, profile_id, organization_id, started_at FROM runs WHERE state != ?"
        for row in self._read(f"{sql} ORDER BY id DESC", RunState.RUNNING):
            yield _Run(cast("int", row[0]), str(row[1]), str(row[2]), _moment(row[3]))

    def _remove(self, run: "_Run", now: datetime) -> None:
        """Remove one run whole, or not at all."""
        with self._writing() as db:
            for table in ("papers", "actions", "group_actions"):
                db.execute(f"DELETE FROM {table} WHERE run_id = ?", (run.id,))  # noqa: S608 -- fixed names
            db.execute("DELETE FROM runs WHERE id = ?", (run.id,))
            db.execute(
                "INSERT INTO pruned VALUES (?, ?, ?, ?)",
                (run.id, run.profile_id, run.started_at.isoformat(), now.isoformat()),
            )

    def _remove_plans(self, before: datetime) -> None:
        """Forget plans past their age that no run was made of: apply then refuses them."""
        found = self._read(
            "SELECT digest, created_at FROM plans"
            " WHERE digest NOT IN (SELECT plan_digest FROM runs)"
        )
        old = [(str(row[0]),) for row in found if _moment(row[1]) < before]
        if old:
            with self._writing() as db:
                db.executemany("DELETE FROM plans WHERE digest = ?", old)


class _Run(msgspec.Struct, frozen=True):
    id: int
    profile_id: str
    organization_id: str
    started_at: datetime


def _past_age(newest_first: Iterable[_Run], before: datetime, keep: int) -> Iterator[_Run]:
    seen = Counter[tuple[str, str]]()
    for run in newest_first:
        setup = (run.profile_id, run.organization_id)
        seen[setup] += 1
        if seen[setup] > keep and run.started_at < before:
            yield run


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value))
