"""People of a whole page are whom its users give one by one."""

from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparkwizard.directory.entra_users.attributes import USUAL, Selection
from sparkwizard.directory.entra_users.reading import Reading
from sparkwizard.directory.entra_users.whole_pages import WholePages
from sparkwizard.entra.pages import page_in
from sparkwizard.net.answer import Answer
from sparkwizard.provisioning.types import Person, Population
from tests.examples import examples

EXTENSION = "extension_0123456789abcdef0123456789abcdef_shoe"
EVERY_SHAPE = (
    *(*USUAL, "manager", EXTENSION, "extensionAttribute2", "extensionAttribute15", "division"),
    *("costCenter", "dirSyncEnabled", "identityIssuer", "proxyAddresses", "otherMails"),
    "alternateEmailAddress",
)
TEXTS = st.sampled_from(["", "Sales", "Ödön", "O\u0308do\u0308n", "a_b.example#EXT#@x.example"])
ODD = st.sampled_from([True, False, None, 7, 1.5, ["a", "b"], ["a", 7], [], {"id": "M1"}, {}])
USUALLY_TEXT = st.one_of(TEXTS, TEXTS, TEXTS, st.none(), ODD)


def _parts(*names: str) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.fixed_dictionaries({}, optional=dict.fromkeys(names, USUALLY_TEXT)), st.none(), ODD
    )


LISTS = st.one_of(st.lists(TEXTS, max_size=2), st.none(), ODD)
USERS = st.fixed_dictionaries(
    {"id": st.sampled_from(["A", "b", "C"])},
    optional={
        "accountEnabled": st.sampled_from([True, False, None, "True"]),
        "userPrincipalName": st.one_of(TEXTS.filter(bool), TEXTS.filter(bool), TEXTS),
        "department": USUALLY_TEXT,
        "displayName": USUALLY_TEXT,
        "businessPhones": LISTS,
        "mobilePhone": st.one_of(TEXTS, st.none()),
        "manager": st.one_of(st.none(), st.just({"id": "M1"}), _parts("id", "@odata.type")),
        "onPremisesSyncEnabled": st.sampled_from([True, False, None]),
        "onPremisesExtensionAttributes": _parts("extensionAttribute2", "extensionAttribute9"),
        "employeeOrgData": _parts("division", "costCenter"),
        "identities": st.one_of(st.lists(_parts("issuer", "signInType"), max_size=2), ODD),
        "proxyAddresses": LISTS,
        "otherMails": LISTS,
        EXTENSION: st.one_of(TEXTS, st.booleans(), ODD),
        "nobodyAskedForThis": ODD,
    },
)


def page(users: object, **more: object) -> Answer:
    content = msgspec.json.encode({"value": users, **more})
    return Answer("GET", "http://127.0.0.1/users", 200, httpx.Headers(), content)


def whole(users: list[Any], *attributes: str) -> list[Person]:
    """Return whom a whole page gives, nobody where it takes a closer look."""
    pages = WholePages(Selection.of(attributes or EVERY_SHAPE))
    return pages.people(page_in(page(users), pages.user).values)


def read(*pages: list[Any]) -> Population:
    """Return what a reading of these pages gives."""
    reading = Reading(Selection.of(EVERY_SHAPE))
    for users in pages:
        reading.take(page_in(page(users), reading.whole.user).values)
    return reading.population()


@given(st.lists(USERS, max_size=4))
@settings(max_examples=examples(300))
def test_people_of_a_page_are_whom_its_users_give_one_by_one(users: list[dict[str, Any]]) -> None:
    found = whole(users)
    if found:
        one_by_one = Selection.of(EVERY_SHAPE)
        assert found == [one_by_one.person(user) for user in users]


@given(st.lists(USERS, max_size=3), st.lists(USERS, max_size=3))
@settings(max_examples=examples(100))
def test_whoever_came_first_counts(earlier: list[Any], later: list[Any]) -> None:
    one_by_one = map(Selection.of(EVERY_SHAPE).person, (*earlier, *later))
    first: dict[str, Person] = {}
    for person in filter(None, one_by_one):
        first.setdefault(person.source_id, person)
    assert read(earlier, later).people == tuple(first.values())


