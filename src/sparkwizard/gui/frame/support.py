"""What several pages share: errors with a button for support, and the administrator link."""

from functools import partial
from typing import override

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from sparkwizard import __version__
from sparkwizard.errors import RemoteError, SparkWizardError
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.widgets import SecondaryButton, StripAction, announce
from sparkwizard.webex.admin_link import admin_link, new_state

__all__ = ["SupportedPage", "administrator_link", "error_details"]

_COPY = "Copy details"
_COPIED_MS = 2000
# what Microsoft's support calls the number of a request
_NUMBERS = {"Microsoft Graph": "Request ID", "Microsoft Entra ID": "Correlation ID"}


class SupportedPage(WizardPage):
    """Be a page whose errors can be copied for support."""

    @override
    def show_error(self, error: SparkWizardError, actions: tuple[StripAction, ...] = ()) -> None:
        """Show what happened and what to do, with a button that copies it."""
        copy = StripAction(_COPY, lambda: self._copy(error), icon="copy")
        super().show_error(error, (*actions, copy))

    def _copy(self, error: SparkWizardError) -> None:
        QGuiApplication.clipboard().setText(error_details(error))
        announce(self.strip, "Copied")
        for button in self.strip.findChildren(SecondaryButton):
            if button.text() == _COPY:
                button.setText("Copied")
                QTimer.singleShot(_COPIED_MS, button, partial(button.setText, _COPY))


def error_details(error: SparkWizardError) -> str:
    """Return an error as plain text for support; errors never hold a secret."""
    lines = [error.message, error.fix, f"Code: {error.code}"]
    if isinstance(error, RemoteError):
        lines += [f"Status: {error.status}" if error.status else ""]
        lines += [f"{error.service} said: {error.detail}" if error.detail else ""]
        number = _NUMBERS.get(error.service, "Tracking ID")
        lines += [f"{number}: {error.tracking_id}" if error.tracking_id else ""]
    return "\n".join([*(line for line in lines if line), f"SparkWizard {__version__}"])


def administrator_link(desk: Desk) -> str:
    """Return the administrator link of this wizard; its state stays the same until the end."""
    if not desk.state.link_state:
        desk.update(link_state=new_state())
    return admin_link(desk.state.link_state)
