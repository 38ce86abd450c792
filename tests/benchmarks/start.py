"""Starting: to the first page on a screen, and to the end of a command without a window.

The first page is compared with a bare QWizard that imports QtWidgets and nothing else, both looked
at from outside; each command with a Python that imports just those modules of other people's
libraries that the command has read by its end (``tests.headless``). Nothing of Python's own is
imported beside them but in two rows that say so: ``notify`` with a server has the smtplib it speaks
by, and ``schedule --show`` the subprocess by which it asks.
"""

import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks._built import bare_bundle, program_bundle
from tests.benchmarks._painted import Watched, compiled_once, watched_screen
from tests.benchmarks.framework import Row, benchmark, compare
from tests.headless import LINES, headless

__all__ = ["run"]

_PYTHONS_OWN = {"notify": "smtplib, email.message", "schedule --show": "subprocess"}
_CLOUD = ("cloud plan", "cloud foretell", "cloud watch")
BARE = Path(__file__).with_name("_bare_window.py")
BY_PYTHON = (str(Path(sys.executable).with_name("sparkwizard")),)


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
    """Compare every command; of Entra's service those that read the most and the least."""
    folder = home / "commands"
    folder.mkdir()
    with headless(folder, compiled_once(home)) as prepared:
        yield _command(
            "--version",
            partial(prepared.run_program, "--version"),
            partial(prepared.run_python, "pass"),
            repeat,
        )
        for name in LINES:
            if not name.startswith("cloud") or name in _CLOUD:
                own = _PYTHONS_OWN.get(name, "")
                imported = ", ".join((*prepared.libraries(name), *filter(None, [own])))
                needed = partial(prepared.run_python, f"import {imported}")
                yield _command(name, partial(prepared.run, name), needed, repeat, own)


def _command(
    name: str,
    ours: Callable[[], object],
    needed: Callable[[], object],
    repeat: int,
    own: str = "",
) -> Row:
    for once in (ours, needed):
        once()  # for what is compiled and for the disk
    against = f"Python that imports the libraries it needs{f', and {own}' if own else ''}"
    return compare(name, ours, against, needed, limit=1.5, repeat=repeat)
