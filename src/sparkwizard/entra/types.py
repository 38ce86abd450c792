"""What the Entra room hands out: clouds, permissions, pages and replies of Graph, all frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from sparkwizard.errors import SparkWizardError

__all__ = [
    "BatchReply",
    "BatchRequest",
    "EntraCloud",
    "Needs",
    "Page",
    "PermissionNeed",
    "Purpose",
    "TokenProvider",
]

# not recursive: msgspec can't decode into a recursive alias
type Json = bool | int | float | str | list[Any] | dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class EntraCloud:
    """Hold one cloud of Microsoft: its name, where Graph is and who signs people in there."""

    name: str
    graph_origin: str
    authority: str


class Purpose(StrEnum):
    """Name what somebody signs in for; each needs permissions of its own."""

    PEOPLE = "people"
    GROUPS = "groups"
    CLOUD_SETUP = "cloud-setup"
    WATCHING = "watching"


@dataclass(frozen=True, slots=True)
class PermissionNeed:
    """Name one delegated permission of Microsoft Graph and say what it is for."""

    permission: str
    reason: str


@dataclass(frozen=True, slots=True)
class Needs:
    """Say what a purpose needs.

    ``doing`` goes into sentences ("read people"); ``roles`` are directory roles of which whoever
    signs in needs one, empty for none.
    """

    doing: str
    permissions: tuple[PermissionNeed, ...]
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Hold one page of a list.

    ``count`` is Graph's own total where it was asked for. ``delta_link`` is on the last page of a
    delta query: where to ask for what changes from now on.
    """

    values: list[Any]
    next_link: str = ""
    delta_link: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """Hold one request of a batch; ``path`` starts with a slash, after the version."""

    method: str
    path: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    json: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchReply:
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
