"""Create, change and delete users under the rules that Webex documents."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.scim.attributes import CISCO_USER, ENTERPRISE_USER, USER
from sparkwizard.practice.scim.patch import apply_patch
from sparkwizard.practice.scim.refusals import (
    ScimRefusal,
    ScimType,
    invalid_value,
    not_found,
)
from sparkwizard.practice.scim.values import accept_resource
from sparkwizard.practice.webex.groups import forget_member
from sparkwizard.practice.webex.store import Record
from sparkwizard.practice.webex.world import World

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_UNASSIGNABLE = frozenset({"location_full_admin", "location_admin", "webex_site_admin"})


def create_user(world: World, sent: Mapping[str, Any]) -> Record:
    """Create a user; raises ScimRefusal, 409 where the name is taken anywhere in Webex."""
    content = _without_lost_values(world, accept_resource(USER, sent), {})
    content.setdefault("active", True)
    return _store(world, content, None)


def replace_user(world: World, identifier: str, sent: Mapping[str, Any]) -> Record:
    """Replace everything that a client may write; what is not sent is gone."""
    old = find_user(world, identifier)
    content = _without_lost_values(world, accept_resource(USER, sent), old.decode())
    content.setdefault("active", True)
    return _store(world, content, old)


def modify_user(world: World, identifier: str, sent: Mapping[str, Any]) -> Record:
    """Apply the operations of a PATCH, all of them or none."""
    old = find_user(world, identifier)
    before = old.decode()
    patched = accept_resource(USER, apply_patch(USER, before, sent))
    if patched.get("active") != before.get("active"):
        _forget_status(patched, before)
    return _store(world, _without_lost_values(world, patched, before), old)


def delete_user(world: World, identifier: str) -> None:
    """Delete a user for good and take them out of every group."""
    find_user(world, identifier)
    world.remove(USER, identifier)
    forget_member(world, identifier)
    for licence in world.licences.values():
        licence.holders.discard(identifier)


def find_user(world: World, identifier: str) -> Record:
    """Return a user's record; raises ScimRefusal (404) where this organization has none."""
    record = world.users.get(identifier)
    if record is None:
        raise not_found("User", identifier)
    return record


def settle_user(world: World, content: JsonObject) -> JsonObject:
    """Return a user as Webex keeps it: work e-mail, account status, manager, and no password."""
    name = content["userName"]
    settled = {**content, "emails": _aligned_emails(content.get("emails", []), name)}
    settled.pop("password", None)
    cisco = dict(content.get(CISCO_USER, {}))
    cisco.setdefault("accountStatus", ["active" if content.get("active", True) else "disabled"])
    settled[CISCO_USER] = cisco
    _introduce_manager(world, settled)
    return settled


def _store(world: World, content: JsonObject, old: Record | None) -> Record:
    _check(world, content, old)
    settled = settle_user(world, content)
    if old is not None and old.decode().get("roles") != settled.get("roles"):
        # changing roles invalidates all tokens of that user (seen in wxc_sdk)
        world.tokens.revoke_of(old.id)
    return world.write(USER, content["userName"], settled, old=old)


def _check(world: World, content: JsonObject, old: Record | None) -> None:
    for name in ("userName", "userType"):
        if not content.get(name):
            raise invalid_value(f"{name} is required.")
    name = content["userName"]
    if not _ADDRESS.fullmatch(name):
        raise invalid_value("userName must be an e-mail address.")
    for role in content.get("roles", ()):
        if str(role.get("value", "")).casefold() in _UNASSIGNABLE:
            raise invalid_value(f"The role {role['value']} cannot be assigned to a user.")
    _check_name_is_free(world, name, old)
    domains = [domain.casefold() for domain in world.faults.enforced_domains]
    changed = old is None or old.key != name.casefold()
    if domains and changed and name.rpartition("@")[2].casefold() not in domains:
        raise invalid_value(f"The domain of {name} is not verified for this organization.")


def _check_name_is_free(world: World, name: str, old: Record | None) -> None:
    owner = world.users.id_of(name)
    if world.faults.names_taken_elsewhere and name.casefold() in world.taken_elsewhere:
        raise ScimRefusal(
            409, f"{name} already exists in another organization.", ScimType.UNIQUENESS
        )
    if owner is not None and (old is None or owner != old.id):
        raise ScimRefusal(409, f"{name} already exists.", ScimType.UNIQUENESS)


def _aligned_emails(emails: list[JsonObject], name: str) -> list[JsonObject]:
    """Return the addresses with exactly one that is work and primary, and equals the user name."""
    work = next((one for one in emails if one.get("type", "").casefold() == "work"), {})
    aligned = {**work, "value": name, "type": "work", "primary": True}
    others = [one for one in emails if one is not work]
    return [*({**one, "primary": False} if one.get("primary") else one for one in others), aligned]


def _introduce_manager(world: World, content: JsonObject) -> None:
    """Check that the manager is a user of this organization, and add name and address."""
    manager = content.get(ENTERPRISE_USER, {}).get("manager")
    if not manager:
        return
    record = world.users.get(str(manager.get("value", "")))
    if record is None:
        raise invalid_value("manager.value must be the id of a user in this organization.")
    shown = record.decode()
    content[ENTERPRISE_USER] = {
        **content[ENTERPRISE_USER],
        "manager": {
            "value": record.id,
            "displayName": shown.get("displayName", shown["userName"]),
            "$ref": f"{world.tenant_url}/Users/{record.id}",
        },
    }


def _forget_status(patched: JsonObject, before: JsonObject) -> None:
    """Drop an account status that the PATCH left alone, so that it follows ``active``."""
    cisco = patched.get(CISCO_USER, {})
    if cisco.get("accountStatus") == before.get(CISCO_USER, {}).get("accountStatus"):
        patched[CISCO_USER] = {k: v for k, v in cisco.items() if k != "accountStatus"}


def _without_lost_values(world: World, content: JsonObject, before: JsonObject) -> JsonObject:
    """Undo the change of every attribute that the fault "values not kept" names."""
    for path in world.faults.values_not_kept:
        for steps in _places(path):
            _put_back(content, before, steps)
    return content


def _places(path: str) -> Iterator[list[str]]:
    for urn in (ENTERPRISE_USER, CISCO_USER):
        if path.startswith(f"{urn}:"):
            yield [urn, *path.removeprefix(f"{urn}:").split(".")]
            return
    yield path.split(".")
    yield [ENTERPRISE_USER, *path.split(".")]


def _put_back(content: JsonObject, before: JsonObject, steps: list[str]) -> None:
    name = steps[0]
    if len(steps) > 1:
        inside = dict(content.get(name, {}))
        _put_back(inside, before.get(name, {}), steps[1:])
        if inside or name in content:
            content[name] = inside
    elif name in before:
        content[name] = before[name]
    else:
        content.pop(name, None)
