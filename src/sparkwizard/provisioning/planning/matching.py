"""Find the Webex user that a person already has.

A link that an earlier run made comes first, so that a renamed person keeps their user; then the
matching attributes by precedence, without regard to case, stopping at the first that finds somebody
(Entra, *customize application attributes*).
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache, cached_property
from itertools import batched
from typing import Any, cast

import msgspec

from sparkwizard.provisioning.portions import PORTION, fill
from sparkwizard.provisioning.source.columns import source_column
from sparkwizard.provisioning.target.listed_user import column
from sparkwizard.provisioning.target.path import reader
from sparkwizard.provisioning.types import Json, Link, Person, Reason, User
from sparkwizard.values import replace

__all__ = [
    "LinkResolver",
    "Match",
    "Others",
    "UserIndex",
    "case_folded",
    "how_matched",
    "resolve_links",
]


_BY_ID = ""  # no target


class Match(msgspec.Struct, frozen=True):
    """Hold a person's user, or None; ``by`` is ``link`` or the attribute; or a ``problem``."""

    user: User | None = None
    by: str = ""
    problem: Reason | None = None


class UserIndex:
    """Look users up by id and by any matching attribute.

    ``targets`` are the matching attributes in their precedence; userName is always indexed, since
    two users can't share one.
    """

    def __init__(self, users: Iterable[User], targets: Sequence[str]) -> None:
        self._by_id: dict[str, User] = {}
        # nearly every value has one holder: a list for each would double what is held
        self._first: dict[str, dict[str, User]] = {target: {} for target in (*targets, "userName")}
        self._more: dict[tuple[str, str], list[User]] = {}
        self._tables = [(target, reader(target), table) for target, table in self._first.items()]
        # users whom some tables, by target, and by_id are still to hold, once they are asked for
        self._later: Sequence[User] = ()
        self._to_fill: set[str] = set()
        for user in users:
            self.add(user)

    @property
    def by_id(self) -> dict[str, User]:
        """Return the users by id."""
        if _BY_ID in self._to_fill:
            self._to_fill.discard(_BY_ID)
            fill(self._by_id, [user.id for user in self._later], self._later)
        return self._by_id

    def add(self, user: User) -> None:
        """Let one more user be found."""
        self.by_id[user.id] = user
        for target, read, _ in self._tables:
            self._hold(target, self._table(target), user, read(user.resource))

    def add_all(self, users: Sequence[User]) -> None:
        """Let all of these be found, as ``add`` does one by one, with fewer steps.

        A table is filled when somebody first looks into it: nearly always it is just the first.
        """
        if self._later or self._by_id:
            for user in users:
                self.add(user)
            return
        self._later, self._to_fill = users, {_BY_ID, *self._first}

    def _table(self, target: str) -> dict[str, User]:
        if target in self._to_fill:
            self._to_fill.discard(target)
            self._fill(target)
        return self._first.get(target, {})

    def _fill(self, target: str) -> None:
        users, table = self._later, self._first[target]
        values = column(target, users) or [None] * len(users)
        if not all(values):
            read, pairs = reader(target), zip(values, users, strict=True)
            values = [read(user.resource) if v is None else v for v, user in pairs]
        if all(values) and (keys := _folded(values)):
            fill(table, keys, users)
            if len(table) == len(users):
                return
            table.clear()  # some share a value
        for user, value in zip(users, values, strict=True):
            self._hold(target, table, user, value)

    def let_go(self) -> None:
        """Forget everybody, table by table: all at once would hold up every other thread."""
        tables: tuple[dict[Any, Any], ...] = (self._by_id, *self._first.values(), self._more)
        for table in tables:
            table.clear()

    def _hold(self, target: str, table: dict[str, User], user: User, value: Json) -> None:
        for text in (value,) if type(value) is str and value else _texts(value):
            key = text.casefold()
            if key in table:
                self._more.setdefault((target, key), [table[key]]).append(user)
            else:
                table[key] = user

    def alone(self, target: str, key: str) -> User | None:
        """Return who alone has this value, given case-folded; None for nobody or for several."""
        first = self._table(target).get(key)
        return None if (target, key) in self._more else first

    def each_alone(self, target: str, keys: Sequence[str]) -> list[User | None]:
        """Return for each key who alone has it, as ``alone`` does."""
        table = self._table(target)
        if self._more:
            return [self.alone(target, key) if key else None for key in keys]
        return list(map(table.get, keys))

    def are_alone(self, target: str, keys: Iterable[str]) -> bool:
        """Return whether each of these has a user alone; False says nothing where any is shared."""
        table = self._table(target)
        return not self._more and all(map(table.__contains__, keys))

    def holders(self, target: str, value: str) -> Sequence[User]:
        """Return the users whose ``target`` is ``value``, without regard to case."""
        key = value.casefold()
        first = self._table(target).get(key)
        if first is None:
            return ()
        return self._more.get((target, key)) or (first,)

    def match(
        self,
        link: Link | None,
        values: Iterable[tuple[str, str]],
        others: "Others",
        source_id: str,
    ) -> Match:
        """Find a person's user.

        ``values`` are (target, value) by precedence, asked for only as far as they are needed.
        ``others`` tells what belongs to whom: a user that another person of the source has a
        claim to is a problem to look at, never a guess.
        """
        if link and (user := self.by_id.get(link.webex_id)):
            return Match(user, "link")
        for target, value in values:
            found = self.holders(target, value)
            if len(found) > 1:
                return Match(problem=_several(target, value, found))
            if found:
                return Match(found[0], target, others.claim(found[0], target, source_id))
        return Match()


