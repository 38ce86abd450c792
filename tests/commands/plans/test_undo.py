"""``undo`` and the pause it leaves, through the program's own door."""

from pathlib import Path

import pytest

from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import write_profile
from tests.commands.in_process import (
    ADELE,
    HEADER,
    Run,
    _no_waiting,
    run,
    told,
)

__all__ = ["_no_waiting", "run"]

BOB = b"bob@contoso.example,Bob Builder,Bob,Builder,0-2,True\n"


@pytest.fixture
def profile(tmp_path: Path, practice: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    (tmp_path / "people.csv").write_bytes(HEADER + ADELE + BOB)
    return write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        api_url=practice.api_url,
        csv=tmp_path / "people.csv",
    )


def test_a_run_is_undone_by_a_plan_and_sync_waits_until_it_is_released(
    run: Run, profile: Path, tmp_path: Path, practice: PracticeServer
) -> None:
    plan = tmp_path / "undo.json"
    synced = run("sync", "--profile", profile).json
    made = run("undo", synced["run"], "--profile", profile, "--out", plan, "--confirm-removals")
    assert (made.code, made.json["disable"], made.json["undoes"]) == (0, 2, synced["run"])
    assert "undo" in [finding["code"] for finding in made.json["findings"]]
    assert plan.stat().st_mode & 0o077 == 0
    applied = run("apply", plan, "--profile", profile)
    assert (applied.code, applied.json["applied"]) == (0, 2)
    told(run("sync", "--profile", profile), code="sync-paused", exit_code=3)
    assert run("preview", "--profile", profile).json["update"] == 2
    released = run("sync", "--profile", profile, "--release")
    assert (released.code, released.json["applied"]) == (0, 2)
    assert run("sync", "--profile", profile).code == 0


def test_a_preview_and_an_undo_say_how_long_they_take_and_how_many_requests(
    run: Run, profile: Path, tmp_path: Path
) -> None:
    assert (
        "Carrying it out takes: Less than 5 seconds"
        in run("preview", "--profile", profile, text=True).out
    )
    run("sync", "--profile", profile)
    asked = ("undo", 1, "--profile", profile, "--out", tmp_path / "undo.json", "--confirm-removals")
    assert run(*asked).json["estimate"]["requests"] > 0
    assert "Carrying it out takes: Less than 5 seconds" in run(*asked, text=True).out
    assert "takes" not in run("preview", "--profile", profile, text=True).out


def test_an_undo_of_more_users_than_the_limit_is_held_back_and_says_how_to_go_on(
    run: Run, profile: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "undo.json"
    synced = run("sync", "--profile", profile).json
    made = run("undo", synced["run"], "--profile", profile, "--out", plan, text=True)
    assert "--confirm-removals" in made.out
    applied = run("apply", plan, "--profile", profile)
    assert (applied.code, applied.json["applied"]) == (3, 0)


def test_what_an_undo_leaves_alone_is_listed_with_the_reason(
    run: Run, profile: Path, tmp_path: Path, practice: PracticeServer
) -> None:
    plan = tmp_path / "undo.json"
    synced = run("sync", "--profile", profile).json
    words = ("undo", synced["run"], "--profile", profile, "--out", plan, "--confirm-removals")
    run(*words)
    run("apply", plan, "--profile", profile)
    assert "turned off already" in run(*words, text=True).out


def test_a_run_that_never_was_is_told(run: Run, profile: Path, tmp_path: Path) -> None:
    plan = tmp_path / "undo.json"
    told(run("undo", 7, "--profile", profile, "--out", plan), code="run-unknown")
    assert not plan.exists()


def test_an_undo_is_not_written_over_the_people(run: Run, profile: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    told(run("undo", 1, "--profile", profile, "--out", people), code="out")
    assert people.read_bytes().startswith(HEADER)


def test_an_undo_without_a_place_for_its_plan_is_wrong_usage(run: Run, profile: Path) -> None:
    assert run("undo", 1, "--profile", profile).code == 2
