"""When a failed entry is tried again, and when a setup slows down: as Entra does."""

from datetime import UTC, datetime, timedelta

import pytest

from sparkwizard.errors import (
    Forbidden,
    NotAuthorized,
    RemoteError,
    SourceError,
    SparkWizardError,
    StorageError,
    UnexpectedAnswer,
    Unreachable,
)
from sparkwizard.provisioning.types import Reason
from sparkwizard.runs.cycles.escrow import next_try
from sparkwizard.runs.cycles.quarantine import after_entries, after_error, entered, refusal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REASON = Reason("quarantine-credentials", "The token is not valid.")


def tries() -> list[float]:
    """Return the hours after the first failure at which an entry is tried, failing each time."""
    hours, due = [], next_try(NOW, NOW)
    while due is not None:
        hours.append((due - NOW) / timedelta(hours=1))
        due = next_try(NOW, due)
    return hours


def test_an_entry_is_tried_after_6_12_and_24_hours_then_daily_for_28_days() -> None:
    assert tries() == [6, 12, 24, *(24 * day for day in range(2, 29))]


def test_a_try_that_comes_late_is_followed_by_the_next_that_is_still_to_come() -> None:
    assert next_try(NOW, NOW + timedelta(hours=30)) == NOW + timedelta(hours=48)


def test_after_28_days_an_entry_is_tried_no_more() -> None:
    assert next_try(NOW, NOW + timedelta(days=28)) is None


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotAuthorized("No."), "quarantine-credentials"),
        (Forbidden("No."), "quarantine-credentials"),
        (UnexpectedAnswer("A web page."), "quarantine-target"),
        (SourceError("No file."), "quarantine-source"),
    ],
)
def test_what_is_wrong_as_a_whole_is_quarantined_at_once(
    error: SparkWizardError, code: str
) -> None:
    reason = after_error(error)
    assert reason is not None
    assert reason.code == code


@pytest.mark.parametrize(
    "error",
    [Unreachable("Offline."), RemoteError("Busy.", status=503), StorageError("The disk is full.")],
)
def test_a_bad_hour_is_no_reason_for_quarantine(error: SparkWizardError) -> None:
    assert after_error(error) is None


@pytest.mark.parametrize(
    ("failed", "references", "total", "quarantined"),
    [
        (4_999, 0, 5_000, False),
        (5_000, 0, 12_500, False),
        (5_001, 0, 12_500, True),
        (40_000, 0, 1_000_000, False),
        (40_001, 0, 1_000_000, True),
        (100, 59_899, 1_000_000, False),
        (100, 59_900, 1_000_000, True),
    ],
)
def test_failed_entries_count_from_5000_on(
    failed: int, references: int, total: int, quarantined: bool
) -> None:
    assert bool(after_entries(failed, references, total)) is quarantined


def test_cycles_come_once_a_day_in_quarantine() -> None:
    quarantine = entered(REASON, None, NOW)
    stop = refusal(quarantine, NOW + timedelta(hours=23))
    assert stop is not None
    assert (stop.code, stop.exit_code) == ("quarantined", 3)
    assert "The token is not valid." in stop.message
    assert refusal(quarantine, NOW + timedelta(hours=24)) is None


def test_after_four_weeks_in_quarantine_no_cycle_begins_by_itself() -> None:
    quarantine = entered(REASON, None, NOW)
    for day in range(1, 29):
        quarantine = entered(REASON, quarantine, NOW + timedelta(days=day))
    stop = refusal(quarantine, NOW + timedelta(days=29, hours=1))
    assert stop is not None
    assert stop.code == "quarantine-disabled"
    assert quarantine.since == NOW
