"""Apply PATCH operations the way Cisco's OpenAPI file tells it.

The operations run in order on a copy, and the copy counts only when all of them succeeded: what
Webex does after a failure in the middle is not documented, and a half-written user would be a
worse guess than an untouched one.
"""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.scim.attributes import Attribute, Mutability, ResourceKind, find
from sparkwizard.practice.scim.filters import AllOf, Comparison, Node, matches, plain_path
from sparkwizard.practice.scim.paths import Target, parse_path
from sparkwizard.practice.scim.refusals import (
    ScimRefusal,
    ScimType,
    invalid_syntax,
    invalid_value,
)
from sparkwizard.practice.scim.values import accept_value

# common to all resources, and read-only: such input is ignored, as documented
_READ_ONLY_NAMES = frozenset({"id", "meta", "schemas"})
PATCH_MESSAGE = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def apply_patch(kind: ResourceKind, current: JsonObject, request: Mapping[str, Any]) -> JsonObject:
    """Return the resource after all operations; the one handed in stays as it was."""
    schemas = request.get("schemas")
    if not isinstance(schemas, list) or PATCH_MESSAGE not in schemas:
        raise invalid_syntax(f"schemas must contain {PATCH_MESSAGE}.")
    operations = request.get("Operations", request.get("operations"))
    if not isinstance(operations, list) or not operations:
        raise invalid_syntax("Operations must be a list with at least one operation.")
    changed = copy.deepcopy(current)
    for operation in operations:
        _apply_one(kind, changed, operation)
    return changed


def _apply_one(kind: ResourceKind, resource: JsonObject, operation: object) -> None:
    if not isinstance(operation, Mapping):
        raise invalid_syntax("Each operation must be an object.")
    word = str(operation.get("op", "")).casefold()
    path = operation.get("path")
    if word not in ("add", "replace", "remove"):
        raise invalid_syntax("op must be add, replace or remove.")
    if word != "remove" and "value" not in operation:
        raise invalid_value(f"The operation {word} needs a value.")
    if not path:
        _apply_to_resource(kind, resource, word, operation.get("value"))
        return
    if str(path).casefold().partition(".")[0] in _READ_ONLY_NAMES:
        return
    target = parse_path(kind, str(path))
    if target is not None:
        _apply_to_target(resource, word, target, operation.get("value"))


def _apply_to_resource(kind: ResourceKind, resource: JsonObject, word: str, value: object) -> None:
    if word == "remove":
        raise ScimRefusal(400, "The operation remove needs a path.", ScimType.NO_TARGET)
    if not isinstance(value, Mapping):
        raise invalid_value("Without a path the value must be an object.")
    for key, one in value.items():
        if key.casefold() == "schemas":
            continue
        target = _lenient_path(kind, key)
        if target is not None:
            _apply_to_target(resource, word, target, one)


def _lenient_path(kind: ResourceKind, key: str) -> Target | None:
    """Find the target of a key; unknown attributes of a body are ignored, unlike unknown paths."""
    try:
        return parse_path(kind, key)
    except ScimRefusal:
        return None


def _apply_to_target(resource: JsonObject, word: str, target: Target, value: object) -> None:
    attribute = target.attribute
    if attribute is None:
        _apply_to_section(resource, word, target, value)
        return
    if Mutability.READ_ONLY in (attribute.mutability, target.sub and target.sub.mutability):
        return
    holder = resource
    if target.section is not None:
        holder = resource.setdefault(target.section, {})
    if attribute.many and (target.where is not None or target.sub is not None):
        _ELEMENT_ACTIONS[word](holder, attribute, target, value)
    elif target.sub is not None:
        _write_part(holder, attribute, target.sub, word, value)
    else:
        _write_whole(holder, attribute, word, value)
    if target.section is not None and not holder:
        del resource[target.section]


def _apply_to_section(resource: JsonObject, word: str, target: Target, value: object) -> None:
    """Work on a whole extension, named by its schema alone."""
    assert target.section is not None or word != "remove"
    if word == "remove":
        resource.pop(str(target.section), None)
        return
    if not isinstance(value, Mapping):
        raise invalid_value("The value for a schema must be an object.")
    for key, one in value.items():
        attribute = find(target.attributes, key)
        if attribute is not None:
            inner = Target(target.section, target.attributes, attribute)
            _apply_to_target(resource, word, inner, one)


def _write_whole(holder: JsonObject, attribute: Attribute, word: str, value: object) -> None:
    name = attribute.name
    if word == "remove":
        _remove_whole(holder, attribute, value)
        return
    accepted = accept_value(attribute, value)
    if accepted is None:
        holder.pop(name, None)
    elif attribute.many and word == "add":
        assert isinstance(accepted, list)
        _append(holder, attribute, accepted)
    elif isinstance(accepted, dict):
        holder[name] = {**holder.get(name, {}), **accepted}
    else:
        holder[name] = accepted


