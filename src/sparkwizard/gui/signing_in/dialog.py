"""Sign in to Microsoft Entra ID, in the browser or by a code; opened, never ``exec``-ed."""

from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from sparkwizard.entra.types import (
    BrowserNeeded,
    DeviceCode,
    Purpose,
    SignedIn,
    SignInEvent,
)
from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import TaskScope
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.look.theme import SPACE
from sparkwizard.gui.signing_in.panes import AskPane, BrowserPane, CodePane
from sparkwizard.gui.widgets import (
    Message,
    MessageKind,
    MessageStrip,
    SecondaryButton,
    TitleLabel,
    announce,
)
from sparkwizard.setup.profile import SourceSettings
from sparkwizard.wizard.access.sign_in_words import heading_of

__all__ = ["SignInDialog"]


class SignInDialog(QDialog):
    """Sign somebody in for ``purposes``; ``signed_in`` comes with a ``SignedIn`` before it closes.

    ``source`` says in which organization and by which application. Cancel ends what runs, and
    only then closes.
    """

    signed_in = Signal(object)

    def __init__(
        self, parent: QWidget, desk: Desk, source: SourceSettings, purposes: Collection[Purpose]
    ) -> None:
        super().__init__(parent)
        self._desk, self._source, self._purposes = desk, source, tuple(purposes)
        self._tasks = TaskScope(self._failed)
        self._closed = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Sign in to Microsoft Entra ID")
        self.setMinimumSize(560, 420)
        practice = desk.state.practice is not None
        self.ask = AskPane(purposes, practice=practice)
        self.browser = BrowserPane()
        self.code = CodePane(self._sign_in_here if practice else None)
        self.strip = MessageStrip()
        self.stack = QStackedWidget()
        for pane in (self.ask, self.browser, self.code):
            self.stack.addWidget(pane)
        self.cancel = SecondaryButton("Cancel", on_click=self.reject)
        self.ask.browser_chosen.connect(lambda: self._begin(in_browser=True))
        self.ask.code_chosen.connect(lambda: self._begin(in_browser=False))
        self._build(heading_of(purposes))
        self.ask.first.setFocus()

    def _build(self, heading: str) -> None:
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(TitleLabel(heading))
        column.addWidget(self.strip)
        column.addWidget(self.stack, 1)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        column.addLayout(foot)

    def _begin(self, *, in_browser: bool) -> None:
        self.strip.dismiss()
        self.ask.setEnabled(False)
        self._tasks.start(self._sign_in(in_browser=in_browser))

    def _sign_in_here(self) -> None:
        self._tasks.start(self._desk.practice_sign_in())

    async def _sign_in(self, *, in_browser: bool) -> None:
        done: SignedIn | None = None
        try:
            async with self._desk.services.sign_in(self._source) as sign_in:
                way: Callable[[Collection[Purpose]], AsyncGenerator[SignInEvent]] = (
                    sign_in.in_browser if in_browser else sign_in.by_device_code
                )
                async with aclosing(way(self._purposes)) as events:
                    async for event in events:
                        done = self._show(event)
        finally:
            if not self._closed:
                self._show_ask()
        if done is not None:
            announce(self, f"Signed in as {done.account.label}")
            self.signed_in.emit(done)
            self.accept()

    def _show(self, event: SignInEvent) -> SignedIn | None:
        """Show how far it is; return who signed in at last."""
        match event:
            case BrowserNeeded():
                self.stack.setCurrentWidget(self.browser)
                self.browser.show_address(event)
                self.browser.again.setFocus()
            case DeviceCode():
                self.code.show_code(event)
                self.stack.setCurrentWidget(self.code)
                (self.code.here if self.code.here.isVisible() else self.code.copy).setFocus()
                announce(self, f"The code is {' '.join(event.user_code)}")
            case SignedIn():
                return event
        return None

    def _show_ask(self) -> None:
        self.code.rest()
        self.ask.setEnabled(True)
        self.stack.setCurrentWidget(self.ask)
        self.ask.first.setFocus()

    def _failed(self, error: BaseException) -> None:
        told = (error.message, error.fix) if isinstance(error, SparkWizardError) else None
        heading, fix = told or ("The sign-in did not work.", type(error).__name__)
        self.strip.show_message(Message(MessageKind.DANGER, heading, fix))

    def reject(self) -> None:
        """End the sign-in that runs; without one, close."""
        if not self._tasks.cancel():
            super().reject()

    def done(self, code: int) -> None:
        """Leave nothing running."""
        self._closed = True
        self._tasks.cancel()
        super().done(code)
