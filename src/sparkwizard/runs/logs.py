"""The log file: rotating, its owner's only, every secret taken out."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from typing import override

from sparkwizard.errors import StorageError
from sparkwizard.net.redact import RedactingFilter
from sparkwizard.setup.places import Places, open_private

__all__ = ["log_to"]

KEPT_FILES = 3
BYTES_EACH = 1_000_000


class _SilentWhenFull(RotatingFileHandler):
    """Log to a file; a record that can't be written is dropped, not shown with a traceback."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """Drop the record."""


@contextmanager
def log_to(places: Places) -> Iterator[None]:
    """Log to the folder of logs while the block runs; where it can't be written, to nowhere."""
    root = logging.getLogger("sparkwizard")
    handler: logging.Handler
    try:
        path = places.logs_dir / "sparkwizard.log"
        open_private(path).close()
        handler = _SilentWhenFull(
            path, maxBytes=BYTES_EACH, backupCount=KEPT_FILES, encoding="utf-8", delay=True
        )
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
