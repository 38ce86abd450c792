"""The parts of a setup that an edit of the mapping touches, so that it can be taken back."""

import msgspec

from sparkwizard.provisioning.types import Actions, Filter, MappingRule
from sparkwizard.setup.profile import GroupSettings, Profile
from sparkwizard.values import replace

__all__ = ["MappingParts", "parts_of"]


class MappingParts(msgspec.Struct, frozen=True):
    """Hold both mappings; filters and actions only where the edit touched them (an import may)."""

    users: tuple[MappingRule, ...]
    groups: GroupSettings
    filters: tuple[Filter, ...] | None = None
    actions: Actions | None = None

    def put_into(self, profile: Profile) -> Profile:
        """Return the setup with these parts; what they don't hold stays as it is."""
        profile = replace(profile, mapping=self.users, groups=self.groups)
        if self.filters is not None:
            profile = replace(profile, scope=replace(profile.scope, filters=self.filters))
        return profile if self.actions is None else replace(profile, actions=self.actions)


def parts_of(profile: Profile, like: MappingParts | None = None) -> MappingParts:
    """Return the parts of a setup, the same ones that ``like`` holds."""
    return MappingParts(
        profile.mapping,
        profile.groups,
        profile.scope.filters if like and like.filters is not None else None,
        profile.actions if like and like.actions is not None else None,
    )
