"""A window that crashed or was killed is told of at the next start, once."""

import subprocess
import sys
from pathlib import Path

import pytest

from sparkwizard.runs.processes.endings import earlier_endings, told_if_it_crashes
from sparkwizard.setup.places import Places

_ENDS = """
import ctypes, os, signal, sys
from pathlib import Path
from sparkwizard.runs.processes.endings import told_if_it_crashes
from sparkwizard.setup.places import Places
with told_if_it_crashes(Places.in_folder(Path(sys.argv[1]))):
    exec(sys.argv[2])
"""


def ended(folder: Path, how: str) -> int:
    command = [sys.executable, "-c", _ENDS, str(folder), how]
    return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode


def test_a_hard_crash_leaves_its_trace_for_the_next_start(tmp_path: Path) -> None:
    assert ended(tmp_path, "ctypes.string_at(0)") != 0
    places = Places.in_folder(tmp_path)
    (ending,) = earlier_endings(places)
    assert "Fatal Python error" in ending.trace or "fatal exception" in ending.trace
    assert "ctypes" in ending.trace
    assert earlier_endings(places) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_killed_window_is_told_of_without_a_trace(tmp_path: Path) -> None:
    ended(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    (ending,) = earlier_endings(Places.in_folder(tmp_path))
    assert ending.trace == ""


def test_an_orderly_end_and_a_fault_that_python_handles_leave_nothing(tmp_path: Path) -> None:
    assert ended(tmp_path, "pass") == 0
    ended(tmp_path, "raise ValueError")
    assert earlier_endings(Places.in_folder(tmp_path)) == []
    assert list((tmp_path / "logs").iterdir()) == []


def test_a_window_that_runs_is_not_told_of(tmp_path: Path) -> None:
    places = Places.in_folder(tmp_path)
    with told_if_it_crashes(places):
        assert earlier_endings(places) == []


def test_what_is_kept_of_a_crash_is_its_owners_only(tmp_path: Path) -> None:
    places = Places.in_folder(tmp_path)
    with told_if_it_crashes(places):
        (file,) = places.logs_dir.iterdir()
        if sys.platform != "win32":
            assert file.stat().st_mode & 0o777 == 0o600
