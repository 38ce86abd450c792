"""A directory and a Webex that others edit too, and the runs between them."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Literal
from unittest import mock

from sparkwizard.errors import SparkWizardError
from sparkwizard.practice import Faults
from sparkwizard.provisioning.types import MappingRule, RemovalLimit
from sparkwizard.runs import rings
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.cycles.types import CycleKind
from sparkwizard.runs.types import Applied, ApplyEvent, Outcome, RingDone, RunResult, RunState
from sparkwizard.setup.profile import Safeguards
from sparkwizard.values import replace
from tests.runs.agreement.cutting import Killed, cut_at, cut_unheard
from tests.runs.agreement.happenings import Employee, Trouble
from tests.runs.agreement.patience import Patience
from tests.runs.agreement.records import Kept, Off, Ran, Users
from tests.runs.agreement.rings import Rings
from tests.runs.agreement.sources import CsvSide, Side
from tests.runs.tenant import MAPPING, NOW, Company

__all__ = ["ENTERPRISE", "EVERYBODY", "BothSides"]

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
EVERYBODY = RemovalLimit(100, percent=True)
OFF = Faults()


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
        self.unread: SparkWizardError | None = None
        """Why the last plan that could not be made was not."""
        self.patience = Patience()
        self.domains: tuple[str, ...] = ()
        """Webex refuses new names outside of these domains; of none, no name."""
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
        refused = self.domains and not name.endswith(self.domains)
        if refused or name.casefold() in self.company.users:
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

    @contextmanager
    def suffering(self, trouble: Trouble) -> Iterator[bool]:
        """Let things be as they are now, and go wrong; yield whether reading is incomplete."""
        self.people = self.side.holds(self.people)
        self.patience.sees(self.people)
        try:
            self._switch({**trouble.faults, "total_results_offset": trouble.hidden_users})
            yield self.side.suffers(trouble)
        finally:
            self._switch({})
            self.side.suffers(Trouble())

    async def preview(self, trouble: Trouble, *, full: bool | None = None) -> Kept | None:
        """Make a plan of both sides as they are; None where that can't be done.

        With ``full`` it is that of a cycle, an initial or an incremental one.
        """
        company, cycle = self.company, None
        with self.suffering(trouble) as spoilt:
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
            except SparkWizardError as error:
                self.unread = error
                return None
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

    async def carry_out(self, kept: Kept, trouble: Trouble, watch: Rings | None = None) -> Ran:
        """Apply a plan through whatever trouble, and return what became of it.

        With a ``watch`` it is applied ring by ring.
        """
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
        ending = _Ending(trouble)
        await self._apply(kept, ending, watch)
        if trouble.kills:
            await asyncio.sleep(0.02)  # what was under way arrives
            self.company.services.close()
        self._switch({})
        self.made |= self.users.keys() - before.keys()
        if ending.result:
            self._ended(kept)
        return Ran(
            kept=kept,
            before=before,
            after=self.users,
            off=off,
            elsewhere=elsewhere,
            superseded=superseded,
            result=ending.result,
            error=ending.error,
            in_part=ending.in_part,
            quiet=quiet and not again,
            again=again,
            in_rings=watch is not None,
        )

    def _ended(self, kept: Kept) -> None:
        self.ended.append((kept.plan.digest, self.now))
        if kept.cycle and kept.cycle.kind is CycleKind.INITIAL and not kept.incomplete:
            self.listed = {one: u.get("externalId") for one, u in kept.users.items()}

    async def _apply(self, kept: Kept, ending: "_Ending", watch: Rings | None) -> None:
        small = mock.patch.object(rings, "RINGS", Rings.SIZES)
        try:
            with small:
                async with aclosing(self._events(kept, ending.control, watch)) as events:
                    async for event in events:
                        ending.follow(event)
                        if watch:
                            watch.follow(event)
        except SparkWizardError as error:
            ending.error = error
        except Killed:
            pass

    def _events(
        self, kept: Kept, control: RunControl, watch: Rings | None
    ) -> AsyncGenerator[ApplyEvent]:
        services, profile = self.company.services, self.company.profile
        plan, token = kept.plan, self.company.server.token
        if watch:
            return services.apply_in_rings(
                plan, profile, token, watch.order, control=control, percent=watch.percent
            )
        if kept.cycle:
            return services.apply_cycle(kept.cycle, profile, token, control=control)
        return services.apply(plan, profile, token, control=control)

    def _switch(self, values: dict[str, Any]) -> None:
        if self.domains:
            values = values | {"enforced_domains": self.domains}
        for name in OFF.__struct_fields__:
            setattr(self.company.server.faults, name, values.get(name, getattr(OFF, name)))
        self.company.server.faults.retry_after = 0


class _Ending:
    """Follow a run to its end, and cancel it where a story says so."""

    def __init__(self, trouble: Trouble) -> None:
        self.control = RunControl()
        self.result: RunResult | None = None
        self.in_part = False
        self.error: SparkWizardError | None = None
        self._outcomes, self._cancel_at = count(1), trouble.cancel_at

    def follow(self, event: ApplyEvent) -> None:
        if isinstance(event, Outcome) and next(self._outcomes) == self._cancel_at:
            self.control.cancel()
        if isinstance(event, RingDone) and event.result.state is RunState.DONE:
            self.in_part = True
        if isinstance(event, Applied) and event.result.state is RunState.DONE:
            self.result = event.result


def _operator(company: Company) -> str:
    """Return the id of the user that the token belongs to."""
    world = company.server.world
    token = world.tokens.find(company.server.token, world.clock())
    assert token
    assert token.user
    return token.user
