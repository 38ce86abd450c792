"""Webex users as a list shows them: what nearly every mapping compares, the rest as it came.

Decoding a whole resource takes ten times as long and three times the memory of its bytes, and of
nearly everybody no more than this is ever looked at.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

import msgspec
from msgspec.structs import force_setattr

from sparkwizard.provisioning.target.path import parse_path, reader, standard_place
from sparkwizard.provisioning.types import Json, User

__all__ = ["ListedUser", "UserColumns", "UserList", "column", "external_ids", "user_list"]


class _Name(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    given_name: str | None = None
    family_name: str | None = None


class _Bodies(msgspec.Struct, rename={"resources": "Resources"}):
    resources: list[msgspec.Raw]


_decode_bodies = msgspec.json.Decoder(_Bodies).decode


class _Content:
    """Keep a list as it came, and hand out the resource of one of its users."""

    __slots__ = ("_bodies", "_content", "_ids")

    def __init__(self, content: bytes, ids: Sequence[str]) -> None:
        self._content = content
        self._ids = ids
        self._bodies: Mapping[str, msgspec.Raw] = {}

    def resource_of(self, webex_id: str) -> Mapping[str, Json]:
        """Return one resource, decoded anew each time; the list is taken apart the first time."""
        if not self._bodies:
            bodies = _decode_bodies(self._content).resources
            self._bodies = dict(zip(self._ids, bodies, strict=True))
        return _decoded(self._bodies[webex_id])


def _decoded(raw: msgspec.Raw) -> Mapping[str, Json]:
    try:
        return cast("dict[str, Json]", msgspec.json.decode(raw))
    except msgspec.DecodeError:
        # a number beyond what a float holds, which nobody looked at before
        return cast("dict[str, Json]", json.loads(bytes(raw)))


class ListedUser(User, frozen=True, eq=False, gc=False, kw_only=True):
    """Hold one user as it came, with the values that the standard has under these names.

    None stands for one that is not there, or is null: it may be elsewhere in the resource.
    """

    id: str
    kept: Any = msgspec.field(default=None, name="(kept)")
    plain_user_name: str | None = msgspec.field(default=None, name="userName")
    plain_external_id: str | None = msgspec.field(default=None, name="externalId")
    plain_active: bool | str | None = msgspec.field(default=None, name="active")
    plain_display_name: str | None = msgspec.field(default=None, name="displayName")
    plain_name: _Name = msgspec.field(default=_Name(), name="name")

    @property
    def resource(self) -> Mapping[str, Json]:
        """Return the SCIM resource, decoded anew each time."""
        return cast("_Content", self.kept).resource_of(self.id)

    @property
    def user_name(self) -> str:
        """Return the userName, or an empty text."""
        return self.plain_user_name or ""

    @property
    def external_id(self) -> str:
        """Return the externalId, or an empty text."""
        return self.plain_external_id or ""

    @property
    def active(self) -> bool:
        """Return whether the user may sign in; text booleans count, absence means yes."""
        said = self.plain_active
        return said.strip().lower() != "false" if isinstance(said, str) else said is not False

    @property
    def label(self) -> str:
        """Return what to call this user on screen."""
        return self.plain_display_name or self.user_name or self.id


type _Listed = Sequence[ListedUser]

# each in a loop of its own: half the time that attrgetter takes
_COLUMNS: dict[tuple[str, str], Callable[[_Listed], list[Json]]] = {
    ("userName", ""): lambda users: [user.plain_user_name for user in users],
    ("externalId", ""): lambda users: [user.plain_external_id for user in users],
    ("active", ""): lambda users: [user.plain_active for user in users],
    ("displayName", ""): lambda users: [user.plain_display_name for user in users],
    ("name", "givenName"): lambda users: [user.plain_name.given_name for user in users],
    ("name", "familyName"): lambda users: [user.plain_name.family_name for user in users],
}


class UserList(msgspec.Struct, frozen=True, rename={"users": "Resources", "total": "totalResults"}):
    """Hold a SCIM list of users as it came, with ``total`` of all there are."""

    users: list[ListedUser]
    total: int
    schemas: list[str]


_decode = msgspec.json.Decoder(UserList).decode


def user_list(content: bytes) -> UserList:
    """Return a list with its users kept as they came.

    Raises ``msgspec.DecodeError`` where it is not as the standard has it, or two have one id.
    """
    found = _decode(content)
    ids = [user.id for user in found.users]
    if len(set(ids)) < len(ids) or "" in ids:
        raise msgspec.DecodeError("users without an id of their own")
    kept = _Content(content, ids)
    for user in found.users:
        force_setattr(user, "kept", kept)
    return found


def column(target: str, users: Sequence[User]) -> list[Json] | None:
    """Return for each what the standard has at a target; None where that takes a closer look."""
    return _column(target, users) if _are_listed(users) else None


def _are_listed(users: Sequence[User]) -> bool:
    return set(map(type, users)) == {ListedUser}


def _column(target: str, users: Sequence[User]) -> list[Json] | None:
    path = parse_path(target)
    get = _COLUMNS.get((path.attribute, path.sub))
    if get is None or path.schema or path.selectors:
        return None
    return get(cast("_Listed", users))


def external_ids(users: Sequence[User]) -> list[str]:
    """Return the external ids of users, empty for none."""
    found = column("externalId", users)
    if found is None or (not all(found) and None in found):
        return [user.external_id for user in users]
    return cast("list[str]", found)


class UserColumns:
    """Hold what some users have now, by column."""

    def __init__(self, users: Sequence[User]) -> None:
        self._users = users
        self._are_listed = _are_listed(users)
        self._columns: dict[str, list[Json] | None] = {}

    @property
    def names(self) -> Sequence[str]:
        """Return their user names, empty for none."""
        found = self._column("userName")
        if found is None or (not all(found) and None in found):
            return [user.user_name for user in self._users]
        return cast("list[str]", found)

    @property
    def active(self) -> Sequence[bool]:
        """Return who may sign in."""
        found = self._column("active")
        if found is not None and found.count(True) == len(found):
            return cast("list[bool]", found)
        if found is None or set(map(type, found)) != {bool}:
            return [user.active for user in self._users]
        return cast("list[bool]", found)

    def _column(self, target: str) -> list[Json] | None:
        if target not in self._columns:
            self._columns[target] = _column(target, self._users) if self._are_listed else None
        return self._columns[target]

    @cached_property
    def _resources(self) -> list[Mapping[str, Json]]:
        return [user.resource for user in self._users]

    def present(self, target: str) -> list[Json]:
        """Return the values at a target; absent means active once there is a user at all."""
        values = self._column(target)
        if values is None:
            values = _at_standard_place(target, self._resources)
        if all(values):
            return values
        if None in values:
            read, pairs = reader(target), zip(values, self._resources, strict=True)
            values = [read(resource) if value is None else value for value, resource in pairs]
        if target == "active" and None in values:
            pairs = zip(values, self._resources, strict=True)
            return [True if value is None and resource else value for value, resource in pairs]
        return values


def _at_standard_place(target: str, resources: Sequence[Mapping[str, Json]]) -> list[Json]:
    outer, inner = standard_place(target)
    if not outer:
        return list(map(reader(target), resources))
    values = [resource.get(outer) for resource in resources]
    return [one.get(inner) if type(one) is dict else None for one in values] if inner else values
