"""Check a JSON value against a type."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.graph_contract.model import Enumeration, Model, Property, Structure, TypeName

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
_DURATION = re.compile(r"-?P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


def _text(pattern: "re.Pattern[str]") -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _whole(bits: int) -> Callable[[Any], bool]:
    limit = 2 ** (bits - 1)

    def fits(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and -limit <= value < limit

    return fits


_PLAIN: dict[str, Callable[[Any], bool]] = {
    "Edm.String": lambda value: isinstance(value, str),
    "Edm.Boolean": lambda value: isinstance(value, bool),
    "Edm.Int32": _whole(32),
    "Edm.Int64": _whole(64),
    "Edm.Double": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "Edm.Single": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "Edm.Guid": _text(_GUID),
    "Edm.DateTimeOffset": _text(_MOMENT),
    "Edm.Date": _text(re.compile(r"\d{4}-\d\d-\d\d")),
    "Edm.TimeOfDay": _text(re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?")),
    "Edm.Duration": _text(_DURATION),
    "Edm.Binary": lambda value: isinstance(value, str),
    "Edm.Stream": lambda value: isinstance(value, str),
}


class Values:
    """Say what in a value does not fit a type, with its place."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def faults(
        self, value: Any, kind: TypeName, place: str = "$", *, nullable: bool = True
    ) -> list[str]:
        """Return what does not fit; an empty list where everything does."""
        if value is None:
            return [] if nullable else [f"{place} is null"]
        if kind.collection:
            return self._list(value, kind.one, place)
        if kind.name in _PLAIN:
            return [] if _PLAIN[kind.name](value) else [f"{place} is no {kind}: {value!r}"]
        if kind.name in self._model.enumerations:
            return _enumeration(value, self._model.enumerations[kind.name], place)
        if kind.name not in self._model.structures:
            return [f"{place} is of a type that is not described: {kind}"]
        return self._object(value, kind.name, place)

    def parameters(self, value: Any, known: dict[str, Property]) -> list[str]:
        """Return what does not fit the parameters of an action."""
        if not isinstance(value, dict):
            return ["$ is no object of parameters"]
        faults = [f"$.{name} is no parameter" for name in value if name not in known]
        for name, parameter in known.items():
            if name in value:
                faults += self.faults(
                    value[name], parameter.type, f"$.{name}", nullable=parameter.nullable
                )
        return faults

    def _list(self, value: Any, kind: TypeName, place: str) -> list[str]:
        if not isinstance(value, list):
            return [f"{place} is no list"]
        return [
            fault
            for index, one in enumerate(value)
            for fault in self.faults(one, kind, f"{place}[{index}]", nullable=False)
        ]

    def _object(self, value: Any, name: str, place: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{place} is no object of {name}"]
        actual = str(value.get("@odata.type", f"#microsoft.graph.{name}"))
        told = actual.removeprefix("#").removeprefix("microsoft.graph.")
        if told not in self._model.structures or not self._model.is_a(told, name):
            return [f"{place} says it is {actual}, which is no {name}"]
        structure = self._model.structures[told]
        return [fault for key in value for fault in self._member(key, value[key], structure, place)]

    def _member(self, key: str, value: Any, structure: Structure, place: str) -> Iterator[str]:
        name, mark, annotation = key.partition("@")
        if mark:
            yield from self._annotation(name, annotation, value, structure, place)
            return
        known = structure.properties.get(name) or structure.navigations.get(name)
        if known is not None:
            yield from self.faults(value, known.type, f"{place}.{name}", nullable=known.nullable)
        elif not structure.is_open:
            yield f"{place}.{name} is no property of {structure.name}"

    def _annotation(
        self, name: str, annotation: str, value: Any, structure: Structure, place: str
    ) -> Iterator[str]:
        """Check ``members@delta`` like members, and leave control information alone."""
        if annotation == "delta" and name in structure.navigations:
            kind = structure.navigations[name].type.one
            for index, one in enumerate(value):
                yield from self.faults(one, kind, f"{place}.{name}@delta[{index}]", nullable=False)
        elif name and name not in structure.properties and name not in structure.navigations:
            yield f"{place}.{name}@{annotation} annotates what {structure.name} does not have"
        elif not name and annotation == "removed":
            if value not in ({"reason": "changed"}, {"reason": "deleted"}):
                yield f"{place}.@removed has no reason that exists: {value!r}"
        elif not annotation.startswith("odata."):
            yield f"{place}.{name}@{annotation} is unknown"


def _enumeration(value: Any, enumeration: Enumeration, place: str) -> list[str]:
    if not isinstance(value, str):
        return [f"{place} is no text: {value!r}"]
    parts = [part.strip() for part in value.split(",")] if enumeration.flags else [value]
    return [f"{place} has no member {part!r}" for part in parts if part not in enumeration.members]
