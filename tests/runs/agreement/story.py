"""Tell a story step by step; after each run all that must hold of a run is held."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from sparkwizard.provisioning.types import ActionKind, RemovalLimit
from sparkwizard.runs.cycles.types import CycleKind
from sparkwizard.setup.profile import Safeguards
from sparkwizard.values import replace
from tests.runs.agreement.at_rest import Rest
from tests.runs.agreement.both_sides import BothSides
from tests.runs.agreement.groups.at_rest import GroupsAtRest
from tests.runs.agreement.groups.right import hold_groups_restored, hold_groups_right
from tests.runs.agreement.happenings import (
    Again,
    AnotherSetup,
    Change,
    Comes,
    DaysPass,
    Domains,
    Edited,
    Employee,
    InRings,
    InStep,
    Leaves,
    MadeByHand,
    Scheduled,
    Step,
    Sync,
    Trouble,
    Undone,
    Waits,
)
from tests.runs.agreement.records import Kept, Ran, Users
from tests.runs.agreement.right import hold_right
from tests.runs.agreement.rings import Rings
from tests.runs.agreement.scheduler import Scheduler
from tests.runs.agreement.sources import Side
from tests.runs.agreement.world import EVERYBODY
from tests.runs.tenant import Company, open_company

__all__ = ["OPERATOR", "Story", "tell", "told"]

CISCO = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
DOMAIN = "fabrikam.example"
OPERATOR = "operator@"
"""A name that stands for that of the administrator whose token is used."""


class Story:
    """Carry out steps on both sides."""

    def __init__(
        self, company: Company, side: Side | None = None, webex: str = "with Bulk"
    ) -> None:
        self.company = company
        self.both = BothSides(company, side, webex)
        self.scheduler = Scheduler(self.both, self._run)
        self.waiting: Kept | None = None

    async def begin(
        self,
        numbers: set[int],
        limit: RemovalLimit = EVERYBODY,
        *,
        delete: bool = False,
    ) -> None:
        """Take these people on, who are all there is."""
        company = self.company
        actions = replace(company.profile.actions, delete=delete)
        company.profile = replace(company.profile, actions=actions, safeguards=Safeguards(limit))
        self.both.staff |= {number: Employee(number) for number in numbers}
        await self.do(Sync(full=True))

    async def do(self, step: Step) -> None:
        """Carry out one step and hold what must hold."""
        await self.happen(step.changes)
        match step:
            case Sync(_, trouble, full):
                await self._run(await self.both.preview(trouble, full=full), trouble)
            case Waits(_, later, first, then, between):
                if kept := await self.both.preview(first):
                    await self.happen(later)
                    if between:
                        await self.do(between)
                    await self._run(kept, then)
                    self.waiting = kept
            case InRings(_, trouble, percent, turn):
                await self._in_rings(trouble, percent, turn)
            case Scheduled():
                await self.scheduler.sync(step)
            case Again(_, trouble):
                await self._run(self.waiting, trouble)
            case Undone(_, later):
                await self._undo_a_run(later)
            case InStep():
                await self._catch_up()

    async def _catch_up(self) -> None:
        for _ in range(2):
            await self.do(Sync([DaysPass(1)], full=False))
        found = await self.both.preview(Trouble())
        assert found
        assert not found.plan.writes, ("passed by", found.plan.to_write, found.plan.groups_to_write)

    async def _run(
        self, kept: Kept | None, trouble: Trouble, watch: Rings | None = None
    ) -> Ran | None:
        if kept is None:
            return None
        both = self.both
        both.patience.hold(kept, deletes=self.company.profile.actions.delete)
        ran = await both.carry_out(kept, trouble, watch)
        hold_right(both, ran)
        hold_groups_right(both, ran)
        both.patience.learns(ran, both.now)
        if ran.result or ran.in_part:
            self.scheduler.ended()
        return ran

    async def _in_rings(self, trouble: Trouble, percent: int, turn: int) -> None:
        kept = await self.both.preview(trouble)
        if kept is None:
            return
        both = self.both
        watch = Rings(
            kept, lambda: both.users, lambda: both.groups.groups, percent=percent, turn=turn
        )
        if ran := await self._run(kept, trouble, watch):
            watch.hold(ran)
        self.waiting = kept

    async def happen(self, changes: Sequence[Change]) -> None:
        for change in changes:
            await self._happens(change)

    async def _happens(self, change: Change) -> None:
        both = self.both
        match change:
            case Comes(person):
                name = both.users[both.operator]["userName"] if person.name == OPERATOR else None
                both.staff[person.number] = replace(person, name=name or person.name)
            case Leaves(number):
                both.staff.pop(number, None)
            case MadeByHand(name, external_id, active):
                await both.created_by_others(name, external_id, active=active)
            case Edited(who, values):
                if webex_id := both.find(who):
                    await both.edited_by_others(webex_id, values)
            case DaysPass(days, hours):
                both.now += timedelta(days=days, hours=hours)
            case Domains(enforced):
                both.domains = (DOMAIN,) if enforced else ()
                both.calm()
            case AnotherSetup(numbers):
                await both.run_another_setup(numbers)
            case _:
                await both.groups.happens(change)

    # -- undo -------------------------------------------------------------------------------------

    async def _undo_a_run(self, later: Sequence[Change]) -> None:
        """Run and take it back: all is as before, but that new users are turned off."""
        both = self.both
        kept = await both.preview(Trouble())
        ran = await self._run(kept, Trouble())
        digest = kept.plan.digest if kept else ""
        run = next((r for r in self.company.services.runs() if r.plan_digest == digest), None)
        if ran is None or run is None:
            return
        await self.happen(later)
        kept = await self._undo_of(run.id, ran)
        undone = await self._run(kept, Trouble())
        if undone and undone.result:
            self.scheduler.paused = True
        in_part = both.always and undone and (undone.left or undone.groups_left)
        if not (later or both.domains or in_part) and not any(
            a.kind is ActionKind.DELETE for a in ran.kept.plan.actions
        ):
            _hold_restored(_plain(ran.before), _plain(self.both.users))
            hold_groups_restored(self.both, ran)
            self._hold_let_go(run.id, ran)

    def _hold_let_go(self, run_id: int, ran: Ran) -> None:
        """Of those whom the run took over this setup has let go, but for whom it created."""
        profile = self.company.profile
        setup = (profile.id, profile.webex.organization_id)
        still = self.company.services.journal.linked_by(run_id, *setup).values()
        assert not {one.webex_id for one in still} & ran.before.keys(), ("still managed", still)

    async def _undo_of(self, run_id: int, ran: Ran) -> Kept:
        both, company = self.both, self.company
        users, links = both.users, company.links
        made_at, edits = both.now, both.edits
        made = await company.services.undo(
            company.profile, run_id, company.server.token, confirm_removals=True
        )
        return Kept(
            plan=made.plan,
            people=ran.kept.people,
            incomplete=False,
            made_at=made_at,
            edits=edits,
            run=(ran.before, ran.after),
            users=users,
            links=links,
            groups=both.groups.undoing(ran.groups_before, ran.groups_after),
        )

    # -- after a final cycle ----------------------------------------------------------------------

    async def agree(self) -> None:
        """Run an initial cycle without trouble; both sides agree, and a second plans nothing."""
        both = self.both
        both.limit_removals(EVERYBODY)
        both.domains = ()
        both.groups.settle()
        for _ in range(5):  # a name that one frees another takes the next time
            await self.do(Sync(full=True))
            last = await both.preview(Trouble())
            assert last is not None
            if not last.plan.writes:
                break
        assert last
        assert not last.plan.writes, (
            "never at rest",
            last.plan.to_write,
            last.plan.groups_to_write,
        )
        soon = await both.preview(Trouble(), full=False)
        assert soon
        assert soon.cycle
        assert soon.cycle.kind is CycleKind.INCREMENTAL, soon.cycle.why
        assert not soon.plan.writes, ("an initial cycle passed by", soon.plan.to_write)
        Rest(both, {action.source_id: action for action in last.plan.actions}).hold()
        GroupsAtRest(both).hold()


def _hold_restored(before: Users, after: Users) -> None:
    assert before.keys() <= after.keys()
    for webex_id, user in after.items():
        if webex_id in before:
            assert user == before[webex_id], ("not restored", before[webex_id], user)
        else:
            assert not user["active"], ("created, undone and still on", user)


def _plain(users: Users) -> Users:
    """Return users but for what Webex itself keeps about them, and what is empty."""
    plain = {
        one: {k: v for k, v in user.items() if k != "meta" and v} for one, user in users.items()
    }
    for webex_id, user in plain.items():
        user["active"] = users[webex_id]["active"]
        if cisco := user.get(CISCO):
            user[CISCO] = {k: v for k, v in cisco.items() if k != "accountStatus"}
    return plain


def tell(
    folder: Path,
    steps: Sequence[Step],
    *,
    people: set[int],
    limit: RemovalLimit = EVERYBODY,
    delete: bool = False,
    side: Callable[[Company], Side] | None = None,
    webex: str = "with Bulk",
) -> None:
    """Tell a whole story, to its end in agreement; ``side`` opens another source than a file."""

    async def telling() -> None:
        async with open_company(folder, with_graph=side is not None) as company:
            story = Story(company, side(company) if side else None, webex)
            await story.begin(people, limit, delete=delete)
            for step in steps:
                await story.do(step)
            await story.agree()

    asyncio.run(telling())


def told(stories: Iterable[str], seldom: Collection[str]) -> list[ParameterSet]:
    """Return what stories are about, those that are told seldom marked as slow."""
    slow = pytest.mark.slow
    return [pytest.param(one, marks=[slow] if one in seldom else []) for one in stories]
