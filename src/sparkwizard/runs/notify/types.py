"""What a mail is about, and what became of it."""

import msgspec

from sparkwizard.errors import SparkWizardError
from sparkwizard.runs.types import RunResult

__all__ = ["Ended", "Notification"]


class Ended(msgspec.Struct, frozen=True):
    """Hold how a run ended: with a result, an error, or first the one and then the other."""

    result: RunResult | None = None
    error: SparkWizardError | None = None

    @property
    def failed(self) -> bool:
        """Return whether anything was not done that was to be done."""
        return self.error is not None or self.result is None or self.result.exit_code != 0


class Notification(msgspec.Struct, frozen=True):
    """Hold whether a mail went out; ``reason`` says why not, or who of several did not get it."""

    sent: bool
    to: tuple[str, ...] = ()
    code: str = ""
    reason: str = ""
