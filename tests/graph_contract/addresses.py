"""Find out what an address of Graph means."""

from dataclasses import dataclass
from urllib.parse import unquote

from tests.graph_contract.model import Model, Operation, TypeName

# the description in ``contracts`` has no entity container: these are Graph's own roots
_ROOTS = {
    "applicationTemplates": TypeName("applicationTemplate", collection=True),
    "applications": TypeName("application", collection=True),
    "auditLogs/provisioning": TypeName("provisioningObjectSummary", collection=True),
    "directory/deletedItems": TypeName("directoryObject", collection=True),
    "directoryObjects": TypeName("directoryObject", collection=True),
    "domains": TypeName("domain", collection=True),
    "groups": TypeName("group", collection=True),
    "me": TypeName("user"),
    "organization": TypeName("organization", collection=True),
    "servicePrincipals": TypeName("servicePrincipal", collection=True),
    "subscribedSkus": TypeName("subscribedSku", collection=True),
    "users": TypeName("user", collection=True),
}


@dataclass(frozen=True, slots=True)
class Target:
    """Say what an address leads to; ``tail`` is ``$count``, ``$ref`` or ``$value``."""

    type: TypeName
    operation: Operation | None = None
    tail: str = ""


class NoSuchAddressError(ValueError):
    """Say which part of an address means nothing."""


def resolve(model: Model, path: str) -> Target:
    """Return what a path behind ``/v1.0`` leads to; raises NoSuchAddressError."""
    segments = [unquote(one) for one in path.strip("/").split("/")]
    root, rest = _root(segments)
    target = Target(root)
    for segment in rest:
        if target.operation is not None and target.operation.is_action:
            raise NoSuchAddressError(f"Nothing follows the action in {path}")
        target = _step(model, target.type, segment, path)
    return target


def _root(segments: list[str]) -> tuple[TypeName, list[str]]:
    for length in (2, 1):
        name, key = _split_key("/".join(segments[:length]))
        if name in _ROOTS:
            kind = _ROOTS[name]
            return (kind.one if key else kind), segments[length:]
    raise NoSuchAddressError(f"Graph has no {segments[0]}")


def _step(model: Model, current: TypeName, segment: str, path: str) -> Target:
    if segment in ("$count", "$ref", "$value"):
        return Target(current, tail=segment)
    name, key = _split_key(segment)
    bare = name.removeprefix("microsoft.graph.")
    operation = model.operation(bare, current)
    if operation is not None:
        return Target(operation.returns or current, operation)
    if name.startswith("microsoft.graph."):
        return Target(_cast(model, current, bare, path))
    if current.collection:
        return Target(current.one)
    structure = model.structures.get(current.name)
    known = None
    if structure is not None:
        known = structure.navigations.get(name) or structure.properties.get(name)
    if known is None:
        raise NoSuchAddressError(f"{current} has no {name} in {path}")
    return Target(known.type.one if key else known.type)


def _cast(model: Model, current: TypeName, name: str, path: str) -> TypeName:
    if not model.is_a(name, current.name):
        raise NoSuchAddressError(f"{name} is no {current} in {path}")
    return TypeName(name, current.collection)


def _split_key(segment: str) -> tuple[str, str]:
    """Return a name and what stands in parentheses behind it: ``users('a')``, ``delta()``."""
    name, _, rest = segment.partition("(")
    return name, rest.removesuffix(")")
