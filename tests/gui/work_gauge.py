"""Measure how long the window's thread works at a stretch, whatever else the machine does."""

from time import thread_time

from PySide6.QtCore import QObject, Qt, QTimer

__all__ = ["WorkGauge"]


class WorkGauge(QObject):
    """Measure the processor time of the window's thread between two turns of its loop.

    Unlike a gap on the clock it does not grow with what else runs on the machine.
    """

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._tick)
        self._worst = self._last = 0.0

    def start(self) -> None:
        """Start measuring afresh."""
        self._worst, self._last = 0.0, thread_time()
        self._timer.start()

    def stop(self) -> float:
        """Stop and return the longest stretch in seconds."""
        self._tick()
        self._timer.stop()
        return self._worst

    def _tick(self) -> None:
        now = thread_time()
        self._worst, self._last = max(self._worst, now - self._last), now
