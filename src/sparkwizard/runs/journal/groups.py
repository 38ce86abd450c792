"""What the journal keeps of groups: links, and each change of a run, written ahead as people's are.

They have tables of their own: whatever counts, reports or undoes people sees none of them.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import cast

import msgspec

from sparkwizard.provisioning.groups.types import GroupLink
from sparkwizard.provisioning.types import Action, Reason
from sparkwizard.runs.journal import rows
from sparkwizard.runs.journal.file import JournalFile
from sparkwizard.runs.types import NOT_REACHED, ActionRecord, ActionState, Outcome

__all__ = ["GroupRecords"]

type Setup = tuple[str, str]

_INSERT = rows.INSERT_ACTION.replace("INTO actions", "INTO group_actions")
_SELECT = rows.SELECT_ACTION.replace("FROM actions", "FROM group_actions")
_OUTCOME = rows.UPDATE_OUTCOME.replace("UPDATE actions", "UPDATE group_actions")


class GroupRecords(JournalFile):
    """Keep links to groups, and what runs did to groups."""

    # -- links ----------------------------------------------------------------------------------

    def group_links(self, setup: Setup) -> dict[str, GroupLink]:
        """Return a profile's links to groups by the source's id."""
        found = self._read(
            "SELECT source_id, webex_id, name, run_id FROM group_links"
            " WHERE profile_id = ? AND organization_id = ? ORDER BY source_id",
            *setup,
        )
        return {str(row[0]): _link_of(row) for row in found}

    def groups_linked_elsewhere(self, setup: Setup) -> frozenset[str]:
        """Return the Webex ids of groups that other profiles manage in this organization."""
        found = self._read(
            "SELECT webex_id FROM group_links WHERE profile_id != ? AND organization_id = ?",
            *setup,
        )
        return frozenset(str(row[0]) for row in found)

    def link_groups(self, setup: Setup, links: Iterable[GroupLink]) -> None:
        """Write links to groups in the place of those that had their group of either side.

        A link that is there already keeps the run that made it.
        """
        with self._writing() as db:
            self._put_group_links(db, setup, links)

    def unlink_groups(self, setup: Setup, links: Iterable[GroupLink]) -> None:
        """Manage these groups no longer, as far as they are tied like this still."""
        with self._writing() as db:
            db.executemany(
                "DELETE FROM group_links WHERE profile_id = ? AND organization_id = ?"
                " AND source_id = ? AND webex_id = ?",
                [(*setup, link.source_id, link.webex_id) for link in links],
            )

    def _put_group_links(
        self, db: sqlite3.Connection, setup: Setup, links: Iterable[GroupLink]
    ) -> None:
        for link in links:
            run = _first_run(db, setup, link)
            for column, value in (("source_id", link.source_id), ("webex_id", link.webex_id)):
                db.execute(
                    f"DELETE FROM group_links WHERE profile_id = ? AND organization_id = ? AND"  # noqa: S608 -- two fixed names
                    f" {column} = ?",
                    (*setup, value),
                )
            db.execute(
                "INSERT INTO group_links VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*setup, link.source_id, link.webex_id, link.name, self._now(), run),
            )

    # -- what a run does ------------------------------------------------------------------------

    def add_group_actions(
        self, run_id: int, actions: Sequence[Action], stop: Reason | None = None
    ) -> None:
        """Write down what a run may do to groups; what it holds already stays.

        What failed or was left is planned once more. ``stop`` is why removals are held back.
        """
        planned = [(action, ActionState.PLANNED) for action in actions]
        with self._writing() as db:
            db.executemany(_INSERT, rows.action_rows(run_id, planned, None))
            db.execute(
                "UPDATE group_actions SET state = ?, attempts = 0 WHERE run_id = ?"
                " AND state IN (?, ?)",
                (ActionState.PLANNED, run_id, ActionState.FAILED, ActionState.NOT_ATTEMPTED),
            )
            if stop:
                held = msgspec.json.encode(stop).decode()
                db.execute("UPDATE runs SET group_stop = ? WHERE id = ?", (held, run_id))

    def group_actions(self, run_id: int) -> list[ActionRecord]:
        """Return what a run does to groups, in its order."""
        return [
            rows.action_record(row)
            for row in self._read(f"{_SELECT} WHERE run_id = ? ORDER BY seq", run_id)
        ]

    def mark_group_sent(self, run_id: int, seq: int) -> None:
        """Write down that a request is about to leave: what follows may have happened."""
        with self._writing() as db:
            db.execute(
                "UPDATE group_actions SET state = ?, attempts = attempts + 1, at = ?"
                " WHERE run_id = ? AND seq = ?",
                (ActionState.SENT, self._now(), run_id, seq),
            )

    def record_groups(
        self,
        run_id: int,
        setup: Setup,
        outcomes: Sequence[Outcome],
        links: Iterable[GroupLink] = (),
    ) -> None:
        """Write outcomes and the links they make, in one transaction."""
        with self._writing() as db:
            now = self._now()
            db.executemany(_OUTCOME, [rows.outcome_row(run_id, one, now) for one in outcomes])
            self._put_group_links(db, setup, links)

    def finish_groups(self, run_id: int) -> None:
        """Write down that what was never sent is not attempted."""
        with self._writing() as db:
            db.execute(
                "UPDATE group_actions SET state = ?, code = ?, message = ?"
                " WHERE run_id = ? AND state = ?",
                (ActionState.NOT_ATTEMPTED, *NOT_REACHED, run_id, ActionState.PLANNED),
            )


def _first_run(db: sqlite3.Connection, setup: Setup, link: GroupLink) -> int:
    """Return since which run the Webex group is managed: that of its old link, or the link's."""
    found = db.execute(
        "SELECT run_id FROM group_links WHERE profile_id = ? AND organization_id = ?"
        " AND webex_id = ?",
        (*setup, link.webex_id),
    ).fetchone()
    return int(found[0]) if found else link.run


def _link_of(row: Sequence[object]) -> GroupLink:
    return GroupLink(str(row[0]), str(row[1]), str(row[2]), cast("int", row[3]))
