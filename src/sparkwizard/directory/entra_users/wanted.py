"""Say what a setup needs of a directory."""

from collections.abc import Iterable, Iterator

import msgspec

from sparkwizard.directory.entra_users.attributes import USUAL
from sparkwizard.entra.types import Purpose
from sparkwizard.errors import SparkWizardError
from sparkwizard.provisioning.expressions import compile_expression
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.store import effective_mapping

__all__ = ["Wanted", "wanted_of"]


class Wanted(msgspec.Struct, frozen=True):
    """Say what to read.

    ``attributes`` are those that rules and filters use, None where none are chosen yet: then the
    usual ones. ``assigned`` reads only who is assigned, by ``groups`` (ids or names) or to the
    ``application`` (a service principal's id). ``provision_groups`` reads groups too.
    """

    attributes: frozenset[str] | None = None
    assigned: bool = False
    groups: tuple[str, ...] = ()
    application: str = ""
    provision_groups: bool = False

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """Return what has to be signed in for."""
        groups = self.assigned or self.provision_groups
        return (Purpose.GROUPS,) if groups else (Purpose.PEOPLE,)


def wanted_of(profile: Profile, *, usual: bool = False) -> Wanted:
    """Return what a setup needs of a directory; ``usual`` adds what people like to look at.

    A rule that can't be compiled asks for nothing here: whoever plans with it says why.
    """
    used = {*_attributes_of(effective_mapping(profile))}
    used.update(clause.attribute for one in profile.scope.filters for clause in one.clauses)
    assigned = profile.scope.people == "assigned"
    return Wanted(
        attributes=frozenset(used.union(USUAL if usual else ())),
        assigned=assigned,
        groups=profile.scope.groups,
        application=profile.cloud.application_id if assigned else "",
        provision_groups=profile.groups.provision,
    )


def _attributes_of(rules: Iterable[MappingRule]) -> Iterator[str]:
    for rule in rules:
        if rule.expression:
            try:
                yield from compile_expression(rule.expression).attributes
            except SparkWizardError:
                continue
