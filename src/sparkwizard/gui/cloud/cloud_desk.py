"""What the faces of one cloud set-up share: the setup, who is signed in, the token, the plan."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import QObject, Signal

from sparkwizard.entra.provisioning_job.types import TenantPlan
from sparkwizard.entra.types import Account, Purpose
from sparkwizard.errors import SparkWizardError, StorageError
from sparkwizard.gui.aio import run_blocking
from sparkwizard.gui.desk import Desk
from sparkwizard.provisioning.by_entra import Foresight
from sparkwizard.runs.cloud.profiles import with_job, with_new_token
from sparkwizard.runs.cloud.types import CloudEvent, CloudResult, Watch
from sparkwizard.runs.services import Services, api_url_of
from sparkwizard.runs.types import Preview
from sparkwizard.setup.profile import Profile, SourceSettings
from sparkwizard.webex.types import Identity
from sparkwizard.wizard.cloud.profiles import profile_for_cloud
from sparkwizard.wizard.cloud.set_up_words import TokenChoice

__all__ = ["PURPOSES", "CloudDesk", "TokenWish"]

PURPOSES = (Purpose.CLOUD_SETUP, Purpose.WATCHING)


@dataclass(frozen=True, slots=True)
class TokenWish:
    """Hold which Secret Token Entra is to get, whether to keep it here, and the status wanted."""

    choice: TokenChoice = TokenChoice.LEAVE
    token: str = field(default="", repr=False)
    keep: bool = False
    on: bool | None = True

    @property
    def new(self) -> bool:
        """Return whether the token is sent even though the saved one works."""
        return self.choice is TokenChoice.PASTED


class CloudDesk(QObject):
    """Serve the faces. ``set_up`` comes once the changes were made and the setup was saved."""

    set_up = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.account: Account | None = None
        self.wish = TokenWish()
        self.plan: TenantPlan | None = None
        self.foresight: Foresight | None = None

    # -- what is known --------------------------------------------------------------------------

    @property
    def services(self) -> Services:
        """Return the services of now."""
        return self.desk.services

    @property
    def source(self) -> SourceSettings:
        """Return which organization of Entra it is about."""
        return self.desk.entra_source

    @property
    def practice(self) -> bool:
        """Return whether all this is practice."""
        return self.desk.state.practice is not None

    @property
    def profile(self) -> Profile:
        """Return the setup with where its Entra is."""
        return profile_for_cloud(self.desk.state)

    # -- signing in -----------------------------------------------------------------------------

    async def look_who(self) -> SparkWizardError | None:
        """Look who is signed in; return what they may not do yet, None where all is well."""
        self.account = None
        try:
            async with self.services.sign_in(self.source) as sign_in:
                self.account = await sign_in.account()
                if self.account is not None:
                    await sign_in.token(PURPOSES)
        except SparkWizardError as error:
            return error
        return None

    async def sign_out(self) -> None:
        """Forget the sign-in."""
        await self.services.sign_out(self.source)
        self.account = None

    # -- the token ------------------------------------------------------------------------------

    async def kept_token(self) -> str:
        """Return the Secret Token that is kept for Entra, "" for none or a locked keyring."""
        try:
            return await run_blocking(self.services.entra_token, self.profile)
        except StorageError:
            return ""

    async def identity_of(self, token: str) -> Identity | None:
        """Ask Webex whose token this is, None where nobody can be asked. Raises NotAuthorized."""
        state, api_url = self.desk.state, api_url_of(self.profile)
        if token == state.token and state.identity is not None:
            return state.identity
        return await self.services.identify(token, api_url) if api_url else None

    async def keep_token(self, token: str) -> None:
        """Keep a Secret Token for Entra in the keyring. Raises StorageError."""
        await run_blocking(self.services.keep_entra_token, self.profile, token)

    # -- the set-up -----------------------------------------------------------------------------

    async def make_plan(self) -> TenantPlan:
        """Read the tenant and list what would be changed."""
        wish = self.wish
        self.plan = None
        self.plan = await self.services.plan_cloud(
            self.profile, on=wish.on, token=wish.token, new_token=wish.new
        )
        return self.plan

    async def foresee(self, *, anew: bool = False) -> Foresight:
        """Foretell whom Entra's service will change, from the preview looked at where there is one.

        Raises what a preview raises. What was shown before stays unless the setup was changed;
        ``anew`` reads both sides again.
        """
        shown = self.foresight
        if anew or shown is None or shown.foretold.profile_digest != self.profile.digest:
            self.foresight = None
            preview = None if anew else self._preview()
            shown = self.foresight = await self.services.foretell_cloud(
                self.profile, self.desk.base_dir, self.desk.state.token, preview
            )
        return shown

    def _preview(self) -> Preview | None:
        """Return the preview that was looked at, if it is one of this setup as it is."""
        state = self.desk.state
        plan = state.preview.plan if state.preview else None
        fits = plan and not plan.is_undo and plan.profile_digest == state.profile.digest
        return state.preview if fits else None

    async def keep_foretold(self, *, anew: bool = False) -> str:
        """Keep what the first cycle is compared with: what was shown, else foretold now.

        Return why there is none, "" where all is well: it can be switched on without.
        """
        try:
            found = await self.foresee(anew=anew)
            self.services.keep_foretold(self.profile, found.foretold)
        except SparkWizardError as error:
            return f"The first cycle is not foretold. {error}"
        return ""

    def carry_out(self, plan: TenantPlan) -> AsyncGenerator[CloudEvent]:
        """Carry out exactly this list."""
        return self.services.apply_cloud(self.profile, plan.digest, self.wish.token)

    async def keep_result(self, result: CloudResult) -> None:
        """Put what was set up into the setup and save it; keep the token where that is wished."""
        today = self.services.clock().date()
        await self.save(lambda profile: with_job(profile, result, today))
        self.set_up.emit()
        if self.wish.keep and self.wish.token:
            await self.keep_token(self.wish.token)

    async def renew(self, token: str, ends: date | None, *, keep: bool) -> None:
        """Give Entra a new Secret Token, and note when it ends."""
        await self.services.renew_entra_token(self.profile, token)
        today = self.services.clock().date()
        await self.save(lambda profile: with_new_token(profile, today, ends))
        if keep:
            await self.keep_token(token)

    async def save(self, change: Callable[[Profile], Profile]) -> None:
        """Change the setup and save it."""
        self.desk.change_profile(change)
        state = self.desk.state
        await run_blocking(self.services.save_again, state.profile, state.file, state.editing)

    # -- the watch ------------------------------------------------------------------------------

    async def watch(self) -> Watch:
        """Read how the job stands."""
        return await self.services.watch_cloud(self.profile)
