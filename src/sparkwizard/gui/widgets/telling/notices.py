"""Several messages below each other, the gravest first."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import SPACE
from sparkwizard.gui.widgets.buttons import LinkButton, SecondaryButton
from sparkwizard.gui.widgets.cards import clear_layout
from sparkwizard.gui.widgets.labels import SectionLabel
from sparkwizard.gui.widgets.telling.strips import Message, MessageStrip, StripAction
from sparkwizard.values import replace

__all__ = ["Notices", "NoticesDialog"]


class Notices(QWidget):
    """Show messages below each other; takes no room where there is none.

    Where a page has little room it lets only the first be shown; a link leads to all of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE.s)
        self._messages: tuple[Message, ...] = ()
        self._most: int | None = None
        self.setVisible(False)

    @property
    def messages(self) -> tuple[Message, ...]:
        """Return all there are, shown or behind the link."""
        return self._messages

    def show_messages(self, messages: Iterable[Message]) -> None:
        """Replace what is shown."""
        wanted = tuple(messages)
        if wanted != self._messages:
            self._messages = wanted
            self._fill()

    def show_at_most(self, number: int) -> None:
        """Show no more than these; the rest stands behind a link."""
        before, self._most = self._shown(), number
        if self._shown() != before:
            self._fill()

    def _shown(self) -> int:
        return min(len(self._messages), self._most or len(self._messages))

    def _fill(self) -> None:
        clear_layout(self._column)
        shown = self._shown()
        for message in self._messages[:shown]:
            _add_strip(self._column, message)
        if more := len(self._messages) - shown:
            words = "1 more thing to know" if more == 1 else f"{more:,} more things to know"
            link = LinkButton(words, on_click=self._open)
            self._column.addWidget(link, alignment=Qt.AlignmentFlag.AlignRight)
        self.setVisible(bool(self._messages))

    def _open(self) -> None:
        NoticesDialog(self, self._messages).open()


class NoticesDialog(QDialog):
    """Show messages with room for each; what can be done about one closes this first."""

    def __init__(self, parent: QWidget, messages: Sequence[Message]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("What there is to know")
        self.setMinimumWidth(560)
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(SectionLabel("What there is to know"))
        for message in messages:
            actions = tuple(map(self._closing, message.actions))
            _add_strip(column, replace(message, actions=actions))
        column.addStretch(1)
        foot.addStretch(1)
        foot.addWidget(SecondaryButton("&Close", on_click=self.close))
        column.addLayout(foot)

    def _closing(self, action: StripAction) -> StripAction:
        def close_first() -> None:
            self.close()
            action.run()

        return replace(action, run=close_first)


def _add_strip(column: QVBoxLayout, message: Message) -> None:
    """Add a strip that can't be closed; shown once it is in its window, else it were one itself."""
    strip = MessageStrip(closable=False)
    column.addWidget(strip)
    strip.show_message(message)
