"""Tell what went wrong or needs attention: the message strip, and the band of practice."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import override

import msgspec
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from sparkwizard.gui.look.theme import RADIUS_CARD, SPACE, Theme, Tone
from sparkwizard.gui.widgets.announcing import announce
from sparkwizard.gui.widgets.buttons import IconButton, LinkButton, SecondaryButton
from sparkwizard.gui.widgets.cards import clear_layout
from sparkwizard.gui.widgets.labels import IconLabel, Label, WrapLabel
from sparkwizard.gui.widgets.paint import rounded

__all__ = ["Message", "MessageKind", "MessageStrip", "PracticeBand", "StripAction"]


class MessageKind(StrEnum):
    """Say how much a message matters."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"

    @property
    def tone(self) -> Tone:
        """Return the tone of its strip."""
        return Tone.ACCENT if self is MessageKind.INFO else Tone(self.value)

    @property
    def icon(self) -> str:
        """Return the icon of its strip."""
        return "fail" if self is MessageKind.DANGER else self.value


class StripAction(msgspec.Struct, frozen=True):
    """Offer one thing to do about a message."""

    label: str
    run: Callable[[], object]
    icon: str = ""


class Message(msgspec.Struct, frozen=True):
    """Say what happened (heading) and what to do (text), as plain text."""

    kind: MessageKind
    heading: str
    text: str = ""
    actions: tuple[StripAction, ...] = ()


class MessageStrip(QWidget):
    """Show one message with its icon, coloured heading, plain text and actions; hidden at first."""

    closed = Signal()

    def __init__(
        self, message: Message | None = None, *, closable: bool = False, large: bool = False
    ) -> None:
        super().__init__()
        self._kind = MessageKind.INFO
        self._large = large
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        row = QHBoxLayout(self)
        row.setContentsMargins(*((SPACE.xl, 14, SPACE.l, 14) if large else (14, 9, SPACE.m, 10)))
        row.setSpacing(SPACE.l if large else SPACE.m)
        self.mark = IconLabel("info", size=32 if large else 20)
        self.heading = WrapLabel(role="heading" if large else "strong")
        self.text = WrapLabel()
        self._words = words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.heading)
        words.addWidget(self.text)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignVCenter if large else top)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(SPACE.s)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(row.spacing())
        self._both.addLayout(words, 1)
        self._both.addLayout(self._actions)
        row.addLayout(self._both, 1)
        self._close = IconButton("close", "Close this message", on_click=self.dismiss)
        self._close.setVisible(closable)
        row.addWidget(self._close, 0, top)
        self.setVisible(False)
        if message is not None:
            self.show_message(message)

    def show_message(self, message: Message) -> None:
        """Show a message, and say it to screen readers; problems interrupt."""
        self._kind = message.kind
        self.mark.set_icon(message.kind.icon, message.kind.tone)
        self.heading.setText(message.heading)
        self.heading.set_tone("" if self._large else message.kind.tone)
        self.text.setText(message.text)
        self.text.setVisible(bool(message.text))
        self.setAccessibleName(f"{message.heading.rstrip('.')}. {message.text}".strip())
        self._fill_actions(message.actions)
        self.setVisible(True)
        self.update()
        urgent = message.kind in (MessageKind.WARNING, MessageKind.DANGER)
        announce(self, f"{message.heading} {message.text}".strip(), urgent=urgent)

    def dismiss(self) -> None:
        """Take the message away."""
        self.setVisible(False)
        self.closed.emit()

    def _fill_actions(self, actions: Iterable[StripAction]) -> None:
        clear_layout(self._actions)
        for action in actions:
            self._actions.addWidget(
                SecondaryButton(action.label, icon_name=action.icon, on_click=action.run)
            )
        self._leave_room_for_words()

    def _leave_room_for_words(self) -> None:
        """Put the actions below the words where both take less height so."""
        actions, gap = self._actions.sizeHint(), self._both.spacing()
        width = self._both.geometry().width()
        narrow = self._words.heightForWidth(max(1, width - gap - actions.width()))
        below = self._words.heightForWidth(max(1, width)) + gap + actions.height() < narrow
        directions = QBoxLayout.Direction
        self._both.setDirection(directions.TopToBottom if below else directions.LeftToRight)
        side = Qt.AlignmentFlag.AlignLeft if below else Qt.AlignmentFlag(0)
        self._both.setAlignment(self._actions, side)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look again whether actions and words go beside each other."""
        super().resizeEvent(event)
        self._leave_room_for_words()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint tint and edge."""
        theme = Theme.current()
        rounded(
            QPainter(self),
            QRectF(self.rect()),
            radius=RADIUS_CARD,
            fill=theme.tint_of(self._kind.tone),
            edge=theme.edge_of(self._kind.tone),
        )


class PracticeBand(QWidget):
    """Wear practice on every page: hazard stripes, a flask and the words."""

    leave = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        text: str = "Simulated company. Nothing here reaches Webex or Microsoft Entra.",
        link: str = "Use your own organization",
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(34)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.l + 2, 0, SPACE.xl, 0)
        row.setSpacing(10)
        row.addWidget(IconLabel("flask", tone=Tone.WARNING, size=18))
        row.addWidget(Label("Practice", role="strong", tone=Tone.WARNING))
        self.text = Label(text)
        row.addWidget(self.text, 1)
        self.link = LinkButton(link, on_click=self.leave.emit)
        self.link.setVisible(bool(link))
        row.addWidget(self.link)
        self.setAccessibleName(f"Practice. {text}")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint tint, stripes and the line under the band."""
        theme = Theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.tint_of(Tone.WARNING))
        painter.save()
        painter.setClipRect(0, 0, 6, self.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.warning, 2.4))
        for y in range(-6, self.height() + 12, 6):
            painter.drawLine(-2, y + 2, 8, y - 8)
        painter.restore()
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.edge_of(Tone.WARNING))
