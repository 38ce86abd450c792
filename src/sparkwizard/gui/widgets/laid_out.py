"""Be a button whose words wrap: as high as the layout of its children asks for."""

from typing import override

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QLayout

__all__ = ["LaidOutButton"]


class LaidOutButton(QAbstractButton):
    """Hold a layout of children that let the mouse through, and follow its height for a width."""

    def _laid_out(self) -> QLayout:
        layout = self.layout()
        assert layout is not None
        return layout

    @override
    def sizeHint(self) -> QSize:
        """Ask for what the words need."""
        return self._laid_out().sizeHint()

    @override
    def hasHeightForWidth(self) -> bool:
        """Follow the wrapped words."""
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped words."""
        return self._laid_out().totalHeightForWidth(width)
