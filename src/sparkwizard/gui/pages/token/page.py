"""Page 2, Access token: paste it, and see at once whose it is and how long it lives."""

import asyncio
from collections.abc import Hashable
from typing import override

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sparkwizard.errors import InputError, SparkWizardError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.support import SupportedPage, administrator_link
from sparkwizard.gui.look.theme import SPACE
from sparkwizard.gui.pages.token.parts import (
    CloudChoice,
    KeepChoice,
    RecognizedCard,
    WhereToGetOne,
)
from sparkwizard.gui.widgets import (
    Message,
    MessageKind,
    MessageStrip,
    QuietButton,
    SecondaryButton,
    SecretField,
    SectionLabel,
    announce,
)
from sparkwizard.setup.secrets import keyring_available
from sparkwizard.webex.admin_link import check_state
from sparkwizard.webex.pasted_token import clean_token
from sparkwizard.webex.types import PastedToken
from sparkwizard.wizard.access.clouds import (
    CLOUDS,
    api_url_to_ask,
    away_from_other_cloud,
    cloud_of,
    foreign_host,
)
from sparkwizard.wizard.access.token_words import (
    Caution,
    elsewhere_caution,
    summarize_token,
    token_warnings,
)
from sparkwizard.wizard.flow import missing
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step

__all__ = ["TokenPage"]

_IDLE_MS = 300
_ROOMY = 590


