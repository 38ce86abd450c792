"""``schedule`` as a script sees it, with a systemctl that only remembers."""

import json
import sys
from pathlib import Path

import pytest

from sparkwizard.practice.server import PracticeServer
from tests.commands.in_process import (
    Run,
    _no_waiting,
    people,
    profile,
    run,
    served,
    told,
)

__all__ = ["_no_waiting", "people", "profile", "run", "served"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is on Linux only")

SYSTEMCTL = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
  *list-timers*) echo '[{"next":1795454507479750}]';;
  *.timer) echo "ActiveState=active";;
  *.service) echo "ActiveState=inactive"; echo "ExecMainStatus=3";
    echo "ExecMainStartTimestamp=@1795452107";;
esac
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in for the system: a systemctl that says yes to everything and writes down what."""
    program = tmp_path / "bin" / "systemctl"
    program.parent.mkdir()
    program.write_text(SYSTEMCTL)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "calls"


def test_a_schedule_is_installed_shown_and_removed(
    run: Run, profile: Path, calls: Path, data_dir: Path
) -> None:
    done = run("schedule", "--profile", profile)
    assert done.code == 0, done
    assert (done.json["changed"], done.json["every_minutes"]) == (True, 40)
    command = [sys.executable, "-m", "sparkwizard", "sync", "--profile", str(profile)]
    assert done.json["command"] == [*command, "--data-dir", str(data_dir)]
    assert f"--user enable {done.json['job']}.timer" in calls.read_text()
    assert any("signed in" in note for note in done.json["notes"])

    again = run("schedule", "--profile", profile)
    assert (again.code, again.json["changed"]) == (0, False)

    shown = run("schedule", "--profile", profile, "--show").json
    assert shown["installed"] is True
    assert shown["next_run"] == "2026-11-23T17:21:47+00:00"
    assert shown["last_result"] == "stopped by a safeguard"

    removed = run("schedule", "--profile", profile, "--remove")
    assert (removed.code, removed.json["changed"]) == (0, True)
    gone = run("schedule", "--profile", profile, "--remove")
    assert (gone.code, gone.json["changed"]) == (0, False)
    assert run("schedule", "--profile", profile, "--show").json["installed"] is False


def test_it_is_told_in_sentences_too(run: Run, profile: Path, calls: Path) -> None:
    done = run("schedule", "--profile", profile, "--every", "15", text=True)
    assert "This setup is synchronized every 15 minutes." in done.out
    assert "Last result: stopped by a safeguard" in done.out
    removed = run("schedule", "--profile", profile, "--remove", text=True)
    assert removed.out == "The schedule is removed.\n"
    shown = run("schedule", "--profile", profile, "--show", text=True)
    assert shown.out == "There is no schedule for this setup on this computer.\n"


def test_a_token_of_twelve_hours_gets_no_schedule(
    run: Run,
    profile: Path,
    calls: Path,
    served: PracticeServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", served.tokens["personal"])
    told(run("schedule", "--profile", profile), code="token-short-lived")
    assert not (tmp_path / "config").exists()
    assert not calls.exists()


def test_too_often_is_refused(run: Run, profile: Path, calls: Path) -> None:
    told(run("schedule", "--profile", profile, "--every", "1"), code="schedule-minutes")


def test_two_wishes_at_once_are_wrong_usage(run: Run, profile: Path) -> None:
    assert run("schedule", "--profile", profile, "--show", "--remove").code == 2
    assert run("schedule", "--profile", profile, "--every", "soon").code == 2


def test_a_computer_without_a_scheduler_says_so(
    run: Run, profile: Path, calls: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert "No systemd runs" in told(
        run("schedule", "--profile", profile), code="scheduler-missing"
    )


def test_the_token_stands_in_no_file_of_the_schedule(
    run: Run, profile: Path, calls: Path, served: PracticeServer, tmp_path: Path
) -> None:
    done = run("schedule", "--profile", profile)
    units = list((tmp_path / "config").rglob("sparkwizard-*"))
    assert len(units) == 2
    texts = [unit.read_text() for unit in units] + [done.out, done.err, calls.read_text()]
    assert served.token not in "".join(texts)
    assert json.loads(done.out)["installed"]