def _remove_whole(holder: JsonObject, attribute: Attribute, value: object) -> None:
    """Remove an attribute, or the listed members of it where a client names them by value.

    Microsoft's provisioning service removes group members as a list of values beside the path.
    """
    if not attribute.many or not isinstance(value, list) or not value:
        holder.pop(attribute.name, None)
        return
    gone = {one.get("value") if isinstance(one, Mapping) else one for one in value}
    kept = [
        one
        for one in holder.get(attribute.name, [])
        if (one.get("value") if isinstance(one, Mapping) else one) not in gone
    ]
    _keep(holder, attribute, kept)


def _append(holder: JsonObject, attribute: Attribute, accepted: list[Any]) -> None:
    items = list(holder.get(attribute.name, []))
    for one in accepted:
        if one in items:
            continue
        if isinstance(one, dict) and one.get("primary"):
            items = [{**old, "primary": False} if old.get("primary") else old for old in items]
        items.append(one)
    holder[attribute.name] = items


def _write_part(
    holder: JsonObject, attribute: Attribute, sub: Attribute, word: str, value: object
) -> None:
    """Write one sub-attribute of a single complex value."""
    parts = dict(holder.get(attribute.name, {}))
    accepted = None if word == "remove" else accept_value(sub, value, f"{attribute.name}.")
    if accepted is None:
        parts.pop(sub.name, None)
    else:
        parts[sub.name] = accepted
    if parts:
        holder[attribute.name] = parts
    else:
        holder.pop(attribute.name, None)


def _replace_elements(
    holder: JsonObject, attribute: Attribute, target: Target, value: object
) -> None:
    items = holder.get(attribute.name, [])
    chosen = [index for index, one in enumerate(items) if _chosen(target.where, one)]
    if target.where is not None and not chosen:
        raise ScimRefusal(400, f"No value of {attribute.name} matches.", ScimType.NO_TARGET)
    holder[attribute.name] = [
        _rewritten(attribute, target.sub, one, value) if index in chosen else one
        for index, one in enumerate(items)
    ]
    _keep(holder, attribute, holder[attribute.name])


def _add_elements(holder: JsonObject, attribute: Attribute, target: Target, value: object) -> None:
    items = holder.get(attribute.name, [])
    if any(_chosen(target.where, one) for one in items):
        _replace_elements(holder, attribute, target, value)
        return
    fresh = _rewritten(attribute, target.sub, _implied(attribute, target.where), value)
    holder[attribute.name] = [*items, fresh]


def _remove_elements(
    holder: JsonObject, attribute: Attribute, target: Target, _value: object
) -> None:
    kept = []
    for one in holder.get(attribute.name, []):
        if not _chosen(target.where, one):
            kept.append(one)
        elif target.sub is not None:
            kept.append({key: part for key, part in one.items() if key != target.sub.name})
    # an address without its value is none: only "type" and "primary" would be left
    _keep(holder, attribute, [one for one in kept if set(one) - {"type", "primary", "display"}])


def _keep(holder: JsonObject, attribute: Attribute, items: list[Any]) -> None:
    if items:
        holder[attribute.name] = items
    else:
        holder.pop(attribute.name, None)


def _chosen(where: Node | None, element: object) -> bool:
    return isinstance(element, Mapping) and (where is None or matches(where, element))


def _rewritten(
    attribute: Attribute, sub: Attribute | None, element: Mapping[str, object], value: object
) -> JsonObject:
    if sub is not None:
        accepted = accept_value(sub, value, f"{attribute.name}.")
        others = {key: part for key, part in element.items() if key != sub.name}
        return others if accepted is None else {**others, sub.name: accepted}
    accepted = accept_value(attribute, value)
    first = accepted[0] if isinstance(accepted, list) else {}
    return {**element, **first}


def _implied(attribute: Attribute, where: Node | None) -> JsonObject:
    """Return what a filter says of the element it looks for: [type eq "work"] asks for work."""
    if isinstance(where, AllOf):
        return {k: v for part in where.parts for k, v in _implied(attribute, part).items()}
    if isinstance(where, Comparison) and where.operator == "eq":
        sub = attribute.sub(plain_path(where.path))
        return {sub.name: where.value} if sub else {}
    return {}


_ELEMENT_ACTIONS: dict[str, Callable[[JsonObject, Attribute, Target, object], None]] = {
    "add": _add_elements,
    "replace": _replace_elements,
    "remove": _remove_elements,
}
