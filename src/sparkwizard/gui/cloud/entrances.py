"""Open the cloud set-up from where it is offered, and come back there when it closes."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.window import WizardWindow
from sparkwizard.wizard.cloud.steps import CloudStep

__all__ = ["CloudEntrances"]


class CloudEntrances(QObject):
    """Hold the window of the cloud set-up, if it is up; ``unexpected`` carries its errors."""

    unexpected = Signal(object)

    def __init__(self, desk: Desk, settings: QSettings) -> None:
        super().__init__()
        self._desk, self._settings = desk, settings
        self._then: Callable[[], object] = lambda: None
        self.window: WizardWindow | None = None

    def open(self, before: QWidget, step: CloudStep, then: Callable[[], object]) -> None:
        """Show a face in place of the window ``before``; ``then`` shows that one again."""
        from sparkwizard.gui.cloud.window import CloudWindow  # noqa: PLC0415  few need it

        if self.window is not None:
            return
        self.window = window = CloudWindow(self._desk, self._settings)
        window.unexpected.connect(self.unexpected)
        self._then = then
        window.closed.connect(self._closed)
        window.turn_to(step)
        window.show()
        before.hide()

    def leave(self, then: Callable[[], object]) -> None:
        """Close without a question, as the system asks for; ``then`` comes last."""
        window = self.window
        if window is not None:
            before = self._then
            self._then = lambda: (before(), then())
            window.accept()

    def _closed(self) -> None:
        window, self.window = self.window, None
        self._then()
        if window is not None:
            window.deleteLater()
