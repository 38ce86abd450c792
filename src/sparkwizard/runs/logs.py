"""The log file: rotating, its owner's only, every secret taken out."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import override

from sparkwizard.errors import StorageError
from sparkwizard.net.redact import RedactingFilter
from sparkwizard.setup.places import Places, open_private

__all__ = ["log_path", "log_tail", "log_to"]

KEPT_FILES = 3
BYTES_EACH = 1_000_000


class _LogFile(RotatingFileHandler):
    """Log to a file that window and commands share; what can't be written is dropped in silence."""

    @override
    def _open(self) -> TextIOWrapper:
        """Open the file for its owner only, also the one that begins after a rotation."""
        return TextIOWrapper(open_private(Path(self.baseFilename)), encoding="utf-8")

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Write to the file of this name, also after another process has moved the old one."""
        if self.stream is not None and self._moved(self.stream):
            self.stream.close()
            self.stream = self._open()
        super().emit(record)

    @override
    def rotate(self, source: str, dest: str) -> None:
        """Move a file; one that another process holds open on Windows grows on instead."""
        with suppress(OSError):
            super().rotate(source, dest)

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """Drop the record: no traceback for a disk that is full."""

    def _moved(self, stream: TextIOWrapper) -> bool:
        try:
            ours, now = os.fstat(stream.fileno()), Path(self.baseFilename).stat()
        except (OSError, ValueError):
            return True
        return (ours.st_ino, ours.st_dev) != (now.st_ino, now.st_dev)


@contextmanager
def log_to(places: Places) -> Iterator[None]:
    """Log to the folder of logs while the block runs; where it can't be written, to nowhere."""
    root = logging.getLogger("sparkwizard")
    handler: logging.Handler
    try:
        path = log_path(places)
        open_private(path).close()
        handler = _LogFile(path, maxBytes=BYTES_EACH, backupCount=KEPT_FILES, delay=True)
    except StorageError:
        # a log that can't be written must not stop a run; the journal speaks for itself
        handler = logging.NullHandler()
    handler.addFilter(RedactingFilter())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
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
