"""What the webex room hands out: organization, token, diagnosis, and the answers of SCIM."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from sparkwizard.provisioning.types import Json, User

__all__ = [
    "BulkOperation",
    "BulkOutcome",
    "Capabilities",
    "Cloud",
    "Identity",
    "Layer",
    "LayerName",
    "Licence",
    "Licences",
    "Organization",
    "PastedToken",
    "Role",
    "Standing",
    "TokenKind",
    "Written",
]


class TokenKind(StrEnum):
    """Name what sort of token was pasted."""

    PERSONAL = "personal"
    INTEGRATION = "integration"
    SERVICE_APP = "service-app"
    BOT = "bot"
    GUEST = "guest"
    UNKNOWN = "unknown"


class Cloud(StrEnum):
    """Name where an organization lives; ``other`` is any SCIM server that is not Webex's."""

    COMMERCIAL = "commercial"
    GOVERNMENT = "government"
    OTHER = "other"


class Role(StrEnum):
    """Name what the token's owner may do, as far as it matters here."""

    FULL_ADMIN = "full-admin"
    USER_ADMIN = "user-admin"
    READ_ONLY_ADMIN = "read-only-admin"
    NO_ADMIN = "no-admin"
    UNKNOWN = "unknown"


class PastedToken(msgspec.Struct, frozen=True):
    """Hold a cleaned token and say what was cleaned.

    ``cleaned`` are codes, each with its sentence in the gui: ``bearer``, ``quotes``, ``spaces``,
    ``line-break``, ``address`` (taken out of a redirect address), ``json`` (out of an answer of
    Webex). ``organization_hint`` is the UUID in an opaque token's third part, undocumented and
    only a hint. ``state`` is what the redirect address carried. The token is never part of
    ``repr``.
    """

    token: str
    cleaned: tuple[str, ...] = ()
    organization_hint: str = ""
    state: str = ""
    expires_in: int | None = None

    def __repr__(self) -> str:
        return f"PastedToken(<{len(self.token)} characters>, cleaned={self.cleaned})"


class Organization(msgspec.Struct, frozen=True):
    """Hold an organization's id in both forms: UUID and base64 as ``/people/me`` writes it."""

    uuid: str
    base64: str
    name: str = ""


class Identity(msgspec.Struct, frozen=True):
    """Hold who a token belongs to and how long it lives.

    ``person_id`` is the UUID of the operator's Webex user. ``expires`` is None when unknown.
    """

    organization: Organization
    display_name: str
    email: str
    person_id: str
    role: Role
    kind: TokenKind
    expires: datetime | None = None
    lifetime_short: bool = False


class Licence(msgspec.Struct, frozen=True):
    """Hold one licence of an organization; ``total`` None where Webex names no limit."""

    id: str
    name: str
    total: int | None
    used: int
    site: str = ""

    @property
    def free(self) -> int | None:
        """Return how many are left, never less than none; None where there is no limit."""
        return None if self.total is None else max(0, self.total - self.used)


class Licences(msgspec.Struct, frozen=True):
    """Hold the licences of an organization; ``unread`` says why they are not known."""

    kinds: tuple[Licence, ...] = ()
    unread: str = ""


class Standing(StrEnum):
    """Name how a layer of the diagnosis came out."""

    PASS = "pass"  # noqa: S105 -- a verdict, not a password
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


class LayerName(StrEnum):
    """Name the layers of the connection diagnosis, in the order in which each rests on the last."""

    NAME = "name"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    TOKEN = "token"  # noqa: S105 -- a layer, not a password
    LIFETIME = "lifetime"
    ROLE = "role"
    ORGANIZATION = "organization"
    READING = "reading"
    LOOKUP = "lookup"
    FILTER = "filter"
    PAGING = "paging"
    BULK = "bulk"


class Layer(msgspec.Struct, frozen=True):
    """Hold one layer's verdict, with the evidence and the fix in plain words.

    ``evidence`` is what was asked and answered, without secrets; ``milliseconds`` None where
    nothing was measured.
    """

    name: LayerName
    standing: Standing
    summary: str
    fix: str = ""
    evidence: tuple[str, ...] = ()
    milliseconds: int | None = None


class Capabilities(msgspec.Struct, frozen=True):
    """Say what the answering server can do. ``bulk_operations`` 0 means no Bulk.

    ``bulk_bytes`` limits one Bulk request's body, ``page_size`` one page; 0 means unsaid.
    ``newest_first`` says that it lists whoever was changed last first, where it is asked to.
    """

    bulk_operations: int = 0
    scim_version: str = "2.0"
    serial_creates: bool = False
    bulk_bytes: int = 0
    page_size: int = 0
    newest_first: bool = False


class Written(msgspec.Struct, frozen=True):
    """Hold the answer to one write: the user as the server now shows it, where it did."""

    webex_id: str
    user: User | None
    tracking_id: str = ""


class BulkOperation(msgspec.Struct, frozen=True):
    """Hold one operation of a Bulk request; ``bulk_id`` names it in the answer."""

    method: str
    path: str
    bulk_id: str
    data: Mapping[str, Json] | None = None


class BulkOutcome(msgspec.Struct, frozen=True):
    """Hold one operation's answer; ``status`` 0 means that the server said nothing about it.

    ``user`` is whom it shows in a success, None where it leaves that out (RFC 7644, section 3.7.3).
    """

    bulk_id: str
    status: int
    webex_id: str = ""
    tracking_id: str = ""
    detail: str = ""
    user: User | None = None
