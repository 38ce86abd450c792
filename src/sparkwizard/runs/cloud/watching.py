"""Look how the job of a setup stands, what it did for whom, and whether that was foretold."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import date, datetime, timedelta

from sparkwizard.entra.provisioning_job.client import JobClient
from sparkwizard.entra.provisioning_job.desired import desired_of
from sparkwizard.entra.provisioning_job.log_filter import LogFilter
from sparkwizard.entra.provisioning_job.planning.comparing import schema_differences
from sparkwizard.entra.provisioning_job.reading import find_application, find_job
from sparkwizard.entra.provisioning_job.types import Application, Job
from sparkwizard.errors import InputError, NotFound
from sparkwizard.provisioning.by_entra import Foretold
from sparkwizard.runs.cloud.foretelling import (
    provisioned_before,
    read_foretold,
    write_foretold,
)
from sparkwizard.runs.cloud.foretold import compare
from sparkwizard.runs.cloud.types import HandOff, LogsRead, Watch
from sparkwizard.runs.journal import Journal
from sparkwizard.setup.profile import Profile

__all__ = ["MOST_ENTRIES", "days_to_renew", "find", "hand_off", "known_to", "read_logs", "watch"]

MOST_ENTRIES = 50_000
"""What is read of the logs at once; the newest come first."""


async def find(client: JobClient, profile: Profile) -> tuple[Application, Job]:
    """Return the application and the job of a setup.

    Raises InputError where there is none yet, NotFound where they are gone.
    """
    state = await find_application(client, desired_of(profile))
    application = state.application
    if application is None and profile.cloud.application_id:
        raise NotFound(
            "The application of this setup is not in the directory any more.",
            fix="Restore it in the Entra admin centre within 30 days, or set it up anew.",
            code="application-gone",
        )
    job = await find_job(client, application.id, profile.cloud.job_id) if application else None
    if application is None or job is None:
        raise InputError(
            "Entra's provisioning service is not set up for this setup yet.",
            fix="Let Entra be set up first: “cloud plan” shows what would be changed.",
            code="cloud-not-set-up",
        )
    return application, job


async def watch(client: JobClient, profile: Profile, journal: Journal, now: datetime) -> Watch:
    """Read how the job stands, and remember whether it is on. Raises as ``find`` does."""
    organization = profile.webex.organization_id
    try:
        application, job = await find(client, profile)
    except (InputError, NotFound):
        journal.forget_job(profile.id, organization)
        raise
    journal.remember_job(profile.id, organization, application.id, job.id, on=job.status.on)
    return Watch(application, job.id, job.status, days_to_renew(profile, now))


def days_to_renew(profile: Profile, now: datetime) -> int | None:
    """Return the days the Secret Token given to Entra has left, None where nobody knows."""
    if not profile.cloud.renew_by:
        return None
    return (date.fromisoformat(profile.cloud.renew_by) - now.date()).days


async def read_logs(
    client: JobClient, job_id: str, wanted: LogFilter, most: int | None = MOST_ENTRIES
) -> LogsRead:
    """Return the entries that are wanted, of the newest ``most``."""
    found, number, complete = [], 0, True
    # Graph is asked by whole seconds, and for later ones than named
    since = wanted.since - timedelta(seconds=1) if wanted.since else None
    async with aclosing(client.log_entries(job_id, since=since)) as entries:
        async for entry in entries:
            if number == most:
                complete = False
                break
            number += 1
            if wanted.takes(entry):
                found.append(entry)
    newest_first = sorted(found, key=lambda entry: entry.at, reverse=True)
    return LogsRead(tuple(newest_first), complete)


async def known_to(client: JobClient, profile: Profile) -> dict[str, str]:
    """Return whom the job of a setup provisioned before: nobody where there is none yet."""
    try:
        _application, job = await find(client, profile)
    except InputError:
        return {}
    if job.status.last is None:
        return {}
    return provisioned_before((await read_logs(client, job.id, LogFilter())).entries)


async def hand_off(
    client: JobClient,
    profile: Profile,
    journal: Journal,
    foretell: Callable[[], Awaitable[Foretold]] | None,
    *,
    anew: bool = False,
) -> HandOff:
    """Compare the job's schema with the setup, and what it did with what was foretold.

    The first time, and with ``anew``, the next cycle is foretold, and that is kept.
    """
    application, job = await find(client, profile)
    schema = await client.schema(application.id, job.id)
    differences = tuple(schema_differences(desired_of(profile), schema))
    foretold = None if anew else read_foretold(journal.foretold(profile.id))
    if foretold is None:
        if foretell is None:
            return HandOff(differences)
        foretold = await foretell()
        journal.keep_foretold(profile.id, write_foretold(foretold))
        return HandOff(differences, foretold)
    made = foretold.created_at.replace(microsecond=0)  # what Entra writes down is that coarse
    if not _ended_since(job, made):
        return HandOff(differences, foretold)
    logs = await read_logs(client, job.id, LogFilter(since=made.astimezone()), most=None)
    groups = foretold.groups.actions if foretold.groups else ()
    return HandOff(differences, foretold, compare(foretold.actions, logs.entries, groups))


def _ended_since(job: Job, moment: datetime) -> bool:
    """Return whether a cycle that began after a moment has come to its end."""
    last = job.status.last
    return bool(last and last.began and last.ended and last.began >= moment.astimezone())
