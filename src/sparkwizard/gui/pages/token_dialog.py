"""Ask for a new token in the middle of a run whose token no longer works."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.errors import SparkWizardError, StorageError
from sparkwizard.gui.aio import TaskScope, run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.look.theme import SPACE
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

_RUN = "The run goes on where it stopped."


class TokenDialog(QDialog):
    """Take a token of the same organization and call ``go_on``; opened, never ``exec``-ed.

    Where the one before was kept in the keyring, the new one takes its place. ``then`` says what
    goes on.
    """

    def __init__(
        self, parent: QWidget, desk: Desk, go_on: Callable[[], object], *, then: str = _RUN
    ) -> None:
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
        column.addWidget(WrapLabel(f"It must be of the same organization. {then}"))
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
            kept = await self._keep(pasted.token)
        finally:
            self.button.setEnabled(True)
        # the preview stays: the same plan goes on
        self._desk.update(pasted=pasted, identity=identity, token_kept=kept)
        self.accept()
        self._go_on()

    async def _keep(self, token: str) -> bool:
        """Put the token where the one before was kept, so that the next start finds it."""
        desk = self._desk
        if not (desk.state.token_kept and desk.state.keep_token):
            return False
        try:
            await run_blocking(desk.services.keep_token, desk.profile, token)
        except StorageError as error:
            desk.update(keep_token=False)
            raise StorageError(
                f"{error.message} The token is used for this run only.",
                fix="Press Go on once more.",
                code=error.code,
            ) from error
        return True

    def _failed(self, error: BaseException) -> None:
        told = (error.message, error.fix) if isinstance(error, SparkWizardError) else None
        heading, fix = told or ("The token could not be checked.", type(error).__name__)
        self.strip.show_message(Message(MessageKind.DANGER, heading, fix))

    def done(self, code: int) -> None:
        """Stop checking when the dialog closes."""
        self._tasks.cancel()
        super().done(code)
