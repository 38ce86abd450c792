"""Try one rule on a few real people while it is written, those first for whom it matters."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec

from sparkwizard.provisioning.types import MappingRule, Person
from sparkwizard.wizard.mapping.rule_text import Shown, value_for

__all__ = ["SHOWN_PEOPLE", "PersonResult", "choose_people", "people_named", "result_for"]

SHOWN_PEOPLE = 5
_LOOKED_AT = 400
"""How many people are tried for the choice: enough to meet the odd ones, soon enough for a key."""


class PersonResult(msgspec.Struct, frozen=True):
    """Hold what a rule gives one person, and what the saved rule gives where that differs."""

    person: Person
    shown: Shown
    before: Shown | None = None


def result_for(
    rule: MappingRule, saved: MappingRule | None, person: Person, now: datetime
) -> PersonResult:
    """Return what a rule gives one person; ``saved`` None is a rule that is new."""
    shown = value_for(rule, person, now)
    if saved is None:
        return PersonResult(person, shown)
    before = value_for(saved, person, now)
    return PersonResult(person, shown, before if before != shown else None)


def choose_people(
    people: Sequence[Person],
    rule: MappingRule,
    saved: MappingRule | None,
    now: datetime,
    *,
    first: Person | None = None,
    out_of_time: Callable[[], bool] = lambda: False,
) -> tuple[Person, ...]:
    """Return five people to try a rule on: ``first``, then of every kind of outcome some.

    The kinds are taken in turn: values that differ from the saved rule's, values that Webex would
    not take, people without a value, other values, values seen already. People are looked at from
    all over the population until ``out_of_time`` says that it is enough.
    """
    kinds: tuple[list[Person], ...] = ([], [], [], [], [])
    seen: set[str] = set()
    for person in _spread(people):
        if out_of_time():
            break
        if first is not None and person.source_id == first.source_id:
            continue
        found = result_for(rule, saved, person, now)
        kinds[_kind(found, seen)].append(person)
        seen.add(found.shown.text)
    chosen = [first] if first is not None else []
    while len(chosen) < SHOWN_PEOPLE and any(kinds):
        chosen += [kind.pop(0) for kind in kinds if kind]
    return tuple(chosen[:SHOWN_PEOPLE])


def people_named(people: Iterable[Person], text: str) -> tuple[Person, ...]:
    """Return the first five people whose name or sign-in name holds ``text``."""
    needle = text.casefold().strip()
    found: list[Person] = []
    for person in people:
        if needle in person.label.casefold() or needle in person.user_principal_name.casefold():
            found.append(person)
            if len(found) == SHOWN_PEOPLE:
                break
    return tuple(found)


def _spread(people: Sequence[Person]) -> Sequence[Person]:
    return people[:: max(1, len(people) // _LOOKED_AT)]


def _kind(found: PersonResult, seen: set[str]) -> int:
    if found.before is not None:
        return 0
    if found.shown.problem:
        return 1
    if found.shown.value is None:
        return 2
    return 4 if found.shown.text in seen else 3
