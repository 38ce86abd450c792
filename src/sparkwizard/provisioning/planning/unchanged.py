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
from operator import eq
from typing import cast

import msgspec
from msgspec import UNSET, UnsetType

from sparkwizard.provisioning.expressions.functions.spec import Frame
from sparkwizard.provisioning.mapping.filling import CompiledMapping, CompiledRule
from sparkwizard.provisioning.planning.ground import Ground
from sparkwizard.provisioning.planning.matching import how_matched
from sparkwizard.provisioning.source.columns import SourceColumns
from sparkwizard.provisioning.target.listed_user import UserColumns, external_ids
from sparkwizard.provisioning.target.schema import keeps_all, same_value
from sparkwizard.provisioning.target.value_rows import value_rows
from sparkwizard.provisioning.types import Action, ActionKind, Change, Json, Person, Reason, User

__all__ = ["Unchanged"]

BATCH = 1_000
_REMEMBERED = 4_096

type Column = Sequence[Json | Reason]


class _Found(msgspec.Struct, frozen=True):
    """Hold people with their users, by what each was found, and the value that was looked for."""

    people: Sequence[Person]
    source: SourceColumns
    users: Sequence[User]
    by: Sequence[str]
    values: Column


class Unchanged:
    """Find who certainly stays as they are, under a mapping and on a ground that is laid.

    With ``updates`` also who certainly keeps name and activity and gets other values besides.
    """

    def __init__(
        self, mapping: CompiledMapping, ground: Ground, now: datetime, *, updates: bool = False
    ) -> None:
        self._updates = updates
        first = mapping.first_matching
        self._rules = [_RuleColumn(rule, now) for rule in mapping.always]
        self._first = _RuleColumn(first, now) if first else None
        self._by = first.target if first else ""
        self._by_name = self._by == "userName" and not ground.others.owners
        self._index = ground.index
        self._others = ground.others
        self._links = ground.links
        self._shared = ground.shared_ids()

    def among(self, people: Sequence[Person]) -> list[Action]:
        """Return the actions of those who are found, in the order of ``people``.

        Nobody whom anybody else gets in the way of is told apart here: see ``Clashes``.
        """
        actions: list[Action] = []
        for some in batched(people, BATCH):
            found = self._with_users(some)
            if found.users:
                actions += self._kept(found)
        return actions

    # -- their users ----------------------------------------------------------------------------

    def _with_users(self, people: Sequence[Person]) -> _Found:
        source = SourceColumns(people)
        values = self._first.of(source) if self._first else [None] * len(people)
        ids = [person.source_id for person in people]
        keys = [value.casefold() if type(value) is str else "" for value in values]
        if self._shared:
            keys = ["" if i in self._shared else key for i, key in zip(ids, keys, strict=True)]
        users = self._unclaimed(ids, self._index.each_alone(self._by, keys))
        by = [self._by] * len(ids)
        if self._links:
            linked = list(map(self._linked, ids))
            users = [link or user for link, user in zip(linked, users, strict=True)]
            by = ["link" if link else self._by for link in linked]
        if all(users):
            return _Found(people, source, cast("list[User]", users), by, values)
        kept = list(compress(people, users))
        return _Found(
            kept,
            SourceColumns(kept),
            [user for user in users if user],
            list(compress(by, users)),
            list(compress(values, users)),
        )

    def _linked(self, source_id: str) -> User | None:
        if source_id in self._shared:
            return None
        link = self._links.get(source_id)
        return self._index.by_id.get(link.webex_id) if link else None

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

    def _kept(self, found: _Found) -> Iterator[Action]:
        webex = UserColumns(found.users)
        compared = [self._compare(rule, found, webex) for rule in self._rules]
        everybody = [True] * len(found.users)
        alike = zip(everybody, *(one.alike for one in compared), strict=True)
        marks = list(map(all, alike))
        changes = self._changes(compared, marks) if False in marks else {}
        names = webex.names
        before = _before(compared, names, webex.active)
        return _actions(found, names, before, marks, changes)

    def _compare(self, rule: "_RuleColumn", found: _Found, webex: UserColumns) -> "_Compared":
        wanted = found.values if rule.is_same(self._first) else rule.of(found.source)
        present = webex.present(rule.target)
        return _Compared(rule.target, wanted, present, _alike(rule.target, wanted, present))

    def _changes(
        self, compared: Sequence["_Compared"], marks: list[bool]
    ) -> dict[int, tuple[Change, ...]]:
        """Mark whoever just gets other values, and return those by place."""
        found: dict[int, tuple[Change, ...]] = {}
        for place in [place for place, mark in enumerate(marks) if not mark]:
            changes = _changes_of(compared, place)
            if changes is not None and (self._updates or not changes):
                found[place] = changes
                marks[place] = True
        return found


