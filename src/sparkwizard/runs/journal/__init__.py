"""The durable record of what was done: one SQLite file, written ahead of each request.

Every write is one transaction that is on disk before the next request leaves, so that a process
killed at any instruction loses nothing and repeats nothing. No secret ever enters it.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, Link
from sparkwizard.runs.journal import rows
from sparkwizard.runs.journal.cloud import CloudRecords
from sparkwizard.runs.journal.cycles import CycleRecords
from sparkwizard.runs.journal.groups import GroupRecords
from sparkwizard.runs.journal.links import LinkRecords
from sparkwizard.runs.journal.paces import PaceRecords
from sparkwizard.runs.journal.upkeep import Upkeep
from sparkwizard.runs.types import (
    NOT_REACHED,
    ActionRecord,
    ActionState,
    Outcome,
    RunRecord,
    RunState,
)

__all__ = ["Journal", "LinkChange"]

type _Place = tuple[int | None, int | None]
"""The last run before a plan, and from which run on some were under way, as far as is known."""
type LinkChange = tuple[Outcome, Link | None]
"""An outcome with the link it makes; None leaves the links alone, an empty Webex id drops it."""


class Journal(Upkeep, CloudRecords, CycleRecords, GroupRecords, LinkRecords, PaceRecords):
    """Keep runs, actions, outcomes, links and the plans that were made here."""

    # -- plans ----------------------------------------------------------------------------------

    def record_plan(self, plan: Plan) -> None:
        """Remember that this plan was made here, so that apply may trust it."""
        with self._writing() as db:
            db.execute(
                "INSERT OR IGNORE INTO plans VALUES (?, ?, ?, ?,"
                " (SELECT coalesce(max(id), 0) FROM runs),"
                " (SELECT min(id) FROM runs WHERE state = ?))",
                (
                    *(plan.digest, plan.profile_id, plan.organization_id, self._now()),
                    RunState.RUNNING,
                ),
            )

    def knows_plan(self, digest: str) -> bool:
        """Return whether a plan of this digest was made here."""
        return bool(self._read("SELECT 1 FROM plans WHERE digest = ?", digest))

    # -- runs -----------------------------------------------------------------------------------

    def begin_run(
        self,
        plan: Plan,
        actions: Sequence[tuple[Action, ActionState]],
        only: frozenset[str] | None = None,
    ) -> int:
        """Write a new run down with actions it may carry out, before the first request.

        ``only`` takes the actions of these source ids; ``add_actions`` adds the rest.
        """
        with self._writing() as db:
            cursor = db.execute(*rows.run_row(plan, self._now()))
            run_id = int(cursor.lastrowid or 0)
            db.executemany(rows.INSERT_ACTION, rows.action_rows(run_id, actions, only))
        return run_id

    def add_actions(
        self,
        run_id: int,
        actions: Sequence[tuple[Action, ActionState]],
        only: frozenset[str] | None = None,
        first: int = 0,
    ) -> None:
        """Write those actions that the run does not have yet; ``first`` is the first one's place.

        A run that ends before all are written has the rest written by the next try.
        """
        with self._writing() as db:
            db.executemany(rows.INSERT_ACTION, rows.action_rows(run_id, actions, only, first))

    def last_run_of(self, digest: str) -> RunRecord | None:
        """Return the newest run of a plan, which apply resumes."""
        found = self._read(f"{rows.SELECT_RUN} WHERE plan_digest = ? ORDER BY id DESC", digest)
        return rows.run_record(found[0]) if found else None

    def run(self, run_id: int) -> RunRecord | None:
        """Return one run."""
        if not 0 < run_id < 1 << 63:
            return None  # SQLite holds no such number
        found = self._read(f"{rows.SELECT_RUN} WHERE runs.id = ?", run_id)
        return rows.run_record(found[0]) if found else None

    def runs(self, profile_id: str | None = None) -> list[RunRecord]:
        """Return all runs, or those of one profile, newest first."""
        where, values = ("WHERE profile_id = ?", (profile_id,)) if profile_id else ("", ())
        found = self._read(f"{rows.SELECT_RUN} {where} ORDER BY id DESC", *values)
        return [rows.run_record(row) for row in found]

    def ended_since(self, plan: Plan, *, besides: int) -> int | None:
        """Return a run of the plan's setup that ended after the plan was made, None for none.

        ``besides`` is the plan's own run. One that began after the plan is later whatever the clock
        says, which may have been set back; of those under way by then, and of a plan that was not
        made here, the clock has to tell.
        """
        found = self._read(
            "SELECT id, finished_at FROM runs WHERE profile_id = ? AND organization_id = ?"
            " AND id != ? AND finished_at IS NOT NULL ORDER BY id DESC",
            *(plan.profile_id, plan.organization_id, besides),
        )
        known = self._read(
            "SELECT after_run, running_from FROM plans WHERE digest = ?", plan.digest
        )
        after, running = cast("_Place", known[0]) if known else (None, None)
        made = plan.created_at.astimezone()
        for row in found:
            run = cast("int", row[0])
            if after is not None and run > after:
                return run
            in_doubt = after is None or (running is not None and run >= running)
            if in_doubt and datetime.fromisoformat(str(row[1])) > made:
                return run
        return None

    def actions(self, run_id: int) -> list[ActionRecord]:
        """Return the actions of a run in their order."""
        return self.some_actions(run_id, -1, -1)

    def some_actions(self, run_id: int, after: int, number: int) -> list[ActionRecord]:
        """Return the next so many actions behind a place; -1 before the first, and for all."""
        where = "WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ?"
        found = self._read(f"{rows.SELECT_ACTION} {where}", run_id, after, number)
        return [rows.action_record(row) for row in found]

    def not_done(self, run_id: int) -> list[ActionRecord]:
        """Return the actions of a run that failed or were left alone, in their order."""
        found = self._read(
            f"{rows.SELECT_ACTION} WHERE run_id = ? AND state IN (?, ?) ORDER BY seq",
            *(run_id, ActionState.FAILED, ActionState.NOT_ATTEMPTED),
        )
        return [rows.action_record(row) for row in found]

    def reopen_run(
        self,
        run_id: int,
        actions: Sequence[tuple[Action, ActionState]] = (),
        only: frozenset[str] | None = None,
    ) -> None:
        """Take a run up again; what failed or was left is planned once more, the rest stays.

        ``actions`` are all those of its plan: a pilot did not have every one. ``only`` takes up
        the actions of these source ids.
        """
        self.add_actions(run_id, actions, only)
        with self._writing() as db:
            db.execute(
                "UPDATE runs SET state = ?, finished_at = NULL WHERE id = ?",
                (RunState.RUNNING, run_id),
            )
            again = (
                "UPDATE actions SET state = ?, attempts = 0 WHERE run_id = ? AND state IN (?, ?)"
                " AND code != 'held-back'"
            )
            left = (ActionState.PLANNED, run_id, ActionState.FAILED, ActionState.NOT_ATTEMPTED)
            if only is None:
                db.execute(again, left)
            else:
                db.executemany(f"{again} AND source_id = ?", [(*left, one) for one in only])

    def finish_run(self, run_id: int, state: RunState) -> None:
        """Write the end of a run; what was never sent counts as not attempted."""
        with self._writing() as db:
            db.execute(
                "UPDATE actions SET state = ?, code = ?, message = ?"
                " WHERE run_id = ? AND state = ?",
                (ActionState.NOT_ATTEMPTED, *NOT_REACHED, run_id, ActionState.PLANNED),
            )
            db.execute(
                "UPDATE runs SET state = ?, finished_at = ? WHERE id = ?",
                (state, self._now(), run_id),
            )

    # -- actions --------------------------------------------------------------------------------

    def mark_sent(self, run_id: int, seqs: Iterable[int]) -> None:
        """Write down that these requests are about to leave: what follows may have happened."""
        with self._writing() as db:
            self._mark_sent(db, run_id, seqs)

    def _mark_sent(self, db: sqlite3.Connection, run_id: int, seqs: Iterable[int]) -> None:
        db.executemany(
            "UPDATE actions SET state = ?, attempts = attempts + 1, at = ?"
            " WHERE run_id = ? AND seq = ?",
            [(ActionState.SENT, self._now(), run_id, seq) for seq in seqs],
        )

    def record(
        self, run_id: int, plan: Plan, changes: Sequence[LinkChange], sent: Iterable[int] = ()
    ) -> None:
        """Write outcomes and the links they make, in one transaction.

        ``sent`` are requests about to leave, written down with them.
        """
        with self._writing() as db:
            self._mark_sent(db, run_id, sent)
            now = self._now()
            outcomes = [rows.outcome_row(run_id, outcome, now) for outcome, _ in changes]
            db.executemany(rows.UPDATE_OUTCOME, outcomes)
            self._put_links(db, plan, [link for _, link in changes if link], run_id)

    # -- the source people came from ------------------------------------------------------------

    def source_digest(self, profile_id: str, organization_id: str) -> str:
        """Return the digest of the source that the last apply used, or an empty text."""
        found = self._read(
            "SELECT source_digest FROM sources WHERE profile_id = ? AND organization_id = ?",
            profile_id,
            organization_id,
        )
        return str(found[0][0]) if found else ""

    def remember_source(self, plan: Plan) -> None:
        """Remember the source of an applied plan."""
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO sources VALUES (?, ?, ?)",
                (plan.profile_id, plan.organization_id, plan.source_digest),
            )

    # -- pauses ---------------------------------------------------------------------------------

    def pause_sync(self, plan: Plan) -> None:
        """Pause sync for the setup of an undo until somebody releases it."""
        with self._writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO pauses VALUES (?, ?, ?, ?)",
                (plan.profile_id, plan.organization_id, plan.undoes, self._now()),
            )

    def paused_by(self, profile_id: str, organization_id: str) -> int | None:
        """Return the run whose undo pauses sync for this setup, None where nothing does."""
        found = self._read(
            "SELECT undone_run FROM pauses WHERE profile_id = ? AND organization_id = ?",
            profile_id,
            organization_id,
        )
        return int(str(found[0][0])) if found else None

    def release_sync(self, profile_id: str, organization_id: str) -> None:
        """Let sync go on for this setup."""
        with self._writing() as db:
            db.execute(
                "DELETE FROM pauses WHERE profile_id = ? AND organization_id = ?",
                (profile_id, organization_id),
            )
