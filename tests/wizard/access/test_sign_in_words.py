"""What is said around a sign-in."""

from datetime import timedelta

import pytest

from sparkwizard.entra.types import Account, Purpose, SignedIn
from sparkwizard.provisioning.types import Reason
from sparkwizard.wizard.access.sign_in_words import (
    before_sign_in,
    code_shown,
    signed_in_words,
    time_left_words,
)

PRIYA = Account("priya@fabrikam.example", "Priya Raman")


def test_reading_people_asks_for_one_permission_and_says_why() -> None:
    said = before_sign_in((Purpose.PEOPLE,))
    assert said.intro == "Microsoft will ask you for 1 permission, and for no more than this:"
    (need,) = said.permissions
    assert (need.permission, need.reason) == (
        "User.Read.All",
        "to read the people and their attributes",
    )
    assert said.role == ""


def test_each_permission_is_named_once_and_the_role_with_it() -> None:
    said = before_sign_in(tuple(Purpose))
    names = [need.permission for need in said.permissions]
    assert len(names) == len(set(names)) > 5
    assert all(need.reason.startswith("to ") for need in said.permissions)
    assert "Cloud Application Administrator" in said.role


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("kxthnvlkr", "KXT HNV LKR"),
        ("ABCDEFGH", "ABCD EFGH"),
        ("ABCD", "ABCD"),
        ("AB-CD-EF", "AB-CD-EF"),
        ("", ""),
    ],
)
def test_a_code_can_be_read_aloud(code: str, shown: str) -> None:
    assert code_shown(code) == shown


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (0, "good for 15 more minutes."),
        (800, "good for 1 more minute."),
        (850, "good for less than a minute."),
        (900, "too old by now."),
    ],
)
def test_how_long_a_code_is_good_for(gone: int, said: str) -> None:
    assert said in time_left_words(900, timedelta(seconds=gone))


def test_who_is_signed_in() -> None:
    assert signed_in_words(None) == "Nobody is signed in to Microsoft Entra ID."
    assert signed_in_words(PRIYA) == "Signed in as priya@fabrikam.example."
    kept = SignedIn(PRIYA, Reason("x", "It is forgotten when SparkWizard closes."))
    assert signed_in_words(kept).endswith("It is forgotten when SparkWizard closes.")
