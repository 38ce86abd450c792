"""Offer from every window what is no step of the wizard: F1, or the button at the rail's foot."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.help.about import AboutDialog
from sparkwizard.gui.help.proxy_dialog import ProxyDialog
from sparkwizard.gui.help.shortcuts import ShortcutsDialog
from sparkwizard.gui.help.support_dialog import SupportDialog
from sparkwizard.gui.look.icons import icon
from sparkwizard.gui.look.theme import Tone
from sparkwizard.gui.widgets.rail import RailButton
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import private_folder

__all__ = ["HelpMenu"]


class HelpMenu(QMenu):
    """Hold the entries, and open what they name over the window that is up.

    ``real`` serves the data folder that the program was started with: the network is the same in
    practice. ``failed`` takes what can't be done.
    """

    def __init__(
        self, window: QWidget, desk: Desk, real: Services, failed: Callable[[BaseException], object]
    ) -> None:
        super().__init__("Help and settings", window)
        self._window, self._desk, self._failed = window, desk, failed
        self._add("&Keyboard shortcuts", "info", lambda: ShortcutsDialog(window))
        self.addSeparator()
        self._add("&Proxy…", "settings", lambda: ProxyDialog(window, real, desk.profile))
        self.addSeparator()
        self._act("Open &log folder", "folder", self._open_logs)
        self._add("&Support bundle…", "clipboard", lambda: SupportDialog(window, desk))
        self.addSeparator()
        self._add("&About SparkWizard", "help", lambda: AboutDialog(window))
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), window)
        shortcut.activated.connect(self.open_at_button)
        self._button: RailButton | None = None

    def serve(self, button: RailButton) -> None:
        """Open when a rail's button is pressed, beside it."""
        self._button = button
        button.clicked.connect(self.open_at_button)

    def open_at_button(self) -> None:
        """Open beside the button; the first entry has the keyboard."""
        button = self._button
        corner = button.mapToGlobal(QPoint(8, 0)) if button else self._window.pos()
        self.popup(corner - QPoint(0, self.sizeHint().height()))  # never exec()
        self.setActiveAction(self.actions()[0])

    def _add(self, words: str, icon_name: str, make: Callable[[], QDialog]) -> None:
        self._act(words, icon_name, lambda: make().open())

    def _act(self, words: str, icon_name: str, do: Callable[[], object]) -> None:
        action = self.addAction(icon(icon_name, Tone.MUTED), words)
        action.triggered.connect(lambda _checked=False: do())

    def _open_logs(self) -> None:
        folder = self._desk.services.places.logs_dir
        try:
            private_folder(folder)
        except SparkWizardError as error:
            self._failed(error)
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
