"""What an attribute mapping is for, users or groups: its targets, its sources, its place."""

from collections.abc import Callable, Sequence

import msgspec

from sparkwizard.provisioning.groups.mapping import (
    DEFAULT_GROUP_MAPPING,
    GROUP_SOURCES,
    GROUP_TARGETS,
    check_group_mapping,
)
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING, RuleFinding, check_mapping
from sparkwizard.provisioning.source.attributes import SOURCE_ATTRIBUTES, describe_source
from sparkwizard.provisioning.target.schema import TARGET_ATTRIBUTES
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.setup.profile import Profile
from sparkwizard.values import replace

__all__ = ["GROUPS", "USERS", "MappingSubject"]

type Rules = tuple[MappingRule, ...]


class MappingSubject(msgspec.Struct, frozen=True):
    """Hold what differs between the mapping of users and that of groups.

    ``one`` and ``finds`` are words for sentences. ``targets`` are paths with the words on screen.
    """

    one: str
    finds: str
    default: Rules
    targets: tuple[tuple[str, str], ...]
    check: Callable[[Sequence[MappingRule]], tuple[RuleFinding, ...]]
    meanings: Callable[[str], str]
    known: tuple[str, ...]

    def effective(self, rules: Rules) -> Rules:
        """Return the rules in force: a setup without any has the default mapping."""
        return rules or self.default

    def rules_of(self, profile: Profile) -> Rules:
        """Return the rules in force of a setup."""
        saved = profile.groups.mapping if self is GROUPS else profile.mapping
        return self.effective(saved)

    def with_rules(self, profile: Profile, rules: Rules) -> Profile:
        """Return the setup with other rules; the default mapping is not written out."""
        saved = () if rules == self.default else rules
        if self is GROUPS:
            return replace(profile, groups=replace(profile.groups, mapping=saved))
        return replace(profile, mapping=saved)

    def sources(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Return the names of source attributes, those that the source has first."""
        return tuple(dict.fromkeys((*columns, *self.known)))

    def source_columns(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Return what the source has for this subject, given the columns of a file of people."""
        return self.known if self is GROUPS else tuple(columns)


def _user_meaning(name: str) -> str:
    found = describe_source(name)
    return found.meaning if found else ""


USERS = MappingSubject(
    "user",
    "the Webex user a person already has",
    DEFAULT_MAPPING,
    tuple((one.path, f"{one.label} ({one.path})") for one in TARGET_ATTRIBUTES if one.writable),
    check_mapping,
    _user_meaning,
    tuple(one.name for one in SOURCE_ATTRIBUTES if one.usable),
)

GROUPS = MappingSubject(
    "group",
    "the Webex group that is there already",
    DEFAULT_GROUP_MAPPING,
    tuple((one.path, f"{one.label} ({one.path})") for one in GROUP_TARGETS),
    check_group_mapping,
    lambda name: GROUP_SOURCES.get(name, ""),
    tuple(GROUP_SOURCES),
)
