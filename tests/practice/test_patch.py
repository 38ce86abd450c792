"""How the practice tenant carries out PATCH."""

import contextlib
import copy
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparkwizard.practice.scim.attributes import USER
from sparkwizard.practice.scim.patch import apply_patch
from sparkwizard.practice.scim.refusals import ScimRefusal

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CISCO = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def patch(webex: httpx.Client, user: str, *operations: dict[str, Any]) -> httpx.Response:
    body = {"schemas": [PATCH], "Operations": list(operations)}
    return webex.patch(f"/Users/{user}", json=body)


@pytest.fixture
def greta(webex: httpx.Client) -> str:
    found = webex.get("/Users", params={"filter": 'userName eq "greta.lindqvist@fabrikam.example"'})
    return str(found.json()["Resources"][0]["id"])


def test_replace_changes_a_single_value(webex: httpx.Client, greta: str) -> None:
    changed = patch(webex, greta, {"op": "replace", "path": "title", "value": "Founder"})
    assert changed.json()["title"] == "Founder"


def test_capitalised_operations_are_understood(webex: httpx.Client, greta: str) -> None:
    changed = patch(webex, greta, {"op": "Replace", "path": "title", "value": "Founder"})
    assert changed.json()["title"] == "Founder"


def test_operations_apply_one_after_another(webex: httpx.Client, greta: str) -> None:
    changed = patch(
        webex,
        greta,
        {"op": "replace", "path": "title", "value": "First"},
        {"op": "replace", "path": "title", "value": "Second"},
    )
    assert changed.json()["title"] == "Second"


def test_nothing_is_written_when_a_later_operation_fails(webex: httpx.Client, greta: str) -> None:
    before = webex.get(f"/Users/{greta}").json()
    answer = patch(
        webex,
        greta,
        {"op": "replace", "path": "title", "value": "Founder"},
        {"op": "replace", "path": 'phoneNumbers[type eq "fax"].value', "value": "1"},
    )
    assert (answer.status_code, webex.get(f"/Users/{greta}").json()) == (400, before)


def test_replace_of_a_value_that_nothing_matches_has_no_target(
    webex: httpx.Client, greta: str
) -> None:
    operation = {"op": "replace", "path": 'phoneNumbers[type eq "fax"].value', "value": "1"}
    assert patch(webex, greta, operation).json()["scimType"] == "noTarget"


def test_add_makes_the_value_that_nothing_matches(webex: httpx.Client, greta: str) -> None:
    operation = {"op": "add", "path": 'phoneNumbers[type eq "fax"].value', "value": "1"}
    phones = patch(webex, greta, operation).json()["phoneNumbers"]
    assert {"type": "fax", "value": "1"} in phones


def test_replace_changes_the_value_that_a_filter_chooses(webex: httpx.Client, greta: str) -> None:
    operation = {"op": "replace", "path": 'phoneNumbers [type eq "work"].value', "value": "1"}
    phones = patch(webex, greta, operation).json()["phoneNumbers"]
    assert [one["value"] for one in phones if one["type"] == "work"] == ["1"]


def test_remove_without_a_path_has_no_target(webex: httpx.Client, greta: str) -> None:
    assert patch(webex, greta, {"op": "remove"}).json()["scimType"] == "noTarget"


def test_remove_clears_a_value(webex: httpx.Client, greta: str) -> None:
    assert "title" not in patch(webex, greta, {"op": "remove", "path": "title"}).json()


def test_remove_takes_out_what_a_filter_chooses(webex: httpx.Client, greta: str) -> None:
    operation = {"op": "remove", "path": 'phoneNumbers[type eq "mobile"]'}
    phones = patch(webex, greta, operation).json()["phoneNumbers"]
    assert [one["type"] for one in phones] == ["work"]


def test_removing_a_number_leaves_no_empty_entry(webex: httpx.Client, greta: str) -> None:
    operation = {"op": "remove", "path": 'phoneNumbers[type eq "mobile"].value'}
    phones = patch(webex, greta, operation).json()["phoneNumbers"]
    assert [one["type"] for one in phones] == ["work"]


@pytest.mark.parametrize("separator", [":", "."])
def test_an_extension_is_reached_with_colon_or_dot(
    webex: httpx.Client, greta: str, separator: str
) -> None:
    path = f"{ENTERPRISE}{separator}department"
    changed = patch(webex, greta, {"op": "replace", "path": path, "value": "Board"})
    assert changed.json()[ENTERPRISE]["department"] == "Board"


