"""From people and users to actions: who would be created, updated, disabled, and why.

The rules that decide cases are those of the product's design, section 6. Everything is decided
here and nothing is read or written.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sparkwizard.provisioning.comparison import Comparison, compare, state_before
from sparkwizard.provisioning.leavers import decide_leaver
from sparkwizard.provisioning.mapping import CompiledMapping, Wanted
from sparkwizard.provisioning.matching import Match, UserIndex, resolve_links
from sparkwizard.provisioning.safeguards import Bars, removal_stops
from sparkwizard.provisioning.scoping import Scope
from sparkwizard.provisioning.types import (
    Action,
    ActionKind,
    Actions,
    Link,
    Person,
    Population,
    Reason,
    RemovalLimit,
    Stop,
    User,
    UsersRead,
)

__all__ = ["Draft", "Rules", "Situation", "draft_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Hold what a profile asks for."""

    mapping: CompiledMapping
    scope: Scope
    actions: Actions
    max_removals: RemovalLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Hold what was read from both sides and what earlier runs left.

    ``links`` are this profile's by source id; ``owned_elsewhere`` the Webex ids that other profiles
    manage; ``operator_id`` the token owner's Webex id, empty where unknown; ``source_confirmed``
    is False after the profile's ``[source]`` changed.
    """

    population: Population
    users: UsersRead
    links: Mapping[str, Link]
    now: datetime
    owned_elsewhere: frozenset[str] = frozenset()
    operator_id: str = ""
    source_confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold the planned actions, the classes held back, and the figures they rest on."""

    actions: tuple[Action, ...]
    stops: tuple[Stop, ...]
    managed_active: int
    removals_allowed: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Hold what is known of one person in scope before actions are decided."""

    person: Person
    match: Match
    wanted: Wanted


def draft_plan(rules: Rules, situation: Situation) -> Draft:
    """Decide one action for every person, and one for every managed user who left the source."""
    planner = _Planner(rules, situation)
    actions = tuple(planner.actions())
    managed = sum(1 for user in planner.managed_users() if user.active)
    allowed = rules.max_removals.allowed(managed)
    stops = removal_stops(actions, planner.bars, allowed, managed)
    return Draft(actions, stops, managed, allowed)


class _Planner:
    def __init__(self, rules: Rules, situation: Situation) -> None:
        self.rules = rules
        self.seen = situation
        self.bars = Bars(
            source_complete=situation.population.complete,
            users_complete=situation.users.complete,
            source_confirmed=situation.source_confirmed,
        )
        targets = [rule.target for rule in rules.mapping.matching]
        self.index = UserIndex(situation.users.users, targets)
        self.links = resolve_links(situation.population.people, situation.links)
        self.owners = {link.webex_id: link.source_id for link in self.links.values()}
        self.matched: set[str] = set()

    def managed_users(self) -> Iterator[User]:
        for link in self.links.values():
            if user := self.index.by_id.get(link.webex_id):
                yield user

    def actions(self) -> Iterator[Action]:
        candidates: list[_Candidate] = []
        for person in self.seen.population.people:
            decided = self._before_mapping(person)
            if isinstance(decided, _Candidate):
                candidates.append(decided)
            else:
                yield decided
        clashes = self._clashes(candidates)
        for candidate in candidates:
            clash = clashes.get(candidate.person.source_id)
            yield _problem(candidate.person, clash) if clash else self._decide(candidate)
        yield from self._leavers_of_source()

    # -- before the mapping ---------------------------------------------------------------------

    def _before_mapping(self, person: Person) -> Action | _Candidate:
        if person.problem:
            return _problem(person, person.problem)
        decision = self.rules.scope.decide(person)
        if not decision.evaluable:
            return _problem(person, decision.reason)
        if not decision.in_scope:
            return self._leaver_or_skipped(person, decision.reason)
        return self._candidate(person)

    def _leaver_or_skipped(self, person: Person, reason: Reason) -> Action:
        link = self.links.get(person.source_id)
        user = self.index.by_id.get(link.webex_id) if link else None
        if link and user:
            return self._leaver(link, user, reason, person.row)
        return Action(
            ActionKind.SKIPPED,
            person.source_id,
            person.user_principal_name,
            person.label,
            reasons=(reason,),
            row=person.row,
        )

    def _candidate(self, person: Person) -> Action | _Candidate:
        mapping = self.rules.mapping
        match = self.index.match(
            self.links.get(person.source_id),
            mapping.matching_values(person, self.seen.now),
            self.owners,
            person.source_id,
        )
        if match.problem:
            return _problem(person, match.problem)
        if match.user:
            self.matched.add(match.user.id)
        wanted = mapping.evaluate(person, creating=match.user is None, now=self.seen.now)
        return _Candidate(person, match, wanted)

    # -- people who get in each other's way -----------------------------------------------------

    def _clashes(self, candidates: Sequence[_Candidate]) -> Mapping[str, Reason]:
        by_user: defaultdict[str, list[_Candidate]] = defaultdict(list)
        by_name: defaultdict[str, list[_Candidate]] = defaultdict(list)
        for candidate in candidates:
            if candidate.match.user:
                by_user[candidate.match.user.id].append(candidate)
            if name := candidate.wanted.values.get("userName"):
                by_name[str(name).casefold()].append(candidate)
        clashes: dict[str, Reason] = {}
        for name, group in by_name.items():
            clashes |= _same_name(name, group)
            clashes |= self._name_taken(name, group)
        for group in by_user.values():
            clashes |= _same_user(group)
        return clashes

    def _name_taken(self, name: str, group: Sequence[_Candidate]) -> Mapping[str, Reason]:
        """Refuse a userName that another Webex user has, who is not this person's."""
        taken: dict[str, Reason] = {}
        for candidate in group:
            mine = candidate.match.user.id if candidate.match.user else ""
            others = [user for user in self.index.holders("userName", name) if user.id != mine]
            if others:
                taken[candidate.person.source_id] = Reason(
                    "user-name-taken",
                    f"Another Webex user already has the name {others[0].user_name}.",
                )
        return taken

    # -- one person in scope --------------------------------------------------------------------

    def _decide(self, candidate: _Candidate) -> Action:
        if candidate.match.user is None:
            return self._create_or_skip(candidate)
        return self._change(candidate, candidate.match.user)

    def _create_or_skip(self, candidate: _Candidate) -> Action:
        person, wanted = candidate.person, candidate.wanted
        action = Action(
            ActionKind.SKIPPED,
            person.source_id,
            str(wanted.values.get("userName") or person.user_principal_name),
            person.label,
            row=person.row,
        )
        if wanted.values.get("active") is False or _disabled(person):
            reason = Reason("disabled-in-source", "Disabled in the source and not in Webex.")
            return replace(action, reasons=(reason,))
        if wanted.problems:
            return replace(action, kind=ActionKind.PROBLEM, reasons=wanted.problems)
        if not self.rules.actions.create:
            reason = Reason("create-off", "Not in Webex, and this setup does not create users.")
            return replace(action, reasons=(reason,))
        return replace(
            action,
            kind=ActionKind.CREATE,
            changes=compare(wanted.values, {}).changes,
            reasons=(Reason("not-in-webex", "In scope and not in Webex yet."),),
        )

    def _change(self, candidate: _Candidate, user: User) -> Action:
        person, wanted = candidate.person, candidate.wanted
        link = self.links.get(person.source_id)
        base = Action(
            ActionKind.PROBLEM,
            person.source_id,
            user.user_name,
            person.label,
            webex_id=user.id,
            before=state_before(user, wanted.values),
            linked=link is not None,
            row=person.row,
        )
        if wanted.problems:
            return replace(base, reasons=wanted.problems)
        found = compare(wanted.values, user.resource)
        return self._by_activity(base, found, user, link, _how_matched(candidate.match))

    def _by_activity(
        self, base: Action, found: Comparison, user: User, link: Link | None, matched: Reason
    ) -> Action:
        if found.turns_off:
            return self._turn_off(base, found, user, link, matched)
        if found.turns_on and not (link and link.disabled_at):
            reason = Reason(
                "not-disabled-here",
                "Active in the source but not in Webex, and it was not this setup that turned"
                " the user off.",
            )
            return replace(base, reasons=(reason,))
        return self._update(base, found, matched)

    def _turn_off(
        self, base: Action, found: Comparison, user: User, link: Link | None, matched: Reason
    ) -> Action:
        why = Reason("disabled-in-source", "Disabled in the source.")
        if not self.rules.actions.disable:
            kept = Reason("disable-off", "Stays active: this setup does not disable users.")
            return self._update(base, found.without("active"), matched, kept)
        if problem := self._may_not_lose_access(user, managed=link is not None):
            return replace(base, reasons=(why, problem))
        if bar := self.bars.reason:
            return replace(base, kind=ActionKind.SKIPPED, reasons=(why, bar))
        changes = found.changes if self.rules.actions.update else found.only("active").changes
        return replace(base, kind=ActionKind.DISABLE, changes=changes, reasons=(why,))

    def _update(self, base: Action, found: Comparison, *reasons: Reason) -> Action:
        if not found.changes:
            return replace(base, kind=ActionKind.UNCHANGED, reasons=reasons)
        if not self.rules.actions.update:
            off = Reason("update-off", "Differs from Webex, and this setup does not update users.")
            return replace(base, kind=ActionKind.SKIPPED, reasons=(off,))
        return replace(base, kind=ActionKind.UPDATE, changes=found.changes, reasons=reasons)

    # -- people who left ------------------------------------------------------------------------

    def _leavers_of_source(self) -> Iterator[Action]:
        present = _present(self.seen.population.people)
        gone = Reason("left-source", "No longer in the source.")
        for source_id, link in self.links.items():
            user = self.index.by_id.get(link.webex_id)
            absent = source_id not in present and link.user_name.lower() not in present
            if user and absent and user.id not in self.matched:
                yield self._leaver(link, user, gone, 0)

    def _leaver(self, link: Link, user: User, why: Reason, row: int) -> Action:
        return decide_leaver(
            link,
            user,
            why,
            allowed=self.rules.actions,
            refusal=self._may_not_lose_access(user, managed=True),
            bar=self.bars.reason,
            now=self.seen.now,
            row=row,
        )

    def _may_not_lose_access(self, user: User, *, managed: bool) -> Reason | None:
        if user.id == self.seen.operator_id:
            return Reason("operator", "This is you: the token you use belongs to this user.")
        if user.id in self.seen.owned_elsewhere:
            return Reason("other-profile", "Another setup on this computer manages this user.")
        if not managed:
            return Reason(
                "never-managed",
                "Still active in Webex. SparkWizard turns off only users that it has managed"
                " before; turn this one off in Control Hub if that is what you want.",
            )
        return None


