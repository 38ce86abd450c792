"""Compare the values a mapping wants with those a Webex user has. Only mapped attributes count."""

from collections.abc import Mapping
from dataclasses import dataclass

from sparkwizard.provisioning.target_path import read_path
from sparkwizard.provisioning.target_schema import same_value
from sparkwizard.provisioning.types import Change, Json, User

__all__ = ["Comparison", "compare", "state_before"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold the attributes that differ."""

    changes: tuple[Change, ...]

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
        return Comparison(tuple(c for c in self.changes if c.attribute != attribute))

    def only(self, attribute: str) -> "Comparison":
        """Return the comparison of ``attribute`` alone."""
        return Comparison(tuple(c for c in self.changes if c.attribute == attribute))


def compare(wanted: Mapping[str, Json], resource: Mapping[str, Json]) -> Comparison:
    """Return what would change in ``resource`` (empty for a user to be created)."""
    return Comparison(
        tuple(
            Change(target, before, value)
            for target, value in wanted.items()
            if not same_value(target, before := _current(resource, target), value)
        )
    )


def _current(resource: Mapping[str, Json], target: str) -> Json:
    value = read_path(resource, target)
    # absent means active once there is a user at all (RFC 7643, 4.1.1)
    return True if target == "active" and value is None and resource else value


def state_before(user: User, wanted: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the user's present values of the mapped attributes, with userName and active."""
    state = {target: read_path(user.resource, target) for target in wanted}
    return state | {"userName": user.user_name, "active": user.active}
