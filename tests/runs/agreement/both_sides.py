"""The runs between a directory and a Webex, in whatever trouble."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from itertools import count
from typing import Any
from unittest import mock

from sparkwizard.errors import SparkWizardError
from sparkwizard.practice import Faults
from sparkwizard.provisioning.types import RemovalLimit
from sparkwizard.runs.applying import rings
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.cycles.types import CycleKind
from sparkwizard.runs.types import (
    Applied,
    ApplyEvent,
    GroupOutcome,
    Outcome,
    RingDone,
    RunResult,
    RunState,
)
from sparkwizard.setup.profile import Safeguards
from sparkwizard.values import replace
from tests.runs.agreement.cutting import (
    UPDATE_GROUP_OUTCOME,
    Killed,
    coming_to_groups,
    cut_at,
    cut_unheard,
)
from tests.runs.agreement.happenings import Trouble
from tests.runs.agreement.records import Kept, Ran
from tests.runs.agreement.rings import Rings
from tests.runs.agreement.world import World

__all__ = ["BothSides"]

OFF = Faults()


class BothSides(World):
    """Let both sides change, and run what the product runs."""

    def limit_removals(self, limit: RemovalLimit) -> None:
        self.company.profile = replace(self.company.profile, safeguards=Safeguards(limit))

    @contextmanager
    def suffering(self, trouble: Trouble) -> Iterator[bool]:
        """Let things be as they are now, and go wrong; yield whether reading is incomplete."""
        self.staff = self.side.holds(self.staff)
        self.side.gathers(self.groups.teams)
        self.people = self.side.chosen(self.staff)
        self.patience.sees(self.people)
        try:
            self._switch({**trouble.faults, "total_results_offset": trouble.hidden_users})
            yield self.side.suffers(trouble)
        finally:
            self.calm()
            self.side.suffers(Trouble())

    async def preview(self, trouble: Trouble, *, full: bool | None = None) -> Kept | None:
        """Make a plan of both sides as they are; None where that can't be done.

        With ``full`` it is that of a cycle, an initial or an incremental one.
        """
        company, cycle = self.company, None
        with self.suffering(trouble) as spoilt:
            people, users, links = dict(self.people), self.users, company.links
            made_at, edits = self.now, self.edits
            groups = self.groups.known(incomplete=spoilt, unlisted=trouble.hidden_users > 0)
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
            groups=groups,
        )

    async def carry_out(self, kept: Kept, trouble: Trouble, watch: Rings | None = None) -> Ran:
        """Apply a plan through whatever trouble, and return what became of it.

        With a ``watch`` it is applied ring by ring.
        """
        before, off, elsewhere = self.users, dict(self.off), self.linked_elsewhere
        groups = self.groups.groups
        digest = kept.plan.digest
        superseded = any(one != digest and at > kept.made_at for one, at in self.ended)
        overtaken = any(one != digest and at > kept.made_at for one, at in self.begun)
        self.begun.append((digest, self.now))
        edited = self.edits != kept.edits
        again = any(run.plan_digest == digest for run in self.company.services.runs())
        self._switch(trouble.faults | trouble.writing)
        self._cut(trouble)
        ending = _Ending(trouble)
        with coming_to_groups(lambda: self._comes_to_groups(trouble)):
            await self._apply(kept, ending, watch)
        if trouble.kills:
            await asyncio.sleep(0.02)  # what was under way arrives
            self.company.services.close()
        self.calm()
        self.made |= self.users.keys() - before.keys()
        if ending.result:
            self._ended(kept)
        return Ran(
            kept=kept,
            before=before,
            after=self.users,
            groups_before=groups,
            groups_after=self.groups.groups,
            off=off,
            elsewhere=elsewhere,
            superseded=superseded,
            overtaken=overtaken,
            result=ending.result,
            error=ending.error,
            in_part=ending.in_part,
            edited=edited,
            quiet=not (edited or trouble.disturbs_writing or again),
            again=again,
            in_rings=watch is not None,
        )

    def _cut(self, trouble: Trouble) -> None:
        journal = self.company.services.journal
        if trouble.kill_at is not None:
            cut_at(journal, trouble.kill_at)
        elif trouble.unheard:
            cut_unheard(journal, trouble.unheard)

    def _comes_to_groups(self, trouble: Trouble) -> None:
        """Let go wrong what does so once a run has come to groups."""
        later, journal = trouble.groups, self.company.services.journal
        if later.faults:
            self._switch(later.faults)
        if later.kill_at is not None:
            cut_at(journal, later.kill_at)
        elif later.unheard:
            cut_unheard(journal, later.unheard, UPDATE_GROUP_OUTCOME)

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

    def calm(self) -> None:
        """Let nothing go wrong in Webex but what always does."""
        self._switch({})

    def _switch(self, values: dict[str, Any]) -> None:
        values = {**self.always, **values}
        if self.domains:
            values["enforced_domains"] = self.domains
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
        self._of_groups, self._cancel_groups_at = count(1), trouble.groups.cancel_at

    def follow(self, event: ApplyEvent) -> None:
        if isinstance(event, Outcome) and next(self._outcomes) == self._cancel_at:
            self.control.cancel()
        if isinstance(event, GroupOutcome) and next(self._of_groups) == self._cancel_groups_at:
            self.control.cancel()
        if isinstance(event, RingDone) and event.result.state is RunState.DONE:
            self.in_part = True
        if isinstance(event, Applied) and event.result.state is RunState.DONE:
            self.result = event.result
