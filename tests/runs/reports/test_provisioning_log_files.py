"""The provisioning logs as files."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sparkwizard.entra.provisioning_job.job_types import LogEntry
from sparkwizard.errors import InputError
from sparkwizard.runs.reports.provisioning_log import LOG_HEADER, log_row, write_log

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ENTRY = LogEntry("1", NOON, "job", "cycle", "change", "create", "success", "a", "=Adele", "User")


def test_a_row_has_a_cell_for_each_column() -> None:
    assert len(log_row(ENTRY)) == len(LOG_HEADER)


def test_the_ending_of_the_name_chooses_the_form(tmp_path: Path) -> None:
    write_log(tmp_path / "log.CSV", [ENTRY])
    rows = list(csv.reader(io.StringIO((tmp_path / "log.CSV").read_text("utf-8-sig"))))
    assert [rows[0][1], rows[1][1]] == ["person", "'=Adele"]
    write_log(tmp_path / "log.json", [ENTRY])
    (one,) = json.loads((tmp_path / "log.json").read_text("utf-8"))
    assert (one["person"], one["at"]) == ("=Adele", "2026-11-23T12:00:00+00:00")


def test_another_ending_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"neither a \.csv nor a \.json"):
        write_log(tmp_path / "log.txt", [ENTRY])
    assert not list(tmp_path.iterdir())