class Others:
    """Know which user belongs to whom: by link, by name and by external id.

    ``owners`` are source ids by linked Webex id.
    """

    def __init__(self) -> None:
        self.owners: dict[str, str] = {}
        self._present: set[str] = set()
        self._names: dict[str, str] = {}
        self._uncounted: Sequence[Person] = ()
        self._unnamed: Sequence[Person] = ()

    @property
    def present(self) -> set[str]:
        """Return all source ids."""
        if self._uncounted:
            people, self._uncounted = self._uncounted, ()
            self._present.update([person.source_id for person in people])
        return self._present

    @property
    def names(self) -> dict[str, str]:
        """Return source ids by case-folded userPrincipalName; of several the first counts."""
        if self._unnamed:
            people, self._unnamed = self._unnamed, ()
            given = source_column(people, "userPrincipalName")
            names = case_folded([str(name or "") for name in given])
            fill(self._names, reversed(names), reversed([one.source_id for one in people]))
            self._names.pop("", None)
        return self._names

    def know(self, people: Sequence[Person]) -> None:
        """Know all their ids and names, once somebody asks for one: mostly nobody does."""
        self._uncounted = self._unnamed = people

    def let_go(self) -> None:
        """Forget everybody, table by table."""
        self._uncounted = self._unnamed = ()
        self.owners.clear()
        self._names.clear()
        self._present.clear()

    def claim(self, user: User, target: str, source_id: str) -> Reason | None:
        """Return why a user found by ``target`` may not be this person's, None if nothing says so.

        Not every answer is a takeover; but a used-again name, a rename on one side only and a
        mistyped id all look the same from here.
        """
        owner = self.owners.get(user.id, source_id)
        if owner != source_id:
            return _belongs(user, owner)
        by_name = target == "userName"
        if not by_name and self.names.get(user.user_name.casefold(), source_id) != source_id:
            return Reason(
                "name-of-another",
                f"The Webex user with this {target} has the name {user.user_name}, which is"
                " another person's. Correct one of the two in Webex.",
            )
        marked = user.external_id.lower()
        if target != "externalId" and marked != source_id and marked in self.present:
            return Reason(
                "id-of-another",
                f"The Webex user {user.user_name} carries the external id of another person in"
                " the source. Correct it in Webex, or make clear there whose user it is.",
            )
        return None


class LinkResolver:
    """Bring links to the source ids that people have now, one person after the other.

    A link made while the source had no ``objectId`` is keyed by the userPrincipalName and is
    upgraded in place (design §6); where a source has lost its ``objectId``, the linked user name
    still tells who it is, so that a differently exported file makes nobody a leaver.
    """

    def __init__(self, links: Mapping[str, Link], present: Container[str]) -> None:
        self.links = dict(links)
        self._given = links
        self._present = present

    @cached_property
    def _by_name(self) -> dict[str, Link]:
        """Return the links by user name; hardly any source lacks ids, which alone asks for it."""
        found = {link.user_name.casefold(): link for link in self._given.values()}
        found.pop("", None)
        return found

    def let_go(self) -> None:
        """Forget the links."""
        self.links.clear()
        self.__dict__.pop("_by_name", None)

    def see(self, person: Person) -> None:
        """Let this person's link, if there is one, be under the present source id."""
        if not self._given or person.source_id in self.links:
            return
        name = person.user_principal_name.casefold()
        bare = person.source_id == name
        old = self._given.get(name) or (self._by_name.get(name) if bare else None)
        # a link whose own person is here too stays theirs, whoever has their old name now
        if old and old.source_id in self.links and old.source_id not in self._present:
            del self.links[old.source_id]
            self.links[person.source_id] = replace(old, source_id=person.source_id)


def case_folded(texts: Sequence[str]) -> list[str]:
    """Return texts without regard to case; one that is so already stays the very same text.

    Raises TypeError where one is no text.
    """
    found: list[str] = []
    for some in batched(texts, PORTION):
        together = "\n".join(some)
        if together.casefold() == together:
            found += some
        else:
            found += [text if (folded := text.casefold()) == text else folded for text in some]
    return found


def resolve_links(people: Iterable[Person], links: Mapping[str, Link]) -> dict[str, Link]:
    """Return the links by the source ids that people have now."""
    everybody = list(people)
    resolver = LinkResolver(links, {person.source_id for person in everybody})
    for person in everybody:
        resolver.see(person)
    return resolver.links


def _folded(values: Sequence[Json]) -> list[str]:
    """Return values without regard to case where all are texts, else nothing."""
    try:
        return case_folded(cast("Sequence[str]", values))
    except TypeError:
        return []


@cache
def how_matched(by: str) -> Reason:
    """Return by what somebody's user was found, as a reason."""
    if by == "link":
        return Reason("linked", "The user that this setup already manages for this person.")
    return Reason("matched", f"Found in Webex by {by}.")


def _belongs(user: User, owner: str) -> Reason:
    return Reason(
        "owned-by-another",
        f"The Webex user {user.user_name} belongs to another person of this setup ({owner}).",
    )


def _several(target: str, value: str, found: Sequence[User]) -> Reason:
    names = ", ".join(user.user_name or user.id for user in found[:3])
    return Reason(
        "several-users",
        f"{len(found)} Webex users have {target} {value} ({names}): nobody can tell which one it"
        " is.",
    )


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list):
        return tuple(item for item in value if isinstance(item, str) and item)
    return ()
