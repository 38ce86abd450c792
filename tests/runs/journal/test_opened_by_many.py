"""Several processes may open the journal at once: a window, a scheduler, a command."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sparkwizard.runs.journal.schema import MIGRATIONS, version_of

OPENING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from sparkwizard.runs.journal import Journal
print("ready", flush=True)
sys.stdin.readline()
with Journal(Path(sys.argv[1]), lambda: datetime.now(UTC)) as journal:
    print(len(journal.runs()))
"""


@pytest.mark.parametrize("version", [0, 1])
def test_eight_processes_open_a_journal_that_is_new_or_old_at_the_same_time(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / "journal.sqlite3"
    if version:
        older(path, version)
    opening = [
        subprocess.Popen(
            [sys.executable, "-c", OPENING, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]
    for process in opening:
        assert process.stdout is not None
        process.stdout.readline()
    for process in opening:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60) for process in opening]
    assert [process.returncode for process in opening] == [0] * 8, said
    db = sqlite3.connect(path)
    assert version_of(db) == len(MIGRATIONS)
    db.close()


def older(path: Path, version: int) -> None:
    """Write a journal as an older version left it."""
    db = sqlite3.connect(path)
    db.executescript(f"{''.join(MIGRATIONS[:version])} PRAGMA user_version = {version};")
    db.close()
