"""Everybody under one set of rules, sharing whatever another set of rules gives the same."""

from collections.abc import Iterator, Mapping

import msgspec

from sparkwizard.provisioning.mapping.filling import Wanted
from sparkwizard.provisioning.planning.clashes import Clashes
from sparkwizard.provisioning.planning.matching import Match
from sparkwizard.provisioning.planning.planner import Candidate, Ground, Planner, Rules, Situation
from sparkwizard.provisioning.target.schema import canonical_target
from sparkwizard.provisioning.types import Action, ActionKind, Json, MappingRule, Reason
from sparkwizard.provisioning.what_if.columns import LazyColumn, RuleColumn, ScopeColumn
from sparkwizard.provisioning.what_if.difference import Standing

__all__ = ["PACE", "Shelf", "World"]

PACE = 16
"""How many people are looked at in one slice: about a millisecond's work."""

_KEPT = 24
type _RuleKey = tuple[str, str, str | None, str]


def _key(rule: MappingRule) -> _RuleKey:
    """Return what decides a rule's values; its matching precedence does not."""
    return canonical_target(rule.target), rule.expression, rule.default, rule.apply


class Shelf(msgspec.Struct):
    """Keep columns from edit to edit, so that undo and the next edit find them."""

    situation: Situation
    rules: dict[_RuleKey, RuleColumn] = msgspec.field(default_factory=dict)
    grounds: dict[frozenset[str], Ground] = msgspec.field(default_factory=dict)

    def column(self, rule: MappingRule) -> RuleColumn:
        """Return a rule's column, the kept one if there is one."""
        key = _key(rule)
        column = self.rules.pop(key, None)
        if column is None:
            column = RuleColumn(rule, self.situation.population.people, self.situation.now)
        self.rules[key] = column  # the newest stands last
        while len(self.rules) > _KEPT:
            del self.rules[next(iter(self.rules))]
        return column

    def ground(self, targets: frozenset[str]) -> Iterator[float]:
        """Lay the ground for these matching attributes in slices, once."""
        if targets in self.grounds:
            return
        ground = Ground(self.situation, sorted(targets))
        seen = self.situation
        total = len(seen.users.users) + 2 * len(seen.population.people) + len(seen.links) or 1
        for done, _ in enumerate(ground.lay()):
            if done % (4 * PACE) == 0:
                yield min(1.0, done / total)
        self.grounds[targets] = ground


class World:
    """Hold everybody under one set of rules. ``settle`` must have run before anything is asked.

    ``base`` is another world of the same people, whose columns are shared where they are the same.
    """

    planner: Planner
    scopes: ScopeColumn
    matches: LazyColumn[Match]
    clashes: Mapping[str, Reason]

    def __init__(self, rules: Rules, shelf: Shelf, base: "World | None" = None) -> None:
        self.rules = rules
        self.shelf = shelf
        self.people = shelf.situation.population.people
        self._base = base
        columns = [shelf.column(rule) for rule in rules.mapping.rules]
        self.columns = {column.target: column for column in columns}
        same_scope = base is not None and base.rules.scope.filters == rules.scope.filters
        self.scopes = base.scopes if base and same_scope else ScopeColumn(rules.scope, self.people)
        self.matching = [(rule.target, rule.expression) for rule in rules.mapping.matching]

    def settle(self) -> Iterator[float]:
        """Find out who matches whom and who clashes, in slices that tell how far it is."""
        targets = frozenset(target for target, _ in self.matching)
        for done in self.shelf.ground(targets):
            yield done * 0.5
        self.planner = Planner(self.rules, self.shelf.situation, self.shelf.grounds[targets])
        base, length = self._base, len(self.people)
        shared = base is not None and base.same_matching(self)
        self.matches = base.matches if base and shared else LazyColumn(length, self._match)
        if base and shared and base.scopes is self.scopes and self._same_names(base):
            self.clashes, self.planner.matched = base.clashes, base.planner.matched
            return
        clashes, names = Clashes(self.planner.index), self.columns["userName"]
        for place in range(length):
            if place % PACE == 0:
                yield 0.5 + 0.5 * place / length
            if self.in_scope(place):
                self._note(clashes, place, names)
        self.clashes = clashes.found()

    def same_matching(self, other: "World") -> bool:
        """Return whether the same rules find people's users, in the same order."""
        return self.matching == other.matching

    def _same_names(self, base: "World") -> bool:
        return base.columns.get("userName") is self.columns.get("userName")

    def _note(self, clashes: Clashes, place: int, names: RuleColumn) -> None:
        match = self.matches[place]
        if match.user:
            self.planner.matched.add(match.user.id)
        if match.problem:
            return
        name = names.at(place, creating=match.user is None)
        clashes.add(self.people[place], match, name if isinstance(name, str) else "")

    def _match(self, place: int) -> Match:
        return self.planner.match(self.people[place])

    def in_scope(self, place: int) -> bool:
        """Return whether somebody can be used and is in scope for certain."""
        return self.people[place].problem is None and self.scopes[place].in_scope

    def wanted(self, place: int, *, creating: bool) -> Wanted:
        """Return what one person should have, as the mapping itself would."""
        values: dict[str, Json] = {}
        problems: list[Reason] = []
        for target, column in self.columns.items():
            cell = column.at(place, creating=creating)
            if isinstance(cell, tuple):
                problems += cell
            elif cell is not None:
                values[target] = cell
        return Wanted(values, tuple(problems))

    def action(self, place: int) -> Action:
        """Return what the plan would do for one person."""
        person = self.people[place]
        if person.problem:
            return self.planner.unusable(person, person.problem)
        if out := self.planner.out_of_scope(person, self.scopes[place]):
            return out
        match = self.matches[place]
        wanted = self.wanted(place, creating=match.user is None)
        clash = self.clashes.get(person.source_id)
        return self.planner.decide(Candidate(person, match, wanted), clash)

    def standing(self, place: int, kind: ActionKind) -> Standing:
        """Return how somebody stands, given what would be done."""
        if self.people[place].problem is None:
            decision = self.scopes[place]
            if decision.evaluable and not decision.in_scope:
                return Standing.OUT
        return Standing.INVALID if kind is ActionKind.PROBLEM else Standing.FINE

    def leavers(self) -> Iterator[ActionKind]:
        """Yield what would be done to managed users whose person left the source."""
        return (action.kind for action in self.planner.leavers_of_source())
