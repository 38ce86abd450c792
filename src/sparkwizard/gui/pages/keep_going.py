"""The cards under "Keep it going": let Microsoft Entra do it, or this computer's scheduler."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from sparkwizard.gui.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    CopyButton,
    IconLabel,
    IconText,
    Label,
    LinkButton,
    WrapLabel,
)

__all__ = ["ENTRA_URL", "KeepGoing"]

ENTRA_URL = "https://entra.microsoft.com"

_SHORT = (
    "Your token lives 12 hours. Entra needs one that lives longer, or provisioning stops tonight."
)


_ENTRA = (
    "Runs in the cloud about every 40 minutes. In Entra, open Enterprise applications, Cisco Webex,"
    " Provisioning, and paste these two under Admin Credentials."
)
_PRACTICE = (
    "With your own organization, the Tenant URL and the token can be copied here for Entra, which"
    " then runs in the cloud about every 40 minutes. It can't reach the simulated company."
)


class KeepGoing(QWidget):
    """Offer what comes after a run; nothing is offered that this version can't do."""

    def __init__(
        self,
        tenant_url: Callable[[], str],
        token: Callable[[], str],
        schedule: Card,
    ) -> None:
        super().__init__()
        self.copy_url = CopyButton(tenant_url, what="the Tenant URL", text="Copy Tenant URL")
        self.copy_token = CopyButton(token, what="the Secret Token", text="Copy token")
        self.link = LinkButton("Open Entra", ENTRA_URL)
        self.warning = IconText("warning", _SHORT, tone=Tone.WARNING, wrap=True)
        self.warning.setVisible(False)
        self.what = WrapLabel(_ENTRA, tone=Tone.MUTED)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.m)
        row.addWidget(self._entra(), 3)
        row.addWidget(schedule, 2)

    def set_situation(self, *, token_short: bool, practice: bool) -> None:
        """Warn where the token lives too short for Entra; in practice there is nothing to copy."""
        self.warning.setVisible(token_short and not practice)
        self.what.setText(_PRACTICE if practice else _ENTRA)
        for widget in (self.copy_url, self.copy_token, self.link):
            widget.setVisible(not practice)

    def _entra(self) -> Card:
        card = Card(tone=Tone.ACCENT)
        head = _head("Let Microsoft Entra do it")
        head.addWidget(self.link)
        card.body.addLayout(head)
        card.body.addWidget(self.what)
        card.body.addWidget(self.warning)
        card.body.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        for button in (self.copy_url, self.copy_token):
            row.addWidget(button)
        row.addStretch(1)
        card.body.addLayout(row)
        return card


def _head(title: str) -> QHBoxLayout:
    head = QHBoxLayout()
    head.setSpacing(SPACE.s)
    head.addWidget(IconLabel("cloud", tone=Tone.ACCENT))
    head.addWidget(Label(title, role="section"))
    head.addStretch(1)
    return head
