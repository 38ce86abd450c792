"""Find the two object mappings that are ours, users and groups, and refuse a foreign schema."""

from collections.abc import Iterator, Sequence

import msgspec

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.entra_schema.document import Part, sections
from sparkwizard.provisioning.entra_schema.findings import SchemaFinding
from sparkwizard.provisioning.target.schema import describe

__all__ = ["Chosen", "choose"]

_ENTRA = ("azure active directory", "microsoft entra id", "entra id", "azureactivedirectory")
_SHOWN = 3


class Chosen(msgspec.Struct, frozen=True):
    """Hold the object mappings of users and of groups, and what was passed over."""

    users: Part
    groups: Part | None
    findings: tuple[SchemaFinding, ...] = ()


def choose(whole: Part) -> Chosen:
    """Return the object mappings from Entra's users and groups to Webex.

    Raises ``MappingError`` where there is none for users, or the schema is another application's.
    """
    found = list(sections(whole))
    ours = [mapping for rule, mapping in found if _from_entra(rule)]
    users = _of_kind(ours, "user")
    if not users:
        raise _no_users(whole, found)
    groups = _of_kind(ours, "group")
    first = users[0]
    _refuse_foreign(first, _directory(found, first))
    passed = [*_more(users, "users"), *_more(groups, "groups"), *_others(found, users, groups)]
    return Chosen(first, groups[0] if groups else None, tuple(passed))


def _from_entra(rule: Part) -> bool:
    name = rule.text("sourceDirectoryName").strip().lower()
    return not name or name in _ENTRA


def _of_kind(mappings: Sequence[Part], kind: str) -> list[Part]:
    """Return the mappings of one kind of object, enabled ones first."""
    found = [one for one in mappings if one.text("sourceObjectName").strip().lower() == kind]
    return sorted(found, key=lambda one: not one.flag("enabled", default=True))


def _no_users(whole: Part, found: Sequence[tuple[Part, Part]]) -> MappingError:
    sources = {rule.text("sourceDirectoryName") for rule, _mapping in found}
    names = ", ".join(sorted(name for name in sources if name)[:_SHOWN])
    if names and not any(_from_entra(rule) for rule, _mapping in found):
        return MappingError(
            f"This schema reads people from {names}, not from Microsoft Entra ID.",
            fix="Export the schema of the provisioning job that writes to Webex.",
        )
    return MappingError(
        f"The schema has no mapping of users in {whole.at('synchronizationRules')}.",
        fix="Export the schema of the provisioning job that writes to Webex.",
    )


def _directory(found: Sequence[tuple[Part, Part]], wanted: Part) -> str:
    name = next(rule.text("targetDirectoryName") for rule, one in found if one == wanted)
    return name or "another application"


def _refuse_foreign(users: Part, directory: str) -> None:
    """Refuse a mapping of which more than half fills attributes that Webex doesn't have."""
    targets = [one.text("targetAttributeName") for one in users.parts("attributeMappings")]
    foreign = [target for target in targets if target and describe(target) is None]
    if len(foreign) * 2 > len(targets):
        shown = ", ".join(foreign[:_SHOWN])
        raise MappingError(
            f"This schema is for {directory}: {len(foreign)} of its {len(targets)} attributes in"
            f" {users.at('attributeMappings')} don't exist in Webex, such as {shown}.",
            fix="Export the schema of the provisioning job that writes to Webex.",
        )


def _more(mappings: Sequence[Part], what: str) -> Iterator[SchemaFinding]:
    for one in mappings[1:]:
        text = f"The schema maps {what} more than once; only the first mapping was taken."
        yield SchemaFinding("mapped-twice", one.path, text)


def _others(
    found: Sequence[tuple[Part, Part]], users: Sequence[Part], groups: Sequence[Part]
) -> Iterator[SchemaFinding]:
    for _rule, one in found:
        if one not in users and one not in groups:
            name = one.text("sourceObjectName") or "objects without a name"
            text = f"The mapping of {name} was left aside: only users and groups go to Webex."
            yield SchemaFinding("other-objects", one.path, text)
