"""Compare values as the service does: letter by letter, with no idea of what Webex takes alike."""

from collections.abc import Mapping

from sparkwizard.provisioning.target.path import reader
from sparkwizard.provisioning.target.schema import ValueType, describe, same_value
from sparkwizard.provisioning.types import Change, Json

__all__ = ["entra_changes"]

# the one attribute whose case the gallery's schema calls irrelevant (caseExact)
_ANY_CASE = frozenset(("userName",))


def entra_changes(
    wanted: Mapping[str, Json], resource: Mapping[str, Json]
) -> tuple[tuple[Change, ...], Mapping[str, Json]]:
    """Return what the service would write over a user, and the present values it compared.

    Another case, or another order of a list, is a change to it (Graph,
    *attributeDefinition.caseExact*), where this computer sees none.
    """
    current = {target: reader(target)(resource) for target in wanted}
    changes = tuple(
        Change(target, current[target], value)
        for target, value in wanted.items()
        if not _alike(target, current[target], value)
    )
    return changes, current


def _alike(target: str, now: Json, wanted: Json) -> bool:
    if now == wanted and type(now) is type(wanted):
        return True
    attribute = describe(target)
    if target in _ANY_CASE or (attribute and attribute.type is ValueType.BOOLEAN):
        return same_value(target, now, wanted)
    return False
