"""Bad input and bad days: each gives one clear sentence with its fix, nothing half-written."""

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sparkwizard.net.retry import set_waiting
from sparkwizard.practice.server import PracticeServer
from sparkwizard.runs.logs import log_to
from sparkwizard.setup.places import Places
from tests.commands.conftest import Ran, write_profile
from tests.commands.in_process import Run, no_other_files, run, told

__all__ = ["run"]

HEADER = b"userPrincipalName,displayName,givenName,surname,objectId,accountEnabled\n"
ADELE = b"adele@contoso.example,Adele Vance,Adele,Vance,0-1,True\n"


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    set_waiting(False)
    yield
    set_waiting(True)


@pytest.fixture(scope="module")
def served() -> Iterator[PracticeServer]:
    """One practice tenant for all tests that do not write to it."""
    from sparkwizard.practice.server import serve_in_thread

    with serve_in_thread() as server:
        yield server


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(HEADER + ADELE)
    return path


@pytest.fixture
def profile(
    tmp_path: Path, served: PracticeServer, people: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", served.token)
    return write_profile(
        tmp_path,
        tenant_url=served.tenant_url,
        organization_id=served.organization_id,
        api_url=served.api_url,
        csv=people,
    )


def edit(profile: Path, old: str, new: str) -> Path:
    text = profile.read_text("utf-8")
    assert old in text
    profile.write_text(text.replace(old, new), encoding="utf-8")
    return profile


# -- the token ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("wrong-token-of-nobody", "not-authorized"),
        ("expired", "not-authorized"),
        ("other_organization", "token-organization"),
        ("non_admin", "forbidden"),
        ("bot", "token-owner"),
        ("tökén with spaces", "not-sent"),
        ("Bearer ", "not-authorized"),
    ],
)
def test_a_token_that_will_not_do_is_told(
    run: Run,
    profile: Path,
    served: PracticeServer,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    code: str,
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", served.tokens.get(token, token))
    told(run("preview", "--profile", profile), code=code)


def test_a_token_that_may_only_read_leaves_webex_as_it_is_and_tells_each_failure(
    run: Run, profile: Path, served: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", served.tokens["read_only"])
    ran = run("sync", "--profile", profile)
    assert ran.code in (1, 4)
    document = ran.json
    assert document["applied"] == 0
    assert document["failed"] + document["not_attempted"] == 1


# -- the network ----------------------------------------------------------------------------------


def test_an_unreachable_host_is_told(run: Run, profile: Path, served: PracticeServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    edit(profile, served.base_url, f"http://127.0.0.1:{port}")
    assert "127.0.0.1" in told(run("preview", "--profile", profile), code="unreachable")


def test_a_host_that_does_not_exist_is_told(
    run: Run, profile: Path, served: PracticeServer
) -> None:
    edit(profile, served.base_url, "https://webex.invalid")
    assert "webex.invalid" in told(run("preview", "--profile", profile), code="unreachable")


def test_plain_http_to_another_computer_is_refused(
    run: Run, profile: Path, served: PracticeServer
) -> None:
    edit(profile, served.base_url, "http://webex.example")
    ran = run("preview", "--profile", profile)
    assert ran.code == 1
    assert ran.json["error"]["fix"]


def test_a_web_page_instead_of_data_is_told(
    run: Run, profile: Path, served: PracticeServer
) -> None:
    served.faults.html = True
    try:
        ran = run("preview", "--profile", profile)
    finally:
        served.faults.html = False
    assert "web page" in told(ran, code="unexpected-answer")


def test_a_server_that_keeps_breaking_is_told(
    run: Run, profile: Path, served: PracticeServer
) -> None:
    served.faults.server_error_every = 1
    try:
        ran = run("preview", "--profile", profile)
    finally:
        served.faults.server_error_every = 0
    told(ran, code="remote")


def test_check_tells_the_layer_that_fails_and_ends_with_1(
    run: Run, profile: Path, served: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", "wrong-token-of-nobody")
    ran = run("check", "--profile", profile)
    assert (ran.code, ran.json["fail"] > 0) == (1, True)
    failed = [layer for layer in ran.json["layers"] if layer["standing"] == "fail"]
    assert failed[0]["summary"]
    assert failed[0]["fix"]


# -- the people -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"name;mail\nAdele;adele@contoso.example\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01" * 50,
        b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)) * 20,
        HEADER + "josé@contoso.example,José Núñez,José,Núñez,0-2,True\n".encode("latin-1"),
        HEADER[:-1] + b",displayName\n" + ADELE,
        b"\xff\xfe\x00",
    ],
    ids=["empty", "blank", "columns", "image", "workbook", "latin-1", "twice", "cut-utf16"],
)
def test_a_file_that_is_no_table_of_people_is_told(
    run: Run, profile: Path, people: Path, content: bytes
) -> None:
    people.write_bytes(content)
    told(run("preview", "--profile", profile), code="source")
    assert people.read_bytes() == content


