"""Looking at a thousand people at once gives the plan that looking at each one gives."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sparkwizard.provisioning.mapping.filling import DEFAULT_MAPPING, compile_mapping
from sparkwizard.provisioning.planning.planner import Ground, Planner, Rules, Situation, draft_plan
from sparkwizard.provisioning.planning.safeguards import NOBODY, NeverTouched
from sparkwizard.provisioning.scoping.scope import compile_scope
from sparkwizard.provisioning.source.columns import source_rows
from sparkwizard.provisioning.target.listed_user import user_list
from sparkwizard.provisioning.target.path import write_path
from sparkwizard.provisioning.types import (
    Action,
    ActionKind,
    Actions,
    Clause,
    Filter,
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
from tests.examples import examples

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MORE = (
    MappingRule("title", "[jobTitle]", default="None"),
    MappingRule("name.formatted", 'Join(" ", [givenName], [surname])'),
    MappingRule("locale", 'Switch([country], "en_US", "Germany", "de_DE")'),
    MappingRule("preferredLanguage", "[preferredLanguage]"),
    MappingRule('emails[type eq "work"].value', "[mail]"),
    MappingRule(f"{ENTERPRISE}:department", "ToUpper([department])"),
    MappingRule("nickName", 'FormatDateTime([jobTitle], , "yyyy-MM-dd", "dd")'),
    MappingRule("timezone", '"Europe/Oslo"', apply="create"),
)
BY_ID = (
    MappingRule("externalId", "[id]", matching_precedence=1),
    MappingRule("userName", "[userPrincipalName]", matching_precedence=2),
)
MAPPINGS = [
    compile_mapping(rules)
    for rules in (
        DEFAULT_MAPPING,
        (*DEFAULT_MAPPING, *MORE[:6]),
        (*BY_ID, *MORE),
        DEFAULT_MAPPING[:1],
    )
]
SCOPES = [
    compile_scope(()),
    compile_scope((Filter("Sales", (Clause("department", "EQUALS", ("Sales",)),)),)),
]
NAMES = ["a@x.example", "A@x.example", "b@x.example", "no name", ""]
IDS = ["1", "2", "3"]


def some(*values: object) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


ATTRIBUTES: dict[str, st.SearchStrategy[Any]] = {
    "userPrincipalName": some(*NAMES),
    "objectId": some(*IDS),
    "id": some(*IDS),
    "displayName": some("One", "", "x" * 300, "bell\a", 7),
    "givenName": some("Given", None),
    "jobTitle": some("Boss", "2026-01-02", True, 1),
    "mail": some("a@x.example", "none", ["a@x.example"]),
    "department": some("Sales", "IT"),
    "country": some("Germany", "France", ["Germany"]),
    "accountEnabled": some("True", "False", "maybe"),
    "IsSoftDeleted": some("True", "true", None),
}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "userName": some(*NAMES),
    "username": some("a@x.example"),
    "externalId": some(*IDS, None, 1),
    "displayName": some("One", None, 7, "a@x.example"),
    "active": some(True, False, "true", "False", 1, None),
    "title": some("Boss", "None", True),
    "name": some({"givenName": "Given", "familyName": "Family"}, {}, "Family"),
    "emails": some([{"type": "work", "value": "a@x.example"}], [{"value": "none"}], []),
    ENTERPRISE: some({"department": "SALES"}, {"department": "IT"}),
}


def few(values: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw nothing mostly, else one or two of these."""
    one = some(*values).flatmap(lambda name: st.fixed_dictionaries({name: values[name]}))
    return st.one_of(st.just({}), st.just({}), one, st.tuples(one, one).map(lambda p: p[0] | p[1]))


COLUMNS = (*ATTRIBUTES, "surname")


def as_rows(people: Sequence[Person]) -> list[Person]:
    """Return people as a table has them, those who have other values than texts as they are."""
    texts = [person for person in people if all(type(v) is str for v in person.attributes.values())]
    if not texts:
        return list(people)
    found = {name: [str(p.attributes.get(name) or "") for p in texts] for name in COLUMNS}
    rows = dict(zip(map(id, texts), source_rows(found), strict=True))
    return [
        replace(person, attributes=rows.get(id(person), person.attributes)) for person in people
    ]


