"""How the practice tenant searches, orders and pages."""

import contextlib
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.practice import PracticeServer
from sparkwizard.practice.scim.filters import matches, parse_filter
from sparkwizard.practice.scim.refusals import ScimRefusal

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def search(webex: httpx.Client, **params: Any) -> dict[str, Any]:
    answer = webex.get("/Users", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [one["userName"].partition("@")[0] for one in found["Resources"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('userName eq "maria.rossi@fabrikam.example"', ["Maria.Rossi"]),
        ('userName Eq "MARIA.ROSSI@fabrikam.example"', ["Maria.Rossi"]),
        ('userName sw "jose"', ["jose.nunez"]),
        ('userName ew "nunez@fabrikam.example"', ["jose.nunez"]),
        ('name.familyName eq "Raman"', ["priya.raman"]),
        ('name.givenName sw "Av"', ["avery.stone"]),
        ('displayName eq "hannah weiss"', ["hannah.weiss"]),
        ('department eq "Legal"', []),
        ('department sw "Executive"', ["greta.lindqvist"]),
        (f'{ENTERPRISE}:department sw "Executive"', ["greta.lindqvist"]),
        ('emails.value eq "avery.stone@fabrikam.example"', ["avery.stone"]),
        ('emails[type eq "work" and value sw "avery"]', ["avery.stone"]),
        ('phoneNumbers [type eq "mobile" and value ew "5550001"]', ["greta.lindqvist"]),
        ('userName sw "jose" or userName sw "avery"', ["jose.nunez", "avery.stone"]),
        ('department eq "Sales" and name.givenName eq "José"', ["jose.nunez"]),
        ('(userName sw "jose" or userName sw "avery") and name.givenName sw "A"', ["avery.stone"]),
        ('userName eq "nobody@fabrikam.example"', []),
    ],
)
def test_a_documented_filter_finds(webex: httpx.Client, text: str, expected: list[str]) -> None:
    assert names(search(webex, filter=text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        'externalId eq "x"',
        "active eq true",
        'userName co "a"',
        "userName pr",
        'userName ne "a"',
        'name.givenName ew "a"',
        'id sw "a"',
        'not (userName eq "a")',
        'shoeSize eq "43"',
        'emails.type eq "work"',
        'phoneNumbers[primary eq "true"]',
        "userName eq unquoted",
        'userName eq "a" and',
        '(userName eq "a"',
        '"userName" eq "a"',
        'userName eq "a" userName eq "b"',
    ],
)
def test_any_other_filter_is_an_invalid_filter(webex: httpx.Client, text: str) -> None:
    answer = webex.get("/Users", params={"filter": text})
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter")


def test_an_error_has_the_key_details_as_cisco_spells_it(webex: httpx.Client) -> None:
    assert "externalId" in webex.get('/Users?filter=externalId eq "x"').json()["details"]


def test_pages_follow_one_another_without_gap_or_overlap(webex: httpx.Client) -> None:
    seen: list[str] = []
    while True:
        page = search(webex, startIndex=len(seen) + 1, count=7)
        if not page["Resources"]:
            break
        seen += [one["id"] for one in page["Resources"]]
    assert (len(seen), len(set(seen))) == (25, 25)


def test_a_page_holds_a_hundred_by_default_and_a_thousand_at_most() -> None:
    from sparkwizard.practice import serve_in_thread

    with serve_in_thread(people=3600) as big, httpx.Client(trust_env=False, verify=False) as client:
        client.headers["Authorization"] = f"Bearer {big.token}"
        sizes = [
            client.get(f"{big.tenant_url}/Users{query}").json()["itemsPerPage"]
            for query in ("", "?count=5000")
        ]
    assert sizes == [100, 1000]


def test_a_count_of_zero_only_counts(webex: httpx.Client) -> None:
    found = search(webex, count=0)
    assert (found["totalResults"], found["Resources"]) == (25, [])


def test_a_start_below_one_counts_as_one(webex: httpx.Client) -> None:
    assert search(webex, startIndex=-3, count=1)["startIndex"] == 1


@pytest.mark.parametrize(
    "params", [{"count": "many"}, {"sortBy": "title"}, {"sortBy": "id", "sortOrder": "up"}]
)
def test_a_parameter_that_is_not_documented_is_refused(
    webex: httpx.Client, params: dict[str, str]
) -> None:
    assert webex.get("/Users", params=params).status_code == 400


@pytest.mark.parametrize("sort_by", ["userName", "id"])
def test_users_can_be_ordered_both_ways(webex: httpx.Client, sort_by: str) -> None:
    up = search(webex, sortBy=sort_by)["Resources"]
    down = search(webex, sortBy=sort_by, sortOrder="descending")["Resources"]
    values = [one[sort_by].casefold() for one in up]
    assert (values, down) == (sorted(values), up[::-1])


def test_only_the_attributes_asked_for_are_shown(webex: httpx.Client) -> None:
    shown = search(webex, attributes="userName,name.givenName,department", count=1)["Resources"][0]
    assert set(shown) == {"schemas", "id", "meta", "userName", "name", ENTERPRISE}


def test_excluded_attributes_are_left_out(webex: httpx.Client) -> None:
    shown = search(webex, excludedAttributes="emails,name.familyName", count=1)["Resources"][0]
    assert ("emails" in shown, shown["name"]) == (False, {"givenName": "Greta"})


def test_groups_are_shown_in_searches_that_ask_for_them(webex: httpx.Client) -> None:
    found = search(webex, filter='userName sw "jose"', returnGroups="true")
    assert [one["display"] for one in found["Resources"][0]["groups"]] == ["Everyone in Sales"]


def test_groups_are_shown_nowhere_else(webex: httpx.Client) -> None:
    found = search(webex, filter='userName sw "jose"')["Resources"][0]
    read = webex.get(f"/Users/{found['id']}?returnGroups=true").json()
    assert ("groups" in found, "groups" in read) == (False, False)


def test_a_filter_on_another_organization_finds_nobody(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    path = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User:meta.organizationId"
    here = search(webex, filter=f'{path} eq "{practice.organization_id}"')
    there = search(webex, filter=f'{path} eq "{practice.world.other_organization_id}"')
    assert (here["totalResults"], there["totalResults"]) == (25, 0)


@given(st.text(max_size=40))
def test_any_text_is_either_a_filter_or_refused(text: str) -> None:
    with contextlib.suppress(ScimRefusal):
        assert matches(parse_filter(text), {"userName": "a"}) in (True, False)


@given(value=st.text(max_size=20))
def test_a_quoted_value_finds_itself(value: str) -> None:
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    assert matches(parse_filter(f'userName eq "{quoted}"'), {"userName": value})
