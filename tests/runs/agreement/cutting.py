"""A journal whose process dies at a chosen statement: what was not committed is gone."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from sparkwizard.runs.groups.applying import GroupRun
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.journal.rows import UPDATE_OUTCOME

__all__ = [
    "UPDATE_GROUP_OUTCOME",
    "Killed",
    "coming_to_groups",
    "count_statements",
    "cut_at",
    "cut_unheard",
]

UPDATE_GROUP_OUTCOME = UPDATE_OUTCOME.replace("UPDATE actions", "UPDATE group_actions")


class Killed(Exception):
    """The process was killed here: nothing after this reaches the disk or Webex."""


class _Cutting:
    """Stand before a connection and die at one statement; every later one finds a dead process."""

    def __init__(
        self,
        db: sqlite3.Connection,
        last: int | None,
        outcomes: int = 0,
        update: str = UPDATE_OUTCOME,
    ) -> None:
        self._db, self._left, self.seen = db, last, 0
        self._outcomes, self._update = outcomes, update

    @property
    def in_transaction(self) -> bool:
        return self._left != 0 and self._db.in_transaction

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        return self._alive(self._db.execute, *arguments)

    def executemany(self, sql: str, rows: Iterable[Any]) -> sqlite3.Cursor:
        values = list(rows)
        if values and sql == self._update:
            self._outcomes -= 1
            if self._outcomes == 0:
                self._left = self.seen
        return self._alive(self._db.executemany, sql, values)

    def close(self) -> None:
        self._db.close()

    def _alive(self, run: Callable[..., sqlite3.Cursor], *arguments: Any) -> sqlite3.Cursor:
        self.seen += 1
        if self._left == 0:
            raise Killed
        if self._left is not None and self.seen > self._left:
            self._left = 0
            self._db.close()  # as the system does for a process that is gone: not committed
            raise Killed
        return run(*arguments)


def cut_at(journal: Journal, last: int) -> None:
    """Let the process die after so many more statements."""
    _stand_before(journal, last)


def cut_unheard(journal: Journal, nth: int, update: str = UPDATE_OUTCOME) -> None:
    """Let the process die as it writes an outcome down for the nth time: all of it was done."""
    _stand_before(journal, None, nth, update)


def count_statements(journal: Journal) -> Callable[[], int]:
    """Return what tells how many statements there were since."""
    standing = _stand_before(journal, None)
    return lambda: standing.seen


@contextmanager
def coming_to_groups(begins: Callable[[], None]) -> Iterator[None]:
    """Let something begin as a run comes to groups, its people being done."""
    carry_out = GroupRun.carry_out

    async def carried_out(run: GroupRun) -> None:
        begins()
        await carry_out(run)

    with mock.patch.object(GroupRun, "carry_out", carried_out):
        yield


def _stand_before(
    journal: Journal, last: int | None, outcomes: int = 0, update: str = UPDATE_OUTCOME
) -> _Cutting:
    standing = _Cutting(journal._db, last, outcomes, update)
    journal._db = standing  # type: ignore[assignment]  # it answers all that a journal asks
    return standing
