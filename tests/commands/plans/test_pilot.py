"""``apply --pilot``: few people first, then more, then the rest, each person once."""

from pathlib import Path

import pytest

from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import write_profile
from tests.commands.in_process import HEADER, Run, _no_waiting, run, told

__all__ = ["_no_waiting", "run"]


@pytest.fixture
def profile(tmp_path: Path, practice: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    rows = [f"p{n}@contoso.example,Person {n},P,{n},0-{n},True\n" for n in range(11)]
    rows.append("last@contoso.example,,Only,Given,0-99,True\n")
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
    assert run("preview", "--profile", profile, "--out", path).json["create"] == 12
    return path


def there(practice: PracticeServer) -> set[str]:
    users = [record.decode() for record in practice.world.users]
    return {user["userName"] for user in users if "contoso.example" in user["userName"]}


def test_a_pilot_writes_only_its_people_and_tells_who_they_are(
    run: Run, profile: Path, plan: Path, practice: PracticeServer
) -> None:
    ran = run("apply", plan, "--profile", profile, "--pilot", 2)
    assert (ran.code, ran.json["applied"], ran.json["not_attempted"]) == (0, 2, 0)
    assert there(practice) == {"p0@contoso.example", "last@contoso.example"}
    assert "Pilot of 2: p0@contoso.example, last@contoso.example" in ran.err


def test_rings_grow_to_everybody_and_write_nobody_twice(
    run: Run, profile: Path, plan: Path, practice: PracticeServer
) -> None:
    for size in (1, 10):
        assert run("apply", plan, "--profile", profile, "--pilot", size).json["applied"] == size
        assert len(there(practice)) == size
    assert run("apply", plan, "--profile", profile).json["applied"] == 12
    assert len(there(practice)) == 12
    assert run("preview", "--profile", profile).json["unchanged"] == 12


def test_a_pilot_with_a_failure_says_so_by_its_exit_code(
    run: Run, profile: Path, plan: Path, practice: PracticeServer
) -> None:
    practice.faults.server_error_every = 1
    ran = run("apply", plan, "--profile", profile, "--pilot", 1)
    assert ran.code != 0
    assert there(practice) == set()


@pytest.mark.parametrize("size", ["0", "-1", "few"])
def test_a_pilot_of_nobody_is_wrong_usage(run: Run, profile: Path, plan: Path, size: str) -> None:
    assert run("apply", plan, "--profile", profile, f"--pilot={size}").code == 2


def test_a_pilot_without_its_people_is_told(run: Run, profile: Path, plan: Path) -> None:
    (profile.parent / "people.csv").unlink()
    told(run("apply", plan, "--profile", profile, "--pilot", 1), code="source")
