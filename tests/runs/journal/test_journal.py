"""The journal: what was written down is there after any crash, and damage is told in a sentence."""

import sqlite3
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sparkwizard.errors import StorageError
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Action, ActionKind, Change, Link, Reason
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.types import ActionState, Outcome, RunState
from sparkwizard.values import replace

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ADELE = Action(
    ActionKind.CREATE,
    "s1",
    "adele@contoso.example",
    "Adele Vance",
    changes=(Change("displayName", None, "Adele Vance"),),
    reasons=(Reason("not-in-webex", "In scope and not in Webex yet."),),
)
PLAN = Plan(
    created_at=NOW,
    profile_id="p1",
    profile_name="Contoso",
    profile_digest="d",
    source_digest="source",
    organization_id="org",
    tenant_url="https://webexapis.com/identity/scim/org/v2",
    actions=(ADELE,),
).sealed()


def begin(journal: Journal) -> int:
    return journal.begin_run(PLAN, [(ADELE, ActionState.PLANNED)])


def applied(seq: int = 0, webex_id: str = "w1") -> Outcome:
    return Outcome(seq, ADELE, ActionState.APPLIED, tracking_id="T1", webex_id=webex_id)


def test_a_plan_that_was_recorded_is_known_afterwards(journal: Journal) -> None:
    journal.record_plan(PLAN)
    assert journal.knows_plan(PLAN.digest)
    assert not journal.knows_plan("another")


def test_an_action_reads_back_as_it_was_written(journal: Journal) -> None:
    record = journal.actions(begin(journal))[0]
    assert record.action == ADELE
    assert record.state is ActionState.PLANNED


def test_a_request_is_on_disk_as_sent_before_its_answer(journal: Journal, tmp_path: Path) -> None:
    run = begin(journal)
    journal.mark_sent(run, [0])
    with sqlite3.connect(tmp_path / "journal.sqlite3") as other_process:
        rows = other_process.execute("SELECT state, attempts FROM actions").fetchall()
    other_process.close()
    assert rows == [("sent", 1)]


def test_an_outcome_keeps_its_tracking_id_and_makes_the_link(journal: Journal) -> None:
    run = begin(journal)
    journal.record(run, PLAN, [(applied(), Link("s1", "w1", "adele@contoso.example"))])
    record = journal.actions(run)[0]
    assert (record.state, record.tracking_id) == (ActionState.APPLIED, "T1")
    assert journal.links("p1", "org")["s1"].webex_id == "w1"


def test_a_link_remembers_when_its_user_was_turned_off(journal: Journal) -> None:
    run = begin(journal)
    journal.record(run, PLAN, [(applied(), Link("s1", "w1", "adele", NOW))])
    assert journal.links("p1", "org")["s1"].disabled_at == NOW


def test_any_thread_may_read_what_was_written(journal: Journal) -> None:
    journal.link_all(PLAN, [Link("s1", "w1", "adele")])
    with ThreadPoolExecutor(1) as other:
        links = other.submit(journal.links, "p1", "org").result()
    assert links == journal.links("p1", "org")
    assert list(links) == ["s1"]


