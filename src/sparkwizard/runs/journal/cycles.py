"""What the journal keeps of cycles: watermark, escrow, quarantine, and users without a person.

The entries that failed and the watermark move in one transaction, so that none is ever passed by.
"""

import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import cast

from sparkwizard.provisioning.types import Link, Reason
from sparkwizard.runs.cycles.types import (
    CycleEnd,
    CycleKind,
    CycleState,
    Escrowed,
    Quarantine,
    Stranger,
)
from sparkwizard.runs.journal import rows
from sparkwizard.runs.journal.file import JournalFile
from sparkwizard.runs.types import ActionRecord

__all__ = ["CycleRecords"]

type Setup = tuple[str, str]
"""Profile id and organization id."""

ASKED_AT_ONCE = 500


class CycleRecords(JournalFile):
    """Keep how far cycles are, and what they left."""

    # -- the watermark --------------------------------------------------------------------------

    def cycle(self, setup: Setup) -> CycleState | None:
        """Return what the last cycle that succeeded left, None before the first."""
        found = self._read(
            "SELECT kind, watermark, rules_digest, users_total, at, initial_at FROM cycles"
            " WHERE profile_id = ? AND organization_id = ?",
            *setup,
        )
        return _cycle(found[0]) if found else None

    def went_wrong(self, run_id: int) -> list[ActionRecord]:
        """Return what failed in a run, or was sent and never answered, in the order of its plan."""
        where = "WHERE run_id = ? AND state IN ('failed', 'sent') ORDER BY seq"
        found = self._read(f"{rows.SELECT_ACTION} {where}", run_id)
        return [rows.action_record(row) for row in found]

    def applied_to(self, run_id: int, people: Collection[str]) -> frozenset[str]:
        """Return for whom of these source ids a run did something."""
        if not people:
            return frozenset()
        found = self._read(
            "SELECT source_id FROM actions WHERE run_id = ? AND state = 'applied'", run_id
        )
        return frozenset(str(row[0]) for row in found) & frozenset(people)

    def end_cycle(self, setup: Setup, end: CycleEnd) -> None:
        """Write down what a run leaves: entries to be tried again, and the watermark."""
        with self._writing() as db:
            self._settle(db, setup, end.settled)
            db.executemany(
                "INSERT OR REPLACE INTO escrow VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(*setup, *_escrow_row(one)) for one in end.escrow],
            )
            if end.strangers is not None:
                self._put_strangers(db, setup, end.strangers)
            if end.moved and self._is_there(db, setup, end.expected):
                db.execute(
                    "INSERT OR REPLACE INTO cycles VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (*setup, *_cycle_row(end.moved)),
                )

    def _is_there(self, db: sqlite3.Connection, setup: Setup, expected: CycleState | None) -> bool:
        found = db.execute(
            "SELECT at FROM cycles WHERE profile_id = ? AND organization_id = ?", setup
        ).fetchone()
        return (found[0] if found else None) == (expected.at.isoformat() if expected else None)

    def _settle(self, db: sqlite3.Connection, setup: Setup, settled: Iterable[str] | None) -> None:
        every = "DELETE FROM escrow WHERE profile_id = ? AND organization_id = ?"
        if settled is None:
            db.execute(every, setup)
        else:
            db.executemany(f"{every} AND source_id = ?", [(*setup, one) for one in settled])

    def _put_strangers(
        self, db: sqlite3.Connection, setup: Setup, strangers: Iterable[Stranger]
    ) -> None:
        db.execute("DELETE FROM strangers WHERE profile_id = ? AND organization_id = ?", setup)
        db.executemany(
            "INSERT INTO strangers VALUES (?, ?, ?, ?, ?, ?)",
            [
                (*setup, one.webex_id, one.user_name, one.external_id, one.label)
                for one in strangers
            ],
        )

    def drop_watermark(self, setup: Setup) -> None:
        """Let the next cycle be an initial one."""
        with self._writing() as db:
            db.execute("DELETE FROM cycles WHERE profile_id = ? AND organization_id = ?", setup)

    # -- escrow and strangers -------------------------------------------------------------------

    def escrow(self, setup: Setup) -> tuple[Escrowed, ...]:
        """Return the entries that wait for another try, those due first at the front."""
        found = self._read(
            "SELECT source_id, user_name, label, code, message, attempts, first_failed_at,"
            " next_try_at FROM escrow WHERE profile_id = ? AND organization_id = ?"
            " ORDER BY next_try_at IS NULL, next_try_at, source_id",
            *setup,
        )
        return tuple(map(_escrowed, found))

    def strangers(self, setup: Setup) -> tuple[Stranger, ...]:
        """Return the Webex users that no person of the source has."""
        found = self._read(
            "SELECT webex_id, user_name, external_id, label FROM strangers"
            " WHERE profile_id = ? AND organization_id = ? ORDER BY user_name",
            *setup,
        )
        return tuple(Stranger(*map(str, row)) for row in found)

    def count_strangers(self, setup: Setup) -> int:
        """Return how many Webex users no person of the source has."""
        found = self._read(
            "SELECT count(*) FROM strangers WHERE profile_id = ? AND organization_id = ?", *setup
        )
        return cast("int", found[0][0])

    # -- some of the links ----------------------------------------------------------------------

    def links_of(self, setup: Setup, source_ids: Collection[str]) -> dict[str, Link]:
        """Return the links of some people, by source id."""
        return self._links_where(setup, "source_id", source_ids)

    def links_to(self, setup: Setup, webex_ids: Collection[str]) -> dict[str, Link]:
        """Return the links to some users, by source id."""
        return self._links_where(setup, "webex_id", webex_ids, "INDEXED BY links_by_user")

    def _links_where(
        self, setup: Setup, column: str, values: Collection[str], index: str = ""
    ) -> dict[str, Link]:
        """Ask for links; SQLite, which counts no rows, takes the primary key without ``index``."""
        links: dict[str, Link] = {}
        asked = list(values)
        for start in range(0, len(asked), ASKED_AT_ONCE):
            some = asked[start : start + ASKED_AT_ONCE]
            marks = ", ".join("?" * len(some))
            found = self._read(
                "SELECT source_id, webex_id, user_name, disabled_at, sign_in"  # noqa: S608 -- fixed names
                f" FROM links {index} WHERE profile_id = ? AND organization_id = ?"
                f" AND {column} IN ({marks})",
                *setup,
                *some,
            )
            links |= {link.source_id: link for link in map(rows.link_of, found)}
        return links

    def managed(self, setup: Setup) -> int:
        """Return how many users this setup manages, those it turned off included."""
        found = self._read(
            "SELECT count(*) FROM links INDEXED BY links_by_user"
            " WHERE profile_id = ? AND organization_id = ?",
            *setup,
        )
        return cast("int", found[0][0])

    def managed_active(self, setup: Setup) -> int:
        """Return how many users this setup manages and has not turned off."""
        off = self._read(
            "SELECT count(*) FROM links INDEXED BY links_turned_off"
            " WHERE profile_id = ? AND organization_id = ? AND disabled_at IS NOT NULL",
            *setup,
        )
        return self.managed(setup) - cast("int", off[0][0])

    def disabled_before(self, setup: Setup, moment: datetime) -> list[str]:
        """Return the source ids of users that were turned off before a moment."""
        found = self._read(
            "SELECT source_id, disabled_at FROM links INDEXED BY links_turned_off"
            " WHERE profile_id = ? AND organization_id = ? AND disabled_at IS NOT NULL",
            *setup,
        )
        return [str(row[0]) for row in found if _moment(row[1]) <= moment]

    def links_named(self, setup: Setup, names: Collection[str]) -> dict[str, Link]:
        """Return the links of people with these user names or userPrincipalNames, lower-cased."""
        by_name = self._links_where(setup, "lower(user_name)", names, "INDEXED BY links_by_name")
        return by_name | self._links_where(
            setup, "sign_in != '' AND lower(sign_in)", names, "INDEXED BY links_by_sign_in"
        )

    def resolve_actions(self, run_id: int, records: Collection[ActionRecord]) -> None:
        """Write down whom actions of the second pass are about, before they are sent."""
        with self._writing() as db:
            db.executemany(
                "UPDATE actions SET webex_id = ?, changes = ? WHERE run_id = ? AND seq = ?",
                [rows.resolution_row(run_id, record) for record in records],
            )

    # -- quarantine -----------------------------------------------------------------------------

    def quarantine(self, setup: Setup) -> Quarantine | None:
        """Return the quarantine that a setup is in, None for none."""
        found = self._read(
            "SELECT code, text, since, last_try_at, next_try_at FROM quarantines"
            " WHERE profile_id = ? AND organization_id = ?",
            *setup,
        )
        if not found:
            return None
        code, text, *moments = found[0]
        return Quarantine(Reason(str(code), str(text)), *map(_moment, moments))

    def put_quarantine(self, setup: Setup, quarantine: Quarantine | None) -> None:
        """Keep the quarantine that a setup is in, or that it has left."""
        with self._writing() as db:
            db.execute(
                "DELETE FROM quarantines WHERE profile_id = ? AND organization_id = ?", setup
            )
            if quarantine:
                db.execute(
                    "INSERT INTO quarantines VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        *setup,
                        quarantine.reason.code,
                        quarantine.reason.text,
                        quarantine.since.isoformat(),
                        quarantine.last_try_at.isoformat(),
                        quarantine.next_try_at.isoformat(),
                    ),
                )


def _cycle(row: tuple[object, ...]) -> CycleState:
    return CycleState(
        CycleKind(str(row[0])),
        cast("bytes", row[1]),
        str(row[2]),
        cast("int", row[3]),
        _moment(row[4]),
        _moment(row[5]),
    )


def _cycle_row(state: CycleState) -> tuple[object, ...]:
    return (
        state.kind,
        state.watermark,
        state.rules_digest,
        state.users_total,
        state.at.isoformat(),
        state.initial_at.isoformat(),
    )


def _escrowed(row: tuple[object, ...]) -> Escrowed:
    due = _moment(row[7]) if row[7] else None
    return Escrowed(
        source_id=str(row[0]),
        user_name=str(row[1]),
        label=str(row[2]),
        code=str(row[3]),
        message=str(row[4]),
        attempts=cast("int", row[5]),
        first_failed_at=_moment(row[6]),
        next_try_at=due,
    )


def _escrow_row(one: Escrowed) -> tuple[object, ...]:
    due = one.next_try_at.isoformat() if one.next_try_at else None
    texts = (one.source_id, one.user_name, one.label, one.code, one.message)
    return (*texts, one.attempts, one.first_failed_at.isoformat(), due)


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value))
