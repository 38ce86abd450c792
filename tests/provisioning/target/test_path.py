"""What a target path means in a SCIM resource."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparkwizard.errors import MappingError
from sparkwizard.provisioning.target.path import (
    CISCO_SCHEMA,
    ENTERPRISE_SCHEMA,
    PathError,
    parse_path,
    read_path,
    write_path,
)
from tests.examples import examples

PATHS = [
    "userName",
    "name.givenName",
    'emails[type eq "work"].value',
    'emails[type eq "work" and primary eq true].value',
    'addresses[type eq "work"].locality',
    f"{ENTERPRISE_SCHEMA}:department",
    f"{ENTERPRISE_SCHEMA}:manager",
    f"{CISCO_SCHEMA}:extensionAttribute1",
    f'{CISCO_SCHEMA}:sipAddresses[type eq "personal-room"].value',
    "urn:example:custom:1.0:Thing:colour",
]
VALUES = st.one_of(st.text(), st.booleans(), st.integers(), st.lists(st.text()))


def resource() -> dict[str, Any]:
    return {
        "userName": "ana@contoso.example",
        "name": {"givenName": "Ana", "familyName": "Silva"},
        "emails": [
            {"type": "home", "value": "ana@home.example"},
            {"type": "work", "value": "ana@contoso.example", "primary": True},
        ],
        ENTERPRISE_SCHEMA: {"department": "Sales", "manager": {"value": "m-1"}},
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("userName", "ana@contoso.example"),
        ("USERNAME", "ana@contoso.example"),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName", "ana@contoso.example"),
        ("Name.FamilyName", "Silva"),
        ('emails[type eq "work"].value', "ana@contoso.example"),
        ('emails[type eq "WORK"]', "ana@contoso.example"),
        ('emails[primary eq "True"].value', "ana@contoso.example"),
        ("emails.value", "ana@contoso.example"),
        ('emails[type eq "other"].value', None),
        ("title", None),
        (f"{ENTERPRISE_SCHEMA}:department", "Sales"),
        (f"{ENTERPRISE_SCHEMA.upper()}:DEPARTMENT", "Sales"),
        (f"{ENTERPRISE_SCHEMA}:manager", "m-1"),
        (f"{CISCO_SCHEMA}:extensionAttribute1", None),
    ],
)
def test_a_path_reads_what_it_names(path: str, expected: object) -> None:
    assert read_path(resource(), path) == expected


def test_a_server_that_sends_one_element_in_place_of_a_list_is_understood() -> None:
    lone = {"emails": {"type": "work", "value": "a@b.example"}}
    assert read_path(lone, 'emails[type eq "work"].value') == "a@b.example"


def test_a_list_of_plain_texts_is_read_by_its_first() -> None:
    assert read_path({"emails": ["a@b.example"]}, "emails.value") == "a@b.example"


def test_the_enterprise_extension_of_scim_1_is_read_too() -> None:
    old: dict[str, Any] = {
        "urn:scim:schemas:extension:enterprise:1.0": {
            "department": "Sales",
            "manager": {"managerId": "m-1"},
        }
    }
    assert read_path(old, f"{ENTERPRISE_SCHEMA}:department") == "Sales"
    assert read_path(old, f"{ENTERPRISE_SCHEMA}:manager") == "m-1"


def test_a_manager_sent_as_bare_text_is_read() -> None:
    assert read_path({ENTERPRISE_SCHEMA: {"manager": "m-1"}}, f"{ENTERPRISE_SCHEMA}:manager") == (
        "m-1"
    )


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=examples(40))
@given(value=VALUES)
def test_what_was_written_is_read_again(path: str, value: Any) -> None:
    written: dict[str, Any] = {}
    write_path(written, path, value)
    assert read_path(written, path) == value


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=examples(40))
@given(value=VALUES)
def test_writing_over_another_value_replaces_it(path: str, value: Any) -> None:
    written = resource()
    write_path(written, path, "before")
    write_path(written, path, value)
    assert read_path(written, path) == value


@pytest.mark.parametrize("path", PATHS)
def test_writing_one_attribute_leaves_the_others(path: str) -> None:
    written = resource()
    write_path(written, path, "x")
    others = [other for other in PATHS if other.split("[")[0] != path.split("[", maxsplit=1)[0]]
    assert [read_path(written, other) for other in others] == [
        read_path(resource(), other) for other in others
    ]


@pytest.mark.parametrize("path", PATHS)
def test_writing_no_value_takes_it_away(path: str) -> None:
    written = resource()
    write_path(written, path, "x")
    write_path(written, path, None)
    assert read_path(written, path) is None


def test_taking_the_value_of_an_email_away_leaves_no_hollow_email() -> None:
    written = resource()
    write_path(written, 'emails[type eq "work"].value', None)
    assert written["emails"] == [{"type": "home", "value": "ana@home.example"}]


def test_taking_away_what_is_not_there_builds_nothing() -> None:
    written = resource()
    before = copy.deepcopy(written)
    write_path(written, 'addresses[type eq "work"].locality', None)
    assert written == before


def test_a_missing_element_is_built_with_its_type() -> None:
    written: dict[str, Any] = {}
    write_path(written, 'emails[type eq "work" and primary eq "True"].value', "a@b.example")
    assert written == {"emails": [{"type": "work", "primary": True, "value": "a@b.example"}]}


def test_a_manager_is_written_as_the_standard_says() -> None:
    written: dict[str, Any] = {}
    write_path(written, f"{ENTERPRISE_SCHEMA}:manager", "m-1")
    assert written == {ENTERPRISE_SCHEMA: {"manager": {"value": "m-1"}}}


def test_an_attribute_the_server_spells_differently_is_not_doubled() -> None:
    written: dict[str, Any] = {"username": "a"}
    write_path(written, "userName", "b")
    assert written == {"username": "b"}


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ("", 0),
        ("user name", 4),
        ("name.", 5),
        ("name.a.b", 6),
        ("emails[type eq work].value", 7),
        ('emails[type eq "work".value', 21),
        ("emails[].value", 7),
        ('emails [type eq "work"].value', 6),
        (ENTERPRISE_SCHEMA, len(ENTERPRISE_SCHEMA)),
        ("9lives", 0),
    ],
)
def test_a_malformed_path_says_where(path: str, position: int) -> None:
    with pytest.raises(PathError) as caught:
        parse_path(path)
    assert caught.value.position == position
    assert caught.value.fix


@given(st.text())
def test_any_text_is_a_path_or_a_mapping_error(text: str) -> None:
    try:
        path = parse_path(text)
    except MappingError:
        return
    assert parse_path(str(path)) == path


def test_two_spellings_of_one_target_have_one_key() -> None:
    assert parse_path("USERNAME").key == parse_path(" userName ").key
