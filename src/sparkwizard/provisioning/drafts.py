"""What goes into planning and comes out of it: rules, candidates, drafts."""

from dataclasses import dataclass

from sparkwizard.provisioning.mapping import CompiledMapping, Wanted
from sparkwizard.provisioning.matching import Match
from sparkwizard.provisioning.safeguards import NOBODY, NeverTouched
from sparkwizard.provisioning.scoping import Scope
from sparkwizard.provisioning.types import Action, Actions, Person, RemovalLimit, Stop

__all__ = ["Candidate", "Draft", "Rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Hold what a profile asks for."""

    mapping: CompiledMapping
    scope: Scope
    actions: Actions
    max_removals: RemovalLimit
    never_touched: NeverTouched = NOBODY


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold the planned actions, the classes held back, and the figures they rest on."""

    actions: tuple[Action, ...]
    stops: tuple[Stop, ...]
    managed_active: int
    removals_allowed: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold what is known of one person in scope before actions are decided."""

    person: Person
    match: Match
    wanted: Wanted
