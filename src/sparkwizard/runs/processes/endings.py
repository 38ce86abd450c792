"""How the program ended: as asked, by a crash, or from outside; told at the next start.

A running window holds a file beside the log, into which Python's ``faulthandler`` writes where the
program is shot down from within (a fault of Qt or of a driver). An orderly end removes it.
"""

import contextlib
import faulthandler
import logging
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from sparkwizard.errors import StorageError
from sparkwizard.net.redact import redact
from sparkwizard.runs.processes.held_file import hold, let_go
from sparkwizard.setup.places import Places

__all__ = ["Ending", "earlier_endings", "told_if_it_crashes"]

_log = logging.getLogger(__name__)
_LONGEST = 20_000


class Ending(msgspec.Struct, frozen=True):
    """Tell of a window that did not end as asked, and when it was started.

    ``trace`` is where it crashed, without secrets; empty where it was ended from outside: killed,
    or the computer went down.
    """

    started: datetime
    trace: str = ""


@contextlib.contextmanager
def told_if_it_crashes(places: Places) -> Iterator[None]:
    """Hold the file of this process while the block runs, and remove it at an orderly end."""
    try:
        file = hold(places.logs_dir / f"running-{os.getpid()}.log")
    except StorageError:
        file = None  # a folder that can't be written must not stop the program
    if file is None:
        yield
        return
    file.truncate(0)
    before = faulthandler.is_enabled()
    faulthandler.enable(file, all_threads=True)
    try:
        yield
    finally:
        faulthandler.disable()
        if before:
            faulthandler.enable()
        let_go(file, remove=True)


def earlier_endings(places: Places) -> list[Ending]:
    """Return the windows that did not end as asked since the last look, oldest first.

    Each is told once, and goes to the log. Raises nothing.
    """
    found = []
    with contextlib.suppress(OSError):
        for path in sorted(places.logs_dir.glob("running-*.log")):
            ending = _ending(path)
            if ending is not None:
                found.append(ending)
                _log.error("Ended unexpectedly. %s", ending.trace or "From outside.")
    return sorted(found, key=lambda ending: ending.started)


def _ending(path: Path) -> Ending | None:
    """Return how the process of a file ended; None while it runs."""
    if path.stem == f"running-{os.getpid()}":
        return None
    try:
        started = datetime.fromtimestamp(path.stat().st_ctime).astimezone()
        file = hold(path)
    except (StorageError, OSError):
        return None
    if file is None:
        return None
    trace = _read(file)
    let_go(file, remove=True)
    return Ending(started, trace)


def _read(file: IO[bytes]) -> str:
    with contextlib.suppress(OSError):
        return redact(file.read(_LONGEST).decode("utf-8", "replace")).strip()
    return ""