class _Compared(msgspec.Struct, frozen=True):
    """Hold what some people should have at a target and what they have, and who has that."""

    target: str
    wanted: Column
    present: Column
    alike: Sequence[bool]

    @property
    def shown(self) -> Sequence[Json | UnsetType]:
        """Return the present values of what is compared: not where nothing is wanted."""
        if None not in self.wanted:
            return cast("Sequence[Json]", self.present)
        pairs = zip(self.wanted, self.present, strict=True)
        return [UNSET if wanted is None else cast("Json", now) for wanted, now in pairs]


def _changes_of(compared: Sequence[_Compared], place: int) -> tuple[Change, ...] | None:
    """Return the values that change for one person, None where that takes a closer look."""
    changes = []
    for one in compared:
        if one.alike[place]:
            continue
        wanted, now = one.wanted[place], one.present[place]
        if isinstance(wanted, Reason) or one.target in _WHO_AND_WHETHER:
            return None
        if not same_value(one.target, cast("Json", now), wanted):
            changes.append(Change(one.target, cast("Json", now), wanted))
    return tuple(changes)


_WHO_AND_WHETHER = frozenset(("userName", "active"))


class _RuleColumn:
    """Work one rule out for many people, with what its own code gives each of them."""

    def __init__(self, rule: CompiledRule, now: datetime) -> None:
        self.target = rule.target
        self.rule = rule
        self._now = now
        expression = rule.expression
        self._only = expression.only if expression else None
        self._plain = bool(expression and expression.plain)
        self._keeps_all = keeps_all(rule.target)
        self._known: dict[str, Json | Reason] = {}

    def is_same(self, other: "_RuleColumn | None") -> bool:
        """Return whether the other is a column of the very same rule."""
        return other is not None and other.rule is self.rule

    def of(self, source: SourceColumns) -> Column:
        """Return a value for each, None for none, or why there is none."""
        name, rows = self._only, source.rows
        if name is None:
            return [self._one(row) for row in rows]
        given = source.get(name)
        if self._plain and _texts_only(given) and self._keeps_all(cast("list[str]", given)):
            return cast("list[Json | Reason]", given)
        if self._plain:
            return [self._one(row) for row in rows]
        known = self._known
        return [
            known[value] if type(value) is str and value in known else self._learned(value, row)
            for value, row in zip(given, rows, strict=True)
        ]

    def _learned(self, value: object, row: Mapping[str, object]) -> Json | Reason:
        """Work out what one attribute alone decides, and remember it for the next with the same."""
        found = self._one(row)
        if type(value) is str and len(self._known) < _REMEMBERED:
            self._known[value] = found
        return found

    def _one(self, row: Mapping[str, object]) -> Json | Reason:
        return self.rule.value(Frame(row, self._now), creating=False)


def _texts_only(values: Sequence[object]) -> bool:
    return set(map(type, values)) == {str} and "" not in values


def _alike(target: str, wanted: Column, present: Column) -> Sequence[bool]:
    """Return who has what is wanted; nobody is without a user name."""
    if None not in wanted:
        return list(map(eq, wanted, present))
    if target == "userName":
        return [w is not None and w == now for w, now in zip(wanted, present, strict=True)]
    return [w is None or w == now for w, now in zip(wanted, present, strict=True)]


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
) -> Iterator[Action]:
    people = found.people
    columns: list[Iterable[object]] = [
        [ActionKind.UPDATE if changes.get(at) else _UNCHANGED for at in range(len(people))]
        if changes
        else repeat(_UNCHANGED),
        [person.source_id for person in people],
        names,
        _labels(people, found.source.get("displayName")),
        [user.id for user in found.users],
        [changes.get(at, ()) for at in range(len(people))] if changes else repeat(()),
        list(map(_reasons, found.by)),
        before,
        [by == "link" for by in found.by],
        [person.row for person in people],
        _sign_ins(people, found.source.get("userPrincipalName"), names),
    ]
    return map(Action, *(compress(column, marks) for column in columns))


_UNCHANGED = ActionKind.UNCHANGED


def _labels(people: Sequence[Person], shown: Sequence[object]) -> Sequence[object]:
    if _texts_only(shown):
        return shown
    pairs = zip(people, shown, strict=True)
    return [name if name and type(name) is str else person.label for person, name in pairs]


def _sign_ins(
    people: Sequence[Person], own: Sequence[object], names: Sequence[str]
) -> Iterable[str | UnsetType]:
    return [
        UNSET if name and name == upn else person.other_name(name)
        for person, upn, name in zip(people, own, names, strict=True)
    ]


@cache
def _reasons(by: str) -> tuple[Reason, ...]:
    return (how_matched(by),)
