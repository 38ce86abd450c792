"""The second face: the Secret Token for Entra, the application, and whether it is switched on."""

import asyncio
from collections.abc import Hashable
from typing import override

from PySide6.QtWidgets import QHBoxLayout, QWidget

from sparkwizard.errors import InputError
from sparkwizard.gui.cloud.application_choice import LABEL_WIDTH, ApplicationChoice
from sparkwizard.gui.cloud.cloud_desk import CloudDesk, TokenWish
from sparkwizard.gui.cloud.face import CloudFace
from sparkwizard.gui.frame.page import PageButtons
from sparkwizard.gui.look.theme import SPACE, Tone
from sparkwizard.gui.widgets import (
    Card,
    CheckBox,
    Message,
    MessageKind,
    SecretField,
    SectionLabel,
    Select,
    StripAction,
    Toggle,
    WrapLabel,
)
from sparkwizard.values import replace
from sparkwizard.webex.identity import clean_token
from sparkwizard.wizard.cloud.set_up_words import TOKEN_WORDS, TokenChoice, short_token
from sparkwizard.wizard.cloud.steps import CloudStep

__all__ = ["TokenPage"]

_ON = (
    "The first cycle then begins at once and does what the next page foretells. Without it,"
    " everything is set up, and you start it under Watch."
)


class TokenPage(CloudFace):
    """Choose token, application and status; what is chosen goes into the ``CloudDesk``."""

    def __init__(self, cloud: CloudDesk) -> None:
        super().__init__(cloud, CloudStep.TOKEN)
        self._kept = ""
        self._accepted = ""  # a token that soon ends and was accepted nevertheless
        self.choice = Select("Secret Token for Entra")
        self.about = WrapLabel(tone=Tone.MUTED)
        self.secret = SecretField("Secret Token for Entra")
        self.keep = CheckBox("&Keep it in the keyring, for Entra only")
        self.keep.setChecked(True)
        self.application = ApplicationChoice(cloud, self.tasks)
        self.on = Toggle("Switch &provisioning on", _ON, checked=True)
        self.body.addWidget(self._token_card())
        self.body.addWidget(self.application)
        self.body.addWidget(self.on)
        self.body.addStretch(1)
        self.choice.currentIndexChanged.connect(self._chosen)
        self.secret.changed.connect(self.edited)
        self.application.changed.connect(self.edited)
        self.set_buttons(PageButtons())

    def _token_card(self) -> Card:
        card, row = Card(), QHBoxLayout()
        row.setSpacing(SPACE.m)
        label = SectionLabel("Secret &Token", buddy=self.choice)
        label.setMinimumWidth(LABEL_WIDTH)
        row.addWidget(label)
        row.addWidget(self.choice, 1)
        card.body.addLayout(row)
        card.body.addWidget(self.about)
        card.body.addWidget(self.secret)
        card.body.addWidget(self.keep)
        return card

    # What the frame calls

    @override
    def on_enter(self) -> None:
        """Look which token is kept; what was chosen before stays chosen."""
        self.application.show_profile()
        self.start(self._offer())

    @override
    def initial_focus(self) -> QWidget | None:
        """Begin with the token."""
        return self.choice

    @override
    def on_leave(self) -> None:
        """Leave no pasted token in the field."""
        self.tasks.cancel()
        self.secret.clear()

    @override
    def missing(self) -> Message | None:
        """Say what has to be pasted or chosen first."""
        if self._choice() is TokenChoice.PASTED and not self.secret.text().strip():
            return Message(
                MessageKind.WARNING, "No Secret Token was pasted.", "Paste one, or choose another."
            )
        return self.application.missing()

    @override
    def checked_value(self) -> Hashable | None:
        """Ask Webex about the token, and keep what was chosen of the application."""
        return (self._choice(), hash(self._token()), self.application.settings(), self.on.is_on())

    @override
    def busy_words(self) -> str:
        """Say what is checked."""
        return "Asking Webex about the token"

    @override
    async def check(self, value: Hashable) -> None:
        """Refuse a token that Webex refuses, and one that soon ends unless that is accepted."""
        choice, token = self._choice(), self._token()
        if choice is TokenChoice.PASTED:
            token = clean_token(token).token
        if token:
            await self._look_at(choice, token)
        settings = self.application.settings()
        if settings != self.cloud.desk.profile.cloud:
            await self.cloud.save(lambda profile: replace(profile, cloud=settings))
        keep = self.keep.isChecked() and choice in (TokenChoice.PASTED, TokenChoice.SAME)
        self.cloud.wish = TokenWish(choice, token, keep, True if self.on.is_on() else None)

    async def _look_at(self, choice: TokenChoice, token: str) -> None:
        identity = await self.cloud.identity_of(token)
        if identity is None or not identity.lifetime_short or token == self._accepted:
            return
        raise InputError(
            short_token(choice),
            fix="Get one by the administrator link, which lasts a year, or leave what Entra has.",
            code="short-token",
        )

    @override
    def failed(self, error: BaseException) -> None:
        """Tell it; a token that soon ends may be taken nevertheless."""
        if isinstance(error, InputError) and error.code == "short-token":
            self.show_error(error, (StripAction("Take it nevertheless", self._accept),))
        else:
            super().failed(error)

    def _accept(self) -> None:
        token = self._token()
        self._accepted = clean_token(token).token if token else ""
        self.clear_message()
        wizard = self.wizard()
        if wizard is not None:
            wizard.next()

    # What is chosen

    async def _offer(self) -> None:
        self._kept = await self.cloud.kept_token()
        await asyncio.sleep(0)
        before = self.choice.currentData()
        offered = [one for one in TokenChoice if self._offered(one)]
        self.choice.blockSignals(True)
        self.choice.clear()
        for one in offered:
            self.choice.addItem(TOKEN_WORDS[one][0], one.value)
        known = TokenChoice(before) if before else self._likely(offered)
        self.choice.setCurrentIndex(max(0, self.choice.findData(known.value)))
        self.choice.blockSignals(False)
        self._show()

    def _offered(self, one: TokenChoice) -> bool:
        there = {TokenChoice.KEPT: self._kept, TokenChoice.SAME: self.cloud.desk.state.token}
        return bool(there.get(one, "yes"))

    def _likely(self, offered: list[TokenChoice]) -> TokenChoice:
        if self.cloud.desk.profile.cloud.job_id and TokenChoice.KEPT not in offered:
            return TokenChoice.LEAVE
        return offered[0]

    def _choice(self) -> TokenChoice:
        return TokenChoice(self.choice.currentData() or TokenChoice.LEAVE.value)

    def _token(self) -> str:
        """Return the token that is chosen, "" for none."""
        match self._choice():
            case TokenChoice.KEPT:
                return self._kept
            case TokenChoice.SAME:
                return self.cloud.desk.state.token
            case TokenChoice.PASTED:
                return self.secret.text().strip()
            case TokenChoice.LEAVE:
                return ""

    def _chosen(self) -> None:
        self._show()
        self.edited()

    def _show(self) -> None:
        choice = self._choice()
        self.about.setText(TOKEN_WORDS[choice][1])
        self.secret.setVisible(choice is TokenChoice.PASTED)
        self.keep.setVisible(choice in (TokenChoice.PASTED, TokenChoice.SAME))
