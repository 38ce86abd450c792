"""Find those who stay as they are or just get other values, a thousand at a time.

Nearly everybody of nearly every preview is one of them. Values are worked out and compared column
by column, in loops that Python runs at the speed of C. Whoever differs in name or activity, or of
whom anything at all is odd, is left to ``planner``, which decides person by person and is where
the rules are told. Both ways give the same plan (tests/provisioning/planning/test_unchanged.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import batched, compress, repeat
from operator import and_, eq
from typing import cast

import msgspec
from msgspec import UNSET, UnsetType

from sparkwizard.provisioning.mapping.filling import CompiledMapping
from sparkwizard.provisioning.planning.ground import Ground
from sparkwizard.provisioning.planning.matching import case_folded, how_matched
from sparkwizard.provisioning.planning.rule_columns import Column, RuleColumn
from sparkwizard.provisioning.source.columns import SourceColumns
from sparkwizard.provisioning.target.listed_user import UserColumns, external_ids
from sparkwizard.provisioning.target.schema import counts_exactly, same_value
from sparkwizard.provisioning.target.value_rows import value_rows
from sparkwizard.provisioning.types import Action, ActionKind, Change, Json, Person, Reason, User

__all__ = ["Unchanged", "there"]

BATCH = 1_000


class _Found(msgspec.Struct, frozen=True):
    """Hold people with their users, by what each was found, and the value that was looked for.

    ``by`` is one for all where only one is at hand, ``ids`` are the people's source ids.
    """

    people: Sequence[Person]
    source: SourceColumns
    ids: Sequence[str]
    users: Sequence[User]
    by: Sequence[str]
    values: Column
    keys: Sequence[str]

    def among(self, marks: Sequence[object]) -> "_Found":
        """Return what is held of those who are marked."""
        if all(marks):
            return self
        people = list(compress(self.people, marks))
        return _Found(
            people,
            SourceColumns(people),
            list(compress(self.ids, marks)),
            list(compress(self.users, marks)),
            list(compress(self.by, marks)),
            list(compress(self.values, marks)),
            list(compress(self.keys, marks)),
        )


class Unchanged:
    """Find who certainly stays as they are, under a mapping and on a ground that is laid.

    With ``updates`` also who certainly keeps name and activity and gets other values besides.
    ``by_name_alone`` tells, after it looked, that everybody was found by a user name that is theirs
    alone in Webex.
    """

    def __init__(
        self, mapping: CompiledMapping, ground: Ground, now: datetime, *, updates: bool = False
    ) -> None:
        self._updates = updates
        first = mapping.first_matching
        self._rules = [RuleColumn(rule, now) for rule in mapping.always]
        self._first = RuleColumn(first, now) if first else None
        self._by = first.target if first else ""
        self._by_name = self._by == "userName" and not ground.others.owners
        self.by_name_alone = self._by_name
        self._index = ground.index
        self._others = ground.others
        self._links = ground.links
        self._shared = ground.shared_ids()

    def among(self, people: Sequence[Person], usable: Sequence[bool]) -> list[Action | None]:
        """Return the action of each who is usable, None for those who take a closer look.

        Nobody whom anybody else gets in the way of is told apart here: see ``Clashes``.
        """
        if not all(usable):
            chosen = list(compress(people, usable))
            return _spread(self.among(chosen, [True] * len(chosen)), usable)
        actions: list[Action | None] = []
        for some in batched(people, BATCH):
            found = self._looked_for(some)
            theirs = self._kept(found.among(found.users))
            actions += theirs if len(theirs) == len(some) else _spread(theirs, found.users)
        return actions

    # -- their users ----------------------------------------------------------------------------

    def _looked_for(self, people: Sequence[Person]) -> _Found:
        """Return people with their users, None for whoever has none for certain."""
        source = SourceColumns(people)
        values = self._first.of(source) if self._first else [None] * len(people)
        ids = [person.source_id for person in people]
        keys = _keys(values)
        if self._shared:
            keys = ["" if i in self._shared else key for i, key in zip(ids, keys, strict=True)]
        users = self._unclaimed(ids, self._index.each_alone(self._by, keys))
        by = [self._by] * len(ids)
        if self._links:
            linked = self._linked(ids)
            users = [link or user for link, user in zip(linked, users, strict=True)]
            by = ["link" if link else self._by for link in linked]
        # who has no user is left out before anything else is done
        return _Found(people, source, ids, cast("Sequence[User]", users), by, values, keys)

    def _linked(self, ids: Sequence[str]) -> list[User | None]:
        """Return the users that people are linked to, by their source ids."""
        by_id, shared = self._index.by_id, self._shared
        links = map(self._links.get, ids)
        found = [by_id.get(link.webex_id) if link else None for link in links]
        if shared:
            return [None if i in shared else user for i, user in zip(ids, found, strict=True)]
        return found

    def _unclaimed(self, ids: Sequence[str], users: Sequence[User | None]) -> Sequence[User | None]:
        """Return the users to whom nobody else has a claim."""
        # found by name, with this very id, and nobody is linked: there is no other claim
        sure = self._by_name and all(users)
        if sure and external_ids(cast("Sequence[User]", users)) == ids:
            return users
        claim, by, by_name = self._others.claim, self._by, self._by_name
        return [
            user
            if user and ((by_name and user.external_id == i) or claim(user, by, i) is None)
            else None
            for i, user in zip(ids, users, strict=True)
        ]

    # -- their values ---------------------------------------------------------------------------

    def _kept(self, found: _Found) -> list[Action | None]:
        if not found.users:
            return []
        webex = UserColumns(found.users)
        compared = [self._compare(rule, found, webex) for rule in self._rules]
        marks = _all_alike(compared, len(found.users))
        changes = self._changes(compared, marks) if False in marks else {}
        names = webex.names
        self.by_name_alone = self.by_name_alone and case_folded(names) == found.keys
        before = _before(compared, names, webex.active)
        return _actions(found, names, before, marks, changes)

    def _compare(self, rule: "RuleColumn", found: _Found, webex: UserColumns) -> "_Compared":
        wanted = found.values if rule.is_same(self._first) else rule.of(found.source)
        present = webex.present(rule.target)
        return _Compared(rule.target, wanted, present, _alike(rule.target, wanted, present))

    def _changes(
        self, compared: Sequence["_Compared"], marks: list[bool]
    ) -> dict[int, tuple[Change, ...]]:
        """Mark whoever just gets other values, and return those by place."""
        found: dict[int, tuple[Change, ...]] = {}
        differing = [one for one in compared if one.alike]
        for place in [place for place, mark in enumerate(marks) if not mark]:
            changes = _changes_of(differing, place)
            if changes is not None and (self._updates or not changes):
                found[place] = changes
                marks[place] = True
        return found


def there(actions: Sequence[Action | None]) -> Sequence[Action]:
    """Return the actions without gaps."""
    if all(actions):
        return cast("Sequence[Action]", actions)
    return [action for action in actions if action]


def _spread(actions: Iterable[Action | None], marks: Sequence[object]) -> list[Action | None]:
    """Return actions at the places that are marked, None elsewhere."""
    given = iter(actions)
    return [next(given) if mark else None for mark in marks]


def _keys(values: Column) -> Sequence[str]:
    """Return the values to look for without regard to case, an empty text for what is none."""
    try:
        return case_folded(cast("Sequence[str]", values))
    except TypeError:
        return [value.casefold() if type(value) is str else "" for value in values]


class _Compared(msgspec.Struct, frozen=True):
    """Hold what some people should have at a target and what they have, and who has that.

    ``alike`` is empty where everybody has what they should.
    """

    target: str
    wanted: Column
    present: Column
    alike: Sequence[bool] = ()

    @property
    def is_exact(self) -> bool:
        """Return whether texts that differ are different values."""
        return counts_exactly(self.target)

    @property
    def shown(self) -> Sequence[Json | UnsetType]:
        """Return the present values of what is compared: not where nothing is wanted."""
        if all(self.wanted) or None not in self.wanted:
            return cast("Sequence[Json]", self.present)
        pairs = zip(self.wanted, self.present, strict=True)
        return [UNSET if wanted is None else cast("Json", now) for wanted, now in pairs]


def _changes_of(compared: Sequence[_Compared], place: int) -> tuple[Change, ...] | None:
    """Return the values that change for one person, None where that takes a closer look."""
    changes = []
    for one in compared:
        if one.alike[place]:
            continue
        wanted, now = one.wanted[place], cast("Json", one.present[place])
        if isinstance(wanted, Reason) or one.target in _WHO_AND_WHETHER:
            return None
        are_texts = wanted and now and type(wanted) is type(now) is str
        if (are_texts and one.is_exact) or not same_value(one.target, now, wanted):
            changes.append(Change(one.target, now, wanted))
    return tuple(changes)


_WHO_AND_WHETHER = frozenset(("userName", "active"))


def _alike(target: str, wanted: Column, present: Column) -> Sequence[bool]:
    """Return who has what is wanted, nothing where all have it; nobody is without a user name."""
    if wanted == present and (target != "userName" or all(wanted)):
        return ()
    if all(wanted) or None not in wanted:
        return list(map(eq, wanted, present))
    if target == "userName":
        return [w is not None and w == now for w, now in zip(wanted, present, strict=True)]
    return [w is None or w == now for w, now in zip(wanted, present, strict=True)]


def _all_alike(compared: Iterable[_Compared], number: int) -> list[bool]:
    """Return who has everything that is wanted."""
    marks = [True] * number
    for one in compared:
        if one.alike:
            marks = list(map(and_, marks, one.alike))
    return marks


def _before(
    compared: Sequence[_Compared], names: Sequence[str], active: Sequence[bool]
) -> Iterator[Mapping[str, Json]]:
    """Return the present values of each, without what was not compared."""
    shown: dict[str, Sequence[object]] = {one.target: one.shown for one in compared}
    shown |= {"userName": names, "active": active}
    return value_rows(shown)


def _actions(
    found: _Found,
    names: Sequence[str],
    before: Iterable[Mapping[str, Json]],
    marks: Sequence[bool],
    changes: Mapping[int, tuple[Change, ...]],
) -> list[Action | None]:
    """Return the actions of those who are marked, None for the others."""
    people, (by, *others) = found.people, set(found.by)
    columns: tuple[Iterable[object], ...] = (
        [ActionKind.UPDATE if changes.get(at) else _UNCHANGED for at in range(len(people))]
        if changes
        else repeat(_UNCHANGED),
        found.ids,
        names,
        _labels(people, found.source.get("displayName")),
        [user.id for user in found.users],
        [changes.get(at, ()) for at in range(len(people))] if changes else repeat(()),
        map(_reasons, found.by) if others else repeat(_reasons(by)),
        before,
        [one == "link" for one in found.by] if others else repeat(by == "link"),
        [person.row for person in people],
        _sign_ins(people, found.source.get("userPrincipalName"), names),
    )
    if all(marks):
        return list(map(Action, *columns))
    return _spread(map(Action, *(compress(column, marks) for column in columns)), marks)


_UNCHANGED = ActionKind.UNCHANGED


def _labels(people: Sequence[Person], shown: Sequence[object]) -> Sequence[object]:
    if all(shown) and set(map(type, shown)) == {str}:
        return shown
    pairs = zip(people, shown, strict=True)
    return [name if name and type(name) is str else person.label for person, name in pairs]


def _sign_ins(
    people: Sequence[Person], own: Sequence[object], names: Sequence[str]
) -> Iterable[str | UnsetType]:
    if names == own and all(names):
        return repeat(UNSET)
    return [
        UNSET if name and name == upn else person.other_name(name)
        for person, upn, name in zip(people, own, names, strict=True)
    ]


@cache
def _reasons(by: str) -> tuple[Reason, ...]:
    return (how_matched(by),)
