"""Page 8: limits on removals, which actions are allowed, and whom to notify."""

from typing import override

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.page import WizardPage
from sparkwizard.gui.look.theme import SPACE, Tone, set_property
from sparkwizard.gui.pages.limits.mail_dialog import MailDialog
from sparkwizard.gui.widgets import (
    Card,
    CheckBox,
    Columns,
    Label,
    Message,
    MessageKind,
    NumberOrPercentField,
    SecondaryButton,
    TermLabel,
    Toggle,
    WrapLabel,
)
from sparkwizard.provisioning.types import RemovalLimit
from sparkwizard.values import replace
from sparkwizard.wizard.limits import (
    action_sentences,
    email_problem,
    mail_sentence,
    parse_limit,
    removal_sentence,
)
from sparkwizard.wizard.people.scope_counts import count_scope
from sparkwizard.wizard.state import WizardState
from sparkwizard.wizard.steps import Step

__all__ = ["LimitsPage"]

_SWITCHES = {
    "create": "&Create users",
    "update": "&Update users",
    "disable": "&Disable users",
    "delete": "De&lete users",
}
_BAD_LIMIT = "Enter a number such as 25, or a percentage up to 100%."


class LimitsPage(WizardPage):
    """Set how many people one run may remove, what it may do, and who hears of failures."""

    def __init__(self, desk: Desk) -> None:
        text = Step.LIMITS.text
        super().__init__(text.instruction, text.sentence)
        self._desk = desk
        self._in_scope: int | None = None
        self._managed = 0
        self.limit = NumberOrPercentField("At most this many people may lose access in one run")
        self.limit_words = WrapLabel(tone=Tone.MUTED)
        self.switches = {key: Toggle(words, " ") for key, words in _SWITCHES.items()}
        self.email = QLineEdit()
        self.email_words = WrapLabel(tone=Tone.DANGER)
        self.on_failure = CheckBox("Send an email notification when a failure &occurs")
        self.server_words = WrapLabel(tone=Tone.MUTED)
        self.server_button = SecondaryButton(
            "Mail ser&ver…", icon_name="mail", on_click=self._open_mail_server
        )
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.m)
        column.addWidget(self._removals_card())
        column.addWidget(self._notification_card())
        column.addStretch(1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._actions_card())
        column.addStretch(1)
        self.body.addWidget(Columns(left, right, stack_below=480), 1)
        self._connect()
        self._show_profile()

    # How it is built

    def _removals_card(self) -> Card:
        card = Card()
        heading = TermLabel(
            "Removals",
            "Disables and deletes together: everybody who would lose access to Webex in one run.",
            role="section",
        )
        label = Label("A&t most")
        label.setBuddy(self.limit)
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        row.addWidget(label)
        row.addWidget(self.limit)
        row.addWidget(Label("may lose access in one run"))
        row.addStretch(1)
        card.body.addWidget(heading)
        card.body.addLayout(row)
        card.body.addWidget(self.limit_words)
        return card

    def _actions_card(self) -> Card:
        card = Card()
        card.body.setSpacing(SPACE.m)
        card.body.addWidget(Label("What a run may do", role="section"))
        for switch in self.switches.values():
            card.body.addWidget(switch)
        return card

    def _notification_card(self) -> Card:
        card = Card()
        label = Label("Noti&fication e-mail", role="section")
        label.setBuddy(self.email)
        self.email.setAccessibleName("Notification e-mail")
        self.email.setPlaceholderText("it@contoso.example")
        self.email_words.setVisible(False)
        card.body.addWidget(label)
        card.body.addWidget(self.email)
        card.body.addWidget(self.email_words)
        card.body.addWidget(self.on_failure)
        card.body.addWidget(self.server_words)
        card.body.addWidget(self.server_button)
        return card

    def _connect(self) -> None:
        self.limit.textChanged.connect(self._limit_edited)
        for key, switch in self.switches.items():
            switch.toggled.connect(lambda on, key=key: self._switched(key, on=on))
        self.email.textChanged.connect(self._email_edited)
        self.email.editingFinished.connect(self._judge_email)
        self.on_failure.toggled.connect(self._failure_switched)
        self._desk.changed.connect(self._state_changed)

    # What the window calls

    @override
    def initial_focus(self) -> QWidget | None:
        """Start at the limit."""
        return self.limit

    @override
    def on_enter(self) -> None:
        """Show the setup, and count who is in scope."""
        self._managed = self._count_managed()
        self._show_profile()
        if self._desk.state.population is not None:
            self.tasks.start(self._count())

    @override
    def on_leave(self) -> None:
        """Stop counting."""
        self.tasks.cancel()

    @override
    def missing(self) -> Message | None:
        """Ask for a limit that can be read and an address that can be written to."""
        if parse_limit(self.limit.text()) is None:
            self.limit.setFocus()
            return Message(MessageKind.WARNING, "The limit can't be read.", _BAD_LIMIT)
        problem = email_problem(self.email.text())
        if problem:
            self._judge_email()
            self.email.setFocus()
            return Message(MessageKind.WARNING, "The e-mail address can't be used.", problem)
        return None

    # What a person does

    def _limit_edited(self, text: str) -> None:
        limit = parse_limit(text)
        if limit is not None and limit != self._desk.profile.safeguards.max_removals:
            self._desk.set(self._desk.state.with_limit(limit))
        self._show_limit_words(limit)
        self.clear_message()

    def _switched(self, key: str, *, on: bool) -> None:
        if getattr(self._desk.profile.actions, key) == on:
            return
        self._desk.change_profile(
            lambda profile: replace(profile, actions=replace(profile.actions, **{key: on}))
        )

    def _email_edited(self, text: str) -> None:
        if not email_problem(text):
            self._judge_email()
            self._keep(email=text.strip())
        self.clear_message()

    def _judge_email(self) -> None:
        problem = email_problem(self.email.text())
        self.email_words.setText(problem)
        self.email_words.setVisible(bool(problem))
        set_property(self.email, "invalid", "true" if problem else "false")

    def _failure_switched(self, on: bool) -> None:
        self._keep(on_failure=on)

    def _keep(self, **changes: object) -> None:
        before = self._desk.profile.notifications
        after = replace(before, **changes)  # type: ignore[arg-type]  # the two callers above name fields
        if after != before:
            self._desk.change_profile(lambda profile: replace(profile, notifications=after))

    def _open_mail_server(self) -> None:
        MailDialog(self, self._desk).open()

    # What is shown

    def _state_changed(self, old: WizardState, new: WizardState) -> None:
        if old.profile != new.profile:
            self._show_profile()

    def _show_profile(self) -> None:
        profile = self._desk.profile
        limit = profile.safeguards.max_removals
        if parse_limit(self.limit.text()) != limit and not self.limit.hasFocus():
            self.limit.setText(str(limit))
        self._show_limit_words(parse_limit(self.limit.text()))
        sentences = action_sentences(profile.actions)
        for key, switch in self.switches.items():
            switch.set_on(getattr(profile.actions, key))
            switch.set_explanation(sentences[key])
        notifications = profile.notifications
        if self.email.text().strip() != notifications.email and not self.email.hasFocus():
            self.email.setText(notifications.email)
        self.on_failure.setChecked(notifications.on_failure)
        self.server_words.setText(mail_sentence(notifications))

    def _show_limit_words(self, limit: RemovalLimit | None) -> None:
        if limit is None:
            self.limit_words.set_tone(Tone.DANGER)
            self.limit_words.setText(_BAD_LIMIT)
            return
        self.limit_words.set_tone(Tone.MUTED)
        self.limit_words.setText(removal_sentence(limit, self._managed, self._in_scope))

    def _count_managed(self) -> int:
        profile = self._desk.profile
        try:
            setup = (profile.id, profile.webex.organization_id)
            return self._desk.services.journal.managed_active(setup)
        except SparkWizardError:  # no journal, no removals: the preview says so
            return 0

    async def _count(self) -> None:
        state = self._desk.state
        if state.population is None:
            return
        scope, people = state.profile.scope, state.population.people
        counts = await run_blocking(count_scope, scope.filters, people, frozenset[str]())
        self._in_scope = counts.in_scope
        self._show_limit_words(parse_limit(self.limit.text()))
