"""What goes into planning and comes out of it: rules, candidates, drafts."""

import msgspec

from sparkwizard.provisioning.mapping.filling import CompiledMapping, Wanted
from sparkwizard.provisioning.planning.matching import Match
from sparkwizard.provisioning.planning.safeguards import NOBODY, NeverTouched
from sparkwizard.provisioning.scoping.scope import Scope
from sparkwizard.provisioning.types import Action, Actions, Person, RemovalLimit, Stop

__all__ = ["Candidate", "Draft", "Rules"]


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a profile asks for."""

    mapping: CompiledMapping
    scope: Scope
    actions: Actions
    max_removals: RemovalLimit
    never_touched: NeverTouched = NOBODY


class Draft(msgspec.Struct, frozen=True):
    """Hold the planned actions, the classes held back, and the figures they rest on."""

    actions: tuple[Action, ...]
    stops: tuple[Stop, ...]
    managed_active: int
    removals_allowed: int


class Candidate(msgspec.Struct, frozen=True):
    """Hold what is known of one person in scope before actions are decided."""

    person: Person
    match: Match
    wanted: Wanted