class TokenPage(SupportedPage):
    """Take the token, clean it as it is typed, and ask Webex about it once typing rests."""

    def __init__(self, desk: Desk) -> None:
        text = Step.TOKEN.text
        super().__init__(text.instruction, text.sentence)
        self._desk = desk
        self._refused: InputError | None = None
        self._asking: asyncio.Task[None] | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._ask)
        self._build()
        self.secret.changed.connect(self._changed)
        self.keep.chosen.connect(lambda keep: desk.update(keep_token=keep))
        self.cloud.chosen.connect(self._choose_cloud)
        desk.changed.connect(self._state_changed)

    def _build(self) -> None:
        self.secret = SecretField("Access token", placeholder="Paste the token here")
        self.practice_button = SecondaryButton(
            "Use the practice &token", icon_name="flask", on_click=self._use_practice
        )
        entry = QVBoxLayout()
        entry.setSpacing(6)
        entry.addWidget(SectionLabel("&Access token", buddy=self.secret.edit))
        line = QHBoxLayout()
        line.setSpacing(SPACE.s)
        line.addWidget(self.secret, 1)
        line.addWidget(self.practice_button)
        entry.addLayout(line)
        self.card = RecognizedCard()
        self.caution = MessageStrip()
        self.where = WhereToGetOne()
        self.body.addLayout(entry)
        for widget in (self.card, self.caution, self.where):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.body.addLayout(self._foot())

    def _foot(self) -> QVBoxLayout:
        self.keep = KeepChoice()
        self.cloud = CloudChoice()
        self.cloud.hide()
        self.advanced = QuietButton("Ad&vanced", icon_name="chevron-down", on_click=self._unfold)
        row = QHBoxLayout()
        row.addWidget(self.keep, 1)
        row.addWidget(self.advanced)
        foot = QVBoxLayout()
        foot.setSpacing(SPACE.s)
        foot.addLayout(row)
        foot.addWidget(self.cloud)
        return foot

    # -- what the base asks ---------------------------------------------------------------------

    @override
    def initial_focus(self) -> QWidget:
        """Start typing in the token field."""
        return self.secret.edit

    @override
    def on_enter(self) -> None:
        """Show what is known, look for a keyring, and fetch a kept token of a saved setup."""
        self._desk.update(cloud=cloud_of(self._desk.state))
        state = self._desk.state
        self.practice_button.setVisible(state.practice is not None)
        self.advanced.setVisible(state.practice is None)
        self.keep.choose(keep=state.keep_token)
        self.cloud.choose(state.cloud)
        self.cloud.setVisible(state.cloud == "government" and state.practice is None)
        self._show_links()
        self._show_state()
        self.tasks.start(self._look_for_keyring())
        if state.pasted and self.secret.text() != state.pasted.token:
            self._fill(state.pasted)
        if state.pasted and not state.identity:
            self._ask()
        elif not state.pasted and state.profile.webex.organization_id:
            self.tasks.start(self._recall())

    @override
    def on_leave(self) -> None:
        """Stop asking."""
        self._idle.stop()
        self.tasks.cancel()

    @override
    def missing(self) -> Message | None:
        """Say that the token is missing, or why what was pasted is none."""
        if self._refused:
            return Message(MessageKind.DANGER, self._refused.message, self._refused.fix)
        if self._desk.state.pasted is None:
            reason = missing(Step.TOKEN, self._desk.state)
            self.secret.setFocus()
            return Message(MessageKind.WARNING, reason.text) if reason else None
        return None

    @override
    def checked_value(self) -> Hashable | None:
        """Return the token and where to ask about it."""
        return (self._desk.state.token, api_url_to_ask(self._desk.state))

    @override
    async def check(self, value: Hashable) -> None:
        """Ask Webex whose token it is, unless it has answered already."""
        self._stop_asking()
        if self._desk.state.identity is None:
            await self._identify()

    @override
    def busy_words(self) -> str:
        """Say what Next waits for."""
        return "Asking Webex whose token this is"

    @override
    def failed(self, error: BaseException) -> None:
        """Take the card away and show what went wrong."""
        self.card.hide()
        super().failed(error)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the links short where height is."""
        super().resizeEvent(event)
        self._fit_height()

    # -- pasting and asking ---------------------------------------------------------------------

    def _changed(self, text: str) -> None:
        self.edited()
        self._stop_asking()
        self._refused = None
        pasted: PastedToken | None = None
        if text.strip():
            try:
                pasted = clean_token(text)
                check_state(pasted, self._desk.state.link_state)
            except InputError as error:
                pasted, self._refused = None, error
                self.show_error(error)
        self._desk.set(self._desk.state.with_token(pasted))
        self._show_state()
        if pasted and not self._desk.state.identity:
            self._idle.start()

    def _fill(self, pasted: PastedToken) -> None:
        """Show a token that is in use already, without asking again."""
        self.secret.blockSignals(True)
        self.secret.set_text(pasted.token)
        self.secret.blockSignals(False)

    def _use_practice(self) -> None:
        practice = self._desk.state.practice
        if practice:
            self.secret.set_text(practice.token)

    def _ask(self) -> None:
        self._stop_asking()
        self._asking = self.tasks.start(self._ask_by_itself())

    def _stop_asking(self) -> None:
        self._idle.stop()
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    async def _ask_by_itself(self) -> None:
        """Ask without being told to, only where the token may go; Next confirms other hosts."""
        url = api_url_to_ask(self._desk.state)
        if not url or (foreign_host(url, self._desk.state) and not await self._confirmed()):
            return
        self.card.show_asking()
        await self._identify()

    async def _confirmed(self) -> bool:
        """Return whether a token was kept for the addresses of this setup before."""
        try:
            await run_blocking(self._desk.services.kept_token, self._desk.profile)
        except SparkWizardError:
            return False
        return True

    async def _identify(self) -> None:
        state = self._desk.state
        url = api_url_to_ask(state)
        if not url:
            return  # nobody there knows whose token it is; the connection test says so
        identity = await self._desk.services.identify(state.token, url)
        if self._desk.state.token == state.token:
            self._desk.update(identity=identity)

    async def _recall(self) -> None:
        """Fetch the token that an earlier run kept for this organization, if there is one."""
        services, profile = self._desk.services, self._desk.profile
        try:
            token = await run_blocking(services.token_for, profile)
        except SparkWizardError:
            return  # nothing kept, or not for this address: the person pastes one
        if not self.secret.text():
            self.secret.set_text(token)

    # -- showing --------------------------------------------------------------------------------

    def _state_changed(self, old: WizardState, new: WizardState) -> None:
        if old.identity != new.identity or old.pasted != new.pasted:
            self._show_state()
        if new.pasted is None and old.pasted is not None and self._refused is None:
            self.secret.blockSignals(True)
            self.secret.clear()
            self.secret.blockSignals(False)

    def _show_state(self) -> None:
        state, now = self._desk.state, self._desk.services.clock()
        cautions = token_warnings(state.identity, now) if state.identity else self._elsewhere()
        self.caution.setVisible(bool(cautions))
        if state.identity and state.pasted:
            summary = summarize_token(state.pasted, state.identity, now)
            self.card.show_summary(summary, f"Checked at {now:%H:%M}")
            announce(self.card, f"{summary.title}. {summary.owner}. {summary.lifetime}.")
        else:
            self.card.hide()
        if cautions:
            first = cautions[0]
            self.caution.show_message(Message(MessageKind.WARNING, first.heading, first.text))
        self._fit_height()

    def _elsewhere(self) -> tuple[Caution, ...]:
        """Say where the token will go, if that is not Webex; going on confirms it."""
        state = self._desk.state
        host = foreign_host(api_url_to_ask(state), state)
        return (elsewhere_caution(host),) if host else ()

    def _fit_height(self) -> None:
        tight = self.height() < _ROOMY
        crowded = not (self.card.isHidden() or self.caution.isHidden())
        self.where.set_compact(compact=tight and crowded)

    def _show_links(self) -> None:
        self.where.set_links(CLOUDS[self._desk.state.cloud], administrator_link(self._desk))
        before: QWidget = self.practice_button
        for after in (*self.where.links(), self.keep.keyring):
            self.setTabOrder(before, after)
            before = after

    def _unfold(self) -> None:
        shown = self.cloud.isHidden()
        self.cloud.setVisible(shown)
        self.advanced.set_icon("chevron-up" if shown else "chevron-down")
        if shown:
            self.cloud.select.setFocus()

    def _choose_cloud(self, key: str) -> None:
        self.edited()
        self._desk.change_profile(lambda profile: away_from_other_cloud(profile, key))
        self._desk.update(cloud=key, identity=None, layers=())
        self._show_links()
        if self._desk.state.pasted:
            self._ask()

    async def _look_for_keyring(self) -> None:
        if self._desk.state.practice:
            self.keep.explain("Practice keeps it for this run only.")
            return
        if not self._desk.services.secrets.durable:
            return
        reason = await run_blocking(keyring_available)
        if reason is None:
            self.keep.explain("")
            return
        self.keep.explain(f"For this run only. {reason.text.partition('.')[0]}.")
        self.keep.why.setToolTip(reason.text)
        self._desk.update(keep_token=False)
