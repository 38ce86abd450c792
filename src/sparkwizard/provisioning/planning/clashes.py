"""Find people who get in each other's way: one user name for two, or one Webex user for two."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from sparkwizard.provisioning.planning.drafts import Candidate
from sparkwizard.provisioning.planning.matching import Match, UserIndex, case_folded
from sparkwizard.provisioning.types import Action, Person, Reason, User

__all__ = ["Clashes", "contested"]


class Clashes:
    """Take everybody in scope with match and user name; say who can't go on, and why."""

    def __init__(self, index: UserIndex) -> None:
        self._index = index
        # nearly all are alone: a list is made only where a second one comes
        self._first_of_name: dict[str, Person] = {}
        self._same_name: dict[str, list[Person]] = {}
        self._first_of_user: dict[str, Person] = {}
        self._first_by: dict[str, str] = {}
        self._same_user: dict[str, list[tuple[Person, str]]] = {}
        self._taken: dict[str, tuple[User | None, User]] = {}
        self._wanted: dict[str, str] = {}

    def add(self, person: Person, match: Match, user_name: str) -> None:
        """Note one person in scope; an empty user name clashes with nobody's."""
        if match.user:
            self._add_user(match.user.id, person, match.by)
        if match.user and user_name:
            self._wanted[match.user.id] = user_name.casefold()
        if user_name:
            self._add_name(user_name.casefold(), person)
            self._check_taken(user_name, person, match)

    def found(self) -> Mapping[str, Reason]:
        """Return the reason by source id; sharing a Webex user weighs most, then a taken name."""
        clashes: dict[str, Reason] = {}
        for name, people in self._same_name.items():
            reason = Reason(
                "same-user-name", f"{_listed(people)} would all get the user name {name}."
            )
            clashes |= {person.source_id: reason for person in people}
        for source_id, (mine, holder) in self._taken.items():
            round_ = mine is not None and self._go_round(mine, holder)
            clashes[source_id] = _name_goes_round(holder) if round_ else _name_taken(holder)
        for group in self._same_user.values():
            clashes |= _same_user(group)
        return clashes

    def _add_user(self, webex_id: str, person: Person, by: str) -> None:
        first = self._first_of_user.setdefault(webex_id, person)
        if first is person:
            self._first_by[webex_id] = by
        else:
            group = self._same_user.setdefault(webex_id, [(first, self._first_by[webex_id])])
            group.append((person, by))

    def _add_name(self, name: str, person: Person) -> None:
        first = self._first_of_name.setdefault(name, person)
        if first is not person:
            self._same_name.setdefault(name, [first]).append(person)

    def _check_taken(self, name: str, person: Person, match: Match) -> None:
        """Refuse a userName that another Webex user has, who is not this person's."""
        holders = self._index.holders("userName", name)
        mine = match.user.id if match.user else ""
        other = next((user for user in holders if user.id != mine), None)
        if other:
            self._taken[person.source_id] = match.user, other

    def _go_round(self, mine: User, holder: User) -> bool:
        """Return whether whoever has the name is to get another's, and so on to this user's own."""
        seen: set[str] = set()
        other: User | None = holder
        while other and other.id not in seen and (name := self._wanted.get(other.id)):
            if name == mine.user_name.casefold():
                return True
            seen.add(other.id)
            other = next(iter(self._index.holders("userName", name)), None)
        return False


def contested(
    sure: Sequence[Action],
    users: Set[str],
    matched: Set[str],
    candidates: Iterable[Candidate],
    index: UserIndex,
    *,
    names_alone: bool,
) -> Iterator[Action]:
    """Yield those of ``sure`` whose Webex user or user name somebody else may get or has.

    ``users`` are their Webex ids, ``matched`` those that everybody else has a claim to.
    ``names_alone`` tells that each was found by a user name that is theirs alone in Webex. Who has
    a user and a name of their own in Webex has the name of nobody else here.
    """
    others = {str(c.wanted.values.get("userName") or "").casefold() for c in candidates}
    apart = len(users) == len(sure) and matched.isdisjoint(users)
    if apart and not others and names_alone:
        return
    names = case_folded([action.user_name for action in sure])
    if apart and others.isdisjoint(names) and index.are_alone("userName", names):
        return
    times = Counter(action.webex_id for action in sure)
    names_again = others | {name for name, count in Counter(names).items() if count > 1}
    for action, name in zip(sure, names, strict=True):
        same_user = action.webex_id in matched or times[action.webex_id] > 1
        if same_user or name in names_again or index.alone("userName", name) is None:
            yield action


def _name_taken(holder: User) -> Reason:
    return Reason("user-name-taken", f"Another Webex user already has the name {holder.user_name}.")


def _name_goes_round(holder: User) -> Reason:
    text = (
        f"{holder.user_name} is the name of another Webex user, and names are to go round among"
        " these people: none can be given first. Give one of these users some other name in Control"
        " Hub, and the next run does the rest."
    )
    return Reason("user-name-taken", text)


def _same_user(group: Sequence[tuple[Person, str]]) -> Mapping[str, Reason]:
    """Refuse a user that several people match, except the one who already manages it."""
    linked = sum(by == "link" for _person, by in group)
    people = [person for person, _by in group]
    reason = Reason("same-user", f"{_listed(people)} match the same Webex user.")
    return {person.source_id: reason for person, by in group if not (linked == 1 and by == "link")}


def _listed(people: Sequence[Person]) -> str:
    shown = ", ".join(person.label for person in people[:3])
    return shown if len(people) <= 3 else f"{shown} and {len(people) - 3} more"
