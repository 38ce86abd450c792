"""Know the Webex attributes a rule can fill: names for people, types, limits, and comparison.

Lengths, types and canonical values are those of Cisco's OpenAPI description of the SCIM 2.0 user
schema. Attributes with a ``refusal`` exist in Webex, but no rule may fill them.
"""

import difflib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.target_path import (
    CISCO_SCHEMA,
    ENTERPRISE_SCHEMA,
    TargetPath,
    parse_path,
)
from sparkwizard.provisioning.types import Json, Reason

__all__ = [
    "TARGET_ATTRIBUTES",
    "Mutability",
    "TargetAttribute",
    "ValueType",
    "canonical_target",
    "coerce",
    "coercer",
    "describe",
    "label",
    "same_value",
    "similar_target",
    "types_of",
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


@dataclass(frozen=True, slots=True)
class TargetAttribute:
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

_LISTS: dict[str, tuple[str, ...]] = {
    "emails": tuple(_EMAIL_TYPES),
    "phonenumbers": tuple(_PHONE_TYPES),
    "addresses": tuple(_ADDRESS_TYPES),
    "photos": tuple(_PHOTO_TYPES),
}

_ROLES = "Roles give rights in Webex and end the person's sessions; assign them in Control Hub."
_OWN = "Webex sets this itself."
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
        one("accountStatus", "Account status", complex_type, refusal=_OWN),
        one("sipAddresses", "SIP addresses", complex_type, refusal=_NOT_HERE),
        one("managedOrgs", "Managed organizations", complex_type, refusal=_ROLES),
        one("managedGroups", "Managed groups", complex_type, refusal=_ROLES),
        one("managedSites", "Managed sites", complex_type, refusal=_ROLES),
        one("licenseID", "Licences", refusal="Licences are assigned in Control Hub."),
        one("authProvider", "Sign-in provider", refusal=_OWN),
        one("mfaEnabled", "Second factor", ValueType.BOOLEAN, refusal=_OWN),
        one("provisionSource", "Provisioned from", mutability=read_only),
        one("avatarSyncEnabled", "Photo synchronization", mutability=read_only),
    )
    return tuple(replace(each, path=f"{CISCO_SCHEMA}:{each.path}") for each in attributes)


TARGET_ATTRIBUTES: tuple[TargetAttribute, ...] = (*_core(), *_listed(), *_enterprise(), *_cisco())

_BY_KEY = {parse_path(one.path).key: one for one in TARGET_ATTRIBUTES}


@lru_cache(maxsize=4096)
def describe(path: str) -> TargetAttribute | None:
    """Return what Webex says of a target attribute, or None for an unknown or malformed path."""
    try:
        parsed = parse_path(path)
    except MappingError:
        return None
    return _BY_KEY.get(_without_primary(parsed).key)


def canonical_target(path: str) -> str:
    """Return a target in Webex's own spelling; an unknown or malformed one stays as it is.

    ``primary eq true`` is kept: it marks the element that a write makes.
    """
    known = describe(path)
    if known is None:
        return path
    parsed = parse_path(path)
    return str(parsed) if _without_primary(parsed) != parsed else known.path


def similar_target(path: str) -> str:
    """Return the attribute most like an unknown path, or an empty text."""
    found = difflib.get_close_matches(path.lower()[:200], _BY_KEY, n=1, cutoff=0.75)
    return _BY_KEY[found[0]].path if found else ""


def types_of(path: str) -> tuple[str, ...]:
    """Return the types that elements of this path's list may have, e.g. work and home."""
    return _LISTS.get(parse_path(path).attribute.lower(), ())


def label(path: str) -> str:
    """Return what to call a target attribute on screen; an unknown path is its own label."""
    known = describe(path)
    return known.label if known else path


def coerce(path: str, value: Json) -> Json | Reason:
    """Bring a value to the target's type, or say why Webex would not take it.

    Empty text is no value: clearing needs an explicit removal, which no rule asks for.
    """
    return coercer(path)(value)


@lru_cache(maxsize=4096)
def coercer(path: str) -> Callable[[Json], Json | Reason]:
    """Return what brings values to the type of one target, looked up once for many people."""
    attribute = describe(path)
    if attribute is None:
        return lambda value: value
    if not attribute.writable:
        refused = _refused(attribute)
        return lambda _value: refused
    if attribute.type is ValueType.BOOLEAN:
        return lambda value: None if value in _NOTHING else _boolean(attribute, value)
    if attribute.multi_valued:
        return lambda value: None if value in _NOTHING else _texts(attribute, value)
    return _text_coercer(attribute)


