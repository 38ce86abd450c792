"""The base of every page: header, body, message strip, busy line, and the check behind Next.

A page says what is missing (``missing``), what its check would check (``checked_value``), and how
(``check``); the base runs the check as a task, keeps Next off meanwhile, and goes on only if the
value is still the one that was checked. No page sees another page.
"""

from collections.abc import Callable, Coroutine, Hashable
from typing import Any, override

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget, QWizardPage

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import TaskScope
from sparkwizard.gui.frame.tab_order import give_back
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets.labels import TitleLabel, WrapLabel
from sparkwizard.gui.widgets.telling.progress import BusyState
from sparkwizard.gui.widgets.telling.strips import Message, MessageKind, MessageStrip, StripAction

__all__ = ["ExtraButton", "PageButtons", "WizardPage"]


_TIGHT_BELOW = 570


class ExtraButton(msgspec.Struct, frozen=True):
    """Offer one more button in the bottom row, left of Next."""

    label: str
    press: Callable[[], object]
    icon: str = ""


class PageButtons(msgspec.Struct, frozen=True):
    """Say what the bottom row of a page holds; an empty label hides a button."""

    next: str = "&Next"
    back: str = "&Back"
    cancel: str = "Cancel"
    extras: tuple[ExtraButton, ...] = ()


