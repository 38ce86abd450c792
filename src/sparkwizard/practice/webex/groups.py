"""Create, change and delete groups under the rules that Webex documents."""

from collections.abc import Mapping
from typing import Any

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.scim.attributes import CISCO_GROUP, GROUP
from sparkwizard.practice.scim.patch import apply_patch
from sparkwizard.practice.scim.refusals import invalid_value, not_found
from sparkwizard.practice.scim.values import accept_resource
from sparkwizard.practice.webex.store import Record
from sparkwizard.practice.webex.world import World

MOST_MEMBERS_SHOWN = 500


def create_group(world: World, sent: Mapping[str, Any]) -> Record:
    """Create a group, with members where some are sent."""
    return _store(world, accept_resource(GROUP, sent), None)


def replace_group(world: World, identifier: str, sent: Mapping[str, Any]) -> Record:
    """Replace everything that a client may write; what is not sent is gone."""
    return _store(world, accept_resource(GROUP, sent), find_group(world, identifier))


def modify_group(world: World, identifier: str, sent: Mapping[str, Any]) -> Record:
    """Apply the operations of a PATCH, all of them or none."""
    old = find_group(world, identifier)
    stored = old.decode()
    kept = stored.get("members", [])
    # the limit of 500 is one of a request: a group itself may grow beyond it
    changed = apply_patch(GROUP, stored, sent)
    members = changed.pop("members", [])
    content = accept_resource(GROUP, changed)
    if members:
        content["members"] = members
    return _store(world, content, old, known=kept)


def delete_group(world: World, identifier: str) -> None:
    """Delete a group; its members stay."""
    find_group(world, identifier)
    world.remove(GROUP, identifier)
    forget_member(world, identifier)


def find_group(world: World, identifier: str) -> Record:
    """Return a group's record; raises ScimRefusal (404) where this organization has none."""
    record = world.groups.get(identifier)
    if record is None:
        raise not_found("Group", identifier)
    return record


def groups_of(world: World, user: str) -> list[JsonObject]:
    """Return the groups that have this member, decoded."""
    needle = user.encode()
    candidates = (one.decode() for one in world.groups if needle in one.raw)
    return [one for one in candidates if any(m["value"] == user for m in one.get("members", ()))]


def forget_member(world: World, identifier: str) -> None:
    """Take a deleted user or group out of every group."""
    for content in groups_of(world, identifier):
        members = [one for one in content["members"] if one["value"] != identifier]
        rest = {key: value for key, value in content.items() if key not in ("meta", "members")}
        if members:
            rest["members"] = members
        world.write(GROUP, content["displayName"], rest, old=find_group(world, content["id"]))


def _store(
    world: World, content: JsonObject, old: Record | None, known: list[JsonObject] | None = None
) -> Record:
    if not content.get("displayName"):
        raise invalid_value("displayName is required.")
    if members := content.get("members"):
        introduced = {one["value"]: one for one in known or ()}
        # who is added twice is a member once (RFC 7644, section 3.5.2.1)
        each = {one.get("value"): one for one in members}
        content["members"] = [
            introduced.get(value) or _introduce(world, one) for value, one in each.items()
        ]
    before = old.decode().get(CISCO_GROUP, {}) if old else {}
    cisco = content.setdefault(CISCO_GROUP, {})
    cisco["provisionSource"] = before.get("provisionSource", "SCIM")
    # the response model requires a usage, the request model does not: "policy" is its example
    cisco.setdefault("usage", "policy")
    return world.write(GROUP, content["displayName"], content, old=old)


def _introduce(world: World, member: JsonObject) -> JsonObject:
    """Return a member with the name and address of the user or group it stands for."""
    value = str(member.get("value", ""))
    for record, kind in ((world.users.get(value), "user"), (world.groups.get(value), "group")):
        if record is not None:
            shown = record.decode()
            return {
                "value": value,
                "type": member.get("type", kind),
                "display": shown.get("displayName") or shown["userName"],
                "$ref": f"{world.tenant_url}/{kind.capitalize()}s/{value}",
            }
    raise invalid_value(f"The member {value} is no user or group of this organization.")
