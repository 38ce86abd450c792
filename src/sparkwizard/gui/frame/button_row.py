"""The bottom row of the window: which of QWizard's buttons a page shows, in order and in words."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractButton, QWizard

from sparkwizard.gui.frame.page import PageButtons
from sparkwizard.gui.look.icons import icon
from sparkwizard.gui.look.theme import Tone, set_property

__all__ = ["ButtonRow"]

_KINDS = QWizard.WizardButton
_EXTRAS = {
    _KINDS.CustomButton1: QWizard.WizardOption.HaveCustomButton1,
    _KINDS.CustomButton2: QWizard.WizardOption.HaveCustomButton2,
    _KINDS.CustomButton3: QWizard.WizardOption.HaveCustomButton3,
}
_FORWARD = (_KINDS.NextButton, _KINDS.CommitButton, _KINDS.FinishButton)
_ALL = (_KINDS.BackButton, *_EXTRAS, *_FORWARD, _KINDS.CancelButton)
_GAP = 8  # between two buttons, and at both ends
_ICON_SIZE = QSize(20, 16)  # 4 px more room before the words


class ButtonRow:
    """Lay out the row for a page and press what a page adds to it."""

    def __init__(self, window: QWizard) -> None:
        self._window = window
        self._wanted = PageButtons()
        window.customButtonClicked.connect(self._pressed)

    def show(self, wanted: PageButtons, forward: QWizard.WizardButton, *, back: bool) -> None:
        """Show what a page wants; ``back`` tells whether there is a way back."""
        self._wanted = wanted
        extras = [which for which, _extra in zip(_EXTRAS, wanted.extras, strict=False)]
        for which in extras:
            self._window.setOption(_EXTRAS[which], on=True)
        layout = [_KINDS.Stretch]
        layout += [_KINDS.BackButton] if wanted.back and back else []
        layout += [*extras, *([forward] if wanted.next else [])]
        layout += [_KINDS.CancelButton] if wanted.cancel else []
        self._window.setButtonLayout(layout)
        self._words(wanted, forward)
        for which in (_KINDS.BackButton, forward, _KINDS.CancelButton, *_EXTRAS):
            button = self._window.button(which)
            set_property(button, "edge", "last" if which == layout[-1] else "")
            set_property(button, "kind", "primary" if which == forward else "secondary")

    def in_order(self) -> list[QAbstractButton]:
        """Return the buttons that are shown, as they are read."""
        shown = [button for button in map(self._window.button, _ALL) if not button.isHidden()]
        backwards = self._window.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return sorted(shown, key=lambda button: button.x(), reverse=backwards)

    def make_room(self, least: int) -> None:
        """Widen the window until no word is cut; on a narrow screen the buttons move closer."""
        self._squeeze("")
        screen = self._window.screen()
        room = max(least, screen.availableSize().width()) if screen is not None else least
        wanted = self._wanted_width()
        self._window.setMinimumWidth(max(least, min(wanted, room)))
        self._squeeze("yes" if wanted > room else "")

    def _wanted_width(self) -> int:
        shown = self.in_order()
        hints = (max(one.sizeHint().width(), one.minimumSizeHint().width()) for one in shown)
        return sum(hints) + _GAP * (len(shown) + 2)

    def _squeeze(self, tight: str) -> None:
        for button in self.in_order():
            set_property(button, "tight", tight)

    def forward(self) -> QAbstractButton | None:
        """Return the button that goes on, else one that a page adds, else Cancel."""
        shown = (self._window.button(which) for which in (*_FORWARD, *_EXTRAS, _ALL[-1]))
        usable = (button for button in shown if not button.isHidden() and button.isEnabled())
        return next(usable, None)

    def _words(self, wanted: PageButtons, forward: QWizard.WizardButton) -> None:
        window = self._window
        window.setButtonText(_KINDS.BackButton, wanted.back)
        window.setButtonText(forward, wanted.next)
        window.setButtonText(_KINDS.CancelButton, wanted.cancel)
        for which, extra in zip(_EXTRAS, wanted.extras, strict=False):
            window.setButtonText(which, extra.label)
            button = window.button(which)
            button.setIconSize(_ICON_SIZE)
            button.setIcon(icon(extra.icon, Tone.TEXT) if extra.icon else QIcon())

    def _pressed(self, which: int) -> None:
        for button, extra in zip(_EXTRAS, self._wanted.extras, strict=False):
            if button.value == which:
                extra.press()
