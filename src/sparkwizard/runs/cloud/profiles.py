"""Put what was set up at Entra into the setup. Pure."""

from datetime import date, timedelta

from sparkwizard.runs.cloud.types import CloudResult
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace

__all__ = ["TOKEN_DAYS", "with_job", "with_new_token"]

TOKEN_DAYS = 365
"""How long a Secret Token for Entra lives (facts: entra.md §1)."""


def with_job(profile: Profile, result: CloudResult, today: date) -> Profile:
    """Return the setup with the ids of its application and job.

    Where a Secret Token was given to Entra, it is taken to be of today: it ends in a year at the
    latest.
    """
    cloud = replace(profile.cloud, application_id=result.application_id, job_id=result.job_id)
    known = replace(profile, cloud=cloud)
    given = any(change.key == "setting:secret-token" for change in result.done)
    return with_new_token(known, today) if given else known


def with_new_token(profile: Profile, today: date, expires: date | None = None) -> Profile:
    """Return the setup with the day its Secret Token ends: the one told, else in a year."""
    day = expires or today + timedelta(days=TOKEN_DAYS)
    return replace(profile, cloud=replace(profile.cloud, renew_by=day.isoformat()))
