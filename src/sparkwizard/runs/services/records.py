"""What this computer knows by itself of setups and runs: nobody is asked, nothing is planned."""

from typing import TYPE_CHECKING

from sparkwizard.runs.services.setups import Setups

if TYPE_CHECKING:
    from sparkwizard.runs.cycles.types import Overview
    from sparkwizard.runs.types import RunRecord
    from sparkwizard.setup.profile import Profile

__all__ = ["Records"]


class Records(Setups):
    """Tell of what was done: runs, reports, cycles."""

    def runs(self, profile: "Profile | None" = None) -> "list[RunRecord]":
        """Return what was run, newest first."""
        return self.journal.runs(profile.id if profile else None)

    def report(self, run_id: int, form: str) -> bytes:
        """Return one run as ``html``, ``csv``, ``json`` or ``pack``. Raises InputError for none."""
        from sparkwizard.runs.reports import render  # noqa: PLC0415 -- a list of runs draws none

        return render(self.journal, run_id, form)

    def cycles_overview(self, profile: "Profile") -> "Overview":
        """Return what there is to tell of a setup's cycles."""
        from sparkwizard.runs.cycles.types import Overview  # noqa: PLC0415 -- as above

        setup, journal = (profile.id, profile.webex.organization_id), self.journal
        return Overview(
            last=journal.cycle(setup),
            escrow=journal.escrow(setup),
            quarantine=journal.quarantine(setup),
            only_in_webex=journal.count_strangers(setup),
        )
