"""What the journal keeps of links: whose Webex user each person of a setup has."""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import batched

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Link
from sparkwizard.runs.journal import rows
from sparkwizard.runs.journal.file import JournalFile
from sparkwizard.runs.types import ActionState

__all__ = ["LinkRecords"]

type Row = tuple[object, ...]

ASKED_AT_ONCE = 500


class LinkRecords(JournalFile):
    """Keep the links that applies made. Any thread may read them."""

    def links(self, profile_id: str, organization_id: str) -> dict[str, Link]:
        """Return this profile's links by source id; slow for many."""
        found = self._read_each(
            "SELECT source_id, webex_id, user_name, disabled_at, sign_in FROM links"
            " WHERE profile_id = ? AND organization_id = ?",
            profile_id,
            organization_id,
        )
        return {link.source_id: link for link in map(rows.link_of, found)}

    def linked_elsewhere(self, profile_id: str, organization_id: str) -> frozenset[str]:
        """Return the Webex ids that other profiles manage in this organization; slow for many."""
        others = "(profile_id < ? OR profile_id > ?)"  # != would look at every link
        found = self._read_each(
            f"SELECT webex_id FROM links WHERE {others} AND organization_id = ?",  # noqa: S608 -- fixed
            *(profile_id, profile_id, organization_id),
        )
        return frozenset(str(row[0]) for row in found)

    def link_all(self, plan: Plan, links: Iterable[Link], run_id: int = 0) -> None:
        """Write links of users that are as they should be already, or let go of them."""
        with self._writing() as db:
            self._put_links(db, plan, list(links), run_id)

    def linked_by(self, run_id: int, profile_id: str, organization_id: str) -> dict[str, Link]:
        """Return, by source id, the links to users that are managed since this run; slow for many.

        A user whom a later run of the setup wrote to is not among them: that run relies on it.
        """
        found = self._read_each(
            "SELECT source_id, webex_id, user_name, disabled_at, sign_in FROM links"
            " WHERE profile_id = ? AND organization_id = ? AND run_id = ? AND webex_id NOT IN"
            " (SELECT webex_id FROM actions JOIN runs ON runs.id = run_id"
            " WHERE run_id > ? AND profile_id = ? AND actions.state IN (?, ?))",
            *(profile_id, organization_id, run_id),
            *(run_id, profile_id, ActionState.APPLIED, ActionState.SENT),
        )
        return {link.source_id: link for link in map(rows.link_of, found)}

    def _put_links(
        self, db: sqlite3.Connection, plan: Plan, links: Sequence[Link], run_id: int
    ) -> None:
        """Put links in the place of those that had their person or their user.

        A user who is managed already stays so since the same run.
        """
        if len(links) > 1 and rows.get_in_each_others_way(links):
            for link in links:
                self._put_links(db, plan, [link], run_id)
            return
        key, now = (plan.profile_id, plan.organization_id), self._now()
        since = _since(db, key, [one.webex_id for one in links if one.webex_id])
        db.executemany(rows.DELETE_LINK_OF_PERSON, [(*key, one.source_id) for one in links])
        db.executemany(rows.DELETE_LINK_OF_USER, [(*key, one.webex_id) for one in links])
        made = [
            (*key, *rows.link_row(one), now, one.sign_in, since.get(one.webex_id, run_id))
            for one in links
            if one.webex_id
        ]
        db.executemany(rows.INSERT_LINK, made)


def _since(
    db: sqlite3.Connection, key: tuple[str, str], webex_ids: Sequence[str]
) -> dict[str, int]:
    """Return since which run users are managed, those who are."""
    found: dict[str, int] = {}
    for some in batched(webex_ids, ASKED_AT_ONCE):
        marks = ", ".join("?" * len(some))
        sql = (
            "SELECT webex_id, run_id FROM links INDEXED BY links_by_user"  # noqa: S608 -- only marks
            f" WHERE profile_id = ? AND organization_id = ? AND webex_id IN ({marks})"
        )
        found.update(db.execute(sql, (*key, *some)))
    return found
