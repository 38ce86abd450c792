"""``report --format pack``: one file for change control."""

import zipfile
from pathlib import Path

from sparkwizard.practice.server import PracticeServer
from tests.commands.in_process import Run, people, profile, run, served, told

__all__ = ["people", "profile", "run", "served"]


def test_a_pack_is_written_where_it_was_asked_for_and_only_its_owner_may_read_it(
    run: Run, profile: Path, served: PracticeServer, tmp_path: Path
) -> None:
    number = run("sync", "--profile", profile).json["run"]
    out = tmp_path / "run-1.zip"
    assert run("report", number, "--format", "pack", "--out", out).json == {"report": str(out)}
    assert out.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(out) as archive:
        assert {"setup.toml", "plan.json", "report.html"} <= set(archive.namelist())
        assert not any(served.token.encode() in archive.read(n) for n in archive.namelist())


def test_a_pack_without_a_file_to_write_to_is_refused_in_a_sentence(run: Run) -> None:
    assert "no file was named" in told(run("report", 1, "--format", "pack"), code="out")
