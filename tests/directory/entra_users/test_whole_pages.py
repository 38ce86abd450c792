"""People of a whole page are whom its users give one by one."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sparkwizard.directory.entra_users.attributes import USUAL, Selection
from sparkwizard.directory.entra_users.whole_pages import people_of_page

TEXTS = st.sampled_from(["", "Sales", "Ödön", "O\u0308do\u0308n", "a_b.example#EXT#@x.example"])
ODD = st.sampled_from([True, False, None, 7, ["a", "b"], [], {"id": "M1"}])
USERS = st.fixed_dictionaries(
    {"id": st.sampled_from(["A", "b", "C"])},
    optional={
        "accountEnabled": st.sampled_from([True, False, None]),
        "userPrincipalName": st.one_of(TEXTS.filter(bool), TEXTS),
        "department": st.one_of(TEXTS, TEXTS, ODD),
        "displayName": st.one_of(TEXTS, TEXTS, ODD),
        "businessPhones": st.one_of(st.lists(TEXTS, max_size=2), ODD),
        "mobilePhone": st.one_of(TEXTS, st.none()),
        "manager": st.one_of(st.none(), st.just({"id": "M1"}), ODD),
    },
)


@given(st.lists(USERS, max_size=4))
@settings(max_examples=300, deadline=None)
def test_people_of_a_page_are_whom_its_users_give_one_by_one(users: list[dict[str, Any]]) -> None:
    selection = Selection.of((*USUAL, "manager"))
    found = people_of_page(selection, users)
    if found:
        assert found == [selection.person(user) for user in users]


def test_a_usual_page_needs_no_closer_look() -> None:
    user = {
        "id": "A1",
        "userPrincipalName": "a_b.example#EXT#@x.example",
        "accountEnabled": False,
        "department": "Sales",
        "jobTitle": None,
        "businessPhones": ["+47 1", "+47 2"],
        "manager": {"id": "M1"},
    }
    (person,) = people_of_page(Selection.of((*USUAL, "manager")), [user])
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


def test_a_page_with_somebody_without_an_id_takes_a_closer_look() -> None:
    user = {"id": "A1", "userPrincipalName": "a@x.example"}
    for odd in ({}, {"id": ""}, {"id": 1}, None, "A2"):
        assert people_of_page(Selection.of(USUAL), [user, odd]) == []
