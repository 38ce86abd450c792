"""Read the paths of PATCH operations (RFC 7644, section 3.5.2)."""

import re
from dataclasses import dataclass

from sparkwizard.practice.scim.attributes import Attribute, Attributes, ResourceKind, find
from sparkwizard.practice.scim.filters import Node, parse_filter
from sparkwizard.practice.scim.refusals import ScimRefusal, ScimType

# Cisco's example joins a schema and its attribute with a dot, RFC 7644 with a colon
_PATH = re.compile(
    r"""(?:(?P<urn>urn:\S+?:(?:User|Group))(?:[:.]|$))?
        (?P<name>[A-Za-z$][\w$-]*)?
        (?:\s*\[(?P<filter>.*)\])?
        (?:\.(?P<sub>[\w$-]+))?""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """Say where an operation works: ``section`` is an extension's name or None for the core."""

    section: str | None
    attributes: Attributes
    attribute: Attribute | None = None
    where: Node | None = None
    sub: Attribute | None = None


def parse_path(kind: ResourceKind, text: str) -> Target | None:
    """Find the target of a path; None for a schema that Webex does not know, which it ignores.

    Raises ScimRefusal (invalidPath) for an attribute that the schema does not have.
    """
    found = _PATH.fullmatch(text.strip())
    if found is None or not (found["urn"] or found["name"]):
        raise _refuse(text)
    section = _section(kind, found["urn"])
    if section is None:
        return None
    name, attributes = section
    if found["name"] is None:
        return Target(name, attributes)
    attribute = find(attributes, found["name"])
    sub = attribute.sub(found["sub"]) if attribute and found["sub"] else None
    if attribute is None or (found["sub"] and sub is None):
        raise _refuse(text)
    where = parse_filter(found["filter"]) if found["filter"] is not None else None
    return Target(name, attributes, attribute, where, sub)


def _section(kind: ResourceKind, urn: str | None) -> tuple[str | None, Attributes] | None:
    if urn is None or urn.casefold() == kind.core.casefold():
        return None, kind.attributes
    return kind.extension(urn)


def _refuse(text: str) -> ScimRefusal:
    return ScimRefusal(400, f"{text} names no attribute.", ScimType.INVALID_PATH)
