"""Cycles of a setup: begun, carried out, ended, and what they leave for another time."""

from collections.abc import AsyncGenerator
from pathlib import Path

from sparkwizard.directory.entra_users import wanted_of
from sparkwizard.errors import SparkWizardError
from sparkwizard.runs.control import RunControl
from sparkwizard.runs.cycles.cycle import Cycle, Cycler
from sparkwizard.runs.cycles.ending import end_cycle
from sparkwizard.runs.cycles.quarantine import (
    CREDENTIALS,
    SOURCE,
    after_error,
    entered,
    is_over,
    refusal,
)
from sparkwizard.runs.cycles.types import Quarantine
from sparkwizard.runs.services.previews import Previews
from sparkwizard.runs.services.runs import Runs
from sparkwizard.runs.side_by_side import beside
from sparkwizard.runs.types import ApplyEvent, RunResult
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace

__all__ = ["Cycles"]


class Cycles(Previews, Runs):
    """Keep a setup in step by initial and incremental cycles."""

    async def begin_cycle(
        self,
        profile: Profile,
        base_dir: Path,
        token: str,
        *,
        full: bool = False,
        source_confirmed: bool = False,
    ) -> Cycle:
        """Plan a cycle: of what changed, or of everything where that is due or asked for.

        Raises as ``preview`` does.
        """
        source = self.source_of(profile.source, base_dir, wanted_of(profile))
        async with (
            self.connect(profile, token) as connection,
            beside(connection.licences) as licences,
        ):
            cycle = await Cycler(
                profile=profile,
                source=source,
                scim=connection.scim,
                journal=self.journal,
                identity=connection.identity,
                clock=self.clock,
                source_confirmed=source_confirmed,
            ).begin(full=full)
            return replace(cycle, preview=replace(cycle.preview, licences=await licences))

    def apply_cycle(
        self,
        cycle: Cycle,
        profile: Profile,
        token: str,
        *,
        control: RunControl,
        although_entra_runs: bool = False,
    ) -> AsyncGenerator[ApplyEvent]:
        """Carry out a cycle's plan; at its end what failed goes to escrow and the watermark moves.

        Raises as ``apply`` does.
        """

        def ended(result: RunResult) -> None:
            end_cycle(cycle, result, self.journal, self.clock(), profile.digest)

        plan = cycle.preview.plan
        return self.apply(
            plan,
            profile,
            token,
            control=control,
            at_end=ended,
            although_entra_runs=although_entra_runs,
        )

    # -- quarantine -----------------------------------------------------------------------------

    async def check_quarantine(self, profile: Profile, base_dir: Path, token: str) -> None:
        """Refuse a cycle that is not due in quarantine. Raises SafeguardStop.

        Where a token or a file was at fault it is looked whether that is mended: then the cycle
        begins at once.
        """
        quarantine = self.journal.quarantine(_setup(profile))
        stop = refusal(quarantine, self.clock()) if quarantine else None
        if quarantine is None or stop is None:
            return
        if is_over(quarantine, self.clock()) or not await self._mended(
            quarantine, profile, base_dir, token
        ):
            raise stop

    async def _mended(
        self, quarantine: Quarantine, profile: Profile, base_dir: Path, token: str
    ) -> bool:
        try:
            if quarantine.reason.code == CREDENTIALS:
                async with self.connect(profile, token) as connection:
                    await connection.scim.find_users("userName", "nobody@quarantine.invalid")
                await self.look_at_source(profile)  # the sign-in to Entra may be what was refused
                return True
            if quarantine.reason.code == SOURCE and profile.source.kind == "csv":
                await self.read_people(profile.source, base_dir)
                return True
        except SparkWizardError:
            return False
        return False

    def cycle_failed(self, profile: Profile, error: SparkWizardError) -> Quarantine | None:
        """Put a setup in quarantine where an error that ended its cycle is one of the whole.

        Return the quarantine where it is new or for another reason, None where nothing is to be
        told.
        """
        reason = after_error(error)
        if reason is None:
            return None
        setup = _setup(profile)
        before = self.journal.quarantine(setup)
        quarantine = entered(reason, before, self.clock())
        self.journal.put_quarantine(setup, quarantine)
        return quarantine if before is None or before.reason.code != reason.code else None

    def leave_quarantine(self, profile: Profile) -> None:
        """Let the next cycle begin in its time."""
        if self.journal.quarantine(_setup(profile)):
            self.journal.put_quarantine(_setup(profile), None)

    def release_sync(self, profile: Profile) -> None:
        """Let sync go on after an undo, and out of quarantine; it reads everything then."""
        super().release_sync(profile)
        self.leave_quarantine(profile)


def _setup(profile: Profile) -> tuple[str, str]:
    return profile.id, profile.webex.organization_id
