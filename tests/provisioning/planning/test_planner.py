"""From people and users to actions: who is created, updated, disabled, left alone, and why."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING, compile_mapping
from sparkwizard.provisioning.planning.planner import Draft, Rules, Situation, draft_plan
from sparkwizard.provisioning.planning.safeguards import NeverTouched
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import (
    Action,
    ActionKind,
    Actions,
    Clause,
    Filter,
    Json,
    Link,
    MappingRule,
    Person,
    Population,
    Reason,
    RemovalLimit,
    User,
    UsersRead,
)
from sparkwizard.values import replace

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RULES = Rules(
    mapping=compile_mapping(DEFAULT_MAPPING),
    scope=compile_scope(()),
    actions=Actions(),
    max_removals=RemovalLimit(),
)
SALES_ONLY = replace(
    RULES,
    scope=compile_scope((Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),)),)),
)


def person(name: str = "adele", *, disabled: bool = False, **more: object) -> Person:
    attributes: dict[str, object] = {
        "userPrincipalName": f"{name}@contoso.example",
        "objectId": f"id-{name}",
        "displayName": name.title(),
        "IsSoftDeleted": "True" if disabled else "False",
    }
    attributes |= {key: value for key, value in more.items() if value is not None}
    return Person(f"id-{name}", attributes)


def user(name: str = "adele", *, active: bool = True, **more: Json) -> User:
    resource: dict[str, Json] = {
        "userName": f"{name}@contoso.example",
        "externalId": f"id-{name}",
        "displayName": name.title(),
        "active": active,
    }
    return User(f"w-{name}", {**resource, **more})


def link(name: str = "adele", *, off_days_ago: int | None = None) -> Link:
    off = NOW - timedelta(days=off_days_ago) if off_days_ago is not None else None
    return Link(f"id-{name}", f"w-{name}", f"{name}@contoso.example", off)


def draft(
    people: Sequence[Person] = (),
    users: Sequence[User] = (),
    links: Sequence[Link] = (),
    *,
    rules: Rules = RULES,
    source_complete: bool = True,
    users_complete: bool = True,
    source_confirmed: bool = True,
    columns: tuple[str, ...] = (),
    owned_elsewhere: frozenset[str] = frozenset(),
    operator_id: str = "",
) -> Draft:
    situation = Situation(
        population=Population(tuple(people), complete=source_complete, columns=columns),
        users=UsersRead(tuple(users), complete=users_complete),
        links={one.source_id: one for one in links},
        now=NOW,
        source_confirmed=source_confirmed,
        owned_elsewhere=owned_elsewhere,
        operator_id=operator_id,
    )
    return draft_plan(rules, situation)


def only(drafted: Draft) -> Action:
    (action,) = drafted.actions
    return action


def codes(action: Action) -> list[str]:
    return [reason.code for reason in action.reasons]


def after(action: Action) -> dict[str, object]:
    return {change.attribute: change.after for change in action.changes}


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
    drafted = draft([newcomer], [user()], [link()])
    assert codes(only(drafted)) == ["owned-by-another"]


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


# -- leavers --------------------------------------------------------------------------------------


def test_a_managed_user_who_left_the_source_is_disabled_by_active_alone() -> None:
    action = only(draft([], [user(displayName="Old")], [link()]))
    assert (action.kind, after(action)) == (ActionKind.DISABLE, {"active": False})
    assert codes(action) == ["left-source"]


def test_a_managed_person_who_left_the_scope_is_disabled() -> None:
    drafted = draft([person(department="IT")], [user()], [link()], rules=SALES_ONLY)
    assert (only(drafted).kind, after(only(drafted))) == (ActionKind.DISABLE, {"active": False})


def test_a_person_out_of_scope_who_was_never_managed_is_skipped() -> None:
    drafted = draft([person(department="IT")], [user()], rules=SALES_ONLY)
    assert only(drafted).kind is ActionKind.SKIPPED


def test_a_user_of_webex_alone_is_never_in_a_plan() -> None:
    assert draft([], [user()]).actions == ()


def test_a_person_in_a_row_with_a_problem_has_not_left() -> None:
    broken = replace(person(), problem=Reason("row-length", "Row 4 is too short."))
    assert only(draft([broken], [user()], [link()])).kind is ActionKind.PROBLEM


def test_a_person_whose_filter_cannot_be_evaluated_has_not_left() -> None:
    rules = replace(
        RULES,
        scope=compile_scope((Filter("Old", (Clause("age", "Greater_Than", ("3",)),)),)),
    )
    drafted = draft([person(age="unknown")], [user()], [link()], rules=rules)
    assert only(drafted).kind is ActionKind.PROBLEM


@pytest.mark.parametrize(("days", "kind"), [(29, ActionKind.SKIPPED), (30, ActionKind.DELETE)])
def test_a_leaver_is_deleted_only_30_days_after_this_setup_disabled_them(
    days: int, kind: ActionKind
) -> None:
    rules = replace(RULES, actions=Actions(delete=True))
    drafted = draft([], [user(active=False)], [link(off_days_ago=days)], rules=rules)
    assert only(drafted).kind is kind


def test_nobody_is_deleted_unless_asked_for() -> None:
    assert only(draft([], [user(active=False)], [link(off_days_ago=99)])).kind is ActionKind.SKIPPED


def test_a_leaver_whom_another_setup_manages_too_keeps_access() -> None:
    drafted = draft([], [user()], [link()], owned_elsewhere=frozenset({"w-adele"}))
    assert codes(only(drafted)) == ["left-source", "other-profile"]


def test_the_operator_never_loses_access() -> None:
    drafted = draft([], [user()], [link()], operator_id="w-adele")
    assert codes(only(drafted)) == ["left-source", "operator"]


# -- safeguards -----------------------------------------------------------------------------------


def crowd(number: int) -> tuple[list[User], list[Link]]:
    names = [f"p{index:03}" for index in range(number)]
    return [user(name) for name in names], [link(name) for name in names]


def test_ten_percent_of_the_managed_active_users_may_leave_at_once() -> None:
    users, links = crowd(39)
    stayed = [person(f"p{index:03}") for index in range(36)]
    drafted = draft(stayed, users, links)
    assert (drafted.managed_active, drafted.removals_allowed, drafted.stops) == (39, 3, ())


def test_one_more_stops_all_removals_and_nothing_else() -> None:
    users, links = crowd(39)
    stayed = [person(f"p{index:03}") for index in range(35)]
    newcomer = person("new")
    drafted = draft([*stayed, newcomer], users, links)
    assert [(stop.action, stop.count) for stop in drafted.stops] == [(ActionKind.DISABLE, 4)]
    assert sum(a.kind is ActionKind.CREATE for a in drafted.actions) == 1


def test_one_leaver_is_always_within_a_limit_in_percent() -> None:
    assert draft([], [user()], [link()]).stops == ()


def test_users_already_disabled_do_not_count_against_the_limit() -> None:
    users, links = crowd(10)
    gone = [replace(u, kept={**u.resource, "active": False}) for u in users[:8]]
    drafted = draft([person("p008")], [*gone, *users[8:]], links)
    assert drafted.stops == ()
    assert sum(a.kind is ActionKind.DISABLE for a in drafted.actions) == 1


@pytest.mark.parametrize("what", ["source_complete", "users_complete", "source_confirmed"])
def test_anything_incomplete_or_unconfirmed_removes_nobody_and_says_so(what: str) -> None:
    drafted = draft(
        [person("b", disabled=True)],
        [user(), user("b")],
        [link(), link("b")],
        source_complete=what != "source_complete",
        users_complete=what != "users_complete",
        source_confirmed=what != "source_confirmed",
    )
    assert not any(action.kind.removes for action in drafted.actions)
    assert [(stop.action, stop.count) for stop in drafted.stops] == [(ActionKind.DISABLE, 2)]


def test_a_user_that_two_people_of_the_source_have_a_claim_to_is_nobodys() -> None:
    confused = replace(user("alex"), kept={**user("alex").resource, "externalId": "id-adele"})
    drafted = draft([person(), person("alex")], [confused])
    assert [codes(a) for a in drafted.actions] == [["name-of-another"], ["id-of-another"]]


def test_a_link_decides_whose_user_it_is_and_the_other_has_a_way_once_its_mark_is_put_right() -> (
    None
):
    marked = replace(user("alex"), kept={**user("alex").resource, "externalId": "id-adele"})
    links = [replace(link(), webex_id="w-gone"), link("alex")]
    everybody = [person(), person("alex")]
    adele, alex = draft(everybody, [marked], links).actions
    assert (adele.kind, codes(adele)) == (ActionKind.PROBLEM, ["owned-by-another"])
    assert (alex.kind, alex.webex_id) == (ActionKind.UPDATE, "w-alex")
    assert [change.attribute for change in alex.changes] == ["externalId"]
    adele, alex = draft(everybody, [user("alex")], links).actions
    assert (adele.kind, alex.kind) == (ActionKind.CREATE, ActionKind.UNCHANGED)


def test_a_new_hire_with_a_used_again_name_does_not_take_over_the_account() -> None:
    anna = replace(
        person("anna"),
        attributes={**person("anna").attributes, "userPrincipalName": "anna.new@contoso.example"},
    )
    newcomer = Person(
        "id-b",
        {"userPrincipalName": "anna@contoso.example", "objectId": "id-b", "displayName": "B"},
    )
    drafted = draft([anna, newcomer], [user("anna")])
    assert all(action.kind is ActionKind.PROBLEM for action in drafted.actions)


def test_a_row_without_object_id_never_takes_the_link_of_somebody_who_is_there_too() -> None:
    anna = replace(
        person("anna"),
        attributes={**person("anna").attributes, "userPrincipalName": "anna.new@contoso.example"},
    )
    row = Person("anna@contoso.example", {"userPrincipalName": "anna@contoso.example"})
    for people in ([anna, row], [row, anna]):
        by_label = {a.source_id: a for a in draft(people, [user("anna")], [link("anna")]).actions}
        assert by_label["id-anna"].webex_id == "w-anna"
        assert by_label["anna@contoso.example"].kind is ActionKind.PROBLEM


def test_a_present_person_whose_match_is_in_doubt_is_no_leaver() -> None:
    rules = replace(
        RULES,
        mapping=compile_mapping((MappingRule("userName", "[mail]", matching_precedence=1),)),
    )
    row = Person(
        "adele.upn@contoso.example",
        {"userPrincipalName": "adele.upn@contoso.example", "mail": "adele@contoso.example"},
    )
    action = only(draft([row], [user()], [link()], rules=rules))
    assert codes(action) == ["owned-by-another"]


def test_a_scoping_attribute_missing_from_todays_file_makes_nobody_a_leaver() -> None:
    drafted = draft(
        [person()], [user()], [link()], rules=SALES_ONLY, columns=("userPrincipalName",)
    )
    assert (only(drafted).kind, codes(only(drafted))) == (ActionKind.PROBLEM, ["cant-tell"])


def test_nobody_gets_access_back_where_the_source_does_not_say_who_may_sign_in() -> None:
    drafted = draft(
        [person()],
        [user(active=False)],
        [link(off_days_ago=3)],
        columns=("userPrincipalName", "objectId"),
    )
    assert codes(only(drafted)) == ["enabled-unknown"]


def test_a_managed_person_whom_an_incomplete_list_hides_is_not_created_again() -> None:
    drafted = draft([person()], [user("other")], [link()], users_complete=False)
    assert codes(only(drafted)) == ["user-not-listed"]


def test_an_empty_list_of_users_is_no_answer_where_some_are_managed() -> None:
    assert codes(only(draft([person()], [], [link()]))) == ["user-not-listed"]


def test_somebody_who_may_no_longer_sign_in_loses_access_even_if_another_value_is_wrong() -> None:
    drafted = draft([person(disabled=True, displayName="x" * 600)], [user()], [link()])
    assert (only(drafted).kind, after(only(drafted))) == (ActionKind.DISABLE, {"active": False})
    assert len(codes(only(drafted))) == 2


@pytest.mark.parametrize("name", ["ADELE@contoso.example", "adele#EXT#@contoso.example"])
def test_a_person_never_to_be_touched_is_known_under_every_name_they_have(name: str) -> None:
    rules = replace(RULES, never_touched=NeverTouched((name,)))
    guest = person(originalUserPrincipalName="adele#EXT#@contoso.example", disabled=True)
    assert only(draft([guest], [user()], [link()], rules=rules)).kind is ActionKind.SKIPPED
