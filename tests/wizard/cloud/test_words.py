"""How Entra's service stands, in words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sparkwizard.entra.provisioning_job.job_types import (
    Execution,
    JobStatus,
    LogEntry,
    Progress,
    Quarantine,
    RestartKind,
)
from sparkwizard.entra.provisioning_job.remedies import QUARANTINE, RESTARTS
from sparkwizard.entra.provisioning_job.types import Application, Step
from sparkwizard.runs.cloud.types import Watch
from sparkwizard.wizard.cloud.words import (
    STEP_TITLES,
    entry_words,
    notices,
    status_words,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
APPLICATION = Application("a", "b", "Cisco Webex")


def watch(status: JobStatus, renew_in: int | None = None) -> Watch:
    return Watch(APPLICATION, "j", status, renew_in)


def entry(**values: Any) -> LogEntry:
    known: dict[str, Any] = {
        "id": "1", "at": NOON, "job_id": "j", "cycle_id": "c", "change_id": "x",
        "action": "create", "status": "success", "source_id": "s", "source_name": "Adele",
        "source_type": "User",
    }  # fmt: skip
    return LogEntry(**{**known, **values})


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (JobStatus("NotRun", "Disabled"), "Off. Nobody is provisioned by Entra."),
        (JobStatus("Active", "Active"), "On. The first cycle has not ended yet."),
        (
            JobStatus("Active", "Active", last=Execution("Succeeded", NOON, NOON, escrowed=2)),
            "On. The last cycle ended today at 12:00, 2 people failed.",
        ),
        (
            JobStatus("Active", "Active", progress=(Progress("x", 1, 2),)),
            "A cycle is running.",
        ),
        (
            JobStatus("Quarantine", "Active", quarantine=Quarantine("TooManyDeletes")),
            "In quarantine: Entra tries once a day only.",
        ),
    ],
)
def test_the_status_is_one_line(status: JobStatus, words: str) -> None:
    assert status_words(status, NOON) == words


@pytest.mark.parametrize("reason", sorted(QUARANTINE))
def test_each_quarantine_says_what_it_means_and_what_to_do(reason: str) -> None:
    (notice,) = notices(watch(JobStatus("Quarantine", "Active", quarantine=Quarantine(reason))))
    assert notice.tone == "danger"
    assert notice.restart is not None
    assert notice.fix.endswith(".")


def test_too_many_deletes_are_allowed_by_the_restart_that_does_so() -> None:
    status = JobStatus("Quarantine", "Active", quarantine=Quarantine("TooManyDeletes"))
    assert notices(watch(status))[0].restart is RestartKind.ALLOW_DELETES


@pytest.mark.parametrize(
    ("days", "tone"), [(31, None), (30, "warning"), (1, "warning"), (-1, "danger"), (None, None)]
)
def test_the_end_of_the_secret_token_is_told_a_month_before(
    days: int | None, tone: str | None
) -> None:
    found = notices(watch(JobStatus("Active", "Active"), days))
    assert [notice.tone for notice in found] == ([tone] if tone else [])


def test_progress_is_between_nothing_and_all() -> None:
    status = JobStatus("Active", "Active", progress=(Progress("a", 1, 3), Progress("b", 0, 0)))
    assert watch(status).progress == pytest.approx(1 / 3)
    assert watch(JobStatus("Active", "Active")).progress is None


def test_a_log_entry_says_what_became_of_somebody() -> None:
    assert entry_words(entry()) == "Adele was created."
    failed = entry(status="failure", error_code="EntryConflict")
    assert entry_words(failed).startswith("Adele failed. Somebody in Webex has this name")
    assert entry_words(entry(status="skipped")).startswith("Adele was left out.")
    agreed = entry(status="skipped", error_code="RedundantExport")
    assert entry_words(agreed).startswith("Adele needs no change.")


def test_every_step_and_every_restart_has_words() -> None:
    assert set(STEP_TITLES) == set(Step)
    assert set(RESTARTS) == set(RestartKind)
