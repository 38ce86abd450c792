"""Take over mappings and filters from a schema document; nothing of it is dropped silently."""

from collections.abc import Mapping

import msgspec

from sparkwizard.provisioning.entra_schema.choosing import choose
from sparkwizard.provisioning.entra_schema.document import Part, decode
from sparkwizard.provisioning.entra_schema.findings import SchemaFinding
from sparkwizard.provisioning.entra_schema.reading import read_filters, read_rule
from sparkwizard.provisioning.groups.mapping import describe_group_target
from sparkwizard.provisioning.target.schema import describe
from sparkwizard.provisioning.types import Actions, Filter, Json, MappingRule

__all__ = ["ImportedSchema", "import_schema"]


class ImportedSchema(msgspec.Struct, frozen=True):
    """Hold what a schema says, in this product's terms.

    A rule that can't work here, such as one with an unknown function, is among the rules all the
    same, and ``findings`` say so: nothing that was typed is lost. ``provisions_groups`` tells
    whether the mapping of groups is switched on. Of ``actions`` a schema knows create, update and
    delete; disable keeps its default.
    """

    user_rules: tuple[MappingRule, ...]
    group_rules: tuple[MappingRule, ...]
    filters: tuple[Filter, ...]
    group_filters: tuple[Filter, ...]
    findings: tuple[SchemaFinding, ...]
    provisions_groups: bool = False
    actions: Actions = Actions()


def import_schema(document: bytes | Mapping[str, Json]) -> ImportedSchema:
    """Read the schema of a provisioning job, as bytes of JSON or decoded.

    Raises ``MappingError`` where it is no schema, is damaged, or belongs to another application;
    the message names the place.
    """
    chosen = choose(decode(document))
    findings = list(chosen.findings)
    if not chosen.users.flag("enabled", default=True):
        text = "The mapping of users is switched off in this schema."
        findings.append(SchemaFinding("users-off", chosen.users.at("enabled"), text))
    user_rules = _rules(chosen.users, findings, groups=False)
    filters, about_filters = read_filters(chosen.users.part("scope"))
    findings += about_filters
    group_rules: tuple[MappingRule, ...] = ()
    group_filters: tuple[Filter, ...] = ()
    if chosen.groups is not None:
        group_rules = _rules(chosen.groups, findings, groups=True)
        group_filters, about_filters = read_filters(chosen.groups.part("scope"))
        findings += about_filters
    return ImportedSchema(
        user_rules,
        group_rules,
        filters,
        group_filters,
        tuple(findings),
        provisions_groups=chosen.groups is not None and chosen.groups.flag("enabled", default=True),
        actions=_actions(chosen.users),
    )


def _rules(
    mapping: Part, findings: list[SchemaFinding], *, groups: bool
) -> tuple[MappingRule, ...]:
    known = _is_group_target if groups else _is_user_target
    rules = []
    for part in mapping.parts("attributeMappings"):
        read = read_rule(part, known)
        findings += read.findings
        if read.rule is not None:
            rules.append(read.rule)
    return tuple(rules)


def _is_user_target(target: str) -> bool:
    return describe(target) is not None


def _is_group_target(target: str) -> bool:
    return describe_group_target(target) is not None


def _actions(users: Part) -> Actions:
    written = users.text("flowTypes")
    if not written.strip():
        return Actions()
    kinds = {kind.strip().lower() for kind in written.split(",")}
    return Actions(create="add" in kinds, update="update" in kinds, delete="delete" in kinds)
