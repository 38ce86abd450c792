"""The journal's file: transactions for one thread, reading for any, closed under nobody."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

from sparkwizard.errors import StorageError
from sparkwizard.runs.journal import schema
from sparkwizard.runs.journal.troubles import told

__all__ = ["JournalFile"]

_AT_ONCE = 1_000  # rows

type Clock = Callable[[], datetime]


class JournalFile:
    """Open a journal, or begin one; what is kept in it is told by those who inherit this.

    ``clock`` returns the present time with its zone. Writing is for one thread, reading for
    any. Raises StorageError from every method where the disk or the file will not do.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._owner = threading.get_ident()
        self._earlier: list[sqlite3.Connection] = []
        self._in_use = threading.RLock()  # SQLite falls over a connection that is closed in use
        self._closed = False
        with told(path):
            path.touch(mode=0o600, exist_ok=True)
            self._db = _connected_to(path)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        schema.use_write_ahead_log(self._db)
        _be_careful(self._db)
        if schema.version_of(self._db) == len(schema.MIGRATIONS):
            return
        with self._writing() as db:  # alone: another process may be opening it too
            version = schema.version_of(db)
            if version > len(schema.MIGRATIONS):
                raise StorageError(
                    "The journal was written by a newer version of SparkWizard.",
                    fix="Update SparkWizard on this computer.",
                    code="journal-newer",
                )
            schema.migrate(db, version)

    def close(self) -> None:
        """Close the file, once a thread that is at it has what it asked for."""
        with self._in_use:
            self._closed = True
            for db in (*self._earlier, self._db):
                db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with told(self.path), self._in_use:
            self._refuse_if_closed()
            if threading.get_ident() != self._owner:
                self._take_over()
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                # a full disk has rolled back already
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _take_over(self) -> None:
        """Let this thread write, where another one opened the journal to read it."""
        self._earlier.append(self._db)
        self._db = _connected_to(self.path)
        _be_careful(self._db)
        self._owner = threading.get_ident()

    def _read(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        return list(self._read_each(sql, *values))

    def _read_each(self, sql: str, *values: object) -> Iterator[tuple[object, ...]]:
        """Yield rows a few at a time, so that they are never freed all at once."""
        if threading.get_ident() != self._owner:
            yield from self._read_beside(sql, *values)
            return
        with told(self.path):
            with self._in_use:
                self._refuse_if_closed()
                cursor = self._db.execute(sql, values)
            try:
                while some := self._more(cursor):
                    yield from some
            finally:
                self._end(cursor)

    def _more(self, cursor: sqlite3.Cursor) -> list[tuple[object, ...]]:
        with self._in_use:
            self._refuse_if_closed()
            return cursor.fetchmany(_AT_ONCE)

    def _end(self, cursor: sqlite3.Cursor) -> None:
        with self._in_use:
            if not self._closed:
                cursor.close()

    def _read_beside(self, sql: str, *values: object) -> Iterator[tuple[object, ...]]:
        """Yield rows to another thread by a connection of its own; it sees what is committed."""
        address = f"{self.path.absolute().as_uri()}?mode=rw"
        with (
            told(self.path),
            closing(sqlite3.connect(address, timeout=10, uri=True)) as db,
            closing(db.execute(sql, values)) as cursor,
        ):
            while some := cursor.fetchmany(_AT_ONCE):
                yield from some

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise StorageError("The journal was closed meanwhile.", fix="Try it once more.")

    def _now(self) -> str:
        return self._clock().isoformat()


def _connected_to(path: Path) -> sqlite3.Connection:
    """Open the file for one thread to use and for any to close."""
    return sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)


def _be_careful(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
