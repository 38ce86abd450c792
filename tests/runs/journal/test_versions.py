"""A journal of any older version is brought up to date whole, or not at all."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sparkwizard.runs.journal import Journal, schema

VERSIONS = range(1, len(schema.MIGRATIONS) + 1)


def old_journal(path: Path, version: int) -> None:
    """Write a journal as that version did, with a run, its actions and links."""
    db = sqlite3.connect(path, isolation_level=None)
    for script in schema.MIGRATIONS[:version]:
        db.executescript(script)
    db.execute(f"PRAGMA user_version = {version}")
    db.execute(
        "INSERT INTO plans (digest, profile_id, organization_id, created_at)"
        " VALUES ('d', 'p', 'o', '2026-01-01T00:00:00+00:00')"
    )
    db.execute(
        "INSERT INTO runs (plan_digest, profile_id, profile_name, organization_id, tenant_url,"
        " started_at, state, counts, stops) VALUES ('d', 'p', 'Contoso', 'o', 'https://x',"
        " '2026-01-01T00:00:00+00:00', 'done', '{\"create\": 1}', '[]')"
    )
    db.execute(
        "INSERT INTO actions (run_id, seq, kind, source_id, webex_id, user_name, label, before,"
        " changes, reasons, state) VALUES (1, 0, 'create', 's1', 'w1', 'a@x.example', 'A', '{}',"
        " '[]', '[]', 'applied')"
    )
    columns = "profile_id, organization_id, source_id, webex_id, user_name, disabled_at, linked_at"
    db.execute(
        f"INSERT INTO links ({columns}) VALUES ('p', 'o', 's1', 'w1', 'a@x.example', NULL,"
        " '2026-01-01T00:00:00+00:00')"
    )
    db.execute("INSERT INTO sources VALUES ('p', 'o', 'where')")
    db.close()


def holds_all(journal: Journal) -> None:
    assert journal.knows_plan("d")
    (run,) = journal.runs("p")
    assert (run.counts.create, run.applied) == (1, 1)
    assert [record.action.label for record in journal.actions(run.id)] == ["A"]
    assert journal.links("p", "o")["s1"].webex_id == "w1"
    assert journal.source_digest("p", "o") == "where"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_journal_of_any_version_opens_with_all_it_holds(
    version: int, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    path = tmp_path / "journal.sqlite3"
    old_journal(path, version)
    with Journal(path, clock) as journal:
        holds_all(journal)
        assert schema.version_of(journal._db) == len(schema.MIGRATIONS)


class _Died(Exception):
    pass


def test_a_journal_whose_update_is_cut_anywhere_opens_the_next_time(
    tmp_path: Path, clock: Callable[[], datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sqlite3.connect

    for last in range(60):
        path = tmp_path / f"{last}.sqlite3"
        old_journal(path, 1)

        class Dying(sqlite3.Connection):
            left = last

            def execute(self, *arguments: Any) -> sqlite3.Cursor:
                if self.left == 0:
                    raise _Died
                self.left -= 1
                return super().execute(*arguments)

        monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, factory=Dying, **k))
        done = True
        try:
            Journal(path, clock).close()
        except _Died:
            done = False
        monkeypatch.setattr(sqlite3, "connect", real)
        with Journal(path, clock) as journal:
            holds_all(journal)
        if done:
            assert last > 10
            return
    raise AssertionError("the update never came to its end")
