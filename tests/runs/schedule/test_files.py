"""Jobs and the files that launchd and Windows read; these two systems are not run here."""

import plistlib
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import InputError, StorageError
from sparkwizard.runs.schedule import job_for
from sparkwizard.runs.schedule.job import Job
from sparkwizard.runs.schedule.launchd import Launchd, property_list
from sparkwizard.runs.schedule.systemd import service_unit, timer_unit
from sparkwizard.runs.schedule.task_scheduler import TaskScheduler, task_xml
from sparkwizard.setup.profile import Profile, WebexSettings

CONTOSO = Profile("Contoso & Söhne", webex=WebexSettings(organization_id="org-1"))
JOB = Job(
    "sparkwizard-contoso-1",
    "SparkWizard: synchronize Contoso & <Söhne>",
    ("C:\\Program Files\\SparkWizard\\sparkwizard.exe", "sync", "--profile", "Contoso & Söhne"),
    40,
)
type Fake = Callable[[str, str], None]

TASK = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


# -- the job ---------------------------------------------------------------------------------------


def test_a_job_runs_sync_by_the_program_that_installs_it(tmp_path: Path) -> None:
    job = job_for(CONTOSO, "Contoso & Söhne", tmp_path / "data", 15)
    start = (sys.executable, "-m", "sparkwizard", "sync", "--profile", "Contoso & Söhne")
    assert job.command == (*start, "--data-dir", str(tmp_path / "data"))
    assert job.minutes == 15


def test_a_frozen_program_is_called_by_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert job_for(CONTOSO, "C", None).command == (sys.executable, "sync", "--profile", "C")


def test_each_setup_and_data_folder_has_a_job_of_its_own(tmp_path: Path) -> None:
    other = Profile("Contoso", webex=WebexSettings(organization_id="org-2"))
    names = [
        job_for(CONTOSO, "x", None).name,
        job_for(CONTOSO, "x", tmp_path).name,
        job_for(other, "x", None).name,
    ]
    assert len(set(names)) == 3
    assert job_for(CONTOSO, "y", None, 10).name == names[0]
    assert names[0].startswith("sparkwizard-contoso-s-hne-")


@pytest.mark.parametrize("minutes", [-1, 0, 4, 1441])
def test_no_schedule_runs_all_the_time_or_never(minutes: int) -> None:
    with pytest.raises(InputError, match="every 5 to 1440 minutes"):
        job_for(CONTOSO, "x", None, minutes)


def test_a_path_that_would_end_a_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't carry"):
        job_for(CONTOSO, "x", tmp_path / "a\nExecStart=/bin/evil")


@given(st.text(max_size=40))
def test_a_name_of_a_job_suits_every_system(name: str) -> None:
    found = job_for(Profile(name), "x", None).name
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(found) < 70


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20))
def test_no_word_adds_a_line_to_a_unit(word: str) -> None:
    job = Job("n", f"t {word}", ("/bin/true", word))
    assert len(service_unit(job).splitlines()) == len(service_unit(JOB).splitlines())
    assert len(timer_unit(job).splitlines()) == len(timer_unit(JOB).splitlines())


# -- launchd ---------------------------------------------------------------------------------------


def test_a_property_list_says_what_and_how_often() -> None:
    assert plistlib.loads(property_list(JOB)) == {
        "Label": JOB.name,
        "ProgramArguments": list(JOB.command),
        "StartInterval": 2400,
        "RunAtLoad": False,
        "ProcessType": "Background",
        "Umask": 0o077,
    }


