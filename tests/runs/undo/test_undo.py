"""Undo: the inverse of a run, as a plan of its own, and sync that waits until it is released."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sparkwizard.errors import InputError, SafeguardStop, StorageError
from sparkwizard.provisioning.plan import Plan, read_plan, write_plan
from sparkwizard.provisioning.types import Action, ActionKind, Actions
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.journal.schema import MIGRATIONS
from sparkwizard.runs.lock import organization_lock
from sparkwizard.runs.types import Outcome, RunResult
from sparkwizard.setup.profile import Profile, Safeguards, WebexSettings
from sparkwizard.values import replace
from tests.runs.tenant import NOW, Company, Person, people

OLD_DIGEST = "e1c269a28bc8b7d8b00c4dab84f08ca156533247d3bc980c9e643d47d17f8682"


async def undo(company: Company, run: int, *, confirm: bool = False) -> Plan:
    made = await company.services.undo(
        company.profile, run, company.server.token, confirm_removals=confirm
    )
    return made.plan


async def undone(company: Company, run: int) -> RunResult:
    return await company.apply(await undo(company, run, confirm=True))


async def managed(company: Company, number: int = 20) -> RunResult:
    company.employs(people(range(number)))
    return await company.sync()


def codes(plan: Plan) -> list[tuple[ActionKind, str]]:
    return [(action.kind, action.reasons[-1].code) for action in plan.actions]


def of(plan: Plan, person: Person) -> Action:
    return next(one for one in plan.actions if one.source_id == person.object_id)


def state(company: Company) -> Mapping[str, object]:
    """Everything that Webex holds but for the times of its changes."""
    return {
        str(user["id"]): {key: value for key, value in user.items() if key != "meta"}
        for user in company.all_users
    }


# -- what a run did, undone -----------------------------------------------------------------------


async def test_an_update_is_restored_field_by_field(company: Company) -> None:
    await managed(company)
    before = state(company)
    company.employs(people(range(20), title="Manager"))
    run = await company.sync()
    plan = await undo(company, run.run_id)
    assert (plan.counts.update, plan.counts.writes) == (20, 20)
    assert (await company.apply(plan)).applied == 20
    assert state(company) == before


async def test_a_value_that_a_run_set_for_the_first_time_is_taken_away(company: Company) -> None:
    company.employs(people(range(20), title=""))
    await company.sync()
    before = state(company)
    company.employs(people(range(20), title="Manager"))
    await undone(company, (await company.sync()).run_id)
    assert state(company) == before


async def test_a_renamed_user_gets_the_old_name_back(company: Company) -> None:
    await managed(company)
    before = state(company)
    company.employs(people(range(19)), [Person(19, name="new.name@fabrikam.example")])
    await undone(company, (await company.sync()).run_id)
    assert state(company) == before


async def test_somebody_turned_off_by_a_run_is_turned_on_again(company: Company) -> None:
    await managed(company)
    before = state(company)
    company.employs(people(range(18)))
    run = await company.sync()
    assert run.by_kind == {ActionKind.DISABLE: 2}
    plan = await undo(company, run.run_id)
    assert plan.counts.update == 2, "nobody loses access by it"
    await company.apply(plan)
    assert state(company) == before
    assert all(link.disabled_at is None for link in company.links.values())


async def test_users_that_a_run_created_are_turned_off_and_not_deleted(company: Company) -> None:
    run = await managed(company, 3)
    result = await undone(company, run.run_id)
    assert result.by_kind == {ActionKind.DISABLE: 3}
    assert [company.users[one.user_name]["active"] for one in people(range(3))] == [False] * 3


async def test_what_a_run_did_not_carry_out_is_not_undone(company: Company) -> None:
    await managed(company)
    company.employs(people(range(20), title="Manager"))
    plan = await company.preview()
    await company.patch(Person(2).user_name, {"title": "Director"})
    run = await company.apply(plan)
    assert run.not_attempted == 1
    await undone(company, run.run_id)
    assert company.users[Person(2).user_name]["title"] == "Director"
    assert company.users[Person(3).user_name]["title"] == "Engineer"


async def test_a_run_that_was_cancelled_is_undone_as_far_as_it_went(company: Company) -> None:
    company.without_bulk()
    await managed(company)
    before = state(company)
    company.employs(people(range(20), title="Manager"))
    control = RunControl()

    def stop(event: object) -> None:
        if isinstance(event, Outcome):
            control.cancel()

    run = await company.apply(await company.preview(), control=control, on_event=stop)
    assert 0 < run.applied < 20
    plan = await undo(company, run.run_id)
    assert plan.counts.writes == run.applied
    await company.apply(plan)
    assert state(company) == before


async def test_an_undo_can_be_undone(company: Company) -> None:
    await managed(company)
    company.employs(people(range(18), title="Manager"), people(range(18, 19)))
    run = await company.sync()
    after = state(company)
    undoing = await undone(company, run.run_id)
    await undone(company, undoing.run_id)
    assert state(company) == after


async def test_a_user_first_matched_by_the_run_is_not_managed_after_its_undo(
    company: Company,
) -> None:
    await company.create(Person(1).user_name, externalId=Person(1).object_id, displayName="One")
    before = state(company)
    company.employs(people(range(1, 2)))
    run = await company.sync()
    assert run.by_kind == {ActionKind.UPDATE: 1}
    assert Person(1).object_id in company.links
    await undone(company, run.run_id)
    assert company.links == {}
    assert state(company) == before


# -- what an undo must not do ---------------------------------------------------------------------


async def test_a_field_changed_since_the_run_is_not_overwritten(company: Company) -> None:
    await managed(company)
    company.employs(people(range(20), title="Manager"))
    run = await company.sync()
    await company.patch(Person(2).user_name, {"title": "Director"})
    plan = await undo(company, run.run_id)
    assert (of(plan, Person(2)).kind, codes(plan).count((ActionKind.SKIPPED, "changed-since"))) == (
        ActionKind.SKIPPED,
        1,
    )
    await company.apply(plan)
    assert company.users[Person(2).user_name]["title"] == "Director"


async def test_other_fields_of_a_user_changed_since_are_restored_and_the_rest_is_named(
    company: Company,
) -> None:
    await managed(company)
    company.employs(people(range(19)), [Person(19, "Manager", name="new.name@fabrikam.example")])
    run = await company.sync()
    await company.patch("new.name@fabrikam.example", {"title": "Director"})
    plan = await undo(company, run.run_id)
    action = of(plan, Person(19))
    assert [change.attribute for change in action.changes] == ["userName"]
    assert "Job title" in action.reasons[-1].text
    await company.apply(plan)
    assert company.users[Person(19).user_name]["title"] == "Director"


async def test_a_field_changed_between_undo_and_apply_is_not_overwritten(company: Company) -> None:
    await managed(company)
    company.employs(people(range(20), title="Manager"))
    plan = await undo(company, (await company.sync()).run_id)
    await company.patch(Person(2).user_name, {"title": "Director"})
    result = await company.apply(plan)
    assert (result.applied, result.not_attempted) == (19, 1)
    assert company.users[Person(2).user_name]["title"] == "Director"


@pytest.mark.parametrize("change", [{"active": False}, {"userName": "moved@fabrikam.example"}])
async def test_a_user_turned_off_or_renamed_between_undo_and_apply_is_left_alone(
    company: Company, change: dict[str, object]
) -> None:
    await managed(company)
    company.employs(people(range(20), title="Manager"))
    plan = await undo(company, (await company.sync()).run_id)
    await company.patch(Person(2).user_name, change)
    result = await company.apply(plan)
    assert [(one.action.source_id, one.code) for one in result.outcomes] == [
        (Person(2).object_id, "drift")
    ]


async def test_a_user_deleted_since_is_not_made_again(company: Company) -> None:
    await managed(company)
    company.employs(people(range(20), title="Manager"))
    run = await company.sync()
    await company.delete(Person(2).user_name)
    plan = await undo(company, run.run_id)
    assert codes(plan).count((ActionKind.SKIPPED, "not-in-webex")) == 1
    await company.apply(plan)
    assert Person(2).user_name not in company.users


async def test_a_deleted_user_is_told_as_irreversible_before_anything_is_applied(
    company: Company,
) -> None:
    await managed(company)
    company.employs(people(range(19)))
    await company.sync()
    company.profile = replace(company.profile, actions=Actions(delete=True))
    links = company.links[Person(19).object_id]
    old = replace(links, disabled_at=datetime(2026, 1, 1, tzinfo=UTC))
    company.services.journal.link_all(await company.preview(), [old])
    run = await company.sync()
    assert run.by_kind == {ActionKind.DELETE: 1}
    plan = await undo(company, run.run_id)
    assert codes(plan) == [(ActionKind.PROBLEM, "irreversible")]
    assert plan.to_write == ()


async def test_an_undo_does_not_turn_off_more_users_than_the_limit_without_confirmation(
    company: Company,
) -> None:
    run = await managed(company)
    plan = await undo(company, run.run_id)
    assert [stop.reason.code for stop in plan.stops] == ["too-many-removals"]
    assert (await company.apply(plan)).exit_code == 3
    assert all(company.users[one.user_name]["active"] for one in people(range(20)))
    assert (await undo(company, run.run_id, confirm=True)).stops == ()


async def test_an_incomplete_list_of_users_turns_nobody_off(company: Company) -> None:
    run = await managed(company, 3)
    company.server.faults.total_results_offset = 5
    plan = await undo(company, run.run_id, confirm=True)
    assert (plan.counts.disable, plan.users_complete) == (0, False)
    assert plan.stops


async def test_an_undo_does_not_touch_whom_the_setup_never_touches(company: Company) -> None:
    run = await managed(company, 3)
    never = Safeguards(never_touch=(Person(1).user_name.upper(),))
    company.profile = replace(company.profile, safeguards=never)
    plan = await undo(company, run.run_id, confirm=True)
    assert of(plan, Person(1)).kind is ActionKind.SKIPPED
    assert plan.counts.disable == 2


async def test_an_undo_does_not_confirm_another_source(company: Company) -> None:
    run = await managed(company)
    source = replace(company.profile.source, path="other.csv")
    company.profile = replace(company.profile, source=source)
    await undone(company, run.run_id)
    (company.folder / "people.csv").rename(company.folder / "other.csv")
    company.employs(people(range(5)))
    (company.folder / "people.csv").rename(company.folder / "other.csv")
    assert (await company.preview()).counts.disable == 0


async def test_an_undo_writes_nothing_before_it_is_applied(company: Company) -> None:
    run = await managed(company)
    company.look()
    await undo(company, run.run_id)
    assert company.writes == []


# -- refused --------------------------------------------------------------------------------------


async def test_a_run_that_never_was_is_not_undone(company: Company) -> None:
    with pytest.raises(InputError) as told:
        await undo(company, 7)
    assert told.value.code == "run-unknown"


async def test_a_run_of_another_setup_is_not_undone(company: Company) -> None:
    run = await managed(company, 3)
    company.profile = replace(company.profile, name="Fabrikam")
    with pytest.raises(InputError, match="Contoso") as told:
        await undo(company, run.run_id)
    assert told.value.code == "run-of-another-setup"


async def test_a_run_that_goes_on_is_not_undone(company: Company) -> None:
    company.employs(people(range(3)))
    journal, plan = company.services.journal, await company.preview()
    run = journal.begin_run(plan, [])
    with (
        organization_lock(company.services.places, plan.organization_id),
        pytest.raises(StorageError) as told,
    ):
        await undo(company, run)
    assert told.value.code == "run-locked"
    assert (await undo(company, run)).actions == ()


# -- sync waits -----------------------------------------------------------------------------------


async def test_sync_does_not_do_again_what_was_undone_until_it_is_released(
    company: Company,
) -> None:
    run = await managed(company, 3)
    plan = await undo(company, run.run_id, confirm=True)
    company.services.check_not_paused(company.profile)
    await company.apply(plan)
    with pytest.raises(SafeguardStop, match=f"run {run.run_id} was undone") as told:
        company.services.check_not_paused(company.profile)
    assert told.value.code == "sync-paused"
    company.services.release_sync(company.profile)
    company.services.check_not_paused(company.profile)
    again = await company.sync()
    assert again.by_kind == {ActionKind.UPDATE: 3}, "this setup turned them off, so it may back"


async def test_another_setup_goes_on_while_one_is_paused(company: Company) -> None:
    await undone(company, (await managed(company, 3)).run_id)
    company.services.check_not_paused(replace(company.profile, name="Fabrikam"))


async def test_the_pause_outlives_the_program(company: Company) -> None:
    await undone(company, (await managed(company, 3)).run_id)
    company.services.close()
    with pytest.raises(SafeguardStop):
        company.services.check_not_paused(company.profile)


# -- formats --------------------------------------------------------------------------------------


def bare_plan() -> Plan:
    return Plan(
        created_at=NOW,
        profile_id="p1",
        profile_name="Contoso",
        profile_digest="d",
        source_digest="source",
        organization_id="org",
        tenant_url="https://webexapis.com/identity/scim/org/v2",
    )


def test_a_plan_from_before_there_was_undo_keeps_its_hash() -> None:
    plan = bare_plan().sealed()
    assert plan.digest == OLD_DIGEST
    assert b"undoes" not in write_plan(plan)
    assert read_plan(write_plan(plan)) == plan


def test_a_plan_does_not_become_an_undo_unnoticed() -> None:
    undoing = replace(bare_plan(), undoes=3).sealed()
    assert read_plan(write_plan(undoing)).is_undo
    with pytest.raises(SafeguardStop):
        read_plan(write_plan(bare_plan().sealed()).replace(b"{", b'{"undoes": 3,', 1))


def test_a_journal_from_before_there_were_pauses_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
        old.execute("INSERT INTO sources VALUES ('p1', 'org', 'digest')")
        old.commit()
    profile = Profile("Contoso", webex=WebexSettings(organization_id="org"), explicit_id="p1")
    with Journal(path, lambda: NOW) as journal:
        assert journal.source_digest("p1", "org") == "digest"
        journal.pause_sync(replace(bare_plan(), undoes=3))
        assert journal.paused_by(profile.id, "org") == 3
