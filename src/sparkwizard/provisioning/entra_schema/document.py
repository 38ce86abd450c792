"""Read a schema document part by part: every slip is told with its place and how to mend it."""

import json
from collections.abc import Iterator, Mapping

import msgspec

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.types import Json

__all__ = ["MAX_BYTES", "Part", "decode", "sections"]

MAX_BYTES = 20 * 1024 * 1024
"""A schema with every directory attribute of a large tenant has one to two megabytes."""

_MANY = 5_000  # parts of one list; no schema comes near, and each may become a row on screen


class Part(msgspec.Struct, frozen=True):
    """Hold one object of the document and the path that leads to it."""

    values: Mapping[str, Json]
    path: str

    def at(self, key: str) -> str:
        """Return the path of one of its values."""
        return f"{self.path}.{key}" if self.path else key

    def refuse(self, key: str, wanted: str) -> MappingError:
        """Return the error of a value that is something else than it must be."""
        found = _kind(self.values.get(key))
        return MappingError(
            f"In the schema, {self.at(key)} must be {wanted}, not {found}.",
            fix="Export the schema from Entra again, or correct it at this place.",
        )

    def text(self, key: str) -> str:
        """Return a text; null and absence are empty."""
        value = self.values.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.refuse(key, "a text")
        return value

    def optional_text(self, key: str) -> str | None:
        """Return a text, or None for null and absence."""
        return None if self.values.get(key) is None else self.text(key)

    def number(self, key: str) -> int:
        """Return a whole number; null and absence are 0."""
        value = self.values.get(key)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse(key, "a whole number")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return a boolean; null and absence are the default."""
        value = self.values.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.refuse(key, "true or false")
        return value

    def part(self, key: str) -> "Part | None":
        """Return an object, or None for null and absence."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.refuse(key, "an object in curly brackets")
        return Part(value, self.at(key))

    def parts(self, key: str) -> list["Part"]:
        """Return a list of objects; null and absence are an empty list."""
        found = []
        for index, value in enumerate(self._list(key)):
            path = f"{self.at(key)}[{index}]"
            if not isinstance(value, dict):
                raise MappingError(
                    f"In the schema, {path} must be an object in curly brackets,"
                    f" not {_kind(value)}.",
                    fix="Export the schema from Entra again, or correct it at this place.",
                )
            found.append(Part(value, path))
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; null and absence are an empty list."""
        values = self._list(key)
        if not all(isinstance(value, str) for value in values):
            raise self.refuse(key, "a list of texts")
        return tuple(str(value) for value in values)

    def _list(self, key: str) -> list[Json]:
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.refuse(key, "a list in square brackets")
        if len(value) > _MANY:
            raise MappingError(
                f"In the schema, {self.at(key)} has {len(value):,} entries, more than any mapping.",
                fix="Check that this is a schema exported from Entra.",
            )
        return value


def decode(document: bytes | Mapping[str, Json]) -> Part:
    """Return the whole document as a part; raises ``MappingError`` where it is none."""
    if isinstance(document, Mapping):
        return Part(document, "")
    if len(document) > MAX_BYTES:
        raise MappingError(
            f"The file has {len(document) / 1024 / 1024:,.0f} megabytes, too much for a schema.",
            fix="Check that this is a schema exported from Entra.",
        )
    return Part(_object(_json(document)), "")


def _json(document: bytes) -> Json:
    try:
        found: Json = json.loads(document.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise MappingError(
            f"The file is not UTF-8 text: byte {error.start + 1:,} can't be read.",
            fix="Export the schema from Entra again, as JSON.",
        ) from error
    except json.JSONDecodeError as error:
        raise MappingError(
            f"The file is not valid JSON at line {error.lineno}, character {error.colno}.",
            fix="Export the schema from Entra again, or correct it at this place.",
        ) from error
    except (RecursionError, ValueError) as error:  # ValueError: a number without end
        raise MappingError(
            "The file is JSON that nobody can read: it is nested too deep, or a number has too many"
            " digits.",
            fix="Export the schema from Entra again.",
        ) from error
    return found


def _object(found: Json) -> Mapping[str, Json]:
    if not isinstance(found, dict):
        raise MappingError(
            f"The file holds {_kind(found)} where a synchronization schema should begin.",
            fix="Export the schema of the provisioning job from Entra.",
        )
    return found


def sections(whole: Part) -> Iterator[tuple[Part, Part]]:
    """Yield each object mapping with the synchronization rule it belongs to."""
    if "synchronizationRules" not in whole.values:
        raise MappingError(
            "The file has no synchronizationRules: it is not a synchronization schema of Entra.",
            fix="Export the schema of the provisioning job from Entra, and choose that file.",
        )
    for rule in whole.parts("synchronizationRules"):
        for mapping in rule.parts("objectMappings"):
            yield rule, mapping


def _kind(value: Json) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "an object"
