"""What an installation must pass before it is trusted: each part tried once, reported as JSON."""

import importlib.metadata
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sparkwizard import __version__

__all__ = ["run_self_test"]

# Every import below is late on purpose: one that fails is a finding, not the end of the test.
# ruff: noqa: PLC0415


def run_self_test(file: str) -> int:
    """Try every part, write the result as JSON to ``file`` (``-``: standard output).

    Returns 0 if all passed, else 1.
    """
    checks = {name: _tried(check) for name, check in _CHECKS.items()}
    document = {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "passed": all(not said.startswith("FAILED") for said in checks.values()),
        "checks": checks,
    }
    text = json.dumps(document, indent=1) + "\n"
    if file == "-":
        sys.stdout.write(text)
    else:
        Path(file).write_text(text, encoding="utf-8")
    return 0 if document["passed"] else 1


def _tried(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is this check's result
        return f"FAILED {type(error).__name__}: {error}"


def _version() -> str:
    installed = importlib.metadata.version("sparkwizard")
    if installed != __version__:
        raise RuntimeError(f"the package says {installed}, the program {__version__}")
    return installed


def _trust() -> str:
    from sparkwizard.net.tls import system_context

    system_context()
    return "the operating system's certificates"


def _keyring() -> str:
    from sparkwizard.setup.secrets import backend_name

    return backend_name()


def _journal() -> str:
    from sparkwizard.runs.journal import Journal

    with tempfile.TemporaryDirectory() as folder:
        Journal(Path(folder) / "journal.sqlite3", lambda: datetime.now().astimezone()).close()
    return "opens"


def _practice_company() -> str:
    from sparkwizard.practice.company.people import hand_made_people

    return f"{len(list(hand_made_people()))} people"


def _window() -> str:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from sparkwizard.gui import aio
    from sparkwizard.gui.shell import Shell

    pages: list[object] = []

    async def construct(folder: Path) -> None:
        settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        shell = Shell(data_dir=folder, practice=False, settings=settings)
        pages.extend(shell.pages.values())
        shell.closed.set()
        await shell.run()

    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["sparkwizard"])
    with tempfile.TemporaryDirectory() as folder:
        aio.run(app, lambda: construct(Path(folder)))
    return f"{len(pages)} pages on the loop"


_CHECKS: dict[str, Callable[[], str]] = {
    "version": _version,
    "trust": _trust,
    "keyring": _keyring,
    "journal": _journal,
    "practice": _practice_company,
    "window": _window,
}
