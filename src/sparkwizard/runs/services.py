"""What the wizard and the commands both work with: setups, tokens, previews, runs.

One object for one data folder. Blocking calls say so; the window runs those on a thread of its own.
"""

import asyncio
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Coroutine,
    Generator,
    Mapping,
)
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from sparkwizard.directory.csv_safe import write_csv
from sparkwizard.directory.sources import open_source
from sparkwizard.directory.types import OnReadProgress
from sparkwizard.errors import (
    Cancelled,
    Forbidden,
    InputError,
    NotFound,
    SparkWizardError,
    StorageError,
)
from sparkwizard.net.client import Http
from sparkwizard.net.proxy import origin_of
from sparkwizard.provisioning.explain import Explanation, explain_person, explain_without_webex
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.planning import Rules
from sparkwizard.provisioning.preflight import (
    FIX_LIST_HEADER,
    PreflightReport,
    fix_list,
    preflight_in_slices,
)
from sparkwizard.provisioning.types import Link, Population, UsersRead
from sparkwizard.runs import guards
from sparkwizard.runs.apply import apply
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.lock import organization_lock
from sparkwizard.runs.naming import with_organization
from sparkwizard.runs.notify import Notifier
from sparkwizard.runs.papers import packed_papers
from sparkwizard.runs.preview import preview, rules_of, situation_of
from sparkwizard.runs.reports import render
from sparkwizard.runs.side_by_side import beside
from sparkwizard.runs.types import ApplyEvent, Begun, Preview, RunRecord
from sparkwizard.runs.undo import check_not_paused, plan_undo, run_to_undo
from sparkwizard.setup.places import Places, private_folder
from sparkwizard.setup.profile import Profile, SourceSettings
from sparkwizard.setup.secrets import (
    SecretName,
    SecretStore,
    StoredSecret,
    keyring_locked,
    resolve_webex_token,
)
from sparkwizard.setup.store import (
    LoadedProfile,
    ProfileEntry,
    list_profiles,
    load_profile,
    save_profile,
)
from sparkwizard.webex.diagnosis import diagnose
from sparkwizard.webex.identity import identify
from sparkwizard.webex.licences import read_licences
from sparkwizard.webex.pasted_token import clean_token
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.tenant import TenantUrl
from sparkwizard.webex.types import Identity, Layer, Licences

__all__ = ["Connection", "Services", "api_url_of", "origins_of"]


@dataclass(frozen=True, slots=True)
class Connection:
    """Hold an open connection to one organization; ``identity`` None where it is not asked.

    ``licences`` reads those of the organization; None where nobody can be asked.
    """

    scim: ScimClient
    identity: Identity | None
    licences: Callable[[], Coroutine[None, None, Licences]] | None = None


def api_url_of(profile: Profile) -> str:
    """Return where people and tokens are asked about, empty where nobody is (design §6)."""
    return profile.webex.api_url or TenantUrl.parse(profile.webex.tenant_url).default_api_url


def origins_of(profile: Profile) -> frozenset[str]:
    """Return the origins that a token of this setup may be sent to."""
    urls = (profile.webex.tenant_url, api_url_of(profile))
    return frozenset(origin_of(url) for url in urls if url)


