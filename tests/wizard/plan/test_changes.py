"""What a plan would do to a person, in words."""

import pytest

from sparkwizard.provisioning.types import Action, ActionKind, Change, Json, Reason
from sparkwizard.wizard.plan.changes import (
    headline,
    kept_values,
    people,
    value_words,
    what_changes,
    why,
)

DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"


def action(kind: ActionKind, *changes: Change, reasons: tuple[Reason, ...] = ()) -> Action:
    return Action(kind, "1", "anna@contoso.example", "Anna", changes=changes, reasons=reasons)


def test_an_update_lists_the_attributes_by_their_human_names() -> None:
    changed = action(
        ActionKind.UPDATE, Change(DEPARTMENT, "Sales", "IT"), Change("title", None, "Clerk")
    )
    assert what_changes(changed) == "Department, job title"
    assert headline(changed) == "2 attributes are updated"


def test_turning_on_again_is_called_getting_access_back() -> None:
    assert what_changes(action(ActionKind.UPDATE, Change("active", False, True))) == (
        "Gets access back"
    )


def test_a_disable_says_that_access_is_lost() -> None:
    off = action(ActionKind.DISABLE, Change("active", True, False))
    assert what_changes(off) == "Loses access"
    assert headline(off) == "Can no longer sign in to Webex"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ActionKind.CREATE, "New in Webex"),
        (ActionKind.DELETE, "Deleted for good"),
        (ActionKind.UNCHANGED, "As it should be"),
    ],
)
def test_every_kind_has_its_words(kind: ActionKind, words: str) -> None:
    assert what_changes(action(kind)) == words


def test_whoever_is_left_alone_is_told_why() -> None:
    reasons = (Reason("a", "First."), Reason("b", "department is empty"))
    left = action(ActionKind.SKIPPED, reasons=reasons)
    assert what_changes(left) == "department is empty"
    assert why(left) == "First. Department is empty."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "Yes"),
        (False, "No"),
        (["a", "b"], "a, b"),
        ({"value": "x", "type": "work"}, "x"),
        (7, "7"),
    ],
)
def test_values_are_written_as_a_person_would(value: Json, words: str) -> None:
    assert value_words(value) == words


def test_what_stays_is_what_was_mapped_and_does_not_change() -> None:
    kept = Action(
        ActionKind.UPDATE,
        "1",
        "anna@contoso.example",
        "Anna",
        changes=(Change("title", "a", "b"),),
        before={"title": "a", "displayName": "Anna", "active": True},
    )
    assert kept_values(kept) == [("Display name", "Anna"), ("Active", "Yes")]


def test_one_person_is_no_people() -> None:
    assert [people(0), people(1), people(2021)] == ["0 people", "1 person", "2,021 people"]
