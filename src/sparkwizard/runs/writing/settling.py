"""Find out by reading what became of a write that was sent and not answered.

A write whose answer was lost may have happened. Before anything is repeated, the server is read:
either the wish is fulfilled already, or nothing happened, or somebody else changed the user.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum

import msgspec

from sparkwizard.errors import RemoteError, UnexpectedAnswer
from sparkwizard.net.retry import waiting_is_on
from sparkwizard.provisioning.target.path import read_path
from sparkwizard.provisioning.target.schema import same_value
from sparkwizard.provisioning.types import Action, ActionKind, Change, Json, User
from sparkwizard.webex.scim import ScimClient

__all__ = ["LAG_WAITS", "Finding", "Found", "is_marked", "not_kept", "settle", "standing_of"]

LAG_WAITS = (0.5, 1.0, 2.0, 4.0)
"""Seconds between looks for a user just created: lists lag behind writes (facts/webex.md)."""


class Found(Enum):
    """Name what reading showed."""

    DONE = "done"
    NOT_DONE = "not done"
    CHANGED = "changed"


class Finding(msgspec.Struct, frozen=True):
    """Hold what reading showed, and the user where there is one."""

    found: Found
    user: User | None = None


def not_kept(changes: Sequence[Change], resource: Mapping[str, Json]) -> list[str]:
    """Return the attributes that do not hold what was written."""
    return [
        change.attribute
        for change in changes
        if not same_value(change.attribute, read_path(resource, change.attribute), change.after)
    ]


def standing_of(action: Action, user: User | None) -> Finding:
    """Tell from a user as it is now whether an update, disable or delete was carried out."""
    if user is None:
        done = Found.DONE if action.kind is ActionKind.DELETE else Found.CHANGED
        return Finding(done)
    if action.kind is not ActionKind.DELETE and not not_kept(action.changes, user.resource):
        return Finding(Found.DONE, user)
    wanted = {change.attribute: change.after for change in action.changes}
    # a change that took effect in part leaves some attributes as they were and some as wanted
    ours = all(
        same_value(target, _now(user, target), before)
        or (target in wanted and same_value(target, _now(user, target), wanted[target]))
        for target, before in action.before.items()
    )
    return Finding(Found.NOT_DONE if ours else Found.CHANGED, user)


def _now(user: User, target: str) -> Json:
    return user.active if target == "active" else read_path(user.resource, target)


async def settle(
    scim: ScimClient,
    action: Action,
    *,
    waits: Sequence[float] = LAG_WAITS[:2],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Finding:
    """Read the server and tell what became of ``action``.

    ``waits`` are the seconds between looks for a user just created: more where it must be there
    (Webex answered that the name is taken).
    """
    if action.kind is not ActionKind.CREATE:
        return standing_of(action, await scim.get_user(action.webex_id))
    user = await _look_for(scim, action)
    for seconds in waits:
        if user:
            break
        if waiting_is_on():
            await sleep(seconds)
        user = await _look_for(scim, action)
    if user is None:
        return Finding(Found.NOT_DONE)
    done = not not_kept(_identifying(action), user.resource)
    return Finding(Found.DONE if done else Found.CHANGED, user)


def is_marked(action: Action) -> bool:
    """Return whether a new user carries what tells it from a stranger of the same name."""
    return any(c.attribute == "externalId" and c.after for c in action.changes)


def _identifying(action: Action) -> Sequence[Change]:
    """Return the values that tell our user from a stranger of the same name."""
    ours = [c for c in action.changes if c.attribute == "externalId"]
    return ours or action.changes


async def _look_for(scim: ScimClient, action: Action) -> User | None:
    try:
        found: Sequence[User] = await scim.find_users("userName", action.user_name)
    except (RemoteError, UnexpectedAnswer):
        # a server that can't filter still lists
        name = action.user_name.casefold()
        listed = (await scim.list_users()).users
        found = [user for user in listed if user.user_name.casefold() == name]
    return found[0] if found else None
