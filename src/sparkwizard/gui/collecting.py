"""Let Python collect its garbage on the window's thread only.

Qt objects must die on the thread they live on. Python's collector runs on whichever thread happens
to allocate, and blocking calls and the practice tenant have threads of their own.
"""

import gc

from PySide6.QtCore import QObject, QTimer

from sparkwizard.runs.collector import is_at_rest

__all__ = ["CollectHere"]

_LOOK_MS = 500


class CollectHere(QObject):
    """Switch the automatic collector off and run it from a timer, by its own thresholds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation whose threshold is passed, unless the collector rests."""
        if is_at_rest():
            return
        due = [
            generation
            for generation, (count, limit) in enumerate(
                zip(gc.get_count(), self._thresholds, strict=False)
            )
            if limit and count > limit
        ]
        if due:
            gc.collect(due[-1])

    def stop(self) -> None:
        """Give collecting back to Python."""
        self._timer.stop()
        if self._was_on:
            gc.enable()
