"""What a scheduler runs, and when it may: once a day in quarantine, and not after an undo.

Source: Entra, application provisioning in quarantine status (facts/entra.md, section 4); design,
section 6, *Undo*. A token or a file at fault is looked at each time, and tried once it is mended.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sparkwizard.errors import SafeguardStop, SparkWizardError
from tests.runs.agreement.both_sides import BothSides
from tests.runs.agreement.happenings import Scheduled, Trouble
from tests.runs.agreement.records import Kept, Ran

__all__ = ["Scheduler"]

DAY, FOUR_WEEKS = timedelta(days=1), timedelta(weeks=4)
MOMENT = timedelta(minutes=5)

type Run = Callable[[Kept, Trouble], Awaitable[Ran | None]]


@dataclass(frozen=True, slots=True)
class Slow:
    """Since when a setup is in quarantine, when it was tried last, and by whose fault."""

    since: datetime
    last: datetime
    trouble: Trouble

    def mended(self, now: Trouble) -> bool:
        """Return whether a look tells that the fault is mended."""
        if self.trouble.no_file:
            return not now.no_file
        looked_at = self.trouble.faults.get("token_expired") or self.trouble.graph
        looked_at = looked_at or self.trouble.writing.get("token_expired")
        return bool(looked_at) and not (now.faults or now.graph)


class Scheduler:
    """Run cycles as the system's scheduler does; ``run`` carries out a plan."""

    def __init__(self, both: BothSides, run: Run) -> None:
        self.both, self._run = both, run
        self.paused = False
        """Whether a run was undone, and nobody has released sync since."""
        self.slow: Slow | None = None

    async def sync(self, step: Scheduled) -> None:
        services, profile = self.both.company.services, self.both.company.profile
        before = self.both.users
        if step.release:
            services.release_sync(profile)
            self.paused, self.slow = False, None
        refused, must = await self._refusal(step), self._must_refuse(step)
        if must is not None:
            assert refused == must, (refused, self.slow, self.both.now)
        if refused:
            assert self.both.users == before, "refused, and written all the same"
            return
        kept = await self.both.preview(step.trouble, full=step.full)
        ran = await self._run(kept, step.trouble) if kept else None
        if ran is None or not ran.result:
            self._failed(step.trouble, ran.error if ran else self.both.unread)
        self._hold_told()

    async def _refusal(self, step: Scheduled) -> str:
        """Return by which code the product refuses, empty where it begins."""
        company = self.both.company
        try:
            company.services.check_not_paused(company.profile)
            if not step.full:
                with self.both.suffering(step.trouble):
                    await company.services.check_quarantine(
                        company.profile, company.folder, company.server.token
                    )
        except SafeguardStop as stop:
            return stop.code
        return ""

    def _must_refuse(self, step: Scheduled) -> str | None:
        """Return by which code it has to refuse; None where a moment decides."""
        if self.paused:
            return "sync-paused"
        if self.slow is None or step.full:
            return ""
        now, slow = self.both.now, self.slow
        if min(abs(now - slow.since - FOUR_WEEKS), abs(now - slow.last - DAY)) < MOMENT:
            return None
        if now - slow.since > FOUR_WEEKS:
            return "quarantine-disabled"
        return "" if now - slow.last > DAY or slow.mended(step.trouble) else "quarantined"

    def _failed(self, trouble: Trouble, error: SparkWizardError | None) -> None:
        if error is None:
            return
        self.both.company.services.cycle_failed(self.both.company.profile, error)
        if trouble.of_the_whole:
            since = self.slow.since if self.slow else self.both.now
            self.slow = Slow(since, self.both.now, trouble)

    def ended(self) -> None:
        """Note that a run came to its end: whatever was at fault is no more."""
        self.slow = None

    def _hold_told(self) -> None:
        """Hold that the overview tells what there is to tell."""
        overview = self.both.company.services.cycles_overview(self.both.company.profile)
        told = overview.quarantine
        assert bool(told) == bool(self.slow), (told, self.slow)
        if told and self.slow:
            assert abs(told.since - self.slow.since) < MOMENT, ("since another day", told)
            assert abs(told.last_try_at - self.slow.last) < MOMENT, told
