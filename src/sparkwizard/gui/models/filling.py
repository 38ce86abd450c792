"""Fill a table with many rows in small bites, so that the window keeps answering."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from sparkwizard.gui.widgets.lists.rows import RowsModel

__all__ = ["GradualFill"]

_FIRST, _BITE = 2_000, 8_000


class GradualFill[R](QObject):
    """Put rows into a model: the first screens at once, the others while nothing else is to do."""

    def __init__(self, model: RowsModel[R]) -> None:
        super().__init__(model)
        self._model = model
        self._rest: Sequence[R] = ()
        self._next = 0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._bite)

    def fill(self, rows: Sequence[R]) -> None:
        """Show other rows; what was still to come of the earlier ones is dropped."""
        self._timer.stop()
        self._rest, self._next = rows, _FIRST
        self._model.set_rows(rows[:_FIRST])
        if len(rows) > _FIRST:
            self._timer.start()

    def _bite(self) -> None:
        end = self._next + _BITE
        self._model.append_rows(self._rest[self._next : end])
        self._next = end
        if end >= len(self._rest):
            self._timer.stop()
            self._rest = ()
