"""Who of the source has which Webex user, as far as membership of groups needs it."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec

from sparkwizard.provisioning.groups.types import Member
from sparkwizard.provisioning.planning.safeguards import NOBODY, NeverTouched
from sparkwizard.provisioning.types import Action, ActionKind, Link

__all__ = ["GroupPeople", "group_people"]

_HAS_USER = frozenset(
    (ActionKind.UPDATE, ActionKind.UNCHANGED, ActionKind.DISABLE, ActionKind.DELETE)
)


class GroupPeople(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Hold the users of this profile's people.

    ``users`` are Webex ids by source id, empty for somebody whom the plan creates. ``off`` are
    source ids of those whom this profile turned off or is about to; ``kept`` source ids of people
    never touched, ``elsewhere`` the Webex ids that other profiles manage too. ``names`` are what to
    call people, by source id.
    """

    users: Mapping[str, str]
    names: Mapping[str, str] = msgspec.field(default_factory=dict)
    off: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()

    @cached_property
    def ours(self) -> Mapping[str, str]:
        """Return the source ids by Webex id."""
        return {webex_id: source_id for source_id, webex_id in self.users.items() if webex_id}

    def to_add(self, listed: Iterable[str], current: frozenset[str]) -> list[Member]:
        """Return who of the source's members is to be added: whoever is turned off is not."""
        return [
            self._member(one)
            for one in dict.fromkeys(listed)
            if one in self.users
            and one not in self.off
            and one not in self.kept
            and self.users[one] not in current
        ]

    def to_remove(self, listed: frozenset[str], current: frozenset[str]) -> list[Member]:
        """Return who of this profile's people is in a group though the source does not say so."""
        found = (self.ours[one] for one in sorted(current) if one in self.ours)
        return [
            self._member(one)
            for one in found
            if one not in listed and one not in self.kept and self.users[one] not in self.elsewhere
        ]

    def _member(self, source_id: str) -> Member:
        return Member(source_id, self.users[source_id], self.names.get(source_id, source_id))


def group_people(
    links: Mapping[str, Link],
    actions: Iterable[Action],
    *,
    elsewhere: frozenset[str] = frozenset(),
    never_touched: NeverTouched = NOBODY,
    turned_off: frozenset[str] = frozenset(),
) -> GroupPeople:
    """Return who has which user once a plan's ``actions`` are carried out; ``links`` are before.

    ``turned_off`` are source ids of those who may be off though their link does not say so yet.
    """
    users = {link.source_id: link.webex_id for link in links.values()}
    names = {link.source_id: link.user_name or link.source_id for link in links.values()}
    off = {link.source_id for link in links.values() if link.disabled_at} | turned_off
    kept = {
        link.source_id
        for link in links.values()
        if never_touched.covers(link.source_id, link.user_name, link.sign_in, link.webex_id)
    }
    for action in actions:
        if action.kind in _HAS_USER and action.webex_id:
            users[action.source_id] = action.webex_id
        elif action.kind is ActionKind.CREATE:
            users[action.source_id] = ""
        else:
            continue
        names[action.source_id] = action.label
        if action.kind.removes:
            off.add(action.source_id)
        elif any(c.attribute == "active" and c.after is True for c in action.changes):
            off.discard(action.source_id)
    return GroupPeople(
        users=users,
        names=names,
        off=frozenset(off),
        kept=frozenset(kept),
        elsewhere=elsewhere,
    )
