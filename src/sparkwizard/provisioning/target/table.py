"""The Webex attributes a rule can fill, as a table: names for people, types, limits.

Lengths, types and canonical values are those of Cisco's OpenAPI description of the SCIM 2.0 user
schema. Attributes with a ``refusal`` exist in Webex, but no rule may fill them.
"""

from enum import StrEnum

import msgspec

from sparkwizard.provisioning.target.path import CISCO_SCHEMA, ENTERPRISE_SCHEMA
from sparkwizard.values import replace

__all__ = [
    "SET_BY_WEBEX",
    "TARGET_ATTRIBUTES",
    "TYPES",
    "Mutability",
    "TargetAttribute",
    "ValueType",
]


class ValueType(StrEnum):
    """Name the type of a target attribute's value."""

    TEXT = "text"
    BOOLEAN = "boolean"
    EMAIL = "email"
    COMPLEX = "complex"


class Mutability(StrEnum):
    """Name who may write a target attribute, in SCIM's words."""

    READ_WRITE = "readWrite"
    READ_ONLY = "readOnly"
    WRITE_ONLY = "writeOnly"


class TargetAttribute(msgspec.Struct, frozen=True):
    """Describe one Webex attribute.

    ``max_length`` counts characters, 0 where none is documented. ``canonical_values`` are the only
    ones Webex takes. ``multi_valued`` is a list of plain texts. ``refusal`` says why a rule can't
    fill it, or is empty.
    """

    path: str
    label: str
    type: ValueType = ValueType.TEXT
    max_length: int = 0
    mutability: Mutability = Mutability.READ_WRITE
    required: bool = False
    multi_valued: bool = False
    case_exact: bool = True
    canonical_values: tuple[str, ...] = ()
    refusal: str = ""

    @property
    def writable(self) -> bool:
        """Return whether a rule may fill it."""
        return self.mutability is not Mutability.READ_ONLY and not self.refusal


_EMAIL_TYPES = {"work": "Work", "home": "Home", "room": "Room", "other": "Other"}
_PHONE_TYPES = {
    "work": "Work phone",
    "mobile": "Mobile phone",
    "work_extension": "Work extension",
    "fax": "Fax",
    # Only one of Cisco's two descriptions lists these; the schema itself does.
    "alternate1": "Alternate phone 1",
    "alternate2": "Alternate phone 2",
}
_ADDRESS_TYPES = {"work": "Work address", "home": "Home address", "other": "Other address"}
_PHOTO_TYPES = {"photo": "Photo", "thumbnail": "Thumbnail", "resizable": "Resizable photo"}
_ADDRESS_PARTS = {
    "streetAddress": ("street", 512),
    "locality": ("city", 128),
    "region": ("state or province", 64),
    "postalCode": ("postal code", 64),
    "country": ("country", 0),
}

TYPES: dict[str, tuple[str, ...]] = {
    "emails": tuple(_EMAIL_TYPES),
    "phonenumbers": tuple(_PHONE_TYPES),
    "addresses": tuple(_ADDRESS_TYPES),
    "photos": tuple(_PHOTO_TYPES),
}
"""The types that elements of each list may have, by the list's name in lower case."""

_ROLES = "Roles give rights in Webex and end the person's sessions; assign them in Control Hub."
SET_BY_WEBEX = "Webex sets this itself."
_NOT_HERE = "No rule of an attribute mapping can fill this."


def _core() -> tuple[TargetAttribute, ...]:
    one = TargetAttribute
    read_only = Mutability.READ_ONLY
    return (
        one("userName", "User name", ValueType.EMAIL, 254, required=True, case_exact=False),
        one("externalId", "External id", max_length=256),
        one("active", "Active", ValueType.BOOLEAN),
        one("displayName", "Display name", max_length=512),
        one("name.givenName", "Given name", max_length=256),
        one("name.familyName", "Family name", max_length=256),
        one("name.middleName", "Middle name", max_length=256),
        one("name.honorificPrefix", "Title before the name", max_length=256),
        one("name.honorificSuffix", "Suffix after the name", max_length=256),
        one("name.formatted", "Full name, formatted", max_length=512),
        one("nickName", "Nickname", max_length=256),
        one("title", "Job title", max_length=512),
        one("profileUrl", "Profile address", max_length=1000),
        one("preferredLanguage", "Preferred language"),
        one("locale", "Locale"),
        one("timezone", "Time zone"),
        one(
            "userType",
            "User type",
            canonical_values=("user", "room", "external_calling", "calling_service"),
        ),
        one("id", "Webex id", mutability=read_only, case_exact=False),
        one(
            "password",
            "Password",
            max_length=256,
            mutability=Mutability.WRITE_ONLY,
            refusal="Entra has no passwords to give, and Webex never shows one.",
        ),
        one("meta", "Record data", ValueType.COMPLEX, mutability=read_only),
        one("groups", "Groups", ValueType.COMPLEX, mutability=read_only),
        one("roles", "Roles", ValueType.COMPLEX, refusal=_ROLES),
        one("entitlements", "Entitlements", ValueType.COMPLEX, refusal=_NOT_HERE),
        one("ims", "Instant messaging addresses", ValueType.COMPLEX, refusal=_NOT_HERE),
        one("x509Certificates", "Certificates", ValueType.COMPLEX, refusal=_NOT_HERE),
        one("inheritances", "Inheritances", ValueType.COMPLEX, refusal=_NOT_HERE),
    )


