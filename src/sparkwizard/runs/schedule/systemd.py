"""Jobs of the systemd that runs for one signed-in person: a timer and its service."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sparkwizard.errors import StorageError
from sparkwizard.runs.schedule.asking import Answered, ask, expect
from sparkwizard.runs.schedule.job import Job, Standing
from sparkwizard.setup.places import storage_error, write_private

__all__ = ["Systemd", "service_unit", "timer_unit"]

_EVERY = re.compile(r"^OnUnitActiveSec=(\d+)min$", re.MULTILINE)
SYSTEMCTL = ("systemctl", "--user")


def service_unit(job: Job) -> str:
    """Return the service that runs a job once."""
    program, *arguments = job.command
    line = " ".join([_quoted(program), *(_quoted(_undollared(word)) for word in arguments)])
    return (
        "[Unit]\n"
        f"Description={_unspecified(job.title)}\n\n"
        "[Service]\n"
        "Type=oneshot\n"
        f"ExecStart={line}\n"
        "UMask=0077\n"
    )


def timer_unit(job: Job) -> str:
    """Return the timer that starts the service; a run that takes longer is never doubled."""
    return (
        "[Unit]\n"
        f"Description={_unspecified(job.title)}\n\n"
        "[Timer]\n"
        "OnActiveSec=1min\n"
        f"OnUnitActiveSec={job.minutes}min\n"
        "AccuracySec=10s\n\n"
        "[Install]\n"
        "WantedBy=timers.target\n"
    )


class Systemd:
    """Keep jobs as units in ``folder``."""

    name = "systemd"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, job: Job) -> bool:
        """Write both units and start the timer; raises StorageError and leaves nothing behind."""
        _check_running()
        units = self._units(job)
        standing = self.show(job)
        if standing and standing.active and all(_text(p) == text for p, text in units.items()):
            return False
        try:
            for path, text in units.items():
                write_private(path, text.encode())
            expect((*SYSTEMCTL, "daemon-reload"))
            expect((*SYSTEMCTL, "enable", f"{job.name}.timer"))
            # restart, not start: a timer that runs already keeps its old interval
            expect((*SYSTEMCTL, "restart", f"{job.name}.timer"))
        except StorageError:
            self._clear(job)
            raise
        return True

    def remove(self, job: Job) -> bool:
        """Stop the timer and remove both units; works without systemd too."""
        return self._clear(job)

    def show(self, job: Job) -> Standing | None:
        """Return how the timer and the last run of its service stand."""
        timer, _ = self._units(job)
        text = _text(timer)
        if not text:
            return None
        every = _EVERY.search(text)
        asked = _properties(f"{job.name}.timer", "ActiveState")
        ran = _properties(
            f"{job.name}.service", "ActiveState", "ExecMainStatus", "ExecMainStartTimestamp"
        )
        started = _moment(ran.get("ExecMainStartTimestamp", ""))
        running = ran.get("ActiveState") == "activating"
        return Standing(
            active=asked.get("ActiveState") == "active",
            minutes=int(every[1]) if every else None,
            next_run=_next_run(f"{job.name}.timer"),
            last_run=started,
            exit_code=int(ran["ExecMainStatus"]) if started and not running else None,
            running=running,
        )

    def _units(self, job: Job) -> dict[Path, str]:
        return {
            self.folder / f"{job.name}.timer": timer_unit(job),
            self.folder / f"{job.name}.service": service_unit(job),
        }

    def _clear(self, job: Job) -> bool:
        units = [path for path in self._units(job) if path.exists()]
        if not units:
            return False
        _try("disable", "--now", f"{job.name}.timer")
        for path in units:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise storage_error(error, path, "deleted") from error
        # what disable does, also where no systemd runs that could be asked
        link = self.folder / "timers.target.wants" / f"{job.name}.timer"
        link.unlink(missing_ok=True)
        _try("daemon-reload")
        _try("reset-failed", f"{job.name}.service")
        return True


def _try(*words: str) -> None:
    with suppress(StorageError):
        ask((*SYSTEMCTL, *words))


def _check_running() -> None:
    try:
        answer = ask((*SYSTEMCTL, "show", "--property=Version"))
    except StorageError:
        answer = Answered(1, "", "")
    if answer.code:
        raise StorageError(
            "No systemd runs for you on this computer, so it can't keep a schedule.",
            fix="Sign in to the desktop, or let another scheduler such as cron run"
            " “sparkwizard sync --profile P”.",
            code="scheduler-missing",
        )


def _properties(unit: str, *names: str) -> dict[str, str]:
    wanted = f"--property={','.join(names)}"
    answer = ask((*SYSTEMCTL, "show", "--timestamp=unix", wanted, unit))
    lines = (line.partition("=") for line in answer.out.splitlines())
    return {name: value for name, _, value in lines}


def _next_run(timer: str) -> datetime | None:
    """Return when a timer elapses; only a systemd from 2022 on says so in a readable form."""
    import json  # noqa: PLC0415 -- where there is a timer

    answer = ask((*SYSTEMCTL, "list-timers", "--all", "--output=json", timer))
    try:
        found = json.loads(answer.out)[0]["next"]
    except (ValueError, LookupError, TypeError):
        return None
    # an elapsed timer whose service still runs has none
    if not isinstance(found, int) or not 0 < found < 1 << 60:
        return None
    return datetime.fromtimestamp(found / 1_000_000, UTC)


def _moment(text: str) -> datetime | None:
    """Read ``@1700000000``, as ``--timestamp=unix`` writes a moment; empty before any."""
    digits = text.removeprefix("@")
    return datetime.fromtimestamp(int(digits), UTC) if digits.isdigit() and int(digits) else None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return ""


def _quoted(word: str) -> str:
    escaped = _unspecified(word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _undollared(word: str) -> str:
    """Double what systemd would take for a variable; it does so everywhere but in the program."""
    return word.replace("$", "$$")


def _unspecified(text: str) -> str:
    """Double what systemd would replace by a name or a folder."""
    return text.replace("%", "%%")