def _text_coercer(attribute: TargetAttribute) -> Callable[[Json], Json | Reason]:
    limit = attribute.max_length or sys.maxsize
    plain = attribute.type is not ValueType.EMAIL and not attribute.canonical_values

    def coerced(value: Json) -> Json | Reason:
        # nearly every value is a short text; what can be printed can be sent
        if plain and type(value) is str and 0 < len(value) <= limit and value.isprintable():
            return value
        return None if value in _NOTHING else _text(attribute, value)

    return coerced


def _refused(attribute: TargetAttribute) -> Reason:
    why = attribute.refusal or _OWN
    return Reason("read-only", f"{attribute.label} can't be written. {why}")


def same_value(path: str, a: Json, b: Json) -> bool:
    """Tell whether two values of a target mean the same, as Webex keeps them.

    User name, e-mails and ids count without regard to case, booleans as text count, no value and
    empty text are the same; a list of texts has no order. All else counts exactly.
    """
    if type(a) is type(b) and a == b:
        return True
    return _comparable(path, a) == _comparable(path, b)


# -- values ------------------------------------------------------------------------------------

_NOTHING: tuple[Json, ...] = (None, "", [])
_EMAIL = re.compile(r"[^@\s\"<>()\[\],;:\\]+@[^@\s\"<>()\[\],;:\\.]+(?:\.[^@\s\"<>()\[\],;:\\.]+)+")
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def _without_primary(path: TargetPath) -> TargetPath:
    """Return the path without ``primary eq true``, which names the same attribute."""
    kept = tuple(one for one in path.selectors if one.attribute.lower() != "primary")
    return replace(path, selectors=kept)


def _boolean(attribute: TargetAttribute, value: Json) -> Json | Reason:
    found = _BOOLEANS.get(str(value).strip().lower())
    if found is None:
        text = f"{attribute.label} must be True or False, not {_shown(value)}."
        return Reason("not-boolean", text)
    return found


def _texts(attribute: TargetAttribute, value: Json) -> Json | Reason:
    texts: list[Json] = []
    for one in value if isinstance(value, list) else [value]:
        text = _text(attribute, one)
        if isinstance(text, Reason):
            return text
        if text not in (None, ""):
            texts.append(text)
    return texts or None


def _text(attribute: TargetAttribute, value: Json) -> Json | Reason:
    if isinstance(value, list) and len(value) == 1:
        return _text(attribute, value[0])
    if isinstance(value, list | dict):
        count = f" ({len(value)})" if isinstance(value, list) else ""
        return Reason(
            "several-values", f"{attribute.label} takes one value, but there are several{count}."
        )
    text = "" if value is None else str(value)
    problem = _problem(attribute, text)
    return problem or text


def _problem(attribute: TargetAttribute, text: str) -> Reason | None:
    name, limit = attribute.label, attribute.max_length
    if limit and len(text) > limit:
        return Reason(
            "too-long", f"{name} is longer than Webex allows ({len(text)} of {limit} characters)."
        )
    if _UNSENDABLE.search(text):
        return Reason("unsendable", f"{name} holds a character that can't be sent.")
    if attribute.type is ValueType.EMAIL and not _EMAIL.fullmatch(text):
        return Reason("not-email", f"{name} is not an e-mail address: {_shown(text)}.")
    if attribute.canonical_values and text not in attribute.canonical_values:
        allowed = ", ".join(attribute.canonical_values)
        return Reason("not-allowed", f"{name} must be one of {allowed}, not {_shown(text)}.")
    return None


def _shown(value: Json) -> str:
    text = str(value)
    return f"“{text if len(text) <= 60 else f'{text[:60]}…'}”"


def _comparable(path: str, value: Json) -> Json:
    if value is None or value in ("", []):
        return None
    attribute = describe(path)
    if attribute is None:
        return value
    if attribute.type is ValueType.BOOLEAN:
        return _BOOLEANS.get(str(value).strip().lower(), value)
    if isinstance(value, list | dict):
        return _comparable_list(attribute, value)
    if attribute.multi_valued:
        return [str(value)]
    return str(value) if attribute.case_exact else str(value).lower()


def _comparable_list(attribute: TargetAttribute, value: list[Json] | dict[str, Json]) -> Json:
    if isinstance(value, dict) or attribute.type is ValueType.COMPLEX:
        return value
    texts: list[str] = sorted(str(one) for one in value)
    if len(texts) == 1 and not attribute.multi_valued:
        return texts[0] if attribute.case_exact else texts[0].lower()
    return list[Json](texts)