def test_a_usual_page_needs_no_closer_look() -> None:
    user = {
        "id": "A1",
        "userPrincipalName": "a_b.example#EXT#@x.example",
        "accountEnabled": False,
        "department": "Sales",
        "jobTitle": None,
        "businessPhones": ["+47 1", "+47 2"],
        "manager": {"@odata.type": "#microsoft.graph.user", "id": "M1"},
    }
    (person,) = whole([user])
    assert dict(person.attributes) == {
        "objectId": "A1",
        "userPrincipalName": "a@b.example",
        "originalUserPrincipalName": "a_b.example#EXT#@x.example",
        "accountEnabled": "False",
        "department": "Sales",
        "telephoneNumber": "+47 1",
        "manager": "m1",
        "IsSoftDeleted": "True",
    }


def test_every_shape_of_value_needs_no_closer_look() -> None:
    user = {
        "id": "A1",
        "userPrincipalName": "a@x.example",
        "onPremisesSyncEnabled": True,
        "onPremisesExtensionAttributes": {
            "extensionAttribute1": "unasked",
            "extensionAttribute2": "O\u0308st",
            "extensionAttribute15": None,
        },
        "employeeOrgData": {"division": "North", "costCenter": ""},
        "identities": [{"signInType": "federated", "issuer": "google.com"}],
        "proxyAddresses": ["SMTP:a@x.example", "smtp:b@x.example"],
        "otherMails": ["a@y.example", "a@z.example"],
        EXTENSION: True,
    }
    (person,) = whole([user])
    assert dict(person.attributes) == {
        "objectId": "A1",
        "userPrincipalName": "a@x.example",
        "originalUserPrincipalName": "a@x.example",
        "IsSoftDeleted": "False",
        "dirSyncEnabled": "True",
        "extensionAttribute2": "Öst",
        "division": "North",
        "identityIssuer": "google.com",
        "proxyAddresses": ["SMTP:a@x.example", "smtp:b@x.example"],
        "otherMails": ["a@y.example", "a@z.example"],
        "alternateEmailAddress": "a@y.example",
        EXTENSION: "True",
    }


def test_a_property_that_is_missing_is_as_one_that_is_null() -> None:
    named = {"id": "A1", "userPrincipalName": "a@x.example"}
    nulls = {**named, "department": None, "businessPhones": None, "manager": None}
    assert whole([named]) == whole([nulls])
    assert len(whole([named, nulls])) == 2


@pytest.mark.parametrize(
    "odd",
    [
        *({}, {"id": ""}, {"id": 1}, {"id": "A2"}, {"id": "A2", "userPrincipalName": ""}, None),
        *("A2", ["A2"], {"id": "A2", "userPrincipalName": "b@x.example", "department": 7}),
        {"id": "A2", "userPrincipalName": "b@x.example", "accountEnabled": "yes"},
    ],
)
def test_a_page_with_anything_odd_takes_a_closer_look(odd: object) -> None:
    user = {"id": "A1", "userPrincipalName": "a@x.example"}
    assert whole([user, odd]) == []
    assert read([user, odd]).people[0].user_principal_name == "a@x.example"


def test_somebody_without_an_id_is_told_and_removes_nobody() -> None:
    user = {"id": "A1", "userPrincipalName": "a@x.example"}
    population = read([user, {"userPrincipalName": "b@x.example"}, "B", {**user, "id": ""}])
    assert (len(population.people), population.complete) == (1, False)
    (told,) = [one.text for one in population.findings if one.code == "no-id"]
    assert told.startswith("3 entries have no id and were left out.")


def test_text_that_many_have_is_kept_once() -> None:
    users = [
        {"id": f"A{at}", "userPrincipalName": f"a{at}@x.example", "department": "Sales and more"}
        for at in range(3)
    ]
    people = whole(users)
    assert len({id(person.attributes["department"]) for person in people}) == 1
