"""``apply --rings``: 1 person, then 10, then 100, then all, each only after a good one."""

import json
from pathlib import Path

import pytest

from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import write_profile
from tests.commands.in_process import HEADER, Run, _no_waiting, run

__all__ = ["_no_waiting", "run"]

PEOPLE = 30


@pytest.fixture
def profile(tmp_path: Path, practice: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    rows = [f"p{n:02}@contoso.example,Person {n},P,{n},0-{n},True\n" for n in range(PEOPLE)]
    (tmp_path / "people.csv").write_bytes(HEADER + "".join(rows).encode())
    return write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        api_url=practice.api_url,
        csv=tmp_path / "people.csv",
    )


@pytest.fixture
def plan(run: Run, profile: Path, tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    assert run("preview", "--profile", profile, "--out", path).json["create"] == PEOPLE
    return path


def there(practice: PracticeServer) -> set[str]:
    users = [record.decode() for record in practice.world.users]
    return {user["userName"] for user in users if "contoso.example" in user["userName"]}


def taken(practice: PracticeServer, *names: str) -> None:
    """Let these names belong to users of another organization: creating them fails."""
    practice.faults.names_taken_elsewhere = bool(names)
    practice.world.taken_elsewhere = set(names)


def test_rings_end_with_everybody_and_tell_each_ring(
    run: Run, profile: Path, plan: Path, practice: PracticeServer
) -> None:
    ran = run("apply", plan, "--profile", profile, "--rings")
    assert (ran.code, ran.json["applied"], ran.json["stopped"]) == (0, PEOPLE, [])
    assert len(there(practice)) == PEOPLE
    for words in ("Ring 1 of 3: 1 person", "Ring 2 of 3: 10 people", "Ring 3 of 3: 30 people"):
        assert words in ran.err
    assert "1 was done before" in ran.err
    assert len(run("runs").json["runs"]) == 1


def test_a_ring_in_which_anybody_failed_stops_the_rest_and_the_journal_says_why(
    run: Run, profile: Path, plan: Path, practice: PracticeServer
) -> None:
    taken(practice, "p04@contoso.example")
    ran = run("apply", plan, "--profile", profile, "--rings")
    assert ran.code == 3
    assert (ran.json["applied"], ran.json["failed"], ran.json["not_attempted"]) == (9, 1, 20)
    (stop,) = ran.json["stopped"]
    assert (stop["action"], stop["count"], stop["code"]) == ("create", 20, "ring-stopped")
    assert "ring 2 of 3: 1 of 10 people" in stop["reason"]
    assert len(there(practice)) == 9
    report = run("report", 1, "--format", "json").out
    left = [one for one in json.loads(report)["actions"] if one["code"] == "ring-stopped"]
    assert len(left) == 20


def test_rings_go_on_where_they_stopped_and_write_nobody_twice(
    run: Run, profile: Path, plan: Path, practice: PracticeServer
) -> None:
    taken(practice, "p04@contoso.example")
    assert run("apply", plan, "--profile", profile, "--rings").code == 3
    taken(practice)
    before = len(practice.log)
    ran = run("apply", plan, "--profile", profile, "--rings")
    assert (ran.code, ran.json["applied"], ran.json["not_attempted"]) == (0, PEOPLE, 0)
    written = [one for one in list(practice.log)[before:] if one.method != "GET"]
    assert len(there(practice)) == PEOPLE
    assert len(written) <= 1 + 20
    assert run("preview", "--profile", profile).json["unchanged"] == PEOPLE


def test_a_share_of_failures_may_be_allowed(
    run: Run, profile: Path, plan: Path, practice: PracticeServer
) -> None:
    taken(practice, "p04@contoso.example")
    ran = run("apply", plan, "--profile", profile, "--rings", "--allow-failures", "10%")
    assert (ran.code, ran.json["applied"], ran.json["failed"]) == (4, PEOPLE - 1, 1)


def test_after_a_stop_an_apply_without_rings_takes_up_everybody(
    run: Run, profile: Path, plan: Path, practice: PracticeServer
) -> None:
    taken(practice, "p00@contoso.example")
    assert run("apply", plan, "--profile", profile, "--rings").json["applied"] == 0
    ran = run("apply", plan, "--profile", profile)
    assert (ran.code, ran.json["applied"], ran.json["failed"]) == (4, PEOPLE - 1, 1)


def test_a_token_that_dies_in_a_ring_ends_all_of_them_and_leaves_a_complete_journal(
    run: Run, profile: Path, plan: Path, practice: PracticeServer
) -> None:
    practice.faults.rate_limit_after = 9
    practice.faults.retry_after = 3600
    ran = run("apply", plan, "--profile", profile, "--rings")
    assert ran.code == 1
    assert len(there(practice)) < PEOPLE
    practice.faults.rate_limit_after = 0
    assert run("runs").json["runs"][0]["not_attempted"] > 0
    ran = run("apply", plan, "--profile", profile, "--rings")
    assert (ran.code, ran.json["applied"]) == (0, PEOPLE)


def test_a_plan_that_changes_nothing_has_one_empty_ring(
    run: Run, profile: Path, plan: Path, tmp_path: Path
) -> None:
    run("apply", plan, "--profile", profile)
    again = tmp_path / "again.json"
    run("preview", "--profile", profile, "--out", again)
    ran = run("apply", again, "--profile", profile, "--rings")
    assert (ran.code, ran.json["applied"]) == (0, 0)


@pytest.mark.parametrize("more", [["--pilot", "2"], ["--allow-failures", "101"]])
def test_rings_that_make_no_sense_are_wrong_usage(
    run: Run, profile: Path, plan: Path, more: list[str]
) -> None:
    assert run("apply", plan, "--profile", profile, "--rings", *more).code == 2