def test_a_file_that_is_gone_is_told(run: Run, profile: Path, people: Path) -> None:
    people.unlink()
    assert "people.csv" in told(run("preview", "--profile", profile), code="source")


def test_a_folder_instead_of_a_file_is_told(run: Run, profile: Path, people: Path) -> None:
    people.unlink()
    people.mkdir()
    told(run("preview", "--profile", profile), code="source")


def test_a_file_with_a_header_only_changes_nobody(run: Run, profile: Path, people: Path) -> None:
    people.write_bytes(HEADER)
    ran = run("preview", "--profile", profile)
    assert ran.code == 0
    assert [ran.json[kind] for kind in ("create", "update", "disable", "delete")] == [0, 0, 0, 0]
    assert ran.json["source_complete"] is False


def test_a_person_listed_twice_is_a_problem_and_the_others_go_on(
    run: Run, profile: Path, people: Path
) -> None:
    people.write_bytes(
        HEADER + ADELE + ADELE + ADELE.replace(b"dele", b"lex").replace(b"-1", b"-2")
    )
    document = run("preview", "--profile", profile).json
    assert (document["create"], document["problem"]) == (1, 2)


# -- the setup ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "Contoso"', 'nmae = "Contoso"'),
        ("version = 1", "version = 99"),
        ("version = 1", "version = "),
        ('kind = "csv"', 'kind = "ldap"'),
        ("[source]", "[sauce]"),
        ("[source]", '[safeguards]\nmax_removals = "lots"\n[source]'),
        ("[source]", '[webex.extra]\ntoken = "abc"\n[source]'),
    ],
)
def test_a_setup_with_a_slip_of_the_pen_is_told(
    run: Run, profile: Path, old: str, new: str
) -> None:
    edit(profile, old, new)
    told(run("preview", "--profile", profile), code="profile")


@pytest.mark.parametrize("content", [b"", b"\x00\xff binary", b"[" * 10_000, b"\xff\xfen\x00a\x00"])
def test_a_setup_that_is_no_setup_is_told_and_left_alone(
    run: Run, profile: Path, content: bytes
) -> None:
    profile.write_bytes(content)
    told(run("preview", "--profile", profile), code="profile")
    assert profile.read_bytes() == content


def test_a_setup_without_an_address_is_told(
    run: Run, profile: Path, served: PracticeServer
) -> None:
    edit(profile, f'tenant_url = "{served.tenant_url}"\n', "")
    ran = run("preview", "--profile", profile)
    assert ran.code == 1
    assert ran.json["error"]["code"] != "unexpected"


def test_a_setup_whose_organization_is_not_the_address_s_is_told(
    run: Run, profile: Path, served: PracticeServer
) -> None:
    edit(
        profile,
        f'organization_id = "{served.organization_id}"',
        'organization_id = "00000000-0000-4000-8000-000000000000"',
    )
    told(run("preview", "--profile", profile), code="organization-mismatch")


@pytest.mark.parametrize("name", ["Nobody", "nobody.toml", "./no/where", "", "a\x00b"])
def test_a_setup_that_is_not_there_is_told(run: Run, name: str) -> None:
    told(run("preview", "--profile", name), code="profile")


def test_a_rule_that_cannot_work_is_told_before_anything_is_read(
    run: Run, profile: Path, served: PracticeServer
) -> None:
    edit(
        profile,
        "[source]",
        '[[mapping]]\ntarget = "userName"\nexpression = "Nonsense([mail]"\n'
        "matching_precedence = 1\n[source]",
    )
    ran = run("preview", "--profile", profile)
    assert ran.code == 1
    assert ran.json["error"]["code"] in ("mapping", "profile")


