"""What Webex takes, and when two values are the same."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.target.path import CISCO_SCHEMA, ENTERPRISE_SCHEMA, parse_path
from sparkwizard.provisioning.target.schema import (
    TARGET_ATTRIBUTES,
    coerce,
    describe,
    label,
    same_value,
    types_of,
)
from sparkwizard.provisioning.types import Reason

CONTRACT = Path(__file__).parents[4] / "shared" / "contracts" / "webex-openapi.json"
EXTENSION_1 = f"{CISCO_SCHEMA}:extensionAttribute1"


def refusal(path: str, value: Any) -> str:
    reason = coerce(path, value)
    assert isinstance(reason, Reason)
    return reason.text


@pytest.mark.parametrize("value", ["True", "true", " TRUE ", "1", 1, True])
def test_a_true_in_any_spelling_becomes_a_json_boolean(value: Any) -> None:
    assert coerce("active", value) is True


@pytest.mark.parametrize("value", ["False", "false", "0", 0, False])
def test_a_false_in_any_spelling_becomes_a_json_boolean(value: Any) -> None:
    assert coerce("active", value) is False


def test_anything_else_is_no_boolean() -> None:
    assert refusal("active", "Nein") == "Active must be True or False, not “Nein”."


def test_a_family_name_that_is_too_long_is_named_with_its_length() -> None:
    assert refusal("name.familyName", "x" * 300) == (
        "Family name is longer than Webex allows (300 of 256 characters)."
    )


def test_a_family_name_of_exactly_the_limit_is_taken() -> None:
    assert coerce("name.familyName", "x" * 256) == "x" * 256


@pytest.mark.parametrize("path", ["id", "groups", f"{CISCO_SCHEMA}:provisionSource", "roles"])
def test_what_no_rule_may_write_is_refused(path: str) -> None:
    assert "can't be written" in refusal(path, "x")


def test_several_values_do_not_fit_one() -> None:
    assert refusal("title", ["a", "b"]) == "Job title takes one value, but there are several (2)."


def test_a_list_of_one_is_its_value() -> None:
    assert coerce("title", ["Engineer"]) == "Engineer"


def test_an_extension_attribute_is_a_list_of_texts() -> None:
    assert coerce(EXTENSION_1, "blue") == ["blue"]


@pytest.mark.parametrize("value", [None, "", []])
def test_an_empty_value_is_no_value(value: Any) -> None:
    assert coerce("title", value) is None


def test_a_number_becomes_text() -> None:
    assert coerce(f"{ENTERPRISE_SCHEMA}:employeeNumber", 1042) == "1042"


@pytest.mark.parametrize(
    "value", ["ana", "ana@", "@contoso.example", "ana silva@contoso.example", "a@b@c.example"]
)
def test_a_user_name_must_be_an_email_address(value: str) -> None:
    assert refusal("userName", value) == f"User name is not an e-mail address: “{value}”."


@pytest.mark.parametrize(
    "value",
    ["ana@contoso.example", "a+b@x.example", "o'neil@contoso.example", "jörg@müller.example"],
)
def test_unusual_but_real_email_addresses_are_taken(value: str) -> None:
    assert coerce("userName", value) == value


def test_a_character_that_cannot_be_sent_is_found() -> None:
    assert "can't be sent" in refusal("title", "Boss\x00")


@given(st.sampled_from(TARGET_ATTRIBUTES), st.one_of(st.none(), st.booleans(), st.text()))
def test_every_value_is_coerced_or_refused_and_a_coerced_one_stays(
    attribute: Any, value: Any
) -> None:
    once = coerce(attribute.path, value)
    if not isinstance(once, Reason):
        assert coerce(attribute.path, once) == once


@pytest.mark.parametrize(
    ("path", "a", "b"),
    [
        ("userName", "Ana@Contoso.example", "ana@contoso.example"),
        ('emails[type eq "work"].value', "A@b.example", "a@B.example"),
        ("active", "True", True),
        ("active", "false", False),
        ("title", None, ""),
        (EXTENSION_1, ["a", "b"], ["b", "a"]),
        (EXTENSION_1, "a", ["a"]),
        (f"{ENTERPRISE_SCHEMA}:manager", "ABC-1", "abc-1"),
        (f"{ENTERPRISE_SCHEMA}:employeeNumber", "7", 7),
    ],
)
def test_values_that_mean_the_same_are_the_same(path: str, a: Any, b: Any) -> None:
    assert same_value(path, a, b)
    assert same_value(path, b, a)


@pytest.mark.parametrize(
    ("path", "a", "b"),
    [
        ("name.familyName", "silva", "Silva"),
        ("active", "True", False),
        ("active", None, False),
        ("title", "x", None),
        ("title", "a ", "a"),
    ],
)
def test_values_that_differ_are_different(path: str, a: Any, b: Any) -> None:
    assert not same_value(path, a, b)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("name.familyName", "Family name"),
        ("NAME.FAMILYNAME", "Family name"),
        ('emails[type eq "work"].value', "Work e-mail"),
        ('emails[type eq "work" and primary eq true].value', "Work e-mail"),
        (f"{ENTERPRISE_SCHEMA}:department", "Department"),
        ("shoeSize", "shoeSize"),
        ("not a path", "not a path"),
    ],
)
def test_a_target_has_a_name_for_people(path: str, expected: str) -> None:
    assert label(path) == expected


def test_a_type_webex_does_not_know_is_unknown() -> None:
    path = 'phoneNumbers[type eq "pager"].value'
    assert describe(path) is None
    assert "mobile" in types_of(path)


def test_every_described_path_is_found_again() -> None:
    assert all(describe(one.path) == one for one in TARGET_ATTRIBUTES)


def _contract_properties() -> dict[str, Any]:
    if not CONTRACT.exists():
        pytest.skip("Cisco's OpenAPI description is not beside this clone")
    schemas = json.loads(CONTRACT.read_text(encoding="utf-8"))["components"]["schemas"]
    properties: dict[str, Any] = schemas["PostUser"]["properties"]
    return properties


def test_every_core_attribute_of_the_contract_is_described() -> None:
    known = {parse_path(one.path).attribute for one in TARGET_ATTRIBUTES}
    core = {name for name in _contract_properties() if not name.startswith(("urn:", "schemas"))}
    assert core <= known


def test_every_enterprise_attribute_of_the_contract_is_described() -> None:
    enterprise = _contract_properties()[ENTERPRISE_SCHEMA]["properties"]
    assert all(describe(f"{ENTERPRISE_SCHEMA}:{name}") for name in enterprise)
