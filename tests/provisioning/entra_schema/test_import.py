"""A mapping made in Entra, taken over."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.entra_schema import ImportedSchema, import_schema
from sparkwizard.provisioning.mapping.filling import compile_mapping
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import Actions, Clause, Filter, MappingRule
from tests.provisioning.entra_schema.documents import (
    SWITCH,
    mapping,
    schema,
    source,
    users,
)


def with_users(**changes: Any) -> dict[str, Any]:
    document = schema()
    users(document).update(changes)
    return document


def with_mapping(one: dict[str, Any]) -> ImportedSchema:
    return import_schema(with_users(attributeMappings=[*users(schema())["attributeMappings"], one]))


def codes(found: ImportedSchema) -> list[str]:
    return [finding.code for finding in found.findings]


def refusal(document: Any) -> str:
    content = document if isinstance(document, bytes | dict) else json.dumps(document).encode()
    with pytest.raises(MappingError) as caught:
        import_schema(content)
    assert caught.value.fix
    return caught.value.message


def test_all_four_types_defaults_matching_and_creation_are_taken_over() -> None:
    assert import_schema(schema()).user_rules == (
        MappingRule("userName", "[userPrincipalName]", 1),
        MappingRule("active", SWITCH),
        MappingRule("displayName", "[displayName]", default="Nobody"),
        MappingRule("name.givenName", "[givenName]", apply="create"),
        MappingRule("userType", '"user"'),
        MappingRule("nickName", "", default="none yet"),
    )


def test_a_schema_without_oddities_has_no_findings_and_works_unchanged() -> None:
    found = import_schema(json.dumps(schema()).encode())
    assert found.findings == ()
    compile_mapping(found.user_rules)
    compile_scope(found.filters)


def test_groups_filters_and_actions_are_taken_over() -> None:
    found = import_schema(schema())
    assert [rule.target for rule in found.group_rules] == ["displayName", "members", "externalId"]
    assert found.provisions_groups
    clauses = (Clause("department", "EQUALS", ("Sales",)), Clause("mail", "IS NOT NULL"))
    assert found.filters == (Filter("Sales", clauses),)
    assert found.group_filters == ()
    assert found.actions == Actions(create=True, update=True, delete=False)


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert import_schema(json.dumps(schema()).encode("utf-8-sig")).user_rules


def test_a_bare_constant_becomes_a_text() -> None:
    found = with_mapping(mapping("title", source("Boss", "Boss", "Constant")))
    assert found.user_rules[-1].expression == '"Boss"'


def test_a_source_that_has_only_a_name_is_understood() -> None:
    found = with_mapping(mapping("title", {"name": "jobTitle", "type": "Attribute"}))
    assert found.user_rules[-1].expression == "[jobTitle]"


def test_an_unknown_function_is_kept_and_told_with_its_place() -> None:
    found = with_mapping(mapping("title", source("Brandnew([mail])", "Brandnew", "Function")))
    assert found.user_rules[-1].expression == "Brandnew([mail])"
    assert codes(found) == ["expression"]
    assert found.findings[0].path == (
        "synchronizationRules[0].objectMappings[1].attributeMappings[6].source.expression"
    )
    assert "Unknown function" in found.findings[0].text


def test_a_target_that_webex_does_not_have_is_kept_and_told() -> None:
    found = with_mapping(mapping("ProfileName", source("[jobTitle]")))
    assert found.user_rules[-1].target == "ProfileName"
    assert codes(found) == ["unknown-target"]


@pytest.mark.parametrize(
    ("written", "apply"),
    [("AttributeAddOnly", "create"), ("ValueAddOnly", "always"), ("SomethingNew", "create")],
)
def test_a_flow_type_that_is_unknown_here_is_told_and_never_writes_more(
    written: str, apply: str
) -> None:
    found = with_mapping(mapping("title", source("[jobTitle]"), flowType=written))
    assert found.user_rules[-1].apply == apply
    assert codes(found) == ["flow-type"]


def test_a_mapping_that_always_flows_is_told() -> None:
    found = with_mapping(mapping("title", source("[jobTitle]"), flowBehavior="FlowAlways"))
    assert codes(found) == ["flow-always"]


def test_a_function_without_its_text_is_left_aside_and_told() -> None:
    found = with_mapping(mapping("title", {"name": "Join", "type": "Function"}))
    assert codes(found) == ["no-expression"]
    assert "title" not in {rule.target for rule in found.user_rules}


def test_an_unknown_operator_is_kept_and_told_with_the_nearest() -> None:
    document = schema()
    users(document)["scope"]["groups"][0]["clauses"][0]["operatorName"] = "EQUALZ"
    found = import_schema(document)
    assert found.filters[0].clauses[0].operator == "EQUALZ"
    assert found.findings[0].fix == "Did you mean EQUALS?"


def test_filters_of_other_kinds_and_empty_ones_are_told() -> None:
    document = schema()
    users(document)["scope"]["inputFilterGroups"] = [{"name": "x", "clauses": []}]
    users(document)["scope"]["groups"].append({"name": "empty", "clauses": []})
    assert codes(import_schema(document)) == ["empty-filter", "other-filters"]


def test_other_objects_and_second_mappings_are_told() -> None:
    document = schema()
    mappings = document["synchronizationRules"][0]["objectMappings"]
    mappings += [{**users(document), "enabled": False}, {"sourceObjectName": "Device"}]
    assert codes(import_schema(document)) == ["mapped-twice", "other-objects"]


def test_the_mapping_that_is_switched_on_is_taken() -> None:
    document = schema()
    off = {**users(document), "enabled": False, "attributeMappings": []}
    document["synchronizationRules"][0]["objectMappings"].insert(0, off)
    assert import_schema(document).user_rules[0].target == "userName"


def test_a_mapping_that_is_switched_off_is_told() -> None:
    assert codes(import_schema(with_users(enabled=False))) == ["users-off"]


def test_a_schema_without_groups_has_none() -> None:
    document = schema()
    del document["synchronizationRules"][0]["objectMappings"][0]
    found = import_schema(document)
    assert (found.group_rules, found.provisions_groups) == ((), False)


def test_a_schema_of_another_application_is_refused_with_its_name() -> None:
    targets = ("ProfileName", "LanguageLocaleKey", "TimeZoneSidKey", "Username")
    foreign = with_users(attributeMappings=[mapping(one, source("[mail]")) for one in targets])
    foreign["synchronizationRules"][0]["targetDirectoryName"] = "Salesforce"
    message = refusal(foreign)
    assert "Salesforce" in message
    assert "ProfileName" in message
    assert "synchronizationRules[0].objectMappings[1].attributeMappings" in message


def test_a_schema_that_reads_from_elsewhere_is_refused_with_its_name() -> None:
    document = schema()
    document["synchronizationRules"][0]["sourceDirectoryName"] = "Workday"
    assert "Workday" in refusal(document)


def test_a_schema_without_users_is_refused() -> None:
    document = schema()
    del document["synchronizationRules"][0]["objectMappings"][1]
    assert "no mapping of users" in refusal(document)


def test_what_is_no_json_is_refused_with_line_and_character() -> None:
    assert "line 2, character 2" in refusal(b'{\n "a')
    assert "UTF-8" in refusal(b"\xff\xfe\x00")
    assert "deep" in refusal(b"[" * 200_000)


def test_what_is_no_schema_is_refused() -> None:
    assert "a list" in refusal([])
    assert "synchronizationRules" in refusal({"value": []})
    assert "synchronizationRules must be a list" in refusal({"synchronizationRules": {}})


def test_a_wrong_value_is_refused_with_its_path() -> None:
    document = with_users(attributeMappings=[mapping("userName", source("[mail]"))])
    users(document)["attributeMappings"][0]["matchingPriority"] = "first"
    place = "synchronizationRules[0].objectMappings[1].attributeMappings[0].matchingPriority"
    assert refusal(document) == f"In the schema, {place} must be a whole number, not a text."
    document = with_users(attributeMappings=["userName"])
    assert "attributeMappings[0] must be an object" in refusal(document)


def test_a_file_that_is_too_large_is_refused() -> None:
    assert "megabytes" in refusal(b" " * (20 * 1024 * 1024 + 1))
    many = [mapping("title", None)] * 5_001
    assert "5,001 entries" in refusal(with_users(attributeMappings=many))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if not isinstance(value, dict | list):
        return [path]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [path, *(deep for key, inner in items for deep in places(inner, (*path, key)))]


@given(st.data())
def test_a_schema_damaged_anywhere_is_taken_over_or_refused_with_a_sentence(
    data: st.DataObject,
) -> None:
    document = schema()
    path = data.draw(st.sampled_from([one for one in places(document) if one]))
    inside: Any = document
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = data.draw(JSON)
    try:
        import_schema(document)
    except MappingError as error:
        fault = error
    else:
        return
    assert fault.fix


@given(st.binary(max_size=100) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_a_file_holds_it_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(MappingError) as caught:
        import_schema(content)
    assert caught.value.fix
