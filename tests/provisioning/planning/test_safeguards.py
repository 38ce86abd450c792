"""Who is never touched, and the last administrator."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING, compile_mapping
from sparkwizard.provisioning.planning.planner import Draft, Rules, Situation, draft_plan
from sparkwizard.provisioning.planning.safeguards import NeverTouched, is_full_administrator
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import (
    ActionKind,
    Actions,
    Clause,
    Filter,
    Json,
    Link,
    Person,
    Population,
    RemovalLimit,
    User,
    UsersRead,
)
from sparkwizard.values import replace

RULES = Rules(
    mapping=compile_mapping(DEFAULT_MAPPING),
    scope=compile_scope(()),
    actions=Actions(),
    max_removals=RemovalLimit(100, percent=False),
)
FULL: Json = [{"value": "id_full_admin", "type": "cirole"}]


def person(name: str, **more: object) -> Person:
    attributes: dict[str, object] = {
        "userPrincipalName": f"{name}@contoso.example",
        "objectId": f"Id-{name}",
        "displayName": name.title(),
        "IsSoftDeleted": "False",
    }
    return Person(f"id-{name}", attributes | more)


def user(name: str, **more: Json) -> User:
    resource: dict[str, Json] = {
        "userName": f"{name}@contoso.example",
        "externalId": f"Id-{name}",
        "displayName": name,
        "active": True,
    }
    return User(f"w-{name}", resource | more)


def link(name: str) -> Link:
    return Link(f"id-{name}", f"w-{name}", f"{name}@contoso.example")


def draft(
    people: Sequence[Person],
    users: Sequence[User] = (),
    *,
    never: Sequence[str] = (),
    rules: Rules = RULES,
) -> Draft:
    """Plan for people and users, all of whom are managed."""
    names = [one.id.removeprefix("w-") for one in users]
    situation = Situation(
        population=Population(tuple(people)),
        users=UsersRead(tuple(users)),
        links={f"id-{name}": link(name) for name in names},
        now=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    )
    return draft_plan(replace(rules, never_touched=NeverTouched(never)), situation)


def found(drafted: Draft) -> list[tuple[ActionKind, str]]:
    return [(action.kind, action.reasons[-1].code) for action in drafted.actions]


LEFT_ALONE = [(ActionKind.SKIPPED, "never-touched")]
EVERY_WAY = ["CEO@contoso.example", "id-ceo", "ceo*", "*@CONTOSO.example"]


@pytest.mark.parametrize("name", EVERY_WAY)
def test_somebody_never_to_be_touched_is_not_created(name: str) -> None:
    assert found(draft([person("ceo")], never=[name])) == LEFT_ALONE


@pytest.mark.parametrize("name", EVERY_WAY)
def test_somebody_never_to_be_touched_is_not_updated(name: str) -> None:
    users = [user("ceo", displayName="Another")]
    assert found(draft([person("ceo")], users, never=[name])) == LEFT_ALONE


@pytest.mark.parametrize("name", EVERY_WAY)
def test_somebody_never_to_be_touched_is_not_disabled_by_the_source(name: str) -> None:
    people = [person("ceo", IsSoftDeleted="True")]
    assert found(draft(people, [user("ceo")], never=[name])) == LEFT_ALONE


@pytest.mark.parametrize("name", EVERY_WAY)
def test_somebody_never_to_be_touched_is_not_disabled_by_leaving_the_source(name: str) -> None:
    assert found(draft([person("adele")], [user("ceo")], never=[name]))[-1:] == LEFT_ALONE


@pytest.mark.parametrize("name", EVERY_WAY)
def test_somebody_never_to_be_touched_is_not_disabled_by_leaving_the_scope(name: str) -> None:
    sales = Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),))
    rules = replace(RULES, scope=compile_scope((sales,)))
    assert found(draft([person("ceo")], [user("ceo")], never=[name], rules=rules)) == LEFT_ALONE


def test_a_user_never_to_be_touched_is_not_taken_by_a_person_of_another_name() -> None:
    renamed = person("ceo", userPrincipalName="new@contoso.example", objectId="Id-ceo")
    assert found(draft([renamed], [user("ceo")], never=["ceo@contoso.example"])) == LEFT_ALONE


def test_nobody_is_renamed_to_somebody_never_to_be_touched() -> None:
    renamed = person("adele", userPrincipalName="ceo@contoso.example")
    assert found(draft([renamed], [user("adele")], never=["ceo@contoso.example"])) == LEFT_ALONE


def test_others_go_on_beside_somebody_never_to_be_touched() -> None:
    drafted = draft([person("ceo"), person("adele")], never=["ceo@contoso.example"])
    assert [action.kind for action in drafted.actions] == [ActionKind.SKIPPED, ActionKind.CREATE]


# -- the last administrator -----------------------------------------------------------------------


def test_the_last_full_administrator_does_not_lose_access_by_leaving() -> None:
    drafted = draft([person("adele")], [user("boss", roles=FULL)])
    assert found(drafted)[-1] == (ActionKind.PROBLEM, "last-administrator")
    assert drafted.actions[-1].changes == ()


def test_the_last_full_administrator_does_not_lose_access_by_the_source() -> None:
    people = [person("boss", IsSoftDeleted="True")]
    drafted = draft(people, [user("boss", roles=FULL)])
    assert found(drafted) == [(ActionKind.PROBLEM, "last-administrator")]


def test_all_full_administrators_at_once_do_not_lose_access() -> None:
    users = [user("boss", roles=FULL), user("chief", roles=FULL), user("adele")]
    drafted = draft([], users)
    kinds = {action.user_name: action.kind for action in drafted.actions}
    assert kinds["boss@contoso.example"] is kinds["chief@contoso.example"] is ActionKind.PROBLEM
    assert kinds["adele@contoso.example"] is ActionKind.DISABLE


def test_an_administrator_who_is_off_already_does_not_count_as_one_who_stays() -> None:
    off = user("chief", roles=FULL, active=False)
    drafted = draft([], [user("boss", roles=FULL), off])
    assert (ActionKind.PROBLEM, "last-administrator") in found(drafted)


def test_a_full_administrator_may_leave_while_another_stays() -> None:
    users = [user("boss", roles=FULL), user("chief", roles=FULL)]
    kinds = [action.kind for action in draft([person("chief")], users).actions]
    assert ActionKind.DISABLE in kinds


@pytest.mark.parametrize("roles", [None, [], "id_full_admin", ["x"], [{"value": 1}], [None], {}])
def test_odd_roles_make_no_administrator(roles: Json) -> None:
    assert not is_full_administrator(user("adele", roles=roles))
