"""Which engine runs a setup: how Entra's job stands, for whoever writes from this computer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from sparkwizard.entra.types import Purpose
from sparkwizard.errors import SparkWizardError
from sparkwizard.runs.cloud.engines import check_other_engine
from sparkwizard.runs.cloud.types import KnownJob, Watch
from sparkwizard.runs.services.sign_ins import SignIns
from sparkwizard.setup.profile import Profile

if TYPE_CHECKING:
    from sparkwizard.entra.provisioning_job.client import JobClient

__all__ = ["Engines"]

_PATIENCE = 15.0


class Engines(SignIns):
    """Ask how Entra's job of a setup stands, and refuse to write while it is on.

    What speaks with Entra's job is imported once a setup has one: nearly no command needs it.
    """

    @asynccontextmanager
    async def job_client(self, profile: Profile, purpose: Purpose) -> "AsyncIterator[JobClient]":
        """Open a connection to the setup's Graph. Raises NotAuthorized where nobody signed in."""
        from sparkwizard.entra.provisioning_job.client import JobClient  # noqa: PLC0415

        async with self.graph(profile.source, (purpose,)) as graph:
            yield JobClient(graph)

    async def watch_cloud(self, profile: Profile) -> Watch:
        """Read how the job stands. Raises InputError where none is set up, NotFound where gone."""
        from sparkwizard.runs.cloud import watching  # noqa: PLC0415

        async with self.job_client(profile, Purpose.WATCHING) as client:
            return await watching.watch(client, profile, self.journal, self.clock())

    def known_job(self, profile: Profile) -> KnownJob | None:
        """Return how the job stood when it was last seen; nobody is asked."""
        return self.journal.known_job(profile.id, profile.webex.organization_id)

    async def refuse_other_engine(self, profile: Profile) -> None:
        """Refuse to write while Entra's own service runs this setup. Raises SafeguardStop.

        Entra is asked where the setup names its job and somebody is signed in; else, and where no
        answer comes soon, what was seen last counts.
        """
        if profile.cloud.job_id:
            with suppress(SparkWizardError, TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await self.watch_cloud(profile)
        self.check_other_engine(profile)

    def check_other_engine(self, profile: Profile) -> None:
        """Refuse as ``refuse_other_engine`` does, by what was seen last; nobody is asked."""
        check_other_engine(self.journal, profile)