def test_without_a_path_the_value_holds_the_attributes(webex: httpx.Client, greta: str) -> None:
    value = {"title": "Founder", "name.givenName": "Margareta", ENTERPRISE: {"department": "Board"}}
    changed = patch(webex, greta, {"op": "replace", "value": value}).json()
    assert (changed["title"], changed["name"]["givenName"], changed[ENTERPRISE]) == (
        "Founder",
        "Margareta",
        {"department": "Board"},
    )


def test_parts_of_a_name_that_are_not_sent_stay(webex: httpx.Client, greta: str) -> None:
    operation = {"op": "replace", "path": "name", "value": {"givenName": "Margareta"}}
    assert patch(webex, greta, operation).json()["name"]["familyName"] == "Lindqvist"


def test_an_unknown_path_is_refused(webex: httpx.Client, greta: str) -> None:
    answer = patch(webex, greta, {"op": "add", "path": "shoeSize", "value": "43"})
    assert answer.json()["scimType"] == "invalidPath"


@pytest.mark.parametrize("path", ["id", "meta.created", "groups"])
def test_what_is_read_only_is_ignored(webex: httpx.Client, greta: str, path: str) -> None:
    before = webex.get(f"/Users/{greta}").json()
    assert patch(webex, greta, {"op": "replace", "path": path, "value": "x"}).json() == before


def test_an_unknown_schema_is_ignored(webex: httpx.Client, greta: str) -> None:
    before = webex.get(f"/Users/{greta}").json()
    path = "urn:example:unknown:2.0:User:shoeSize"
    assert patch(webex, greta, {"op": "add", "path": path, "value": "43"}).json() == before


def test_a_mail_and_a_name_can_change_in_one_request(webex: httpx.Client, greta: str) -> None:
    new = "greta.olsson@fabrikam.example"
    changed = patch(
        webex,
        greta,
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": new},
        {"op": "replace", "path": "userName", "value": new},
    ).json()
    assert (changed["userName"], changed["emails"][0]["value"]) == (new, new)


def test_disabling_changes_the_account_status(webex: httpx.Client, greta: str) -> None:
    changed = patch(webex, greta, {"op": "replace", "path": "active", "value": False}).json()
    assert changed[CISCO]["accountStatus"] == ["disabled"]


def test_adding_what_is_there_changes_nothing(webex: httpx.Client, greta: str) -> None:
    before = webex.get(f"/Users/{greta}").json()
    operation = {"op": "add", "path": "phoneNumbers", "value": before["phoneNumbers"]}
    assert patch(webex, greta, operation).json() == before


@pytest.mark.parametrize(
    "body",
    [
        {"Operations": [{"op": "remove", "path": "title"}]},
        {"schemas": [PATCH], "Operations": []},
        {"schemas": [PATCH], "Operations": [{"op": "move", "path": "title"}]},
        {"schemas": [PATCH], "Operations": [{"op": "add", "path": "title"}]},
        {"schemas": [PATCH], "Operations": ["remove"]},
    ],
)
def test_a_malformed_request_is_refused(
    webex: httpx.Client, greta: str, body: dict[str, Any]
) -> None:
    assert webex.patch(f"/Users/{greta}", json=body).status_code == 400


USERS = st.fixed_dictionaries(
    {"userName": st.just("a@b.example")},
    optional={
        "title": st.text(max_size=20),
        "phoneNumbers": st.lists(
            st.fixed_dictionaries(
                {"value": st.text(min_size=1), "type": st.sampled_from(["work", "mobile", "fax"])}
            ),
            min_size=1,
            max_size=4,
        ),
    },
)
OPERATIONS = st.fixed_dictionaries(
    {
        "op": st.sampled_from(["add", "replace", "remove"]),
        "path": st.sampled_from(
            ["title", "phoneNumbers", 'phoneNumbers[type eq "work"]', "name.givenName"]
        ),
        "value": st.one_of(
            st.text(max_size=5), st.just([{"value": "1", "type": "work"}]), st.none()
        ),
    }
)


@given(user=USERS, operations=st.lists(OPERATIONS, min_size=1, max_size=5))
def test_a_patch_never_touches_the_resource_it_was_given(
    user: dict[str, Any], operations: list[dict[str, Any]]
) -> None:
    before = copy.deepcopy(user)
    with contextlib.suppress(ScimRefusal):
        apply_patch(USER, user, {"schemas": [PATCH], "Operations": operations})
    assert user == before


@given(user=USERS, text=st.text(min_size=1, max_size=20))
def test_a_replaced_title_is_the_title(user: dict[str, Any], text: str) -> None:
    operations = [{"op": "replace", "path": "title", "value": text}]
    changed = apply_patch(USER, user, {"schemas": [PATCH], "Operations": operations})
    assert changed == {**user, "title": text}
