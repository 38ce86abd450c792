"""Disks that are full, read-only or something else: nothing is lost or half-written."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sparkwizard.practice.server import PracticeServer
from sparkwizard.runs.logs.log import log_to
from sparkwizard.setup.places import Places
from tests.commands.conftest import Ran
from tests.commands.in_process import (
    ADELE,
    HEADER,
    Run,
    _no_waiting,
    no_other_files,
    people,
    plan,
    profile,
    run,
    served,
    told,
)

__all__ = ["_no_waiting", "people", "plan", "profile", "run", "served"]


# -- the disk --------------------------------------------------------------------------------------


def test_a_file_where_the_data_folder_should_be_is_told(
    run: Run, profile: Path, data_dir: Path
) -> None:
    data_dir.write_text("mine", encoding="utf-8")
    told(run("preview", "--profile", profile), code="storage")
    assert data_dir.read_text("utf-8") == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="a folder where even root may not write")
@pytest.mark.parametrize("command", ["runs", "preview"])
def test_a_data_folder_that_is_read_only_is_told(
    profile: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from sparkwizard.__main__ import main

    words = [command, "--profile", str(profile), "--data-dir", "/sys/kernel/none", "--json"]
    code = main(words)
    shown = capsys.readouterr()
    told(Ran(code, shown.out, shown.err), code="storage")


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX")
@pytest.mark.parametrize("room", [0, 20_000, 30_000])
def test_a_disk_that_fills_up_loses_nothing(
    run: Run, profile: Path, tmp_path: Path, data_dir: Path, room: int
) -> None:
    plan = tmp_path / "plan.json"
    with _room(room):
        ran = run("preview", "--profile", profile, "--out", plan)
    assert ran.code == 1
    assert ran.json["error"]["code"] in ("storage", "journal")
    assert ran.json["error"]["fix"]
    no_other_files(tmp_path, "contoso.toml", "people.csv", "data")
    assert run("preview", "--profile", profile, "--out", plan).code == 0


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are POSIX")
def test_a_plan_that_does_not_fit_on_the_disk_leaves_the_old_one(
    run: Run, profile: Path, plan: Path, people: Path
) -> None:
    before = plan.read_bytes()
    rows = (ADELE.replace(b"adele", b"p%d" % n).replace(b"0-1", b"1-%d" % n) for n in range(900))
    people.write_bytes(HEADER + b"".join(rows))
    with _room(200_000):
        told(run("preview", "--profile", profile, "--out", plan), code="storage")
    assert plan.read_bytes() == before


@contextlib.contextmanager
def _room(size: int) -> Iterator[None]:
    """Let no file grow beyond this size: what a full disk is to a program."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 900 kB, where the system lets a test make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    size = "size=900k"
    if (
        not mount
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", size, "none", str(folder)],
            capture_output=True,
            check=False,
        ).returncode
    ):
        pytest.skip("this account may not mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_an_apply_on_a_full_disk_goes_on_once_there_is_room(
    small_disk: Path,
    practice: PracticeServer,
    profile: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from sparkwizard.__main__ import main

    plan = tmp_path / "plan.json"
    where = ["--profile", str(profile), "--data-dir", str(small_disk), "--json"]
    assert main(["preview", "--out", str(plan), *where]) == 0
    users = len(practice.world.users)
    (small_disk / "ballast").write_bytes(b"x" * _free(small_disk))
    capsys.readouterr()
    assert main(["apply", str(plan), *where]) == 1
    assert "disk is full" in capsys.readouterr().out
    assert len(practice.world.users) == users, "nothing is sent that can't be written down"
    (small_disk / "ballast").unlink()
    assert main(["apply", str(plan), *where]) == 0


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def test_a_log_that_cannot_grow_says_nothing_on_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import logging

    with _room(0), log_to(Places.in_folder(tmp_path)):
        logging.getLogger("sparkwizard.test").warning("no room for this")
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full device is Linux")
@pytest.mark.parametrize("form", [["--json"], []])
def test_output_that_cannot_be_written_is_no_traceback(
    profile: Path, data_dir: Path, form: list[str]
) -> None:
    words = [sys.executable, "-m", "sparkwizard", "runs", "--data-dir", str(data_dir), *form]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    said = done.stderr.decode()
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert said.strip()


def test_a_reader_that_leaves_early_is_no_traceback(profile: Path, data_dir: Path) -> None:
    words = [sys.executable, "-m", "sparkwizard", "preview", "--profile", str(profile)]
    done = subprocess.Popen(
        [*words, "--data-dir", str(data_dir)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert done.stdout is not None
    assert done.stderr is not None
    done.stdout.close()
    said = done.stderr.read().decode()
    done.stderr.close()
    done.wait(timeout=30)
    assert "Traceback" not in said
    assert "Exception ignored" not in said


def test_names_that_the_terminal_cannot_show_are_shown_as_well_as_it_can(
    profile: Path, people: Path, data_dir: Path
) -> None:
    people.write_bytes(HEADER + ADELE.replace(b"Adele Vance", "Łukasz Żak".encode()))
    words = [sys.executable, "-m", "sparkwizard", "preview", "--profile", str(profile)]
    for form in ([], ["--json"]):
        done = subprocess.run(
            [*words, "--data-dir", str(data_dir), *form],
            env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done
        if form:
            assert json.loads(done.stdout)["actions"][0]["person"] == "Łukasz Żak"
