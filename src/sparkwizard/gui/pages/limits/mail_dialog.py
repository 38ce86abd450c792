"""Name the mail server of a setup, and try it by a mail that is really sent."""

from typing import Literal, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import TaskScope, run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    CheckBox,
    Label,
    Message,
    MessageKind,
    MessageStrip,
    PrimaryButton,
    SecondaryButton,
    SecretField,
    Select,
    WrapLabel,
)
from sparkwizard.setup.profile import Notifications, Profile, SmtpSettings
from sparkwizard.values import replace

__all__ = ["MailDialog"]

type Security = Literal["starttls", "tls", "none"]

_SECURITY: tuple[tuple[Security, str], ...] = (
    ("starttls", "STARTTLS, usually port 587"),
    ("tls", "TLS from the start, usually port 465"),
    ("none", "None: a mail server on this computer only"),
)
_WHY = (
    "Runs by command and by schedule write through this server. The password goes to the keyring,"
    " for this server only; everything else is saved with the setup."
)


class MailDialog(QDialog):
    """Edit the mail server of the desk's setup; opened, never ``exec``-ed."""

    def __init__(self, parent: QWidget, desk: Desk) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tasks = TaskScope(self._failed)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Mail server")
        self.setMinimumWidth(560)
        self.host, self.port = QLineEdit(), QLineEdit()
        self.username, self.from_address = QLineEdit(), QLineEdit()
        self.security = Select("Encryption")
        self.password = SecretField("Password", placeholder="The saved one, if there is one")
        self.every_run = CheckBox("Send a mail after &every run, not only after failures")
        self.strip = MessageStrip()
        self.test_button = SecondaryButton("Send a &test mail", icon_name="mail")
        self.save_button = PrimaryButton("&Save", on_click=self._save)
        self.test_button.clicked.connect(self._test)
        self._build()
        self._show(desk.profile.notifications)
        self.host.setFocus()

    def _build(self) -> None:
        column, grid, foot = QVBoxLayout(self), QGridLayout(), QHBoxLayout()
        column.setContentsMargins(SPACE.xl, SPACE.l, SPACE.xl, SPACE.l)
        column.setSpacing(SPACE.m)
        for key, words in _SECURITY:
            self.security.addItem(words, key)
        rows: tuple[tuple[str, QWidget], ...] = (
            ("&Host", self.host),
            ("Encr&yption", self.security),
            ("P&ort", self.port),
            ("&User name", self.username),
            ("Pass&word", self.password),
            ("&From", self.from_address),
        )
        grid.setSpacing(SPACE.s)
        for row, (words, field) in enumerate(rows):
            label = Label(words)
            label.setBuddy(field)
            field.setAccessibleName(words.replace("&", ""))
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        self.host.setPlaceholderText("smtp.contoso.example")
        self.port.setPlaceholderText("The usual one")
        self.username.setPlaceholderText("Empty where nobody signs in")
        self.from_address.setPlaceholderText("The first address that is written to")
        column.addWidget(WrapLabel(_WHY, tone=Tone.MUTED))
        column.addLayout(grid)
        column.addWidget(self.every_run)
        column.addWidget(self.strip)
        foot.addWidget(self.test_button)
        foot.addStretch(1)
        foot.addWidget(self.save_button)
        foot.addWidget(SecondaryButton("Cancel", on_click=self.reject))
        column.addLayout(foot)
        self.save_button.setDefault(True)

    def _show(self, notifications: Notifications) -> None:
        smtp = notifications.smtp
        self.host.setText(smtp.host)
        self.port.setText(str(smtp.port) if smtp.port else "")
        self.security.setCurrentIndex(self.security.findData(smtp.security))
        self.username.setText(smtp.username)
        self.from_address.setText(smtp.sender)
        self.every_run.setChecked(notifications.every_run)

    # What a person does

    def _test(self) -> None:
        profile = self._entered()
        if profile:
            self.test_button.setEnabled(False)
            self._tell(MessageKind.INFO, "Sending a test mail…")
            self._tasks.start(self._send(profile))

    async def _send(self, profile: Profile) -> None:
        try:
            sent = await run_blocking(
                self._desk.services.notifier.send_test, profile, self.password.text()
            )
        finally:
            self.test_button.setEnabled(True)
        self._tell(
            MessageKind.SUCCESS,
            f"A test mail is on its way to {', '.join(sent.to)}.",
            "Look whether it arrives, also among the junk.",
        )

    def _save(self) -> None:
        profile = self._entered()
        if profile is None:
            return
        if profile.notifications != self._desk.profile.notifications:
            kept = profile.notifications
            self._desk.change_profile(lambda before: replace(before, notifications=kept))
        if self.password.text():
            self.save_button.setEnabled(False)
            self._tasks.start(self._keep_password(profile, self.password.text()))
        else:
            self.accept()

    async def _keep_password(self, profile: Profile, password: str) -> None:
        try:
            await run_blocking(self._desk.services.notifier.keep_password, profile, password)
        finally:
            self.save_button.setEnabled(True)
        self.accept()

    def _entered(self) -> Profile | None:
        """Return the setup with what was entered; tell what can't be read and return None."""
        self.strip.dismiss()
        port = self.port.text().strip()
        if port and not (port.isdecimal() and 1 <= int(port) <= 65535):
            self._tell(MessageKind.WARNING, "The port can't be read.", "Enter 1 to 65535.")
            self.port.setFocus()
            return None
        smtp = SmtpSettings(
            host=self.host.text().strip(),
            port=int(port) if port else 0,
            security=cast("Security", self.security.currentData()),
            username=self.username.text().strip(),
            sender=self.from_address.text().strip(),
        )
        profile = self._desk.profile
        asked = replace(profile.notifications, smtp=smtp, every_run=self.every_run.isChecked())
        return replace(profile, notifications=asked)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, SparkWizardError):
            self._tell(MessageKind.DANGER, error.message, error.fix)
        else:
            self._tell(MessageKind.DANGER, "The mail server could not be tried.")

    def _tell(self, kind: MessageKind, heading: str, text: str = "") -> None:
        self.strip.show_message(Message(kind, heading, text))

    def done(self, code: int) -> None:
        """Stop sending when the dialog closes."""
        self._tasks.cancel()
        super().done(code)
