"""Let Python collect its garbage on the window's thread only, and a little at a time.

Qt objects must die on the thread they live on. Python's collector runs on whichever thread happens
to allocate, and blocking calls and the practice tenant have threads of their own.
"""

import gc

from PySide6.QtCore import QObject, QTimer

from sparkwizard.runs.collector import is_at_rest

__all__ = ["CollectHere"]

_LOOK_MS = 100
_SOME = 20_000
"""Objects that outlived a collection, to be looked at once more: about 5 ms."""
_MANY = 50_000
"""Objects that outlived two, to be looked at with all the others: 50 ms, when nothing happens."""
_CALM_LOOKS = 10
_LITTLE = 200


class CollectHere(QObject):
    """Switch the automatic collector off and collect from a timer.

    Python's own rule counts collections, so that one of the middle generation goes through whatever
    came in between: a tenth of a second after 10,000 people were applied. This counts objects.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threshold = gc.get_threshold()[0]
        self._was_on = gc.isenabled()
        self._once = self._twice = 0  # objects that outlived one collection, and two
        self._seen = self._calm = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def set_aside(self) -> None:
        """Never again look at what is there now: modules and classes stay to the end."""
        gc.freeze()

    def look(self) -> None:
        """Collect what is young if it is much, and everything only when nothing happens."""
        if is_at_rest():
            return
        young = gc.get_count()[0]
        if young > self._threshold:
            self._calm = 0
            self._collect(young)
            return
        self._calm = self._calm + 1 if abs(young - self._seen) < _LITTLE else 0
        self._seen = young
        if self._twice > _MANY and self._calm > _CALM_LOOKS:
            gc.collect()
            self._twice = 0

    def _collect(self, young: int) -> None:
        """Collect the young; those that have outlived one collection with them, if they are many.

        ``young`` is how many there are at most: what is collected is counted too.
        """
        self._once += young
        if self._once <= _SOME:
            gc.collect(0)
            return
        gc.collect(1)
        self._twice += self._once
        self._once = 0

    def stop(self) -> None:
        """Give collecting back to Python."""
        self._timer.stop()
        if self._was_on:
            gc.enable()
