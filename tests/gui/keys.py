"""Walk the windows by keys alone: Tab to a control, arrows within a group, Space to press it.

Keys go to whatever has the keyboard, as on a real desk; nothing is clicked and no focus is set.
"""

import asyncio
from collections.abc import Iterator
from typing import override

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.wizard.steps import Step
from tests.gui.test_whole_wizard import PACE, Road

__all__ = ["KeyRoad", "controls", "has_ring", "in_group", "in_view", "said", "tabbed"]

_MOST_TABS = 80
_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)
_ARROW_GROUP = (Qt.Key.Key_Right, Qt.Key.Key_Down)


class KeyRoad(Road):
    """Press with Space what others click, after getting there by Tab."""

    @override
    async def click(self, target: QAbstractButton | str) -> None:
        button = self.button(target) if isinstance(target, str) else target
        assert button.isEnabled(), f"{said(button)} is off"
        await self.reach(button)
        await self.press(Qt.Key.Key_Space)

    async def reach(self, target: QWidget) -> None:
        """Get to a control by Tab, and by arrows inside a group of choices."""
        seen: list[str] = []
        for _ in range(_MOST_TABS):
            at = QApplication.focusWidget()
            assert at is not None, f"nothing has the keyboard after {seen}"
            if at is target:
                return
            if in_group(at, target):
                await self.press(Qt.Key.Key_Right)
                continue
            seen.append(said(at))
            await self.press(Qt.Key.Key_Tab)
        pytest.fail(f"{said(target)} is not reached by {seen}")

    async def press(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a key where the keyboard is."""
        at = QApplication.focusWidget()
        assert at is not None, "nothing has the keyboard"
        QTest.keyClick(at, key, modifier)
        await asyncio.sleep(0.002 if key == Qt.Key.Key_Tab else PACE)

    async def letter(self, letter: str) -> None:
        """Press Alt and an underlined letter."""
        key = Qt.Key(ord(letter.upper()))
        await self.press(key, Qt.KeyboardModifier.AltModifier)

    async def write(self, text: str) -> None:
        """Replace what the field with the keyboard holds."""
        await self.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        at = QApplication.focusWidget()
        assert at is not None
        QTest.keyClicks(at, text)

    @override
    async def next(self, step: Step) -> None:
        await super().next(step)
        self.may_type()

    def may_type(self) -> None:
        """Hold that after a change of pages the keyboard is with the page or its buttons."""
        focus = QApplication.focusWidget()
        assert isinstance(focus, _CONTROLS), f"the keyboard is with {said(focus)}"
        assert focus.isVisible()
        assert focus.isEnabled()
        page = self.page(WizardPage)
        onwards = {self.window.button(which) for which in self.window.WizardButton}
        assert page.isAncestorOf(focus) or focus in onwards, said(focus)


def said(widget: QWidget | None) -> str:
    """Return how a widget is called in a message."""
    if widget is None:
        return "nobody"
    words = widget.accessibleName() or str(widget.property("text") or "")
    return f"{type(widget).__name__} {words!r}"


def in_group(one: QWidget, other: QWidget) -> bool:
    """Tell whether two controls are choices of one group, between which arrows lead."""
    if not isinstance(one, QAbstractButton) or not isinstance(other, QAbstractButton):
        return False
    if one.group() is not None or other.group() is not None:
        return one.group() is other.group() and one.group().exclusive()
    same = one.parentWidget() is other.parentWidget()
    return one.autoExclusive() and other.autoExclusive() and same


def controls(window: QWidget) -> Iterator[QWidget]:
    """Yield what a person could press, choose from or type into, as far as it is on."""
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, _CONTROLS) or isinstance(widget, QHeaderView):
            continue
        inside = isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)
        if widget.isVisible() and widget.isEnabled() and not inside:
            yield widget


async def tabbed(window: QWidget) -> list[QWidget]:
    """Return the controls that Tab leads through, once around the window."""
    seen: list[QWidget] = []
    at = QApplication.focusWidget()
    while at is not None and at not in seen and len(seen) < _MOST_TABS:
        assert window.isAncestorOf(at), said(at)
        seen.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
        await asyncio.sleep(0)
        at = QApplication.focusWidget()
    return seen


def has_ring(widget: QWidget) -> bool:
    """Tell whether one sees that a control has the keyboard: its picture differs without."""
    reason = Qt.FocusReason.TabFocusReason
    widget.setFocus(reason)
    with_keyboard = widget.grab().toImage()
    widget.clearFocus()
    without = widget.grab().toImage()
    widget.setFocus(reason)
    return with_keyboard != without


def in_view(widget: QWidget) -> bool:
    """Tell whether scrolling has brought a control into view."""
    parent, box = widget.parentWidget(), widget
    while parent is not None:
        if isinstance(parent, QScrollArea):
            there = QRect(box.mapTo(parent.viewport(), QPoint()), box.size())
            return bool(parent.viewport().rect().intersects(there))
        parent = parent.parentWidget()
    return True
