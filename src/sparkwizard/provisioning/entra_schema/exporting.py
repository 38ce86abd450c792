"""Write mappings and filters as a schema document, new or into one that is there.

``parameters`` of a function are never built here: they are the service's own parse of the
expression (its *parseExpression* call). Until that was asked, an export is unverified and says so.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.entra_schema.choosing import choose
from sparkwizard.provisioning.entra_schema.document import Part, decode
from sparkwizard.provisioning.entra_schema.findings import SchemaFinding
from sparkwizard.provisioning.entra_schema.reading import read_rule
from sparkwizard.provisioning.entra_schema.sources import entra_names, source_of
from sparkwizard.provisioning.expressions import ExpressionError
from sparkwizard.provisioning.scoping.operators import find_operator
from sparkwizard.provisioning.source.attributes import canonical
from sparkwizard.provisioning.target.schema import canonical_target
from sparkwizard.provisioning.types import Actions, Clause, Filter, Json, MappingRule

__all__ = ["ExportedSchema", "export_schema"]

type Object = dict[str, Json]

_USER_RULES, _GROUP_RULES = "user", "group"
# The spellings of the API that Microsoft's reference shows; newer operators are in none.
_DOCUMENTED = frozenset(
    (
        "EQUALS",
        "NOT EQUALS",
        "IS TRUE",
        "IS FALSE",
        "IS NULL",
        "IS NOT NULL",
        "REGEX MATCH",
        "NOT REGEX MATCH",
    )
)


class ExportedSchema(msgspec.Struct, frozen=True):
    """Hold a schema document, and what is to be known of it.

    ``unverified`` are the expressions whose ``parameters`` the service has not parsed yet; with any
    the document must not be put there as it is.
    """

    document: Object
    findings: tuple[SchemaFinding, ...] = ()
    unverified: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Return whether every expression was parsed by the service itself."""
        return not self.unverified


class _Notes(msgspec.Struct):
    """Collect what is to be known of an export while it is made."""

    parsed: Mapping[str, Json]
    findings: list[SchemaFinding] = msgspec.field(default_factory=list)
    unverified: list[str] = msgspec.field(default_factory=list)

    def add(self, code: str, path: str, text: str, fix: str = "") -> None:
        self.findings.append(SchemaFinding(code, path, text, fix))


def export_schema(
    user_rules: Sequence[MappingRule],
    filters: Sequence[Filter] = (),
    *,
    group_rules: Sequence[MappingRule] | None = None,
    group_filters: Sequence[Filter] = (),
    provision_groups: bool = False,
    actions: Actions | None = None,
    base: bytes | Mapping[str, Json] | None = None,
    parsed: Mapping[str, Json] | None = None,
) -> ExportedSchema:
    """Return the schema document of a mapping.

    With a ``base`` only the mapping of users is changed in it, and that of groups where
    ``group_rules`` are given; everything else stays as it is, ``actions`` of None too. Without one
    a minimal document is made. ``parsed`` are answers of the service's *parseExpression*
    (``parsedExpression``) by expression.
    Raises ``MappingError`` for an expression that can't be parsed and for a foreign base.
    """
    notes = _Notes(parsed or {})
    document: Object = (
        _minimal(with_groups=group_rules is not None) if base is None else _copy(base)
    )
    chosen = choose(Part(document, ""))
    _fill(chosen.users, _USER_RULES, user_rules, filters, notes)
    if actions is not None:
        _object(chosen.users)["flowTypes"] = _flow_types(actions)
    if group_rules is not None:
        if chosen.groups is None:
            text = "The schema has no mapping of groups; theirs was left out."
            notes.add("no-groups", "synchronizationRules", text)
        else:
            _fill(chosen.groups, _GROUP_RULES, group_rules, group_filters, notes)
            _object(chosen.groups)["enabled"] = provision_groups
    if base is None:
        text = "This document stands alone: it has none of the directories that a job's schema has."
        fix = "Before putting it to a job, export into the schema of that job."
        notes.add("minimal", "", text, fix)
    return ExportedSchema(document, tuple(notes.findings), tuple(dict.fromkeys(notes.unverified)))


def _copy(base: bytes | Mapping[str, Json]) -> Object:
    return copy.deepcopy(dict(decode(base).values))


def _object(part: Part) -> Object:
    assert isinstance(part.values, dict)  # of the copy, which is ours to change
    return part.values


def _minimal(*, with_groups: bool) -> Object:
    mappings: list[Json] = [_object_mapping("User", "Provision Microsoft Entra ID Users")]
    if with_groups:
        mappings.append(_object_mapping("Group", "Provision Microsoft Entra ID Groups"))
    rule: Object = {
        "name": "Microsoft Entra ID to Cisco Webex",
        "editable": True,
        "priority": 1,
        "sourceDirectoryName": "Azure Active Directory",
        "targetDirectoryName": "Cisco Webex",
        "objectMappings": mappings,
    }
    return {"synchronizationRules": [rule]}


