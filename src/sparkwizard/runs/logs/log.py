"""The log file: rotating, its owner's only, every secret taken out."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import override

from sparkwizard.errors import StorageError
from sparkwizard.setup.places import Places, open_private

__all__ = ["log_path", "log_tail", "log_to"]

KEPT_FILES = 3
BYTES_EACH = 1_000_000
_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _FromTheFirstRecord(logging.Handler):
    """Log to a file that rotates, every secret taken out.

    What that takes is read from disk once there is something to log: often there is nothing.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Write the record; what can't be written is dropped in silence."""
        if self._file is None:
            from sparkwizard.net.redact import RedactingFilter  # noqa: PLC0415 -- see above
            from sparkwizard.runs.logs.file import LogFile  # noqa: PLC0415

            self._file = LogFile(
                self._path, maxBytes=BYTES_EACH, backupCount=KEPT_FILES, delay=True
            )
            self._file.addFilter(RedactingFilter())
            self._file.setFormatter(logging.Formatter(_LINE))
        self._file.handle(record)

    @override
    def close(self) -> None:
        """Close the file."""
        try:
            if self._file is not None:
                self._file.close()
        finally:
            super().close()


@contextmanager
def log_to(places: Places) -> Iterator[None]:
    """Log to the folder of logs while the block runs; where it can't be written, to nowhere."""
    root = logging.getLogger("sparkwizard")
    handler: logging.Handler
    try:
        path = log_path(places)
        open_private(path).close()
        handler = _FromTheFirstRecord(path)
    except StorageError:
        # a log that can't be written must not stop a run; the journal speaks for itself
        handler = logging.NullHandler()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        with suppress(OSError):  # what the disk has no room for
            handler.close()


def log_path(places: Places) -> Path:
    """Return the file that is written now; older ones end in .1 to .3."""
    return places.logs_dir / "sparkwizard.log"


def log_tail(places: Places, *, most_bytes: int = 200_000) -> str:
    """Return the newest lines of the log, also those before the last rotation; never fails."""
    path, text = log_path(places), b""
    for file in (path, *(path.with_name(f"{path.name}.{n}") for n in range(1, KEPT_FILES + 1))):
        if len(text) >= most_bytes:
            break
        with suppress(OSError):
            text = file.read_bytes() + text
    cut = text[-most_bytes:]
    whole = cut.partition(b"\n")[2] if len(cut) < len(text) else cut
    return whole.decode("utf-8", "replace")
