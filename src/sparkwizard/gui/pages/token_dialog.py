"""Ask for a new token in the middle of a run whose token no longer works."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import TaskScope
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.theme import SPACE
from sparkwizard.gui.widgets import (
    Message,
    MessageKind,
    MessageStrip,
    PrimaryButton,
    SecondaryButton,
    SecretField,
    SectionLabel,
    WrapLabel,
)
from sparkwizard.runs.services import api_url_of

__all__ = ["TokenDialog"]


class TokenDialog(QDialog):
    """Take a token of the same organization and call ``go_on``; opened, never ``exec``-ed."""

    def __init__(self, parent: QWidget, desk: Desk, go_on: Callable[[], object]) -> None:
        super().__init__(parent)
        self._desk, self._go_on = desk, go_on
        self._tasks = TaskScope(self._failed)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Paste a new token")
        self.setMinimumWidth(480)
        self.field = SecretField("New access token")
        self.strip = MessageStrip()
        self.button = PrimaryButton("&Go on", on_click=self._check)
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        column.addWidget(SectionLabel("Paste a new Webex access token", buddy=self.field))
        column.addWidget(
            WrapLabel("It must be of the same organization. The run goes on where it stopped.")
        )
        column.addWidget(self.field)
        column.addWidget(self.strip)
        foot.addStretch(1)
        foot.addWidget(self.button)
        foot.addWidget(SecondaryButton("Cancel", on_click=self.reject))
        column.addLayout(foot)
        self.button.setDefault(True)
        self.field.setFocus()

    def _check(self) -> None:
        self.strip.dismiss()
        self.button.setEnabled(False)
        self._tasks.start(self._take())

    async def _take(self) -> None:
        from sparkwizard.webex.identity import clean_token  # noqa: PLC0415  needed here only

        try:
            pasted = clean_token(self.field.text())
            api_url = api_url_of(self._desk.profile)
            identity = (
                await self._desk.services.identify(pasted.token, api_url) if api_url else None
            )
        finally:
            self.button.setEnabled(True)
        # the preview stays: the same plan goes on
        self._desk.update(pasted=pasted, identity=identity, token_kept=False)
        self.accept()
        self._go_on()

    def _failed(self, error: BaseException) -> None:
        told = (error.message, error.fix) if isinstance(error, SparkWizardError) else None
        heading, fix = told or ("The token could not be checked.", type(error).__name__)
        self.strip.show_message(Message(MessageKind.DANGER, heading, fix))

    def done(self, code: int) -> None:
        """Stop checking when the dialog closes."""
        self._tasks.cancel()
        super().done(code)
