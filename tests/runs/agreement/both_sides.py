"""A directory and a Webex that others edit too, and the runs between them."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Literal

from sparkwizard.errors import SparkWizardError
from sparkwizard.practice import Faults
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Link, MappingRule, RemovalLimit
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.cycles.cycle import Cycle
from sparkwizard.runs.cycles.types import CycleKind
from sparkwizard.runs.types import Applied, Outcome, RunState
from sparkwizard.setup.profile import Safeguards
from tests.runs.agreement.cutting import Killed, cut_at, cut_unheard
from tests.runs.agreement.happenings import Employee, Trouble
from tests.runs.agreement.sources import CsvSide, Side
from tests.runs.tenant import MAPPING, NOW, Company

__all__ = ["ENTERPRISE", "EVERYBODY", "BothSides", "Kept", "Off", "Ran", "Users"]

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
EVERYBODY = RemovalLimit(100, percent=True)
OFF = Faults()

type Users = dict[str, dict[str, Any]]
"""Webex's users by their ids."""


@dataclass(frozen=True, slots=True)
class Off:
    """Who turned a user off, and when."""

    who: Literal["us", "others"]
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A plan, with what was true when it was made."""

    plan: Plan
    people: dict[int, Employee]
    users: Users
    links: dict[str, Link]
    incomplete: bool
    made_at: datetime
    edits: int
    """How often somebody else had edited Webex."""
    cycle: Cycle | None = None
    run: tuple[Users, Users] | None = None
    """The users before and after the run that this plan takes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What was true before and after a plan was carried out."""

    kept: Kept
    before: Users
    after: Users
    off: dict[str, Off]
    elsewhere: frozenset[str]
    """The users that another setup manages."""
    superseded: bool
    """Whether another run of the setup had ended since the plan was made."""
    left: list[Outcome]
    """What was not done."""
    quiet: bool
    """Whether nothing went wrong, and nobody else edited Webex since the plan was made."""


class BothSides:
    """Let both sides change, and run what the product runs."""

    def __init__(self, company: Company, side: Side | None = None) -> None:
        self.company = company
        self.side = side or CsvSide(company)
        self.people: dict[int, Employee] = {99: Employee(99)}  # a file without anybody is refused
        self.now = NOW
        self.off: dict[str, Off] = {}
        self.edits = 0
        self.made: set[str] = set()
        """The users that this setup created."""
        self.listed: dict[str, object] = {}
        """The external ids that the last initial cycle saw; Webex can't be asked for them."""
        self.deleted: set[str] = set()
        """Those that it deleted."""
        self.ended: list[tuple[str, datetime]] = []
        """Plans of which a run ended, and when."""
        company.services.clock = self._clock
        manager = MappingRule(f"{ENTERPRISE}:manager.value", "[manager]")
        mapping = (*MAPPING, manager)
        company.profile = replace(company.profile, mapping=mapping, source=self.side.settings)
        self.another = replace(
            company.profile, name="Another", safeguards=Safeguards(EVERYBODY), mapping=MAPPING
        )
        self.other_side = CsvSide(company, "another.csv")
        self.another = replace(self.another, source=self.other_side.settings)
        self.operator = _operator(company)
        world = company.server.world
        for record in [one for one in world.users if one.id != self.operator][2:]:
            world.users.remove(record.id)

    def _clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    @property
    def users(self) -> Users:
        return {user["id"]: user for user in self.company.all_users}

    @property
    def linked_elsewhere(self) -> frozenset[str]:
        profile = self.company.profile
        organization = profile.webex.organization_id
        return self.company.services.journal.linked_elsewhere(profile.id, organization)

    def find(self, who: str | int) -> str | None:
        """Return the id of a user by name, or of some user that is not the administrator."""
        if isinstance(who, str):
            found = self.company.users.get(who.casefold())
            return found["id"] if found else None
        ids = [one for one in self.users if one != self.operator]
        return ids[who % len(ids)] if ids else None

    # -- what others do in Webex ------------------------------------------------------------------

    async def edited_by_others(self, webex_id: str, values: dict[str, object] | None) -> None:
        """Let somebody else edit a user; no values delete it, a name that is taken does nothing."""
        user = self.users[webex_id]
        name = user["userName"].casefold()
        self.edits += 1
        if values is None:
            await self.company.delete(name)
            return
        if str(values.get("userName", "")) in self.company.users:
            return
        await self.company.patch(name, values)
        if values.get("active", user["active"]) != user["active"]:
            self.turned(webex_id, "others", on=bool(values["active"]))

    async def created_by_others(self, name: str, external_id: str, *, active: bool) -> None:
        if name.casefold() in self.company.users:
            return
        self.edits += 1
        known = set(self.users)
        marked = {"externalId": external_id} if external_id else {}
        await self.company.create(name, displayName="By hand", active=active, **marked)
        (new,) = set(self.users) - known
        self.turned(new, "others", on=active)

    async def run_another_setup(self, numbers: tuple[int, ...]) -> None:
        """Let another setup of this computer provision exactly these people; ours it leaves on."""
        company, another = self.company, self.another
        self.other_side.holds({number: Employee(number) for number in (98, *numbers)})
        ours = {link.webex_id for link in company.links.values()}
        before = self.users
        self.edits += 1
        token = company.server.token
        made = await company.services.preview(another, company.folder, token)
        async for _ in company.services.apply(made.plan, another, token, control=RunControl()):
            pass
        for webex_id, user in self.users.items():
            was = before.get(webex_id, {}).get("active", True)
            if was != user["active"]:
                assert user["active"] or webex_id not in ours, ("taken from this setup", user)
                self.turned(webex_id, "others", on=user["active"])

    def turned(self, webex_id: str, who: Literal["us", "others"], *, on: bool) -> None:
        if on:
            self.off.pop(webex_id, None)
        else:
            self.off[webex_id] = Off(who, self.now)

    # -- runs -------------------------------------------------------------------------------------

    def limit_removals(self, limit: RemovalLimit) -> None:
        self.company.profile = replace(self.company.profile, safeguards=Safeguards(limit))

    async def preview(self, trouble: Trouble, *, full: bool | None = None) -> Kept | None:
        """Make a plan of both sides as they are; None where that can't be done.

        With ``full`` it is that of a cycle, an initial or an incremental one.
        """
        company, cycle = self.company, None
        self.people = self.side.holds(self.people)
        spoilt = self.side.suffers(trouble)
        self._switch({**trouble.faults, "total_results_offset": trouble.hidden_users})
        people, users, links = dict(self.people), self.users, company.links
        made_at, edits = self.now, self.edits
        try:
            if full is None:
                plan = await company.preview()
            else:
                cycle = await company.services.begin_cycle(
                    company.profile, company.folder, company.server.token, full=full
                )
                plan = cycle.preview.plan
        except SparkWizardError:
            return None
        finally:
            self._switch({})
            self.side.suffers(Trouble())
        # an incremental cycle reads no list that could hide anybody
        hidden = trouble.hidden_users and not (cycle and cycle.kind is CycleKind.INCREMENTAL)
        bad = bool(spoilt or hidden)
        return Kept(
            plan=plan,
            people=people,
            users=users,
            links=links,
            incomplete=bad,
            made_at=made_at,
            edits=edits,
            cycle=cycle,
        )

    async def carry_out(self, kept: Kept, trouble: Trouble) -> Ran:
        """Apply a plan through whatever trouble, and return what became of it."""
        before, off, elsewhere = self.users, dict(self.off), self.linked_elsewhere
        digest = kept.plan.digest
        superseded = any(one != digest and at > kept.made_at for one, at in self.ended)
        quiet = self.edits == kept.edits and not trouble.disturbs_writing
        again = any(run.plan_digest == digest for run in self.company.services.runs())
        self._switch(trouble.faults | trouble.writing)
        journal = self.company.services.journal
        if trouble.kill_at is not None:
            cut_at(journal, trouble.kill_at)
        elif trouble.unheard:
            cut_unheard(journal, trouble.unheard)
        left: list[Outcome] = []
        with suppress(SparkWizardError, Killed):
            await self._apply(kept, trouble, left)
        if trouble.kills:
            await asyncio.sleep(0.02)  # what was under way arrives
            self.company.services.close()
        self._switch({})
        self.made |= self.users.keys() - before.keys()
        return Ran(
            kept=kept,
            before=before,
            after=self.users,
            off=off,
            elsewhere=elsewhere,
            superseded=superseded,
            left=left,
            quiet=quiet and not again,
        )

    async def _apply(self, kept: Kept, trouble: Trouble, left: list[Outcome]) -> None:
        company, control = self.company, RunControl()
        outcomes = count(1)

        def follow(event: object) -> None:
            if isinstance(event, Outcome):
                if next(outcomes) == trouble.cancel_at:
                    control.cancel()
            elif isinstance(event, Applied) and event.result.state is RunState.DONE:
                left.extend(event.result.outcomes)
                self.ended.append((kept.plan.digest, self.now))
                if kept.cycle and kept.cycle.kind is CycleKind.INITIAL and not kept.incomplete:
                    self.listed = {one: u.get("externalId") for one, u in kept.users.items()}

        if kept.cycle is None:
            await company.apply(kept.plan, control=control, on_event=follow)
        else:
            await self._apply_cycle(kept.cycle, control, follow)

    async def _apply_cycle(
        self, cycle: Cycle, control: RunControl, follow: Callable[[object], None]
    ) -> None:
        company = self.company
        token = company.server.token
        events = company.services.apply_cycle(cycle, company.profile, token, control=control)
        async with aclosing(events):
            async for event in events:
                follow(event)

    def _switch(self, values: dict[str, Any]) -> None:
        for name in OFF.__struct_fields__:
            setattr(self.company.server.faults, name, values.get(name, getattr(OFF, name)))
        self.company.server.faults.retry_after = 0


def _operator(company: Company) -> str:
    """Return the id of the user that the token belongs to."""
    world = company.server.world
    token = world.tokens.find(company.server.token, world.clock())
    assert token
    assert token.user
    return token.user