class Services:
    """Serve one data folder. ``environ`` may hold SPARKWIZARD_TOKEN; ``clock`` knows its zone."""

    def __init__(
        self,
        *,
        places: Places,
        secrets: SecretStore,
        environ: Mapping[str, str],
        clock: Callable[[], datetime],
    ) -> None:
        self.places = places
        self.secrets = secrets
        self.clock = clock
        self.notifier = Notifier(secrets, environ, clock)
        self._environ = environ
        self._journal: Journal | None = None

    @property
    def journal(self) -> Journal:
        """Return the journal, opened at the first use. Raises StorageError."""
        if self._journal is None:
            private_folder(self.places.data_dir)
            self._journal = Journal(self.places.journal_path, self.clock)
        return self._journal

    def close(self) -> None:
        """Close the journal."""
        if self._journal:
            self._journal.close()
            self._journal = None

    # -- setups ---------------------------------------------------------------------------------

    def load(self, ref: str) -> LoadedProfile:
        """Read a saved setup by name or path, its organization as a UUID. Raises ProfileError."""
        loaded = load_profile(ref, self.places)
        return replace(loaded, profile=with_organization(loaded.profile))

    def save(self, profile: Profile) -> Path:
        """Write a setup to the profiles of this data folder, return where. Raises StorageError."""
        return save_profile(profile, self.places)

    def save_again(self, profile: Profile, file: str, before: str) -> Path:
        """Write a setup back to the ``file`` it was opened from, return where.

        Without one that is the file of the setup that was called ``before``; a new setup goes to
        the profiles of this data folder. A file that holds another setup by now is left alone.
        Raises ProfileError and StorageError.
        """
        if file and before and load_profile(file, self.places).profile.name == before:
            return save_profile(profile, self.places, Path(file))
        same = [entry.path for entry in self.saved() if before and entry.name == before]
        return save_profile(profile, self.places, same[0] if len(same) == 1 else None)

    def saved(self) -> tuple[ProfileEntry, ...]:
        """Return the saved setups."""
        return list_profiles(self.places)

    # -- tokens ---------------------------------------------------------------------------------

    def token_for(self, profile: Profile) -> str:
        """Return the Webex token for a setup: from the environment, else the keyring. Blocking.

        Raises InputError where there is none, NotSent where it was not confirmed for every origin
        of the setup, StorageError.
        """
        return self._token(self._environ, profile)

    def kept_token(self, profile: Profile) -> str:
        """Return the saved Webex token of a setup, never that of the environment. Blocking.

        For looks that nobody asked for: a locked keyring is not asked to open. Raises as
        ``token_for`` does.
        """
        if self.secrets.durable and keyring_locked():
            raise StorageError("The keyring is locked.", fix="Unlock it.", code="keyring-locked")
        return self._token({}, profile)

    def _token(self, environ: Mapping[str, str], profile: Profile) -> str:
        organization = profile.webex.organization_id
        tokens = {
            resolve_webex_token(environ, self.secrets, organization, origin)
            for origin in origins_of(profile)
        }
        return _cleaned(tokens.pop())

    def keep_token(self, profile: Profile, token: str) -> None:
        """Save the token to the keyring for this setup's origins and read it back. Blocking.

        Raises StorageError where there is no keyring or it did not keep the token.
        """
        secret = StoredSecret(token, tuple(sorted(origins_of(profile))))
        organization = profile.webex.organization_id
        self.secrets.save(organization, SecretName.WEBEX, secret)

    async def identify(self, token: str, api_url: str) -> Identity:
        """Ask Webex whose token this is. Raises NotAuthorized, NetError."""
        async with Http(token=token, origins=(origin_of(api_url),)) as http:
            return await identify(http, api_url, token, self.clock())

    # -- connections ----------------------------------------------------------------------------

    async def diagnose(
        self, profile: Profile, token: str, on_layer: Callable[[Layer], None] | None = None
    ) -> tuple[Layer, ...]:
        """Test the connection layer by layer, without one write."""
        return await diagnose(
            tenant_url=profile.webex.tenant_url,
            token=token,
            api_url=profile.webex.api_url,
            on_layer=on_layer,
        )

    @asynccontextmanager
    async def connect(
        self, profile: Profile, token: str, *, control: RunControl | None = None
    ) -> AsyncIterator[Connection]:
        """Open a connection for reading and writing users."""
        tenant = TenantUrl.parse(profile.webex.tenant_url)
        guards.check_organization(profile, tenant)
        api_url = api_url_of(profile)
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(
                Http(
                    token=token,
                    origins=origins_of(profile),
                    sleep=control.sleep if control else asyncio.sleep,
                    on_wait=control.tell_wait if control else None,
                )
            )
            identity = await self._operator(http, api_url, token) if api_url else None
            guards.check_identity(profile, identity)
            scim = ScimClient(http, tenant.scim_base, is_webex=tenant.is_webex)
            licences = partial(read_licences, http, api_url) if api_url else None
            yield Connection(scim, identity, licences)

    async def _operator(self, http: Http, api_url: str, token: str) -> Identity | None:
        """Return the token's owner; a service app has none and may not ask (facts/webex.md, 1)."""
        try:
            return await identify(http, api_url, token, self.clock())
        except (Forbidden, NotFound):
            return None

    # -- people, plans, runs --------------------------------------------------------------------

    async def read_people(
        self,
        source: SourceSettings,
        base_dir: Path,
        on_progress: OnReadProgress | None = None,
    ) -> Population:
        """Read everybody of a source. Raises SourceError."""
        return await open_source(source, base_dir).read(on_progress)

    async def preview(
        self,
        profile: Profile,
        base_dir: Path,
        token: str,
        *,
        source_confirmed: bool = False,
        on_people: OnReadProgress | None = None,
        on_users: Callable[[int, int | None], None] | None = None,
    ) -> Preview:
        """Make a plan for a setup; nothing is written to Webex."""
        source = open_source(profile.source, base_dir)
        async with (
            self.connect(profile, token) as connection,
            beside(connection.licences) as licences,
        ):
            made = await preview(
                profile,
                source,
                connection.scim,
                self.journal,
                identity=connection.identity,
                now=self.clock(),
                source_confirmed=source_confirmed,
                on_people=on_people,
                on_users=on_users,
            )
            return replace(made, licences=await licences)

    def rules_and_links(self, profile: Profile) -> tuple[Rules, Mapping[str, Link]]:
        """Compile what a setup asks for, and return the links that earlier runs made.

        Raises MappingError and ScopeError. Without a journal nobody is managed.
        """
        rules = rules_of(profile)
        try:
            links = self.journal.links(profile.id, profile.webex.organization_id)
        except StorageError:
            links = {}
        return rules, links

    def preflight(
        self, profile: Profile, population: Population, users: UsersRead | None
    ) -> Generator[float, None, PreflightReport]:
        """Look over everybody before any plan, in slices that tell how far it is.

        ``users`` None leaves Webex out of it. Raises MappingError and ScopeError at once.
        """
        rules, links = self.rules_and_links(profile)
        return preflight_in_slices(rules, population, users, links, now=self.clock())

    def export_preflight(self, report: PreflightReport, path: Path) -> None:
        """Write the fix list of a pre-flight as CSV. Blocking. Raises StorageError."""
        write_csv(path, FIX_LIST_HEADER, fix_list(report))

    async def explain(
        self, profile: Profile, base_dir: Path, asked: str, token: str = ""
    ) -> tuple[Explanation, SparkWizardError | None]:
        """Explain one person step by step, without one write, not even to the journal.

        Without a ``token`` the saved one is used. Where Webex can't be read the explanation ends
        with the scope, and the error says why. Raises MappingError, ScopeError and SourceError, and
        InputError where nobody, or more than one person, is called so.
        """
        rules = rules_of(profile)
        population = await self.read_people(profile.source, base_dir)
        try:
            async with self.connect(profile, token or self.token_for(profile)) as connection:
                users = await connection.scim.list_users()
        except Cancelled:
            raise
        except SparkWizardError as error:
            steps = await asyncio.to_thread(explain_without_webex, rules, population, asked)
            return steps, error
        situation = situation_of(
            profile,
            population,
            users,
            self.journal,
            identity=connection.identity,
            now=self.clock(),
        )
        return await asyncio.to_thread(explain_person, rules, situation, asked), None

    async def apply(
        self,
        plan: Plan,
        profile: Profile,
        token: str,
        *,
        control: RunControl,
        plan_hash: str = "",
        only: frozenset[str] | None = None,
    ) -> AsyncGenerator[ApplyEvent]:
        """Carry out exactly this plan, alone in its organization.

        Raises SafeguardStop before anything is written where the plan does not fit this setup, was
        not made here or would take the access of whoever applies it, and StorageError where
        another run holds the organization. Closing the generator cancels the run.
        """
        guards.check_plan(plan, profile, self.journal, plan_hash=plan_hash)
        late = guards.check_age(plan, profile, self.clock(), self.journal)
        papers = await asyncio.to_thread(packed_papers, profile, plan)
        with organization_lock(self.places, plan.organization_id):
            async with self.connect(profile, token, control=control) as connection:
                guards.check_operator(plan, connection.identity)
                events = apply(
                    plan,
                    scim=connection.scim,
                    journal=self.journal,
                    control=control,
                    clock=self.clock,
                    only=only,
                    late=late,
                )
                # closed before the lock and the connection: who stops listening stops the run
                async with aclosing(events):
                    async for event in events:
                        if isinstance(event, Begun):
                            self.journal.keep_papers(event.run_id, papers)
                        yield event

    async def undo(
        self, profile: Profile, run_id: int, token: str, *, confirm_removals: bool = False
    ) -> Preview:
        """Make the plan that is the inverse of a run; nothing is written to Webex.

        ``confirm_removals`` lifts the limit on removals. Raises InputError where the run is none of
        this setup, StorageError while it goes on.
        """
        run = run_to_undo(self.journal, self.places, profile, run_id)
        async with self.connect(profile, token) as connection:
            return await plan_undo(
                profile,
                run,
                connection.scim,
                self.journal,
                identity=connection.identity,
                now=self.clock(),
                confirm_removals=confirm_removals,
            )

    def check_not_paused(self, profile: Profile) -> None:
        """Refuse to sync after an undo until it is released. Raises SafeguardStop."""
        check_not_paused(self.journal, profile)

    def release_sync(self, profile: Profile) -> None:
        """Let sync go on after an undo."""
        self.journal.release_sync(profile.id, profile.webex.organization_id)

    def runs(self, profile: Profile | None = None) -> list[RunRecord]:
        """Return what was run, newest first."""
        return self.journal.runs(profile.id if profile else None)

    def report(self, run_id: int, form: str) -> bytes:
        """Return one run as ``html``, ``csv`` or ``json``. Raises InputError for no such run."""
        return render(self.journal, run_id, form)


def _cleaned(token: str) -> str:
    """Return the token without ``Bearer`` and quotes; what looks like none is tried as it is.

    Other SCIM servers hand out tokens of any form.
    """
    try:
        return clean_token(token).token
    except InputError:
        return token