def _object_mapping(kind: str, name: str) -> Json:
    return {
        "name": name,
        "enabled": True,
        "flowTypes": "Add, Update, Delete",
        "sourceObjectName": kind,
        "targetObjectName": kind,
        "attributeMappings": [],
    }


def _flow_types(actions: Actions) -> str:
    kinds = (("Add", actions.create), ("Update", actions.update), ("Delete", actions.delete))
    return ", ".join(name for name, allowed in kinds if allowed) or "None"


# -- attribute mappings ------------------------------------------------------------------------


def _fill(
    part: Part,
    kind: str,
    rules: Sequence[MappingRule],
    filters: Sequence[Filter],
    notes: _Notes,
) -> None:
    """Put rules and filters into an object mapping, keeping what is not theirs."""
    content = _object(part)
    before = part.parts("attributeMappings")
    kept = [one for one in before if read_rule(one, lambda _target: True).rule is None]
    known = {canonical_target(one.text("targetAttributeName")).lower(): one for one in before}
    made: list[Json] = []
    for index, rule in enumerate(rules):
        path = f"{part.at('attributeMappings')}[{index}]"
        old = known.get(canonical_target(rule.target).lower())
        made.append(_mapping(rule, f"{kind} rule {index + 1}", path, old, notes))
    content["attributeMappings"] = [*made, *(dict(one.values) for one in kept)]
    if filters or content.get("scope") is not None:
        content["scope"] = _scope(part, filters, notes)


def _mapping(rule: MappingRule, name: str, path: str, old: Part | None, notes: _Notes) -> Object:
    source = _source(rule, name, path, old, notes)
    content: Object = dict(old.values) if old else {}
    content.setdefault("exportMissingReferences", False)
    content.setdefault("flowBehavior", "FlowWhenChanged")
    content |= {
        "targetAttributeName": rule.target,
        "source": source,
        "defaultValue": rule.default,
        "matchingPriority": rule.matching_precedence or 0,
        "flowType": _flow_type(rule, old),
    }
    return content


def _flow_type(rule: MappingRule, old: Part | None) -> Json:
    """Return the flow type; one that is told here only nearly stays where nothing was changed."""
    if old is not None:
        read = read_rule(old, lambda _target: True).rule
        if read is not None and read.apply == rule.apply:
            return old.text("flowType") or "Always"
    return "Always" if rule.apply == "always" else "ObjectAddOnly"


def _source(rule: MappingRule, name: str, path: str, old: Part | None, notes: _Notes) -> Json:
    if not rule.expression.strip():
        return None
    try:
        text = entra_names(rule.expression)
        made, needs_parse = source_of(text)
    except ExpressionError as error:
        raise MappingError(
            f"The {name} can't be exported: {error.message}", fix=error.fix
        ) from error
    if text != rule.expression:
        told = f"{rule.target} is written with Entra's own names of attributes: {text[:200]}"
        notes.add("renamed", path, told)
    before = old.part("source") if old else None
    if before is not None and before.text("expression") == text:
        return dict(before.values)  # the service made it
    if isinstance(answer := notes.parsed.get(text), dict):
        return answer
    if needs_parse:
        notes.unverified.append(text)
        notes.add(
            "unverified",
            f"{path}.source.parameters",
            f"The expression of {rule.target} was not parsed by Entra yet: {text[:200]}",
            "Before it is put there, Entra's own parse of it is needed; signed in, that is asked.",
        )
    return made


# -- filters -----------------------------------------------------------------------------------


def _scope(part: Part, filters: Iterable[Filter], notes: _Notes) -> Json:
    old = part.part("scope")
    content: Object = dict(old.values) if old else {}
    content.setdefault("inputFilterGroups", [])
    content.setdefault("categoryFilterGroups", [])
    path = f"{part.at('scope')}.groups"
    content["groups"] = [
        {"name": one.name, "clauses": list(_clauses(one, f"{path}[{index}]", notes))}
        for index, one in enumerate(filters)
    ]
    return content


def _clauses(one: Filter, path: str, notes: _Notes) -> Iterator[Json]:
    for index, clause in enumerate(one.clauses):
        yield {
            "operatorName": _operator(clause, f"{path}.clauses[{index}].operatorName", notes),
            "sourceOperandName": canonical(clause.attribute),
            "targetOperand": {"values": list(clause.values)},
        }


def _operator(clause: Clause, path: str, notes: _Notes) -> str:
    operator = find_operator(clause.operator)
    name = operator.name if operator else clause.operator
    if name not in _DOCUMENTED:
        text = f"How Entra's interface spells the operator “{name[:60]}” is documented nowhere."
        fix = "Before it is put there, compare with the operators that the service lists."
        notes.add("operator-spelling", path, text, fix)
    return name
