"""Who left the source or the scope: who loses access, and what holds that back."""

import pytest

from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import (
    ActionKind,
    Actions,
    Clause,
    Filter,
    Link,
    Reason,
    User,
)
from sparkwizard.values import replace
from tests.provisioning.planning.small import (
    RULES,
    SALES_ONLY,
    after,
    codes,
    draft,
    link,
    only,
    person,
    user,
)

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
