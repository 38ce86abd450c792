"""What the journal keeps of cycles, also where it was begun by a version without them."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Link, Reason
from sparkwizard.runs.cycles.types import CycleEnd, CycleKind, CycleState, Escrowed, Quarantine
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.journal.schema import MIGRATIONS
from sparkwizard.values import replace

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SETUP = ("profile", "organization")
PLAN = Plan(
    created_at=NOW,
    profile_id=SETUP[0],
    profile_name="Contoso",
    profile_digest="d",
    source_digest="source",
    organization_id=SETUP[1],
    tenant_url="https://webexapis.com/identity/scim/org/v2",
    actions=(),
)
STATE = CycleState(CycleKind.INITIAL, b"\x00mark", "rules", 7, NOW, NOW)
FAILED = Escrowed("s1", "ann@x.example", "Ann", "conflict", "Taken.", 1, NOW, NOW)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


def end(moved: CycleState | None, expected: CycleState | None = None) -> CycleEnd:
    return CycleEnd(escrow=(FAILED,), settled=None, moved=moved, expected=expected)


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_journal_of_any_older_version_keeps_its_links_and_takes_cycles(
    file: Path, version: int
) -> None:
    old = sqlite3.connect(file)
    for script in MIGRATIONS[:version]:
        old.executescript(script)
    old.execute(f"PRAGMA user_version = {version}")
    values = {"profile_id": SETUP[0], "organization_id": SETUP[1], "source_id": "s1"}
    values |= {"webex_id": "w1", "user_name": "ann@x.example", "linked_at": NOW.isoformat()}
    places = ", ".join("?" * len(values))
    old.execute(f"INSERT INTO links ({', '.join(values)}) VALUES ({places})", [*values.values()])
    old.commit()
    old.close()

    with Journal(file, lambda: NOW) as journal:
        assert journal.cycle(SETUP) is None
        journal.end_cycle(SETUP, end(STATE))
        assert journal.links_of(SETUP, {"s1"})["s1"].webex_id == "w1"
        assert journal.managed_active(SETUP) == 1
        assert (journal.cycle(SETUP), journal.escrow(SETUP)) == (STATE, (FAILED,))


def test_a_watermark_that_was_dropped_meanwhile_stays_dropped(file: Path) -> None:
    with Journal(file, lambda: NOW) as journal:
        journal.end_cycle(SETUP, end(STATE))
        journal.drop_watermark(SETUP)  # an undo
        later = replace(STATE, kind=CycleKind.INCREMENTAL, at=NOW + timedelta(hours=1))

        journal.end_cycle(SETUP, end(later, expected=STATE))

        assert journal.cycle(SETUP) is None
        assert journal.escrow(SETUP) == (FAILED,), "what failed is never lost"


@pytest.mark.parametrize("name", ["ann@x.example", "ann.lee@y.example"])
def test_a_link_is_found_by_either_name_without_a_look_at_every_link(file: Path, name: str) -> None:
    ann = Link("s1", "w1", "Ann@x.example", None, "Ann.Lee@y.example")
    with Journal(file, lambda: NOW) as journal:
        journal.link_all(PLAN, [ann, Link("s2", "w2", "bob@x.example")])
        assert journal.links_named(SETUP, {name}) == {"s1": ann}
    steps = [step for sql in asked_for_names(file) for step in steps_of(file, sql)]
    assert len(steps) == 2
    assert all(step.startswith("SEARCH links USING INDEX links_by_") for step in steps), steps
    assert all("<expr>=?" in step for step in steps), steps


def asked_for_names(file: Path) -> list[str]:
    with Journal(file, lambda: NOW) as journal:
        asked: list[str] = []
        journal._db.set_trace_callback(asked.append)
        journal.links_named(SETUP, {"somebody@x.example"})
    return asked


def steps_of(file: Path, sql: str) -> list[str]:
    with closing(sqlite3.connect(file)) as db:
        return [str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]


def test_another_setup_is_in_no_quarantine(file: Path) -> None:
    quarantine = Quarantine(Reason("quarantine-source", "No file."), NOW, NOW, NOW)
    with Journal(file, lambda: NOW) as journal:
        journal.put_quarantine(SETUP, quarantine)
        assert journal.quarantine(SETUP) == quarantine
        assert journal.quarantine(("another", SETUP[1])) is None
        journal.put_quarantine(SETUP, None)
        assert journal.quarantine(SETUP) is None
