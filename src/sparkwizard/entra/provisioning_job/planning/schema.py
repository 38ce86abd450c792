"""The schema of a job: what of it would change, and the profile's part merged into it. Pure.

Only the mapping of users, its scoping filters and flow types are ours, and that of groups where the
setup provisions groups; where not, groups are only switched off. All else stays as it was read.
"""

import copy
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec

from sparkwizard.entra.provisioning_job.types import Desired, Step, TenantChange
from sparkwizard.errors import MappingError
from sparkwizard.provisioning.entra_schema import (
    ImportedSchema,
    SchemaFinding,
    export_schema,
    import_schema,
)
from sparkwizard.provisioning.entra_schema.choosing import choose
from sparkwizard.provisioning.entra_schema.document import decode
from sparkwizard.provisioning.entra_schema.sources import entra_names
from sparkwizard.provisioning.expressions import ExpressionError
from sparkwizard.provisioning.expressions.parser import parse
from sparkwizard.provisioning.scoping.operators import find_operator
from sparkwizard.provisioning.scoping.scope import sentence
from sparkwizard.provisioning.source.attributes import canonical
from sparkwizard.provisioning.target.schema import canonical_target
from sparkwizard.provisioning.types import Actions, Clause, Filter, Json, MappingRule

__all__ = [
    "TEMPLATE_KEY",
    "expressions_to_parse",
    "fresh_schema_changes",
    "merged_schema",
    "rule_words",
    "same_rule",
    "schema_changes",
    "schema_digest",
    "unknown_operators",
]

type Schema = Mapping[str, Json]
type Rules = Sequence[MappingRule]

TEMPLATE_KEY = "template"
"""The change that takes out what a new application brings and the setup does not have."""

_USERS = "Attribute mapping of users"
_GROUPS = "Attribute mapping of groups"
_UNDO = "The schema is saved first; “cloud restore-schema” puts it back."


def schema_digest(schema: Schema | None) -> str:
    """Return the SHA-256 of a schema, "" for none; the version that the service counts is in it."""
    if schema is None:
        return ""
    return hashlib.sha256(msgspec.json.encode(dict(schema), order="deterministic")).hexdigest()


# -- what would change -------------------------------------------------------------------------


def schema_changes(desired: Desired, schema: Schema) -> tuple[TenantChange, ...]:
    """Return what would change in a schema. Raises ``MappingError`` for one that is not Webex's."""
    return tuple(_changes(desired, import_schema(schema)))


def fresh_schema_changes(desired: Desired) -> tuple[TenantChange, ...]:
    """Return what would be written into the schema of an application that is not there yet."""
    empty = ImportedSchema((), (), (), (), (), actions=Actions(create=False, update=False))
    template = TenantChange(
        Step.SCHEMA,
        TEMPLATE_KEY,
        "Take out the rules and filters that the new application brings and this setup does not"
        " have.",
        _USERS,
        undo=_UNDO,
    )
    return (template, *_changes(desired, empty))


def _changes(desired: Desired, there: ImportedSchema) -> Iterator[TenantChange]:
    yield from _users_on(there)
    yield from _rule_changes("rule", _USERS, desired.user_rules, there.user_rules)
    if desired.provision_groups:
        yield from _rule_changes("group-rule", _GROUPS, desired.group_rules, there.group_rules)
    if desired.provision_groups != there.provisions_groups:
        yield _groups_switched(on=desired.provision_groups)
    before, after = _filter_words(there.filters), _filter_words(desired.filters)
    if _filters_of(there.filters) != _filters_of(desired.filters):
        yield _filters_changed(before, after)
    before, after = _action_words(there.actions), _action_words(desired.actions)
    if before != after:
        text = f"What Entra may do to users in Webex: {after}."
        yield TenantChange(Step.SCHEMA, "actions", text, _USERS, before, after, _UNDO)


def _users_on(there: ImportedSchema) -> Iterator[TenantChange]:
    if any(finding.code == "users-off" for finding in there.findings):
        yield TenantChange(
            Step.SCHEMA, "users-on", "Switch the provisioning of users on.", _USERS, "off", "on",
            _UNDO,
        )  # fmt: skip


