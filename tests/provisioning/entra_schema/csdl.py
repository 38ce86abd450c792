"""Check a JSON document against the types of Microsoft's own description of Graph (CSDL)."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[4] / "shared/contracts/graph.csdl.xml"

_EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
_PLAIN: Mapping[str, type | tuple[type, ...]] = {
    "Edm.String": str,
    "Edm.Boolean": bool,
    "Edm.Int32": int,
    "Edm.DateTimeOffset": str,
}


class Csdl:
    """Hold the types of one description."""

    def __init__(self, text: str) -> None:
        root = ET.fromstring(text)
        self._types = {
            element.attrib["Name"]: element
            for tag in ("ComplexType", "EntityType", "EnumType")
            for element in root.iter(f"{_EDM}{tag}")
        }

    def faults(self, value: Any, kind: str, path: str = "$", nullable: bool = True) -> list[str]:
        """Return what does not fit the type, with its place."""
        if value is None:
            return [] if nullable else [f"{path} is null"]
        if kind.startswith("Collection("):
            return self._list(value, kind[len("Collection(") : -1], path)
        if kind in _PLAIN:
            fits = isinstance(value, _PLAIN[kind]) and not (
                kind == "Edm.Int32" and isinstance(value, bool)
            )
            return [] if fits else [f"{path} is no {kind}"]
        element = self._types[kind.removeprefix("graph.")]
        if element.tag.endswith("EnumType"):
            return self._enum(value, element, path)
        return self._object(value, element, path)

    def _list(self, value: Any, kind: str, path: str) -> list[str]:
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [
            fault
            for index, one in enumerate(value)
            for fault in self.faults(one, kind, f"{path}[{index}]", nullable=False)
        ]

    def _enum(self, value: Any, element: ET.Element, path: str) -> list[str]:
        names = {member.attrib["Name"] for member in element}
        parts = value.split(", ") if element.get("IsFlags") else [value]
        return [f"{path} has no member {part}" for part in parts if part not in names]

    def _object(self, value: Any, element: ET.Element, path: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        known = dict(self._properties(element))
        faults = [f"{path}.{key} is unknown" for key in value if key not in known]
        for key, (kind, nullable) in known.items():
            if key in value:
                faults += self.faults(value[key], kind, f"{path}.{key}", nullable)
        return faults

    def _properties(self, element: ET.Element) -> Iterator[tuple[str, tuple[str, bool]]]:
        base = element.get("BaseType", "").removeprefix("graph.")
        if base in self._types:
            yield from self._properties(self._types[base])
        for child in element:
            if child.tag in (f"{_EDM}Property", f"{_EDM}NavigationProperty"):
                nullable = child.get("Nullable") != "false"
                yield child.attrib["Name"], (child.attrib["Type"], nullable)
