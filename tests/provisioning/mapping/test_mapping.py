"""What a mapping makes of a person, and what it says about bad rules."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.mapping.filling import (
    DEFAULT_MAPPING,
    Wanted,
    check_mapping,
    compile_mapping,
)
from sparkwizard.provisioning.target.path import CISCO_SCHEMA, ENTERPRISE_SCHEMA
from sparkwizard.provisioning.types import MappingRule, Person
from sparkwizard.values import replace

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA = {
    "userPrincipalName": "ana@contoso.example",
    "objectId": "0a-1",
    "displayName": "Ana Silva",
    "givenName": "Ana",
    "surname": "Silva",
    "accountEnabled": "True",
    "mobile": "+1 555",
}
USER_NAME = MappingRule("userName", "[userPrincipalName]", matching_precedence=1)


def person(**changes: object) -> Person:
    return Person("0a-1", {**ANA, **changes})


def wanted(*rules: MappingRule, creating: bool = True, **changes: object) -> Wanted:
    return compile_mapping((USER_NAME, *rules)).evaluate(
        person(**changes), creating=creating, now=NOW
    )


def errors(*rules: MappingRule) -> list[str]:
    return [found.reason.text for found in check_mapping(rules) if found.is_error]


def warnings(*rules: MappingRule) -> list[str]:
    return [found.reason.text for found in check_mapping(rules) if not found.is_error]


# -- the default mapping -----------------------------------------------------------------------


def test_the_default_mapping_fills_the_attributes_of_the_gallery_application() -> None:
    found = compile_mapping(DEFAULT_MAPPING).evaluate(person(), creating=True, now=NOW)
    assert found == Wanted(
        {
            "userName": "ana@contoso.example",
            "externalId": "0a-1",
            "active": True,
            "displayName": "Ana Silva",
            "name.givenName": "Ana",
            "name.familyName": "Silva",
        }
    )


def test_the_default_mapping_has_nothing_to_complain_of() -> None:
    assert check_mapping(DEFAULT_MAPPING) == ()


@pytest.mark.parametrize("enabled", ["False", "false", False])
def test_a_person_who_may_not_sign_in_becomes_inactive(enabled: object) -> None:
    found = compile_mapping(DEFAULT_MAPPING).evaluate(
        person(accountEnabled=enabled), creating=False, now=NOW
    )
    assert found.values["active"] is False


def test_the_default_mapping_matches_by_user_name_then_by_external_id() -> None:
    found = compile_mapping(DEFAULT_MAPPING).matching_values(person(), NOW)
    assert found == (("userName", "ana@contoso.example"), ("externalId", "0a-1"))


def test_a_person_without_a_value_to_match_by_is_matched_by_the_others() -> None:
    found = compile_mapping(DEFAULT_MAPPING).matching_values(person(objectId=None), NOW)
    assert found == (("userName", "ana@contoso.example"),)


def test_a_mapping_says_which_source_attributes_it_reads() -> None:
    assert compile_mapping(DEFAULT_MAPPING).source_attributes == {
        "userPrincipalName",
        "objectId",
        "IsSoftDeleted",
        "displayName",
        "givenName",
        "surname",
    }


# -- evaluating --------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", [None, ""])
def test_a_target_without_a_value_is_left_alone(empty: object) -> None:
    assert "title" not in wanted(MappingRule("title", "[jobTitle]"), jobTitle=empty).values


def test_a_default_counts_when_a_user_is_created() -> None:
    rule = MappingRule("title", "[jobTitle]", default="Employee")
    assert wanted(rule, creating=True).values["title"] == "Employee"


def test_a_default_does_not_count_when_a_user_is_updated() -> None:
    rule = MappingRule("title", "[jobTitle]", default="Employee")
    assert "title" not in wanted(rule, creating=False).values


def test_a_rule_without_an_expression_gives_its_default_at_creation_only() -> None:
    rule = MappingRule("userType", default="user")
    assert wanted(rule, creating=True).values["userType"] == "user"
    assert "userType" not in wanted(rule, creating=False).values


def test_a_rule_for_creation_leaves_existing_users_alone() -> None:
    rule = MappingRule("nickName", "[givenName]", apply="create")
    assert wanted(rule, creating=True).values["nickName"] == "Ana"
    assert "nickName" not in wanted(rule, creating=False).values


def test_a_dropped_flow_is_absent_even_with_a_default() -> None:
    rule = MappingRule("title", "IgnoreFlowIfNullOrEmpty([jobTitle])", default="Employee")
    assert "title" not in wanted(rule, creating=True).values


@pytest.mark.parametrize("name", ["mobile", "mobilePhone", "MOBILE"])
def test_an_attribute_is_read_under_each_of_its_names(name: str) -> None:
    target = 'phoneNumbers[type eq "mobile"].value'
    assert wanted(MappingRule(target, f"[{name}]")).values[target] == "+1 555"


def test_targets_come_out_in_webex_own_spelling() -> None:
    rule = MappingRule(f"{ENTERPRISE_SCHEMA.lower()}:DEPARTMENT", '"Sales"')
    assert wanted(rule).values[f"{ENTERPRISE_SCHEMA}:department"] == "Sales"


def test_a_primary_email_stays_primary() -> None:
    target = 'emails[type eq "work" and primary eq true].value'
    assert wanted(MappingRule(target, "[userPrincipalName]")).values[target] == (
        "ana@contoso.example"
    )


def test_a_text_becomes_the_list_that_webex_wants() -> None:
    target = f"{CISCO_SCHEMA}:extensionAttribute1"
    assert wanted(MappingRule(target, "[surname]")).values[target] == ["Silva"]


def test_a_value_that_is_too_long_is_a_problem() -> None:
    found = wanted(MappingRule("name.familyName", "[surname]"), surname="x" * 300)
    assert [one.text for one in found.problems] == [
        "Family name is longer than Webex allows (300 of 256 characters)."
    ]
    assert "name.familyName" not in found.values


def test_a_person_without_a_user_name_is_a_problem() -> None:
    found = wanted(userPrincipalName=None)
    assert [one.text for one in found.problems] == ["User name has no value."]


def test_a_user_name_that_is_no_email_address_is_a_problem() -> None:
    found = wanted(userPrincipalName="ana")
    assert [one.code for one in found.problems] == ["not-email"]


def test_a_value_that_does_not_fit_the_expression_is_a_problem_of_that_person() -> None:
    rule = MappingRule("title", 'DateAdd("d", 1, CDate([jobTitle]))')
    found = wanted(rule, jobTitle="Engineer")
    assert found.problems[0].text.startswith(
        "Job title can't be worked out. CDate: “Engineer” is not a date."
    )


def test_the_time_comes_from_who_asks() -> None:
    rule = MappingRule("title", 'FormatDateTime(Now(), , "M/d/yyyy h:mm:ss tt", "yyyy-MM-dd")')
    assert wanted(rule).values["title"] == "2026-03-01"


@given(st.dictionaries(st.sampled_from(sorted(ANA)), st.one_of(st.none(), st.text())))
def test_any_person_comes_out_with_values_or_problems(changes: dict[str, object]) -> None:
    found = compile_mapping(DEFAULT_MAPPING).evaluate(
        Person("x", {**ANA, **changes}), creating=True, now=NOW
    )
    assert "userName" in found.values or found.problems
    assert None not in found.values.values()


# -- bad rules ---------------------------------------------------------------------------------


def test_a_misspelt_function_is_named_with_its_rule_and_place() -> None:
    rule = MappingRule("displayName", 'Jion(" ", [givenName], [surname])')
    with pytest.raises(MappingError) as caught:
        compile_mapping((USER_NAME, rule))
    assert str(caught.value) == (
        'Rule 2 (Display name): Unknown function "Jion". Did you mean Join?'
    )


def test_a_finding_points_at_the_fault_in_the_expression() -> None:
    rule = MappingRule("displayName", "Append([givenName], Lft([surname], 1))")
    finding = next(one for one in check_mapping((USER_NAME, rule)) if one.is_error)
    assert (finding.rule, finding.part, finding.position, finding.suggestion) == (
        1,
        "expression",
        20,
        "Left",
    )


def test_all_findings_come_at_once() -> None:
    rules = (
        USER_NAME,
        MappingRule("shoeSize", "[x]"),
        MappingRule("id", "[objectId]"),
        MappingRule("title", "Nope("),
    )
    assert [one.rule for one in check_mapping(rules) if one.is_error] == [1, 2, 3]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (MappingRule("shoeSize", "[x]"), "Webex has no attribute “shoeSize”."),
        (MappingRule("id", "[objectId]"), "Webex id can't be written. Webex sets this itself."),
        (MappingRule("", "[objectId]"), "A rule has no Webex attribute."),
        (MappingRule("username", "[mail]"), "User name is filled twice: rule 1 fills it too."),
        (
            MappingRule("externalId", "[objectId]", matching_precedence=1),
            "The matching precedence 1 is also that of rule 1.",
        ),
        (
            MappingRule("externalId", "[objectId]", matching_precedence=0),
            "The matching precedence is 0.",
        ),
        (
            MappingRule("externalId", matching_precedence=2, default="x"),
            "A rule without an expression can't match anybody.",
        ),
        (
            MappingRule("active", '"True"', matching_precedence=2),
            "Active can't tell people apart.",
        ),
        (
            MappingRule("active", "[accountEnabled]", default="maybe"),
            "Active must be True or False, not “maybe”.",
        ),
    ],
)
def test_a_rule_that_cannot_work_is_told(rule: MappingRule, text: str) -> None:
    assert errors(USER_NAME, rule) == [text]


def test_an_email_is_filled_once_with_or_without_primary() -> None:
    found = errors(
        USER_NAME,
        MappingRule('emails[type eq "work"].value', "[mail]"),
        MappingRule('emails[type eq "work" and primary eq true].value', "[mail]"),
    )
    assert found == ["Work e-mail is filled twice: rule 2 fills it too."]


def test_a_mapping_needs_a_user_name() -> None:
    rule = MappingRule("externalId", "[objectId]", matching_precedence=1)
    assert errors(rule) == ["No rule fills the user name, which Webex requires."]


def test_a_mapping_needs_something_to_match_by() -> None:
    rule = replace(USER_NAME, matching_precedence=None)
    assert errors(rule) == ["No rule is used for matching: nobody would be found in Webex."]


def test_an_empty_mapping_can_not_be_used() -> None:
    with pytest.raises(MappingError):
        compile_mapping(())


def test_a_type_of_phone_that_webex_does_not_know_is_told_with_those_it_knows() -> None:
    rule = MappingRule('phoneNumbers[type eq "pigeon-post"].value', "[mobile]")
    finding = next(one for one in check_mapping((USER_NAME, rule)) if one.is_error)
    assert "work, mobile, work_extension, fax" in finding.fix or finding.suggestion


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        (MappingRule("title", "[jobTitel]"), "not one of Entra's own"),
        (MappingRule("title", "[userType]"), "does not offer userType"),
        (MappingRule("title", "[proxyAddresses]"), "may hold several values"),
        (MappingRule("title"), "fills nothing"),
        (MappingRule("title", "Guid()"), "only during creation"),
        (MappingRule("title", 'IIF(IsPresent([mail]), "a", "b")'), "can't test for missing"),
        (MappingRule("title", 'IIF([mail] = "", "a", "b")'), "never holds"),
        (MappingRule("title", 'Switch(IsNull([mail]), , "True", "a")'), "advises against"),
    ],
)
def test_a_rule_that_is_odd_is_told_but_works(rule: MappingRule, part: str) -> None:
    assert [part in text for text in warnings(USER_NAME, rule)] == [True]
    compile_mapping((USER_NAME, rule))


def test_a_random_value_at_creation_is_not_odd() -> None:
    assert warnings(USER_NAME, MappingRule("title", "Guid()", apply="create")) == []


def test_a_directory_extension_is_not_odd() -> None:
    assert warnings(USER_NAME, MappingRule("title", "[extension_9d98ed1_badgeNumber]")) == []


@given(
    st.lists(st.builds(MappingRule, st.text(), st.text(), st.none() | st.integers()), max_size=4)
)
def test_any_rules_are_checked_without_an_accident(rules: list[MappingRule]) -> None:
    if any(finding.is_error for finding in check_mapping(rules)):
        with pytest.raises(MappingError):
            compile_mapping(rules)
    else:
        compile_mapping(rules)


def test_every_rule_tells_its_value_or_what_is_wrong() -> None:
    mapping = compile_mapping(
        (
            MappingRule("userName", "[mail]", matching_precedence=1),
            MappingRule("title", "[jobTitle]"),
            MappingRule("nickName", "[nick]", apply="create"),
        )
    )
    person = Person("1", {"jobTitle": "x" * 600})
    told = dict(mapping.each(person, creating=False, now=NOW))
    codes = {rule.target: getattr(found, "code", found) for rule, found in told.items()}
    assert codes == {"userName": "missing", "title": "too-long"}
