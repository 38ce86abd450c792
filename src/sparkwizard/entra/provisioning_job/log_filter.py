"""Filter and search entries of the provisioning logs. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from sparkwizard.entra.provisioning_job.job_types import LogEntry

__all__ = ["LogFilter", "filtered"]


class LogFilter(msgspec.Struct, frozen=True):
    """Say which entries are wanted: empty is all.

    ``actions`` and ``statuses`` are as in ``LogEntry``. ``search`` finds people, values, codes and
    reasons without regard to case, all its words. ``since`` and ``until`` bound the time.
    """

    actions: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    search: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, entry: LogEntry) -> bool:
        """Return whether an entry is wanted."""
        if self.actions and entry.action not in {action.lower() for action in self.actions}:
            return False
        if self.statuses and entry.status not in {status.lower() for status in self.statuses}:
            return False
        if (self.since and entry.at < self.since) or (self.until and entry.at > self.until):
            return False
        words = self.search.casefold().split()
        return not words or _holds(entry, words)


def filtered(entries: Iterable[LogEntry], wanted: LogFilter) -> Iterator[LogEntry]:
    """Yield the entries that are wanted, in their order."""
    return (entry for entry in entries if wanted.takes(entry))


def _holds(entry: LogEntry, words: list[str]) -> bool:
    texts = [
        entry.source_name,
        entry.source_id,
        entry.target_name,
        entry.target_id,
        entry.error_code,
        entry.reason,
        entry.change_id,
        *(text for change in entry.changes for text in change),
    ]
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in words)
