"""An answer that says no becomes an error in plain words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.errors import (
    Conflict,
    Forbidden,
    NotAuthorized,
    NotFound,
    RemoteError,
    Throttled,
    UnexpectedAnswer,
)
from sparkwizard.net.answer import Answer, Json
from sparkwizard.net.errors_of import check, detail_in, may_have_happened, remote_error, status_in

CISCO = "urn:scim:schemas:extension:cisco:webexidentity:api:messages:2.0:Error"


def answer(status: int, body: Json = None) -> Answer:
    content = b"" if body is None else json.dumps(body).encode()
    return Answer("GET", "https://webexapis.com/v1/people/me", status, {}, content)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, NotAuthorized),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (412, Conflict),
        (429, Throttled),
        (400, RemoteError),
        (423, RemoteError),
        (500, RemoteError),
        (418, RemoteError),
    ],
)
def test_a_status_has_its_error_with_a_fix(status: int, kind: type[RemoteError]) -> None:
    with pytest.raises(kind) as caught:
        check(answer(status))
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert caught.value.fix


@given(st.integers(100, 599))
def test_every_sentence_is_plain(status: int) -> None:
    error = remote_error(status)
    assert "Webex" in error.message
    assert "!" not in str(error)
    assert str(status) not in str(error)


@pytest.mark.parametrize(
    "body",
    [
        {"message": "words", "errors": [{"description": "others"}]},
        {"errors": [{"description": "words"}]},
        {"schemas": ["x"], "status": "409", "detail": "words"},
        {"status": "400", "scimType": "invalidFilter", "details": "words"},
        {"status": "409", CISCO: {"trackingId": "T", "errorCode": 0, "details": "words"}},
        {"error": {"code": "Request_BadRequest", "message": "words"}},
        {"error": "invalid_token", "error_description": "words"},
        {"Errors": [{"code": "404", "description": "words"}]},
        {"response": {"status": "409", CISCO: {"details": "words"}}},
    ],
)
def test_the_other_sides_own_words_are_found(body: Json) -> None:
    assert detail_in(body) == "words"


def test_a_token_in_the_other_sides_words_is_hidden() -> None:
    assert "sssssssss" not in detail_in({"message": "Bearer sssssssssssssss is wrong"})


@pytest.mark.parametrize(
    ("value", "status"),
    [("201", 201), (201, 201), (201.0, 201), ({"code": "201"}, 201), ({"code": 201}, 201)],
)
def test_a_status_is_read_in_every_shape(value: Json, status: int) -> None:
    assert status_in(value) == status


@pytest.mark.parametrize("value", [None, True, "", "ok", [], {}, {"code": {}}])
def test_a_status_that_is_none_is_zero(value: Json) -> None:
    assert status_in(value) == 0


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.integers(400, 599), json_values)
def test_no_body_can_break_the_program(status: int, body: Json) -> None:
    with pytest.raises(RemoteError):
        check(answer(status, body))


def test_a_write_may_have_happened_after_a_server_problem_but_not_after_a_no() -> None:
    assert may_have_happened(remote_error(502))
    assert may_have_happened(UnexpectedAnswer("x", sent=True))
    assert not may_have_happened(remote_error(409))
    assert not may_have_happened(UnexpectedAnswer("x"))
