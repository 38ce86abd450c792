"""Initial and incremental cycles: what is read, what is written, and what is never passed by."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.cycles.cycle import Cycle
from sparkwizard.runs.types import Applied, RunResult
from sparkwizard.setup.profile import SourceSettings
from sparkwizard.values import replace
from tests.runs.tenant import NOW, Company, Person, people

pytestmark = pytest.mark.asyncio


class Moving:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: Any) -> None:
        self.now += timedelta(**time)


async def sync(company: Company, *, full: bool = False) -> tuple[Cycle, RunResult]:
    services, token = company.services, company.server.token
    cycle = await services.begin_cycle(company.profile, company.folder, token, full=full)
    async for event in services.apply_cycle(cycle, company.profile, token, control=RunControl()):
        if isinstance(event, Applied):
            return cycle, event.result
    raise AssertionError("a cycle ends with its result")


async def in_step(company: Company) -> None:
    """Hold that reading everything finds nothing to write."""
    assert (await company.preview()).to_write == ()


@pytest.fixture
def clock(company: Company) -> Moving:
    company.services.clock = moving = Moving()
    return moving


async def test_the_first_cycle_reads_everything(company: Company) -> None:
    company.employs(people(range(5)))

    cycle, result = await sync(company)

    assert (cycle.kind, cycle.why) == ("initial", "it is the first")
    assert result.applied == 5


async def test_a_value_that_had_to_wait_while_access_was_taken_is_not_forgotten(
    company: Company, clock: Moving
) -> None:
    name = "shared@fabrikam.example"
    company.employs([Person(0), Person(1, name=name), Person(2)])
    await sync(company)
    company.employs([Person(0), Person(1, enabled=False), Person(2, enabled=False, name=name)])
    await sync(company)

    clock.passes(hours=7)
    await sync(company)

    await in_step(company)


async def test_where_nothing_changed_the_next_cycle_asks_webex_for_nobody(company: Company) -> None:
    company.employs(people(range(60)))
    await sync(company)
    company.look()

    cycle, result = await sync(company)

    assert cycle.kind == "incremental"
    assert result.applied == 0
    looks = [one for one in company.requests if "/Users" in one.path]
    assert len(looks) <= 2, "at most the operator is looked at"


async def test_changed_new_and_left_people_are_all_that_is_looked_at(company: Company) -> None:
    company.employs(people(range(60)))
    await sync(company)
    company.employs(people(range(1, 60)), people(range(60, 61)))
    company.employs(
        people(range(1, 30)), people(range(30, 31), title="Chief"), people(range(31, 61))
    )
    company.look()

    cycle, result = await sync(company)

    assert cycle.kind == "incremental"
    counts = cycle.preview.plan.counts
    assert (counts.create, counts.update, counts.disable) == (1, 1, 1)
    assert result.applied == 3
    lists = [
        one for one in company.requests if "startIndex" in str(one) and "filter" not in str(one)
    ]
    assert lists == []
    await in_step(company)


async def test_a_renamed_person_keeps_their_user(company: Company) -> None:
    company.employs(people(range(6)))
    await sync(company)
    before = company.users["person003@fabrikam.example"]["id"]
    company.employs(
        people(range(3)), people(range(3, 4), name="new.name@fabrikam.example"), people(range(4, 6))
    )

    cycle, _ = await sync(company)

    assert cycle.kind == "incremental"
    assert company.users["new.name@fabrikam.example"]["id"] == before
    await in_step(company)


async def test_a_changed_setup_begins_anew(company: Company) -> None:
    from sparkwizard.values import replace

    company.employs(people(range(3)))
    await sync(company)
    company.profile = replace(
        company.profile, actions=replace(company.profile.actions, delete=True)
    )

    cycle, _ = await sync(company)

    assert (cycle.kind, cycle.why) == ("initial", "the setup was changed")


async def test_a_full_sync_reads_everything_again(company: Company) -> None:
    company.employs(people(range(3)))
    await sync(company)
    await company.patch("person001@fabrikam.example", {"title": "Elsewhere"})
    cycle, result = await sync(company)
    assert result.applied == 0, "Webex alone changed, which an incremental cycle can't see"

    cycle, result = await sync(company, full=True)

    assert (cycle.kind, cycle.why) == ("initial", "asked for")
    assert result.applied == 1


async def test_an_incomplete_read_removes_nobody_and_stays_at_the_old_watermark(
    company: Company,
) -> None:
    company.employs(people(range(20)))
    await sync(company)
    file = company.folder / "people.csv"
    whole = file.read_text()
    rows = whole.splitlines(keepends=True)
    file.write_text("".join(rows[:10]) + 'broken@fabrikam.example,"never closed,\n')
    state = company.services.cycles_overview(company.profile).last

    cycle, result = await sync(company)

    assert not cycle.preview.plan.source_complete
    assert result.applied == 0
    ours = [user for name, user in company.users.items() if name.startswith("person0")]
    assert len(ours) == 20
    assert all(user["active"] for user in ours)
    assert company.services.cycles_overview(company.profile).last == state


async def test_too_many_leavers_at_once_are_held_back_and_looked_at_again(
    company: Company,
) -> None:
    company.employs(people(range(20)))
    await sync(company)
    company.employs(people(range(15)))

    cycle, result = await sync(company)
    assert cycle.preview.plan.removals_allowed == 2
    assert (cycle.kind, result.exit_code) == ("incremental", 3)

    cycle, result = await sync(company)
    assert (cycle.kind, result.exit_code) == ("incremental", 3), "they were not passed by"
    company.employs(people(range(18)))
    cycle, result = await sync(company)

    assert (cycle.kind, result.applied) == ("incremental", 2)
    await in_step(company)


async def test_what_failed_is_tried_again_after_six_hours(company: Company, clock: Moving) -> None:
    company.without_bulk()
    company.employs(people(range(4)))
    await sync(company)
    company.employs(people(range(4)), people(range(4, 5)))
    company.answers("/Users", 422, times=1, method="POST")

    await sync(company)
    escrow = company.services.cycles_overview(company.profile).escrow
    assert [(one.source_id, one.attempts) for one in escrow] == [
        ("00000000-0000-4000-8000-000000000004", 1)
    ]
    assert escrow[0].next_try_at == NOW + timedelta(hours=6)
    assert escrow[0].message

    clock.passes(hours=5)
    cycle, result = await sync(company)
    assert (result.applied, len(cycle.waiting)) == (0, 1)

    clock.passes(hours=1)
    cycle, result = await sync(company)
    assert (cycle.kind, result.applied, len(cycle.waiting)) == ("incremental", 1, 0)
    assert company.services.cycles_overview(company.profile).escrow == ()
    await in_step(company)


async def test_the_last_full_administrator_is_kept_by_an_incremental_cycle_too(
    company: Company,
) -> None:
    company.employs(people(range(12)))
    await sync(company)
    roles = [{"value": "id_full_admin", "type": "cirole"}]
    await company.patch("person003@fabrikam.example", {"roles": roles})
    company.employs(people(range(3)), people(range(4, 12)))

    cycle, _ = await sync(company)

    kept = company.users["person003@fabrikam.example"]["active"]
    admins = [
        user for user in company.all_users
        if user["active"] and any(r.get("value") == "id_full_admin" for r in user.get("roles", []))
    ]  # fmt: skip
    assert admins, (kept, cycle.why)


async def test_after_an_undo_the_next_cycle_reads_everything(company: Company) -> None:
    company.employs(people(range(3)))
    _, result = await sync(company)
    services, token = company.services, company.server.token
    undo = await services.undo(company.profile, result.run_id, token, confirm_removals=True)
    await company.apply(undo.plan)
    services.release_sync(company.profile)

    cycle, _ = await sync(company)

    assert cycle.kind == "initial"


async def test_who_left_with_a_source_that_nobody_confirmed_is_turned_off_once_it_is(
    company: Company,
) -> None:
    company.employs(people(range(20)))
    await sync(company)
    company.employs(people(range(19)))
    (company.folder / "people.csv").rename(company.folder / "moved.csv")
    company.profile = replace(company.profile, source=SourceSettings(path="moved.csv"))
    _, result = await sync(company)
    assert [stop.reason.code for stop in result.stops] == ["source-changed"]

    company.services.journal.remember_source(await company.preview(confirmed=True))
    _, result = await sync(company)

    assert result.by_kind == {ActionKind.DISABLE: 1}


async def test_whoever_failed_and_changed_since_counts_anew(
    company: Company, clock: Moving
) -> None:
    odd = "nine@elsewhere.example"
    company.server.faults.enforced_domains = ("fabrikam.example",)
    company.employs(people(range(2)), [Person(9, name=odd)])
    await sync(company)
    clock.passes(hours=5)
    company.employs(people(range(2)), [Person(9, "Chief", name=odd)])
    await sync(company)

    setup = (company.profile.id, company.profile.webex.organization_id)
    (entry,) = company.services.journal.escrow(setup)

    assert (entry.attempts, entry.first_failed_at) == (1, clock.now)
    assert entry.next_try_at == clock.now + timedelta(hours=6)
