"""Press: primary, secondary and quiet buttons, icon buttons, copy buttons and links."""

from collections.abc import Callable
from typing import override

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from sparkwizard.gui.look.icons import icon, paint_icon
from sparkwizard.gui.look.theme import Theme, Tone, tooltip_text
from sparkwizard.gui.widgets.announcing import announce
from sparkwizard.gui.widgets.paint import focus_ring, mirrored

__all__ = [
    "CopyButton",
    "IconButton",
    "LinkButton",
    "PrimaryButton",
    "QuietButton",
    "SecondaryButton",
]

_COPIED_MS = 2000
_COPIED = "Copied"


class _Button(QPushButton):
    kind = "secondary"
    tone: str = Tone.TEXT

    def __init__(
        self,
        text: str,
        *,
        icon_name: str = "",
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", self.kind)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setIconSize(QSize(20 if text else 16, 16))  # 4 px more room before the words
        self.set_icon(icon_name)
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())

    def set_icon(self, name: str) -> None:
        """Show another icon, or none."""
        self._icon_name = name
        if name:
            self.setIcon(icon(name, self.tone))

    @override
    def sizeHint(self) -> QSize:
        """Leave room between icon and words."""
        hint = super().sizeHint()
        return hint + QSize(4, 0) if self._icon_name and self.text() else hint


class PrimaryButton(_Button):
    """Carry out what the page is for; there is one per page."""

    kind = "primary"
    tone: str = Tone.ON_ACCENT


class SecondaryButton(_Button):
    """Do something else on the page."""


class QuietButton(_Button):
    """Do something small without a border."""

    kind = "quiet"


class IconButton(_Button):
    """Show only an icon; the words go to the tooltip and the screen reader."""

    kind = "quiet"
    tone: str = Tone.MUTED

    def __init__(
        self,
        icon_name: str,
        words: str,
        *,
        on_click: Callable[[], object] | None = None,
        tone: str = Tone.MUTED,
        parent: QWidget | None = None,
    ) -> None:
        self.tone = tone
        super().__init__("", icon_name=icon_name, on_click=on_click, parent=parent)
        self.setProperty("shape", "icon")
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """Say other words for the same icon."""
        self.setToolTip(tooltip_text(words))
        self.setAccessibleName(words)

    @override
    def sizeHint(self) -> QSize:
        """Be square."""
        return QSize(32, 32)


class CopyButton(_Button):
    """Copy a value, and say "Copied" for two seconds, on screen and to screen readers."""

    copied = Signal(str)

    def __init__(
        self, value: str | Callable[[], str], *, what: str = "", text: str = "Copy"
    ) -> None:
        self._value = value
        self._label = text
        self._width = 0
        super().__init__(text, icon_name="copy", on_click=self._copy)
        self._name = f"Copy {what}" if what else (text or "Copy")
        self.setAccessibleName(self._name)
        self.setToolTip(tooltip_text(self._name))
        if not text:
            self.tone = Tone.MUTED
            self.set_icon("copy")
            self.setProperty("kind", "quiet")
            self.setProperty("shape", "icon")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_COPIED_MS)
        self._timer.timeout.connect(self._rest)

    def set_value(self, value: str | Callable[[], str]) -> None:
        """Copy another value from now on."""
        self._value = value

    @override
    def sizeHint(self) -> QSize:
        """Keep one width for both words, so that nothing beside it moves."""
        if not self._label:
            return QSize(32, 32)
        hint, advance = super().sizeHint(), self.fontMetrics().horizontalAdvance
        more = max(0, advance(_COPIED) - advance(self._label))
        if self.text() == self._label:
            self._width = hint.width() + more
        return QSize(self._width or hint.width(), hint.height())

    def _copy(self) -> None:
        value = self._value if isinstance(self._value, str) else self._value()
        QGuiApplication.clipboard().setText(value)
        if self._label:
            self.setText(_COPIED)
        self.set_icon("check")
        self.setToolTip(_COPIED)
        announce(self, _COPIED)
        self._timer.start()
        self.copied.emit(value)

    def _rest(self) -> None:
        self.setText(self._label)
        self.set_icon("copy")
        self.setToolTip(tooltip_text(self._name))


class LinkButton(QAbstractButton):
    """Open a page of another web site, or do a small thing when ``on_click`` is given instead."""

    def __init__(
        self,
        text: str,
        url: str = "",
        *,
        on_click: Callable[[], object] | None = None,
        strong: bool = False,
    ) -> None:
        super().__init__()
        if url and not url.startswith("https://"):
            raise ValueError("a link must be https")
        self._url, self._strong = url, strong
        self.setText(text)
        self.setAccessibleName(f"{text}, opens in the browser" if url else text)
        self.setToolTip(tooltip_text(url))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # not Fixed: a column would be no wider than its narrowest fixed widget
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _checked=False: on_click() if on_click else self._open())

    @property
    def url(self) -> str:
        """Return where the link leads, or nothing."""
        return self._url

    @override
    def sizeHint(self) -> QSize:
        """Take the words and the icon, flush with the text above and below."""
        metrics = QFontMetrics(self._text_font())
        extra = 21 if self._url else 0
        return QSize(metrics.horizontalAdvance(self.text()) + extra + 2, metrics.height() + 8)

    @override
    def hitButton(self, pos: QPoint) -> bool:
        """React on the words only, not on the empty room beside them."""
        return self._area().contains(pos)

    def _area(self) -> QRect:
        area = QRect(0, 0, min(self.width(), self.sizeHint().width()), self.height())
        return mirrored(self, area)

    def _text_font(self) -> QFont:
        font = QFont(self.font())
        if self._strong:
            font.setWeight(QFont.Weight.DemiBold)
        font.setUnderline(self.isEnabled() and self.underMouse())
        return font

    def _open(self) -> None:
        if self._url:
            QDesktopServices.openUrl(QUrl(self._url))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words, underlined under the pointer, and the icon that says "outside"."""
        painter = QPainter(self)
        color = Theme.current().color(Tone.ACCENT if self.isEnabled() else Tone.DISABLED)
        painter.setFont(self._text_font())
        painter.setPen(color)
        area = QRect(0, 0, self.width(), self.height())
        backwards = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        flag = Qt.AlignmentFlag
        side = flag.AlignRight if backwards else flag.AlignLeft
        painter.drawText(area, int(side | flag.AlignVCenter), self.text())
        if self._url:
            width = QFontMetrics(self._text_font()).horizontalAdvance(self.text()) + 5
            x = self.width() - width - 16 if backwards else width
            paint_icon(painter, "external-link", QRectF(x, (self.height() - 16) / 2, 16, 16), color)
        focus_ring(self, painter, radius=4, box=self._area())

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        """Underline."""
        super().enterEvent(event)
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        """Stop underlining."""
        super().leaveEvent(event)
        self.update()
