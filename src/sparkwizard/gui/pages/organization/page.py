"""Page 3, Organization: confirm whose users are meant, and copy what Entra asks for."""

from collections.abc import Hashable
from typing import override

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from sparkwizard.errors import InputError, StorageError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.frame.support import SupportedPage
from sparkwizard.gui.look.theme import SPACE, Tone, set_property
from sparkwizard.gui.pages.organization.copy_rows import TERM_WIDTH, CopyRows
from sparkwizard.gui.widgets import (
    Card,
    KeyValueRows,
    Label,
    Message,
    MessageKind,
    MessageStrip,
    QuietButton,
    StripAction,
    WrapLabel,
)
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import list_profiles
from sparkwizard.setup.wire import check_name
from sparkwizard.values import replace
from sparkwizard.webex.tenant import TenantUrl, entra_form, spoken_form
from sparkwizard.webex.types import Cloud, Identity
from sparkwizard.wizard.access.clouds import api_url_to_ask, cloud_label, foreign_host
from sparkwizard.wizard.access.token_words import elsewhere_caution, role_words, token_warnings
from sparkwizard.wizard.flow import missing
from sparkwizard.wizard.run.setup_facts import default_name
from sparkwizard.wizard.steps import Step

__all__ = ["OrganizationPage"]


class OrganizationPage(SupportedPage):
    """Show the organization of the token, and write it into the setup."""

    def __init__(self, desk: Desk) -> None:
        text = Step.ORGANIZATION.text
        super().__init__(text.instruction, text.sentence)
        self._desk = desk
        self._foreign: Message | None = None
        self._pending: TenantUrl | None = None
        self._build()
        self.name.textEdited.connect(self._name_edited)
        self.address.textEdited.connect(self._address_edited)

    def _build(self) -> None:
        self.caution = MessageStrip()
        self.rows = KeyValueRows(name_width=TERM_WIDTH - SPACE.l)
        who = Card()
        who.setAccessibleName("Organization")
        who.body.addWidget(self.rows)
        self.body.addWidget(self.caution)
        self.body.addWidget(who)
        self.body.addWidget(self._copies())
        self.body.addLayout(self._name_row())
        self.body.addStretch(1)
        self.advanced = QuietButton(
            "&Edit the Tenant URL", icon_name="pencil", on_click=self._unfold
        )
        self.body.addWidget(self.advanced, 0, Qt.AlignmentFlag.AlignRight)

    def _copies(self) -> QWidget:
        copies = CopyRows()
        self.uuid = copies.add(
            "Organization ID",
            "The number of the organization, as Control Hub and Microsoft Entra show it.",
        )
        self.base64 = copies.add(
            "ID in the Webex API",
            "The same number as developer.webex.com writes it; older guides ask for this form.",
        )
        self.entra = copies.add(
            "Tenant URL, for Entra",
            "The address for the field Tenant URL of Microsoft Entra's Provisioning page.",
        )
        self.spoken = copies.add(
            "Tenant URL, here",
            "The address at which this computer reads and writes the users of the organization.",
        )
        self.address = self.spoken.value
        self.address_problem = _problem_label()
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.xs)
        column.addWidget(copies)
        column.addWidget(self.address_problem)
        return both

    def _name_row(self) -> QVBoxLayout:
        self.name = QLineEdit()
        self.name.setMaximumWidth(300)
        self.name.setAccessibleName("Name of this setup")
        self.name_problem = _problem_label()
        label = Label("Na&me of this setup")
        label.setBuddy(self.name)
        label.setMinimumWidth(TERM_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(SPACE.s)
        row.addWidget(label)
        row.addWidget(self.name, 1)
        row.addStretch(0)
        column = QVBoxLayout()
        column.setSpacing(SPACE.xs)
        column.addLayout(row)
        column.addWidget(self.name_problem)
        return column

    # -- what the base asks ---------------------------------------------------------------------

    @override
    def initial_focus(self) -> QWidget:
        """Start where the name of the setup is typed."""
        return self.name

    @override
    def on_enter(self) -> None:
        """Take the organization of the token over into the setup, and show it."""
        identity = self._desk.state.identity
        self._foreign = None
        self.clear_message()
        if identity is None:
            self._begin_asking()
            return
        self._foreign = self._foreign_message(identity)
        if self._foreign is None:
            self._desk.change_profile(lambda profile: self._filled(profile, identity))
        else:
            self.strip.show_message(self._foreign)
        self._show(identity)

    @override
    def on_leave(self) -> None:
        """Keep what was typed."""
        self._apply_address()

    @override
    def validatePage(self) -> bool:
        """Write the edited address down before it is checked."""
        self._apply_address()
        return super().validatePage()

    @override
    def missing(self) -> Message | None:
        """Say what stands in the way: a foreign token, a bad name or address."""
        if self._foreign:
            return self._foreign
        for problem, field in (
            (self.address_problem, self.address),
            (self.name_problem, self.name),
        ):
            if problem.text():
                field.setFocus()
                return Message(MessageKind.WARNING, problem.text())
        reason = missing(Step.ORGANIZATION, self._desk.state)
        return Message(MessageKind.WARNING, reason.text) if reason else None

    @override
    def checked_value(self) -> Hashable | None:
        """Return what is written down when one goes on: name, address, and the token to keep."""
        state = self._desk.state
        profile = state.profile
        return (profile.name, profile.webex, state.token if state.keep_token else "")

    @override
    async def check(self, value: Hashable) -> None:
        """Refuse the name of another saved setup, and keep the token if that was asked for."""
        state, services = self._desk.state, self._desk.services
        entries = await run_blocking(list_profiles, services.places)
        taken = {entry.name.casefold() for entry in entries} - {state.editing.casefold()}
        if state.profile.name.casefold() in taken:
            self.name.setFocus()
            raise InputError(
                f"A setup with the name {state.profile.name} is already saved.",
                fix="Choose another name, or open that setup from the first page.",
                code="name-taken",
            )
        kept_elsewhere = state.practice is not None and services.secrets.durable
        if state.keep_token and not state.token_kept and not kept_elsewhere:
            await self._keep(state.profile, state.token)

    @override
    def busy_words(self) -> str:
        """Say what Next waits for."""
        return "Keeping the token in the keyring" if self._desk.state.keep_token else "Checking"

    # -- into the setup -------------------------------------------------------------------------

    def _begin_asking(self) -> None:
        """Ask whose token it is, unless that has to be confirmed first or nobody can be asked."""
        state = self._desk.state
        url = api_url_to_ask(state)
        if host := foreign_host(url, state):
            caution = elsewhere_caution(host)
            button = StripAction("Check the token", self._to_token, icon="key")
            self.show_message(MessageKind.WARNING, caution.heading, caution.text, (button,))
        elif url and state.token:
            self.start(self._ask(), words="Asking Webex whose token this is")
        elif not url:
            self._show_setup()

    async def _ask(self) -> None:
        """Ask whose token it is, where a saved setup was opened further on."""
        state, services = self._desk.state, self._desk.services
        identity = await services.identify(state.token, api_url_to_ask(state))
        self._desk.update(identity=identity)
        self.on_enter()

    async def _keep(self, profile: Profile, token: str) -> None:
        try:
            await run_blocking(self._desk.services.keep_token, profile, token)
        except StorageError as error:
            self._desk.update(keep_token=False)
            raise StorageError(
                f"{error.message} The token is kept for this run only.",
                fix="Press Next to go on.",
                code=error.code,
            ) from error
        self._desk.update(token_kept=True)

    def _filled(self, profile: Profile, identity: Identity) -> Profile:
        """Return the setup with the token's organization; what was edited for it stays."""
        practice, webex = self._desk.state.practice, profile.webex
        organization = identity.organization
        if webex.organization_id != organization.uuid:
            webex = replace(webex, entra_tenant_url="")
        if webex.organization_id != organization.uuid or not webex.tenant_url:
            cloud = Cloud(self._desk.state.cloud) if not practice else Cloud.OTHER
            url = practice.tenant_url if practice else spoken_form(organization, cloud)
            webex = replace(webex, tenant_url=url, organization_id=organization.uuid)
        if practice:
            webex = replace(webex, api_url=practice.api_url)
        return replace(profile, name=profile.name or default_name(identity), webex=webex)

    def _foreign_message(self, identity: Identity) -> Message | None:
        """Return a message if this setup manages users of another organization."""
        profile = self._desk.profile
        mine = profile.webex.organization_id
        if mine in ("", identity.organization.uuid):
            return None
        managed = self._desk.services.journal.managed((profile.id, mine))
        if not managed and not self._desk.state.editing:
            return None
        return Message(
            MessageKind.DANGER,
            "This token belongs to another organization",
            f"The setup {profile.name} is for the organization {mine}. Use a token of that"
            " organization, or make a new setup for the other one.",
            (StripAction("Use another token", self._to_token, icon="key"),),
        )

    def _to_token(self) -> None:
        self.leave_to.emit(Step.TOKEN.name)

    # -- showing and editing --------------------------------------------------------------------

    def _show(self, identity: Identity) -> None:
        state, organization = self._desk.state, identity.organization
        rows = (
            ("Organization", organization.name),
            ("Administrator", _who(identity)),
            ("Role", role_words(identity.role).capitalize()),
            ("Webex cloud", cloud_label(state)),
        )
        self.rows.set_rows(row for row in rows if row[1])
        self.uuid.set_value(organization.uuid)
        self.base64.set_value(organization.base64)
        chosen = state.profile.webex.entra_tenant_url
        self.entra.set_value(chosen or entra_form(organization))
        self._show_setup()

    def _show_setup(self) -> None:
        profile = self._desk.profile
        self.spoken.set_value(profile.webex.tenant_url)
        self.name.setText(profile.name)
        self._tell(self.name, self.name_problem, "")
        self._tell(self.address, self.address_problem, "")

    def _show_caution(self, identity: Identity | None) -> None:
        now = self._desk.services.clock()
        cautions = token_warnings(identity, now) if identity else ()
        messages = [Message(MessageKind.WARNING, one.heading, one.text) for one in cautions]
        elsewhere = self._elsewhere() if identity else None
        first = elsewhere or next(iter(messages), None)
        self.caution.setVisible(first is not None)
        if first is not None:
            self.caution.show_message(first)

    def _elsewhere(self) -> Message | None:
        """Say where the token will go, if that is not Webex; going on confirms it."""
        state, webex = self._desk.state, self._desk.profile.webex
        tenant = self._pending.scim_base if self._pending else webex.tenant_url
        hosts = (foreign_host(url, state) for url in (tenant, webex.api_url) if url)
        host = next(filter(None, hosts), "")
        if not host:
            return None
        caution = elsewhere_caution(host)
        return Message(MessageKind.WARNING, caution.heading, caution.text)

    def _name_edited(self, text: str) -> None:
        self.edited()
        name = text.strip()
        problem = ""
        try:
            check_name(name or "-")
        except InputError as error:
            problem = str(error)
        problem = problem or ("" if name else "Give this setup a name.")
        self._tell(self.name, self.name_problem, problem)
        if not problem:
            self._desk.change_profile(lambda profile: self._named(profile, name))

    def _named(self, profile: Profile, name: str) -> Profile:
        if self._desk.state.editing and name != profile.name:
            return profile.renamed(name)
        return replace(profile, name=name)

    def _address_edited(self, text: str) -> None:
        self.edited()
        self._pending, problem = None, ""
        try:
            self._pending = TenantUrl.parse(text)
            problem = self._other_organization(self._pending)
        except InputError as error:
            problem = str(error)
        if problem:
            self._pending = None
        self._tell(self.address, self.address_problem, problem)

    def _apply_address(self) -> None:
        """Write the edited address down; only when it is whole, never letter by letter."""
        tenant, self._pending = self._pending, None
        if tenant is not None:
            self._desk.change_profile(
                lambda profile: replace(
                    profile, webex=replace(profile.webex, tenant_url=tenant.scim_base)
                )
            )

    def _other_organization(self, tenant: TenantUrl) -> str:
        identity = self._desk.state.identity
        mine = identity.organization.uuid if identity else ""
        if tenant.organization_id in ("", mine):
            return ""
        return "This Tenant URL belongs to another organization than the token."

    def _tell(self, field: QLineEdit, label: WrapLabel, problem: str) -> None:
        label.setText(problem)
        label.setVisible(bool(problem))
        set_property(field, "invalid", "true" if problem else "false")
        field.setAccessibleDescription(problem)
        identity = self._desk.state.identity
        problems = self.name_problem.text() or self.address_problem.text()
        if identity:  # what is wrong now matters more, and both don't fit into a low window
            self._show_caution(None if problems else identity)

    def _unfold(self) -> None:
        """Let the Tenant URL be edited, or show it as it is written in the setup again."""
        opened = self.address.isReadOnly()
        self.address.setReadOnly(not opened)
        self.advanced.setText("&Edit the Tenant URL" if not opened else "&Keep the Tenant URL")
        if opened:
            self.address.setFocus()
            self.address.selectAll()
        else:
            self._pending = None
            self.spoken.set_value(self._desk.profile.webex.tenant_url)
            self._tell(self.address, self.address_problem, "")


def _who(identity: Identity) -> str:
    parts = (identity.display_name, identity.email)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _problem_label() -> WrapLabel:
    label = WrapLabel(tone=Tone.DANGER)
    label.setContentsMargins(TERM_WIDTH + SPACE.s, 0, 0, 0)
    label.hide()
    return label
