"""Find those who stay as they are, a thousand at a time.

Nearly everybody of nearly every preview is one of them. Values are worked out and compared column
by column, in loops that Python runs at the speed of C. Whoever differs in anything, or of whom
anything at all is odd, is left to ``planning``, which decides person by person and is where the
rules are told. Both ways give the same plan (tests/provisioning/test_unchanged.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import batched, compress
from operator import eq
from typing import cast

from msgspec import UNSET

from sparkwizard.provisioning.expressions.functions.spec import Frame
from sparkwizard.provisioning.ground import Ground
from sparkwizard.provisioning.mapping import CompiledMapping, CompiledRule
from sparkwizard.provisioning.matching import how_matched
from sparkwizard.provisioning.source_attributes import IS_SOFT_DELETED, attributes_for_rules
from sparkwizard.provisioning.target_path import reader, standard_place
from sparkwizard.provisioning.target_schema import keeps_all
from sparkwizard.provisioning.types import Action, ActionKind, Json, Person, Reason, User

__all__ = ["Unchanged"]

BATCH = 1_000
_REMEMBERED = 4_096
_COMPUTED = ("True", "False")

type Row = Mapping[str, object]
type Column = Sequence[Json | Reason]
type Found = tuple[Person, Row, User, str, Json | Reason]
"""A person with the attributes as rules see them, their user, by what it was found, and the value
that was looked for."""


class Unchanged:
    """Find who certainly stays as they are, under a mapping and on a ground that is laid."""

    def __init__(self, mapping: CompiledMapping, ground: Ground, now: datetime) -> None:
        first = mapping.first_matching
        self._rules = [_RuleColumn(rule, now) for rule in mapping.always]
        self._targets = [rule.target for rule in mapping.always]
        self._first = _RuleColumn(first, now) if first else None
        self._by = first.target if first else ""
        self._by_name = self._by == "userName" and not ground.others.owners
        self._index = ground.index
        self._others = ground.others
        self._links = ground.links
        self._shared = ground.shared_ids()

    def among(self, people: Sequence[Person]) -> Iterator[Action]:
        """Yield the actions of those who stay as they are, in the order of ``people``.

        Nobody whom anybody else gets in the way of is told apart here: see ``Clashes``.
        """
        for some in batched(people, BATCH):
            found = self._with_users(some)
            if found:
                yield from self._kept(found)

    # -- their users ----------------------------------------------------------------------------

    def _with_users(self, people: Sequence[Person]) -> list[Found]:
        rows = [_as_rules_see(person.attributes) for person in people]
        values = self._first.of(rows) if self._first else [None] * len(rows)
        found: list[Found] = []
        for person, row, value in zip(people, rows, values, strict=True):
            if person.source_id in self._shared:
                continue
            if self._links and (user := self._linked(person)):
                found.append((person, row, user, "link", value))
            elif type(value) is str and (user := self._alone(person.source_id, value.casefold())):
                found.append((person, row, user, self._by, value))
        return found

    def _linked(self, person: Person) -> User | None:
        link = self._links.get(person.source_id)
        return self._index.by_id.get(link.webex_id) if link else None

    def _alone(self, source_id: str, key: str) -> User | None:
        """Return the only user with this matching value, if nobody else has a claim to it."""
        user = self._index.alone(self._by, key)
        # found by name, with this very id, and nobody is linked: there is no other claim
        if user is None or (self._by_name and user.resource.get("externalId") == source_id):
            return user
        return None if self._others.claim(user, self._by, source_id) else user

    # -- their values ---------------------------------------------------------------------------

    def _kept(self, found: Sequence[Found]) -> Iterator[Action]:
        rows = [row for _person, row, _user, _by, _value in found]
        resources = [user.resource for _person, _row, user, _by, _value in found]
        alike: list[Sequence[bool]] = [[True] * len(rows)]
        shown: list[Column] = []
        gaps = False
        for rule in self._rules:
            looked_for = rule.is_same(self._first)
            wanted = [one[-1] for one in found] if looked_for else rule.of(rows)
            present = _present(rule.target, resources)
            alike.append(_alike(rule.target, wanted, present))
            gaps = gaps or None in wanted
            shown.append(_compared(wanted, present) if None in wanted else present)
        marks = list(map(all, zip(*alike, strict=True)))
        values = zip(*shown, strict=True) if shown else [()] * len(rows)
        for one, row in zip(compress(found, marks), compress(values, marks), strict=True):
            known = dict(zip(self._targets, row, strict=True))
            if gaps:
                known = {target: v for target, v in known.items() if v is not _LEFT_ALONE}
            yield self._action(one, cast("dict[str, Json]", known))

    def _action(self, found: Found, before: dict[str, Json]) -> Action:
        person, row, user, by, _value = found
        name = before["userName"] = user.user_name
        before["active"] = user.active
        shown = row.get("displayName")
        return Action(
            ActionKind.UNCHANGED,
            person.source_id,
            name,
            shown if shown and type(shown) is str else person.label,
            user.id,
            (),
            _reasons(by),
            before,
            by == "link",
            person.row,
            UNSET if name and row.get("userPrincipalName") == name else person.other_name(name),
        )


# an attribute for which a person has no value is no part of what is compared
_LEFT_ALONE = Reason("", "")


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

    def of(self, rows: Sequence[Row]) -> Column:
        """Return a value for each, None for none, or why there is none."""
        name = self._only
        if name is None:
            return [self._one(row) for row in rows]
        given = [row.get(name) for row in rows]
        if self._plain and _texts_only(given) and self._keeps_all(cast("list[str]", given)):
            return cast("list[Json | Reason]", given)
        if self._plain:
            return [self._one(row) for row in rows]
        known = self._known
        return [
            known[value] if type(value) is str and value in known else self._learned(value, row)
            for value, row in zip(given, rows, strict=True)
        ]

    def _learned(self, value: object, row: Row) -> Json | Reason:
        """Work out what one attribute alone decides, and remember it for the next with the same."""
        found = self._one(row)
        if type(value) is str and len(self._known) < _REMEMBERED:
            self._known[value] = found
        return found

    def _one(self, row: Row) -> Json | Reason:
        return self.rule.value(Frame(row, self._now), creating=False)


def _texts_only(values: Sequence[object]) -> bool:
    return set(map(type, values)) == {str} and "" not in values


def _as_rules_see(attributes: Row) -> Row:
    if attributes.get(IS_SOFT_DELETED) in _COMPUTED:
        return attributes
    return attributes_for_rules(attributes)


def _present(target: str, resources: Sequence[Mapping[str, Json]]) -> Sequence[Json]:
    """Return the values that users have now; absent means active once there is a user at all."""
    outer, inner = standard_place(target)
    if not outer:
        values = list(map(reader(target), resources))
    elif inner:
        holders = [resource.get(outer) for resource in resources]
        values = [one.get(inner) if type(one) is dict else None for one in holders]
    else:
        values = [resource.get(outer) for resource in resources]
    if outer and None in values:
        read, pairs = reader(target), zip(values, resources, strict=True)
        values = [read(resource) if value is None else value for value, resource in pairs]
    if target == "active" and None in values:
        pairs = zip(values, resources, strict=True)
        return [True if value is None and resource else value for value, resource in pairs]
    return values


def _alike(target: str, wanted: Column, present: Sequence[Json]) -> Sequence[bool]:
    """Return who has what is wanted; nobody is without a user name."""
    if None not in wanted:
        return list(map(eq, wanted, present))
    if target == "userName":
        return [w is not None and w == now for w, now in zip(wanted, present, strict=True)]
    return [w is None or w == now for w, now in zip(wanted, present, strict=True)]


def _compared(wanted: Column, present: Column) -> Column:
    return [_LEFT_ALONE if w is None else now for w, now in zip(wanted, present, strict=True)]


@cache
def _reasons(by: str) -> tuple[Reason, ...]:
    return (how_matched(by),)
