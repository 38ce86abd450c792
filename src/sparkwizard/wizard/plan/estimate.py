"""What a run takes, in words, and whom to begin with."""

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.runs.types import Estimate
from sparkwizard.wizard.moments import about_words, count_words

__all__ = ["estimate_words", "pilot_of"]


def estimate_words(expected: Estimate) -> str:
    """Return about how long a run takes, and how many requests."""
    took = about_words(expected.seconds)
    about = took.capitalize() if took.startswith("less") else f"About {took}"
    return f"{about}, {count_words(expected.requests, 'request')}"


def pilot_of(plan: Plan) -> str:
    """Return the source id of the person to start with: a new one, else a changed one, else ""."""
    order = (ActionKind.CREATE, ActionKind.UPDATE)
    candidates = (a.source_id for kind in order for a in plan.to_write if a.kind is kind)
    return next(candidates, "")
