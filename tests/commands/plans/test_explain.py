"""``sparkwizard explain``: as an administrator would ask."""

import csv
import json
from pathlib import Path

import pytest

from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import Cli, write_profile

FILTERS = """\
[[scope.filters]]
name = "Nobody"
[[scope.filters.clauses]]
attribute = "department"
operator = "EQUALS"
values = ["No such department"]
"""


def profile_of(tmp_path: Path, practice: PracticeServer, more: str = "") -> Path:
    return write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        api_url=practice.api_url,
        csv=practice.csv,
        more=more,
    )


@pytest.fixture
def profile(tmp_path: Path, practice: PracticeServer) -> Path:
    return profile_of(tmp_path, practice)


@pytest.fixture
def token(practice: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    return practice.token


def first_member(practice: PracticeServer) -> dict[str, str]:
    with practice.csv.open(encoding="utf-8-sig", newline="") as file:
        return next(
            row
            for row in csv.DictReader(file)
            if row["accountEnabled"] == "True" and row["userType"] == "Member"
        )


def test_a_person_is_explained_as_the_preview_decides_and_nothing_is_written(
    cli: Cli, practice: PracticeServer, profile: Path, token: str, data_dir: Path
) -> None:
    previewed = cli("preview", "--profile", profile).json
    planned = next(one for one in previewed["actions"] if one["action"] == "create")
    practice.log.clear()
    told = cli("explain", "--profile", profile, planned["user_name"].upper())
    assert told.code == 0, told.err
    action = told.json["action"]
    assert (action["action"], action["changes"]) == ("create", planned["changes"])
    assert told.json["scope"]["in_scope"] is True
    assert told.json["match"]["tries"][0]["found"] == []
    assert {exchange.method for exchange in practice.log} == {"GET"}


def test_the_words_lead_through_the_four_steps(
    cli: Cli, practice: PracticeServer, profile: Path, token: str
) -> None:
    member = first_member(practice)
    told = cli("explain", "--profile", profile, member["displayName"], text=True)
    assert told.code == 0, told.err
    heads = [
        line.split()[1] for line in told.out.splitlines() if line[:2] in ("1.", "2.", "3.", "4.")
    ]
    assert heads == ["Import", "Scope", "Match", "Action"]
    assert "[userPrincipalName]" in told.out
    assert member["userPrincipalName"] in told.out


def test_somebody_out_of_scope_is_told_the_clause_that_failed(
    cli: Cli, practice: PracticeServer, tmp_path: Path, token: str
) -> None:
    name = first_member(practice)["userPrincipalName"]
    profile = profile_of(tmp_path, practice, FILTERS)
    told = cli("explain", "--profile", profile, name)
    assert told.code == 0
    assert told.json["scope"]["in_scope"] is False
    assert told.json["scope"]["filters"][0]["clauses"][0]["holds"] is False
    assert told.json["match"] is None
    words = cli("explain", "--profile", profile, name, text=True).out
    assert 'Department is "Executive Office", not "No such department"' in words


def test_without_webex_import_and_scope_are_told_and_the_exit_code_is_1(
    cli: Cli, practice: PracticeServer, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", "wrong")
    name = first_member(practice)["userPrincipalName"]
    told = cli("explain", "--profile", profile, name)
    assert told.code == 1
    assert told.json["import"]["attributes"]["userPrincipalName"] == name
    assert told.json["scope"]["in_scope"] is True
    assert (told.json["match"], told.json["action"]) == (None, None)
    assert told.json["error"]["code"] == "not-authorized"
    words = cli("explain", "--profile", profile, name, text=True)
    assert words.code == 1
    assert "Webex could not be read" in words.out


def test_a_name_of_nobody_suggests_the_nearest(
    cli: Cli, practice: PracticeServer, profile: Path, token: str
) -> None:
    name = first_member(practice)["displayName"]
    told = cli("explain", "--profile", profile, name[:-1] + "q")
    assert told.code == 1
    assert told.json["error"]["code"] == "person-not-found"
    assert name in told.json["error"]["fix"]


def test_a_person_must_be_named(cli: Cli, profile: Path) -> None:
    assert cli("explain", "--profile", profile).code == 2


def test_a_value_can_not_command_the_terminal(
    cli: Cli, practice: PracticeServer, profile: Path, token: str
) -> None:
    text = practice.csv.read_text(encoding="utf-8-sig")
    member = first_member(practice)
    changed = text.replace(member["displayName"], "\x1b[31mRed", 1)
    practice.csv.write_text(changed, encoding="utf-8")
    told = cli("explain", "--profile", profile, member["userPrincipalName"], text=True)
    assert "Red" in told.out
    assert "\x1b" not in told.out
    assert json.loads(cli("explain", "--profile", profile, member["userPrincipalName"]).out)
