"""Choose by a big surface: number tiles that filter, and cards that choose."""

from collections.abc import Iterable
from typing import override

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from sparkwizard.gui.look.icons import paint_icon
from sparkwizard.gui.look.theme import RADIUS_CARD, SPACE, Theme, Tone, mix
from sparkwizard.gui.widgets.labels import IconLabel, Label, WrapLabel
from sparkwizard.gui.widgets.laid_out import LaidOutButton
from sparkwizard.gui.widgets.paint import rounded, text_line

__all__ = ["ChoiceCard", "ChoiceGroup", "StatTile", "TileRow"]


def _paint_box(button: QAbstractButton, painter: QPainter) -> None:
    """Paint the box of a tile: line, tint when checked, ring when focused."""
    theme = Theme.current()
    checked, box = button.isChecked(), QRectF(button.rect())
    fill = theme.tint if checked else theme.base
    if button.underMouse() and button.isEnabled() and button.focusPolicy():
        fill = mix(theme.text, fill, 0.025)
    strong = checked or button.hasFocus()
    edge = theme.accent if strong else theme.line
    rounded(painter, box, radius=RADIUS_CARD, fill=fill, edge=edge, width=2 if strong else 1)
    if checked and button.hasFocus():
        inner = box.adjusted(4, 4, -4, -4)
        rounded(painter, inner, radius=RADIUS_CARD - 3, edge=theme.accent)


