"""Find a target attribute in a SCIM resource: parse its path, read it, write it.

Paths are those of Entra's attribute mapping::

    userName                                    a core attribute
    name.familyName                             part of a complex one
    emails[type eq "work"].value                part of one element of a list
    urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department

Reading takes what real servers send: names in any case, one element in place of a list, the 1.x
schemas, booleans as text. Writing builds whatever parents are missing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import msgspec

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.types import Json

__all__ = [
    "CISCO_SCHEMA",
    "CORE_SCHEMA",
    "ENTERPRISE_SCHEMA",
    "PathError",
    "Selector",
    "TargetPath",
    "parse_path",
    "read_path",
    "reader",
    "standard_place",
    "write_path",
]

CORE_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_SCHEMA = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CISCO_SCHEMA = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"

_OLD_CORE = "urn:scim:schemas:core:1.0"
_OLD_SCHEMAS = {
    ENTERPRISE_SCHEMA.lower(): "urn:scim:schemas:extension:enterprise:1.0",
    CISCO_SCHEMA.lower(): "urn:scim:schemas:extension:cisco:commonidentity:1.0",
}
_CANONICAL_SCHEMAS = {schema.lower(): schema for schema in (ENTERPRISE_SCHEMA, CISCO_SCHEMA)}
_CORE_SCHEMAS = frozenset((CORE_SCHEMA.lower(), _OLD_CORE, f"{_OLD_CORE}:user"))

_NAME = re.compile(r"[A-Za-z$][A-Za-z0-9_$-]*")
_CONDITION = re.compile(
    r"\s*(?P<name>[A-Za-z$][A-Za-z0-9_$-]*)\s+[eE][qQ]\s+"
    r'(?:"(?P<text>[^"\\\]]*)"|(?P<bool>[Tt]rue|[Ff]alse))\s*'
)
_AND = re.compile(r"(?i:and)(?=\s)")


class PathError(MappingError):
    """Report a malformed target path; ``position`` counts characters from 0."""

    def __init__(self, message: str, *, position: int, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.position = position


class Selector(msgspec.Struct, frozen=True):
    """Hold one condition on a list's elements, e.g. ``type eq "work"``."""

    attribute: str
    value: str | bool

    def matches(self, element: Mapping[str, Json]) -> bool:
        """Return whether an element has this value; texts and booleans without regard to case."""
        found = _get(element, self.attribute)
        return found is not None and str(found).lower() == str(self.value).lower()

    def __str__(self) -> str:
        if isinstance(self.value, bool):
            return f"{self.attribute} eq {str(self.value).lower()}"
        return f'{self.attribute} eq "{self.value}"'


class TargetPath(msgspec.Struct, frozen=True):
    """Hold a parsed path; ``schema`` is empty for core attributes, ``sub`` for simple ones.

    A path into a list without a part means its ``value``, and so does the enterprise ``manager``.
    """

    schema: str
    attribute: str
    selectors: tuple[Selector, ...] = ()
    sub: str = ""

    @property
    def key(self) -> str:
        """Return the path in lower case: two spellings of one target have the same key."""
        return str(self).lower()

    def __str__(self) -> str:
        prefix = f"{self.schema}:" if self.schema else ""
        chosen = f"[{' and '.join(map(str, self.selectors))}]" if self.selectors else ""
        return f"{prefix}{self.attribute}{chosen}{f'.{self.sub}' if self.sub else ''}"


@lru_cache(maxsize=4096)
def parse_path(text: str) -> TargetPath:
    """Parse a target path; a ``PathError`` says at which character it goes wrong."""
    start = len(text) - len(text.lstrip())
    schema, position = _schema(text, start)
    attribute, position = _name(text, position, "an attribute")
    selectors: tuple[Selector, ...] = ()
    if text[position : position + 1] == "[":
        selectors, position = _selectors(text, position + 1)
    sub = ""
    if text[position : position + 1] == ".":
        sub, position = _name(text, position + 1, "a part of the attribute")
    if text[position:].strip():
        raise _malformed(text, position, "something unexpected")
    if not sub and (selectors or (schema == ENTERPRISE_SCHEMA and attribute.lower() == "manager")):
        sub = "value"
    return TargetPath(schema, attribute, selectors, sub)


