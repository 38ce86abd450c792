"""Compare the values a mapping wants with those a Webex user has. Only mapped attributes count."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sparkwizard.provisioning.target_path import read_path
from sparkwizard.provisioning.target_schema import same_value
from sparkwizard.provisioning.types import Change, Json, User

__all__ = ["Comparison", "compare", "state_before"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold the attributes that differ, and the present values of all that were compared."""

    changes: tuple[Change, ...]
    current: Mapping[str, Json] = field(default_factory=dict)

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
    current = {target: _current(resource, target) for target in wanted}
    changes = tuple(
        Change(target, current[target], value)
        for target, value in wanted.items()
        if not same_value(target, current[target], value)
    )
    return Comparison(changes, current)


def _current(resource: Mapping[str, Json], target: str) -> Json:
    value = read_path(resource, target)
    # absent means active once there is a user at all (RFC 7643, 4.1.1)
    return True if target == "active" and value is None and resource else value


def state_before(user: User, found: Comparison) -> Mapping[str, Json]:
    """Return the user's present values of the compared attributes, with userName and active."""
    return {**found.current, "userName": user.user_name, "active": user.active}
