"""When a setup as a whole goes into quarantine, and what that means (facts/entra.md, section 4).

Credentials, faults of the protocol and a source that can't be read do so at once; failed entries do
from 5,000 on where they are more than 40 % or more than 40,000, and in any case from 60,000 on.
Cycles then come once a day; after four weeks they stop until somebody asks for one.
"""

from datetime import datetime, timedelta

from sparkwizard.errors import (
    Forbidden,
    NotAuthorized,
    NotFound,
    SafeguardStop,
    SourceError,
    SparkWizardError,
    UnexpectedAnswer,
)
from sparkwizard.provisioning.types import Reason
from sparkwizard.runs.cycles.types import Quarantine

__all__ = [
    "CREDENTIALS",
    "DISABLED_AFTER",
    "FAILURES",
    "SOURCE",
    "after_entries",
    "after_error",
    "entered",
    "is_over",
    "refusal",
]

EVALUATED_FROM = 5_000
MOST = 40_000
MOST_OF_ALL = 60_000
PERCENT = 40
EACH = timedelta(days=1)
DISABLED_AFTER = timedelta(weeks=4)

CREDENTIALS = "quarantine-credentials"
TARGET = "quarantine-target"
SOURCE = "quarantine-source"
FAILURES = "quarantine-failures"


def after_error(error: SparkWizardError) -> Reason | None:
    """Return why an error that ended a cycle puts its setup in quarantine, None where it doesn't.

    A network that is away, a busy server or a full disk is no fault of the setup: the next cycle
    comes in its time.
    """
    if isinstance(error, NotAuthorized | Forbidden) or error.code == "token-organization":
        return Reason(CREDENTIALS, str(error))
    if isinstance(error, NotFound | UnexpectedAnswer):
        return Reason(TARGET, str(error))
    if isinstance(error, SourceError):
        return Reason(SOURCE, str(error))
    return None


def after_entries(failed: int, references: int, total: int) -> Reason | None:
    """Return why so many failed entries put a setup in quarantine, None where they don't.

    ``references`` are those of managers and members, which count only towards the last limit.
    ``total`` are all entries.
    """
    many = failed > MOST or failed * 100 > total * PERCENT
    if (failed >= EVALUATED_FROM and many) or failed + references >= MOST_OF_ALL:
        return Reason(
            FAILURES,
            f"{failed + references:,} of {total:,} entries failed."
            " See the reasons of the last run, and mend what they have in common.",
        )
    return None


def entered(reason: Reason, before: Quarantine | None, now: datetime) -> Quarantine:
    """Return the quarantine after another cycle that went wrong as a whole."""
    since = before.since if before else now
    return Quarantine(reason, since, now, now + EACH)


def is_over(quarantine: Quarantine, now: datetime) -> bool:
    """Return whether a setup was in quarantine for so long that it is no longer tried."""
    return now - quarantine.since >= DISABLED_AFTER


def refusal(quarantine: Quarantine, now: datetime) -> SafeguardStop | None:
    """Return why no cycle begins now, None where one is due."""
    at_once = (
        "Mend the cause, and then try at once with “sparkwizard sync --full”, or go on with"
        " “sparkwizard sync --release”."
    )
    if is_over(quarantine, now):
        return SafeguardStop(
            f"This setup has been in quarantine since {_day(quarantine.since)}, for more than four"
            f" weeks, so it is no longer tried. {quarantine.reason.text} Nothing was written.",
            fix=at_once,
            code="quarantine-disabled",
        )
    set_back = quarantine.last_try_at > now  # the clock, since then: nobody waits for its day
    if now < quarantine.next_try_at and not set_back:
        return SafeguardStop(
            f"This setup is in quarantine since {_day(quarantine.since)} and is tried once a day;"
            f" the next time is {quarantine.next_try_at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}."
            f" {quarantine.reason.text} Nothing was written.",
            fix=at_once,
            code="quarantined",
        )
    return None


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
