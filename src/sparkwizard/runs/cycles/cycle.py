"""Begin a cycle: an incremental one where a watermark holds, else an initial one.

Everything is read where somebody asks for it, before the first success, after a change of the setup
or of the source, and where what changed can't be decided alone.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import msgspec

from sparkwizard.directory.types import Changes, ChangeSource, OnReadProgress, PeopleSource
from sparkwizard.provisioning.planning.leavers import DELETE_AFTER
from sparkwizard.provisioning.planning.planner import Situation, draft_plan
from sparkwizard.provisioning.planning.safeguards import LAST_ADMINISTRATOR
from sparkwizard.provisioning.types import Population
from sparkwizard.runs.applying.estimate import estimate
from sparkwizard.runs.applying.known_pace import pace_known
from sparkwizard.runs.cycles.looking import Looking, NeedsEverything
from sparkwizard.runs.cycles.types import CycleKind, CycleState, Escrowed
from sparkwizard.runs.groups.planning import draft_groups
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.preview import preview, rules_of, sealed
from sparkwizard.runs.types import Preview
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.types import Identity

__all__ = ["Cycle", "Cycler"]


class Cycle(msgspec.Struct, frozen=True, kw_only=True):
    """Hold a cycle that was planned, and what it needs to end.

    ``why`` says in words why everything was read, empty for an incremental one. ``changed`` are
    the source ids whose people are new or changed, ``looked_at`` all that were looked at, None for
    everybody. ``waiting`` are entries in escrow whose time has not come.
    """

    kind: CycleKind
    preview: Preview
    watermark: bytes
    before: CycleState | None
    why: str = ""
    changed: frozenset[str] = frozenset()
    looked_at: frozenset[str] | None = None
    waiting: tuple[Escrowed, ...] = ()


class Cycler(msgspec.Struct, kw_only=True):
    """Read and plan one cycle of a setup."""

    profile: Profile
    source: PeopleSource
    scim: ScimClient
    journal: Journal
    identity: Identity | None
    clock: Callable[[], datetime]
    source_confirmed: bool = False

    @property
    def setup(self) -> tuple[str, str]:
        """Return whose cycle this is: ids of profile and organization."""
        return self.profile.id, self.profile.webex.organization_id

    async def begin(self, *, full: bool) -> Cycle:
        """Read what is to be read and return the plan. Raises as ``preview`` does."""
        before = self.journal.cycle(self.setup)
        why = "asked for" if full else self._why_everything(before)
        if not why and before and isinstance(self.source, ChangeSource):
            cycle = await self._incremental(before, self.source)
            if isinstance(cycle, Cycle):
                return cycle
            why = cycle
        return await self._initial(before, why)

    def _why_everything(self, before: CycleState | None) -> str:
        if before is None:
            return "it is the first"
        if before.rules_digest != self.profile.digest:
            return "the setup was changed"
        if not isinstance(self.source, ChangeSource) or not before.watermark:
            return "the source can't tell what changed"
        return ""

    # -- everything -----------------------------------------------------------------------------

    async def _initial(self, before: CycleState | None, why: str) -> Cycle:
        source = _Watermarked(self.source)
        made = await preview(
            self.profile,
            source,
            self.scim,
            self.journal,
            identity=self.identity,
            now=self.clock(),
            source_confirmed=self.source_confirmed,
        )
        return Cycle(
            kind=CycleKind.INITIAL,
            preview=made,
            watermark=source.watermark,
            before=before,
            why=why,
        )

    # -- what changed ---------------------------------------------------------------------------

    async def _incremental(self, before: CycleState, source: ChangeSource) -> Cycle | str:
        """Return the cycle, or why everything must be read."""
        now = self.clock()
        escrow = self.journal.escrow(self.setup)
        also = self._to_look_at_again(escrow, now)
        changes = await source.read_changes(before.watermark, also)
        if changes.everything:
            return "the source no longer knows what changed"
        here = frozenset(person.source_id for person in changes.population.people)
        # an incomplete read says of nobody that they left
        gone = changes.removed | (also - here) if changes.population.complete else frozenset()
        try:
            made = await self._plan(changes, gone, before, now)
        except NeedsEverything as needed:
            return str(needed)
        looked_at = here | gone
        return Cycle(
            kind=CycleKind.INCREMENTAL,
            preview=made,
            watermark=changes.watermark,
            before=before,
            changed=here - also,
            looked_at=looked_at,
            waiting=tuple(one for one in escrow if one.source_id not in looked_at),
        )

    def _to_look_at_again(self, escrow: tuple[Escrowed, ...], now: datetime) -> frozenset[str]:
        again = {one.source_id for one in escrow if one.due(now)}
        if self.profile.actions.delete:
            again.update(self.journal.disabled_before(self.setup, now - DELETE_AFTER))
        return frozenset(again)

    async def _plan(
        self, changes: Changes, gone: frozenset[str], before: CycleState, now: datetime
    ) -> Preview:
        rules = rules_of(self.profile)
        population = changes.population
        looking = Looking(self.setup, rules, self.scim, self.journal)
        await looking.look(population.people, gone, now=now, users_total=before.users_total)
        await looking.look_at_operator(self.identity)
        situation = self._situation(population, looking, gone, now)
        draft = await asyncio.to_thread(draft_plan, rules, situation)
        if any(LAST_ADMINISTRATOR in action.reasons for action in draft.actions):
            raise NeedsEverything("a full administrator would lose access")
        groups = await draft_groups(self.profile, situation, draft, self.scim, self.journal)
        guarded = bool(situation.operator_id)
        plan = await asyncio.to_thread(
            sealed, self.profile, situation, draft, groups, guarded=guarded
        )
        self.journal.record_plan(plan)
        can, pace = await self.scim.capabilities(), pace_known(self.journal, self.scim, self.setup)
        expected = await asyncio.to_thread(estimate, plan, can, pace)
        return Preview(plan, population, situation.users, estimate=expected)

    def _situation(
        self, population: Population, looking: Looking, gone: frozenset[str], now: datetime
    ) -> Situation:
        known_source = self.journal.source_digest(*self.setup)
        return Situation(
            population=population,
            users=looking.users,
            links=looking.links,
            owned_elsewhere=self.journal.linked_elsewhere(*self.setup),
            operator_id=looking.operator_id,
            source_confirmed=self.source_confirmed
            or known_source in ("", self.profile.source_digest),
            now=now,
            removed=gone,
            managed_active=self.journal.managed_active(self.setup),
        )


class _Watermarked(msgspec.Struct):
    """Read everything from a source and keep the watermark that comes with it."""

    source: PeopleSource
    watermark: bytes = b""

    @property
    def label(self) -> str:
        """Return what the source is called."""
        return self.source.label

    async def read(self, on_progress: OnReadProgress | None = None) -> Population:
        """Read all people, with a watermark where the source has one."""
        if not isinstance(self.source, ChangeSource):
            return await self.source.read(on_progress)
        changes = await self.source.read_changes(b"", (), on_progress)
        self.watermark = changes.watermark
        return replace(changes.population)
