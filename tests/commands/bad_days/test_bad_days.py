"""Bad days: tokens, networks, Ctrl+C and damaged journals end in one sentence with its fix."""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import Ran, write_profile
from tests.commands.in_process import (
    Run,
    _no_waiting,
    edit,
    people,
    plan,
    profile,
    run,
    served,
    told,
)

__all__ = ["_no_waiting", "people", "plan", "profile", "run", "served"]


# -- the token -------------------------------------------------------------------------------------


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


# -- the network -----------------------------------------------------------------------------------


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


# -- the journal -----------------------------------------------------------------------------------


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


# -- Ctrl+C ----------------------------------------------------------------------------------------


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