def test_launchd_is_given_the_list_and_asked_how_it_stands(fake: Fake, tmp_path: Path) -> None:
    fake(
        "launchctl",
        'case "$1" in bootstrap) touch "$STATE";; bootout) rm -f "$STATE";;'
        ' print) [ -e "$STATE" ] || exit 113; echo "	state = waiting";'
        ' echo "	last exit code = 4";; esac',
    )
    launchd = Launchd(tmp_path / "agents")
    assert launchd.show(JOB) is None
    assert (launchd.install(JOB), launchd.install(JOB)) == (True, False)
    standing = launchd.show(JOB)
    assert standing is not None
    assert (standing.active, standing.minutes, standing.exit_code) == (True, 40, 4)
    assert (launchd.remove(JOB), launchd.remove(JOB)) == (True, False)
    assert list((tmp_path / "agents").iterdir()) == []


def test_a_list_that_launchd_refuses_is_not_left_behind(fake: Fake, tmp_path: Path) -> None:
    fake("launchctl", 'echo "Bootstrap failed: 5" >&2; exit 5')
    with pytest.raises(StorageError, match="said no: Bootstrap failed: 5"):
        Launchd(tmp_path / "agents").install(JOB)
    assert list((tmp_path / "agents").iterdir()) == []


# -- Windows ---------------------------------------------------------------------------------------


def parsed(job: Job) -> ET.Element:
    xml = task_xml(job, user="CONTOSO\\adele", start=datetime(2026, 11, 23, 12, 0))  # noqa: DTZ001 -- the Task Scheduler takes local times
    assert xml[:2] in (b"\xff\xfe", b"\xfe\xff"), "Windows knows UTF-16 by its first bytes"
    return ET.fromstring(xml)


def test_a_task_says_what_when_and_for_whom() -> None:
    task = parsed(JOB)
    assert task.tag == "{http://schemas.microsoft.com/windows/2004/02/mit/task}Task"

    def text(path: str) -> str | None:
        return task.findtext("/".join(f"t:{part}" for part in path.split("/")), None, TASK)

    assert text("RegistrationInfo/Description") == JOB.title
    assert text("Triggers/TimeTrigger/Repetition/Interval") == "PT40M"
    assert text("Triggers/TimeTrigger/Repetition/Duration") is None, "without end"
    assert text("Triggers/TimeTrigger/StartBoundary") == "2026-11-23T12:00:00"
    assert text("Principals/Principal/UserId") == "CONTOSO\\adele"
    assert text("Principals/Principal/LogonType") == "InteractiveToken"
    assert text("Principals/Principal/RunLevel") == "LeastPrivilege"
    assert text("Settings/MultipleInstancesPolicy") == "IgnoreNew"
    assert text("Settings/DisallowStartIfOnBatteries") == "false"
    assert text("Actions/Exec/Command") == JOB.command[0]
    assert text("Actions/Exec/Arguments") == 'sync --profile "Contoso & Söhne"'


def test_the_parts_of_a_task_stand_in_the_order_of_its_schema() -> None:
    names = [part.tag.rpartition("}")[2] for part in parsed(JOB)]
    assert names == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]


def test_windows_is_given_the_task_and_asked_how_it_stands(fake: Fake, tmp_path: Path) -> None:
    columns = ['"x"'] * 28
    columns[6] = '"4"'
    fake(
        "schtasks",
        'case "$1$4" in /Create*) while [ "$1" != /XML ]; do shift; done; cp "$2" "$STATE";;'
        ' /Delete*) rm "$STATE";;'
        ' /Query/XML) [ -e "$STATE" ] || exit 1; iconv -f UTF-16 -t UTF-8 "$STATE";;'
        f" /Query/FO) echo '{','.join(columns)}';; esac",
    )
    windows = TaskScheduler()
    assert windows.show(JOB) is None
    assert (windows.install(JOB), windows.install(JOB)) == (True, False)
    standing = windows.show(JOB)
    assert standing is not None
    assert (standing.active, standing.minutes, standing.exit_code) == (True, 40, 4)
    assert (windows.remove(JOB), windows.remove(JOB)) == (True, False)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Put a program of another system on the path; it remembers in the file ``$STATE``."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")
    monkeypatch.setenv("STATE", str(tmp_path / "state"))

    def make(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)

    return make
