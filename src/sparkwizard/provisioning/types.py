"""What the provisioning room hands out: people, users, rules and plans, all frozen.

A *person* is read from the source, a *user* from Webex. Nothing here knows a clock, a file or a
network.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import msgspec

__all__ = [
    "LET_GO",
    "Action",
    "ActionKind",
    "Actions",
    "Change",
    "Clause",
    "Counts",
    "Filter",
    "Group",
    "Json",
    "Link",
    "MappingRule",
    "Person",
    "Population",
    "Reason",
    "RemovalLimit",
    "Stop",
    "User",
    "UsersRead",
]

LET_GO = "unlinked"
"""Code of the reason that stands on what an undo lets go of: this setup manages it no longer."""

# not recursive: msgspec can't decode into a recursive alias
type Json = bool | int | float | str | list[Any] | dict[str, Any] | None


class Reason(msgspec.Struct, frozen=True, gc=False):
    """Say why, with a stable code for scripts and a sentence for people."""

    code: str
    text: str


class Person(msgspec.Struct, frozen=True, gc=False):
    """Hold one user of the source.

    ``attributes`` are keyed by Entra's own (legacy directory) names, e.g. ``userPrincipalName``,
    ``objectId``, ``mobile``, ``IsSoftDeleted``; an absent key is null. ``source_id`` is the
    lower-cased ``objectId``, else the lower-cased ``userPrincipalName``. ``row`` is the line of a
    file, 0 elsewhere. A person with a ``problem`` is present in the source but never written.
    """

    source_id: str
    attributes: Mapping[str, object]
    row: int = 0
    problem: Reason | None = None

    @property
    def user_principal_name(self) -> str:
        """Return the name a person signs in with, or an empty text."""
        return str(self.attributes.get("userPrincipalName") or "")

    @property
    def soft_deleted(self) -> bool:
        """Return whether the source says that a person was deleted or disabled, or left."""
        return str(self.attributes.get("IsSoftDeleted", "False")).lower() == "true"

    def other_name(self, user_name: str) -> str | msgspec.UnsetType:
        """Return the name a person signs in with, unset where it is ``user_name``."""
        name = self.user_principal_name
        return msgspec.UNSET if not name or name.casefold() == user_name.casefold() else name

    @property
    def label(self) -> str:
        """Return what to call this person on screen."""
        shown = self.attributes.get("displayName") or self.user_principal_name
        return str(shown or self.source_id or f"row {self.row}")


class Group(msgspec.Struct, frozen=True):
    """Hold one assigned group of the source.

    ``attributes`` are keyed by Entra's names (``displayName``, ``objectId``, ``description``).
    ``members`` are the source ids of its direct members who are people.
    """

    source_id: str
    attributes: Mapping[str, object]
    members: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """Return what to call this group on screen."""
        return str(self.attributes.get("displayName") or self.source_id)


class Population(msgspec.Struct, frozen=True):
    """Hold what was read from a source.

    ``complete`` is False when anything at all may be missing: then nobody is disabled or deleted.
    ``findings`` say what was odd. ``columns`` are the attributes the source has, by Entra name.
    ``groups`` are its assigned groups, None where the source has none to tell of. A person's
    ``manager`` attribute is the manager's source id, or their userPrincipalName.
    """

    people: tuple[Person, ...]
    complete: bool = True
    findings: tuple[Reason, ...] = ()
    columns: tuple[str, ...] = ()
    groups: tuple[Group, ...] | None = None


class User(msgspec.Struct, frozen=True, eq=False):
    """Hold one Webex user: the id and the SCIM resource, read leniently."""

    id: str
    kept: Mapping[str, Json]

    @property
    def resource(self) -> Mapping[str, Json]:
        """Return the SCIM resource."""
        return self.kept

    @property
    def user_name(self) -> str:
        """Return the userName, or an empty text."""
        return str(self.resource.get("userName") or "")

    @property
    def external_id(self) -> str:
        """Return the externalId, or an empty text."""
        return str(self.resource.get("externalId") or "")

    @property
    def active(self) -> bool:
        """Return whether the user may sign in; text booleans count, absence means yes."""
        value = self.resource.get("active", True)
        return value.strip().lower() != "false" if isinstance(value, str) else value is not False

    @property
    def label(self) -> str:
        """Return what to call this user on screen."""
        return str(self.resource.get("displayName") or self.user_name or self.id)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, User):
            return NotImplemented
        return self.id == other.id and self.resource == other.resource

    __hash__ = None  # type: ignore[assignment]  # equal by what may change


class UsersRead(msgspec.Struct, frozen=True):
    """Hold what was read from Webex; ``complete`` is False when anything may be missing."""

    users: tuple[User, ...]
    complete: bool = True
    findings: tuple[Reason, ...] = ()


class MappingRule(msgspec.Struct, frozen=True):
    """Fill one Webex attribute.

    ``expression`` is in Entra's expression language; empty means Entra's mapping type *None*: the
    target is left alone, but gets ``default`` when a user is created. ``matching_precedence`` 1 is
    tried first; None means not used for matching.
    """

    target: str
    expression: str = ""
    matching_precedence: int | None = None
    apply: Literal["always", "create"] = "always"
    default: str | None = None


class Clause(msgspec.Struct, frozen=True):
    """Compare one source attribute, e.g. ``department EQUALS Sales``."""

    attribute: str
    operator: str
    values: tuple[str, ...] = ()


class Filter(msgspec.Struct, frozen=True):
    """Join clauses with AND; several filters are joined with OR."""

    name: str
    clauses: tuple[Clause, ...]


class Actions(msgspec.Struct, frozen=True):
    """Say which target object actions are allowed."""

    create: bool = True
    update: bool = True
    disable: bool = True
    delete: bool = False


class RemovalLimit(msgspec.Struct, frozen=True):
    """Limit disables and deletes together, by number or percent of managed active users."""

    amount: int = 10
    percent: bool = True

    def allowed(self, managed_active: int) -> int:
        """Return how many removals a run may carry out (design §6: rounded down, at least 1)."""
        if not self.percent:
            return self.amount
        return max(1, managed_active * self.amount // 100) if self.amount else 0

    def __str__(self) -> str:
        return f"{self.amount}%" if self.percent else str(self.amount)


class ActionKind(StrEnum):
    """Name what would happen to one person."""

    CREATE = "create"
    UPDATE = "update"
    DISABLE = "disable"
    DELETE = "delete"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    PROBLEM = "problem"

    @property
    def writes(self) -> bool:
        """Return whether carrying this out changes Webex."""
        return self in _WRITING

    @property
    def removes(self) -> bool:
        """Return whether somebody loses access by this."""
        return self in (ActionKind.DISABLE, ActionKind.DELETE)


_WRITING = frozenset((ActionKind.CREATE, ActionKind.UPDATE, ActionKind.DISABLE, ActionKind.DELETE))


class Change(msgspec.Struct, frozen=True, gc=False):
    """Hold one attribute's value before and after; None is "no value"."""

    attribute: str
    before: Json
    after: Json