def _listed() -> tuple[TargetAttribute, ...]:
    """Return the parts of list elements, one attribute for each documented type."""
    emails = (
        TargetAttribute(
            f'emails[type eq "{kind}"].value', f"{name} e-mail", ValueType.EMAIL, case_exact=False
        )
        for kind, name in _EMAIL_TYPES.items()
    )
    phones = (
        TargetAttribute(f'phoneNumbers[type eq "{kind}"].value', name)
        for kind, name in _PHONE_TYPES.items()
    )
    addresses = (
        TargetAttribute(
            f'addresses[type eq "{kind}"].{part}', f"{name}, {part_name}", max_length=length
        )
        for kind, name in _ADDRESS_TYPES.items()
        for part, (part_name, length) in _ADDRESS_PARTS.items()
    )
    photos = (
        TargetAttribute(f'photos[type eq "{kind}"].value', f"{name}, address")
        for kind, name in _PHOTO_TYPES.items()
    )
    return (*emails, *phones, *addresses, *photos)


def _enterprise() -> tuple[TargetAttribute, ...]:
    fields = (
        ("employeeNumber", "Employee number", 256),
        ("costCenter", "Cost centre", 256),
        ("organization", "Organization", 512),
        ("division", "Division", 512),
        ("department", "Department", 512),
    )
    manager = TargetAttribute(
        f"{ENTERPRISE_SCHEMA}:manager", "Manager", max_length=512, case_exact=False
    )
    return (
        *(
            TargetAttribute(f"{ENTERPRISE_SCHEMA}:{name}", shown, max_length=length)
            for name, shown, length in fields
        ),
        manager,
        TargetAttribute(
            f"{ENTERPRISE_SCHEMA}:manager.displayName",
            "Manager's name",
            mutability=Mutability.READ_ONLY,
        ),
    )


def _cisco() -> tuple[TargetAttribute, ...]:
    one = TargetAttribute
    complex_type, read_only = ValueType.COMPLEX, Mutability.READ_ONLY
    attributes = (
        *(
            one(f"extensionAttribute{number}", f"Extension attribute {number}", multi_valued=True)
            for number in range(1, 16)
        ),
        one("pronouns", "Pronouns"),
        one(
            "userNameType",
            "Kind of user name",
            canonical_values=("email", "phone", "partner-upn"),
        ),
        one("accountStatus", "Account status", complex_type, refusal=SET_BY_WEBEX),
        one("sipAddresses", "SIP addresses", complex_type, refusal=_NOT_HERE),
        one("managedOrgs", "Managed organizations", complex_type, refusal=_ROLES),
        one("managedGroups", "Managed groups", complex_type, refusal=_ROLES),
        one("managedSites", "Managed sites", complex_type, refusal=_ROLES),
        one("licenseID", "Licences", refusal="Licences are assigned in Control Hub."),
        one("authProvider", "Sign-in provider", refusal=SET_BY_WEBEX),
        one("mfaEnabled", "Second factor", ValueType.BOOLEAN, refusal=SET_BY_WEBEX),
        one("provisionSource", "Provisioned from", mutability=read_only),
        one("avatarSyncEnabled", "Photo synchronization", mutability=read_only),
    )
    return tuple(replace(each, path=f"{CISCO_SCHEMA}:{each.path}") for each in attributes)


TARGET_ATTRIBUTES: tuple[TargetAttribute, ...] = (*_core(), *_listed(), *_enterprise(), *_cisco())
