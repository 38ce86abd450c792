"""The mail after a run, and the test mail, as a script sees them."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.in_process import (
    Run,
    _no_waiting,
    people,
    plan,
    profile,
    run,
    served,
    told,
)
from tests.net.mail_server import PASSES, Inbox, certificate_for, serving

__all__ = ["_no_waiting", "people", "plan", "profile", "run", "served"]

pytestmark = PASSES


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate_for(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def inbox(ca: Path) -> Iterator[Inbox]:
    with serving(ca, "none") as opened:
        yield opened


def with_mail(profile: Path, port: int, *, every_run: bool = False, more: str = "") -> Path:
    every = "every_run = true\n" if every_run else ""
    text = profile.read_text("utf-8")
    profile.write_text(
        f'{text}[notifications]\nemail = "it@contoso.example"\n{every}'
        f'[notifications.smtp]\nhost = "localhost"\nport = {port}\nsecurity = "none"\n{more}',
        encoding="utf-8",
    )
    return profile


def test_a_sync_that_went_well_is_mailed_where_every_run_is_asked_for(
    run: Run, profile: Path, inbox: Inbox, data_dir: Path
) -> None:
    ran = run("sync", "--profile", with_mail(profile, inbox.port, every_run=True))
    assert ran.code == 0, ran
    assert ran.json["notification"]["sent"] is True
    assert ran.json["notification"]["to"] == ["it@contoso.example"]
    assert f"--data-dir {data_dir}" in " ".join(inbox.texts[0].replace("=\r\n", "").split())


def test_a_sync_that_went_well_is_not_mailed_unasked(run: Run, profile: Path, inbox: Inbox) -> None:
    ran = run("sync", "--profile", with_mail(profile, inbox.port))
    assert (ran.code, ran.json["notification"], inbox.mails) == (0, None, [])


def test_a_sync_that_could_not_begin_is_mailed(
    run: Run, profile: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", "wrong-token-0123456789")
    ran = run("sync", "--profile", with_mail(profile, inbox.port))
    assert ran.code == 1
    assert ran.json["error"]["code"] == "not-authorized"
    assert ran.json["notification"]["sent"] is True
    assert "the run failed" in inbox.texts[0]
    assert "wrong-token" not in inbox.texts[0]


def test_an_apply_of_a_strange_plan_is_mailed(
    run: Run, profile: Path, plan: Path, inbox: Inbox
) -> None:
    other = json.loads(plan.read_text("utf-8"))
    other["profile_id"] = "another"
    plan.write_text(json.dumps(other), encoding="utf-8")
    ran = run("apply", plan, "--profile", with_mail(profile, inbox.port))
    assert ran.code in (1, 3)
    assert ran.json["notification"]["sent"] is True


def test_a_mail_that_cannot_be_sent_changes_no_exit_code(run: Run, profile: Path) -> None:
    ran = run("sync", "--profile", with_mail(profile, 1, every_run=True))
    assert ran.code == 0
    assert ran.json["notification"]["sent"] is False
    assert "can't be reached" in ran.json["notification"]["reason"]
    assert "Nobody gets the mail about this run. The mail server localhost:1" in ran.err


def test_an_error_in_the_setup_itself_is_told_without_mail(run: Run, profile: Path) -> None:
    broken = with_mail(profile, 1, more='password = "hunter2"\n')
    told(run("sync", "--profile", broken), code="profile")


def test_a_test_mail_is_sent_now(run: Run, profile: Path, inbox: Inbox) -> None:
    ran = run("notify", "--profile", with_mail(profile, inbox.port))
    assert (ran.code, ran.json["sent"]) == (0, True)
    assert "test mail" in inbox.texts[0]
    shown = run("notify", "--profile", profile, text=True)
    assert shown.out == "A test mail is on its way to it@contoso.example.\n"


def test_a_test_mail_that_fails_says_why(run: Run, profile: Path) -> None:
    assert "can't be reached" in told(
        run("notify", "--profile", with_mail(profile, 1)), code="unreachable"
    )


def test_a_setup_without_mail_is_told_what_it_lacks(run: Run, profile: Path) -> None:
    told(run("notify", "--profile", profile), code="mail-nobody")


def test_a_password_needs_a_user_name(run: Run, profile: Path, inbox: Inbox) -> None:
    asked = run("notify", "--profile", with_mail(profile, inbox.port), "--save-password")
    told(asked, code="mail-no-user")


def test_a_password_is_saved_only_after_a_mail_went_out_with_it(
    run: Run, profile: Path, ca: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    with serving(ca, "none", password="right one 1") as inbox:
        setup = with_mail(profile, inbox.port, more='username = "wizard"\n')
        monkeypatch.setattr("sys.stdin", io.StringIO("wrong one 1\n"))
        told(run("notify", "--profile", setup, "--save-password"), code="mail-password")
        assert inbox.mails == []
        monkeypatch.setattr("sys.stdin", io.StringIO("right one 1\n"))
        ran = run("notify", "--profile", setup, "--save-password")
        assert len(inbox.mails) == 1
    told(ran, code="keyring-missing")  # the mail went out; here is no keyring to save to
    assert "right one" not in ran.out + ran.err
