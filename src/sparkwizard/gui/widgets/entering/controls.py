"""Draw check boxes, radio buttons and drop-down lists; native styles keep their own."""

from typing import override

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QRadioButton,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from sparkwizard.gui.look.icons import paint_icon
from sparkwizard.gui.look.theme import Theme, is_fusion
from sparkwizard.gui.widgets.paint import rounded

__all__ = ["CheckBox", "RadioButton", "Select"]

_MARK = 18
_GAP = 8


def _hint(button: QAbstractButton) -> QSize:
    flags = Qt.TextFlag.TextShowMnemonic
    metrics = QFontMetrics(button.font())
    text = metrics.size(flags, button.text())
    return QSize(_MARK + _GAP + text.width() + 4, max(_MARK, text.height()) + 6)


def _paint(button: QAbstractButton, *, round_mark: bool) -> None:
    theme, painter = Theme.current(), QPainter(button)
    on, enabled = button.isChecked(), button.isEnabled()
    visual = QStyle.visualRect
    mark = visual(
        button.layoutDirection(),
        button.rect(),
        QRect(1, (button.height() - _MARK) // 2, _MARK, _MARK),
    )
    radius = _MARK / 2 if round_mark else 4
    fill = (theme.accent if enabled else theme.disabled) if on else theme.base
    edge = fill if on else (theme.edge if enabled else theme.line)
    if button.hasFocus():
        ring = QRectF(mark).adjusted(-1, -1, 1, 1)
        rounded(painter, ring, radius=radius + 1, edge=theme.accent, width=2)
    rounded(painter, QRectF(mark).adjusted(1, 1, -1, -1), radius=radius - 1, fill=fill, edge=edge)
    if on and round_mark:
        dot = QRectF(mark).adjusted(6, 6, -6, -6)
        rounded(painter, dot, radius=3, fill=theme.on_accent)
    elif on:
        paint_icon(painter, "check", QRectF(mark).adjusted(2, 2, -2, -2), theme.on_accent)
    words = visual(
        button.layoutDirection(),
        button.rect(),
        QRect(_MARK + _GAP, 0, button.width() - _MARK - _GAP, button.height()),
    )
    painter.setPen(theme.text if enabled else theme.disabled)
    painter.setFont(button.font())
    side = QStyle.visualAlignment(button.layoutDirection(), Qt.AlignmentFlag.AlignLeft)
    flags = int(side | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextShowMnemonic)
    painter.drawText(words, flags, button.text())


class CheckBox(QCheckBox):
    """Switch one thing on or off."""

    @override
    def sizeHint(self) -> QSize:
        """Take mark and words."""
        return _hint(self) if is_fusion() else super().sizeHint()

    @override
    def minimumSizeHint(self) -> QSize:
        """Take mark and words."""
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint mark and words, or leave them to the native style."""
        if is_fusion():
            _paint(self, round_mark=False)
        else:
            super().paintEvent(event)


class RadioButton(QRadioButton):
    """Choose one of a few."""

    @override
    def sizeHint(self) -> QSize:
        """Take mark and words."""
        return _hint(self) if is_fusion() else super().sizeHint()

    @override
    def minimumSizeHint(self) -> QSize:
        """Take mark and words."""
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint mark and words, or leave them to the native style."""
        if is_fusion():
            _paint(self, round_mark=True)
        else:
            super().paintEvent(event)


class Select(QComboBox):
    """Choose one of many from a list that drops down."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint field, words and chevron, or leave them to the native style."""
        if not is_fusion():
            super().paintEvent(event)
            return
        theme, painter = Theme.current(), QPainter(self)
        edge = theme.accent if self.hasFocus() else theme.edge
        rounded(
            painter,
            QRectF(self.rect()),
            radius=6,
            fill=theme.base if self.isEnabled() else theme.window,
            edge=edge if self.isEnabled() else theme.line,
            width=2 if self.hasFocus() else 1,
        )
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        color = theme.text if self.isEnabled() else theme.disabled
        room = QRect(10, 0, self.width() - 40, self.height())
        metrics = QFontMetrics(self.font())
        words = metrics.elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(color)
        direction = self.layoutDirection()
        side = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft)
        place = QStyle.visualRect(direction, self.rect(), room)
        painter.drawText(place, int(side | Qt.AlignmentFlag.AlignVCenter), words)
        arrow = QRect(self.width() - 26, (self.height() - 16) // 2, 16, 16)
        place = QStyle.visualRect(direction, self.rect(), arrow)
        paint_icon(painter, "chevron-down", QRectF(place), color)
