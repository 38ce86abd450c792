"""Keep a setup in step from this computer, by the operating system's own scheduler."""

import os
import sys
from pathlib import Path

from sparkwizard.runs.schedule.job import DEFAULT_MINUTES, Job, Scheduler, Standing, job_for

__all__ = ["DEFAULT_MINUTES", "Job", "Scheduler", "Standing", "job_for", "scheduler_here"]


def scheduler_here() -> Scheduler:
    """Return the scheduler of this system; nothing is asked of it yet.

    Those of other systems are not even read from disk.
    """
    if sys.platform == "win32":
        from sparkwizard.runs.schedule.task_scheduler import TaskScheduler  # noqa: PLC0415

        return TaskScheduler()
    if sys.platform == "darwin":
        from sparkwizard.runs.schedule.launchd import Launchd  # noqa: PLC0415

        return Launchd(Path.home() / "Library" / "LaunchAgents")
    from sparkwizard.runs.schedule.systemd import Systemd  # noqa: PLC0415

    config = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(config) if Path(config).is_absolute() else Path.home() / ".config"
    return Systemd(folder / "systemd" / "user")