class Action(msgspec.Struct, frozen=True, gc=False):
    """Say what would happen to one person, and why.

    ``webex_id`` is empty where no user exists yet. ``before`` is the user's state that the plan
    rests on, by target attribute (always with ``userName`` and ``active``). ``linked`` tells
    whether this profile already manages the user. ``sign_in`` is the userPrincipalName where it is
    another than ``user_name``; else it is unset, and left out of the JSON. So is ``refers_to``, the
    source id of whom an action of the second pass is about: it waits until they have a user.
    """

    kind: ActionKind
    source_id: str
    user_name: str
    label: str
    webex_id: str = ""
    changes: tuple[Change, ...] = ()
    reasons: tuple[Reason, ...] = ()
    before: Mapping[str, Json] = msgspec.field(default_factory=dict)
    linked: bool = False
    row: int = 0
    sign_in: str | msgspec.UnsetType = msgspec.UNSET
    refers_to: str | msgspec.UnsetType = msgspec.UNSET


class Link(msgspec.Struct, frozen=True):
    """Tie a person of the source to the Webex user that this profile manages.

    ``disabled_at`` is when a run of this profile turned the user off, None otherwise. ``sign_in``
    is the userPrincipalName where it is another than ``user_name``.
    """

    source_id: str
    webex_id: str
    user_name: str = ""
    disabled_at: datetime | None = None
    sign_in: str = ""


class Stop(msgspec.Struct, frozen=True):
    """Say that a safeguard stops a class of actions, how many, and why."""

    action: ActionKind
    count: int
    reason: Reason


class Counts(msgspec.Struct, frozen=True):
    """Count a plan's actions by kind."""

    create: int = 0
    update: int = 0
    disable: int = 0
    delete: int = 0
    unchanged: int = 0
    skipped: int = 0
    problem: int = 0

    @property
    def writes(self) -> int:
        """Return how many actions would change Webex."""
        return self.create + self.update + self.disable + self.delete

    def as_dict(self) -> dict[str, int]:
        """Return the counts under the names of design §5, in order."""
        return {kind.value: getattr(self, kind.value) for kind in ActionKind}
