"""Show where one is: the steps of the wizard, or the places of the overview."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple, override

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from sparkwizard.gui.look.icons import paint_icon
from sparkwizard.gui.look.theme import (
    RADIUS_CONTROL,
    SPACE,
    Theme,
    Tone,
    mix,
    tooltip_text,
)
from sparkwizard.gui.widgets.labels import ElidedLabel, IconText
from sparkwizard.gui.widgets.paint import mirrored, rounded, text_line

__all__ = ["RailButton", "RailPlace", "RailStep", "SideRail", "StepRail", "StepState"]

RAIL_WIDTH = 208
RAIL_COMPACT = 56
_STEP_HEIGHT = 38
_STEP_LEAST = 29
_MARK = 20


class StepState(StrEnum):
    """Say how a step stands."""

    DONE = "done"
    CURRENT = "current"
    TO_COME = "to come"


class RailStep(NamedTuple):
    """Describe a step; a step with an icon, such as applying, has no number of its own."""

    label: str
    icon: str = ""


class RailPlace(NamedTuple):
    """Describe a place of the overview."""

    key: str
    label: str
    icon: str


class _RailButton(QAbstractButton):
    """Paint one entry of a rail, wide with words or narrow with its mark alone."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self.setText(label)
        self.compact = False
        self.setFixedHeight(_STEP_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_compact(self, *, compact: bool) -> None:
        """Show the mark alone, with the words in the tooltip."""
        self.compact = compact
        self.setToolTip(tooltip_text(self.text()) if compact else "")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        """Be as wide as the rail."""
        return QSize(RAIL_COMPACT if self.compact else RAIL_WIDTH, _STEP_HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        """Be as narrow as the compact rail."""
        return QSize(RAIL_COMPACT, _STEP_LEAST)

    def _place(self, box: QRect) -> QRect:
        return mirrored(self, box)

    def _paint_ground(self, painter: QPainter, *, selected: bool) -> None:
        theme = Theme.current()
        box = QRectF(self.rect()).adjusted(8, 2, -8, -2)
        if selected:
            rounded(painter, box, radius=RADIUS_CONTROL, fill=theme.rail_selection)
        elif self.underMouse() and self.isEnabled() and self.focusPolicy():
            rounded(painter, box, radius=RADIUS_CONTROL, fill=mix(theme.text, theme.rail, 0.05))
        if self.hasFocus():
            rounded(painter, box, radius=RADIUS_CONTROL, edge=theme.accent, width=2)


class _StepButton(_RailButton):
    """Show one step: an outlined check, a filled number, or a muted number."""

    def __init__(self, step: RailStep, number: int) -> None:
        super().__init__(step.label)
        self.step, self.number = step, number
        self.state = StepState.TO_COME
        self.first = self.last = False
        self.setProperty("rail", "step")

    def set_state(self, state: StepState, *, reachable: bool) -> None:
        """Change how the step stands; a reachable one takes keyboard and mouse."""
        self.state = state
        self.setEnabled(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if reachable else Qt.FocusPolicy.NoFocus)
        cursor = Qt.CursorShape.PointingHandCursor if reachable else Qt.CursorShape.ArrowCursor
        self.setCursor(cursor)
        where = "" if self.step.icon else f"Step {self.number}, "
        self.setAccessibleName(f"{where}{self.step.label}, {state}")
        self.setAccessibleDescription("Go back to this step" if reachable else "")
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint connector, mark and words."""
        theme, painter = Theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, selected=self.state is StepState.CURRENT)
        mark = self._place(QRect(18, (self.height() - _MARK) // 2, _MARK, _MARK))
        self._paint_lines(painter, mark)
        self._paint_mark(painter, mark)
        if self.compact:
            return
        current = self.state is StepState.CURRENT
        font = theme.font("strong" if current else "body")
        color = theme.muted if self.state is StepState.TO_COME else theme.text
        words = self._place(QRect(50, 0, self.width() - 62, self.height()))
        text_line(painter, words, self.text(), font, color)

    def _paint_lines(self, painter: QPainter, mark: QRect) -> None:
        color = mix(Theme.current().text, Theme.current().rail, 0.22)
        x = QRectF(mark).center().x() - 0.5
        top, bottom = mark.top() - 3, mark.bottom() + 4
        if not self.first:
            painter.fillRect(QRectF(x, 0, 1, top), color)
        if not self.last:
            painter.fillRect(QRectF(x, bottom, 1, self.height() - bottom), color)

    def _paint_mark(self, painter: QPainter, mark: QRect) -> None:
        theme, box = Theme.current(), QRectF(mark)
        if self.state is StepState.DONE:
            edge = mix(theme.accent, theme.rail, 0.65)
            rounded(painter, box, radius=_MARK / 2, edge=edge, width=1.5)
            paint_icon(painter, "check", box.adjusted(3, 3, -3, -3), theme.accent)
            return
        current = self.state is StepState.CURRENT
        fill = theme.accent if current else None
        edge = theme.accent if current else mix(theme.text, theme.rail, 0.40)
        rounded(painter, box, radius=_MARK / 2, fill=fill, edge=edge, width=1.2)
        color = theme.on_accent if current else theme.muted
        if self.step.icon:
            paint_icon(painter, self.step.icon, box.adjusted(4, 4, -4, -4), color)
            return
        font = theme.font("note")
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(self.number))


class RailButton(_RailButton):
    """Press something of a rail that has an icon: a place, or what lies at its foot."""

    def __init__(self, label: str, icon_name: str) -> None:
        super().__init__(label)
        self.icon_name, self.chosen = icon_name, False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(label)

    def set_chosen(self, *, chosen: bool) -> None:
        """Show whether this is where one is."""
        self.chosen = chosen
        self.setAccessibleDescription("Shown now" if chosen else "")
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, icon and words."""
        theme, painter = Theme.current(), QPainter(self)
        on = self.chosen
        self._paint_ground(painter, selected=on)
        color = theme.accent if on else theme.color(Tone.MUTED)
        place = self._place(QRect(20, (self.height() - 16) // 2, 16, 16))
        paint_icon(painter, self.icon_name, QRectF(place), color)
        if not self.compact:
            words = self._place(QRect(48, 0, self.width() - 60, self.height()))
            font = theme.font("strong" if on else "body")
            text_line(painter, words, self.text(), font, theme.text)


class _Rail(QWidget):
    """Put a name, a line under it, entries and a footer line on the rail's ground."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.compact = False
        self.title = ElidedLabel(role="name")
        self.subtitle = ElidedLabel(role="note", tone=Tone.MUTED)
        self.footer = IconText("document", "", tone=Tone.MUTED, text_tone=Tone.MUTED, role="note")
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        head.setContentsMargins(18, 0, SPACE.m, 0)
        head.setSpacing(3)
        head.addWidget(self.title)
        head.addWidget(self.subtitle)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(SPACE.xl, 0, SPACE.s, 0)
        foot.addWidget(self.footer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 22, 1, 8)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addSpacing(14)
        self.entries = QVBoxLayout()
        self.entries.setSpacing(0)
        column.addLayout(self.entries)
        column.addStretch(1)
        column.addWidget(self._foot)
        column.addSpacing(SPACE.xs)
        self.help = RailButton("Help and settings", "help")
        self.help.setToolTip(tooltip_text("Help and settings (F1)"))
        column.addWidget(self.help)
        self.setFixedWidth(RAIL_WIDTH)

    def set_heading(self, title: str, subtitle: str = "") -> None:
        """Name the profile and what is under way."""
        self.title.set_text(title)
        self.subtitle.set_text(subtitle)

    def set_footer(self, text: str, icon_name: str = "document") -> None:
        """Say something quiet at the foot, such as when the draft was saved."""
        self.footer.set(icon_name, text, Tone.MUTED)
        self.footer.setToolTip(tooltip_text(text))
        self._foot.setVisible(bool(text))

    def set_compact(self, *, compact: bool) -> None:
        """Shrink to the marks, or grow back."""
        if compact == self.compact:
            return
        self.compact = compact
        self.setFixedWidth(RAIL_COMPACT if compact else RAIL_WIDTH)
        self.title.setVisible(not compact)
        self.subtitle.setVisible(not compact)
        self.footer.label.setVisible(not compact)
        for button in self.findChildren(_RailButton):
            button.set_compact(compact=compact)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the entries closer where the window is low."""
        super().resizeEvent(event)
        self._squeeze()

    def _squeeze(self) -> None:
        count = self.entries.count()
        if not count:
            return
        head = 0 if self.compact else self._head.sizeHint().height()
        foot = self._foot.sizeHint().height() + SPACE.xs + 8
        room = self.height() - head - 22 - 14 - foot - SPACE.s
        height = max(_STEP_LEAST, min(_STEP_HEIGHT, room // (count + 1)))
        for button in self.findChildren(_RailButton):
            button.setFixedHeight(height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line at its far edge."""
        theme, painter = Theme.current(), QPainter(self)
        painter.fillRect(self.rect(), theme.rail)
        far = 0 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else self.width() - 1
        painter.fillRect(far, 0, 1, self.height(), theme.line)


class StepRail(_Rail):
    """Show the steps of the wizard; a done step can be clicked, or reached by Tab, to go back.

    ``counted`` numbered steps come first; steps with an icon follow as marks of their own.
    """

    step_chosen = Signal(int)

    def __init__(self, steps: Sequence[RailStep]) -> None:
        super().__init__("Steps")
        self._steps: list[_StepButton] = []
        number = 0
        for at, step in enumerate(steps):
            number += not step.icon
            button = _StepButton(step, number)
            button.first, button.last = at == 0, at == len(steps) - 1
            button.clicked.connect(lambda _checked=False, at=at: self._clicked(at))
            self.entries.addWidget(button)
            self._steps.append(button)
        self._total = number
        self.set_current(0)

    def set_current(self, current: int, *, reachable: Iterable[int] = ()) -> None:
        """Mark a step current and those before it done; ``reachable`` ones can be gone back to."""
        open_steps = set(reachable)
        for at, button in enumerate(self._steps):
            state = StepState.DONE if at < current else StepState.TO_COME
            state = StepState.CURRENT if at == current else state
            button.set_state(state, reachable=at in open_steps and at != current)
        self.subtitle.set_text(self.standing(current))

    def finish(self) -> None:
        """Mark every step done."""
        for button in self._steps:
            button.set_state(StepState.DONE, reachable=False)

    def standing(self, current: int) -> str:
        """Return "Step 4 of 9", or the name of a step that has no number."""
        button = self._steps[current]
        if button.step.icon:
            return button.step.label
        return f"Step {button.number} of {self._total}"

    def _clicked(self, at: int) -> None:
        if self._steps[at].focusPolicy() != Qt.FocusPolicy.NoFocus:
            self.step_chosen.emit(at)


class SideRail(_Rail):
    """Show the places of the overview, one of which is chosen.

    Each is a stop of Tab. In a group of choices an arrow would go to another place at once.
    """

    place_chosen = Signal(str)

    def __init__(self, places: Iterable[RailPlace]) -> None:
        super().__init__("Places")
        self._places: dict[str, RailButton] = {}
        for place in places:
            button = RailButton(place.label, place.icon)
            button.clicked.connect(lambda _checked=False, key=place.key: self._clicked(key))
            self.entries.addWidget(button)
            self._places[place.key] = button

    def choose(self, key: str) -> None:
        """Choose a place without saying so."""
        for other, button in self._places.items():
            button.set_chosen(chosen=other == key)

    def choice(self) -> str:
        """Return the key of the chosen place, or an empty text."""
        return next((key for key, button in self._places.items() if button.chosen), "")

    def _clicked(self, key: str) -> None:
        self.choose(key)
        self.place_chosen.emit(key)