class WizardPage(QWizardPage):
    """Show one main instruction, one sentence, a body, and what went wrong or needs attention.

    ``body`` takes the page's own widgets; ``tasks`` its background work, cancelled when the page
    is left; ``commit`` marks the page after which nothing leads back. ``leave_to`` sends back
    to a step that was visited.
    """

    buttons_changed = Signal()
    unexpected = Signal(object)
    leave_to = Signal(str)
    commit = False

    def __init__(self, title: str, sentence: str = "") -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCommitPage(self.commit)
        self._buttons = PageButtons()
        self._checking = False
        self._locked = False
        self._verdict: Hashable | None = None
        self.tasks = TaskScope(self.failed)
        self._column = column = QVBoxLayout(self)
        self.title_label = TitleLabel(title)
        self.sentence_label = WrapLabel(sentence, tone=Tone.MUTED)
        header = QVBoxLayout()
        header.setSpacing(5)
        header.addWidget(self.title_label)
        header.addWidget(self.sentence_label)
        header.addSpacing(4)
        self.strip = MessageStrip(closable=True)
        self.busy = BusyState()
        self.busy.cancelled.connect(self.cancel_running)
        self.body = QVBoxLayout()
        self._tight: bool | None = None
        self._fit()
        column.addLayout(header)
        column.addWidget(self.strip)
        column.addLayout(self.body, 1)
        column.addWidget(self.busy)
        self.set_heading(title, sentence)

    # What a page overrides

    def initial_focus(self) -> QWidget | None:
        """Return where typing starts; by default Next keeps the focus."""
        return None

    def on_enter(self) -> None:
        """Show the state of now; called each time the page comes up."""

    def on_leave(self) -> None:
        """Put away what only matters while the page is up."""

    def missing(self) -> Message | None:
        """Say what is missing before Next, or ``None`` if nothing is."""
        return None

    def checked_value(self) -> Hashable | None:
        """Return what ``check`` would check, or ``None`` where nothing needs checking."""
        return None

    async def check(self, value: Hashable) -> None:
        """Check a value in the background; raise ``SparkWizardError`` to stay on the page."""

    def busy_words(self) -> str:
        """Say what the check does, while it does it."""
        return "Checking"

    # What a page calls

    def set_heading(self, title: str, sentence: str = "") -> None:
        """Change the main instruction and its sentence."""
        self.title_label.setText(title)
        self.sentence_label.setText(sentence)
        self.sentence_label.setVisible(bool(sentence))
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    @property
    def page_buttons(self) -> PageButtons:
        """Return what the bottom row holds."""
        return self._buttons

    def set_buttons(self, buttons: PageButtons) -> None:
        """Change what the bottom row holds."""
        self._buttons = buttons
        self.buttons_changed.emit()

    def show_message(
        self,
        kind: MessageKind,
        heading: str,
        text: str = "",
        actions: tuple[StripAction, ...] = (),
    ) -> None:
        """Show a message in the strip under the header."""
        self.strip.show_message(Message(kind, heading, text, actions))

    def show_error(self, error: SparkWizardError, actions: tuple[StripAction, ...] = ()) -> None:
        """Show what happened and what to do about it."""
        self.show_message(MessageKind.DANGER, error.message, error.fix, actions)

    def clear_message(self) -> None:
        """Take the message away."""
        if not self.strip.isHidden():
            self.strip.dismiss()

    def start(self, work: Coroutine[Any, Any, object], *, words: str = "") -> None:
        """Run work in the background; with ``words`` the busy line shows it and Next is off."""
        if words:
            self.set_busy(words)
        task = self.tasks.start(work)
        if words:
            task.add_done_callback(lambda _done: self.set_busy(""))

    def set_busy(self, words: str) -> None:
        """Lock Next and show what runs; no words unlock."""
        self._locked = bool(words)
        if words:
            self.busy.start(words)
        else:
            self.busy.stop()
        self._say_complete()

    def edited(self) -> None:
        """Forget the verdict, because what it was about has changed; cancels a running check."""
        self._verdict = None
        self.clear_message()
        if self._checking:
            self.tasks.cancel()

    def go_on(self) -> None:
        """Press Next for the person, if this page is still up."""
        wizard = self.wizard()
        if wizard is not None and wizard.currentPage() is self:
            wizard.next()

    def focus_first(self) -> bool:
        """Put the keyboard where typing starts; tell whether there is such a place."""
        target = self.initial_focus()
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)
        return target is not None

    # What runs underneath

    def cancel_running(self) -> bool:
        """Cancel what runs; tell whether anything did."""
        return self.tasks.stop()

    def failed(self, error: BaseException) -> None:
        """Show an expected error in the strip, and hand an unexpected one to the shell."""
        if isinstance(error, SparkWizardError):
            self.show_error(error)
        else:
            self.unexpected.emit(error)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw everything closer where the window is low."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        tight = self.height() < _TIGHT_BELOW
        if tight == self._tight:
            return
        self._tight = tight
        space = SPACE.s if tight else SPACE.m
        self._column.setContentsMargins(
            SPACE.xxl, *((14, SPACE.xxl, 10) if tight else (22, SPACE.xxl, 18))
        )
        self._column.setSpacing(space)
        self.body.setSpacing(space)

    def _say_complete(self) -> None:
        """Let the wizard look at ``isComplete`` anew, and give the keyboard back."""
        before = QApplication.focusWidget()
        self.completeChanged.emit()
        if before is not None and before.window() is self.window():
            give_back(before, QApplication.focusWidget())

    @override
    def isComplete(self) -> bool:
        """Keep Next on, except while something runs."""
        return not (self._checking or self._locked)

    @override
    def validatePage(self) -> bool:
        """Say what is missing, or start the check and go on by itself when it passes."""
        if not self.isComplete():
            return False
        lack = self.missing()
        if lack is not None:
            self.strip.show_message(lack)
            return False
        value = self.checked_value()
        if value is None or value == self._verdict:
            self.clear_message()
            return True
        self._begin_check(value)
        return False

    def _begin_check(self, value: Hashable) -> None:
        self.clear_message()
        self._checking = True
        self.busy.start(self.busy_words())
        self._say_complete()
        self.tasks.start(self._run_check(value), name=f"check-{type(self).__name__}")

    async def _run_check(self, value: Hashable) -> None:
        passed = False
        try:
            await self.check(value)
            passed = True
        finally:
            self._checking = False
            self.busy.stop()
            self._say_complete()
        if passed and self.checked_value() == value:
            self._verdict = value
            QTimer.singleShot(0, self, self.go_on)  # after the task, so that it can be cancelled

    @override
    def cleanupPage(self) -> None:
        """Cancel what runs when one goes back; what was typed stays."""
        self.tasks.cancel()
