"""What writes: apply, and the plan that turns it round."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import Reason
from sparkwizard.runs import guards
from sparkwizard.runs.applying.apply import actions_of, apply
from sparkwizard.runs.applying.rings import carry_out_rings
from sparkwizard.runs.cloud.engines import check_other_engine
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.cycles.ending import end_run
from sparkwizard.runs.lock import organization_lock
from sparkwizard.runs.papers.made import packed_papers
from sparkwizard.runs.services.connections import Connections
from sparkwizard.runs.types import (
    ActionState,
    Applied,
    ApplyEvent,
    Begun,
    Outcome,
    Preview,
    RunResult,
)
from sparkwizard.runs.undo import check_not_paused, plan_undo, run_to_undo
from sparkwizard.setup.profile import Profile

__all__ = ["Runs"]


class Runs(Connections):
    """Carry out plans, and turn runs round."""

    async def apply(
        self,
        plan: Plan,
        profile: Profile,
        token: str,
        *,
        control: RunControl,
        plan_hash: str = "",
        only: frozenset[str] | None = None,
        although_entra_runs: bool = False,
        at_end: Callable[[RunResult], None] | None = None,
    ) -> AsyncGenerator[ApplyEvent]:
        """Carry out exactly this plan, alone in its organization.

        Raises SafeguardStop before anything is written where the plan does not fit this setup, was
        not made here, would take the access of whoever applies it, or Entra's own service runs the
        setup (``although_entra_runs`` allows that), and StorageError where another run holds the
        organization. Closing the generator cancels the run. ``at_end`` writes down what the run
        leaves; by itself that is what failed, for the next cycle to try again.
        """
        if not although_entra_runs:
            check_other_engine(self.journal, profile)
        guards.check_plan(plan, profile, self.journal, plan_hash=plan_hash)
        late = guards.check_age(plan, profile, self.clock(), self.journal)
        papers = await asyncio.to_thread(packed_papers, profile, plan)
        with organization_lock(self.places, plan.organization_id):
            async with self.connect(profile, token, control=control) as connection:
                guards.check_operator(plan, connection.identity)
                events = apply(
                    plan,
                    scim=connection.scim,
                    journal=self.journal,
                    control=control,
                    clock=self.clock,
                    only=only,
                    late=late,
                )
                # closed before the lock and the connection: who stops listening stops the run
                async with aclosing(events):
                    async for event in events:
                        if isinstance(event, Begun):
                            self.journal.keep_papers(event.run_id, papers)
                        elif isinstance(event, Applied) and at_end:
                            at_end(event.result)
                        elif isinstance(event, Applied):
                            end_run(plan, event.result, self.journal, self.clock())
                        yield event

    def apply_in_rings(
        self,
        plan: Plan,
        profile: Profile,
        token: str,
        order: Sequence[str],
        *,
        control: RunControl,
        plan_hash: str = "",
        percent: int = 0,
        although_entra_runs: bool = False,
    ) -> AsyncGenerator[ApplyEvent]:
        """Carry out exactly this plan ring by ring, in the ``order`` of ``pilot_order``.

        A ring in which more than ``percent`` failed or were left alone stops the rest. Raises as
        ``apply`` does.
        """

        def apply_to(only: frozenset[str] | None) -> AsyncGenerator[ApplyEvent]:
            return self.apply(
                plan,
                profile,
                token,
                control=control,
                plan_hash=plan_hash,
                only=only,
                although_entra_runs=although_entra_runs,
            )

        def leave(run_id: int, why: Reason) -> list[Outcome]:
            self.journal.leave_rest(run_id, actions_of(plan), why)
            records = self.journal.actions(run_id)
            return [r.outcome for r in records if r.state is not ActionState.APPLIED]

        return carry_out_rings(order, apply_to, leave, percent=percent)

    async def undo(
        self, profile: Profile, run_id: int, token: str, *, confirm_removals: bool = False
    ) -> Preview:
        """Make the plan that is the inverse of a run; nothing is written to Webex.

        ``confirm_removals`` lifts the limit on removals. Raises InputError where the run is none of
        this setup, StorageError while it goes on.
        """
        run = run_to_undo(self.journal, self.places, profile, run_id)
        async with self.connect(profile, token) as connection:
            return await plan_undo(
                profile,
                run,
                connection.scim,
                self.journal,
                identity=connection.identity,
                now=self.clock(),
                confirm_removals=confirm_removals,
            )

    def check_not_paused(self, profile: Profile) -> None:
        """Refuse to sync after an undo until it is released. Raises SafeguardStop."""
        check_not_paused(self.journal, profile)

    def release_sync(self, profile: Profile) -> None:
        """Let sync go on after an undo."""
        self.journal.release_sync(profile.id, profile.webex.organization_id)
