"""List the attributes that Webex documents, with their limits.

The figures (longest text, most items, allowed words, mutability) are those of the schema
documents behind ``/Schemas/SCIM2/User`` and ``/Schemas/SCIM2/Group`` in Cisco's OpenAPI file.
Validation, the schema documents and the discovery answers all read these tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Name the data types as RFC 7643 spells them."""

    STRING = "string"
    BOOLEAN = "boolean"
    REFERENCE = "reference"
    COMPLEX = "complex"


class Mutability(StrEnum):
    """Say who may write an attribute, in the spelling of RFC 7643."""

    READ_WRITE = "readWrite"
    READ_ONLY = "readOnly"
    WRITE_ONLY = "writeOnly"
    IMMUTABLE = "immutable"


@dataclass(frozen=True, slots=True)
class Attribute:
    """Describe one attribute or sub-attribute; ``length`` in characters, ``size`` in items."""

    name: str
    kind: Kind = Kind.STRING
    many: bool = False
    length: int | None = None
    size: int | None = None
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    mutability: Mutability = Mutability.READ_WRITE
    required: bool = False
    exact: bool = False
    subs: tuple["Attribute", ...] = ()
    refers_to: tuple[str, ...] = ()

    def sub(self, name: str) -> "Attribute | None":
        """Return the sub-attribute of this name, whatever its case."""
        return find(self.subs, name)


type Attributes = tuple[Attribute, ...]


def find(attributes: Attributes, name: str) -> Attribute | None:
    """Return the attribute of this name, whatever its case (RFC 7643, section 2.1)."""
    wanted = name.casefold()
    return next((one for one in attributes if one.name.casefold() == wanted), None)


def _text(name: str, length: int | None = None, **more: object) -> Attribute:
    return Attribute(name, length=length, **more)  # type: ignore[arg-type]  # keywords of Attribute


def _flag(name: str, mutability: Mutability = Mutability.READ_WRITE) -> Attribute:
    return Attribute(name, Kind.BOOLEAN, mutability=mutability)


def _list(name: str, size: int | None, *subs: Attribute) -> Attribute:
    kind = Kind.COMPLEX if subs else Kind.STRING
    return Attribute(name, kind, many=True, size=size, subs=subs)


def _valued(
    name: str, size: int, words: tuple[str, ...] = (), also: tuple[str, ...] = ()
) -> Attribute:
    types = (_text("type", words=words, also=also),) if words else ()
    return _list(name, size, _text("value"), _text("display"), *types, _flag("primary"))


_READ_ONLY = Mutability.READ_ONLY
_IMMUTABLE = Mutability.IMMUTABLE

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CISCO_USER = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
CISCO_GROUP = "urn:scim:schemas:extension:cisco:webexidentity:2.0:Group"

_IMS = (
    *("aim", "cucm-jid", "gtalk", "icq", "microsoft-sip-uri", "msn", "qq", "skype"),
    *("webex-messenger-jid", "webex-squared-jid", "xmpp", "xmpp-fed-jid", "yahoo"),
)

_NAME = (
    _text("familyName", 256),
    _text("givenName", 256),
    _text("middleName", 256),
    _text("honorificPrefix", 256),
    _text("honorificSuffix", 256),
    _text("formatted", 512),
)
_ADDRESS = (
    _text("type", words=("work", "home", "other")),
    _text("streetAddress", 512),
    _text("locality", 128),
    _text("region", 64),
    _text("postalCode", 64),
    _text("country"),
)
# `also`: types that only the request models of the OpenAPI file list
_PHONE_TYPES = ("work", "mobile", "work_extension", "fax", "alternate1", "alternate2")

USER_ATTRIBUTES: Attributes = (
    _text("userName", 254, required=True),
    _text("password", 256, exact=True, mutability=Mutability.WRITE_ONLY),
    _flag("active"),
    _valued("roles", 100, ("ciRole", "serviceRole", "globalRole")),
    _valued("entitlements", 100),
    Attribute("name", Kind.COMPLEX, subs=_NAME),
    _text("displayName", 512),
    _text("nickName", 256),
    _valued("emails", 10, ("work", "home", "room", "other")),
    _text("userType", words=("user", "room", "external_calling", "calling_service"), required=True),
    Attribute("profileUrl", Kind.REFERENCE, length=1000, refers_to=("external",)),
    _text("title", 512),
    _text("preferredLanguage"),
    _text("locale"),
    _text("timezone"),
    _text("externalId", 256),
    _valued("phoneNumbers", 50, _PHONE_TYPES, ("home", "pager", "other")),
    _valued("ims", 50, _IMS),
    _valued("photos", 50, ("photo", "thumbnail", "resizable")),
    _valued("x509Certificates", 30),
    _list("addresses", 10, *_ADDRESS),
    Attribute(
        "groups",
        Kind.COMPLEX,
        many=True,
        mutability=_READ_ONLY,
        subs=(
            _text("value", mutability=_READ_ONLY),
            _text("display", mutability=_READ_ONLY),
            Attribute("$ref", Kind.REFERENCE, mutability=_READ_ONLY, refers_to=("Group",)),
        ),
    ),
)

ENTERPRISE_ATTRIBUTES: Attributes = (
    _text("employeeNumber", 256),
    _text("costCenter", 256),
    _text("organization", 512),
    _text("division", 512),
    _text("department", 512),
    Attribute(
        "manager",
        Kind.COMPLEX,
        subs=(
            _text("value", 512, exact=True),
            _text("displayName", mutability=_READ_ONLY),
            Attribute("$ref", Kind.REFERENCE, mutability=_READ_ONLY, refers_to=("User",)),
        ),
    ),
)