def test_a_journal_that_a_thread_opened_to_read_is_written_by_another(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as other:
        opened = other.submit(Journal, tmp_path / "journal.sqlite3", lambda: NOW).result()
        assert opened.links("p1", "org") == {}
        opened.link_all(PLAN, [Link("s1", "w1", "adele")])
        assert list(other.submit(opened.links, "p1", "org").result()) == ["s1"]
    opened.close()


def test_reading_on_another_thread_makes_no_journal_where_there_is_none_any_more(
    journal: Journal,
) -> None:
    journal.path.unlink()
    with ThreadPoolExecutor(1) as other, pytest.raises(StorageError):
        other.submit(journal.links, "p1", "org").result()
    assert not journal.path.exists()


def test_what_failed_or_was_left_alone_is_read_without_the_rest(journal: Journal) -> None:
    states = (ActionState.APPLIED, ActionState.FAILED, ActionState.NOT_ATTEMPTED)
    run = journal.begin_run(PLAN, [(ADELE, ActionState.PLANNED)] * 3)
    outcomes = [Outcome(seq, ADELE, state) for seq, state in enumerate(states)]
    journal.record(run, PLAN, [(one, None) for one in outcomes])
    assert [one.state for one in journal.not_done(run)] == list(states[1:])
    assert journal.managed(("p1", "org")) == 0


def test_a_deleted_user_loses_the_link(journal: Journal) -> None:
    journal.link_all(PLAN, [Link("s1", "w1", "adele")])
    journal.link_all(PLAN, [Link("s1", "")])
    assert journal.links("p1", "org") == {}


def test_a_user_belongs_to_one_person_of_a_profile_only(journal: Journal) -> None:
    journal.link_all(PLAN, [Link("adele@contoso.example", "w1", "adele")])
    journal.link_all(PLAN, [Link("s1", "w1", "adele")])
    assert list(journal.links("p1", "org")) == ["s1"]


def test_users_of_another_profile_in_the_same_organization_are_known(journal: Journal) -> None:
    journal.link_all(replace(PLAN, profile_id="p2"), [Link("s1", "w9", "adele")])
    assert journal.linked_elsewhere("p1", "org") == frozenset({"w9"})
    assert journal.linked_elsewhere("p2", "org") == frozenset()


def test_what_was_never_sent_counts_as_not_attempted_when_a_run_ends(journal: Journal) -> None:
    run = begin(journal)
    journal.finish_run(run, RunState.CANCELLED)
    record = journal.run(run)
    assert record is not None
    assert (record.state, record.not_attempted) == (RunState.CANCELLED, 1)


def test_a_run_taken_up_again_repeats_what_failed_and_nothing_else(journal: Journal) -> None:
    run = journal.begin_run(
        PLAN,
        [(ADELE, ActionState.PLANNED), (ADELE, ActionState.PLANNED)],
    )
    failed = Outcome(1, ADELE, ActionState.FAILED, code="remote", message="No.")
    journal.record(run, PLAN, [(applied(), None), (failed, None)])
    journal.reopen_run(run)
    states = [record.state for record in journal.actions(run)]
    assert states == [ActionState.APPLIED, ActionState.PLANNED]


def test_what_a_safeguard_held_back_stays_held_back_in_a_run_taken_up_again(
    journal: Journal,
) -> None:
    run = journal.begin_run(PLAN, [(ADELE, ActionState.NOT_ATTEMPTED)])
    journal.reopen_run(run)
    assert journal.actions(run)[0].state is ActionState.NOT_ATTEMPTED


def test_the_journal_is_readable_by_its_owner_only(journal: Journal) -> None:
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


def test_everything_is_there_after_opening_again(
    journal: Journal, clock: Callable[[], datetime]
) -> None:
    run = begin(journal)
    journal.remember_source(PLAN)
    journal.close()
    with Journal(journal.path, clock) as again:
        assert again.run(run) is not None
        assert again.source_digest("p1", "org") == "source"


def test_a_file_that_is_no_journal_is_told_and_left_as_it_is(
    tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(b"this is not SQLite " * 100)
    with pytest.raises(StorageError, match="damaged") as told:
        Journal(path, clock)
    assert told.value.fix
    assert path.read_bytes().startswith(b"this is not")


def test_a_journal_of_a_newer_version_is_refused(
    tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    path = tmp_path / "journal.sqlite3"
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(StorageError, match="newer version"):
        Journal(path, clock)


def test_a_full_disk_is_told_and_nothing_is_half_written(journal: Journal) -> None:
    (pages,) = journal._db.execute("PRAGMA page_count").fetchone()
    journal._db.execute(f"PRAGMA max_page_count = {pages}")
    huge = replace(ADELE, label="x" * 100_000)
    with pytest.raises(StorageError, match="disk is full"):
        journal.begin_run(PLAN, [(huge, ActionState.PLANNED)])
    assert journal.runs() == []
