"""Make the bodies of SCIM writes from changes; pure, nothing is sent here."""

from collections.abc import Iterable, Mapping, Sequence

from sparkwizard.provisioning.target.path import (
    CISCO_SCHEMA,
    CORE_SCHEMA,
    ENTERPRISE_SCHEMA,
    TargetPath,
    parse_path,
    read_path,
    write_path,
)
from sparkwizard.provisioning.types import Change, Json, User
from sparkwizard.webex.scim_read import get

__all__ = ["BULK_SCHEMA", "PATCH_SCHEMA", "create_body", "filter_text", "patch_body"]

PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"

_OLD_NAMES = {
    CORE_SCHEMA: "urn:scim:schemas:core:1.0",
    ENTERPRISE_SCHEMA: "urn:scim:schemas:extension:enterprise:1.0",
    CISCO_SCHEMA: "urn:scim:schemas:extension:cisco:commonidentity:1.0",
}


def create_body(
    changes: Sequence[Change], *, version: str = "2.0", user_type: bool = True
) -> dict[str, Json]:
    """Return the resource that creates a user with these values.

    ``userType`` is always "user" unless mapped (design §6); only the schemas used are declared.
    """
    resource: dict[str, Json] = {"schemas": []}
    for change in changes:
        if change.after is not None:
            write_path(resource, change.attribute, _typed(change))
    if user_type and get(resource, "userType") is None:
        resource["userType"] = "user"
    _mark_primary(get(resource, "emails"))
    return _finished(resource, version)


def patch_body(
    changes: Sequence[Change], *, current: User, version: str = "2.0"
) -> dict[str, Json] | None:
    """Return the body that carries out changes on a user as it now is, or None for no change.

    SCIM 2.0: one operation per path, e-mails before the userName that must equal one of them.
    SCIM 1.1: the changed parts of the resource, removals named in ``meta.attributes``.
    """
    ordered = sorted(changes, key=lambda change: parse_path(change.attribute).key == "username")
    if version != "2.0":
        return _partial_resource(ordered, current)
    operations = list(_operations(ordered, current))
    return {"schemas": [PATCH_SCHEMA], "Operations": operations} if operations else None


def filter_text(attribute: str, value: str) -> str:
    """Return the filter that finds users by one attribute.

    Webex and most servers know ``emails.value``, not a condition on the e-mail's type: the type
    is checked on what comes back.
    """
    path = parse_path(attribute)
    name = f"{path.schema}:{path.attribute}" if path.schema else path.attribute
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}{f".{path.sub}" if path.sub else ""} eq "{quoted}"'


def _typed(change: Change) -> Json:
    """Return the new value; ``active`` as a JSON boolean, which some servers insist on."""
    value = change.after
    if parse_path(change.attribute).key == "active" and isinstance(value, str):
        return value.strip().lower() not in ("false", "0", "")
    return value


def _mark_primary(emails: Json) -> None:
    """Mark the work e-mail primary where none is: at Webex it has to equal the userName."""
    if not isinstance(emails, list) or _has_primary(emails):
        return
    for element in emails:
        if isinstance(element, dict) and str(get(element, "type")).lower() == "work":
            element["primary"] = True
            return


def _finished(resource: dict[str, Json], version: str) -> dict[str, Json]:
    """Declare the schemas used, under the names of the version spoken."""
    used = [CORE_SCHEMA, *(key for key in resource if key.lower().startswith("urn:"))]
    if version != "2.0":
        for name in used[1:]:
            resource[_OLD_NAMES.get(name, name)] = resource.pop(name)
        used = [_OLD_NAMES.get(name, name) for name in used]
    resource["schemas"] = list(used)
    return resource


# -- SCIM 2.0 ----------------------------------------------------------------------------------


def _operations(changes: Iterable[Change], current: User) -> Iterable[Json]:
    """Yield one operation per change; parts of one new list element are added together.

    What is removed comes last: an element that loses its only value is gone, and a value that is
    to be put into it would find none.
    """
    new_elements: dict[str, dict[str, Json]] = {}
    for change in sorted(changes, key=lambda change: change.after is None):
        path = parse_path(change.attribute)
        exists = not path.selectors or _has_element(current.resource, path)
        if change.after is None:
            if exists:
                yield {"op": "remove", "path": _removed(path)}
        elif exists:
            yield {"op": "replace", "path": str(path), "value": _typed(change)}
        else:
            key = f"{path.schema}:{path.attribute}{path.selectors}"
            if key not in new_elements:
                new_elements[key] = {one.attribute: one.value for one in path.selectors}
                yield _addition(path, new_elements[key], current)
            new_elements[key][path.sub or "value"] = _typed(change)


def _addition(path: TargetPath, element: dict[str, Json], current: User) -> Json:
    """Return the operation that adds a list element, which may still be filled."""
    if path.attribute.lower() == "emails" and not path.schema:
        there = get(dict(current.resource), "emails")
        if not _has_primary(there):
            _mark_primary([element])
    return {"op": "add", "path": str(TargetPath(path.schema, path.attribute)), "value": [element]}


def _removed(path: TargetPath) -> str:
    """Return what to remove: an e-mail without its value is none, so the whole element goes."""
    if path.selectors and path.sub == "value":
        return str(TargetPath(path.schema, path.attribute, path.selectors))
    return str(path)


def _has_primary(elements: Json) -> bool:
    return isinstance(elements, list) and any(
        str(get(one, "primary")).lower() == "true" for one in elements
    )


def _has_element(resource: Mapping[str, Json], path: TargetPath) -> bool:
    """Return whether a list has the element a path means: replacing none is refused (noTarget)."""
    container = get(dict(resource), path.schema) if path.schema else dict(resource)
    found = get(container, path.attribute)
    elements = found if isinstance(found, list) else [found]
    return any(
        isinstance(one, dict) and all(selector.matches(one) for selector in path.selectors)
        for one in elements
    )


# -- SCIM 1.1 ----------------------------------------------------------------------------------


def _partial_resource(changes: Sequence[Change], current: User) -> dict[str, Json] | None:
    """Return the changed parts only (SCIM 1.1 §3.3.2); lists merge, removals are named."""
    if not changes:
        return None
    resource: dict[str, Json] = {"schemas": []}
    removed: list[Json] = []
    for change in changes:
        path = parse_path(change.attribute)
        if change.after is not None:
            write_path(resource, change.attribute, _typed(change))
        elif path.selectors:
            _remove_element(resource, path, current)
        else:
            removed.append(_old_attribute(path))
    if removed:
        resource["meta"] = {"attributes": removed}
    return _finished(resource, "1.1")


def _remove_element(resource: dict[str, Json], path: TargetPath, current: User) -> None:
    """Name a list element for removal: 1.1 wants the element itself with operation delete."""
    text = str(TargetPath(path.schema, path.attribute, path.selectors, "value"))
    value = read_path(current.resource, text)
    if value is None:
        return
    write_path(resource, text, value)
    write_path(
        resource,
        str(TargetPath(path.schema, path.attribute, path.selectors, "operation")),
        "delete",
    )


def _old_attribute(path: TargetPath) -> str:
    name = f"{path.attribute}.{path.sub}" if path.sub else path.attribute
    return f"{_OLD_NAMES.get(path.schema, path.schema)}:{name}" if path.schema else name
