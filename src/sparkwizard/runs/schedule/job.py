"""One job that synchronizes one setup again and again: its name, its command line, its standing."""

import hashlib
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from sparkwizard.errors import InputError
from sparkwizard.setup.profile import Profile

__all__ = ["DEFAULT_MINUTES", "Job", "Scheduler", "Standing", "job_for", "program"]

DEFAULT_MINUTES = 40
"""How often Microsoft Entra's own service runs its cycles (facts/entra.md, 4)."""

FEWEST_MINUTES, MOST_MINUTES = 5, 24 * 60


class Job(msgspec.Struct, frozen=True):
    """Hold what is run and how often. ``name`` suits a file name on every system."""

    name: str
    title: str
    command: tuple[str, ...]
    minutes: int = DEFAULT_MINUTES


class Standing(msgspec.Struct, frozen=True):
    """Hold what the system knows of an installed job; None where it does not say.

    ``exit_code`` is that of the last run. ``active`` is whether it will run again.
    """

    active: bool
    minutes: int | None = None
    next_run: datetime | None = None
    last_run: datetime | None = None
    exit_code: int | None = None
    running: bool = False


class Scheduler(Protocol):
    """Install, remove and show jobs. Everything blocks and raises StorageError."""

    @property
    def name(self) -> str:
        """Return what people call this scheduler."""
        ...

    def install(self, job: Job) -> bool:
        """Install or replace a job; return whether anything had to be changed."""
        ...

    def remove(self, job: Job) -> bool:
        """Remove a job; return whether there was one. A run under way goes on to its end."""
        ...

    def show(self, job: Job) -> Standing | None:
        """Return how a job stands, None where none is installed."""
        ...


def job_for(
    profile: Profile, ref: str, data_dir: Path | None, minutes: int = DEFAULT_MINUTES
) -> Job:
    """Return the job for a setup, with ``ref`` its name or the path of its file.

    Raises InputError for what can't stand in a command line, and for too few or many minutes.
    """
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise InputError(
            f"A schedule runs every {FEWEST_MINUTES} to {MOST_MINUTES} minutes, not every"
            f" {minutes}.",
            fix=f"Choose a number between them; {DEFAULT_MINUTES} is usual.",
            code="schedule-minutes",
        )
    place = str(data_dir.absolute()) if data_dir else ""
    more = ("--data-dir", place) if place else ()
    command = (*program(), "sync", "--profile", ref, *more)
    if not all(part.isprintable() for part in command):
        raise InputError(
            "A name or path of this setup has characters in it that a schedule can't carry.",
            fix="Rename the file or folder.",
            code="schedule-path",
        )
    return Job(_name(profile, place), f"SparkWizard: synchronize {profile.name}", command, minutes)


def program() -> tuple[str, ...]:
    """Return how this very program is started, frozen or not."""
    if getattr(sys, "frozen", False):
        # on Windows the twin without a console: a schedule must not flash one at people
        quiet = Path(sys.executable).with_name("sparkwizardw.exe")
        return (str(quiet) if quiet.is_file() else sys.executable,)
    return (sys.executable, "-m", "sparkwizard")


def _name(profile: Profile, place: str) -> str:
    # the same setup in another data folder has links of its own, so it is another job
    digest = hashlib.sha256(f"{profile.id}\n{place}".encode()).hexdigest()[:8]
    words = re.sub(r"[^a-z0-9]+", "-", profile.name.lower()).strip("-")[:40].strip("-")
    return f"sparkwizard-{words or 'setup'}-{digest}"
