"""Real Qt without a screen, settings of its own, and no Qt warning unseen."""

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

if "SPARKWIZARD_TEST_DISPLAY" not in os.environ:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QSettings,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from sparkwizard.gui import aio as gui_aio
from sparkwizard.gui.look.theme import apply_theme, set_scheme

_HARMLESS = (
    "This plugin does not support propagateSizeHints",  # offscreen has no window manager
    "This plugin does not support raise()",
    "This plugin does not support grabbing the keyboard",  # a list that drops down
    "Keyboard event not accepted",  # a key that nobody takes is often what is tested
    "Populating font family aliases",  # the machine's fonts, not ours
)


@pytest.fixture(scope="session")
def qapp() -> Iterator[QApplication]:
    """Dress one application for the whole session."""
    app = QApplication.instance() or QApplication(["sparkwizard-test"])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    apply_theme(app)
    set_scheme(app, "light")
    yield app
    app.closeAllWindows()


@pytest.fixture(autouse=True)
def _quiet_qt(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail on any Qt message at WARNING or above, and on any error raised in a slot."""
    heard: list[str] = []

    def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        loud = kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
        if loud and not any(known in text for known in _HARMLESS):
            heard.append(text)

    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: heard.append(repr(error)))
    before = qInstallMessageHandler(hear)
    yield
    for widget in qapp.topLevelWidgets():
        widget.hide()
        # a completer deletes its own list, and would do so twice
        if widget.windowType() != Qt.WindowType.Popup:
            widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qInstallMessageHandler(before)
    assert not heard, "\n".join(heard)


@pytest.fixture(autouse=True)
def _collect_on_this_thread_only(_quiet_qt: None) -> Iterator[None]:
    """Keep other threads (practice tenant, sign-in) from collecting widgets, as the program does.

    Qt objects die on the thread they live on. Each test asks anew: others switch the collector on.
    """
    gc.disable()
    yield
    gc.disable()
    gc.collect()


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path) -> None:
    """Keep QSettings inside the test's folder."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.IniFormat, scope, str(tmp_path / "settings"))


@pytest.fixture
def aio(qapp: QApplication) -> Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]:
    """Run a coroutine function to its end on Qt's loop, as the program does."""

    def run(main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        async def limited() -> Any:
            async with asyncio.timeout(20):
                return await main()

        return gui_aio.run(qapp, limited)

    return run
