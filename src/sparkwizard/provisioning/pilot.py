"""Choose whom to begin with: few people who between them go through everything a plan does.

Covered are each kind of action with each set of attributes it writes, values set and taken away,
and each branch that an expression of the mapping takes.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sparkwizard.provisioning.expressions.tracing import trace
from sparkwizard.provisioning.plan import Plan
from sparkwizard.provisioning.source.attributes import attributes_for_rules
from sparkwizard.provisioning.types import Action, MappingRule, Person

__all__ = ["pilot_order"]

LOOKED_AT = 2_000
"""How many people are traced, shared out among those with the same changes: it has to be quick."""

type Features = frozenset[Hashable]


def pilot_order(
    plan: Plan, rules: Sequence[MappingRule], people: Iterable[Person], now: datetime
) -> tuple[str, ...]:
    """Return the source ids of all whom the plan writes, in the order to begin with them.

    First come those who cover the most that nobody before them did, then all others in the plan's
    order; the first so many are a pilot, and a larger pilot holds the smaller.
    """
    actions = plan.to_write
    chosen = list(dict.fromkeys(_covering(_candidates(actions, rules, people, now))))
    # somebody may have two actions: a new user, and a manager who is new as well
    return tuple(dict.fromkeys((*chosen, *(a.source_id for a in actions))))


def _covering(candidates: Mapping[Features, str]) -> Iterator[str]:
    left = dict(candidates)
    covered: set[Hashable] = set()
    while left:
        best = max(left, key=lambda features: len(features - covered))
        if not best - covered:
            return
        covered |= best
        yield left.pop(best)


def _candidates(
    actions: Iterable[Action],
    rules: Sequence[MappingRule],
    people: Iterable[Person],
    now: datetime,
) -> Mapping[Features, str]:
    """Return one person for each combination of what a plan does and a mapping goes through."""
    groups: dict[Features, list[str]] = {}
    for action in actions:
        groups.setdefault(frozenset(_of_action(action)), []).append(action.source_id)
    share = max(1, LOOKED_AT // max(1, len(groups)))
    looked_at = {one for group in groups.values() for one in group[:share]}
    by_id = {one.source_id: one for one in people if one.source_id in looked_at}
    found: dict[Features, str] = {}
    for features, group in groups.items():
        for source_id in group[:share]:
            person = by_id.get(source_id)
            branches = frozenset(_branches(person, rules, now)) if person else frozenset()
            found.setdefault(features | branches, source_id)
    return found


def _of_action(action: Action) -> Iterator[Hashable]:
    yield action.kind
    yield action.kind, frozenset(change.attribute for change in action.changes)
    for change in action.changes:
        yield change.attribute, change.before is None, change.after is None


def _branches(person: Person, rules: Sequence[MappingRule], now: datetime) -> Iterator[Hashable]:
    """Yield what each expression goes through for somebody; a branch not taken leaves no step."""
    attributes = attributes_for_rules(person.attributes)
    for rule in rules:
        if rule.expression.strip():
            steps = trace(rule.expression, attributes, now)
            way = ((one.start, one.end, one.value is None, bool(one.error)) for one in steps)
            yield rule.target, tuple(way)
