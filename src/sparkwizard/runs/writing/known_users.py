"""Users read a moment ago: good enough to change by, for a minute and until the run is paused."""

import time

import msgspec

from sparkwizard.provisioning.types import User

__all__ = ["FRESH_FOR", "Known"]

FRESH_FOR = 60.0
"""Seconds. Whoever changes a user in Webex meanwhile is overwritten, so that it must be short."""


class Known(msgspec.Struct):
    """Hold users by id, as of the moment ``read_at`` of the monotonic clock.

    ``pauses`` is how often the run had been paused by then.
    """

    users: dict[str, User] = msgspec.field(default_factory=dict)
    read_at: float = 0.0
    pauses: int = 0

    def take(self, webex_id: str, pauses: int) -> User | None:
        """Return a user once; None where it must be asked for, as it may have changed since."""
        if self.users and (pauses != self.pauses or time.monotonic() > self.read_at + FRESH_FOR):
            self.users = {}
        return self.users.pop(webex_id, None)
