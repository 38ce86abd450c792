"""Without ``--json`` a preview lists whom an administrator fears for first, and what changes."""

from pathlib import Path

import pytest

from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import Cli, write_profile

HEAD = "userPrincipalName,displayName,accountEnabled,givenName\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


@pytest.fixture
def profile(
    tmp_path: Path, people: Path, practice: PracticeServer, monkeypatch: pytest.MonkeyPatch
) -> Path:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    return write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        api_url=practice.api_url,
        csv=people,
    )


def employ(people: Path, number: int, *, given: str, leaver: int | None = None) -> None:
    rows = (f"p{one}@listed.example,Person {one},{one != leaver},{given}" for one in range(number))
    people.write_text(HEAD + "\n".join(rows) + "\n")


def test_who_loses_access_stands_before_the_many_who_are_new(
    cli: Cli, people: Path, profile: Path
) -> None:
    employ(people, 12, given="Ada")
    assert cli("sync", "--profile", profile).code == 0
    employ(people, 50, given="Grace", leaver=11)
    printed = cli("preview", "--profile", profile, text=True).out.splitlines()
    listed = [line.split()[0] for line in printed if "@listed.example>" in line]
    assert listed == ["disable", *["update"] * 6, *["create"] * 6]
    assert "  update   and 5 more" in printed
    assert "  create   and 32 more" in printed


def test_a_changed_person_is_listed_with_what_changes(
    cli: Cli, people: Path, profile: Path
) -> None:
    employ(people, 2, given="Ada")
    assert cli("sync", "--profile", profile).code == 0
    employ(people, 2, given="Grace")
    printed = cli("preview", "--profile", profile, text=True).out
    assert "Person 0 <p0@listed.example>  Given name “Ada” → “Grace”." in printed
