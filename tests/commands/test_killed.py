"""A process killed at any point of an apply: the next apply of the same plan goes on, once each."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import Cli, write_profile

WRITES = ("create", "update", "disable", "delete")


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))]
)
def test_a_killed_apply_resumes_and_each_person_is_there_exactly_once(
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
        csv=practice.csv,
    )
    plan = tmp_path / "plan.json"
    planned = cli("preview", "--profile", profile, "--out", plan).json
    practice.faults.latency_ms = 25
    kills = _apply_until_it_ends(plan, profile, data_dir, random.Random(seed))
    practice.faults.latency_ms = 0

    names = Counter(user_name.lower() for user_name in _user_names(practice))
    assert [name for name, times in names.items() if times > 1] == []
    again = cli("preview", "--profile", profile).json
    assert [again[kind] for kind in WRITES] == [0, 0, 0, 0]
    run = cli("runs").json["runs"][0]
    assert run["applied"] == sum(planned[kind] for kind in WRITES)
    assert kills > 0


def _apply_until_it_ends(plan: Path, profile: Path, data_dir: Path, chance: random.Random) -> int:
    """Kill one apply after the other at random points; return how many were killed."""
    kills = 0
    while True:
        command = ["apply", str(plan), "--profile", str(profile), "--data-dir", str(data_dir)]
        process = subprocess.Popen(
            [sys.executable, "-m", "sparkwizard", *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=dict(os.environ),
        )
        assert process.stderr is not None
        process.stderr.readline()  # the first action has an outcome
        time.sleep(chance.uniform(0, 0.15))
        if kills < 4 and process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.stderr.read()
        process.stderr.close()
        if process.wait(timeout=60) != -signal.SIGKILL:
            assert process.returncode == 0
            return kills


def _user_names(practice: PracticeServer) -> list[str]:
    headers = {"Authorization": f"Bearer {practice.token}"}
    listed = httpx.get(f"{practice.tenant_url}/Users?count=1000", headers=headers).json()
    return [user["userName"] for user in listed["Resources"]]
