"""What a plan rests on before any rule is asked: both sides, links, and who is present."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from sparkwizard.provisioning.planning.matching import LinkResolver, Others, UserIndex
from sparkwizard.provisioning.portions import all_differ
from sparkwizard.provisioning.types import Link, Population, UsersRead

__all__ = ["Ground", "Situation"]


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was read from both sides and what earlier runs left.

    ``links`` are this profile's by source id; ``owned_elsewhere`` the Webex ids that other profiles
    manage; ``operator_id`` the token owner's Webex id, empty where unknown; ``source_confirmed``
    is False after the profile's ``[source]`` changed.

    Where only what changed was read, ``removed`` are the source ids that are no longer there, and
    ``managed_active`` how many users this profile manages; ``users`` and ``links`` are then those
    of the people concerned. Both are None where everything was read.
    """

    population: Population
    users: UsersRead
    links: Mapping[str, Link]
    now: datetime
    owned_elsewhere: frozenset[str] = frozenset()
    operator_id: str = ""
    source_confirmed: bool = True
    removed: frozenset[str] | None = None
    managed_active: int | None = None

    @property
    def users_complete(self) -> bool:
        """Return whether all users were read; none at all is no answer where some are managed."""
        return self.users.complete and bool(self.users.users or not self.links)


class Ground:
    """Hold users to be found, links under present ids, and who has a claim to what.

    ``targets`` are the matching attributes. Nothing is there until ``lay`` has run to its end.
    """

    __slots__ = ("_resolver", "_seen", "absent", "index", "links", "others", "targets", "unsure")

    def __init__(self, situation: Situation, targets: Sequence[str]) -> None:
        self._seen = situation
        self.others = Others()
        self._resolver = LinkResolver(situation.links, self.others.present)
        self.targets = tuple(targets)
        self.index = UserIndex((), targets)
        self.links = self._resolver.links
        self.absent: list[Link] = []
        self.unsure: list[Link] = []

    def lay(self) -> Iterator[None]:
        """Read both sides, pausing after each user, twice for each person, and after each link."""
        for user in self._seen.users.users:
            self.index.add(user)
            yield
        for person in self._seen.population.people:
            self.others.present.add(person.source_id)
            yield
        self._note_unread()
        for person in self._seen.population.people:
            self._resolver.see(person)
            if name := person.user_principal_name.casefold():
                self.others.names.setdefault(name, person.source_id)
            yield
        yield from self._find_absent()

    def lay_at_once(self) -> None:
        """Read both sides as ``lay`` does, without a pause."""
        people = self._seen.population.people
        self.index.add_all(self._seen.users.users)
        self.others.know(people)
        self._note_unread()
        if self._seen.links and self.others.present:
            for person in people:
                self._resolver.see(person)
        for _ in self._find_absent():
            pass

    def let_go(self) -> None:
        """Forget everything, table by table: all at once would hold up every other thread."""
        self.index.let_go()
        self._resolver.let_go()
        self.others.let_go()

    def _note_unread(self) -> None:
        """Note who was not read because nothing of them changed: they are there."""
        if self._seen.removed is not None:
            self.others.present.update(self._seen.links.keys() - self._seen.removed)

    def shared_ids(self) -> frozenset[str]:
        """Return the source ids that more than one person has."""
        people = self._seen.population.people
        if all_differ([person.source_id for person in people]):
            return frozenset()
        counts = Counter(person.source_id for person in people)
        return frozenset(source_id for source_id, count in counts.items() if count > 1)

    def _find_absent(self) -> Iterator[None]:
        others, gone = self.others, []
        for source_id, link in self.links.items():
            others.owners[link.webex_id] = link.source_id
            if source_id not in others.present:
                gone.append(link)
            yield
        if gone:
            names = others.names.keys() | self._names_of_present()
            self.absent += [one for one in gone if one.user_name.casefold() not in names]
            self.unsure += [one for one in gone if one.user_name.casefold() in names]

    def _names_of_present(self) -> set[str]:
        """Return the user names of those who are there, also of whom an incremental cycle skips."""
        present = self.others.present
        return {one.user_name.casefold() for one in self.links.values() if one.source_id in present}
