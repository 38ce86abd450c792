"""List the operators of scoping filters as ``schema/filterOperators`` does, and apply them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from sparkwizard.practice.json_values import JsonObject
from sparkwizard.practice.provisioning_service.mapping.expressions import ExpressionFault, Value


def _integers(compare: Callable[[int, int], bool]) -> Callable[[str, str], bool]:
    def test(value: str, wanted: str) -> bool:
        try:
            return compare(int(value), int(wanted))
        except ValueError as error:
            raise ExpressionFault(f"{value!r} and {wanted!r} are not both integers.") from error

    return test


# the spelling of the first eight is documented (GD: filterOperatorSchema); of the rest it is ours
_BINARY: dict[str, tuple[Callable[[str, str], bool], str]] = {
    "EQUALS": (lambda value, wanted: value == wanted, "String Integer"),
    "NOT EQUALS": (lambda value, wanted: value != wanted, "String Integer"),
    "REGEX MATCH": (lambda value, wanted: re.search(wanted, value) is not None, "String"),
    "NOT REGEX MATCH": (lambda value, wanted: re.search(wanted, value) is None, "String"),
    "ENDS_WITH": (str.endswith, "String"),
    "Includes": (lambda value, wanted: wanted in value, "String"),
    "Greater_Than": (_integers(lambda value, wanted: value > wanted), "Integer"),
    "Greater_Than_OR_EQUALS": (_integers(lambda value, wanted: value >= wanted), "Integer"),
    "&": (_integers(lambda value, wanted: value & wanted != 0), "Integer"),
    "!&": (_integers(lambda value, wanted: value & wanted == 0), "Integer"),
}
_UNARY: dict[str, tuple[Callable[[str], bool], str]] = {
    "IS TRUE": (lambda value: value.lower() == "true", "Boolean"),
    "IS FALSE": (lambda value: value.lower() == "false", "Boolean"),
    "IS NULL": (lambda value: not value, "String Integer Boolean Reference"),
    "IS NOT NULL": (bool, "String Integer Boolean Reference"),
}


def operator_list() -> list[JsonObject]:
    """Return all operators as Graph lists them."""
    return [
        {
            "id": name,
            "arity": arity,
            "multivaluedComparisonType": "All",
            "supportedAttributeTypes": types.split(),
        }
        for table, arity in ((_BINARY, "Binary"), (_UNARY, "Unary"))
        for name, (_, types) in table.items()
    ]


def in_scope(scope: Mapping[str, Any] | None, attributes: Mapping[str, Value]) -> str | None:
    """Return None where any filter lets a person in, else the clauses that fail.

    Clauses are ANDed, filters ORed; no filter lets everybody in. Raises ExpressionFault.
    """
    groups = (scope or {}).get("groups") or []
    failing = []
    for group in groups:
        failed = [clause for clause in group["clauses"] if not _holds(clause, attributes)]
        if not failed:
            return None
        failing += [
            f"{group.get('name')} {clause['sourceOperandName']} {clause['operatorName']}"
            f" {', '.join((clause.get('targetOperand') or {}).get('values') or [])}".rstrip()
            for clause in failed
        ]
    return "; ".join(failing) if groups else None


def _holds(clause: Mapping[str, Any], attributes: Mapping[str, Value]) -> bool:
    name = str(clause["operatorName"])
    value = attributes.get(str(clause["sourceOperandName"]))
    if isinstance(value, list):
        raise ExpressionFault("Filters cannot use attributes with several values.")
    if name in _UNARY:
        return _UNARY[name][0](value or "")
    if name not in _BINARY:
        raise ExpressionFault(f"The operator {name} is unknown.")
    # a null value fails every operator but IS NULL
    return bool(value) and _BINARY[name][0](value or "", _wanted(clause))


def _wanted(clause: Mapping[str, Any]) -> str:
    values = (clause.get("targetOperand") or {}).get("values") or [""]
    return str(values[0])
