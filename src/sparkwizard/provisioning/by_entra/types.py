"""What a foretelling rests on and what it yields: frozen values."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

import msgspec

from sparkwizard.provisioning.groups.types import GroupPlan
from sparkwizard.provisioning.mapping.filling import CompiledMapping
from sparkwizard.provisioning.plan import count
from sparkwizard.provisioning.scoping.scope import Scope
from sparkwizard.provisioning.types import Action, Actions, Counts, Population, Reason, UsersRead

__all__ = ["EntraRules", "EntraSituation", "Foresight", "Foretold"]

VERSION = 1


class EntraRules(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what the service is set up with: its mapping matches by what it can search for."""

    mapping: CompiledMapping
    scope: Scope
    actions: Actions = Actions()


class EntraSituation(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what was read from both sides.

    ``known`` are the Webex ids of those whom the service provisioned before, by source id: nobody
    before its first cycle.
    """

    population: Population
    users: UsersRead
    now: datetime
    known: Mapping[str, str] = msgspec.field(default_factory=dict)


class Foretold(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Hold what the service is going to do, person by person, as it was shown.

    Its actions look like a plan's, but no apply ever takes them. ``profile_digest`` is of the setup
    it was made for. ``groups`` is unset where none are provisioned. Of somebody whose manager is
    created by the same cycle, the change names the manager, and ``Action.refers_to`` is who it is.
    """

    created_at: datetime
    profile_digest: str
    actions: tuple[Action, ...]
    groups: GroupPlan | msgspec.UnsetType = msgspec.UNSET
    findings: tuple[Reason, ...] = ()
    version: int = VERSION

    @cached_property
    def counts(self) -> Counts:
        """Return the people counted by what happens to them."""
        return count(self.actions)


class Foresight(msgspec.Struct, frozen=True):
    """Hold what is foretold, and where this computer would do something else.

    ``here`` are this computer's actions by source id, only of those whom it would treat otherwise.
    """

    foretold: Foretold
    here: Mapping[str, Action] = msgspec.field(default_factory=dict)
