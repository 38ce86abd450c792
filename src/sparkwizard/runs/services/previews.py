"""What reads and decides and writes nothing: previews, looks over everybody, explanations."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from functools import partial
from pathlib import Path

from sparkwizard.directory.csv_safe import write_csv
from sparkwizard.directory.entra_users import (
    Look,
    Wanted,
    every_group,
    look,
    wanted_of,
    whose_name,
)
from sparkwizard.directory.sources import open_source
from sparkwizard.directory.types import GroupName, OnReadProgress, PeopleSource
from sparkwizard.entra.types import Purpose
from sparkwizard.errors import Cancelled, InputError, SparkWizardError, StorageError
from sparkwizard.provisioning.explain import Explanation, explain_person, explain_without_webex
from sparkwizard.provisioning.planning.planner import Rules
from sparkwizard.provisioning.preflight import (
    FIX_LIST_HEADER,
    PreflightReport,
    fix_list,
    preflight_in_slices,
)
from sparkwizard.provisioning.source.finding_people import find_person
from sparkwizard.provisioning.types import Link, Population, UsersRead
from sparkwizard.runs.preview import preview, rules_of, situation_of
from sparkwizard.runs.services.connections import Connections
from sparkwizard.runs.services.sign_ins import SignIns
from sparkwizard.runs.side_by_side import beside
from sparkwizard.runs.types import Preview
from sparkwizard.setup.profile import Profile, SourceSettings
from sparkwizard.values import replace

__all__ = ["Previews"]


class Previews(Connections, SignIns):
    """Read both sides and tell what would happen."""

    async def read_people(
        self,
        source: SourceSettings,
        base_dir: Path,
        on_progress: OnReadProgress | None = None,
        *,
        profile: Profile | None = None,
        usual: bool = False,
    ) -> Population:
        """Read everybody of a source.

        A directory is asked for what the rules and the scope of ``profile`` need, and for what
        people like to look at where ``usual`` says so, or where there is no profile. Raises
        SourceError, and what a sign-in and Graph raise.
        """
        wanted = wanted_of(profile, usual=usual) if profile else None
        return await self.source_of(source, base_dir, wanted).read(on_progress)

    async def look_at_source(self, profile: Profile) -> Look | None:
        """Look whether people can be read from a directory; None for a file.

        Raises what a sign-in and Graph raise.
        """
        if profile.source.kind != "entra":
            return None
        wanted = wanted_of(profile)
        async with self.graph(profile.source, wanted.purposes) as graph:
            return await look(graph, wanted)

    async def list_groups(self, source: SourceSettings) -> tuple[GroupName, ...]:
        """Return the groups that people can be assigned by, in the order of their names.

        Raises NotAuthorized where nobody signed in, Forbidden where groups may not be read.
        """
        async with self.graph(source, (Purpose.GROUPS,)) as graph:
            groups = await every_group(graph)
        names = (GroupName(group.id, group.name) for group in groups)
        return tuple(sorted(names, key=lambda group: (group.name.casefold(), group.id)))

    async def _refuse_unassigned(self, profile: Profile, asked: str) -> None:
        """Say of somebody who is in the directory that they are not assigned. Raises InputError."""
        if profile.source.kind != "entra" or profile.scope.people != "assigned":
            return
        async with self.graph(profile.source, (Purpose.PEOPLE,)) as graph:
            name = await whose_name(graph, asked)
        if name:
            raise InputError(
                f"{name} is in Microsoft Entra ID but not assigned, so this setup leaves them out.",
                fix="Assign them in Entra, or put them into one of the assigned groups themselves: "
                "being in a group inside it does not count.",
                code="not-assigned",
            )

    def source_of(
        self, source: SourceSettings, base_dir: Path, wanted: Wanted | None
    ) -> PeopleSource:
        """Return where people come from; a directory is asked for what is wanted."""
        open_graph = partial(self.graph, source)
        return open_source(source, base_dir, wanted=wanted, open_graph=open_graph)

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
        source = self.source_of(profile.source, base_dir, wanted_of(profile))
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

    def rules(self, profile: Profile) -> Rules:
        """Compile what a setup asks for. Raises MappingError and ScopeError."""
        return rules_of(profile)

    def known_links(self, profile: Profile) -> Mapping[str, Link]:
        """Return the links that earlier runs made; slow for many, for any thread.

        Without a journal nobody is managed.
        """
        try:
            return self.journal.links(profile.id, profile.webex.organization_id)
        except StorageError:
            return {}

    def preflight(
        self, profile: Profile, population: Population, users: UsersRead | None
    ) -> Generator[float, None, PreflightReport]:
        """Look over everybody before any plan, in slices that tell how far it is.

        To begin reads the links, and is slow where they are many: any thread may begin.
        ``users`` None leaves Webex out of it. Raises MappingError and ScopeError at once.
        """
        rules, links = self.rules(profile), self.known_links(profile)
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
        population = await self.read_people(profile.source, base_dir, profile=profile)
        if find_person(population.people, asked) is None:
            await self._refuse_unassigned(profile, asked)
        try:
            async with self.connect(profile, token or self.token_for(profile)) as connection:
                users = await connection.scim.list_users()
        except Cancelled:
            raise
        except SparkWizardError as error:
            steps = await asyncio.to_thread(explain_without_webex, rules, population, asked)
            return steps, error
        situation = await asyncio.to_thread(
            situation_of,
            profile,
            population,
            users,
            self.journal,
            identity=connection.identity,
            now=self.clock(),
        )
        return await asyncio.to_thread(explain_person, rules, situation, asked), None
