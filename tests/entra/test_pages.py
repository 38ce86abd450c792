"""Pages of Graph's lists, decoded as what is asked for, or as they came."""

import httpx
import msgspec
import pytest

from sparkwizard.entra.pages import page_in
from sparkwizard.entra.types import Page
from sparkwizard.errors import UnexpectedAnswer
from sparkwizard.net.answer import Answer


class Named(msgspec.Struct):
    id: str


def answer(content: bytes) -> Answer:
    return Answer("GET", "http://127.0.0.1/users", 200, httpx.Headers(), content)


def test_values_that_fit_are_structs_with_nothing_more_than_is_asked_for() -> None:
    body = b'{"@odata.nextLink": "x", "@odata.count": 2, "value": [{"id": "a", "mail": 7}]}'
    assert page_in(answer(body), Named) == Page([Named("a")], "x", "", 2)
    assert page_in(answer(b"\xef\xbb\xbf" + body), Named).values == [Named("a")]


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (b'{"value": [{"id": "a"}, {"id": 7}]}', Page([{"id": "a"}, {"id": 7}])),
        (b'{"value": [], "@odata.nextLink": null}', Page([])),
        (b'{"value": [], "@odata.count": true}', Page([])),
        (b'{"value": [], "@odata.deltaLink": 5}', Page([], "", "5")),
    ],
)
def test_a_page_that_does_not_fit_comes_as_it_is(body: bytes, page: Page) -> None:
    assert page_in(answer(body), Named) == page == page_in(answer(body))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"value": {}}', "without the list"),
        (b"[]", "a list or a single value where an object was expected"),
        (b'{"value": [{"id": "a"}', "something unreadable"),
        (b'{"value": [{"id": "\xff"}]}', "something unreadable"),
        (b"<html>Sign in</html>", "a web page"),
        (b'{"value": ' + b"[" * 100_000, "something unreadable"),
    ],
)
def test_what_is_no_page_is_told(body: bytes, told: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=told):
        page_in(answer(body), Named)
