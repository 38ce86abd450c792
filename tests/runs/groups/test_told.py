"""What is told of groups: in reports, in the pack, in the support bundle's list of names."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable

from sparkwizard.provisioning.plan import Plan
from sparkwizard.runs.notify.types import Ended
from sparkwizard.runs.notify.words import run_mail
from sparkwizard.runs.reports.words import headline
from sparkwizard.runs.support.names import names_of_journal
from sparkwizard.runs.types import GroupTally
from sparkwizard.wizard.plan.group_words import GROUPS_LATER
from sparkwizard.wizard.plan.preview_notes import NoteAction, notes
from sparkwizard.wizard.run.setup_facts import findings_of, run_outcome
from tests.runs.groups.conftest import Grouped

type Employs = Callable[[Iterable[int]], None]


async def run_once(grouped: Grouped, employs: Employs) -> tuple[Plan, int]:
    employs(range(3))
    grouped.has("Sales & <b>friends</b>", 0, 1)
    plan = await grouped.preview()
    result = await grouped.company.apply(plan)
    return plan, result.run_id


async def test_a_report_tells_of_groups_in_every_form(grouped: Grouped, employs: Employs) -> None:
    _, run = await run_once(grouped, employs)
    report = grouped.company.services.report
    page = report(run, "html").decode()
    assert "Groups (2 changes)" in page
    assert "Sales &amp; &lt;b&gt;friends&lt;/b&gt;" in page
    assert "Join: Person 0, Person 1" in page
    document = json.loads(report(run, "json"))
    assert [one["action"]["kind"] for one in document["groups"]] == ["create", "update"]
    assert len(document["actions"]) == 3
    rows = report(run, "csv").decode("utf-8-sig").splitlines()
    assert sum("group create" in row or "group update" in row for row in rows) == 2
    with zipfile.ZipFile(io.BytesIO(report(run, "pack"))) as pack:
        planned = json.loads(pack.read("plan.json"))
    assert len(planned["groups"]["actions"]) == 2


async def test_the_counts_of_a_run_are_of_people_alone(grouped: Grouped, employs: Employs) -> None:
    _, run = await run_once(grouped, employs)
    record = grouped.company.services.journal.run(run)
    assert record
    assert (record.applied, record.failed, record.not_attempted) == (3, 0, 0)
    assert record.groups == GroupTally(applied=2)


async def test_a_run_whose_groups_failed_is_not_told_as_one_that_went_well(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(3))
    await grouped.company.sync()
    grouped.has("Sales", 0, 1)
    plan = await grouped.preview()
    await grouped.others_make("Sales")
    await grouped.others_make("Sales")  # two of that name: which one is meant?
    result = await grouped.company.apply(plan)
    record = grouped.company.services.journal.run(result.run_id)
    assert record
    assert record.groups.applied < record.groups.total == 2
    assert run_outcome(record)[1] != "success"
    assert "of 2 changes of groups" in headline(record)
    subject, text = run_mail("Contoso", Ended(result), computer="here", report="report")
    assert "all" not in subject
    assert "Sales" in text


async def test_the_preview_says_how_many_join_and_leave(grouped: Grouped, employs: Employs) -> None:
    plan, _ = await run_once(grouped, employs)
    (note,) = [note for note in notes(plan) if note.heading == "Groups"]
    assert note.is_news
    assert note.text == f"1 group would be created, 2 members added. {GROUPS_LATER}"


async def test_the_preview_says_that_removals_of_members_are_held_back(
    grouped: Grouped, employs: Employs
) -> None:
    await run_once(grouped, employs)
    grouped.limit(1)
    grouped.groups.clear()
    grouped.has("Other", 2)
    grouped.has("Sales & <b>friends</b>")
    (first, *_) = notes(await grouped.preview())
    assert (first.grave, first.action) == (True, NoteAction.RAISE_LIMIT)
    assert "groups" in first.heading


async def test_a_limit_that_stopped_groups_is_told_wherever_the_run_is(
    grouped: Grouped, employs: Employs
) -> None:
    await run_once(grouped, employs)
    grouped.limit(0)
    grouped.has("Sales & <b>friends</b>")
    company = grouped.company
    result = await company.apply(await grouped.preview())
    record = company.services.journal.run(result.run_id)
    assert record
    assert record.group_stop
    assert record.group_stop.code == "too-many-members-removed"
    assert run_outcome(record) == ("Held back by a limit", "warning")
    assert [one.text for one in findings_of(record, ())] == [record.group_stop.text]
    report = company.services.report
    assert record.group_stop.text in report(result.run_id, "html").decode()
    document = json.loads(report(result.run_id, "json"))
    assert document["run"]["group_stop"]["code"] == "too-many-members-removed"
    with zipfile.ZipFile(io.BytesIO(report(result.run_id, "pack"))) as pack:
        told = json.loads(pack.read("outcome.json"))
    assert told["groups_stopped"]["code"] == "too-many-members-removed"
    subject, text = run_mail("Contoso", Ended(result), computer="here", report="report")
    assert "held back by a safeguard" in subject
    assert record.group_stop.text in text


async def test_names_of_groups_and_members_are_known_to_the_support_bundle(
    grouped: Grouped, employs: Employs
) -> None:
    await run_once(grouped, employs)
    names = set(names_of_journal(grouped.company.services.journal))
    assert {"Sales & <b>friends</b>", "Person 1"} <= names


async def test_the_estimate_counts_the_requests_for_groups(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(4))
    await grouped.company.sync()
    grouped.has("Sales", 0, 1)
    grouped.has("Support", 2)
    await grouped.sync()
    grouped.has("Support", 3)
    grouped.has("Other", 1)
    company = grouped.company
    made = await company.services.preview(company.profile, company.folder, company.server.token)
    assert made.estimate
    company.look()
    await company.apply(made.plan)
    asked = [one for one in company.requests if "/Groups" in one.path]
    assert abs(made.estimate.requests - len(asked)) <= 1
