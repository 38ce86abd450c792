"""Keep what a person made of the window: sizes of dialogs and widths of columns."""

from typing import Protocol, override

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QDialog
from shiboken6 import isValid

__all__ = ["keep_size", "keep_widths", "kept_widths", "remember_in"]


class Store(Protocol):
    """Keep values by name; ``QSettings`` is one."""

    def value(self, key: str, /) -> object:
        """Return what was kept under a key."""

    def setValue(self, key: str, value: object, /) -> None:
        """Keep a value under a key."""


_store: list[Store] = []


def remember_in(store: Store | None) -> None:
    """Keep everything in ``store`` from now on; None keeps nothing."""
    _store[:] = [store] if store is not None else []


def keep_size(dialog: QDialog) -> None:
    """Open a dialog in the size it was closed in last, as far as the screen has room."""
    _Keeper(dialog)


def keep_widths(table: str, widths: dict[int, int]) -> None:
    """Keep the widths that were drawn by hand, by column."""
    if _store:
        _store[0].setValue(f"columns/{table}", ",".join(f"{at}:{w}" for at, w in widths.items()))


def kept_widths(table: str) -> dict[int, int]:
    """Return the widths that were drawn by hand for a table of this name."""
    text = str(_store[0].value(f"columns/{table}") or "") if _store else ""
    pairs = (pair.partition(":") for pair in text.split(",") if pair)
    return {int(at): int(w) for at, _, w in pairs if at.isdecimal() and w.isdecimal()}


class _Keeper(QObject):
    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._key = f"dialogs/{type(dialog).__name__}"
        self._opened = QSize()
        dialog.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Restore the size before it is shown, and keep one that was changed."""
        if not vars(self):
            return False  # Python has collected it, and Qt is about to
        if event.type() == QEvent.Type.Show:
            self._restore()
        elif event.type() == QEvent.Type.Hide and isValid(self._dialog):  # not while it dies
            self._keep()
        return False

    def _keep(self) -> None:
        if _store and self._dialog.size() != self._opened:
            _store[0].setValue(self._key, self._dialog.size())

    def _restore(self) -> None:
        kept = _store[0].value(self._key) if _store else None
        if isinstance(kept, QSize) and kept.isValid():
            room = self._dialog.screen().availableSize() - QSize(16, 40)
            least = self._dialog.minimumSizeHint()
            self._dialog.resize(kept.boundedTo(room).expandedTo(least))
        self._opened = self._dialog.size()
