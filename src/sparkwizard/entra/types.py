"""What the Entra room hands out: clouds, permissions, pages and replies of Graph, all frozen."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from sparkwizard.errors import SparkWizardError
from sparkwizard.provisioning.types import Reason

__all__ = [
    "Account",
    "BatchReply",
    "BatchRequest",
    "BrowserNeeded",
    "DeviceCode",
    "EntraCloud",
    "Needs",
    "Page",
    "PermissionNeed",
    "Purpose",
    "SignInEvent",
    "SignInSettings",
    "SignedIn",
    "TokenProvider",
]

# not recursive: msgspec can't decode into a recursive alias
type Json = bool | int | float | str | list[Any] | dict[str, Any] | None


class EntraCloud(msgspec.Struct, frozen=True):
    """Hold one cloud of Microsoft: its name, where Graph is and who signs people in there.

    ``also`` are further origins that sign-in of this cloud may name.
    """

    name: str
    graph_origin: str
    authority: str
    also: tuple[str, ...] = ()


class Purpose(StrEnum):
    """Name what somebody signs in for; each needs permissions of its own."""

    PEOPLE = "people"
    GROUPS = "groups"
    CLOUD_SETUP = "cloud-setup"
    WATCHING = "watching"


class PermissionNeed(msgspec.Struct, frozen=True):
    """Name one delegated permission of Microsoft Graph and say what it is for."""

    permission: str
    reason: str


class Needs(msgspec.Struct, frozen=True):
    """Say what a purpose needs.

    ``doing`` goes into sentences ("read people"); ``roles`` are directory roles of which whoever
    signs in needs one, empty for none.
    """

    doing: str
    permissions: tuple[PermissionNeed, ...]
    roles: tuple[str, ...] = ()


class SignInSettings(msgspec.Struct, frozen=True):
    """Say who signs in where: what a setup's ``[source]`` names.

    ``tenant`` is an id or a domain, empty where the account decides. ``client_id`` is the
    organization's own application registration, empty for Microsoft's own command line tools.
    """

    graph_url: str = ""
    tenant: str = ""
    client_id: str = ""


class Account(msgspec.Struct, frozen=True):
    """Hold who is signed in. ``tenant`` is the id of the organization that was signed in to."""

    username: str
    name: str = ""
    tenant: str = ""
    object_id: str = ""

    @property
    def label(self) -> str:
        """Return what to call this account on screen."""
        return self.username or self.name or self.object_id


class BrowserNeeded(msgspec.Struct, frozen=True):
    """Say that this address is to be opened in a browser; the sign-in goes on there."""

    url: str


class DeviceCode(msgspec.Struct, frozen=True):
    """Say which code to enter where, on this device or another.

    ``expires_in`` are seconds. ``qr`` is the address as a QR code, row by row, True for dark.
    """

    user_code: str
    url: str
    expires_in: int
    qr: tuple[tuple[bool, ...], ...]


class SignedIn(msgspec.Struct, frozen=True):
    """Say that it worked; ``note`` tells what is to be known about keeping it."""

    account: Account
    note: Reason | None = None


type SignInEvent = BrowserNeeded | DeviceCode | SignedIn


class Page(msgspec.Struct, frozen=True):
    """Hold one page of a list.

    ``count`` is Graph's own total where it was asked for. ``delta_link`` is on the last page of a
    delta query: where to ask for what changes from now on.
    """

    values: list[Any]
    next_link: str = ""
    delta_link: str = ""
    count: int | None = None


class BatchRequest(msgspec.Struct, frozen=True):
    """Hold one request of a batch; ``path`` starts with a slash, after the version."""

    method: str
    path: str
    params: Mapping[str, str | int] = msgspec.field(default_factory=dict)
    json: object = None
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)


class BatchReply(msgspec.Struct, frozen=True):
    """Hold the reply to one request of a batch; ``error`` is None where it succeeded."""

    status: int
    body: Json = None
    error: SparkWizardError | None = None

    def object(self) -> dict[str, Any]:
        """Return the body as an object; raises the reply's error."""
        if self.error is not None:
            raise self.error
        return self.body if isinstance(self.body, dict) else {}


class TokenProvider(Protocol):
    """Hand out access tokens for Graph for as long as somebody stays signed in."""

    async def token(self) -> str:
        """Return a token that is good for a while yet; raises ``NotAuthorized`` without one."""
        ...

    async def renewed(self, refused: str, claims: str = "") -> str:
        """Return another token than the refused one; raises ``NotAuthorized`` without one.

        ``claims`` is what Graph asks for in addition (Conditional Access, "claims challenge").
        """
        ...