def test_a_missing_token_is_told(run: Run, profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPARKWIZARD_TOKEN")
    ran = run("preview", "--profile", profile)
    assert ran.code == 1
    assert "SPARKWIZARD_TOKEN" in ran.json["error"]["fix"]


@pytest.mark.parametrize("url", ["", "not a url", "https://", "ftp://x.example", "http://[::1"])
def test_an_address_that_is_none_is_told(
    run: Run, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", "some-token-or-other")
    ran = run("check", "--tenant-url", url)
    assert ran.code == 1
    assert ran.json["error"]["code"] != "unexpected"
    assert ran.json["error"]["fix"]


# -- the plan -------------------------------------------------------------------------------------


@pytest.fixture
def plan(run: Run, profile: Path, tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    assert run("preview", "--profile", profile, "--out", path).code == 0
    return path


def test_a_plan_that_is_not_there_is_told(run: Run, profile: Path, tmp_path: Path) -> None:
    told(run("apply", tmp_path / "none.json", "--profile", profile), code="plan-missing")


def test_a_folder_instead_of_a_plan_is_told(run: Run, profile: Path, tmp_path: Path) -> None:
    told(run("apply", tmp_path, "--profile", profile), code="plan-unreadable")


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\x00\x01", b"<html>", b"null", b"[" * 100_000, b'{"a":' * 100_000],
)
def test_a_plan_that_is_none_is_told(run: Run, profile: Path, plan: Path, content: bytes) -> None:
    plan.write_bytes(content)
    told(run("apply", plan, "--profile", profile), code="plan")


def test_a_plan_cut_off_is_told(run: Run, profile: Path, plan: Path) -> None:
    plan.write_bytes(plan.read_bytes()[:-200])
    told(run("apply", plan, "--profile", profile), code="plan")


def test_an_edited_plan_is_stopped(run: Run, profile: Path, plan: Path) -> None:
    plan.write_bytes(plan.read_bytes().replace(b"Adele Vance", b"Adele Vence"))
    told(run("apply", plan, "--profile", profile), code="plan-changed", exit_code=3)
    assert run("runs").json["runs"] == []


def test_a_plan_from_elsewhere_is_stopped(
    run: Run, profile: Path, plan: Path, data_dir: Path
) -> None:
    for part in data_dir.glob("journal.sqlite3*"):
        part.unlink()
    told(run("apply", plan, "--profile", profile), code="plan-unknown", exit_code=3)


def test_a_plan_of_a_setup_that_changed_is_stopped(run: Run, profile: Path, plan: Path) -> None:
    edit(profile, "[source]", '[safeguards]\nmax_removals = "20%"\n[source]')
    told(run("apply", plan, "--profile", profile), code="plan-setup-changed", exit_code=3)


def test_a_hash_that_does_not_match_is_stopped(run: Run, profile: Path, plan: Path) -> None:
    ran = run("apply", plan, "--profile", profile, "--plan-hash", "0" * 64)
    told(ran, code="plan-hash", exit_code=3)


# -- usage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["preview"],
        ["apply"],
        ["apply", "plan.json"],
        ["check"],
        ["check", "--profile", "a", "--tenant-url", "b"],
        ["report", "one"],
        ["report", "1", "--format", "pdf"],
        ["practice"],
        ["practice", "--port", "70000"],
        ["practice", "--port", "x"],
        ["practice", "--port", "0", "--people", "0"],
        ["preview", "--nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_says_what_is_right(run: Run, words: list[str]) -> None:
    ran = run(*words)
    assert ran.code == 2
    assert "usage: sparkwizard" in ran.err


@pytest.mark.parametrize("number", ["1", "0", "-1", "99999999999999999999999"])
def test_a_run_that_never_was_is_told(run: Run, number: str) -> None:
    told(run("report", number), code="run-unknown")


def test_a_port_that_is_taken_is_told(run: Run, served: PracticeServer) -> None:
    port = served.base_url.rsplit(":", 1)[1]
    assert port in told(run("practice", "--port", port), code="port-taken")


# -- the disk -------------------------------------------------------------------------------------


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
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from sparkwizard.__main__ import main

    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    profile = write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        api_url=practice.api_url,
        csv=practice.csv,
    )
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


# -- the journal ----------------------------------------------------------------------------------


def test_a_damaged_journal_is_told_and_left_as_it_is(
    run: Run, profile: Path, data_dir: Path
) -> None:
    assert run("preview", "--profile", profile).code == 0
    path = data_dir / "journal.sqlite3"
    for part in data_dir.glob("journal.sqlite3-*"):
        part.unlink()
    path.write_bytes(b"this is no journal " * 200)
    told(run("preview", "--profile", profile), code="journal-damaged")
    assert path.read_bytes().startswith(b"this is no journal")


def test_a_journal_damaged_in_the_middle_is_told(
    run: Run, plan: Path, profile: Path, data_dir: Path
) -> None:
    path = data_dir / "journal.sqlite3"
    content = bytearray(path.read_bytes())
    for part in data_dir.glob("journal.sqlite3-*"):
        part.unlink()
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(bytes(content))
    ran = run("apply", plan, "--profile", profile)
    assert ran.code == 1
    assert ran.json["error"]["code"] in ("journal-damaged", "storage")


def test_a_journal_of_a_newer_version_is_told(run: Run, data_dir: Path) -> None:
    data_dir.mkdir()
    with contextlib.closing(sqlite3.connect(data_dir / "journal.sqlite3")) as newer:
        newer.execute("PRAGMA user_version = 99")
    told(run("runs"), code="journal-newer")


def test_a_folder_in_place_of_the_journal_is_told(run: Run, data_dir: Path) -> None:
    (data_dir / "journal.sqlite3").mkdir(parents=True)
    told(run("runs"), code="storage")


def test_what_nobody_foresaw_is_one_sentence_and_its_details_are_in_the_log(
    run: Run, profile: Path, data_dir: Path
) -> None:
    assert run("sync", "--profile", profile).code == 0
    with contextlib.closing(sqlite3.connect(data_dir / "journal.sqlite3")) as journal:
        journal.execute("UPDATE runs SET state = 'sleeping'")
        journal.commit()
    ran = run("runs")
    told(ran, code="unexpected")
    assert ran.err == ""
    assert "Traceback" in (data_dir / "logs" / "sparkwizard.log").read_text("utf-8")


# -- Ctrl+C ---------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="Windows ends the process; the journal goes on")
def test_ctrl_c_during_an_apply_ends_with_130_and_the_plan_goes_on(
    run: Run,
    practice: PracticeServer,
    tmp_path: Path,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    profile = write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        api_url=practice.api_url,
        csv=practice.csv,
    )
    plan = tmp_path / "plan.json"
    planned = run("preview", "--profile", profile, "--out", plan).json
    practice.faults.latency_ms = 60
    stopped = _interrupted(
        ["apply", str(plan), "--profile", str(profile), "--data-dir", str(data_dir)],
        lambda process: process.stderr.readline() if process.stderr else None,
    )
    practice.faults.latency_ms = 0
    assert stopped.code == 130
    document = stopped.json
    assert document["state"] == "cancelled"
    wanted = sum(planned[kind] for kind in ("create", "update", "disable", "delete"))
    assert document["applied"] + document["failed"] + document["not_attempted"] == wanted
    assert 0 < document["applied"] < wanted
    assert run("apply", plan, "--profile", profile).json["applied"] == wanted


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_during_a_preview_ends_with_130_and_a_sentence(
    profile: Path, served: PracticeServer, data_dir: Path
) -> None:
    served.faults.latency_ms = 3000
    seen = len(served.log)

    def asked(_: object) -> None:
        for _ in range(500):
            if (data_dir / "logs" / "sparkwizard.log").exists():
                break
            time.sleep(0.01)
        time.sleep(0.3)

    stopped = _interrupted(
        ["preview", "--profile", str(profile), "--data-dir", str(data_dir)], asked
    )
    served.faults.latency_ms = 0
    told(stopped, code="cancelled", exit_code=130)
    assert len(served.log) - seen <= 2


def _interrupted(words: list[str], until: Callable[["subprocess.Popen[bytes]"], object]) -> Ran:
    process = subprocess.Popen(
        [sys.executable, "-m", "sparkwizard", *words, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    until(process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert b"Traceback" not in out + err
    return Ran(process.returncode, out.decode(), err.decode())
