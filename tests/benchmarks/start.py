"""Starting: to the first page on a screen, and to the end of a command without a window.

The first page is compared with a bare QWizard that imports QtWidgets and nothing else, both looked
at from outside; a command with a Python that imports the libraries of others it cannot do without,
and of Python's own asyncio, in which every command runs, and sqlite3, which is the journal. Beside
these ``runs`` and ``report``, on a journal in which there is something, have msgspec, which values
are made of, and ``report`` Python's html; ``preview`` has httpx with all that it is given, too, and
what finds, reads and locks files.
"""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sparkwizard.runs.journal import Journal
from tests.benchmarks._built import bare_bundle, program_bundle
from tests.benchmarks._painted import Watched, compiled_once, watched_screen
from tests.benchmarks.framework import Row, benchmark, compare
from tests.runs.journal.test_upkeep import run_once

__all__ = ["run"]

RUNS = 5
BARE = Path(__file__).with_name("_bare_window.py")
BY_PYTHON = (str(Path(sys.executable).with_name("sparkwizard")),)
SENDING = (
    "import asyncio, sqlite3, ssl, filelock, h11, httpx, msgspec, platformdirs, tomlkit, truststore"
)
TELLING = "import asyncio, sqlite3, msgspec"


@benchmark("start")
def run(scale: float) -> Iterator[Row]:
    """Measure commands, then the first page, from the source and, at full size, frozen."""
    repeat = 11 if scale >= 1 else 1
    with tempfile.TemporaryDirectory(prefix="start-") as folder:
        home = Path(folder)
        yield from _commands(home, repeat)
        if shutil.which("Xvfb") is None:
            yield Row("first page: not measured without Xvfb", 0.0)
            return
        with watched_screen(home) as watched:
            yield _first_page(watched, home, repeat, (sys.executable, str(BARE)), BY_PYTHON, "")
            if scale >= 1 and importlib.util.find_spec("PyInstaller"):
                bare, ours = str(bare_bundle() / "bare"), str(program_bundle() / "sparkwizard")
                yield _first_page(watched, home, repeat, (bare,), (ours,), ", frozen")


def _first_page(
    watched: Watched,
    home: Path,
    repeat: int,
    bare: tuple[str, ...],
    ours: tuple[str, ...],
    how: str,
) -> Row:
    """Compare medians of times measured in turns."""
    data = ("--data-dir", str(home / "data"))
    times: list[list[float]] = [[], []]
    for command, found in ((ours + data, times[0]), (bare, times[1])):
        watched.seconds(command)  # once for the disk
        found.clear()
    for _ in range(repeat):
        times[0].append(watched.seconds(ours + data))
        times[1].append(watched.seconds(bare))
    value, base = (sorted(found)[len(found) // 2] for found in times)
    return Row(f"first page on the screen{how}", value, "s", f"a bare QWizard{how}", base, 1.5)


def _commands(home: Path, repeat: int) -> Iterator[Row]:
    """Compare commands, from the one that needs least to the one that sends."""
    yield compare(
        "--version",
        _ran(home, *BY_PYTHON, "--version"),
        "Python that imports nothing",
        _ran(home, sys.executable, "-c", "pass"),
        limit=1.5,
        repeat=repeat,
    )
    yield from _told(home, repeat)
    data = ("--data-dir", str(home / "empty"))
    setup = home / "nobody.toml"
    setup.write_text(_NOBODY_LISTENS, encoding="utf-8")
    yield compare(
        "preview, until it finds that nobody listens",
        _ran(home, *BY_PYTHON, "preview", "--profile", str(setup), *data),
        "Python that imports the libraries it needs",
        _ran(home, sys.executable, "-c", SENDING),
        limit=1.5,
        repeat=repeat,
    )


def _told(home: Path, repeat: int) -> Iterator[Row]:
    """Compare what tells of runs, on a journal in which there are some."""
    folder = home / "told"
    folder.mkdir()
    with Journal(folder / "journal.sqlite3", lambda: datetime.now(UTC)) as journal:
        for _ in range(RUNS):
            run_once(journal)
    for command, needed in ((("runs",), TELLING), (("report", str(RUNS)), f"{TELLING}, html")):
        yield compare(
            command[0],
            _ran(home, *BY_PYTHON, *command, "--data-dir", str(folder)),
            "Python that imports the libraries it needs",
            _ran(home, sys.executable, "-c", needed),
            limit=1.5,
            repeat=repeat,
        )


_NOBODY_LISTENS = """\
version = 1
name = "Nobody"
[webex]
tenant_url = "http://127.0.0.1:9/x/v2"
organization_id = "2b0a2f9e-6f3e-4c57-9d35-5c9a8d6f0a11"
[source]
kind = "csv"
path = "people.csv"
"""


def _ran(home: Path, *command: str) -> Callable[[], object]:
    environment = compiled_once(home) | {"SPARKWIZARD_TOKEN": "a-token-of-the-benchmark"}

    def run() -> None:
        subprocess.run(command, env=environment, check=False, capture_output=True)

    run()  # once for what is compiled and for the disk
    return run
