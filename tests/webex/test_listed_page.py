"""A page whose users are kept as they came says of each what the decoded page says."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparkwizard.provisioning.target.listed_user import ListedUser
from sparkwizard.webex.scim_read import listed_page, page_in
from tests.examples import examples

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SCALARS = st.sampled_from(["", "a@x.example", "Ödön", "false", " TRUE ", True, False, 0, 7, None])
VALUES = st.one_of(
    SCALARS, st.fixed_dictionaries({}, optional={"givenName": SCALARS, "familyName": SCALARS})
)
NAMES = ("id", "userName", "username", "externalId", "active", "displayName", "name", "kept")
IDS = st.sampled_from(["w1", "w2", "w3"])
USERS = st.tuples(IDS, st.dictionaries(st.sampled_from(NAMES), VALUES)).map(
    lambda found: {"id": found[0], **found[1]}
)


def page(*users: object, **more: object) -> dict[str, Any]:
    head = {"schemas": [LIST], "totalResults": len(users), "Resources": list(users)}
    return {**head, **more}


@given(st.lists(USERS, max_size=3))
@settings(max_examples=examples(300))
def test_who_is_kept_as_they_came_is_who_was_decoded(users: list[dict[str, Any]]) -> None:
    decoded = page(*users)
    found, expected = listed_page(msgspec.json.encode(decoded)), page_in(decoded, "host")
    if found is None:
        return
    assert found == expected
    for one, other in zip(found.users, expected.users, strict=True):
        assert (one.user_name, one.external_id) == (other.user_name, other.external_id)
        assert (one.active, one.label) == (other.active, other.label)


def test_a_usual_page_is_kept_as_it_came() -> None:
    user = {"id": "w1", "userName": "a@x.example", "active": True, "name": {"givenName": "A"}}
    other = {**user, "id": "w2"}
    found = listed_page(msgspec.json.encode(page(user, other)))
    assert found is not None
    assert set(map(type, found.users)) == {ListedUser}
    assert [one.resource for one in found.users] == [user, other]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b'{"totalResults": 0}',
        b'{"schemas": [], "totalResults": 1, "Resources": [{"id": "w1"}]}',
        b'{"schemas": ["%s"], "totalResults": "1", "Resources": [{"id": "w1"}]}' % LIST.encode(),
        b'{"schemas": ["%s"], "totalResults": 1, "Resources": [{"id": ""}]}' % LIST.encode(),
        b'{"schemas": ["%s"], "totalResults": 1, "Resources": [{"id": 1}]}' % LIST.encode(),
        b'{"schemas": ["%s"], "totalResults": 1, "Resources": [null]}' % LIST.encode(),
        b'{"schemas": ["%s"], "totalResults": 2, "Resources": [{"id": "w"}, {"id": "w", "x": 1}]}'
        % LIST.encode(),
        b'{"schemas": ["%s"], "totalResults": 1, "Resources": [{"id": "w", "x": "\xff"}]}'
        % LIST.encode(),
    ],
)
def test_an_unusual_page_is_looked_at_closely(content: bytes) -> None:
    assert listed_page(content) is None


def test_a_number_too_large_for_anybody_hides_no_user() -> None:
    found = listed_page(msgspec.json.encode(page({"id": "w1"}))[:-3] + b',"x":1e999}]}')
    assert found is not None
    assert found.users[0].resource["x"] == float("inf")