def as_listed(user: User) -> User:
    """Return a user as a list shows them, where they are as the standard has it."""
    try:
        body = {**user.resource, "id": user.id}
        listed = {"schemas": [], "totalResults": 1, "Resources": [body]}
        return user_list(msgspec.json.encode(listed)).users[0]
    except msgspec.ValidationError:
        return user


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Rules, Situation]:
    """Make a few people who mostly have what they should have in Webex."""
    mapping = draw(st.sampled_from(MAPPINGS))
    people, users, links = [], [], {}
    for at in draw(st.lists(st.integers(1, 8), min_size=1, max_size=8)):
        name = f"p{at}@x.example"
        attributes: dict[str, object] = {
            "userPrincipalName": name,
            "objectId": str(at),
            "id": str(at),
            "displayName": f"Person {at}",
            "surname": "Family",
            "mail": name,
            "IsSoftDeleted": "False",
        } | draw(few(ATTRIBUTES))
        problem = draw(some(None, None, None, None, Reason("row", "Broken.")))
        person = Person(str(at), attributes, at, problem)
        people.append(person)
        resource: dict[str, Any] = {}
        for target, value in mapping.evaluate(person, creating=False, now=NOW).values.items():
            write_path(resource, target, value)
        if draw(some(True, True, True, True, False)):
            users.append(User(f"w{at}", resource | draw(few(VALUES))))
        if draw(st.booleans()):
            owner = draw(some(str(at), str(at), str(at), "1", "gone"))
            links[owner] = Link(owner, draw(some(f"w{at}", f"w{at}", "w1")), name)
    if draw(st.booleans()):
        half = draw(st.integers(0, 8))
        people = [*as_rows(people[:half]), *reversed(as_rows(people[half:]))]
    if draw(st.booleans()):
        users = list(map(as_listed, users))
    rules = Rules(
        mapping=mapping,
        scope=draw(st.sampled_from(SCOPES)),
        actions=draw(st.builds(Actions, st.booleans(), st.booleans(), st.booleans())),
        max_removals=RemovalLimit(),
        never_touched=draw(some(NOBODY, NOBODY, NeverTouched(("p1*",)), NeverTouched(("w2",)))),
    )
    columns = draw(some((), (), ("userPrincipalName",), ("userPrincipalName", "department")))
    situation = Situation(
        population=Population(tuple(people), draw(st.booleans()), (), columns),
        users=UsersRead(tuple(users), draw(st.booleans())),
        links=links,
        now=NOW,
        owned_elsewhere=draw(some(frozenset(), frozenset(("w1",)))),
        operator_id=draw(some("", "w1")),
        removed=draw(some(None, None, frozenset(), frozenset("12"))),
    )
    return rules, situation


class OneByOne(Planner):
    """Decide on each person alone."""

    def _certain(self) -> list[Action | None]:
        return [None] * len(self.seen.population.people)


@given(worlds())
@settings(max_examples=examples(250))
def test_many_at_once_are_decided_as_one_by_one(world: tuple[Rules, Situation]) -> None:
    rules, seen = world
    ground = Ground(seen, [rule.target for rule in rules.mapping.matching])
    for _ in ground.lay():
        pass
    at_once, one_by_one = Planner(rules, seen), OneByOne(rules, seen, ground)
    others, expected = at_once.ground.others, ground.others
    assert (others.owners, others.names) == (expected.owners, expected.names)
    assert others.present == expected.present
    assert (at_once.links, at_once.ground.absent) == (ground.links, ground.absent)
    assert list(at_once.actions()) == list(one_by_one.actions())
    assert at_once.matched == one_by_one.matched


def company(number: int) -> Situation:
    def person(at: int) -> Person:
        name, shown = f"p{at}@x.example", "bell\a" if at == 1_500 else f"Person {at}"
        attributes = {"userPrincipalName": name, "objectId": f"id-{at}", "displayName": shown}
        return Person(f"id-{at}", {**attributes, "IsSoftDeleted": "False"})

    def user(at: int) -> User:
        name, shown = f"p{at}@x.example", "Other" if at == 2_500 else f"Person {at}"
        return User(
            f"w-{at}",
            {"userName": name, "externalId": f"id-{at}", "displayName": shown, "active": True},
        )

    return Situation(
        population=Population(tuple(map(person, range(number)))),
        users=UsersRead(tuple(map(user, range(number)))),
        links={},
        now=NOW,
    )


def test_who_differs_does_not_hide_among_thousands() -> None:
    rules = Rules(
        mapping=MAPPINGS[0], scope=SCOPES[0], actions=Actions(), max_removals=RemovalLimit()
    )
    actions = draft_plan(rules, company(3_000)).actions
    assert [a.source_id for a in actions] == [f"id-{at}" for at in range(3_000)]
    others = {a.source_id: a.kind for a in actions if a.kind is not ActionKind.UNCHANGED}
    assert others == {"id-1500": ActionKind.PROBLEM, "id-2500": ActionKind.UPDATE}
