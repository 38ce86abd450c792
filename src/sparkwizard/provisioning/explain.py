"""Explain one person, in the steps of Entra's provision on demand: import, scope, match, action.

Nothing is decided here: the action is the one that a plan of the same rules and data holds.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from sparkwizard.provisioning.expressions import TraceStep, compile_expression, trace
from sparkwizard.provisioning.planning.matching import Match
from sparkwizard.provisioning.planning.planner import Draft, Planner, Rules, Situation, draft_plan
from sparkwizard.provisioning.scoping.scope import FilterVerdict, ScopeDecision
from sparkwizard.provisioning.source.attributes import attributes_for_rules
from sparkwizard.provisioning.source.finding_people import find_person, nearest_names, nobody
from sparkwizard.provisioning.target.path import read_path
from sparkwizard.provisioning.target.schema import label, same_value
from sparkwizard.provisioning.types import (
    Action,
    Json,
    Link,
    MappingRule,
    Person,
    Population,
    Reason,
    Stop,
    User,
)

__all__ = [
    "ActionStep",
    "AttributeOutcome",
    "AttributeStep",
    "Explanation",
    "ImportStep",
    "MatchStep",
    "MatchTry",
    "ScopeStep",
    "explain_person",
    "explain_without_webex",
]


class ImportStep(msgspec.Struct, frozen=True):
    """Hold what the source says of the person; ``row`` is the line of a file, 0 elsewhere.

    ``attributes`` are those with a value, and ``IsSoftDeleted``, which is computed.
    """

    row: int
    attributes: Mapping[str, object]
    problem: Reason | None = None


class ScopeStep(msgspec.Struct, frozen=True):
    """Hold the decision of the scoping filters, and how each of them came out."""

    decision: ScopeDecision
    filters: tuple[FilterVerdict, ...] = ()


class MatchTry(msgspec.Struct, frozen=True):
    """Hold one matching attribute, the person's value for it, and the Webex users who have it.

    ``value`` is None where the person has none: then nobody is looked for.
    """

    target: str
    label: str
    value: str | None
    users: tuple[User, ...] = ()


class MatchStep(msgspec.Struct, frozen=True):
    """Hold who was found in Webex and how; a ``link`` of an earlier run comes before all tries."""

    match: Match
    tries: tuple[MatchTry, ...]
    link: Link | None = None


class AttributeOutcome(StrEnum):
    """Name what becomes of one mapped attribute."""

    CHANGES = "changes"
    SAME = "same"
    HELD = "held"  # differs, but the action does not write it
    NO_VALUE = "no-value"
    ONLY_ON_CREATE = "only-on-create"
    PROBLEM = "problem"


class AttributeStep(msgspec.Struct, frozen=True):
    """Hold how one mapped attribute comes to its value.

    ``sources`` are the source attributes it reads with their values, ``steps`` the intermediate
    results, innermost first. ``wanted`` is the value in Webex's type, ``current`` what Webex has;
    ``problem`` says why there is no value.
    """

    rule: MappingRule
    label: str
    sources: tuple[tuple[str, object], ...]
    steps: tuple[TraceStep, ...]
    wanted: Json
    current: Json
    outcome: AttributeOutcome
    problem: Reason | None = None


class ActionStep(msgspec.Struct, frozen=True):
    """Hold the action that a plan would have, its attributes, and what would hold it back."""

    action: Action
    attributes: tuple[AttributeStep, ...] = ()
    stop: Stop | None = None


class Explanation(msgspec.Struct, frozen=True):
    """Hold the steps for one person; a step that was not reached is None.

    ``imported`` is None for somebody who left the source and is still managed. ``findings`` tell
    what makes the reading of Webex doubtful.
    """

    label: str
    imported: ImportStep | None = None
    scope: ScopeStep | None = None
    match: MatchStep | None = None
    action: ActionStep | None = None
    findings: tuple[Reason, ...] = ()


def explain_person(
    rules: Rules, situation: Situation, asked: str, draft: Draft | None = None
) -> Explanation:
    """Explain the person called so: userPrincipalName, objectId, mail or displayName, in any case.

    ``draft`` is the plan of the same rules and situation where it is there already. Raises
    ``InputError`` where nobody, with the nearest names, or several people are called so.
    """
    person = find_person(situation.population.people, asked)
    draft = draft or draft_plan(rules, situation)
    findings = () if situation.users.complete else situation.users.findings
    if person is None:
        return _left(_leaver(draft, situation.population, asked), draft)
    planner = Planner(rules, situation)
    action = next(
        one for one in draft.actions if one.source_id == person.source_id and one.row == person.row
    )
    imported, scope = _source_steps(rules, person)
    reached = scope is not None and scope.decision.in_scope
    match = _match(planner, person) if reached else None
    attributes = tuple(_attributes(rules, situation, person, match, action)) if match else ()
    return Explanation(
        person.label,
        imported,
        scope,
        match,
        ActionStep(action, attributes, _stop(draft, action)),
        findings,
    )


def explain_without_webex(rules: Rules, population: Population, asked: str) -> Explanation:
    """Explain as far as the source goes: import and scope. Raises as ``explain_person`` does."""
    person = find_person(population.people, asked)
    if person is None:
        raise nobody(asked, nearest_names(population.people, asked))
    return Explanation(person.label, *_source_steps(rules, person))


# -- people who left ---------------------------------------------------------------------------


def _leaver(draft: Draft, population: Population, asked: str) -> Action:
    """Return the action for a managed user whose person is in the source no more."""
    wanted = asked.strip().casefold()
    present = {person.source_id for person in population.people}
    for action in draft.actions:
        if action.source_id in present:
            continue
        names = (action.user_name, action.label, action.source_id, action.webex_id)
        if wanted and wanted in {name.casefold() for name in names}:
            return action
    raise nobody(asked, nearest_names(population.people, asked))


def _left(action: Action, draft: Draft) -> Explanation:
    return Explanation(action.label, action=ActionStep(action, stop=_stop(draft, action)))


def _stop(draft: Draft, action: Action) -> Stop | None:
    return next((stop for stop in draft.stops if stop.action is action.kind), None)


# -- the steps ---------------------------------------------------------------------------------


def _source_steps(rules: Rules, person: Person) -> tuple[ImportStep, ScopeStep | None]:
    attributes = {
        name: value
        for name, value in attributes_for_rules(person.attributes).items()
        if value not in (None, "", [])
    }
    imported = ImportStep(person.row, attributes, person.problem)
    if person.problem:
        return imported, None
    return imported, ScopeStep(rules.scope.decide(person), rules.scope.verdicts(person))


def _match(planner: Planner, person: Person) -> MatchStep:
    values = dict(planner.rules.mapping.matching_values(person, planner.seen.now))
    tries = []
    for rule in planner.rules.mapping.matching:
        value = values.get(rule.target)
        users = () if value is None else tuple(planner.index.holders(rule.target, value))
        tries.append(MatchTry(rule.target, label(rule.target), value, users))
    link = planner.links.get(person.source_id)
    return MatchStep(planner.match(person), tuple(tries), link)


def _attributes(
    rules: Rules, situation: Situation, person: Person, step: MatchStep, action: Action
) -> Iterator[AttributeStep]:
    if step.match.problem:
        return
    user = step.match.user
    values = rules.mapping.each(person, creating=user is None, now=situation.now)
    told = {rule.target: value for rule, value in values}
    written = {change.attribute for change in action.changes}
    attributes = attributes_for_rules(person.attributes)
    for rule in rules.mapping.rules:
        found = told.get(rule.target)
        problem = found if isinstance(found, Reason) else None
        wanted = None if isinstance(found, Reason) else found
        current = _current(user, rule.target)
        yield AttributeStep(
            rule,
            label(rule.target),
            _sources(rule, attributes),
            trace(rule.expression, attributes, situation.now) if rule.expression.strip() else (),
            wanted,
            current,
            AttributeOutcome.ONLY_ON_CREATE
            if rule.target not in told
            else _outcome(rule.target, wanted, current, problem, written),
            problem,
        )


def _outcome(
    target: str, wanted: Json, current: Json, problem: Reason | None, written: set[str]
) -> AttributeOutcome:
    if problem:
        return AttributeOutcome.PROBLEM
    if target in written:
        return AttributeOutcome.CHANGES
    if wanted is None:
        return AttributeOutcome.NO_VALUE
    return AttributeOutcome.SAME if same_value(target, current, wanted) else AttributeOutcome.HELD


def _current(user: User | None, target: str) -> Json:
    if user is None:
        return None
    return user.active if target == "active" else read_path(user.resource, target)


def _sources(rule: MappingRule, attributes: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
    if not rule.expression.strip():
        return ()
    names = sorted(compile_expression(rule.expression).attributes)
    return tuple((name, attributes.get(name)) for name in names)
