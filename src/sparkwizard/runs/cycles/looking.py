"""Read just the Webex users that an incremental cycle is about, never the whole list.

Linked users are asked for by id, those of new people by the matching attributes. What such a look
can't tell beyond doubt raises ``NeedsEverything``: the cycle then reads everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sparkwizard.errors import RemoteError
from sparkwizard.provisioning.mapping.references import MANAGER, maps_managers
from sparkwizard.provisioning.planning.matching import resolve_links
from sparkwizard.provisioning.planning.planner import Rules
from sparkwizard.provisioning.target.schema import label
from sparkwizard.provisioning.types import Link, Person, User, UsersRead
from sparkwizard.runs.journal import Journal
from sparkwizard.runs.side_by_side import side_by_side
from sparkwizard.webex.scim import ScimClient
from sparkwizard.webex.types import Identity

__all__ = ["Looking", "NeedsEverything"]

ALWAYS = 50
"""So many requests are never too many; a list of few users takes as many soon."""
PER_PAGE = 100


class NeedsEverything(Exception):
    """Say why an incremental cycle can't decide without reading everything."""


class Looking:
    """Look at the users of some people of one setup.

    ``setup`` is the profile's id and the organization's. ``users_total`` is how many users Webex
    had: where a look at each costs more requests than the list, everything is read.
    """

    def __init__(
        self, setup: tuple[str, str], rules: Rules, scim: ScimClient, journal: Journal
    ) -> None:
        self._setup, self._rules = setup, rules
        self._scim, self._journal = scim, journal
        self._by_id: dict[str, User] = {}
        self._names: set[str] = set()
        self._cant_ask: set[str] = set()
        self._strangers: dict[str, list[str]] | None = None
        self.links: dict[str, Link] = {}
        self.operator_id = ""

    @property
    def users(self) -> UsersRead:
        """Return the users that were seen."""
        return UsersRead(tuple(self._by_id.values()))

    async def look(
        self,
        people: Sequence[Person],
        removed: frozenset[str],
        *,
        now: datetime,
        users_total: int,
    ) -> None:
        """Read the users of these people, and of those who left. Raises NeedsEverything."""
        names = {person.user_principal_name.casefold() for person in people}
        ids = {person.source_id for person in people}
        self.links = self._journal.links_of(self._setup, ids | names | removed)
        self._take_managers(people, now)
        left = {one.user_name.lower() for one in self.links.values() if one.source_id in removed}
        # whoever has the name of somebody who left may be the same person
        self.links = self._journal.links_named(self._setup, left - {""}) | self.links
        mine = resolve_links(people, self.links)
        concerned = [one for one in people if self._concerned(one, mine)]
        linked = {mine[one.source_id].webex_id for one in concerned if one.source_id in mine}
        linked |= {mine[source_id].webex_id for source_id in removed & mine.keys()}
        strangers = [one for one in concerned if one.source_id not in mine]
        if len(linked) + 2 * len(strangers) > max(ALWAYS, users_total // PER_PAGE):
            raise NeedsEverything("so much changed that reading everything takes less")
        await self._get(linked)
        await side_by_side(lambda one: self._find(one, mine, now), concerned)
        await side_by_side(lambda one: self._check_name(one, mine, now), concerned)
        self._take_owners()

    async def look_at_operator(self, identity: Identity | None) -> None:
        """Read the user whose token this is, so that nobody takes it away from them."""
        if identity is None:
            return
        await self._get({identity.person_id} - self._by_id.keys())
        if identity.person_id in self._by_id:
            self.operator_id = identity.person_id
            return
        found = await self._ask("userName", identity.email) if identity.email else ()
        self.operator_id = found[0].id if found else ""

    def _concerned(self, person: Person, mine: Mapping[str, Link]) -> bool:
        """Return whether what happens to somebody depends on Webex."""
        if person.problem:
            return False
        return person.source_id in mine or self._rules.scope.decide(person).in_scope

    async def _get(self, ids: Iterable[str]) -> None:
        for user in await side_by_side(self._scim.get_user, sorted(ids)):
            self._see(user)

    def _see(self, user: User | None) -> None:
        if user:
            self._by_id[user.id] = user
            self._names.add(user.user_name.casefold())

    async def _find(self, person: Person, mine: Mapping[str, Link], now: datetime) -> None:
        """Find the user of somebody without a link, or whose linked user is gone."""
        link = mine.get(person.source_id)
        if link and link.webex_id in self._by_id:
            return
        for target, value in self._rules.mapping.each_matching_value(person, now):
            found = await self._ask(target, value)
            if found and target != "userName":
                self._check_claim(found, person)
            if found:
                return

    def _check_claim(self, found: Sequence[User], person: Person) -> None:
        """Leave it to a look at everybody where a user carries a name that may be another's."""
        own = person.user_principal_name.casefold()
        if any(user.user_name.casefold() != own for user in found):
            raise NeedsEverything("a user was found whose name may be another person's")

    async def _check_name(self, person: Person, mine: Mapping[str, Link], now: datetime) -> None:
        """See who has the user name that somebody is to get."""
        creating = person.source_id not in mine
        wanted = self._rules.mapping.evaluate(person, creating=creating, now=now)
        name = wanted.values.get("userName")
        if isinstance(name, str) and name and name.casefold() not in self._names:
            await self._ask("userName", name)

    async def _ask(self, target: str, value: str) -> Sequence[User]:
        if target not in self._cant_ask:
            try:
                found = await self._scim.find_users(target, value)
            except RemoteError as error:
                if error.status != 400:
                    raise
                self._cant_ask.add(target)
            else:
                for user in found:
                    self._see(user)
                if target == "userName":
                    self._names.add(value.casefold())
                return found
        if target != "externalId":
            raise NeedsEverything(f"this server can't be asked for users by {label(target)}")
        return await self._known_by_external_id(value)

    async def _known_by_external_id(self, value: str) -> Sequence[User]:
        """Find among the users without a person: Webex can't be asked (facts/webex.md, 2b)."""
        if self._strangers is None:
            self._strangers = {}
            for one in self._journal.strangers(self._setup):
                self._strangers.setdefault(one.external_id.lower(), []).append(one.webex_id)
        await self._get(self._strangers.get(value.lower(), ()))
        seen = self._by_id.values()
        return [user for user in seen if user.external_id.lower() == value.lower()]

    def _take_managers(self, people: Sequence[Person], now: datetime) -> None:
        """Take in the links of managers, whom the source names by id or by name."""
        if not maps_managers(self._rules.mapping):
            return
        wanted = (
            self._rules.mapping.evaluate(one, creating=True, now=now).values.get(MANAGER)
            for one in people
            if not one.problem
        )
        named = {value.lower() for value in wanted if isinstance(value, str) and value}
        self.links = self._journal.links_of(self._setup, named) | self.links
        names = {name for name in named if "@" in name}
        self.links = self._journal.links_named(self._setup, names) | self.links

    def _take_owners(self) -> None:
        """Take in the links of whoever has a claim to a user that was seen."""
        users = list(self._by_id.values())
        marked = {user.external_id.lower() for user in users} - {""}
        self.links |= self._journal.links_to(self._setup, self._by_id.keys())
        self.links |= self._journal.links_of(self._setup, marked - self.links.keys())
