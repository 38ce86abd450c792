"""Run the windows on the loop, from the first painted one to the last closed."""

import asyncio
import importlib
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMessageLogContext, QSettings, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from sparkwizard.gui import aio
from sparkwizard.gui.calm.collecting import CollectHere
from sparkwizard.gui.opening import OpeningWindow
from sparkwizard.runs.logs.log import log_to
from sparkwizard.runs.processes.claims import Claims
from sparkwizard.runs.processes.endings import earlier_endings, told_if_it_crashes
from sparkwizard.setup.places import Places

if TYPE_CHECKING:
    from sparkwizard.gui.shell import Shell

__all__ = ["Session"]

_log = logging.getLogger(__name__)
_qt_log = logging.getLogger("sparkwizard.qt")
_LOUD = {
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Session:
    """Hold what the program was started with, and see it to its end."""

    def __init__(
        self,
        places: Places,
        settings: QSettings,
        claims: Claims,
        *,
        practice: bool,
        data_dir: Path | None,
    ) -> None:
        self._places, self._settings, self._claims = places, settings, claims
        self._practice, self._data_dir = practice, data_dir

    def run(self, app: QApplication, opening: OpeningWindow, profile: str | None) -> None:
        """Show the first window in place of ``opening``, and return when all have closed."""
        collecting = CollectHere()
        try:
            with log_to(self._places), told_if_it_crashes(self._places), _qt_logged():
                aio.run(app, lambda: self._main(opening, profile, collecting))
        finally:
            self._claims.close()
            collecting.stop()

    async def _main(
        self, opening: OpeningWindow, profile: str | None, collecting: CollectHere
    ) -> None:
        module = await aio.run_blocking(importlib.import_module, "sparkwizard.gui.shell")
        collecting.set_aside()
        shell: Shell = module.Shell(
            data_dir=self._data_dir,
            practice=self._practice,
            settings=self._settings,
            claims=self._claims,
        )
        with _errors_to(shell):
            await shell.open(practice=self._practice, profile=profile)
            shell.tell_endings(earlier_endings(self._places))
            opening.close()
            opening.deleteLater()
            await shell.run()
        self._settings.sync()


@contextmanager
def _errors_to(shell: "Shell") -> Iterator[None]:
    """Hand what nobody waited for to the shell, from slots, tasks, threads and the system."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_from_tasks(shell))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(shell.stop))
    sys.excepthook = _from_slots(shell)
    threading.excepthook = _from_threads
    try:
        yield
    finally:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__


def _from_slots(
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


def _from_tasks(shell: "Shell") -> Callable[[asyncio.AbstractEventLoop, dict[str, Any]], object]:
    """Return what takes errors that no task waited for."""

    def handle(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        _log.error("Unhandled in the event loop: %s", context.get("message", ""))
        if isinstance(error, Exception):
            shell.failed(error)

    return handle


def _from_threads(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _log.error("Unhandled in %s", args.thread, exc_info=args.exc_value)


@contextmanager
def _qt_logged() -> Iterator[None]:
    """Put what Qt complains about into the log too; a program without a console loses it else."""
    before: Callable[[QtMsgType, QMessageLogContext, str], object] | None = None

    def hear(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind in _LOUD:
            _qt_log.log(_LOUD[kind], "%s", text)
        if before is not None:
            before(kind, context, text)
        elif kind in _LOUD and sys.stderr is not None:
            sys.stderr.write(f"{text}\n")

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
