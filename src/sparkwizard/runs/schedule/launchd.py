"""Jobs of launchd on macOS: one property list for each.

Its files are tested; it was never run on a Mac by the tests.
"""

import os
import re
from pathlib import Path

from sparkwizard.errors import StorageError
from sparkwizard.runs.schedule.asking import ask, expect
from sparkwizard.runs.schedule.job import Job, Standing
from sparkwizard.setup.places import storage_error, write_private

__all__ = ["Launchd", "property_list"]

_LAST_EXIT = re.compile(r"last exit code = (\d+)")
_RUNNING = re.compile(r"^\s*state = running", re.MULTILINE)


def property_list(job: Job) -> bytes:
    """Return the agent that runs a job; launchd starts none while one still runs."""
    import plistlib  # noqa: PLC0415 -- bundles for other systems are without it

    return plistlib.dumps(
        {
            "Label": job.name,
            "ProgramArguments": list(job.command),
            "StartInterval": job.minutes * 60,
            "RunAtLoad": False,
            "ProcessType": "Background",
            "Umask": 0o077,
        }
    )


class Launchd:
    """Keep jobs as property lists in ``folder``."""

    name = "launchd"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, job: Job) -> bool:
        """Write the list and hand it to launchd; raises StorageError and leaves nothing behind."""
        path, content = self._path(job), property_list(job)
        if _content(path) == content and self._asked(job) is not None:
            return False
        ask(("launchctl", "bootout", f"{_domain()}/{job.name}"))
        try:
            write_private(path, content)
            expect(("launchctl", "bootstrap", _domain(), str(path)))
        except StorageError:
            self.remove(job)
            raise
        return True

    def remove(self, job: Job) -> bool:
        """Take the job from launchd and remove its list."""
        path = self._path(job)
        if not path.exists():
            return False
        ask(("launchctl", "bootout", f"{_domain()}/{job.name}"))
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(error, path, "deleted") from error
        return True

    def show(self, job: Job) -> Standing | None:
        """Return how the job stands; launchd does not tell when it runs next."""
        content = _content(self._path(job))
        if not content:
            return None
        told = self._asked(job)
        ended = _LAST_EXIT.search(told or "")
        return Standing(
            active=told is not None,
            minutes=_minutes(content),
            exit_code=int(ended[1]) if ended else None,
            running=bool(_RUNNING.search(told or "")),
        )

    def _path(self, job: Job) -> Path:
        return self.folder / f"{job.name}.plist"

    def _asked(self, job: Job) -> str | None:
        answer = ask(("launchctl", "print", f"{_domain()}/{job.name}"))
        return None if answer.code else answer.out


def _domain() -> str:
    return f"gui/{os.getuid()}" if hasattr(os, "getuid") else "gui/0"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _minutes(content: bytes) -> int | None:
    import plistlib  # noqa: PLC0415 -- see above

    try:
        found = plistlib.loads(content).get("StartInterval")
    except (plistlib.InvalidFileException, ValueError, AttributeError):
        return None
    return found // 60 if isinstance(found, int) else None
