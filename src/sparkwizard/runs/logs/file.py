"""A log file that rotates, shared by processes, its owner's only."""

import logging
import os
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import override

from sparkwizard.setup.places import open_private

__all__ = ["LogFile"]


class LogFile(RotatingFileHandler):
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
