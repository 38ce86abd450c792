"""The main job without a window: check, preview, apply, and a second preview that plans nothing."""

import csv
from pathlib import Path

import pytest

from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import Cli, write_profile

WRITES = ("create", "update", "disable", "delete")


@pytest.fixture
def profile(tmp_path: Path, practice: PracticeServer) -> Path:
    return write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        api_url=practice.api_url,
        csv=practice.csv,
    )


@pytest.fixture
def token(practice: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    return practice.token


def test_from_a_token_to_people_in_webex(
    cli: Cli, practice: PracticeServer, profile: Path, token: str, tmp_path: Path
) -> None:
    checked = cli("check", "--profile", profile)
    assert checked.code == 0, checked.out
    assert checked.json["fail"] == 0

    plan = tmp_path / "plan.json"
    previewed = cli("preview", "--profile", profile, "--out", plan)
    assert previewed.code == 0, previewed.err
    assert previewed.json["create"] > 10
    assert previewed.json["update"] > 0

    applied = cli("apply", plan, "--profile", profile)
    assert applied.code == 0, applied.out
    wanted = sum(previewed.json[kind] for kind in WRITES)
    assert applied.json["applied"] == wanted
    assert applied.json["failed"] == 0

    again = cli("preview", "--profile", profile)
    assert [again.json[kind] for kind in WRITES] == [0, 0, 0, 0]
    assert again.json["unchanged"] >= wanted


def test_a_preview_writes_nothing_to_webex(
    cli: Cli, practice: PracticeServer, profile: Path, token: str
) -> None:
    cli("preview", "--profile", profile)
    assert {exchange.method for exchange in practice.log} == {"GET"}


def test_a_preview_counts_what_is_odd_about_the_people(
    cli: Cli, practice: PracticeServer, profile: Path, token: str
) -> None:
    found = cli("preview", "--profile", profile).json["preflight"]
    assert found["guest"] > 0
    assert all(number > 0 for number in found.values())


def test_a_person_disabled_in_the_source_is_disabled_in_webex_after_they_were_managed(
    cli: Cli, practice: PracticeServer, profile: Path, token: str
) -> None:
    assert cli("sync", "--profile", profile).code == 0
    name = _change_first_enabled(practice.csv, "accountEnabled", "False")
    synced = cli("sync", "--profile", profile)
    assert (synced.code, synced.json["disable"], synced.json["applied"]) == (0, 1, 1)
    assert cli("preview", "--profile", profile).json["disable"] == 0
    assert name


def test_a_person_who_left_the_file_is_disabled_and_not_deleted(
    cli: Cli, practice: PracticeServer, profile: Path, token: str
) -> None:
    assert cli("sync", "--profile", profile).code == 0
    _drop_rows(practice.csv, 1)
    synced = cli("sync", "--profile", profile)
    assert (synced.json["disable"], synced.json["delete"], synced.code) == (1, 0, 0)


def test_too_many_leavers_are_held_back_while_the_rest_goes_on(
    cli: Cli, practice: PracticeServer, profile: Path, token: str
) -> None:
    assert cli("sync", "--profile", profile).code == 0
    _drop_rows(practice.csv, 20)
    _change_first_enabled(practice.csv, "displayName", "Somebody New")
    synced = cli("sync", "--profile", profile)
    assert synced.code == 3
    assert synced.json["applied"] == synced.json["update"] == 1
    assert synced.json["stopped"][0]["action"] == "disable"
    assert synced.json["not_attempted"] == synced.json["disable"]


def test_a_file_cut_off_in_the_middle_removes_nobody(
    cli: Cli, practice: PracticeServer, profile: Path, token: str
) -> None:
    assert cli("sync", "--profile", profile).code == 0
    whole = practice.csv.read_bytes()
    practice.csv.write_bytes(whole[: whole.index(b"@", len(whole) // 2)])
    previewed = cli("preview", "--profile", profile).json
    assert (previewed["disable"], previewed["delete"]) == (0, 0)
    assert previewed["source_complete"] is False
    assert previewed["stopped"]


def test_runs_and_reports_tell_what_was_done(
    cli: Cli, practice: PracticeServer, profile: Path, token: str
) -> None:
    run = cli("sync", "--profile", profile).json["run"]
    assert cli("runs").json["runs"][0]["run"] == run
    report = cli("report", run, "--format", "html", text=True)
    assert report.code == 0
    assert report.out.startswith("<!doctype html>")
    assert cli("report", run, "--format", "csv", text=True).out.startswith("\ufeffperson")
    assert len(cli("report", run).json["actions"]) > 10


def _rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or ()), list(reader)


def _write(path: Path, header: list[str], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)


def _ordinary(row: dict[str, str]) -> bool:
    upn = row["userPrincipalName"]
    return row["accountEnabled"] == "True" and "#EXT#" not in upn and row["userType"] == "Member"


def _change_first_enabled(path: Path, column: str, value: str) -> str:
    header, rows = _rows(path)
    row = next(row for row in rows if _ordinary(row))
    row[column] = value
    _write(path, header, rows)
    return row["userPrincipalName"]


def _drop_rows(path: Path, number: int) -> None:
    header, rows = _rows(path)
    dropped = [row for row in rows if _ordinary(row)][2 : 2 + number]
    _write(path, header, [row for row in rows if row not in dropped])


def test_a_token_with_bearer_in_front_in_the_environment_is_cleaned(
    cli: Cli, practice: PracticeServer, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", f'"Bearer {practice.token}"')
    assert cli("preview", "--profile", profile).code == 0
