"""A mapping made here, written for Entra."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.entra_schema import export_schema, import_schema
from sparkwizard.provisioning.expressions import format_expression
from sparkwizard.provisioning.expressions.parser import parse
from sparkwizard.provisioning.groups.mapping import DEFAULT_GROUP_MAPPING
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING
from sparkwizard.provisioning.scoping.scope import OPERATORS
from sparkwizard.provisioning.source.attributes import SOURCE_ATTRIBUTES
from sparkwizard.provisioning.target.schema import TARGET_ATTRIBUTES
from sparkwizard.provisioning.types import Actions, Clause, Filter, MappingRule
from tests.graph_contract.checking import contract
from tests.provisioning.entra_schema.documents import (
    SWITCH,
    mapping,
    schema,
    source,
    users,
)

JOIN = 'Join(" ", [givenName], [surname])'
ALL_KINDS = (
    MappingRule("userName", "[userPrincipalName]", 1),
    MappingRule("externalId", "[objectId]", 2),
    MappingRule("displayName", JOIN, default="Nobody"),
    MappingRule("userType", '"user"', apply="create"),
    MappingRule("nickName", "", default="none"),
    MappingRule("title", 'IIF([country] = "USA",\n[jobTitle], 12)'),
)

ATTRIBUTE_NAMES = st.sampled_from([one.name for one in SOURCE_ATTRIBUTES if one.usable])
EXPRESSIONS = st.one_of(
    ATTRIBUTE_NAMES.map("[{}]".format),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=10).map(
        lambda text: json.dumps(text, ensure_ascii=False) if text.isalnum() else '"x"'
    ),
    ATTRIBUTE_NAMES.map('ToUpper(Append([{}], "x"))'.format),
    st.just(""),
    st.just("42"),
)
RULES = st.lists(
    st.builds(
        MappingRule,
        st.sampled_from([one.path for one in TARGET_ATTRIBUTES if one.writable]),
        EXPRESSIONS,
        st.none() | st.integers(1, 9),
        st.sampled_from(["always", "create"]),
        st.none() | st.text(max_size=5),
    ),
    max_size=6,
    unique_by=lambda rule: rule.target,
).map(tuple)
CLAUSES = st.builds(
    Clause,
    ATTRIBUTE_NAMES,
    st.sampled_from([one.name for one in OPERATORS]),
    st.lists(st.text(max_size=5), max_size=2).map(tuple),
)
FILTERS = st.lists(
    st.builds(Filter, st.text(max_size=5), st.lists(CLAUSES, min_size=1, max_size=3).map(tuple)),
    max_size=3,
).map(tuple)


@given(RULES, FILTERS, st.booleans())
def test_an_exported_mapping_is_imported_as_it_was(
    rules: tuple[MappingRule, ...], filters: tuple[Filter, ...], groups: bool
) -> None:
    exported = export_schema(
        rules,
        filters,
        group_rules=DEFAULT_GROUP_MAPPING,
        group_filters=filters,
        provision_groups=groups,
    )
    found = import_schema(json.dumps(exported.document).encode())
    assert (found.user_rules, found.filters) == (rules, filters)
    assert (found.group_rules, found.group_filters) == (DEFAULT_GROUP_MAPPING, filters)
    assert found.provisions_groups is groups


@given(RULES, FILTERS)
def test_exporting_into_a_schema_gives_the_mapping_too(
    rules: tuple[MappingRule, ...], filters: tuple[Filter, ...]
) -> None:
    exported = export_schema(rules, filters, base=schema())
    found = import_schema(exported.document)
    assert (found.user_rules, found.filters) == (rules, filters)


@given(st.builds(Actions, st.booleans(), st.booleans(), st.just(value=True), st.booleans()))
def test_the_actions_are_taken_along(actions: Actions) -> None:
    exported = export_schema(DEFAULT_MAPPING, actions=actions)
    assert import_schema(exported.document).actions == actions


def test_every_kind_of_source_has_its_type() -> None:
    made = users_of(export_schema(ALL_KINDS).document)
    kinds = [one["source"] and (one["source"]["type"], one["source"]["name"]) for one in made]
    assert kinds == [
        ("Attribute", "userPrincipalName"),
        ("Attribute", "objectId"),
        ("Function", "Join"),
        ("Constant", "user"),
        None,
        ("Function", "IIF"),
    ]


def users_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["synchronizationRules"][0]["objectMappings"][0][
        "attributeMappings"
    ]
    return found


def test_an_export_is_unverified_until_the_service_has_parsed_every_function() -> None:
    offline = export_schema(ALL_KINDS)
    assert offline.unverified == (JOIN, ALL_KINDS[-1].expression)
    assert not offline.verified
    assert all(
        one["source"] is None or one["source"]["parameters"] == []
        for one in users_of(offline.document)
    )
    assert [one.code for one in offline.findings].count("unverified") == 2
    answer = {"expression": JOIN, "name": "Join", "type": "Function", "parameters": [{"key": "0"}]}
    told = export_schema(ALL_KINDS[:3], parsed={JOIN: answer})
    assert told.verified
    assert users_of(told.document)[2]["source"] == answer


def test_nothing_of_the_verification_stands_in_the_document() -> None:
    assert "verif" not in json.dumps(export_schema(ALL_KINDS).document)


def test_an_unchanged_mapping_leaves_a_schema_exactly_as_it_was() -> None:
    base = schema()
    found = import_schema(base)
    exported = export_schema(
        found.user_rules,
        found.filters,
        group_rules=found.group_rules,
        group_filters=found.group_filters,
        provision_groups=True,
        base=base,
    )
    assert exported.document == base
    assert exported.verified
    assert exported.findings == ()


def test_the_schema_that_was_handed_in_stays_as_it_is() -> None:
    base = schema()
    before = copy.deepcopy(base)
    export_schema(DEFAULT_MAPPING, base=base)
    assert base == before


def test_only_the_mapping_of_users_is_touched() -> None:
    base = schema()
    exported = export_schema(DEFAULT_MAPPING, base=json.dumps(base).encode()).document
    users(exported)["attributeMappings"] = users(base)["attributeMappings"] = []
    users(exported)["scope"] = users(base)["scope"] = None
    assert exported == base


def test_what_could_not_be_shown_here_survives_an_export() -> None:
    base = schema()
    odd = [
        mapping("title", {"name": "Join", "type": "Function", "parameters": [{"key": "x"}]}),
        mapping("", source("[mail]")),
    ]
    users(base)["attributeMappings"] += odd
    added = mapping(
        "locale", source("[country]"), flowType="ValueAddOnly", flowBehavior="FlowAlways"
    )
    users(base)["attributeMappings"].insert(0, added)
    users(base)["scope"]["inputFilterGroups"] = [{"name": "later", "clauses": []}]
    found = import_schema(base)
    again = export_schema(found.user_rules, found.filters, base=base).document
    assert again == base


def test_a_rule_that_was_removed_here_is_removed_there() -> None:
    exported = export_schema(DEFAULT_MAPPING[:1], base=schema())
    targets = [one["targetAttributeName"] for one in users(exported.document)["attributeMappings"]]
    assert targets == ["userName"]


def test_a_changed_expression_is_parsed_anew() -> None:
    changed = (MappingRule("active", "Not([IsSoftDeleted])"),)
    exported = export_schema(changed, base=schema())
    assert users(exported.document)["attributeMappings"][0]["source"]["parameters"] == []
    assert exported.unverified == ("Not([IsSoftDeleted])",)
    kept = export_schema((MappingRule("active", SWITCH),), base=schema())
    assert users(kept.document)["attributeMappings"][0]["source"]["parameters"]


def test_names_of_graph_become_those_that_entra_knows() -> None:
    rule = MappingRule("title", 'Join(" ", [mobilePhone],  [MAIL])')
    exported = export_schema((rule,))
    assert users_of(exported.document)[0]["source"]["expression"] == 'Join(" ", [mobile],  [mail])'
    assert "renamed" in [one.code for one in exported.findings]
    direct = export_schema((MappingRule("title", "[officeLocation]"),)).document
    assert users_of(direct)[0]["source"]["name"] == "physicalDeliveryOfficeName"


def test_an_expression_that_can_not_be_parsed_is_refused_with_its_rule() -> None:
    with pytest.raises(MappingError, match="user rule 2 can't be exported"):
        export_schema((DEFAULT_MAPPING[0], MappingRule("title", "Join(")))


def test_an_operator_whose_spelling_is_documented_nowhere_is_told() -> None:
    filters = (Filter("a", (Clause("employeeId", "greater than", ("5",)),)),)
    exported = export_schema(DEFAULT_MAPPING, filters)
    finding = next(one for one in exported.findings if one.code == "operator-spelling")
    assert "Greater_Than" in finding.text


def test_a_schema_of_another_application_is_not_written_into() -> None:
    with pytest.raises(MappingError, match="not a synchronization schema"):
        export_schema(DEFAULT_MAPPING, base={"value": []})


def test_a_schema_without_groups_says_so() -> None:
    base = schema()
    del base["synchronizationRules"][0]["objectMappings"][0]
    exported = export_schema(DEFAULT_MAPPING, group_rules=DEFAULT_GROUP_MAPPING, base=base)
    assert "no-groups" in [one.code for one in exported.findings]


def test_documents_fit_microsofts_own_description() -> None:
    csdl = contract()
    filters = (Filter("a", (Clause("department", "EQUALS", ("Sales",)),)),)
    alone = export_schema(
        ALL_KINDS,
        filters,
        group_rules=DEFAULT_GROUP_MAPPING,
        actions=Actions(delete=True),
    )
    into = export_schema(ALL_KINDS, filters, base=schema(), actions=Actions(False, False))
    kind = "synchronizationSchema"
    assert csdl.faults(alone.document, kind) == []
    assert [one for one in csdl.faults(into.document, kind) if "directories" not in one] == []
    broken = copy.deepcopy(alone.document)
    users_of(broken)[0]["flowType"] = "Sometimes"
    assert len(csdl.faults(broken, kind)) == 1


def test_constants_are_written_as_the_language_writes_them() -> None:
    text = r'"a \"b\" \\ c"'
    exported = export_schema((MappingRule("title", text),))
    made = users_of(exported.document)[0]["source"]
    assert (made["expression"], made["name"]) == (text, 'a "b" \\ c')
    assert format_expression(parse(made["expression"])) == text
