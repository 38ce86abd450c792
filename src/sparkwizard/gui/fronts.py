"""Keep one window for each setup: come to the front when called, and call others."""

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from sparkwizard.errors import StorageError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.runs.processes.claims import DRAFT, WIZARD, Claims
from sparkwizard.setup.places import Places

__all__ = ["Fronts", "come_to_front"]


class Fronts(QObject):
    """Hold what this process shows; ``called`` comes when it is opened a second time."""

    called = Signal()

    def __init__(self, places: Places, claims: Claims | None = None) -> None:
        super().__init__()
        self._claims = {places: claims or Claims(places)}
        self._now: tuple[Places, str] = (places, WIZARD)
        self._claims[places].take(WIZARD)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._look)
        self._watch(places)

    async def move_to(self, places: Places, key: str) -> None:
        """Hold ``key`` in place of what was held.

        Raises StorageError where another process shows it; its window comes to the front then.
        """
        if self._now == (places, key):
            return
        claims = self._claims.setdefault(places, Claims(places))
        if not claims.take(key):
            answered = await run_blocking(_call, claims, key)
            raise _open_elsewhere(key, answered=answered)
        before, old = self._now
        self._claims[before].give_back(old)
        self._now = (places, key)
        self._watch(places)

    def may_keep_draft(self) -> bool:
        """Tell whether the one draft of the data folder is this process's to keep."""
        return self._claims[self._now[0]].take(DRAFT)

    def close(self) -> None:
        """Give everything back."""
        self._watcher.directoryChanged.disconnect(self._look)
        for claims in self._claims.values():
            claims.close()

    def _watch(self, places: Places) -> None:
        folder = self._claims[places].watched()
        if folder and folder not in self._watcher.directories():
            self._watcher.addPath(folder)

    def _look(self) -> None:
        if any(claims.calls() for claims in self._claims.values()):
            self.called.emit()


def _call(claims: Claims, key: str) -> bool:
    return claims.call(key)


def _open_elsewhere(key: str, *, answered: bool) -> StorageError:
    what = "A new setup is" if key == WIZARD else "This setup is"
    if answered:
        return StorageError(
            f"{what} open in another window, which was brought to the front.",
            fix="Go on there, or close it first.",
            code="open-elsewhere",
        )
    return StorageError(
        f"{what} open in another window, which does not answer.",
        fix="Wait for it, or end that SparkWizard with the system's task manager, and try again.",
        code="open-elsewhere-silent",
    )


def come_to_front(window: QWidget) -> None:
    """Show a window before all others, also one that is minimized or behind its own dialog."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.raise_()
        dialog.activateWindow()
