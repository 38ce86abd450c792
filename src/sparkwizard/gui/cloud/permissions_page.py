"""The first face: what is asked for and why, and who is signed in."""

from typing import override

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sparkwizard.entra.types import SignedIn
from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.cloud.cloud_desk import PURPOSES, CloudDesk
from sparkwizard.gui.cloud.face import CloudFace
from sparkwizard.gui.frame.page import ExtraButton, PageButtons
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.signing_in.dialog import SignInDialog
from sparkwizard.gui.signing_in.panes import permission_row
from sparkwizard.gui.widgets import (
    Card,
    ElidedLabel,
    IconLabel,
    IconText,
    LinkButton,
    Message,
    MessageKind,
    PrimaryButton,
    ScrollColumn,
)
from sparkwizard.provisioning.types import Reason
from sparkwizard.setup.secrets import GRAPH_TOKEN_VARIABLE
from sparkwizard.wizard.access.sign_in_words import before_sign_in, signed_in_words
from sparkwizard.wizard.cloud.steps import CloudStep

__all__ = ["PermissionsPage"]


_GIVEN = f"The token in {GRAPH_TOKEN_VARIABLE} is used."


class PermissionsPage(CloudFace):
    """Name every permission with its reason; ``by_hand_wanted`` is for those without rights."""

    by_hand_wanted = Signal()

    def __init__(self, cloud: CloudDesk) -> None:
        super().__init__(cloud, CloudStep.SIGN_IN)
        self._lack: SparkWizardError | None = None
        asked = before_sign_in(PURPOSES)
        card, list_ = Card(), ScrollColumn()
        list_.column.setSpacing(SPACE.s)
        for need in asked.permissions:
            list_.column.addWidget(permission_row(need.permission, need.reason))
        list_.column.addStretch(1)
        card.setAccessibleName("What is asked for, and why")
        card.body.addWidget(list_, 1)
        card.body.addWidget(IconText("shield", asked.role, wrap=True))
        self.body.addWidget(card, 1)
        self.body.addWidget(self._who())
        by_hand = ExtraButton("Give me a &checklist instead", self.by_hand_wanted.emit)
        self.set_buttons(PageButtons(back="", extras=(by_hand,)))

    def _who(self) -> QWidget:
        card, row = Card(), QHBoxLayout()
        row.setSpacing(SPACE.m)
        self.mark = IconLabel("person", tone=Tone.MUTED)
        self.who = ElidedLabel("Looking who is signed in", role="strong")
        self.sign_out = LinkButton("Sign out", on_click=self._sign_out)
        self.sign_in = PrimaryButton("&Sign in…", icon_name="key", on_click=self._sign_in)
        row.addWidget(self.mark)
        row.addWidget(self.who, 1)
        row.addWidget(self.sign_out)
        row.addWidget(self.sign_in)
        card.body.addLayout(row)
        return card

    @override
    def on_enter(self) -> None:
        """Look who is signed in, and whether they were asked for all of it."""
        self.tasks.start(self._look())

    @override
    def initial_focus(self) -> QWidget | None:
        """Begin at the sign-in where nobody is."""
        return self.sign_in if self.sign_in.isVisible() else None

    @override
    def missing(self) -> Message | None:
        """Say who has to sign in."""
        if self.cloud.services.graph_token_given:
            return None
        if self.cloud.account is None:
            return Message(
                MessageKind.WARNING,
                "Nobody is signed in to Microsoft Entra ID.",
                "Sign in, or take the checklist to somebody who may.",
            )
        if self._lack is not None:
            return Message(MessageKind.WARNING, self._lack.message, self._lack.fix)
        return None

    async def _look(self) -> None:
        self._lack = await self.cloud.look_who()
        self._show()

    def _show(self) -> None:
        account, lack = self.cloud.account, self._lack
        given = self.cloud.services.graph_token_given
        fine = given or (account is not None and lack is None)
        self.who.set_text(_GIVEN if given else signed_in_words(account))
        self.mark.set_icon("success" if fine else "person", Tone.SUCCESS if fine else Tone.MUTED)
        self.sign_out.setVisible(account is not None)
        self.sign_in.setVisible(not fine)
        self.sign_in.setText("&Sign in again…" if account is not None else "&Sign in…")
        if account is not None and lack is not None and not given:
            self.show_message(
                MessageKind.INFO,
                f"{account.label} is signed in, but not for this yet",
                f"{lack.message} {lack.fix}".strip(),
            )
        self.buttons_changed.emit()

    def _sign_in(self) -> None:
        self.clear_message()
        dialog = SignInDialog(self, self.cloud.desk, self.cloud.source, PURPOSES)
        dialog.signed_in.connect(self._signed_in)
        dialog.open()

    def _signed_in(self, event: SignedIn) -> None:
        self.cloud.account, self._lack = event.account, None
        self._show()
        if isinstance(event.note, Reason) and not self.cloud.practice:
            self.show_message(MessageKind.INFO, "The sign-in is not kept", event.note.text)

    def _sign_out(self) -> None:
        self.start(self._signed_out(), words="Signing out")

    async def _signed_out(self) -> None:
        await self.cloud.sign_out()
        self._lack = None
        self._show()
