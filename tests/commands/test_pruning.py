"""Old runs leave the journal by themselves, and it is said that they did."""

import sqlite3
from pathlib import Path

from sparkwizard.practice.server import PracticeServer
from sparkwizard.runs.journal.upkeep import KEEP_RUNS
from tests.commands.in_process import Run, people, profile, run, served, told

__all__ = ["people", "profile", "run", "served"]

LONG_AGO = "2020-01-01T00:00:00+00:00"


def with_old_runs(data_dir: Path, number: int) -> None:
    """Put copies of the first run before it, years ago."""
    db = sqlite3.connect(data_dir / "journal.sqlite3")
    columns = "plan_digest, profile_id, profile_name, organization_id, tenant_url"
    for _ in range(number):
        db.execute(
            f"INSERT INTO runs ({columns}, started_at, finished_at, state, counts, stops)"
            f" SELECT {columns}, ?, ?, 'done', counts, stops FROM runs WHERE id = 1",
            (LONG_AGO, LONG_AGO),
        )
    db.commit()
    db.close()


def test_runs_past_their_age_are_removed_when_asked_and_told(
    run: Run, profile: Path, served: PracticeServer, data_dir: Path
) -> None:
    run("sync", "--profile", profile)
    with_old_runs(data_dir, KEEP_RUNS + 2)
    assert len(run("runs").json["runs"]) == KEEP_RUNS + 3
    listed = run("runs", "--prune").json
    # the newest by number stay: the first run is among those past the last hundred, but young
    assert [one["run"] for one in listed["pruned"]] == [3, 2]
    assert len(listed["runs"]) == KEEP_RUNS + 1
    assert "can no longer be undone" in run("runs", text=True).out
    assert "for its age" in told(run("report", 2), code="run-pruned")
    assert "for its age" in told(
        run("undo", 2, "--profile", profile, "--out", data_dir / "undo.json"), code="run-pruned"
    )


def test_a_sync_removes_what_is_past_its_age(
    run: Run, profile: Path, served: PracticeServer, data_dir: Path
) -> None:
    run("sync", "--profile", profile)
    with_old_runs(data_dir, KEEP_RUNS + 1)
    assert run("sync", "--profile", profile).code == 0
    assert [one["run"] for one in run("runs").json["pruned"]] == [3, 2]
