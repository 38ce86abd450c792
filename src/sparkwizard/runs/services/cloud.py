"""Entra's own provisioning service: its set-up, its hand-off, its watch.

The wizard and the commands go through these:

======================== =========================================================================
``plan_cloud``           the list of changes to the tenant; nothing is written. It is kept by digest
``apply_cloud``          yields ``StepStarted``, ``StepDone``, ``Finished`` (``runs.cloud.types``)
``foretell_cloud``       what the service will do with each person, by its rules, beside ours
``keep_foretold``        before provisioning is switched on: what the first cycle is held to
``watch_cloud``          status, progress, quarantine, days until the Secret Token ends
``cloud_logs``           what it did for whom, filtered
``check_hand_off``       schema and first cycle beside the setup and its preview
``switch_cloud``, ``restart_cloud``, ``provision_on_demand``, ``restore_schema``,
``renew_entra_token``    one write each
``read_cloud``, ``tick`` the state of the tenant as far as it can be read, for the checklist
``refuse_other_engine``  asks Entra; ``check_other_engine``, ``known_job`` go by what was seen last
======================== =========================================================================

``runs.cloud.profiles`` puts what was set up into the profile; saving it is the caller's business.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from sparkwizard.entra.clouds import graph_base
from sparkwizard.entra.provisioning_job.desired import desired_of, setup_problems
from sparkwizard.entra.provisioning_job.job_types import OnDemandResult, RestartKind
from sparkwizard.entra.provisioning_job.log_filter import LogFilter
from sparkwizard.entra.provisioning_job.planning.changes import make_plan
from sparkwizard.entra.provisioning_job.planning.sealing import read_tenant_plan, write_tenant_plan
from sparkwizard.entra.provisioning_job.reading import find_application, read_tenant
from sparkwizard.entra.provisioning_job.types import Application, TenantPlan, TenantState
from sparkwizard.entra.types import Purpose
from sparkwizard.errors import Cancelled, SafeguardStop, SparkWizardError
from sparkwizard.net.proxy import origin_of
from sparkwizard.net.redact import register_secret
from sparkwizard.provisioning.by_entra import Foresight, Foretold
from sparkwizard.provisioning.types import Reason
from sparkwizard.runs.cloud import single_writes, watching
from sparkwizard.runs.cloud.carrying_out import carry_out
from sparkwizard.runs.cloud.foretelling import foresee, foretell_groups, write_foretold
from sparkwizard.runs.cloud.owed import restart_owed
from sparkwizard.runs.cloud.types import CloudEvent, HandOff, LogsRead, SavedSchema, Watch
from sparkwizard.runs.cloud.writers import Writers
from sparkwizard.runs.lock import organization_lock
from sparkwizard.runs.services.engines import Engines
from sparkwizard.runs.services.previews import Previews
from sparkwizard.runs.types import Preview
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.secrets import SecretName, StoredSecret
from sparkwizard.values import replace

__all__ = ["ENTRA_TOKEN_VARIABLE", "Cloud"]

ENTRA_TOKEN_VARIABLE = "SPARKWIZARD_ENTRA_SECRET_TOKEN"  # noqa: S105  the name of a variable

_PATIENCE = 15.0
"""Seconds that Entra is waited for before a run of this computer."""


class Cloud(Previews, Engines):
    """Set Entra's provisioning service up for setups, and watch it."""

    # -- the Secret Token for Entra -------------------------------------------------------------

    def entra_token(self, profile: Profile) -> str:
        """Return the Secret Token for Entra: from the environment, else the keyring; "" for none.

        Blocking. Raises StorageError. One that was not confirmed for this Graph counts as none.
        """
        if given := self.entra_token_given():
            return given
        found = self.secrets.load(profile.webex.organization_id, SecretName.ENTRA)
        if found is None or not found.confirmed_for(graph_base(profile.source.graph_url)):
            return ""
        register_secret(found.token)
        return found.token

    def entra_token_given(self) -> str:
        """Return the Secret Token of the environment, "" for none."""
        given = self._environ.get(ENTRA_TOKEN_VARIABLE, "").strip()
        register_secret(given)
        return given

    def keep_entra_token(self, profile: Profile, token: str) -> None:
        """Save the Secret Token for Entra to the keyring, for this setup's Graph only. Blocking."""
        secret = StoredSecret(token, (origin_of(graph_base(profile.source.graph_url)),))
        self.secrets.save(profile.webex.organization_id, SecretName.ENTRA, secret)

    # -- the set-up -----------------------------------------------------------------------------

    async def plan_cloud(
        self, profile: Profile, *, on: bool | None = None, token: str = "", new_token: bool = False
    ) -> TenantPlan:
        """Read the tenant and return the list of changes; nothing is written.

        ``on`` is the provisioning status that is wanted, None leaves it. ``token`` is the Secret
        Token if there is one; ``new_token`` sends it even though the saved one works.
        """
        desired = desired_of(profile, token_at_hand=bool(token), new_token=new_token, on=on)
        async with self.job_client(profile, Purpose.CLOUD_SETUP) as client:
            state = await read_tenant(client, desired, job_id=profile.cloud.job_id)
        owed = restart_owed(self.journal, profile.id)
        notes = setup_problems(profile)
        plan = make_plan(desired, state, profile.id, notes, restart_owed=owed)
        self.journal.keep_cloud_plan(plan.digest, profile.id, write_tenant_plan(plan))
        return plan

    async def applications_to_choose(
        self, profile: Profile, start: str = ""
    ) -> tuple[Application, ...]:
        """Return applications that may be chosen: those whose name starts so, else Webex's own.

        The chosen one goes into the setup: ``CloudSettings(application="existing",
        application_id=…)``.
        """
        async with self.job_client(profile, Purpose.CLOUD_SETUP) as client:
            if start:
                return await client.applications_starting(start)
            return (await find_application(client, desired_of(profile))).candidates

    async def apply_cloud(
        self, profile: Profile, digest: str, token: str = ""
    ) -> AsyncGenerator[CloudEvent]:
        """Carry out exactly the list of changes of this digest, alone in the organization.

        Raises SafeguardStop where no such list was shown, or the tenant or setup has changed since.
        """
        plan = self.shown_cloud_plan(profile, digest)
        register_secret(token)
        with organization_lock(self.places, profile.webex.organization_id):
            async with self.job_client(profile, Purpose.CLOUD_SETUP) as client:
                events = carry_out(plan, profile, client, self.journal, token)
                async with aclosing(events):
                    async for event in events:
                        yield event

    def shown_cloud_plan(self, profile: Profile, digest: str) -> TenantPlan:
        """Return the list of changes of this digest that was shown for a setup as it is.

        Raises SafeguardStop where there was none, or the setup was changed since.
        """
        content = self.journal.cloud_plan(digest.strip().lower())
        plan = read_tenant_plan(content) if content else None
        if plan is None or plan.profile_id != profile.id:
            raise SafeguardStop(
                "No list of changes of this hash was made for this setup. Nothing was written.",
                fix="Make one with “cloud plan”, look at it, and give its hash.",
                code="cloud-plan-unknown",
            )
        if not _same_setup(plan, profile):
            raise SafeguardStop(
                "The setup was changed after this list of changes was made. Nothing was written.",
                fix="Make a new list of changes and look at it first.",
                code="cloud-plan-setup-changed",
            )
        return plan

    async def read_cloud(self, profile: Profile) -> TenantState:
        """Read the tenant as far as the sign-in may: for the checklist."""
        async with self.job_client(profile, Purpose.WATCHING) as client:
            job = profile.cloud.job_id
            return await read_tenant(client, desired_of(profile), job_id=job, partly=True)

    # -- watching -------------------------------------------------------------------------------

    async def cloud_logs(self, profile: Profile, wanted: LogFilter | None = None) -> LogsRead:
        """Return what the job did for whom, newest first."""
        async with self.job_client(profile, Purpose.WATCHING) as client:
            _application, job = await watching.find(client, profile)
            return await watching.read_logs(client, job.id, wanted or LogFilter())

    async def check_hand_off(
        self, profile: Profile, base_dir: Path, token: str = "", *, anew: bool = False
    ) -> HandOff:
        """Compare schema and logs with the setup and with what was foretold.

        ``token`` is the Webex token that it is foretold with, the first time and with ``anew``;
        without it only what is there is compared.
        """

        async def foretell() -> Foretold:
            return (await self.foretell_cloud(profile, base_dir, token)).foretold

        async with self.job_client(profile, Purpose.WATCHING) as client:
            told = foretell if token else None
            return await watching.hand_off(client, profile, self.journal, told, anew=anew)

    async def foretell_cloud(
        self, profile: Profile, base_dir: Path, token: str, made: Preview | None = None
    ) -> Foresight:
        """Foretell what the service will do with everybody, and where we would do otherwise.

        ``made`` is a preview of this setup as it is, where there is one; else both sides are read.
        Raises what a preview raises.
        """
        if made is None:
            made = await self.preview(profile, base_dir, token)
        known, findings = await self._known_to_entra(profile)
        found = await asyncio.to_thread(foresee, profile, made, known, findings)
        if not profile.groups.provision or made.population.groups is None:
            return found
        async with self.connect(profile, token) as connection:
            foretold = await foretell_groups(
                profile,
                found.foretold,
                made.population.groups,
                connection.scim.groups,
                self.clock(),
            )
        return replace(found, foretold=foretold)

    async def _known_to_entra(self, profile: Profile) -> tuple[dict[str, str], tuple[Reason, ...]]:
        """Return whom the service provisioned before, and why that could not be read."""
        if not profile.cloud.job_id:
            return {}, ()
        try:
            async with self.job_client(profile, Purpose.WATCHING) as client:
                return await watching.known_to(client, profile), ()
        except Cancelled:
            raise
        except SparkWizardError as error:
            text = f"Whom Entra's service provisioned before could not be read. {error.message}"
            return {}, (Reason("known-unread", text),)

    def keep_foretold(self, profile: Profile, foretold: Foretold) -> None:
        """Keep what the first cycle is to be compared with.

        Call it before provisioning is switched on: the first cycle begins at once.
        """
        self.journal.keep_foretold(profile.id, write_foretold(foretold))

    # -- single writes --------------------------------------------------------------------------

    async def switch_cloud(self, profile: Profile, *, on: bool) -> Watch:
        """Switch provisioning on or off, and return how the job stands."""
        async with self._writers(profile) as writers:
            await single_writes.switch(writers, profile, on=on)
            return await watching.watch(writers.client, profile, self.journal, self.clock())

    async def restart_cloud(self, profile: Profile, kind: RestartKind) -> Watch:
        """Restart the job, and return how it stands."""
        async with self._writers(profile) as writers:
            await single_writes.restart(writers, profile, kind)
            return await watching.watch(writers.client, profile, self.journal, self.clock())

    async def provision_on_demand(self, profile: Profile, person: str) -> OnDemandResult:
        """Let the job provision one person at once, and return its steps."""
        async with self._writers(profile) as writers:
            return await single_writes.on_demand(writers, profile, person)

    async def restore_schema(self, profile: Profile, number: int) -> int:
        """Put a kept schema back; return the number of the one that was there."""
        async with self._writers(profile) as writers:
            return await single_writes.restore_schema(writers, profile, number)

    async def renew_entra_token(self, profile: Profile, token: str) -> None:
        """Give Entra a new Secret Token, tested first. Other settings stay."""
        async with self._writers(profile, token) as writers:
            await single_writes.renew(writers, profile)

    def saved_schemas(self, profile: Profile) -> list[SavedSchema]:
        """Return the schemas that were kept before they were replaced, newest first."""
        return self.journal.saved_schemas(profile.id)

    @asynccontextmanager
    async def _writers(self, profile: Profile, token: str = "") -> AsyncIterator[Writers]:
        register_secret(token)
        with organization_lock(self.places, profile.webex.organization_id):
            async with self.job_client(profile, Purpose.CLOUD_SETUP) as client:
                yield Writers(client, self.journal, profile.id, "", token)

    # -- the checklist --------------------------------------------------------------------------

    def ticks(self, profile: Profile) -> frozenset[str]:
        """Return the points of the checklist that were ticked off by hand."""
        return self.journal.ticks(profile.id)

    def tick(self, profile: Profile, item: str, *, ticked: bool) -> None:
        """Tick a point of the checklist off, or take the tick away."""
        self.journal.tick(profile.id, (item,), ticked=ticked)


def _same_setup(plan: TenantPlan, profile: Profile) -> bool:
    """Return whether a setup still says what a plan was made from; found ids don't count."""
    made = plan.desired
    now = desired_of(
        profile, token_at_hand=made.token_at_hand, new_token=made.new_token, on=made.on
    )
    if not made.application_id:  # the plan found or adds it, and it may be saved by now
        now = replace(now, application=made.application, application_id="")
    return now == made
