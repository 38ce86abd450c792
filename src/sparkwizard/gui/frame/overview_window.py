"""The window of a saved setup's overview: it keeps its place and waits for what runs."""

import asyncio
from typing import override

from PySide6.QtCore import QByteArray, QSettings, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sparkwizard.gui.aio import detach
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.tab_order import lead_on
from sparkwizard.gui.look.room import USUAL, roomy
from sparkwizard.gui.opening import GEOMETRY_KEY
from sparkwizard.gui.pages.overview.page import OverviewPage

__all__ = ["OverviewWindow"]


class OverviewWindow(QWidget):
    """Hold the overview; ``closed`` comes after everything it ran has ended."""

    closed = Signal()

    def __init__(self, desk: Desk, settings: QSettings) -> None:
        super().__init__()
        self._settings = settings
        self._closing: asyncio.Future[object] | None = None
        self._may_close = False
        self.page = OverviewPage(desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self.resize(roomy(USUAL))
        kept = settings.value(GEOMETRY_KEY)
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)

    def open(self) -> None:
        """Show the setup as it is now."""
        self.page.refresh()
        self.setWindowTitle(self.page.windowTitle())
        self.show()

    @override
    def focusNextPrevChild(self, following: bool) -> bool:
        """Lead from the content to the buttons at the foot, and only then to the rail."""
        return lead_on(self.page.tab_parts(), self.focusWidget(), following=following) or (
            super().focusNextPrevChild(following)
        )

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Close once what runs has ended."""
        self._settings.setValue(GEOMETRY_KEY, self.saveGeometry())
        if self._may_close:
            event.accept()
            return
        event.ignore()
        if self._closing is None:
            self.setEnabled(False)
            self._closing = detach(self._close_when_drained())

    async def _close_when_drained(self) -> None:
        self.page.put_away()
        await self.page.tasks.drained()
        self._may_close = True
        self.close()
        self.closed.emit()