def _rule_changes(kind: str, touches: str, wanted: Rules, there: Rules) -> Iterator[TenantChange]:
    left = {_key(rule): rule for rule in there}
    for target, times in Counter(map(_key, there)).items():
        if times > 1:  # the service takes that (facts: entra.md §6, attributeMapping)
            text = f"{left[target].target} stands there {times} times; one of them is left."
            key = f"{kind}:{target}:once"
            yield TenantChange(Step.SCHEMA, key, text, touches, str(times), "1", _UNDO)
    for rule in wanted:
        old = left.pop(_key(rule), None)
        if old is not None and same_rule(old, rule):
            continue
        after = rule_words(rule)
        before = rule_words(old) if old else None
        text = f"{rule.target} {'gets' if old is None else 'gets instead'} {after}."
        yield TenantChange(
            Step.SCHEMA, f"{kind}:{rule.target}", text, touches, before, after, _UNDO
        )
    for rule in left.values():
        text = f"{rule.target} is no longer filled; what stands in Webex stays."
        before = rule_words(rule)
        yield TenantChange(Step.SCHEMA, f"{kind}:{rule.target}", text, touches, before, None, _UNDO)


def _groups_switched(*, on: bool) -> TenantChange:
    text = "Provision groups too." if on else "Provision no groups; those in Webex stay."
    words = {True: "on", False: "off"}
    return TenantChange(Step.SCHEMA, "groups", text, _GROUPS, words[not on], words[on], _UNDO)


def _filters_changed(before: str, after: str) -> TenantChange:
    text = (
        f"Provision only people of whom this holds: {after}. Whoever falls out of scope is turned"
        " off in Webex, and everybody is looked at again."
        if after != "everybody"
        else "Provision people whatever their attributes say. Everybody is looked at again."
    )
    return TenantChange(Step.SCHEMA, "filters", text, "Scoping filters", before, after, _UNDO)


# -- comparing ---------------------------------------------------------------------------------


def same_rule(there: MappingRule, wanted: MappingRule) -> bool:
    """Return whether a rule of the schema means what a rule of the setup means.

    A setup may use Graph's names of attributes; the schema can't (facts: entra.md §1).
    """
    return (
        _key(there) == _key(wanted)
        and _parsed(there.expression) == _parsed(_in_entra_names(wanted.expression))
        and there.matching_precedence == wanted.matching_precedence
        and there.apply == wanted.apply
        and (there.default or None) == (wanted.default or None)
    )


def _key(rule: MappingRule) -> str:
    return canonical_target(rule.target).lower()


def _parsed(expression: str) -> object:
    try:
        return parse(expression) if expression.strip() else ""
    except ExpressionError:
        return expression.strip()


def _in_entra_names(expression: str) -> str:
    try:
        return entra_names(expression) if expression.strip() else ""
    except ExpressionError:
        return expression


def _filters_of(filters: Sequence[Filter]) -> list[tuple[str, tuple[Clause, ...]]]:
    return [(one.name, tuple(map(_clause, one.clauses))) for one in filters]


def _clause(clause: Clause) -> Clause:
    operator = find_operator(clause.operator)
    name = operator.name if operator else clause.operator
    return Clause(canonical(clause.attribute), _operator_key(name), clause.values)


def rule_words(rule: MappingRule) -> str:
    """Say where a rule takes its value from, and when."""
    words = [rule.expression.strip() or "nothing"]
    if rule.default:
        words.append(f"else “{rule.default}” for new users")
    if rule.apply == "create":
        words.append("only when a user is created")
    if rule.matching_precedence:
        words.append(f"used for matching ({rule.matching_precedence})")
    return ", ".join(words)


def _filter_words(filters: Sequence[Filter]) -> str:
    said = (" and ".join(sentence(clause) for clause in one.clauses) for one in filters)
    return "; or ".join(f"{one.name}: {text}" for one, text in zip(filters, said, strict=True)) or (
        "everybody"
    )


