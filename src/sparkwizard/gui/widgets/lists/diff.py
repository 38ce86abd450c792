"""Show one person's change field by field: what is now, and what would be then."""

from collections.abc import Iterable
from typing import override

import msgspec
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE, Theme, Tone
from sparkwizard.gui.widgets.cards import clear_layout
from sparkwizard.gui.widgets.labels import IconLabel, Label, WrapLabel
from sparkwizard.gui.widgets.paint import rounded
from sparkwizard.gui.widgets.scroll import ScrollColumn

__all__ = ["Change", "DiffRows"]


class Change(msgspec.Struct, frozen=True):
    """Hold one attribute before and after; ``None`` stands for empty."""

    attribute: str
    now: str | None
    then: str | None


class _Line(QWidget):
    def __init__(self, *, word: str, icon: str, value: str | None, new: bool) -> None:
        super().__init__()
        self._new = new
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.s, 4, SPACE.s, 4)
        row.setSpacing(6)
        row.addWidget(IconLabel(icon, tone=Tone.ACCENT if new else Tone.MUTED, size=14))
        label = Label(word, role="note", tone=Tone.ACCENT if new else Tone.MUTED)
        label.setFixedWidth(max(36, label.sizeHint().width()))
        row.addWidget(label)
        empty = value is None or value == ""
        shown = WrapLabel(
            "empty" if empty else str(value),
            role="strong" if new and not empty else "",
            tone=Tone.MUTED if empty else "",
        )
        row.addWidget(shown, 1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        fill = theme.tint if self._new else theme.sunken
        rounded(QPainter(self), QRectF(self.rect()), radius=4, fill=fill)


class DiffRows(ScrollColumn):
    """List changes: the attribute, "Now" with the old value and "Then" with the new one.

    ``why`` follows them. The list scrolls where the panel is low, so that no value is ever cut.
    """

    def __init__(self, changes: Iterable[Change] = (), *, why: str = "") -> None:
        super().__init__(spacing=SPACE.s)
        self.setAccessibleName("Changes")
        self.set_changes(changes, why=why)

    def set_changes(self, changes: Iterable[Change], *, why: str = "") -> None:
        """Replace all changes and the reason."""
        clear_layout(self.column)
        for change in changes:
            self.column.addWidget(self._block(change))
        if why:
            self.column.addWidget(Label("Why", role="strong", tone=Tone.MUTED))
            self.column.addWidget(WrapLabel(why))
        self.column.addStretch(1)

    @staticmethod
    def _block(change: Change) -> QWidget:
        block = QWidget()
        block.setAccessibleName(
            f"{change.attribute}: now {change.now or 'empty'}, then {change.then or 'empty'}"
        )
        grid = QGridLayout(block)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(3)
        grid.addWidget(Label(change.attribute, role="strong", tone=Tone.MUTED), 0, 0)
        grid.addWidget(_Line(word="Now", icon="minus", value=change.now, new=False), 1, 0)
        grid.addWidget(_Line(word="Then", icon="plus", value=change.then, new=True), 2, 0)
        return block
