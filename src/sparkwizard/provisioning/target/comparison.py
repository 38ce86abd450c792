"""Compare the values a mapping wants with those a Webex user has. Only mapped attributes count."""

from collections.abc import Mapping

import msgspec

from sparkwizard.provisioning.target.path import reader
from sparkwizard.provisioning.target.schema import same_value
from sparkwizard.provisioning.types import Change, Json, User

__all__ = ["Comparison", "compare", "state_before"]


class Comparison(msgspec.Struct, frozen=True):
    """Hold the attributes that differ, and the present values of all that were compared."""

    changes: tuple[Change, ...]
    current: Mapping[str, Json] = msgspec.field(default_factory=dict)

    @property
    def turns_off(self) -> bool:
        """Return whether somebody would lose access."""
        return any(c.attribute == "active" and c.after is False for c in self.changes)

    @property
    def turns_on(self) -> bool:
        """Return whether somebody would get access back."""
        return any(c.attribute == "active" and c.after is True for c in self.changes)

    def without(self, attribute: str) -> "Comparison":
        """Return the comparison with ``attribute`` left alone."""
        kept = tuple(c for c in self.changes if c.attribute != attribute)
        return Comparison(kept, self.current)

    def only(self, attribute: str) -> "Comparison":
        """Return the comparison of ``attribute`` alone."""
        kept = tuple(c for c in self.changes if c.attribute == attribute)
        return Comparison(kept, self.current)


def compare(wanted: Mapping[str, Json], resource: Mapping[str, Json]) -> Comparison:
    """Return what would change in ``resource`` (empty for a user to be created)."""
    current: dict[str, Json] = {}
    changes: list[Change] = []
    for target, value in wanted.items():
        now = current[target] = _current(resource, target)
        # nearly all are the very same, which is told without a call
        if (type(now) is not type(value) or now != value) and not same_value(target, now, value):
            changes.append(Change(target, now, value))
    return Comparison(tuple(changes), current)


def _current(resource: Mapping[str, Json], target: str) -> Json:
    value = reader(target)(resource)
    # absent means active once there is a user at all (RFC 7643, 4.1.1)
    return True if target == "active" and value is None and resource else value


def state_before(user: User, found: Comparison) -> Mapping[str, Json]:
    """Return the user's present values of the compared attributes, with userName and active."""
    return {**found.current, "userName": user.user_name, "active": user.active}