class StatTile(QAbstractButton):
    """Show a big number over an icon and a word; checkable tiles filter what is below.

    ``beside`` puts the icon beside both, as on the overview.
    """

    def __init__(
        self,
        number: str,
        label: str,
        icon_name: str,
        *,
        tone: str = Tone.MUTED,
        checkable: bool = False,
        beside: bool = False,
    ) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._number, self._icon, self._tone, self._beside = number, icon_name, tone, beside
        self.setText(label)
        self.setCheckable(checkable)
        focus = Qt.FocusPolicy.StrongFocus if checkable else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(focus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def set_number(self, number: str, label: str | None = None, *, tone: str | None = None) -> None:
        """Show another number, and another word or tone if given."""
        self._number = number
        self._tone = tone or self._tone
        self.setText(self.text() if label is None else label)
        self._name()
        self.updateGeometry()
        self.update()

    def number(self) -> str:
        """Return the number as shown."""
        return self._number

    @override
    def sizeHint(self) -> QSize:
        """Return 66 px of height at the usual font, and the width of number and word."""
        number, note = self._metrics()
        text = note.horizontalAdvance(self.text())
        if self._beside:
            width = 44 + max(number.horizontalAdvance(self._number), text) + 16
        else:
            width = max(number.horizontalAdvance(self._number), 22 + text) + 26
        return QSize(width, max(66, number.height() + note.height() + 20))

    @override
    def minimumSizeHint(self) -> QSize:
        """Shrink to the number, and cut the word before the number."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), 78), hint.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tile."""
        painter, theme = QPainter(self), Theme.current()
        _paint_box(self, painter)
        number, note = self._metrics()
        left = 50 if self._beside else 12
        top = (self.height() - number.height() - note.height() - 3) // 2
        room = self.width() - left - 8
        text_line(
            painter,
            QRect(left, top, room, number.height()),
            self._number,
            theme.font("tile"),
            theme.text,
        )
        line = QRect(left, top + number.height() + 3, room, note.height())
        color = theme.color(self._tone)
        if self._beside:
            paint_icon(painter, self._icon, QRectF(16, self.height() / 2 - 11, 22, 22), color)
        else:
            paint_icon(painter, self._icon, QRectF(left, line.center().y() - 7.5, 16, 16), color)
            line.adjust(22, 0, 0, 0)
        word = theme.text if self.isChecked() else theme.muted
        cut = text_line(painter, line, self.text(), theme.font("note"), word)
        self.setToolTip(self.text() if cut else "")

    def _metrics(self) -> tuple[QFontMetrics, QFontMetrics]:
        return QFontMetrics(Theme.font("tile")), QFontMetrics(Theme.font("note"))

    def _name(self) -> None:
        self.setAccessibleName(f"{self._number} {self.text()}")


class TileRow(QWidget):
    """Put number tiles side by side; at most one is checked, and pressing it again frees it."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._tiles: dict[str, StatTile] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE.s)

    def add(self, key: str, tile: StatTile) -> StatTile:
        """Add a tile under a key; ``chosen`` then says the key, or ``None`` when freed."""
        self._tiles[key] = tile
        self._row.addWidget(tile, 1)
        tile.clicked.connect(lambda checked=False: self._clicked(key, checked=checked))
        return tile

    def tile(self, key: str) -> StatTile:
        """Return the tile of a key."""
        return self._tiles[key]

    def choose(self, key: str | None) -> None:
        """Check one tile, or none, without saying so."""
        for name, tile in self._tiles.items():
            tile.setChecked(name == key)

    def _clicked(self, key: str, *, checked: bool) -> None:
        self.choose(key if checked else None)
        self.chosen.emit(key if checked else None)


class ChoiceCard(LaidOutButton):
    """Choose by a card with icon, title and text; arrow keys move, space and Enter choose.

    ``stacked`` puts the icon over the words, for cards side by side. ``body`` takes more widgets.
    """

    def __init__(
        self,
        icon_name: str,
        title: str,
        text: str = "",
        *,
        badge: str = "",
        tone: str = Tone.ACCENT,
        stacked: bool = False,
    ) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.mark = IconLabel(icon_name, tone=tone)
        self.title = WrapLabel(title, role="section")
        self.words = WrapLabel(text, tone=Tone.MUTED)
        if not text:  # showing one that lies in no window yet would open one for it
            self.words.hide()
        self.badge = Label(badge, role="strong", tone=Tone.ACCENT)
        self.badge.setVisible(bool(badge))
        self.body = QVBoxLayout()
        self.body.setSpacing(3)
        self._lay_out(stacked=stacked)
        for child in (self.mark, self.title, self.words, self.badge):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _lay_out(self, *, stacked: bool) -> None:
        outer = QBoxLayout(
            QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight, self
        )
        outer.setContentsMargins(SPACE.l, 13, SPACE.l, 13)
        outer.setSpacing(SPACE.s if stacked else SPACE.m)
        top = Qt.AlignmentFlag.AlignTop
        head = QHBoxLayout()
        if stacked:
            head.addWidget(self.mark)
            head.addStretch(1)
            head.addWidget(self.badge)
            outer.addLayout(head)
        else:
            outer.addWidget(self.mark, 0, top)
        self.body.addWidget(self.title)
        self.body.addWidget(self.words)
        self.body.addStretch(1)
        outer.addLayout(self.body, 1)
        if not stacked:
            outer.addWidget(self.badge, 0, top)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box; the words are children."""
        _paint_box(self, QPainter(self))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter choose too, where a radio button would not."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.isChecked():
            self.click()
            return
        super().keyPressEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        """Repaint when enabled or disabled."""
        super().changeEvent(event)
        self.update()


class ChoiceGroup(QWidget):
    """Offer choice cards below or beside each other, exactly one of which is chosen."""

    chosen = Signal(str)

    def __init__(self, cards: Iterable[tuple[str, ChoiceCard]] = (), *, beside: bool = False):
        super().__init__()
        self._keys: dict[str, ChoiceCard] = {}
        self._group = QButtonGroup(self)
        self._box = QHBoxLayout(self) if beside else QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE.m)
        for key, card in cards:
            self.add(key, card)

    def add(self, key: str, card: ChoiceCard) -> ChoiceCard:
        """Add a card under a key."""
        self._keys[key] = card
        self._group.addButton(card)
        self._box.addWidget(card, 1 if isinstance(self._box, QHBoxLayout) else 0)
        card.clicked.connect(lambda _checked=False: self.chosen.emit(key))
        return card

    def choice(self) -> str:
        """Return the key of the chosen card, or an empty text."""
        return next((key for key, card in self._keys.items() if card.isChecked()), "")

    def choose(self, key: str) -> None:
        """Choose a card without saying so."""
        self._keys[key].setChecked(True)
