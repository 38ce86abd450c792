"""Check what a client sent against the documented attributes, and keep what Webex would keep."""

from collections.abc import Callable, Mapping
from typing import Any

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.scim.attributes import (
    Attribute,
    Attributes,
    Kind,
    Mutability,
    ResourceKind,
    find,
)
from sparkwizard.practice.scim.refusals import invalid_syntax, invalid_value


def accept_resource(kind: ResourceKind, sent: Mapping[str, Any]) -> JsonObject:
    """Return the writable, known attributes of a resource under their documented names.

    Unknown attributes, unknown schemas and read-only input are silently ignored, as documented.
    Raises ScimRefusal for a missing core schema or a value that breaks a documented limit.
    """
    _require_core_schema(kind, sent.get("schemas"))
    kept = accept_object(kind.attributes, sent, "")
    for key, value in sent.items():
        extension = kind.extension(key)
        if extension is None or value is None:
            continue
        urn, attributes = extension
        if not isinstance(value, Mapping):
            raise invalid_syntax(f"{urn} must be an object.")
        if section := accept_object(attributes, value, f"{urn}:"):
            kept[urn] = section
    return kept


def accept_object(attributes: Attributes, sent: Mapping[str, Any], where: str) -> JsonObject:
    """Return the accepted attributes of one object, in the order they were sent."""
    kept: JsonObject = {}
    for key, value in sent.items():
        attribute = find(attributes, key)
        if attribute is None or attribute.mutability is Mutability.READ_ONLY:
            continue
        accepted = accept_value(attribute, value, where)
        if accepted is not None:
            kept[attribute.name] = accepted
    return kept


def accept_value(attribute: Attribute, value: object, where: str = "") -> object:
    """Return the value as it would be stored; None where it stands for "unassigned"."""
    if value is None:
        return None
    label = where + attribute.name
    if not attribute.many:
        return _accept_one(attribute, value, label)
    items = value if isinstance(value, list) else [value]
    if attribute.size is not None and len(items) > attribute.size:
        raise invalid_value(f"{label} takes at most {attribute.size} values.")
    kept = [_accept_one(attribute, item, label) for item in items]
    return [item for item in kept if item not in (None, {})] or None


def _accept_one(attribute: Attribute, value: object, label: str) -> object:
    if value is None:
        return None
    return _CHECKS[attribute.kind](attribute, value, label)


def _accept_complex(attribute: Attribute, value: object, label: str) -> object:
    if not isinstance(value, Mapping):
        raise invalid_value(f"{label} must be an object.")
    return accept_object(attribute.subs, value, f"{label}.") or None


def _accept_flag(_attribute: Attribute, value: object, label: str) -> object:
    if not isinstance(value, bool):
        raise invalid_value(f"{label} must be true or false.")
    return value


def _accept_text(attribute: Attribute, value: object, label: str) -> object:
    if not isinstance(value, str):
        raise invalid_value(f"{label} must be a text.")
    if attribute.length is not None and len(value) > attribute.length:
        raise invalid_value(f"{label} takes at most {attribute.length} characters.")
    allowed = (*attribute.words, *attribute.also)
    if allowed and value.casefold() not in {word.casefold() for word in allowed}:
        raise invalid_value(f"{label} does not take the value {value}.")
    return value


_CHECKS: dict[Kind, Callable[[Attribute, object, str], object]] = {
    Kind.STRING: _accept_text,
    Kind.REFERENCE: _accept_text,
    Kind.BOOLEAN: _accept_flag,
    Kind.COMPLEX: _accept_complex,
}


def _require_core_schema(kind: ResourceKind, schemas: object) -> None:
    if not isinstance(schemas, list) or kind.core not in schemas:
        raise invalid_syntax(f"schemas must contain {kind.core}.")
