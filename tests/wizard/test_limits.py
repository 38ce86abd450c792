"""What the limits of a setup mean, and which e-mail addresses can be written to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.types import Actions, RemovalLimit
from sparkwizard.wizard.limits import (
    action_sentences,
    email_problem,
    parse_limit,
    removal_sentence,
)


@given(st.builds(RemovalLimit, st.integers(0, 100), st.booleans()))
def test_a_limit_is_read_back_from_its_own_words(limit: RemovalLimit) -> None:
    assert parse_limit(str(limit)) == limit


@pytest.mark.parametrize("text", ["", "ten", "-1", "101%", "10 %%", "1.5", "%"])
def test_what_is_neither_a_number_nor_a_percentage_is_no_limit(text: str) -> None:
    assert parse_limit(text) is None


def test_the_sentence_counts_with_whom_the_setup_manages() -> None:
    words = removal_sentence(RemovalLimit(10), managed=2021, in_scope=5)
    assert "2,021 people that this setup manages now" in words
    assert "at most 202." in words


def test_before_the_first_run_it_counts_with_the_people_in_scope() -> None:
    words = removal_sentence(RemovalLimit(10), managed=0, in_scope=2021)
    assert words.startswith("With 2,021 people that is at most 202.")
    assert "can't remove anybody yet" in words


def test_a_limit_of_nothing_says_that_nobody_may_lose_access() -> None:
    assert removal_sentence(RemovalLimit(0), 100, 100).startswith("Nobody may lose access")


def test_deleting_says_that_it_cannot_be_undone_only_while_it_is_on() -> None:
    assert "can't be undone" in action_sentences(Actions(delete=True))["delete"]
    assert "can't be undone" not in action_sentences(Actions(delete=False))["delete"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "it@contoso.example",
        " it.help+a@mail.contoso.co.uk ",
        "a@b.example, d@e.example",
    ],
)
def test_addresses_or_none_are_fine(text: str) -> None:
    assert email_problem(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "it",
        "it@",
        "@contoso.example",
        "it@contoso",
        "a@b.example, d",
        "a@b.example d@e.example",
        "it@contoso..example",
        "it@contoso.example\nBcc: all@contoso.example",
    ],
)
def test_what_is_no_address_is_told(text: str) -> None:
    assert email_problem(text)


@given(st.text(max_size=80))
def test_any_text_is_judged_as_an_address_without_trouble(text: str) -> None:
    assert isinstance(email_problem(text), str)
