"""What the journal keeps of how fast the writing of a setup goes."""

from typing import cast

from sparkwizard.runs.journal.file import JournalFile
from sparkwizard.runs.types import KnownPace

__all__ = ["PaceRecords"]


class PaceRecords(JournalFile):
    """Keep the pace of each setup's last run that wrote to enough people."""

    def keep_pace(self, setup: tuple[str, str], pace: KnownPace) -> None:
        """Keep a pace in place of the one before. ``setup`` is profile and organization id."""
        with self._writing() as db:
            values = (*setup, pace.latency, pace.seconds_each)
            db.execute("INSERT OR REPLACE INTO paces VALUES (?, ?, ?, ?)", values)

    def pace(self, setup: tuple[str, str]) -> KnownPace | None:
        """Return the pace of a setup, None where no run of it wrote to enough people yet."""
        found = self._read(
            "SELECT latency, seconds_each FROM paces WHERE profile_id = ? AND organization_id = ?",
            *setup,
        )
        return KnownPace(*cast("tuple[float, float]", found[0])) if found else None
