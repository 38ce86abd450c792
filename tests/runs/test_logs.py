"""The log: its owner's only, rotated, shared by window and commands, free of secrets."""

import logging
import os
import sys
from pathlib import Path

import pytest

from sparkwizard.net.redact import forget_secrets, register_secret
from sparkwizard.runs.logs import log
from sparkwizard.runs.logs.log import log_path, log_tail, log_to
from sparkwizard.setup.places import Places

_log = logging.getLogger("sparkwizard.test")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.in_folder(tmp_path)


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "BYTES_EACH", 2_000)


def files(places: Places) -> list[Path]:
    return sorted(places.logs_dir.iterdir())


@pytest.mark.usefixtures("_small")
def test_it_rotates_and_keeps_three_files_beside_the_newest(places: Places) -> None:
    with log_to(places):
        for number in range(400):
            _log.info("line %d", number)
    assert [file.name for file in files(places)] == [
        *("sparkwizard.log", "sparkwizard.log.1", "sparkwizard.log.2", "sparkwizard.log.3")
    ]
    assert all(file.stat().st_size <= 2_000 for file in files(places))


@pytest.mark.skipif(sys.platform == "win32", reason="the user's folder keeps others out there")
@pytest.mark.usefixtures("_small")
def test_every_file_of_it_is_its_owners_only_whatever_the_umask(places: Places) -> None:
    before = os.umask(0)
    try:
        with log_to(places):
            for number in range(400):
                _log.info("line %d", number)
    finally:
        os.umask(before)
    assert {oct(file.stat().st_mode & 0o777) for file in files(places)} == {"0o600"}


def test_a_secret_does_not_reach_it_not_even_in_a_traceback(places: Places) -> None:
    register_secret("correct horse battery")
    try:
        with log_to(places):
            try:
                int("correct horse battery")
            except ValueError:
                _log.exception("with %s", "correct horse battery")
    finally:
        forget_secrets()
    assert "horse" not in log_path(places).read_text("utf-8")


def test_a_window_goes_on_in_the_new_file_after_a_command_has_rotated(places: Places) -> None:
    with log_to(places):
        _log.info("before")
        log_path(places).rename(places.logs_dir / "sparkwizard.log.1")
        _log.info("after")
    assert "after" in log_path(places).read_text("utf-8")


@pytest.mark.usefixtures("_small")
def test_its_tail_goes_back_over_rotations_and_begins_with_a_whole_line(places: Places) -> None:
    with log_to(places):
        for number in range(60):
            _log.info("line %d", number)
    tail = log_tail(places, most_bytes=3_000)
    assert "line 59" in tail.splitlines()[-1]
    assert len(tail) > 2_000
    assert tail[:2] == "20"


def test_the_tail_of_no_log_is_empty(places: Places) -> None:
    assert log_tail(places) == ""
