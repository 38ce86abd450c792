"""The panel beside the filters: how many are in scope, how many are not, and why."""

from typing import override

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from sparkwizard.gui.look.icons import paint_icon
from sparkwizard.gui.look.theme import SPACE, Theme, Tone, mix
from sparkwizard.gui.widgets import (
    Bar,
    Card,
    HLine,
    IconText,
    Label,
    Message,
    MessageKind,
    MessageStrip,
    WrapLabel,
    clear_layout,
)
from sparkwizard.gui.widgets.laid_out import LaidOutButton
from sparkwizard.gui.widgets.paint import focus_ring
from sparkwizard.gui.widgets.scroll import ScrollColumn
from sparkwizard.wizard.people.scope_counts import OutGroup, ScopeCounts

__all__ = ["GroupRow", "NumbersPanel"]

_UNKNOWN = "\N{EN DASH}"


class GroupRow(LaidOutButton):
    """Show a cause and its number; pressing it lists the people."""

    def __init__(self, group: OutGroup) -> None:
        super().__init__()
        number = len(group.people)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{group.text}: {number:,}. Show who it is")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.l, SPACE.s, 34, SPACE.s)
        row.setSpacing(SPACE.s)
        words = WrapLabel(group.text)
        count = Label(f"{number:,}", role="strong")
        for label in (words, count):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(words, 1)
        row.addWidget(count)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line below, the tint under the pointer, and the chevron."""
        theme, painter = Theme.current(), QPainter(self)
        if self.underMouse():
            painter.fillRect(self.rect(), mix(theme.text, theme.base, 0.03))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.line)
        leading = self.layoutDirection() == Qt.LayoutDirection.LeftToRight
        box = QRectF(self.width() - 28 if leading else 12, (self.height() - 16) / 2, 16, 16)
        paint_icon(painter, "chevron-right" if leading else "chevron-left", box, theme.muted)
        focus_ring(self, painter, radius=4, inset=2)


class NumbersPanel(Card):
    """Show in and out of scope as big numbers, the causes as rows, and who would lose access."""

    group_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(flush=True)
        self.inside = Label(_UNKNOWN, role="huge")
        self.inside_words = IconText("success", "people in scope", tone=Tone.SUCCESS, role="strong")
        self.bar = Bar()
        self.outside = Label(_UNKNOWN, role="huge")
        self.outside_words = IconText("skip", "people out of scope", tone=Tone.MUTED, role="strong")
        self.note = WrapLabel(tone=Tone.MUTED)
        self.body.addWidget(_block(self.inside, self.inside_words, self.bar))
        self.body.addWidget(HLine())
        self.body.addWidget(_block(self.outside, self.outside_words, self.note))
        self.body.addWidget(HLine())
        self._rows = ScrollColumn()
        self._rows.setMinimumHeight(64)
        self._rows.setAccessibleName("Why people are out of scope")
        self.body.addWidget(self._rows, 1)
        self.losing = MessageStrip()
        holder = QVBoxLayout()
        holder.setContentsMargins(SPACE.s, SPACE.s, SPACE.s, SPACE.s)
        holder.addWidget(self.losing)
        self.body.addLayout(holder)

    def show_nothing(self, why: str) -> None:
        """Show no numbers, and why there are none."""
        for label in (self.inside, self.outside):
            label.setText(_UNKNOWN)
        self.bar.restart()
        self._say(why)
        clear_layout(self._rows.column)
        self.losing.setVisible(False)

    def show_counts(self, counts: ScopeCounts) -> None:
        """Show what was counted."""
        self.inside.setText(f"{counts.in_scope:,}")
        self.outside.setText(f"{counts.out:,}")
        one, many = "person", "people"
        self.inside_words.label.setText(f"{one if counts.in_scope == 1 else many} in scope")
        self.outside_words.label.setText(f"{one if counts.out == 1 else many} out of scope")
        self.bar.restart()
        self.bar.set_share(counts.in_scope / counts.total if counts.total else 0.0)
        self.bar.setAccessibleName(f"{counts.in_scope:,} of {counts.total:,} people are in scope")
        self._say("")
        clear_layout(self._rows.column)
        for group in counts.groups:
            row = GroupRow(group)
            row.clicked.connect(lambda _on=False, group=group: self.group_chosen.emit(group))
            self._rows.column.addWidget(row)
        self._rows.column.addStretch(1)
        self._show_losing(len(counts.losing))

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _show_losing(self, number: int) -> None:
        self.losing.setVisible(number > 0)
        if number:
            one = number == 1
            self.losing.show_message(
                Message(
                    MessageKind.WARNING,
                    f"{number:,} {'person' if one else 'people'} would lose access",
                    "This setup manages the Webex account of this person."
                    if one
                    else "This setup manages their Webex accounts.",
                )
            )


def _block(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(SPACE.l, SPACE.m, SPACE.l, SPACE.m)
    column.setSpacing(SPACE.xs)
    for widget in widgets:
        column.addWidget(widget)
    return holder
