"""Say why a SCIM request is refused, before anybody decides how that looks on the wire."""

from dataclasses import dataclass
from enum import StrEnum


class ScimType(StrEnum):
    """Name the causes of RFC 7644, section 3.12, that the practice tenant uses."""

    INVALID_FILTER = "invalidFilter"
    INVALID_PATH = "invalidPath"
    INVALID_SYNTAX = "invalidSyntax"
    INVALID_VALUE = "invalidValue"
    NO_TARGET = "noTarget"
    UNIQUENESS = "uniqueness"


@dataclass(eq=False)
class ScimRefusal(Exception):
    """Carry one refusal of the SCIM interface to where it is answered."""

    status: int
    details: str
    scim_type: ScimType | None = None

    def __str__(self) -> str:
        return self.details


def not_found(kind: str, identifier: str) -> ScimRefusal:
    """Build the refusal for a resource that this organization does not have."""
    return ScimRefusal(404, f"{kind} {identifier} was not found in this organization.")


def invalid_value(details: str) -> ScimRefusal:
    """Build the refusal for a value that the schema does not allow."""
    return ScimRefusal(400, details, ScimType.INVALID_VALUE)


def invalid_syntax(details: str) -> ScimRefusal:
    """Build the refusal for a request whose structure is wrong."""
    return ScimRefusal(400, details, ScimType.INVALID_SYNTAX)
