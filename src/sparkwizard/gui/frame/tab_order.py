"""Let Tab lead through a window as it is laid out, also where rows and cards came later.

Qt's own order is the order in which widgets were made: what a page fills in after it was read
would come last, behind the buttons and the rail.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGridLayout,
    QLayout,
    QScrollArea,
    QWidget,
)

__all__ = ["as_laid_out", "give_back", "give_keyboard", "lead_on"]

# what these are made of takes no keyboard of its own
_WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox)


def lead_on(parts: Sequence[QWidget], at: QWidget | None, *, following: bool) -> bool:
    """Give the keyboard to the control after ``at`` in the parts, or before; tell whether it was.

    Where a system leaves buttons out (macOS, by a setting) nothing is done.
    """
    if QApplication.styleHints().tabFocusBehavior() != Qt.TabFocusBehavior.TabFocusAllControls:
        return False
    target = next(_after(parts, at, following=following), None)
    if target is None:
        return False
    reason = Qt.FocusReason
    give_keyboard(target, reason.TabFocusReason if following else reason.BacktabFocusReason)
    return True


def give_keyboard(widget: QWidget, reason: Qt.FocusReason) -> None:
    """Give a control the keyboard, and bring it into view."""
    widget.setFocus(reason)
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


def give_back(before: QWidget | None, now: QWidget | None) -> None:
    """Give the keyboard back to who lost it while a row of buttons was laid out anew.

    QWizard hides them all for a moment, and Qt gives it to the next control that is left. Who can't
    have it back leaves it to nobody, so that a better place can be found.
    """
    if before is None or now is None or before is now:
        return
    if before.isVisible() and before.isEnabled():
        before.setFocus(Qt.FocusReason.OtherFocusReason)
    else:
        now.clearFocus()


def as_laid_out(widget: QWidget) -> Iterator[QWidget]:
    """Yield a widget and everything in it that is visible: layouts first, then what floats."""
    yield widget
    if isinstance(widget, _WHOLE):
        return
    placed = list(_widgets_of(widget.layout()))
    there = set(placed)
    floating = (child for child in widget.children() if isinstance(child, QWidget))
    for child in [*placed, *(one for one in floating if one not in there)]:
        if not child.isHidden() and not child.isWindow():
            yield from as_laid_out(child)


def _widgets_of(layout: QLayout | None) -> Iterator[QWidget]:
    if layout is None:
        return
    places: Iterable[int] = range(layout.count())
    if isinstance(layout, QGridLayout):
        places = sorted(places, key=partial(_cell, layout))
    for at in places:
        item = layout.itemAt(at)
        widget = item.widget() if item is not None else None
        if widget is not None:
            yield widget
        elif item is not None:
            yield from _widgets_of(item.layout())


def _cell(layout: QGridLayout, at: int) -> tuple[int, int]:
    place = cast("tuple[int, int, int, int]", layout.getItemPosition(at))
    return place[:2]


def _after(parts: Sequence[QWidget], at: QWidget | None, *, following: bool) -> Iterator[QWidget]:
    """Yield who may have the keyboard after ``at``, once around."""
    order = [one for part in parts for one in as_laid_out(part) if one is at or _takes_tab(one)]
    if not following:
        order.reverse()
    place = order.index(at) if at in order else -1
    yield from (one for one in order[place + 1 :] + order[: max(place, 0)] if one is not at)


def _takes_tab(widget: QWidget) -> bool:
    wanted = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    return wanted and widget.isEnabled() and widget.isVisible()
