"""One run per organization at a time, by a lock that the system frees when a process dies."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from sparkwizard.errors import StorageError
from sparkwizard.setup.places import Places, private_folder, storage_error

__all__ = ["organization_lock"]


@contextmanager
def organization_lock(places: Places, organization_id: str) -> Iterator[None]:
    """Hold the organization for this run. Raises StorageError where another run holds it, or
    where no lock can be made."""
    private_folder(places.data_dir)
    name = re.sub(r"[^0-9A-Za-z-]", "_", organization_id) or "none"
    lock = FileLock(places.data_dir / f"run-{name}.lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StorageError(
            "Another run is writing to this organization right now.",
            fix="Wait for it to end, or cancel it there.",
            code="run-locked",
        ) from error
    except OSError as error:
        raise storage_error(error, Path(lock.lock_file), "made") from error
    try:
        yield
    finally:
        lock.release()
