"""What the journal keeps of links: whose Webex user each person of a setup has."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Link
from sparkwizard.runs.journal import rows

__all__ = ["LinkRecords"]

type Row = tuple[object, ...]


class LinkRecords(ABC):
    """Keep the links that applies made. Any thread may read them."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[sqlite3.Connection]: ...

    @abstractmethod
    def _read_each(self, sql: str, *values: object) -> Iterator[Row]: ...

    @abstractmethod
    def _now(self) -> str: ...

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

    def link_all(self, plan: Plan, links: Iterable[Link]) -> None:
        """Write links of users that are as they should be already."""
        with self._writing() as db:
            self._put_links(db, plan, list(links))

    def _put_links(self, db: sqlite3.Connection, plan: Plan, links: Sequence[Link]) -> None:
        """Put links in the place of those that had their person or their user."""
        if len(links) > 1 and rows.get_in_each_others_way(links):
            for link in links:
                self._put_links(db, plan, [link])
            return
        key, now = (plan.profile_id, plan.organization_id), self._now()
        db.executemany(rows.DELETE_LINK_OF_PERSON, [(*key, one.source_id) for one in links])
        db.executemany(rows.DELETE_LINK_OF_USER, [(*key, one.webex_id) for one in links])
        made = [(*key, *rows.link_row(one), now, one.sign_in) for one in links if one.webex_id]
        db.executemany(rows.INSERT_LINK, made)