def _present(people: Sequence[Person]) -> frozenset[str]:
    """Collect every id under which people are in the source, rows with problems included."""
    ids = {person.source_id for person in people}
    ids |= {person.user_principal_name.lower() for person in people}
    return frozenset(ids)


def _disabled(person: Person) -> bool:
    return str(person.attributes.get("IsSoftDeleted", "False")).lower() == "true"


def _problem(person: Person, reason: Reason) -> Action:
    return Action(
        ActionKind.PROBLEM,
        person.source_id,
        person.user_principal_name,
        person.label,
        reasons=(reason,),
        row=person.row,
    )


def _how_matched(match: Match) -> Reason:
    if match.by == "link":
        return Reason("linked", "The user that this setup already manages for this person.")
    return Reason("matched", f"Found in Webex by {match.by}.")


def _same_name(name: str, group: Sequence[_Candidate]) -> Mapping[str, Reason]:
    if len(group) < 2:
        return {}
    rows = _listed(group)
    reason = Reason("same-user-name", f"{rows} would all get the user name {name}.")
    return {candidate.person.source_id: reason for candidate in group}


def _same_user(group: Sequence[_Candidate]) -> Mapping[str, Reason]:
    """Refuse a user that several people match, except the one who already manages it."""
    if len(group) < 2:
        return {}
    kinds = Counter(candidate.match.by for candidate in group)
    one_manages_it = kinds["link"] == 1
    reason = Reason("same-user", f"{_listed(group)} match the same Webex user.")
    return {
        candidate.person.source_id: reason
        for candidate in group
        if not (one_manages_it and candidate.match.by == "link")
    }


def _listed(group: Sequence[_Candidate]) -> str:
    names = [candidate.person.label for candidate in group]
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
