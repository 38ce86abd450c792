"""One rule of the mapping, as a person thinks of it, and what it gives one person."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.types import MappingRule, Person
from sparkwizard.wizard.mapping.rule_text import (
    RuleKind,
    attribute_of,
    constant_of,
    direct,
    expression_fault,
    kind_of,
    quoted,
    value_for,
)

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
ADELE = Person(
    "1",
    {
        "userPrincipalName": "adele@contoso.example",
        "givenName": "Adele",
        "surname": "Vance",
        "accountEnabled": "False",
    },
)


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("[department]", RuleKind.DIRECT),
        ('"Contoso"', RuleKind.CONSTANT),
        ('Join(" ", [givenName], [surname])', RuleKind.EXPRESSION),
        ("", RuleKind.NONE),
        ("  ", RuleKind.NONE),
        ('"a" & "b"', RuleKind.EXPRESSION),
    ],
)
def test_a_rule_is_known_by_its_expression(expression: str, kind: RuleKind) -> None:
    assert kind_of(expression) is kind


def test_an_attribute_goes_into_brackets_and_back() -> None:
    assert attribute_of(direct("department")) == "department"


@given(st.text(max_size=60))
def test_a_constant_is_quoted_so_that_the_language_reads_the_same_text(text: str) -> None:
    expression = quoted(text)
    assert kind_of(expression) is RuleKind.CONSTANT
    assert constant_of(expression) == text
    assert expression_fault(expression) is None


def test_a_fault_tells_where_it_is() -> None:
    fault = expression_fault('Jion(" ", [givenName])')
    assert fault is not None
    assert fault.position == 0
    assert fault.suggestion == "Join"


def test_a_rule_yields_its_value_for_one_person() -> None:
    rule = MappingRule("displayName", 'Join(" ", [givenName], [surname])')
    assert value_for(rule, ADELE, NOW).text == "Adele Vance"


def test_a_text_for_a_switch_is_shown_as_what_webex_gets() -> None:
    rule = MappingRule("active", 'Switch([IsSoftDeleted], , "False", "True", "True", "False")')
    shown = value_for(rule, ADELE, NOW)
    assert shown.value is False
    assert shown.text == "false"


def test_a_default_is_shown_with_the_word_that_only_a_new_user_gets_it() -> None:
    shown = value_for(MappingRule("title", "[jobTitle]", default="Colleague"), ADELE, NOW)
    assert shown.text == "Colleague"
    assert "created" in shown.note


def test_a_rule_without_a_value_leaves_webex_as_it_is() -> None:
    shown = value_for(MappingRule("title", "[jobTitle]"), ADELE, NOW)
    assert shown.value is None
    assert shown.note == "left as it is"


def test_a_value_webex_would_refuse_is_told_in_words() -> None:
    shown = value_for(MappingRule("name.givenName", quoted("x" * 300)), ADELE, NOW)
    assert "longer" in shown.problem


def test_a_broken_rule_does_not_hide_what_the_others_give() -> None:
    assert value_for(MappingRule("title", "Trimm([x])"), ADELE, NOW).problem
    assert value_for(MappingRule("name.givenName", "[givenName]"), ADELE, NOW).text == "Adele"
