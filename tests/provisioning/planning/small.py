"""Plans of one person or a few: one line to say who is where, one to decide."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING, compile_mapping
from sparkwizard.provisioning.planning.planner import Draft, Rules, Situation, draft_plan
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import (
    Action,
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
