"""Groups on bad days: kills, drift, refusals, undo. Nothing twice, nothing over others' changes."""

from collections.abc import Callable, Iterable
from contextlib import suppress

import pytest

from sparkwizard.commands.telling.groups import group_lines, group_run_lines
from sparkwizard.errors import SparkWizardError
from sparkwizard.provisioning.groups.types import GroupLink
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.types import ActionState, GroupOutcome
from sparkwizard.values import replace
from sparkwizard.wizard.plan.preview_notes import notes
from sparkwizard.wizard.run.outcome import verdict
from tests.runs.groups.conftest import Grouped, named
from tests.runs.tenant import Company

type Employs = Callable[[Iterable[int]], None]


def links_of(grouped: Grouped) -> dict[str, GroupLink]:
    profile = grouped.company.profile
    setup = (profile.id, profile.webex.organization_id)
    return grouped.company.services.journal.group_links(setup)


class Killed(BaseException):
    """End a run as a kill does."""


@pytest.mark.parametrize("at", range(1, 9))
async def test_a_run_killed_at_any_write_of_groups_goes_on_and_writes_nothing_twice(
    grouped: Grouped, employs: Employs, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    employs(range(4))
    grouped.has("Sales", 0, 1)
    grouped.has("Support", 2, 3)
    plan = await grouped.preview()
    journal, left = grouped.company.services.journal, [at]

    def dying(name: str) -> None:
        real = getattr(journal, name)

        def write(*arguments: object) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            real(*arguments)

        monkeypatch.setattr(journal, name, write)

    dying("mark_group_sent")
    dying("record_groups")
    with pytest.raises(Killed):
        await grouped.apply(plan)
    monkeypatch.undo()

    result = await grouped.apply(plan)

    assert (result.applied, result.failed, result.not_attempted) == (4, 0, 0)
    assert (grouped.members("Sales"), grouped.members("Support")) == (named(0, 1), named(2, 3))
    made = [group["displayName"] for group in grouped.all_in_webex]
    assert (made.count("Sales"), made.count("Support")) == (1, 1)
    assert not (await grouped.preview()).writes


@pytest.mark.parametrize("fault", ["drop_before_every", "drop_after_every", "server_error_every"])
@pytest.mark.parametrize("every", [1, 2, 3])
async def test_each_group_is_there_once_with_its_members_when_answers_are_lost(
    grouped: Grouped, employs: Employs, fault: str, every: int
) -> None:
    employs(range(4))
    await grouped.sync()
    grouped.has("Sales", 0, 1)
    grouped.has("Support", 2, 3)
    plan = await grouped.preview()
    faults = grouped.company.server.faults
    setattr(faults, fault, every)
    with suppress(SparkWizardError):  # what a run may end with is another test's matter
        await grouped.apply(plan)
    setattr(faults, fault, 0)

    result = await grouped.apply(plan)

    assert (result.applied, result.failed, result.not_attempted) == (4, 0, 0)
    assert (grouped.members("Sales"), grouped.members("Support")) == (named(0, 1), named(2, 3))
    names = [group["displayName"] for group in grouped.all_in_webex]
    assert (names.count("Sales"), names.count("Support")) == (1, 1)
    assert not (await grouped.preview()).writes


async def test_a_group_that_others_made_meanwhile_is_left_alone_and_found_the_next_time(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(2))
    grouped.has("Sales", 0)
    plan = await grouped.preview()
    await grouped.others_make("Sales")

    result = await grouped.company.apply(plan)

    assert result.groups
    assert {one.code for one in result.groups.outcomes} == {"drift"}
    assert result.exit_code == 4
    assert grouped.members("Sales") == set()
    await grouped.sync()
    assert grouped.members("Sales") == named(0)


async def test_a_group_that_others_renamed_meanwhile_is_left_alone(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(3))
    grouped.has("Sales", 0)
    await grouped.sync()
    grouped.has("Sales", 0, 1)
    plan = await grouped.preview()
    await grouped.others_rename("Sales", "Not sales")

    result = await grouped.apply(plan)

    assert [one.code for one in result.outcomes] == ["drift"]
    assert grouped.members("Not sales") == named(0)


async def test_a_group_that_others_deleted_is_made_again(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(2))
    grouped.has("Sales", 0)
    await grouped.sync()
    await grouped.others_delete("Sales")
    await grouped.sync()
    assert grouped.members("Sales") == named(0)


async def test_a_member_whom_webex_refuses_keeps_nobody_else_out(
    grouped: Grouped, employs: Employs, company: Company
) -> None:
    employs(range(6))
    await company.sync()
    grouped.has("Sales", *range(6))
    plan = await grouped.preview()
    await company.delete("person003@fabrikam.example")

    result = await grouped.apply(plan)

    (left,) = result.outcomes
    assert (left.state, left.code) == (ActionState.FAILED, "member-refused")
    assert "Person 3" in left.message
    assert grouped.members("Sales") == named(0, 1, 2, 4, 5)


async def test_a_person_who_could_not_be_created_is_told_and_joins_with_the_next_run(
    grouped: Grouped, employs: Employs, company: Company
) -> None:
    employs(range(2))
    grouped.has("Sales", 0, 1)
    plan = await grouped.preview()
    await company.create("person001@fabrikam.example", displayName="Person 1")

    result = await grouped.apply(plan)

    (left,) = result.outcomes
    assert left.code == "reference-pending"
    assert grouped.members("Sales") == named(0)
    await grouped.sync()
    assert grouped.members("Sales") == named(0, 1)


async def test_somebody_turned_off_is_not_added_and_stays_where_they_are(
    grouped: Grouped, employs: Employs, company: Company
) -> None:
    employs(range(3))
    grouped.has("Sales", 0, 1, 2)
    await grouped.sync()
    employs(range(2))
    grouped.has("Support", 2)
    await grouped.sync()
    assert company.users["person002@fabrikam.example"]["active"] is False
    assert grouped.members("Sales") == named(0, 1, 2)
    assert grouped.members("Support") == set()


async def test_two_groups_of_one_name_are_problems_and_nothing_is_written(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(2))
    grouped.has("Sales", 0, id_="a")
    grouped.has("sales", 1, id_="b")
    plan = await grouped.preview()
    assert plan.groups
    assert plan.groups.counts.problem == 2
    assert plan.groups_to_write == ()


async def test_people_never_touched_are_neither_added_nor_removed(
    grouped: Grouped, employs: Employs, company: Company
) -> None:
    employs(range(3))
    grouped.has("Sales", 0, 1)
    await grouped.sync()
    safeguards = replace(
        company.profile.safeguards,
        never_touch=("person001@fabrikam.example", "person002@fabrikam.example"),
    )
    company.profile = replace(company.profile, safeguards=safeguards)
    grouped.has("Sales", 0, 2)
    assert not (await grouped.preview()).writes


async def test_a_server_without_groups_brings_people_all_the_same(
    grouped: Grouped, employs: Employs, company: Company
) -> None:
    employs(range(2))
    grouped.has("Sales", 0)
    company.answers("/Groups", 403)
    plan = await grouped.preview()
    assert "groups-not-read" in {finding.code for finding in plan.findings}
    assert plan.groups_to_write == ()
    await company.apply(plan)
    assert {"person000@fabrikam.example", "person001@fabrikam.example"} <= company.users.keys()


async def test_a_cancelled_run_leaves_groups_and_the_next_apply_makes_them(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(2))
    for name in ("A", "B", "C", "D", "E", "F", "G", "H"):
        grouped.has(name, 0, 1)
    plan = await grouped.preview()
    control = RunControl()

    result = await grouped.company.apply(
        plan,
        control=control,
        on_event=lambda event: control.cancel() if isinstance(event, GroupOutcome) else None,
    )

    assert result.exit_code == 130
    assert result.groups
    assert result.groups.not_attempted > 0
    again = await grouped.apply(plan)
    assert (again.applied, again.failed) == (16, 0)
    assert not (await grouped.preview()).writes


async def test_undo_takes_people_out_and_puts_them_back_and_tells_that_a_group_stays(
    grouped: Grouped, employs: Employs
) -> None:
    employs(range(4))
    grouped.has("Sales", 0, 1, id_="g1")
    await grouped.sync()
    grouped.has("Field Sales", 1, 2, id_="g1")
    grouped.has("Support", 3)
    second = await grouped.company.sync()
    company = grouped.company

    made = await company.services.undo(company.profile, second.run_id, company.server.token)

    assert made.plan.groups
    told = {
        reason.code
        for one in made.plan.groups.actions
        if one.kind is ActionKind.PROBLEM
        for reason in one.reasons
    }
    assert told == {"group-stays"}
    result = await grouped.apply(made.plan)
    assert (result.failed, result.not_attempted) == (0, 0)
    assert grouped.members("Sales") == named(0, 1)
    assert grouped.members("Support") == set()


async def test_undo_lets_go_of_a_group_that_the_run_took_over(
    grouped: Grouped, employs: Employs, company: Company
) -> None:
    employs(range(2))
    grouped.has("Mine", 0)
    first = await company.sync()
    await grouped.others_make("Sales", "person001@fabrikam.example")
    grouped.has("Sales", 1)
    second = await company.sync()
    assert "group-sales" in links_of(grouped)

    made = await company.services.undo(company.profile, second.run_id, company.server.token)
    assert made.plan.groups
    assert "unlinked" in {one.code for a in made.plan.groups.actions for one in a.reasons}
    await grouped.apply(made.plan)

    assert links_of(grouped).keys() == {"group-mine"}
    assert links_of(grouped)["group-mine"].run == first.run_id
    sales = grouped.in_webex["Sales"]
    assert (grouped.members("Sales"), sales.get("externalId")) == (named(1), None)


async def test_a_pilot_leaves_groups_to_the_whole_run(grouped: Grouped, employs: Employs) -> None:
    employs(range(3))
    grouped.has("Sales", 0, 1, 2)
    plan = await grouped.preview()
    first = plan.to_write[0].source_id
    assert "leave groups as they are" in " ".join(group_lines(plan))
    assert "leave groups as they are" in " ".join(note.text for note in notes(plan))
    result = await grouped.company.apply(plan, only=frozenset({first}))
    assert "Sales" not in grouped.in_webex
    assert (result.groups and result.groups.waiting, result.exit_code) == (True, 0)
    assert "left as they are" in " ".join(group_run_lines(result.groups))
    assert "come with everybody" in verdict(result, pilot=True).text
    await grouped.apply(plan)
    assert grouped.members("Sales") == named(0, 1, 2)


async def test_a_run_killed_after_it_renamed_a_group_still_brings_its_people(
    grouped: Grouped, employs: Employs, monkeypatch: pytest.MonkeyPatch
) -> None:
    employs(range(3))
    grouped.has("Sales", 0, 1, id_="g1")
    await grouped.sync()
    grouped.has("Field Sales", 1, 2, id_="g1")
    plan = await grouped.preview()
    journal = grouped.company.services.journal
    real, sent = journal.mark_group_sent, [0]

    def dying(run_id: int, seq: int) -> None:
        sent[0] += 1
        if sent[0] == 2:
            raise Killed
        real(run_id, seq)

    monkeypatch.setattr(journal, "mark_group_sent", dying)
    with pytest.raises(Killed):
        await grouped.apply(plan)
    monkeypatch.undo()
    assert "Field Sales" in grouped.in_webex

    result = await grouped.apply(plan)

    assert (result.applied, result.failed, result.not_attempted) == (3, 0, 0)
    assert grouped.members("Field Sales") == named(1, 2)
