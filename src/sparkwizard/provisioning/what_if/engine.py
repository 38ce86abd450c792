"""Compare the plan of two sets of rules person by person, looking only at those an edit touches."""

from collections import Counter
from collections.abc import Callable, Generator, Iterator

from sparkwizard.provisioning.planning.planner import Rules, Situation
from sparkwizard.provisioning.types import Action, ActionKind, Counts, Person
from sparkwizard.provisioning.what_if.columns import LazyColumn
from sparkwizard.provisioning.what_if.difference import (
    Affected,
    Difference,
    Effect,
    Standing,
    effect_of_actions,
    effect_of_standing,
)
from sparkwizard.provisioning.what_if.world import PACE, Shelf, World

__all__ = ["WhatIf"]


class WhatIf:
    """Tell what an edit of ``rules`` would mean for everybody.

    Work is kept between edits: a rule's values are worked out once, and only people for whom some
    value, match, clash or scope differs are decided again, by the planner's own code. Without
    ``users_known`` the situation's users count as not read: no plan is counted.
    """

    def __init__(self, rules: Rules, situation: Situation, *, users_known: bool = True) -> None:
        self.rules = rules
        self.users_known = users_known
        self._shelf = Shelf(situation)
        self._before = World(rules, self._shelf)
        self._kinds = LazyColumn(len(self._before.people), self._kind)
        self._counted: Counter[ActionKind] = Counter()
        self._place_of: dict[str, int] = {}
        self._preparing = self._prepare()

    @property
    def people(self) -> int:
        """Return how many people there are."""
        return len(self._before.people)

    def prepare(self) -> Generator[float]:
        """Work out the state before the edit, in slices; goes on where it was left."""
        yield from _going_on(self._preparing)

    def evaluate(self, rules: Rules) -> Generator[float, None, Difference]:
        """Yield how far it is (0 to 1) after every millisecond's work; return the difference.

        Dropping the generator cancels; nothing that was worked out is lost.
        """
        for done in _going_on(self._preparing):
            yield done * 0.6
        after = World(rules, self._shelf, self._before)
        for done in after.settle():
            yield 0.6 + done * 0.2
        comparison = _Comparison(self._before, after, self._kinds)
        for done in comparison.run():
            yield 0.8 + done * 0.2
        return self._difference(after, comparison)

    def _prepare(self) -> Iterator[float]:
        people = self._before.people
        for done in self._before.settle():
            yield done * 0.5
        for place, person in enumerate(people):
            if place % PACE == 0:
                yield 0.5 + 0.5 * place / len(people)
            self._place_of.setdefault(person.source_id, place)
            if self.users_known:
                self._counted[self._kinds[place]] += 1

    def _kind(self, place: int) -> ActionKind:
        return self._before.action(place).kind

    def _difference(self, after: World, found: "_Comparison") -> Difference:
        people = after.people
        groups = {
            effect: tuple(people[place] for place in places)
            for effect, places in found.groups.items()
        }
        changed = Counter(self._counted)
        changed.subtract(found.kinds_before)
        changed.update(found.kinds_after)
        return Difference(
            people=len(people),
            in_scope=found.in_scope,
            groups=groups,
            before=self._counts(self._counted, self._before),
            after=self._counts(changed, after),
            look=self._looker(after),
        )

    def _counts(self, kinds: Counter[ActionKind], world: World) -> Counts | None:
        if not self.users_known:
            return None
        total = kinds + Counter(world.leavers())
        return Counts(**{kind.value: number for kind, number in total.items()})

    def _looker(self, after: World) -> Callable[[Person], Affected | None]:
        before, place_of = self._before, self._place_of

        def look(person: Person) -> Affected | None:
            place = place_of.get(person.source_id)
            if place is None:
                return None
            return Affected(person, before.action(place), after.action(place))

        return look


class _Comparison:
    """Go through everybody and decide again on those for whom anything differs."""

    def __init__(self, before: World, after: World, kinds: LazyColumn[ActionKind]) -> None:
        self._before, self._after, self._kinds = before, after, kinds
        self._everybody = _for_all(before.rules) != _for_all(after.rules)
        self._same_scope = before.scopes is after.scopes
        self._same_matches = before.matches is after.matches
        self._same_clashes = before.clashes is after.clashes
        targets = {**before.columns, **after.columns}
        pairs = ((before.columns.get(one), after.columns.get(one)) for one in targets)
        self._pairs = [(old, new) for old, new in pairs if old is not new]
        self.groups: dict[Effect, list[int]] = {}
        self.kinds_before: Counter[ActionKind] = Counter()
        self.kinds_after: Counter[ActionKind] = Counter()
        self.in_scope = 0

    def run(self) -> Iterator[float]:
        """Compare everybody, in slices."""
        people = self._after.people
        for place in range(len(people)):
            if place % PACE == 0:
                yield place / len(people)
            self.in_scope += self._after.in_scope(place)
            if people[place].problem is None and (self._everybody or self._differs(place)):
                self._decide(place)

    def _decide(self, place: int) -> None:
        kind, after = self._kinds[place], self._after.action(place)
        self.kinds_before[kind] += 1
        self.kinds_after[after.kind] += 1
        old = self._before.standing(place, kind)
        new = self._after.standing(place, after.kind)
        effect = effect_of_standing(old, new)
        if effect is None and new is Standing.FINE:
            effect = self._effect_of_writing(place, kind, after)
        if effect is not None:
            self.groups.setdefault(effect, []).append(place)

    def _effect_of_writing(self, place: int, kind: ActionKind, after: Action) -> Effect | None:
        if kind is after.kind is ActionKind.CREATE:  # what is sent is what is wanted
            return Effect.WOULD_CHANGE if self._values_differ(place) else None
        if not (kind.writes or after.kind.writes):
            return None
        return effect_of_actions(self._before.action(place), after)

    def _differs(self, place: int) -> bool:
        """Return whether anything that decides on a person is not as before."""
        if not self._same_scope:
            old, new = self._before.scopes[place], self._after.scopes[place]
            if (old.in_scope, old.evaluable) != (new.in_scope, new.evaluable):
                return True
        if not self._after.scopes[place].in_scope:
            return False
        return self._match_differs(place) or self._values_differ(place)

    def _match_differs(self, place: int) -> bool:
        if not self._same_matches:
            old, new = self._before.matches[place], self._after.matches[place]
            if old.user is not new.user or old.problem != new.problem:
                return True
        if self._same_clashes:
            return False
        source_id = self._after.people[place].source_id
        return self._before.clashes.get(source_id) != self._after.clashes.get(source_id)

    def _values_differ(self, place: int) -> bool:
        creating = self._after.matches[place].user is None
        for old, new in self._pairs:
            was = old.at(place, creating=creating) if old else None
            becomes = new.at(place, creating=creating) if new else None
            if was != becomes or type(was) is not type(becomes):
                return True
        return False


def _for_all(rules: Rules) -> object:
    """Return what decides on everybody, besides mapping and scope."""
    return rules.actions, rules.never_touched


def _going_on(slices: Iterator[float]) -> Iterator[float]:
    """Yield from slices without closing them where the one who asks stops asking."""
    for done in slices:  # noqa: UP028  yield from would close them
        yield done
