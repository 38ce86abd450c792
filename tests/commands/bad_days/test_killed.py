"""A process killed at any point: the next apply or sync goes on, and does each thing once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import Cli, write_profile

# Two answers take longer than the longest wait before a kill, however quick the computer is.
LATENCY_MS = 80
WRITES = ("create", "update", "disable", "delete")


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))]
)
def test_a_killed_apply_resumes_and_each_person_is_there_exactly_once(
    seed: int,
    cli: Cli,
    practice: PracticeServer,
    profile: Path,
    tmp_path: Path,
    data_dir: Path,
) -> None:
    plan = tmp_path / "plan.json"
    planned = cli("preview", "--profile", profile, "--out", plan).json
    practice.faults.latency_ms = LATENCY_MS
    command = ["apply", str(plan), "--profile", str(profile), "--data-dir", str(data_dir)]
    kills = _run_until_it_ends(command, random.Random(seed))
    practice.faults.latency_ms = 0

    names = Counter(user_name.lower() for user_name in _user_names(practice))
    assert [name for name, times in names.items() if times > 1] == []
    again = cli("preview", "--profile", profile).json
    assert [again[kind] for kind in WRITES] == [0, 0, 0, 0]
    run = cli("runs").json["runs"][0]
    assert run["applied"] == sum(planned[kind] for kind in WRITES)
    assert kills > 0


def _run_until_it_ends(command: list[str], chance: random.Random, *, most: int = 4) -> int:
    """Kill one process after the other at random points; return how many were killed."""
    kills = 0
    while True:
        process = subprocess.Popen(
            [sys.executable, "-m", "sparkwizard", *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=dict(os.environ),
        )
        assert process.stderr is not None
        process.stderr.readline()  # the first action has an outcome
        time.sleep(chance.uniform(0, 0.15))
        if kills < most and process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.stderr.read()
        process.stderr.close()
        if process.wait(timeout=60) != -signal.SIGKILL:
            assert process.returncode == 0
            return kills


def _users(practice: PracticeServer) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {practice.token}"}
    listed = httpx.get(f"{practice.tenant_url}/Users?count=1000", headers=headers).json()
    users: list[dict[str, Any]] = listed["Resources"]
    return users


def _user_names(practice: PracticeServer) -> list[str]:
    return [user["userName"] for user in _users(practice)]


# -- cycles ----------------------------------------------------------------------------------------

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
HEADER = "userPrincipalName,displayName,objectId,accountEnabled,manager"
MAPPING = "".join(
    f'[[mapping]]\ntarget = "{target}"\nexpression = "{expression}"\n{more}'
    for target, expression, more in (
        ("userName", "[userPrincipalName]", "matching_precedence = 1\n"),
        ("externalId", "[objectId]", "matching_precedence = 2\n"),
        ("active", "Not([IsSoftDeleted])", ""),
        ("displayName", "[displayName]", ""),
        (f"{ENTERPRISE}:manager.value", "[manager]", ""),
    )
)


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 4))]
)
def test_a_killed_sync_goes_on_in_the_next_one_with_leavers_and_managers(
    seed: int,
    cli: Cli,
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
        csv=tmp_path / "people.csv",
        more=f'[safeguards]\nmax_removals = "100%"\n{MAPPING}',
    )
    _write_people(tmp_path, range(12), "Old")
    assert cli("sync", "--profile", profile).json["cycle"]["kind"] == "initial"
    # four leave, eight get another name, twelve are new, each with a manager who is new as well
    _write_people(tmp_path, range(4, 24), "New")
    practice.faults.latency_ms = LATENCY_MS
    command = ["sync", "--profile", str(profile), "--data-dir", str(data_dir)]
    kills = _run_until_it_ends(command, random.Random(seed), most=3)
    practice.faults.latency_ms = 0

    again = cli("sync", "--profile", profile).json
    assert again["cycle"]["kind"] == "incremental"
    left = cli("preview", "--profile", profile).json
    assert [left[kind] for kind in WRITES] == [0, 0, 0, 0]
    people = {one["externalId"]: one for one in _users(practice) if "externalId" in one}
    assert [people[f"id-{number}"]["active"] for number in range(24)] == [False] * 4 + [True] * 20
    for number in range(4, 24):
        manager = people[f"id-{number}"][ENTERPRISE]["manager"]["value"]
        assert manager == people[f"id-{_manager_of(number)}"]["id"]
    assert kills > 0


def _write_people(folder: Path, numbers: range, name: str) -> None:
    rows = [
        f"p{number}@fabrikam.example,{name} {number},id-{number},True,id-{_manager_of(number)}"
        for number in numbers
    ]
    text = "\n".join([HEADER, *rows]) + "\n"
    (folder / "people.csv").write_text(text, encoding="utf-8")


def _manager_of(number: int) -> int:
    """Everybody's manager is the next one; the last one's is the first of those who stay."""
    return number + 1 if number < 23 else 4
