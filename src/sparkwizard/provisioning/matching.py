"""Find the Webex user that a person already has.

A link that an earlier run made comes first, so that a renamed person keeps their user; then the
matching attributes by precedence, without regard to case, stopping at the first that finds somebody
(Entra, *customize application attributes*).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sparkwizard.provisioning.target_path import reader
from sparkwizard.provisioning.types import Link, Person, Reason, User

__all__ = ["LinkResolver", "Match", "UserIndex", "resolve_links"]


@dataclass(frozen=True, slots=True)
class Match:
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
        self.by_id: dict[str, User] = {}
        # nearly every value has one holder: a list for each would double what is held
        self._first: dict[str, dict[str, User]] = {target: {} for target in (*targets, "userName")}
        self._more: dict[tuple[str, str], list[User]] = {}
        self._tables = [(target, reader(target), table) for target, table in self._first.items()]
        for user in users:
            self.add(user)

    def add(self, user: User) -> None:
        """Let one more user be found."""
        self.by_id[user.id] = user
        for target, read, table in self._tables:
            value = read(user.resource)
            for text in (value,) if type(value) is str and value else _texts(value):
                key = text.casefold()
                if key in table:
                    self._more.setdefault((target, key), [table[key]]).append(user)
                else:
                    table[key] = user

    def holders(self, target: str, value: str) -> Sequence[User]:
        """Return the users whose ``target`` is ``value``, without regard to case."""
        key = value.casefold()
        first = self._first[target].get(key)
        if first is None:
            return ()
        return self._more.get((target, key)) or (first,)

    def match(
        self,
        link: Link | None,
        values: Iterable[tuple[str, str]],
        owners: Mapping[str, str],
        names: Mapping[str, str],
        source_id: str,
    ) -> Match:
        """Find a person's user.

        ``values`` are (target, value) by precedence, asked for only as far as they are needed;
        ``owners`` tells which source id each linked Webex id belongs to, ``names`` whose
        userPrincipalName (case-folded) is whose: a user of that name is theirs, whatever another
        attribute of it says.
        """
        if link and (user := self.by_id.get(link.webex_id)):
            return Match(user, "link")
        for target, value in values:
            found = self.holders(target, value)
            if target != "userName":
                found = [u for u in found if _may_be(u, names, source_id)]
            if len(found) > 1:
                return Match(problem=_several(target, value, found))
            if found:
                return _unless_owned(found[0], target, owners, source_id)
        return Match()


class LinkResolver:
    """Bring links to the source ids that people have now, one person after the other.

    A link made while the source had no ``objectId`` is keyed by the userPrincipalName and is
    upgraded in place (design §6); where a source has lost its ``objectId``, the linked user name
    still tells who it is, so that a differently exported file makes nobody a leaver.
    """

    def __init__(self, links: Mapping[str, Link]) -> None:
        self.links = dict(links)
        self._given = links
        self._by_name = {link.user_name.casefold(): link for link in links.values()}
        self._by_name.pop("", None)

    def see(self, person: Person) -> None:
        """Let this person's link, if there is one, be under the present source id."""
        if not self._given or person.source_id in self.links:
            return
        name = person.user_principal_name.casefold()
        bare = person.source_id == name
        old = self._given.get(name) or (self._by_name.get(name) if bare else None)
        if old and old.source_id in self.links:
            del self.links[old.source_id]
            self.links[person.source_id] = replace(old, source_id=person.source_id)


def resolve_links(people: Iterable[Person], links: Mapping[str, Link]) -> dict[str, Link]:
    """Return the links by the source ids that people have now."""
    resolver = LinkResolver(links)
    for person in people:
        resolver.see(person)
    return resolver.links


def _may_be(user: User, names: Mapping[str, str], source_id: str) -> bool:
    return names.get(user.user_name.casefold(), source_id) == source_id


def _unless_owned(user: User, target: str, owners: Mapping[str, str], source_id: str) -> Match:
    owner = owners.get(user.id, source_id)
    if owner == source_id:
        return Match(user, target)
    return Match(
        problem=Reason(
            "owned-by-another",
            f"The Webex user {user.user_name} belongs to another person of this setup ({owner}).",
        )
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
