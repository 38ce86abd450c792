"""Show text: headings, notes, wrapped text that is never clipped, terms with an explanation."""

from typing import override

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from sparkwizard.gui.look.icons import paint_icon
from sparkwizard.gui.look.theme import SPACE, Theme, Tone, set_property, tooltip_text

__all__ = [
    "Chip",
    "ElidedLabel",
    "IconLabel",
    "IconText",
    "Label",
    "MonoLabel",
    "SectionLabel",
    "TermLabel",
    "TitleLabel",
    "WrapLabel",
]


class Label(QLabel):
    """Show one line of plain text in a role and a tone of the look."""

    def __init__(
        self, text: str = "", *, role: str = "", tone: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        self.setText(text)

    def set_tone(self, tone: str) -> None:
        """Change what the colour means."""
        set_property(self, "tone", tone)


class SectionLabel(Label):
    """Show the heading of a group; ``buddy`` takes the focus of its Alt-letter."""

    def __init__(self, text: str = "", *, buddy: QWidget | None = None) -> None:
        super().__init__(text, role="section")
        if buddy is not None:
            self.setBuddy(buddy)


class WrapLabel(Label):
    """Show text over as many lines as it needs, and always claim the height for them.

    A plain ``QLabel`` wishes for a height at a width it guesses, and tight columns then cut it
    silently; this one asks for the height at the width it has, as a minimum.
    """

    def __init__(
        self, text: str = "", *, role: str = "", tone: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, role=role, tone=tone, parent=parent)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Claim the height that the new width asks for."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        """Ask for the height at the width at hand."""
        return self._at_this_width(super().sizeHint())

    @override
    def minimumSizeHint(self) -> QSize:
        """Ask for the same height, and a modest width, so that text wraps before it pushes."""
        hint = super().minimumSizeHint()
        return self._at_this_width(QSize(min(hint.width(), 96), hint.height()))

    def _at_this_width(self, hint: QSize) -> QSize:
        if self.testAttribute(Qt.WidgetAttribute.WA_Resized) and self.text():
            hint.setHeight(self.heightForWidth(self.width()))
        return hint


class TitleLabel(WrapLabel):
    """Show the one main instruction of a page."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role="title", parent=parent)


class MonoLabel(WrapLabel):
    """Show an expression or evidence in the fixed font, selectable."""

    def __init__(self, text: str = "", *, tone: str = "") -> None:
        super().__init__(text, role="mono", tone=tone)
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)


class ElidedLabel(Label):
    """Show one line, cut with an ellipsis where it must, and whole in the tooltip."""

    def __init__(self, text: str = "", *, role: str = "", tone: str = "") -> None:
        super().__init__(role=role, tone=tone)
        self._full = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show other text."""
        self._full = text
        self.setAccessibleName(text)
        self._elide()
        self.updateGeometry()

    def full_text(self) -> str:
        """Return the text before it was cut."""
        return self._full

    @override
    def sizeHint(self) -> QSize:
        """Ask for the width of the whole text."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._full) + 2, metrics.height())

    @override
    def minimumSizeHint(self) -> QSize:
        """Accept a few letters."""
        return QSize(24, self.fontMetrics().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut to the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics = self.fontMetrics()
        shown = metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, max(self.width(), 24))
        if shown != self.text():
            super().setText(shown)
        self.setToolTip(tooltip_text(self._full) if shown != self._full else "")


class IconLabel(QWidget):
    """Show one icon; it stands beside words, so screen readers pass over it."""

    def __init__(self, name: str, *, tone: str = Tone.TEXT, size: int = 20) -> None:
        super().__init__()
        self._name, self._tone, self._size = name, tone, size
        self.setFixedSize(size, size)

    def set_icon(self, name: str, tone: str) -> None:
        """Show another icon."""
        self._name, self._tone = name, tone
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon in the tone of now."""
        tone = self._tone if self.isEnabled() else Tone.DISABLED
        paint_icon(
            QPainter(self),
            self._name,
            QRectF(0, 0, self._size, self._size),
            Theme.current().color(tone),
        )


class IconText(QWidget):
    """Show an icon and the words it stands beside: a state is always both."""

    def __init__(
        self,
        name: str,
        text: str,
        *,
        tone: str = Tone.TEXT,
        text_tone: str = "",
        role: str = "",
        size: int = 16,
        wrap: bool = False,
    ) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.s)
        self.mark = IconLabel(name, tone=tone, size=size)
        make = WrapLabel if wrap else Label
        self.label = make(text, role=role, tone=text_tone)
        flag = Qt.AlignmentFlag
        row.addWidget(self.mark, 0, flag.AlignLeft | (flag.AlignTop if wrap else flag.AlignVCenter))
        row.addWidget(self.label, 1)

    def set(self, name: str, text: str, tone: str) -> None:
        """Show another state."""
        self.mark.set_icon(name, tone)
        self.label.setText(text)


class TermLabel(Label):
    """Show a term of the trade; hover and screen readers get its one-sentence meaning."""

    def __init__(self, term: str, meaning: str, *, role: str = "", tone: str = "") -> None:
        super().__init__(term, role=role, tone=tone)
        self.setToolTip(tooltip_text(meaning))
        self.setAccessibleName(term)
        self.setAccessibleDescription(meaning)
        self.setCursor(Qt.CursorShape.WhatsThisCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Underline the term with dots, the sign that more is to be read."""
        super().paintEvent(event)
        painter = QPainter(self)
        pen = painter.pen()
        pen.setColor(Theme.current().muted)
        pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        y = self.height() - 1
        painter.drawLine(0, y, self.fontMetrics().horizontalAdvance(self.text()), y)

    @override
    def sizeHint(self) -> QSize:
        """Leave a pixel for the dots."""
        return super().sizeHint() + QSize(0, 3)


class Chip(Label):
    """Show one word of a sentence, such as an attribute or a value of a filter."""

    def __init__(self, text: str, *, value: bool = False) -> None:
        super().__init__(text)
        self.setProperty("chip", "value" if value else "plain")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