def _action_words(actions: Actions) -> str:
    kinds = (("create", actions.create), ("update", actions.update), ("delete", actions.delete))
    return ", ".join(name for name, allowed in kinds if allowed) or "nothing"


# -- merging -----------------------------------------------------------------------------------


def expressions_to_parse(desired: Desired, schema: Schema, parsed: Schema) -> tuple[str, ...]:
    """Return the expressions that the service has to parse before the schema can be put there."""
    return _export(desired, schema, parsed)[1]


def merged_schema(
    desired: Desired, schema: Schema, parsed: Schema, operators: frozenset[str] = frozenset()
) -> dict[str, Json]:
    """Return a schema with the setup in it. ``operators`` are the names the service knows.

    Raises ``MappingError`` where the service has not parsed an expression yet, or the schema is not
    Webex's.
    """
    document, unparsed, _findings = _export(desired, schema, parsed)
    if unparsed:
        raise MappingError(
            f"Entra has not read this expression yet: {unparsed[0][:200]}",
            fix="Read the state of the tenant again, then try once more.",
            code="unparsed",
        )
    _spell_operators(document, operators)
    return document


def unknown_operators(desired: Desired, operators: frozenset[str]) -> tuple[str, ...]:
    """Return the operators of the setup's filters that the service does not list."""
    known = {_operator_key(name) for name in operators}
    used = dict.fromkeys(clause.operator for one in desired.filters for clause in one.clauses)
    return tuple(name for name in used if known and _operator_key(name) not in known)


def _export(
    desired: Desired, schema: Schema, parsed: Schema
) -> tuple[dict[str, Json], tuple[str, ...], tuple[SchemaFinding, ...]]:
    there = import_schema(schema)
    exported = export_schema(
        _as_there(desired.user_rules, there.user_rules),
        desired.filters,
        group_rules=_as_there(desired.group_rules, there.group_rules)
        if desired.provision_groups
        else None,
        group_filters=there.group_filters,
        provision_groups=desired.provision_groups,
        actions=None if _action_words(desired.actions) == _action_words(there.actions)
        else desired.actions,
        base=schema,
        parsed=parsed,
    )  # fmt: skip
    document = _with_switches(exported.document, desired)
    if _filters_of(there.filters) == _filters_of(desired.filters):
        _keep_scope(document, schema)
    return document, exported.unverified, exported.findings


def _as_there(wanted: Rules, there: Rules) -> tuple[MappingRule, ...]:
    """Return the wanted rules, those that mean what is there in the words that are there."""
    known = {_key(rule): rule for rule in there}
    return tuple(
        old if (old := known.get(_key(rule))) and same_rule(old, rule) else rule for rule in wanted
    )


def _with_switches(document: dict[str, Json], desired: Desired) -> dict[str, Json]:
    chosen = choose(decode(document))
    if not chosen.users.flag("enabled", default=True):
        cast("dict[str, Json]", chosen.users.values)["enabled"] = True
    groups = chosen.groups
    if groups and not desired.provision_groups and groups.flag("enabled", default=True):
        cast("dict[str, Json]", groups.values)["enabled"] = False
    return document


def _keep_scope(document: dict[str, Json], schema: Schema) -> None:
    before, now = choose(decode(schema)).users.values, choose(decode(document)).users.values
    if "scope" in before:
        cast("dict[str, Json]", now)["scope"] = copy.deepcopy(before["scope"])


def _spell_operators(document: dict[str, Json], operators: frozenset[str]) -> None:
    """Write the operators of the users' filters as the service spells them."""
    spelling = {_operator_key(name): name for name in operators}
    scope = choose(decode(document)).users.part("scope")
    for group in scope.parts("groups") if scope else ():
        for clause in group.parts("clauses"):
            values = cast("dict[str, Json]", clause.values)
            key = _operator_key(clause.text("operatorName"))
            values["operatorName"] = spelling.get(key, clause.text("operatorName"))


def _operator_key(name: str) -> str:
    """Return a name without regard to case, spaces and underscores; signs are kept."""
    return re.sub(r"[\s_]+", "", name).upper()
