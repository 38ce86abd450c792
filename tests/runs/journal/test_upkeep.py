"""How long the journal keeps runs, what it keeps beside them, and journals of old versions."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sparkwizard.errors import InputError
from sparkwizard.provisioning.types import Action, ActionKind, Link
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.journal.schema import MIGRATIONS
from sparkwizard.runs.known import known_run
from sparkwizard.runs.papers.kept import write_papers
from sparkwizard.runs.papers.made import packed_papers, papers_of
from sparkwizard.runs.types import ActionState, Outcome, RunState
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from tests.runs.journal.test_journal import ADELE, PLAN

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Calendar:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def kept(tmp_path: Path, calendar: Calendar) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite3", calendar) as opened:
        yield opened


def run_once(journal: Journal, *, profile: str = "p1", ended: bool = True) -> int:
    """Write down a run that creates Adele, of a plan of its own."""
    made = replace(PLAN, profile_id=profile, people_read=len(journal.runs()) + 1).sealed()
    journal.record_plan(made)
    run = journal.begin_run(made, [(ADELE, ActionState.PLANNED)])
    outcome = Outcome(0, ADELE, ActionState.APPLIED, webex_id=f"w{run}")
    journal.record(run, made, [(outcome, Link("s1", f"w{run}", "adele@contoso.example"))])
    if ended:
        journal.finish_run(run, RunState.DONE)
    return run


def ids(journal: Journal) -> list[int]:
    return [run.id for run in journal.runs()]


def test_a_run_past_its_age_is_removed_and_its_number_says_so(
    kept: Journal, calendar: Calendar
) -> None:
    run = run_once(kept)
    calendar.now += timedelta(days=401)
    (gone,) = kept.prune(keep_runs=0)
    assert (gone.id, gone.started_at) == (run, NOW)
    assert kept.actions(run) == []
    with pytest.raises(InputError, match="removed from the journal for its age") as told:
        known_run(kept, run)
    assert told.value.code == "run-pruned"


def test_a_run_within_its_age_stays(kept: Journal, calendar: Calendar) -> None:
    run = run_once(kept)
    calendar.now += timedelta(days=399)
    assert kept.prune(keep_runs=0) == []
    assert ids(kept) == [run]


def test_the_last_runs_of_each_setup_stay_however_old_they_are(
    kept: Journal, calendar: Calendar
) -> None:
    runs = [run_once(kept), run_once(kept), run_once(kept, profile="p2")]
    calendar.now += timedelta(days=4000)
    assert [run.id for run in kept.prune(keep_runs=1)] == [runs[0]]
    assert ids(kept) == [runs[2], runs[1]]


def test_by_default_nothing_young_or_recent_is_removed(kept: Journal, calendar: Calendar) -> None:
    runs = [run_once(kept) for _ in range(102)]
    assert kept.prune() == []
    calendar.now += timedelta(days=401)
    assert sorted(run.id for run in kept.prune()) == runs[:2]


def test_a_run_that_has_not_ended_is_never_removed(kept: Journal, calendar: Calendar) -> None:
    run = run_once(kept, ended=False)
    calendar.now += timedelta(days=4000)
    assert kept.prune(keep_runs=0) == []
    assert ids(kept) == [run]


def test_links_outlive_the_runs_that_made_them(kept: Journal, calendar: Calendar) -> None:
    run_once(kept)
    before = kept.links("p1", "org")
    calendar.now += timedelta(days=4000)
    assert kept.prune(keep_runs=0)
    assert kept.links("p1", "org") == before != {}


def test_a_plan_past_its_age_is_forgotten_only_where_no_run_was_made_of_it(
    kept: Journal, calendar: Calendar
) -> None:
    kept.record_plan(PLAN)
    run_once(kept)
    (used,) = (run.plan_digest for run in kept.runs())
    calendar.now += timedelta(days=401)
    kept.prune()
    assert not kept.knows_plan(PLAN.digest)
    assert kept.knows_plan(used)


def test_the_number_of_a_removed_run_is_never_given_again(
    kept: Journal, calendar: Calendar
) -> None:
    run = run_once(kept)
    calendar.now += timedelta(days=401)
    kept.prune(keep_runs=0)
    assert run_once(kept) > run


def test_what_a_run_was_made_with_is_kept_as_it_was_at_the_first_try(kept: Journal) -> None:
    run = run_once(kept)
    problem = Action(ActionKind.PROBLEM, "s9", "", "Somebody")
    plan = replace(PLAN, actions=(ADELE, problem)).sealed()
    first = papers_of(Profile("Contoso"), plan)
    kept.keep_papers(run, write_papers(first))
    kept.keep_papers(run, packed_papers(Profile("Another"), plan))
    read = kept.papers(run)
    assert read == first
    assert 'name = "Contoso"' in read.setup
    assert [action.label for action in read.plan.actions] == ["Somebody"]
    assert read.plan.digest == plan.digest
    assert read.versions["python"]


def test_the_papers_go_with_their_run(kept: Journal, calendar: Calendar) -> None:
    run = run_once(kept)
    kept.keep_papers(run, packed_papers(Profile("Contoso"), PLAN))
    calendar.now += timedelta(days=401)
    kept.prune(keep_runs=0)
    assert kept.papers(run) is None


def test_a_journal_of_the_first_version_is_brought_up_to_date_with_all_it_holds(
    tmp_path: Path, calendar: Calendar
) -> None:
    path = tmp_path / "journal.sqlite3"
    first_version(path)
    with Journal(path, calendar) as journal:
        run = known_run(journal, 1)
        assert (run.profile_name, run.applied, run.state) == ("Contoso", 1, RunState.DONE)
        assert journal.actions(1)[0].action == replace(ADELE, webex_id="w1")
        assert journal.links("p1", "org")["s1"].webex_id == "w1"
        assert journal.knows_plan(PLAN.digest)
        assert journal.source_digest("p1", "org") == "source"
        assert journal.papers(1) is None
        assert journal.pruned() == []
        (version,) = journal._db.execute("PRAGMA user_version").fetchone()
        assert version == len(MIGRATIONS)


def test_a_journal_that_was_brought_up_to_date_takes_new_runs_and_prunes_old_ones(
    tmp_path: Path, calendar: Calendar
) -> None:
    path = tmp_path / "journal.sqlite3"
    first_version(path)
    calendar.now += timedelta(days=401)
    with Journal(path, calendar) as journal:
        new = run_once(journal)
        assert [run.id for run in journal.prune(keep_runs=1)] == [1]
        assert ids(journal) == [new]


def first_version(path: Path) -> None:
    """Write a journal as the first version left it, with one run and what it made."""
    db = sqlite3.connect(path)
    now = NOW.isoformat()
    db.executescript(f"BEGIN; {MIGRATIONS[0]} PRAGMA user_version = 1; COMMIT;")
    db.execute("INSERT INTO plans VALUES (?, 'p1', 'org', ?)", (PLAN.digest, now))
    db.execute(
        "INSERT INTO runs VALUES (1, ?, 'p1', 'Contoso', 'org', 'https://x.example', ?, ?,"
        " 'done', '{\"create\": 1}', '[]')",
        (PLAN.digest, now, now),
    )
    db.execute(
        "INSERT INTO actions VALUES (1, 0, 'create', 's1', 'w1', 'adele@contoso.example',"
        " 'Adele Vance', '{}',"
        ' \'[{"attribute": "displayName", "before": null, "after": "Adele Vance"}]\','
        ' \'[{"code": "not-in-webex", "text": "In scope and not in Webex yet."}]\','
        " 'applied', 1, '', '', 'T1', ?)",
        (now,),
    )
    db.execute(
        "INSERT INTO links VALUES ('p1', 'org', 's1', 'w1', 'adele@contoso.example', NULL, ?)",
        (now,),
    )
    db.execute("INSERT INTO sources VALUES ('p1', 'org', 'source')")
    db.commit()
    db.close()
