"""Read a description of types, actions and functions (OData CSDL 4.0, XML)."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).parents[3] / "shared/contracts/graph.csdl.xml"

_EDM = "{http://docs.oasis-open.org/odata/ns/edm}"

# where the file says less than the reference pages (facts/entra.md, section 9)
_OPEN = frozenset(
    {
        "customSecurityAttributeValue",
        "detailsInfo",
        "publicInnerError",
        "stringKeyObjectValuePair",
    }
)


@dataclass(frozen=True, slots=True)
class TypeName:
    """Name a type, without its namespace; ``collection`` says that there are many of it."""

    name: str
    collection: bool = False

    @property
    def one(self) -> "TypeName":
        """Return the type of one item."""
        return TypeName(self.name)

    def __str__(self) -> str:
        return f"Collection({self.name})" if self.collection else self.name


@dataclass(frozen=True, slots=True)
class Property:
    """Describe a property, a navigation or a parameter."""

    type: TypeName
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Structure:
    """Describe an entity type or a complex type, what it inherits included."""

    name: str
    base: str | None
    is_open: bool
    properties: dict[str, Property]
    navigations: dict[str, Property]


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Describe an enumeration; flags may be combined."""

    members: frozenset[str]
    flags: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """Describe an action or a function and what it is bound to."""

    name: str
    is_action: bool
    bound_to: TypeName
    parameters: dict[str, Property]
    returns: TypeName | None


@dataclass(slots=True)
class Model:
    """Hold everything that a description says."""

    structures: dict[str, Structure] = field(default_factory=dict)
    enumerations: dict[str, Enumeration] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)

    def is_a(self, name: str, base: str) -> bool:
        """Tell whether a type is another one or derives from it."""
        current: str | None = name
        while current is not None and current != base:
            structure = self.structures.get(current)
            current = structure.base if structure else None
        return current == base

    def derived(self, base: str) -> list[Structure]:
        """Return a type and all that derive from it."""
        return [one for one in self.structures.values() if self.is_a(one.name, base)]

    def operation(self, name: str, target: TypeName) -> Operation | None:
        """Return the operation of this name that is bound to such a target."""
        for one in self.operations:
            same = one.bound_to.collection == target.collection
            if one.name == name and same and self.is_a(target.name, one.bound_to.name):
                return one
        return None


def read_model(text: str) -> Model:
    """Return what a description says."""
    root = ET.fromstring(text)
    model = Model()
    for element in root.iter(f"{_EDM}EnumType"):
        members = frozenset(one.attrib["Name"] for one in element.iter(f"{_EDM}Member"))
        flags = element.get("IsFlags") == "true"
        model.enumerations[element.attrib["Name"]] = Enumeration(members, flags)
    raw = {
        element.attrib["Name"]: element
        for tag in ("ComplexType", "EntityType")
        for element in root.iter(f"{_EDM}{tag}")
    }
    for name in raw:
        _read_structure(name, raw, model)
    for tag in ("Action", "Function"):
        model.operations += [_operation(element) for element in root.iter(f"{_EDM}{tag}")]
    return model


def type_name(text: str) -> TypeName:
    """Return the type that an attribute names."""
    many = text.startswith("Collection(")
    bare = text.removeprefix("Collection(").removesuffix(")") if many else text
    return TypeName(bare.removeprefix("graph.").removeprefix("microsoft.graph."), many)


def _read_structure(name: str, raw: dict[str, ET.Element], model: Model) -> Structure:
    if name in model.structures:
        return model.structures[name]
    element = raw[name]
    base = element.get("BaseType", "").removeprefix("graph.") or None
    inherited = _read_structure(base, raw, model) if base in raw else None
    structure = Structure(
        name,
        base,
        name in _OPEN,
        {
            **(inherited.properties if inherited else {}),
            **dict(_members(element, "Property")),
        },
        {
            **(inherited.navigations if inherited else {}),
            **dict(_members(element, "NavigationProperty")),
        },
    )
    model.structures[name] = structure
    return structure


def _members(element: ET.Element, tag: str) -> Iterator[tuple[str, Property]]:
    for child in element.findall(f"{_EDM}{tag}"):
        nullable = child.get("Nullable") != "false"
        yield child.attrib["Name"], Property(type_name(child.attrib["Type"]), nullable)


def _operation(element: ET.Element) -> Operation:
    parameters = dict(_members(element, "Parameter"))
    bound = parameters.pop("bindingParameter")
    returned = element.find(f"{_EDM}ReturnType")
    return Operation(
        element.attrib["Name"],
        element.tag.endswith("Action"),
        bound.type,
        parameters,
        type_name(returned.attrib["Type"]) if returned is not None else None,
    )
