"""Editing the mapping: rules in order, changes undone and redone, people found."""

from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING
from sparkwizard.provisioning.types import MappingRule, Person
from sparkwizard.wizard.mapping.editor import (
    MappingHistory,
    find_person,
    insert_rule,
    move_rule,
    ordinal,
    remove_rule,
    replace_rule,
    rule_rows,
    short_target,
    status_of,
)

TITLE = MappingRule("title", "[jobTitle]")
PEOPLE = [
    Person(name, {"displayName": name, "userPrincipalName": f"{name}@contoso.example".lower()})
    for name in ("Adele", "Alex", "Diego", "Adela")
]
rules = st.lists(
    st.builds(
        MappingRule,
        st.sampled_from(["userName", "title", "displayName"]),
        st.sampled_from(["[a]", '"b"', "", "Broken("]),
        st.none() | st.integers(1, 5),
    ),
    max_size=6,
).map(tuple)


@given(st.lists(rules, min_size=1, max_size=8))
def test_undoing_everything_leads_back_to_the_start_and_redoing_to_the_end(
    versions: list[tuple[MappingRule, ...]],
) -> None:
    history: MappingHistory[tuple[MappingRule, ...]] = MappingHistory()
    present = versions[0]
    for version in versions[1:]:
        history, present = history.changed(present), version
    for _ in versions:
        history, present = history.undo(present)
    assert present == versions[0]
    for _ in versions:
        history, present = history.redo(present)
    assert present == versions[-1]


def test_a_new_change_forgets_what_was_undone() -> None:
    fresh: MappingHistory[tuple[MappingRule, ...]] = MappingHistory()
    history, present = fresh.changed(()).undo((TITLE,))
    assert history.future
    assert not history.changed(present).future


@given(rules, st.integers(0, 6))
def test_matching_precedences_always_count_from_one(
    before: tuple[MappingRule, ...], at: int
) -> None:
    new = MappingRule("externalId", "[objectId]", matching_precedence=1)
    for after in (insert_rule(before, new), remove_rule((*before, new), min(at, len(before)))):
        found = sorted(r.matching_precedence for r in after if r.matching_precedence is not None)
        assert found == list(range(1, len(found) + 1))


def test_a_rule_that_is_to_be_tried_first_moves_the_others_down() -> None:
    first = MappingRule("externalId", "[objectId]", matching_precedence=1)
    after = replace_rule(DEFAULT_MAPPING, 1, first)
    assert (after[1].matching_precedence, after[0].matching_precedence) == (1, 2)


def test_ordinals_are_written_as_one_says_them() -> None:
    assert [ordinal(n) for n in (None, 1, 2, 3, 4, 11, 12, 22)] == [
        "", "1st", "2nd", "3rd", "4th", "11th", "12th", "22nd",
    ]  # fmt: skip


def test_a_good_mapping_says_how_users_are_found() -> None:
    status = status_of(DEFAULT_MAPPING)
    assert status.valid
    assert (
        status.text == "All 6 rules are valid. userName finds the Webex user a person already has."
    )


def test_the_first_fault_is_named_with_its_rule_and_how_many_follow() -> None:
    broken = (*DEFAULT_MAPPING, MappingRule("title", "Trimm([x])"), MappingRule("nosuch", "[y]"))
    status = status_of(broken)
    assert not status.valid
    assert status.rule == 6
    assert status.text.startswith('title: Unknown function "Trimm".')
    assert status.text.endswith("There is 1 more fault.")


def test_a_mapping_that_fills_no_user_name_is_refused() -> None:
    assert not status_of((TITLE,)).valid


@given(rules)
def test_every_mapping_is_judged_and_every_rule_has_a_row(found: tuple[MappingRule, ...]) -> None:
    assert len(rule_rows(found)) == len(found)
    assert status_of(found).text


def test_the_long_name_of_an_extension_is_left_out_on_screen() -> None:
    path = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"
    assert short_target(path) == "department"
    assert short_target('emails[type eq "work"].value') == 'emails[type eq "work"].value'


def test_a_person_is_found_from_here_on_and_once_around() -> None:
    assert find_person(PEOPLE, "adel") == 0
    assert find_person(PEOPLE, "adel", 1) == 3
    assert find_person(PEOPLE, "alex@", 2) == 1
    assert find_person(PEOPLE, "nobody") is None


@given(rules, st.integers(-1, 7), st.integers(-7, 7))
def test_moving_a_rule_loses_none_and_moving_it_back_restores_the_order(
    before: tuple[MappingRule, ...], at: int, by: int
) -> None:
    after = move_rule(before, at, by)
    assert sorted(after, key=repr) == sorted(before, key=repr)
    if after != before:
        assert move_rule(after, at + by, -by) == before
