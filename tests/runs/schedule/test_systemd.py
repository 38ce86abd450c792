"""A setup is kept in step by a real systemd of one person."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sparkwizard.errors import StorageError
from sparkwizard.practice.server import serve_in_thread
from sparkwizard.runs.schedule.job import Job
from sparkwizard.runs.schedule.systemd import Systemd, service_unit, timer_unit
from sparkwizard.values import replace
from tests.commands.conftest import write_profile
from tests.commands.in_process import ADELE, HEADER
from tests.runs.schedule.user_systemd import unavailable, user_systemd

HOSTILE = (
    "a b",
    'say "hi"',
    "100%",
    "%h",
    "$HOME",
    "${HOME}",
    "back\\slash",
    "it's",
    "äß",
    ";",
    "",
)
WRITES_ARGUMENTS = "import json, sys; json.dump(sys.argv[2:], open(sys.argv[1], 'w'))"


def job_that(*words: str | Path, minutes: int = 40) -> Job:
    title = "SparkWizard: synchronize 100% of Contoso"
    return Job("sparkwizard-contoso-1", title, tuple(map(str, words)), minutes)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    if why := unavailable():
        pytest.skip(f"no systemd of its own can be started here: {why}")
    with user_systemd(tmp_path_factory.mktemp("d"), {}) as env:
        if not env:
            pytest.skip("no systemd of its own can be started here")
        yield env


@pytest.fixture
def systemd(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    opened = Systemd(Path(environment["XDG_CONFIG_HOME"]) / "systemd" / "user")
    yield opened
    opened.remove(job_that("/bin/true"))


def run_now(job: Job) -> int:
    command = ["systemctl", "--user", "start", f"{job.name}.service"]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_a_job_runs_from_now_on_every_so_many_minutes(systemd: Systemd) -> None:
    job = job_that("/bin/true", minutes=40)
    assert systemd.show(job) is None
    assert systemd.install(job)
    standing = systemd.show(job)
    assert standing is not None
    assert (standing.active, standing.minutes, standing.last_run) == (True, 40, None)
    assert standing.next_run is not None
    assert timedelta(0) < standing.next_run - datetime.now(UTC) < timedelta(minutes=2)


def test_installing_twice_changes_nothing_and_another_interval_does(systemd: Systemd) -> None:
    job = job_that("/bin/true")
    assert systemd.install(job)
    assert not systemd.install(job)
    assert systemd.install(replace(job, minutes=15))
    standing = systemd.show(job)
    assert standing is not None
    assert standing.minutes == 15


def test_its_files_are_for_their_owner_only(systemd: Systemd) -> None:
    systemd.install(job_that("/bin/true"))
    modes = {path.stat().st_mode & 0o777 for path in systemd.folder.glob("sparkwizard-*")}
    assert modes == {0o600}


def test_the_last_result_is_told(systemd: Systemd) -> None:
    job = job_that("/bin/sh", "-c", "exit 4")
    systemd.install(job)
    assert run_now(job) != 0
    standing = systemd.show(job)
    assert standing is not None
    assert standing.exit_code == 4
    assert standing.last_run is not None
    assert not standing.running


def test_every_word_of_the_command_arrives_as_it_is(systemd: Systemd, tmp_path: Path) -> None:
    out = tmp_path / "words $x 50%.json"
    job = job_that(sys.executable, "-c", WRITES_ARGUMENTS, out, *HOSTILE)
    systemd.install(job)
    assert run_now(job) == 0
    assert json.loads(out.read_text("utf-8")) == list(HOSTILE)


def test_a_program_with_a_strange_path_is_found(systemd: Systemd, tmp_path: Path) -> None:
    program = tmp_path / "my $program 100% of it" / "run"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    job = job_that(program)
    systemd.install(job)
    run_now(job)
    assert (tmp_path / "ran").exists()


def test_a_removed_job_leaves_nothing_behind(systemd: Systemd) -> None:
    job = job_that("/bin/false")
    systemd.install(job)
    run_now(job)
    assert systemd.remove(job)
    assert not systemd.remove(job)
    assert systemd.show(job) is None
    assert [path for path in systemd.folder.rglob("*") if not path.is_dir()] == []
    listed = subprocess.run(
        ["systemctl", "--user", "list-units", "--all", "sparkwizard-*"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "sparkwizard-contoso" not in listed.stdout


def test_the_schedule_command_has_systemd_bring_people_into_webex(
    systemd: Systemd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = tmp_path / "people.csv"
    people.write_bytes(HEADER + ADELE)
    with serve_in_thread() as webex:
        path = write_profile(
            tmp_path,
            tenant_url=webex.tenant_url,
            organization_id=webex.organization_id,
            api_url=webex.api_url,
            csv=people,
        )
        monkeypatch.setenv("SPARKWIZARD_TOKEN", webex.token)
        before = len(webex.world.users)
        done = _sparkwizard("schedule", path, tmp_path / "data")
        assert (done["scheduler"], done["changed"], done["every_minutes"]) == ("systemd", True, 40)
        variable = f"SPARKWIZARD_TOKEN={webex.token}"
        subprocess.run(["systemctl", "--user", "set-environment", variable], check=True)
        run_now(Job(str(done["job"]), "", ()))
        shown = _sparkwizard("schedule", path, tmp_path / "data", "--show")
        assert shown["last_result"] == "done"
        assert shown["last_run"]
        assert len(webex.world.users) > before
        assert _sparkwizard("schedule", path, tmp_path / "data", "--remove")["changed"] is True
        assert _sparkwizard("schedule", path, tmp_path / "data", "--show")["installed"] is False


def _sparkwizard(command: str, profile: Path, data: Path, *more: str) -> dict[str, object]:
    words = [command, "--profile", str(profile), "--data-dir", str(data), "--json", *more]
    done = subprocess.run(
        [sys.executable, "-m", "sparkwizard", *words], capture_output=True, check=False
    )
    document = json.loads(done.stdout)
    assert done.returncode == 0, document
    assert isinstance(document, dict)
    return document


# -- without a systemd -----------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    job = job_that("/bin/true", *HOSTILE)
    for ending, text in (("timer", timer_unit(job)), ("service", service_unit(job))):
        (tmp_path / f"{job.name}.{ending}").write_text(text, encoding="utf-8")
    runtime = tmp_path / "r"
    runtime.mkdir(mode=0o700)
    checked = subprocess.run(
        ["systemd-analyze", "--user", "verify", f"{job.name}.timer", f"{job.name}.service"],
        cwd=tmp_path,
        env={**os.environ, "XDG_RUNTIME_DIR": str(runtime), "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in checked.stderr.splitlines() if job.name in line]
    assert (ours, checked.returncode) == ([], 0), checked.stderr


def test_a_computer_where_no_systemd_runs_says_so_and_keeps_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "nothing"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    systemd = Systemd(tmp_path / "units")
    with pytest.raises(StorageError, match="No systemd runs for you"):
        systemd.install(job_that("/bin/true"))
    assert not systemd.folder.exists()


def test_a_computer_without_systemctl_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StorageError, match="No systemd runs for you"):
        Systemd(tmp_path).install(job_that("/bin/true"))


def test_units_are_removed_also_where_no_systemd_runs_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    job = job_that("/bin/true")
    (tmp_path / f"{job.name}.timer").write_text(timer_unit(job))
    assert Systemd(tmp_path).remove(job)
    assert list(tmp_path.iterdir()) == []


def test_an_enable_that_fails_leaves_no_unit_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "bin" / "systemctl"
    fake.parent.mkdir()
    fake.write_text(
        '#!/bin/sh\n[ "$2" = enable ] && echo "Unit is masked." >&2 && exit 1\nexit 0\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:/bin:/usr/bin")
    with pytest.raises(StorageError, match="said no: Unit is masked"):
        Systemd(tmp_path / "units").install(job_that("/bin/true"))
    assert list((tmp_path / "units").iterdir()) == []
