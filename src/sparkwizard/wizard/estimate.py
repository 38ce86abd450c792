"""What a run takes, in words, and whom to begin with."""

import math

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.types import Estimate

__all__ = ["estimate_words", "pilot_of"]


def estimate_words(expected: Estimate) -> str:
    """Return about how long a run takes, and how many requests."""
    noun = "request" if expected.requests == 1 else "requests"
    return f"About {_duration(expected.seconds)}, {expected.requests:,} {noun}"


def pilot_of(plan: Plan) -> str:
    """Return the source id of the person to start with: a new one, else a changed one, else ""."""
    order = (ActionKind.CREATE, ActionKind.UPDATE)
    candidates = (a.source_id for kind in order for a in plan.to_write if a.kind is kind)
    return next(candidates, "")


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{max(5, math.ceil(seconds / 5) * 5)} seconds"
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    hours = math.ceil(minutes / 60)
    return "1 hour" if hours == 1 else f"{hours} hours"
