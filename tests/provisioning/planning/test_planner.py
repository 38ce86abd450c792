"""From people and users to actions: who is created, updated, disabled, left alone, and why."""

from sparkwizard.provisioning.types import (
    ActionKind,
    Actions,
    Link,
    Person,
    User,
)
from sparkwizard.values import replace
from tests.provisioning.planning.small import RULES, after, codes, draft, link, only, person, user

# -- create ---------------------------------------------------------------------------------------


def test_a_person_without_a_user_is_created_with_every_mapped_value() -> None:
    action = only(draft([person()]))
    assert action.kind is ActionKind.CREATE
    assert after(action)["userName"] == "adele@contoso.example"
    assert after(action)["active"] is True


def test_a_disabled_person_without_a_user_is_skipped() -> None:
    action = only(draft([person(disabled=True)]))
    assert (action.kind, codes(action)) == (ActionKind.SKIPPED, ["disabled-in-source"])


def test_nobody_is_created_where_the_setup_does_not_create() -> None:
    rules = replace(RULES, actions=Actions(create=False))
    action = only(draft([person()], rules=rules))
    assert (action.kind, codes(action)) == (ActionKind.SKIPPED, ["create-off"])


# -- match and update -----------------------------------------------------------------------------


def test_a_user_is_matched_without_regard_to_case() -> None:
    shouting = replace(user(), kept={**user().resource, "userName": "ADELE@Contoso.Example"})
    assert only(draft([person()], [shouting])).kind is ActionKind.UNCHANGED


def test_only_what_differs_is_changed() -> None:
    action = only(draft([person()], [user(displayName="Old")], [link()]))
    assert action.kind is ActionKind.UPDATE
    assert [(c.attribute, c.before, c.after) for c in action.changes] == [
        ("displayName", "Old", "Adele")
    ]


def test_attributes_that_are_not_mapped_are_never_touched() -> None:
    assert only(draft([person()], [user(title="CEO", nickName="Ad")])).kind is ActionKind.UNCHANGED


def test_a_null_in_the_source_clears_nothing_in_webex() -> None:
    named = replace(user(), kept={**user().resource, "name": {"familyName": "Vance"}})
    assert only(draft([person()], [named], [link()])).kind is ActionKind.UNCHANGED


def test_a_renamed_person_keeps_their_user_by_the_link() -> None:
    renamed = replace(
        person(),
        attributes={**person().attributes, "userPrincipalName": "vance@contoso.example"},
    )
    action = only(draft([renamed], [user()], [link()]))
    assert (action.kind, action.webex_id) == (ActionKind.UPDATE, "w-adele")
    assert after(action) == {"userName": "vance@contoso.example"}


def test_a_user_linked_to_one_person_is_not_given_to_another_of_that_name() -> None:
    newcomer = Person("id-new", {**person().attributes, "objectId": "id-new"})
    claimed, left = draft([newcomer], [user()], [link()]).actions
    assert codes(claimed) == ["owned-by-another"]
    assert (left.kind, codes(left)) == (ActionKind.PROBLEM, ["left-source", "name-of-another"])


def test_two_people_who_would_get_one_user_name_are_both_problems() -> None:
    twin = Person("id-twin", {**person().attributes, "objectId": "id-twin"})
    drafted = draft([person(), twin])
    assert [a.kind for a in drafted.actions] == [ActionKind.PROBLEM] * 2


def test_a_user_name_that_somebody_else_has_in_webex_is_a_problem() -> None:
    renamed = replace(
        person(),
        attributes={**person().attributes, "userPrincipalName": "boss@contoso.example"},
    )
    boss = User("w-boss", {"userName": "boss@contoso.example", "externalId": "id-boss"})
    drafted = draft([renamed], [user(), boss], [link()])
    assert codes(only(drafted)) == ["user-name-taken"]


def test_several_users_with_the_matching_value_are_a_problem_not_a_guess() -> None:
    twice = [user(), replace(user(), id="w-other")]
    assert codes(only(draft([person()], twice))) == ["several-users"]


def test_a_link_without_object_id_is_upgraded_when_the_source_has_one() -> None:
    old = Link("adele@contoso.example", "w-adele", "adele@contoso.example")
    action = only(draft([person()], [user()], [old]))
    assert (action.kind, action.source_id, action.linked) == (
        ActionKind.UNCHANGED,
        "id-adele",
        True,
    )


def test_a_file_that_lost_its_object_ids_makes_nobody_a_leaver() -> None:
    bare = Person(
        "adele@contoso.example",
        {"userPrincipalName": "adele@contoso.example", "displayName": "Adele"},
    )
    assert only(draft([bare], [user()], [link()])).kind is ActionKind.UNCHANGED


# -- active ---------------------------------------------------------------------------------------


def test_a_managed_person_disabled_in_the_source_is_disabled() -> None:
    drafted = draft([person(disabled=True)], [user()], [link()])
    assert (only(drafted).kind, after(only(drafted))) == (ActionKind.DISABLE, {"active": False})


def test_a_change_that_turns_off_counts_as_a_disable_whatever_else_it_changes() -> None:
    drafted = draft([person(disabled=True)], [user(displayName="Old")], [link()])
    assert only(drafted).kind is ActionKind.DISABLE
    assert set(after(only(drafted))) == {"active", "displayName"}


def test_without_disable_only_that_value_is_dropped() -> None:
    rules = replace(RULES, actions=Actions(disable=False))
    drafted = draft([person(disabled=True)], [user(displayName="Old")], [link()], rules=rules)
    assert (only(drafted).kind, after(only(drafted))) == (
        ActionKind.UPDATE,
        {"displayName": "Adele"},
    )


def test_an_active_user_never_managed_here_is_not_disabled() -> None:
    action = only(draft([person(disabled=True)], [user()]))
    assert (action.kind, codes(action)[-1]) == (ActionKind.PROBLEM, "never-managed")


def test_a_user_that_this_setup_turned_off_is_enabled_again() -> None:
    action = only(draft([person()], [user(active=False)], [link(off_days_ago=3)]))
    assert (action.kind, after(action)) == (ActionKind.UPDATE, {"active": True})


def test_a_user_that_somebody_else_turned_off_is_a_problem_to_look_at() -> None:
    action = only(draft([person()], [user(active=False)], [link()]))
    assert codes(action) == ["not-disabled-here"]


def test_text_booleans_are_read_as_booleans() -> None:
    texts = replace(user(), kept={**user().resource, "active": "True"})
    assert only(draft([person()], [texts], [link()])).kind is ActionKind.UNCHANGED
