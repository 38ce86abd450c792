"""People, rules and users of which one person is explained."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sparkwizard.provisioning.explain import (
    AttributeStep,
    Explanation,
    explain_person,
)
from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING, compile_mapping
from sparkwizard.provisioning.planning.planner import Rules, Situation
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.types import (
    Actions,
    Clause,
    Filter,
    Link,
    MappingRule,
    Person,
    Population,
    RemovalLimit,
    User,
    UsersRead,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
JOIN = 'Join(" ", ToUpper([givenName]), [surname])'
MAPPING = (
    *DEFAULT_MAPPING[:3],
    MappingRule("displayName", JOIN),
    MappingRule("title", "[jobTitle]"),
    MappingRule("nickName", "[mailNickname]", apply="create"),
)
SALES = Filter("Sales", (Clause("department", "EQUALS", ("Sales",)), Clause("mail", "IS NULL")))
ALL = Filter("Named", (Clause("displayName", "IS NOT NULL"),))


def person(name: str, row: int = 2, **more: object) -> Person:
    attributes: dict[str, object] = {
        "userPrincipalName": f"{name}@x.example",
        "objectId": f"id-{name}",
        "displayName": f"{name.title()} Weiss",
        "givenName": name.title(),
        "surname": "Weiss",
        "mail": f"{name}.weiss@x.example",
        **more,
    }
    return Person(f"id-{name}", attributes, row)


ANNE = person("anne")
WEBEX_ANNE = User(
    "w-anne",
    {"userName": "Anne@x.example", "displayName": "Anne Weiss", "active": True, "title": "Boss"},
)


def rules(*filters: Filter, mapping: tuple[MappingRule, ...] = MAPPING) -> Rules:
    return Rules(
        mapping=compile_mapping(mapping),
        scope=compile_scope(filters),
        actions=Actions(),
        max_removals=RemovalLimit(),
    )


def situation(
    *people: Person, users: tuple[User, ...] = (), links: Mapping[str, Link] | None = None
) -> Situation:
    return Situation(
        population=Population(people), users=UsersRead(users), links=links or {}, now=NOW
    )


def explained(
    *people: Person,
    asked: str = "anne@x.example",
    users: tuple[User, ...] = (),
    filters: tuple[Filter, ...] = (),
) -> Explanation:
    return explain_person(rules(*filters), situation(*people, users=users), asked)


def attribute(found: Explanation, target: str) -> AttributeStep:
    assert found.action
    return next(one for one in found.action.attributes if one.rule.target == target)


def outcomes(found: Explanation) -> dict[str, str]:
    assert found.action
    return {one.rule.target: one.outcome.value for one in found.action.attributes}