ACCOUNT_STATUSES = (
    *("active", "pending", "transient", "disabled", "suspended", "fraud", "marked_deleted"),
    *("compliance-transient", "pending-transient", "fraud-transient"),
)


def _numbered() -> Iterator[Attribute]:
    for number in range(1, 16):
        yield _list(f"extensionAttribute{number}", 100)
    for stem, partner in (("externalAttribute", "source"), ("crossOrgAttribute", "orgId")):
        pair = (_text("value", exact=True), _text(partner, exact=True))
        for number in range(1, 16):
            yield _list(f"{stem}{number}", 100, *pair)


CISCO_ATTRIBUTES: Attributes = (
    Attribute("accountStatus", many=True, words=ACCOUNT_STATUSES),
    _text("authProvider", words=("facebook", "O365", "google", "cco")),
    _text("teamsClusterId", mutability=_READ_ONLY),
    _flag("isTeamsOnJabberEnabled"),
    _flag("isUCCallOnJabberEnabled"),
    _flag("mfaEnabled"),
    _list("macAddresses", 50),
    _list("licenseID", 1000),
    _list("userSettings", 1000),
    _list("userPreferences", 1000),
    _valued("sipAddresses", 2000, ("enterprise", "cloud-calling", "personal-room")),
    _list("trainSiteNames", 2000),
    _list("managedSites", 2000, _text("siteName", 512, exact=True), _text("role", 64)),
    _list("linkedTrainSiteNames", 2000),
    _text("primaryLinkedTrainSiteName", 128),
    _text("toBeConverted", 254, mutability=_READ_ONLY),
    _list("managedOrgs", 2000, _text("orgId", 64), _text("role", 64)),
    _list("managedGroups", 2000, _text("orgId", 64), _text("groupId", 64), _text("role", 64)),
    _list(
        "extLinkedAccts",
        2000,
        _text("providerID", 64),
        _text("accountGUID", 512),
        _text("status", 64),
    ),
    _list(
        "loginIds",
        2000,
        _text("value", 512),
        _text("format", 512),
        _text("type", 256),
        _text("status", 64),
        _text("lastValidated", 512),
    ),
    _flag("avatarSyncEnabled", _READ_ONLY),
    _text(
        "provisionSource",
        words=("SCIM", "AD", "AAD", "BROADWORKS", "OKTA"),
        mutability=_READ_ONLY,
    ),
    Attribute(
        "pronouns",
        Kind.COMPLEX,
        subs=(
            _text("value"),
            _text("visibility", words=("Everyone", "Internal", "Hidden", "Global")),
        ),
    ),
    _text("userNameType", words=("phone", "partner-upn", "email")),
    *_numbered(),
)

_MEMBER_TYPES = ("User", "Group", "Machine")

GROUP_ATTRIBUTES: Attributes = (
    _text("displayName", 512, required=True),
    _text("externalId", 256),
    _list(
        "members",
        500,
        _text("value", mutability=_IMMUTABLE),
        _text("type", words=_MEMBER_TYPES, mutability=_IMMUTABLE),
        _text("display", mutability=_READ_ONLY),
        Attribute("$ref", Kind.REFERENCE, mutability=_IMMUTABLE, refers_to=_MEMBER_TYPES),
    ),
)

_INHERITED = ("id_user_admin", "id_readonly_admin", "id_device_admin", "id_full_admin")

CISCO_GROUP_ATTRIBUTES: Attributes = (
    _text("usage", words=("location", "distribution", "policy")),
    _text(
        "provisionSource",
        words=("SCIM", "AD", "AAD", "BROADWORKS", "OKTA"),
        mutability=_READ_ONLY,
    ),
    _valued("owners", 30),
    _list(
        "managedBy",
        30,
        _text("orgId", 64, mutability=_IMMUTABLE),
        _text("type", words=_MEMBER_TYPES, mutability=_IMMUTABLE),
        _text("id", mutability=_IMMUTABLE),
        _text("role", 64),
    ),
    _list(
        "inheritances",
        10,
        _text("type", words=("role",), mutability=_IMMUTABLE),
        _text("value", words=_INHERITED, mutability=_IMMUTABLE),
        _flag("nested", _IMMUTABLE),
        Attribute("scope", many=True, mutability=_IMMUTABLE),
    ),
    _valued("memberFilter", 1, ("user",)),
    _text("groupType", words=("unique_flat_static", "dynamic", "flat_static", "nested_static")),
)


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """Gather what the practice tenant knows of one kind of resource."""

    name: str
    core: str
    attributes: Attributes
    extensions: tuple[tuple[str, Attributes], ...]

    def extension(self, urn: str) -> tuple[str, Attributes] | None:
        """Return the extension with this name, whatever its case."""
        wanted = urn.casefold()
        return next((one for one in self.extensions if one[0].casefold() == wanted), None)


USER = ResourceKind(
    "User",
    CORE_USER,
    USER_ATTRIBUTES,
    ((ENTERPRISE_USER, ENTERPRISE_ATTRIBUTES), (CISCO_USER, CISCO_ATTRIBUTES)),
)
GROUP = ResourceKind(
    "Group", CORE_GROUP, GROUP_ATTRIBUTES, ((CISCO_GROUP, CISCO_GROUP_ATTRIBUTES),)
)
