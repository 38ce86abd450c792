"""What SQLite and the disk say, as sentences with a way out."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sparkwizard.errors import StorageError

__all__ = ["told"]


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk say into one sentence."""
    try:
        yield
    except sqlite3.OperationalError as error:
        said = _said(error, path)
        raise StorageError(_sentence(said, path), fix=_fix(said)) from error
    except sqlite3.DatabaseError as error:
        raise StorageError(
            f"The journal {path.name} is damaged or is no journal of SparkWizard.",
            fix="Move the file away and keep it for support; SparkWizard starts a new one.",
            code="journal-damaged",
        ) from error
    except OSError as error:
        raise StorageError(
            f"The journal can't be written: {error.strerror or error}.",
            fix="Check the data folder and its free space.",
        ) from error


def _said(error: sqlite3.OperationalError, path: Path) -> str:
    """Return SQLite's words; beside the journal's shared memory it calls a full disk an error."""
    said = str(error)
    if "disk I/O" not in said:
        return said
    import shutil  # noqa: PLC0415 -- brings every kind of compression, for a rare question

    return "full" if shutil.disk_usage(path.parent).free < _LITTLE_ROOM else said


_LITTLE_ROOM = 100_000  # bytes


def _sentence(said: str, path: Path) -> str:
    if "full" in said:
        return "The disk is full, so the journal can't be written and nothing more was sent."
    if "locked" in said:
        return "Another SparkWizard is writing to the journal and did not finish in time."
    if "disk I/O" in said:
        return f"The journal {path.name} can't be written: the disk reports an error."
    if "readonly" in said:
        return f"The journal {path.name} can't be written: it is read-only."
    return f"The journal {path.name} can't be used ({said})."


def _fix(said: str) -> str:
    if "full" in said:
        return "Free some space and apply the same plan again: it goes on where it stopped."
    if "locked" in said:
        return "Wait for it to end, or close it, and try again."
    if "disk I/O" in said:
        return "Check the disk, its free space and the limits of your account, then try again."
    return "Check the data folder and who may write there."
