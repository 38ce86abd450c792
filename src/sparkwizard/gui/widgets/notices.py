"""Several messages below each other, the gravest first."""

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sparkwizard.gui.theme import SPACE
from sparkwizard.gui.widgets.cards import clear_layout
from sparkwizard.gui.widgets.strips import Message, MessageStrip

__all__ = ["Notices"]


class Notices(QWidget):
    """Show messages below each other; takes no room where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE.s)
        self._messages: tuple[Message, ...] = ()
        self.setVisible(False)

    @property
    def messages(self) -> tuple[Message, ...]:
        """Return what is shown."""
        return self._messages

    def show_messages(self, messages: Iterable[Message]) -> None:
        """Replace what is shown."""
        wanted = tuple(messages)
        if wanted == self._messages:
            return
        self._messages = wanted
        clear_layout(self._column)
        for message in wanted:
            strip = MessageStrip(closable=False)
            self._column.addWidget(strip)
            strip.show_message(message)
        self.setVisible(bool(wanted))