def read_path(resource: Mapping[str, Json], text: str) -> Json:
    """Return the value at a path, or None where any part is missing.

    Of a list without a condition the primary element counts, else the first.
    """
    return reader(text)(resource)


@lru_cache(maxsize=4096)
def reader(text: str) -> Callable[[Mapping[str, Json]], Json]:
    """Return what ``read_path`` does for one path, parsed once for many resources.

    Nearly every value is where the standard puts it and is found at once; the rest is searched for.
    """
    path = parse_path(text)
    outer, inner = standard_place(text)
    if not outer:
        return lambda resource: _searched(resource, path)

    def plain(resource: Mapping[str, Json]) -> Json:
        value = resource.get(outer)
        return _searched(resource, path) if value is None else value

    def nested(resource: Mapping[str, Json]) -> Json:
        container = resource.get(outer)
        value = container.get(inner) if type(container) is dict else None
        return _searched(resource, path) if value is None else value

    return nested if inner else plain


def standard_place(text: str) -> tuple[str, str]:
    """Return the one or two keys under which the standard has a path's value, "" for no such."""
    path = parse_path(text)
    if path.selectors or (path.schema and path.sub):
        return "", ""
    return path.schema or path.attribute, path.attribute if path.schema else path.sub


def _searched(resource: Mapping[str, Json], path: TargetPath) -> Json:
    for container in _containers(resource, path.schema):
        value = _read_in(container, path)
        if value is not None:
            return value
    return None


def write_path(resource: dict[str, Json], text: str, value: Json) -> None:
    """Set the value at a path, building missing parents; None takes the value away.

    The resource's ``schemas`` stay as they are: who sends it declares them.
    """
    path = parse_path(text)
    if value is None:
        _take_away(resource, path)
        return
    container = _child(resource, path.schema) if path.schema else resource
    if path.selectors or _is_list(container, path):
        _set(_element(container, path), path.sub or "value", value)
    elif path.sub:
        _set(_child(container, path.attribute), path.sub, value)
    else:
        _set(container, path.attribute, value)


# -- parsing -----------------------------------------------------------------------------------


def _schema(text: str, start: int) -> tuple[str, int]:
    """Return the schema in front of the attribute, "" for core, and where the attribute starts."""
    bracket = text.find("[")
    head = text[: bracket if bracket >= 0 else len(text)]
    if not head[start:].lower().startswith("urn:"):
        return "", start
    if head.strip().lower() in (*_CORE_SCHEMAS, *_CANONICAL_SCHEMAS):
        raise _malformed(text, len(text), "the end: an attribute's name should follow the schema")
    colon = head.rindex(":")
    schema = head[start:colon]
    if re.search(r'[\s"\]]', schema):
        raise _malformed(text, start, "a schema that can't be read")
    if schema.lower() in _CORE_SCHEMAS:
        return "", colon + 1
    return _CANONICAL_SCHEMAS.get(schema.lower(), schema), colon + 1


def _name(text: str, position: int, what: str) -> tuple[str, int]:
    found = _NAME.match(text, position)
    if found is None:
        raise _malformed(text, position, f"no name of {what}")
    return found.group(), found.end()


def _selectors(text: str, position: int) -> tuple[tuple[Selector, ...], int]:
    selectors = []
    while True:
        found = _CONDITION.match(text, position)
        if found is None:
            raise _malformed(text, position, 'no condition such as type eq "work"')
        selectors.append(_selector(found))
        position = found.end()
        joined = _AND.match(text, position)
        if joined is None:
            break
        position = joined.end()
    if text[position : position + 1] != "]":
        raise _malformed(text, position, "no closing bracket")
    return tuple(selectors), position + 1


def _selector(found: re.Match[str]) -> Selector:
    name, text = found["name"], found["text"]
    value = found["bool"] if text is None else text
    # Entra's own templates write primary eq "True": a boolean all the same.
    if text is None or (name.lower() == "primary" and value.lower() in ("true", "false")):
        return Selector(name, value.lower() == "true")
    return Selector(name, value)


def _malformed(text: str, position: int, found: str) -> PathError:
    shown = text if len(text) <= 100 else f"{text[:100]}…"
    if not text.strip():
        return PathError(
            "A rule has no Webex attribute.",
            position=0,
            fix="Choose the attribute that the rule fills.",
        )
    return PathError(
        f"“{shown}” is no Webex attribute: at character {position + 1} there is {found}.",
        position=position,
        fix='Write it like userName, name.familyName or emails[type eq "work"].value.',
    )


