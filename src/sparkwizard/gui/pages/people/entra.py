"""What the People page does with Microsoft Entra ID: who is signed in, signing in and out."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from sparkwizard.entra.types import Account, Purpose, SignedIn
from sparkwizard.errors import SparkWizardError
from sparkwizard.gui.aio import TaskScope
from sparkwizard.gui.desk import Desk
from sparkwizard.gui.pages.people.entra_card import EntraCard, TenantDialog
from sparkwizard.gui.signing_in.dialog import SignInDialog
from sparkwizard.provisioning.types import Reason
from sparkwizard.setup.profile import SourceSettings
from sparkwizard.values import replace

__all__ = ["EntraDesk"]


class EntraDesk(QObject):
    """Serve an ``EntraCard``: look who is signed in, sign in, sign out.

    ``ready`` comes with the source once somebody has signed in to read it, ``noted`` with what is
    to be known about keeping the sign-in.
    """

    ready = Signal(object)
    noted = Signal(object)

    def __init__(
        self,
        page: QWidget,
        desk: Desk,
        card: EntraCard,
        tasks: TaskScope,
        failed: Callable[[BaseException], None],
    ) -> None:
        super().__init__(page)
        self._page, self._desk, self._card = page, desk, card
        self._tasks, self._failed = tasks, failed
        self._chosen: SourceSettings | None = None
        self.account: Account | None = None
        card.sign_in_wanted.connect(self.sign_in)
        card.read_wanted.connect(lambda: self.ready.emit(self.source))
        card.sign_out_wanted.connect(lambda: self._tasks.start(self._sign_out()))
        card.tenant_wanted.connect(self._choose_tenant)

    @property
    def source(self) -> SourceSettings:
        """Return where Entra is read: as chosen on this page, else as the setup says."""
        return self._chosen or self._desk.entra_source

    def look(self) -> None:
        """Look in the background who is signed in."""
        self._chosen = None
        self._tasks.start(self._look())

    async def _look(self) -> None:
        try:
            self._show(await self._desk.services.signed_in(self.source))
        except SparkWizardError:
            self._show(None)  # a locked keyring is told of when somebody signs in

    def sign_in(self) -> None:
        """Open the sign-in for reading people."""
        dialog = SignInDialog(self._page, self._desk, self.source, (Purpose.PEOPLE,))
        dialog.signed_in.connect(self._signed_in)
        dialog.open()

    def _signed_in(self, event: SignedIn) -> None:
        self._show(event.account)
        source = self.source
        if not source.tenant:
            source = replace(source, tenant=event.account.tenant)
        self._chosen = source
        if isinstance(event.note, Reason):
            self.noted.emit(event.note)
        self.ready.emit(source)

    async def _sign_out(self) -> None:
        try:
            await self._desk.services.sign_out(self.source)
        except SparkWizardError as error:
            self._failed(error)
            return
        self._show(None)

    def _choose_tenant(self) -> None:
        dialog = TenantDialog(self._page, self.source)
        dialog.chosen.connect(self._tenant_chosen)
        dialog.open()

    def _tenant_chosen(self, source: SourceSettings) -> None:
        self._chosen = source
        self._tasks.start(self._look_again(source))

    async def _look_again(self, source: SourceSettings) -> None:
        await self._look()
        self._chosen = source

    def _show(self, account: Account | None) -> None:
        self.account = account
        self._card.show_account(account)
