"""Read and write Webex's attributes by the paths that mappings name."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_TYPED = re.compile(r'(?P<list>\w+)\[type eq "(?P<type>[^"]+)"\]\.(?P<part>\w+)')
_URN = re.compile(r"(?P<urn>urn:.+):(?P<rest>[\w.]+)")
_CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def read_target(resource: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path; None where there is none."""
    typed, urn = _TYPED.fullmatch(path), _URN.fullmatch(path)
    if urn:
        found = read_target(resource.get(urn["urn"]) or {}, urn["rest"])
        return found.get("value") if isinstance(found, dict) else found
    if typed:
        listed = resource.get(typed["list"]) or []
        return next(
            (one.get(typed["part"]) for one in listed if one.get("type") == typed["type"]), None
        )
    value: Any = resource
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def user_body(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the resource that holds these values, as a new user is sent.

    Webex requires userType, which the gallery's mapping does not have.
    """
    body: dict[str, Any] = {"schemas": [], "active": True, "roles": [], "userType": "user"}
    for path, value in values.items():
        _put(body, path, value)
    body["schemas"] = [_CORE, *(key for key in body if key.startswith("urn:"))]
    body["meta"] = {"resourceType": "User"}
    return body


def group_body(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new group, without its members."""
    return {"schemas": [_GROUP], **values}


def sent(operations: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return operations as they go out: Webex takes a manager as an object, as when creating."""
    return [
        {**one, "value": {"value": one["value"]}} if one["path"].endswith(":manager") else {**one}
        for one in operations
    ]


def operations(wanted: Mapping[str, Any], resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return one operation for each value that differs."""
    changed = []
    for path, value in wanted.items():
        old = read_target(resource, path)
        if not _same(path, old, value):
            changed.append(
                {"op": "Add" if old is None else "Replace", "path": path, "value": value}
            )
    return changed


def coerced(path: str, value: Any) -> Any:
    """Return a value in the type of its target: ``active`` is a boolean."""
    if path == "active" and isinstance(value, str):
        return value.lower() == "true"
    return value


def _same(path: str, old: Any, new: Any) -> bool:
    if path == "userName" and isinstance(old, str):
        return old.casefold() == str(new).casefold()
    if isinstance(old, bool) or isinstance(new, bool):
        return bool(old) is bool(new)
    return bool(old == new)


def _put(body: dict[str, Any], path: str, value: Any) -> None:
    typed, urn = _TYPED.fullmatch(path), _URN.fullmatch(path)
    if urn:
        section = body.setdefault(urn["urn"], {})
        manager = urn["rest"] == "manager"
        _put(section, urn["rest"], {"value": value} if manager else value)
    elif typed:
        listed = body.setdefault(typed["list"], [])
        for one in listed:
            if one["type"] == typed["type"]:
                one[typed["part"]] = value
                return
        listed.append({"type": typed["type"], typed["part"]: value})
    else:
        *parents, name = path.split(".")
        for parent in parents:
            body = body.setdefault(parent, {})
        body[name] = value