# -- reading -----------------------------------------------------------------------------------


def _find(container: Mapping[str, Json], name: str) -> str | None:
    """Return the container's own spelling of a name."""
    if name in container:
        return name
    wanted = name.lower()
    return next((key for key in container if key.lower() == wanted), None)


def _get(container: Mapping[str, Json], name: str) -> Json:
    key = _find(container, name)
    return None if key is None else container[key]


def _containers(resource: Mapping[str, Json], schema: str) -> Iterator[Mapping[str, Json]]:
    """Yield where a schema's attributes may be: at its own key, then at its 1.x key."""
    if not schema:
        yield resource
        return
    for name in (schema, _OLD_SCHEMAS.get(schema.lower())):
        found = _get(resource, name) if name else None
        if isinstance(found, dict):
            yield found


def _read_in(container: Mapping[str, Json], path: TargetPath) -> Json:
    value = _get(container, path.attribute)
    if not path.sub:
        return value
    for element in _candidates(value, path):
        if isinstance(element, dict):
            part = _part(element, path)
            if part is not None:
                return part
        elif path.sub.lower() == "value" and not path.selectors:
            return element
    return None


def _candidates(value: Json, path: TargetPath) -> list[Json]:
    """Return the elements a path means, best first."""
    if isinstance(value, dict) and not path.selectors:
        return [value]
    elements = value if isinstance(value, list) else [value]
    if path.selectors:
        return [element for element in elements if _selected(element, path)]
    return sorted(elements, key=lambda element: not _is_primary(element))


def _selected(element: Json, path: TargetPath) -> bool:
    return isinstance(element, dict) and all(one.matches(element) for one in path.selectors)


def _is_primary(element: Json) -> bool:
    return isinstance(element, dict) and str(_get(element, "primary")).lower() == "true"


def _part(element: Mapping[str, Json], path: TargetPath) -> Json:
    part = _get(element, path.sub)
    if part is None and path.attribute.lower() == "manager" and path.sub.lower() == "value":
        return _get(element, "managerId")  # SCIM 1.1's name for it
    return part


# -- writing -----------------------------------------------------------------------------------


def _set(container: dict[str, Json], name: str, value: Json) -> None:
    container[_find(container, name) or name] = value


def _child(container: dict[str, Json], name: str) -> dict[str, Json]:
    """Return the object at a name, put there if there is none."""
    found = _get(container, name)
    if isinstance(found, dict):
        return found
    made: dict[str, Json] = {}
    _set(container, name, made)
    return made


def _is_list(container: Mapping[str, Json], path: TargetPath) -> bool:
    return bool(path.sub) and isinstance(_get(container, path.attribute), list)


def _element(container: dict[str, Json], path: TargetPath) -> dict[str, Json]:
    """Return the list element a path means, appended if there is none."""
    found = _get(container, path.attribute)
    if isinstance(found, list):
        elements = found
    else:
        elements = [] if found is None else [found]
        _set(container, path.attribute, elements)
    for element in _candidates(elements, path):
        if isinstance(element, dict):
            return element
    made: dict[str, Json] = {one.attribute: one.value for one in path.selectors}
    elements.append(made)
    return made


def _take_away(resource: dict[str, Json], path: TargetPath) -> None:
    for container in _containers(resource, path.schema):
        if isinstance(container, dict):
            _take_away_in(container, path)


def _take_away_in(container: dict[str, Json], path: TargetPath) -> None:
    key = _find(container, path.attribute)
    if key is None:
        return
    if not path.sub:
        del container[key]
        return
    for element in _candidates(container[key], path):
        if isinstance(element, dict):
            element.pop(_find(element, path.sub) or "", None)
    value = container[key]
    if isinstance(value, list):
        # An e-mail of which only the type is left is not an e-mail.
        container[key] = [element for element in value if not _is_hollow(element, path)]
    elif not value or (not isinstance(value, dict) and path.sub.lower() == "value"):
        del container[key]


def _is_hollow(element: Json, path: TargetPath) -> bool:
    if not isinstance(element, dict) or not (_selected(element, path) or not path.selectors):
        return False
    names = {one.attribute.lower() for one in path.selectors} | {"type", "primary"}
    return all(name.lower() in names for name in element)
