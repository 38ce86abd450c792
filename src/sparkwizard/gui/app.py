"""Open the window: paint first, read the rest of the program from disk after that."""

import asyncio
import importlib
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from sparkwizard import __version__
from sparkwizard.gui import aio
from sparkwizard.gui.collecting import CollectHere
from sparkwizard.gui.opening import OpeningWindow
from sparkwizard.gui.theme import apply_theme
from sparkwizard.setup.places import Places

if TYPE_CHECKING:
    from sparkwizard.gui.shell import Shell

__all__ = ["run_gui"]

_log = logging.getLogger(__name__)


def run_gui(*, practice: bool, data_dir: Path | None, profile: str | None) -> int:
    """Show the wizard, or the overview of ``profile``, until it is closed; return 0.

    ``practice`` opens against the simulated company; ``data_dir`` holds setups, journal and logs.
    """
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("SparkWizard")
    app.setApplicationVersion(__version__)
    apply_theme(app)
    collecting = CollectHere()
    try:
        aio.run(app, lambda: _main(practice=practice, data_dir=data_dir, profile=profile))
    finally:
        collecting.stop()
    return 0


async def _main(*, practice: bool, data_dir: Path | None, profile: str | None) -> None:
    places = Places.chosen(data_dir, practice=practice)
    settings = QSettings(str(places.data_dir / "window.ini"), QSettings.Format.IniFormat)
    opening = OpeningWindow(settings)
    opening.show()
    await _painted(opening)
    # what the pages need (network, journal) takes longer to read than the whole of Qt
    logs = await aio.run_blocking(importlib.import_module, "sparkwizard.runs.logs")
    with logs.log_to(places):
        module = await aio.run_blocking(importlib.import_module, "sparkwizard.gui.shell")
        shell: Shell = module.Shell(data_dir=data_dir, practice=practice, settings=settings)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_to(shell))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(shell.stop))
        sys.excepthook = _hook(shell)
        try:
            await shell.open(practice=practice, profile=profile)
            opening.close()
            opening.deleteLater()
            await shell.run()
        finally:
            sys.excepthook = sys.__excepthook__
            settings.sync()


async def _painted(opening: OpeningWindow) -> None:
    for _each in range(50):
        if opening.painted:
            return
        await asyncio.sleep(0.01)


def _hook(
    shell: "Shell",
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Return what takes errors of slots: Qt has no caller to hand them to."""

    def handle(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, Exception):
            shell.failed(error)
        else:
            sys.__excepthook__(kind, error, trace)

    return handle


def _to(shell: "Shell") -> Callable[[asyncio.AbstractEventLoop, dict[str, Any]], object]:
    """Return what takes errors that no task waited for."""

    def handle(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        _log.error("Unhandled in the event loop: %s", context.get("message", ""))
        if isinstance(error, Exception):
            shell.failed(error)

    return handle
