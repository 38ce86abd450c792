"""Webex users as a list shows them: what nearly every mapping compares, the rest as it came.

Decoding a whole resource takes ten times as long and three times the memory of its bytes, and of
nearly everybody no more than this is ever looked at.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, cast

import msgspec
from msgspec.structs import force_setattr

from sparkwizard.provisioning.target_path import parse_path, reader, standard_place
from sparkwizard.provisioning.types import Json, User

__all__ = ["ListedUser", "UserColumns", "column", "external_ids", "listed_users"]


class _Name(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    given_name: str | None = None
    family_name: str | None = None


class ListedUser(User, frozen=True, eq=False, gc=False, kw_only=True):
    """Hold one user as it came, with the values that the standard has under these names.

    None stands for one that is not there, or is null: it may be elsewhere in the resource.
    """

    id: str
    kept: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="(kept)")
    plain_user_name: str | None = msgspec.field(default=None, name="userName")
    plain_external_id: str | None = msgspec.field(default=None, name="externalId")
    plain_active: bool | str | None = msgspec.field(default=None, name="active")
    plain_display_name: str | None = msgspec.field(default=None, name="displayName")
    plain_name: _Name = msgspec.field(default=_Name(), name="name")

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


_COLUMNS: dict[tuple[str, str], Callable[[Any], Json]] = {
    ("userName", ""): attrgetter("plain_user_name"),
    ("externalId", ""): attrgetter("plain_external_id"),
    ("active", ""): attrgetter("plain_active"),
    ("displayName", ""): attrgetter("plain_display_name"),
    ("name", "givenName"): attrgetter("plain_name.given_name"),
    ("name", "familyName"): attrgetter("plain_name.family_name"),
}

_decode = msgspec.json.Decoder(ListedUser).decode


def listed_users(bodies: Sequence[msgspec.Raw]) -> list[ListedUser]:
    """Return the users in these resources.

    Raises ``msgspec.DecodeError`` where one is not as the standard has it: no id, or another type.
    """
    users = list(map(_decode, bodies))
    for user, body in zip(users, bodies, strict=True):
        force_setattr(user, "kept", body)
    return users


def column(target: str, users: Sequence[User]) -> list[Json] | None:
    """Return for each what the standard has at a target; None where that takes a closer look."""
    path = parse_path(target)
    get = _COLUMNS.get((path.attribute, path.sub))
    if get is None or path.schema or path.selectors or set(map(type, users)) != {ListedUser}:
        return None
    return list(map(get, cast("Sequence[ListedUser]", users)))


def external_ids(users: Sequence[User]) -> list[str]:
    """Return the external ids of users, empty for none."""
    found = column("externalId", users)
    if found is None or None in found:
        return [user.external_id for user in users]
    return cast("list[str]", found)


class UserColumns:
    """Hold what some users have now, by column."""

    def __init__(self, users: Sequence[User]) -> None:
        self._users = users

    @cached_property
    def names(self) -> Sequence[str]:
        """Return their user names, empty for none."""
        found = column("userName", self._users)
        if found is None or None in found:
            return [user.user_name for user in self._users]
        return cast("list[str]", found)

    @property
    def active(self) -> Sequence[bool]:
        """Return who may sign in."""
        found = column("active", self._users)
        if found is None or set(map(type, found)) != {bool}:
            return [user.active for user in self._users]
        return cast("list[bool]", found)

    @cached_property
    def _resources(self) -> list[Mapping[str, Json]]:
        return [user.resource for user in self._users]

    def present(self, target: str) -> list[Json]:
        """Return the values at a target; absent means active once there is a user at all."""
        values = column(target, self._users)
        if values is None:
            values = _at_standard_place(target, self._resources)
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
