"""Groups: which rules work, and what they give."""

from datetime import UTC, datetime

import pytest

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.groups.mapping import (
    DEFAULT_GROUP_MAPPING,
    check_group_mapping,
    compile_group_mapping,
)
from sparkwizard.provisioning.types import MappingRule
from sparkwizard.values import replace

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SALES = {"displayName": "Sales", "objectId": "g-1", "members": ["id-anne", "id-bob", "id-anne"]}
NAME = MappingRule("displayName", "[displayName]", matching_precedence=1)


def codes(*rules: MappingRule) -> list[str]:
    return [finding.reason.code for finding in check_group_mapping(rules)]


def test_the_default_mapping_is_whole() -> None:
    assert check_group_mapping(DEFAULT_GROUP_MAPPING) == ()


def test_a_group_gets_its_name_its_id_and_each_member_once() -> None:
    wanted = compile_group_mapping(DEFAULT_GROUP_MAPPING).evaluate(SALES, creating=True, now=NOW)
    assert wanted.values == {
        "displayName": "Sales",
        "members": ["id-anne", "id-bob"],
        "externalId": "g-1",
    }
    assert wanted.problems == ()


def test_a_group_without_people_has_an_empty_list() -> None:
    mapping = compile_group_mapping(DEFAULT_GROUP_MAPPING)
    assert mapping.evaluate({"displayName": "A"}, creating=False, now=NOW).values["members"] == []


def test_a_group_without_a_name_is_a_problem() -> None:
    wanted = compile_group_mapping([NAME]).evaluate({}, creating=True, now=NOW)
    assert [problem.code for problem in wanted.problems] == ["missing"]


def test_a_name_may_be_made_by_an_expression() -> None:
    rule = replace(NAME, expression='Append("Entra ", [displayName])')
    wanted = compile_group_mapping([rule]).evaluate(SALES, creating=True, now=NOW)
    assert wanted.values["displayName"] == "Entra Sales"


def test_a_name_that_is_too_long_is_a_problem() -> None:
    wanted = compile_group_mapping([NAME]).evaluate(
        {"displayName": "x" * 513}, creating=True, now=NOW
    )
    assert wanted.problems[0].code == "too-long"


def test_defaults_and_rules_of_the_creation_count_only_then() -> None:
    rules = [NAME, MappingRule("externalId", "[objectId]", apply="create", default="none")]
    mapping = compile_group_mapping(rules)
    group = {"displayName": "A"}
    assert mapping.evaluate(group, creating=True, now=NOW).values["externalId"] == "none"
    assert "externalId" not in mapping.evaluate(group, creating=False, now=NOW).values


def test_an_attribute_that_groups_do_not_have_is_refused() -> None:
    assert codes(NAME, MappingRule("userName", "[mail]")) == ["unknown-target"]


def test_members_are_references_that_no_function_makes() -> None:
    assert codes(NAME, MappingRule("members", 'Join(",", [members])')) == ["reference"]


def test_groups_are_found_by_their_name_only() -> None:
    assert codes(NAME, MappingRule("members", "[members]", 2)) == ["bad-match"]


def test_a_mapping_without_a_name_or_a_match_is_refused() -> None:
    assert codes(MappingRule("externalId", "[objectId]")) == ["no-group-name", "no-match"]


def test_the_same_target_or_precedence_twice_is_refused() -> None:
    assert codes(NAME, NAME) == ["twice", "same-precedence"]


def test_an_attribute_of_people_is_a_warning() -> None:
    finding = check_group_mapping([replace(NAME, expression="[jobTitle]")])[0]
    assert (finding.reason.code, finding.is_error) == ("unknown-attribute", False)


def test_a_broken_expression_is_told_with_its_place() -> None:
    rule = replace(NAME, expression="Jion([a])")
    finding = check_group_mapping([rule])[0]
    assert (finding.part, finding.suggestion) == ("expression", "Join")
    with pytest.raises(MappingError, match="Group rule 1"):
        compile_group_mapping([rule])


def test_values_that_do_not_fit_are_a_problem_of_that_group() -> None:
    mapping = compile_group_mapping([replace(NAME, expression="CDate([description])")])
    wanted = mapping.evaluate({"description": "no date"}, creating=True, now=NOW)
    assert wanted.problems[0].code == "evaluation"


def test_what_must_be_read_of_a_group_is_known() -> None:
    mapping = compile_group_mapping(DEFAULT_GROUP_MAPPING)
    assert mapping.source_attributes == {"displayName", "members", "objectId"}
    assert [rule.target for rule in mapping.matching] == ["displayName"]
