"""About how many requests a plan takes, and how long; told with "about" in front."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.types import ActionKind
from sparkwizard.webex.types import Layer, LayerName, Standing

__all__ = ["Estimate", "estimate", "has_bulk", "pilot_of"]

# Rough, and on the slow side. One write takes Webex some tenths of a second, in Bulk less.
_SECONDS_SINGLE = 0.4
_SECONDS_IN_BULK = 0.12
_SECONDS_READ = 0.25
_WIDTH = 4
_PAGE = 100
_SMALLEST_BATCH, _SLICES, _LARGEST_BATCH = 5, 20, 100
_READ_EACH_UP_TO = 25


@dataclass(frozen=True, slots=True)
class Estimate:
    """Hold about how many requests and seconds a plan takes."""

    requests: int
    seconds: float

    @property
    def words(self) -> str:
        """Return both in words."""
        noun = "request" if self.requests == 1 else "requests"
        return f"About {_duration(self.seconds)}, {self.requests:,} {noun}"


def has_bulk(layers: Sequence[Layer]) -> bool:
    """Return whether the connection test found that many changes go in one request."""
    return any(layer.name is LayerName.BULK and layer.standing is Standing.PASS for layer in layers)


def estimate(plan: Plan, *, bulk: bool) -> Estimate:
    """Return about how long ``plan`` takes, with several changes in one request or not."""
    kinds = Counter(action.kind for action in plan.to_write)
    writes = kinds.total()
    changing = writes - kinds[ActionKind.CREATE]
    reads = _looks(changing, plan.users_read) + 1
    if not bulk:
        return Estimate(reads + writes, (reads * _SECONDS_READ + writes * _SECONDS_SINGLE) / _WIDTH)
    batches = sum(math.ceil(number / _batch(number)) for number in kinds.values())
    reads += _looks(writes, plan.users_read + kinds[ActionKind.CREATE])
    return Estimate(reads + batches, reads * _SECONDS_READ / 2 + writes * _SECONDS_IN_BULK)


def pilot_of(plan: Plan) -> str:
    """Return the source id of the person to start with: a new one, else a changed one, else ""."""
    order = (ActionKind.CREATE, ActionKind.UPDATE)
    candidates = (a.source_id for kind in order for a in plan.to_write if a.kind is kind)
    return next(candidates, "")


def _looks(number: int, users: int) -> int:
    return number if number <= _READ_EACH_UP_TO else math.ceil(users / _PAGE)


def _batch(number: int) -> int:
    return min(_LARGEST_BATCH, max(_SMALLEST_BATCH, number // _SLICES))


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{max(5, math.ceil(seconds / 5) * 5)} seconds"
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    hours = math.ceil(minutes / 60)
    return "1 hour" if hours == 1 else f"{hours} hours"
