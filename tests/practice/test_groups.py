"""How the practice tenant keeps groups and their members."""

from typing import Any

import httpx
import pytest

from sparkwizard.practice import PracticeServer, serve_in_thread

CORE = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def create(webex: httpx.Client, *members: str, name: str = "Testers") -> dict[str, Any]:
    sent = {
        "schemas": [CORE],
        "displayName": name,
        "members": [{"value": one, "type": "user"} for one in members],
    }
    answer = webex.post("/Groups", json=sent)
    assert answer.status_code == 201, answer.text
    group: dict[str, Any] = answer.json()
    return group


def user_ids(practice: PracticeServer) -> list[str]:
    return [one.id for one in practice.world.users]


def test_a_group_is_created_with_named_members(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    group = create(webex, user_ids(practice)[0])
    assert [one["display"] for one in group["members"]] == ["Greta Lindqvist"]


def test_a_group_needs_a_display_name(webex: httpx.Client) -> None:
    assert webex.post("/Groups", json={"schemas": [CORE]}).status_code == 400


def test_a_member_must_exist(webex: httpx.Client) -> None:
    sent = {"schemas": [CORE], "displayName": "x", "members": [{"value": "nobody"}]}
    assert webex.post("/Groups", json=sent).status_code == 400


def test_a_list_shows_members_only_when_asked(webex: httpx.Client) -> None:
    plain = webex.get("/Groups").json()["Resources"]
    full = webex.get("/Groups?includeMembers=true").json()["Resources"]
    assert ["members" in one for one in (*plain, *full)] == [False, False, True, True]


def test_groups_are_found_by_display_name(webex: httpx.Client) -> None:
    text = 'displayName Eq "everyone in sales" or displayName eq "none"'
    found = webex.get("/Groups", params={"filter": text}).json()
    assert [one["displayName"] for one in found["Resources"]] == ["Everyone in Sales"]


def test_a_search_for_members_is_refused(webex: httpx.Client) -> None:
    answer = webex.get("/Groups", params={"filter": 'members.value eq "x"'})
    assert answer.json()["scimType"] == "invalidFilter"


def test_a_member_is_removed_by_a_filter_on_the_value(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    first, second, *_ = user_ids(practice)
    group = create(webex, first, second)
    operation = {"op": "remove", "path": f'members[value eq "{first}"]'}
    changed = webex.patch(
        f"/Groups/{group['id']}", json={"schemas": [PATCH], "Operations": [operation]}
    )
    assert [one["value"] for one in changed.json()["members"]] == [second]


def test_members_are_removed_by_a_list_of_values(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    first, second, *_ = user_ids(practice)
    group = create(webex, first, second)
    operation = {"op": "remove", "path": "members", "value": [{"value": second}]}
    changed = webex.patch(
        f"/Groups/{group['id']}", json={"schemas": [PATCH], "Operations": [operation]}
    )
    assert [one["value"] for one in changed.json()["members"]] == [first]


def test_put_replaces_the_members(practice: PracticeServer, webex: httpx.Client) -> None:
    first, second, *_ = user_ids(practice)
    group = create(webex, first)
    sent = {"schemas": [CORE], "displayName": "Testers", "members": [{"value": second}]}
    changed = webex.put(f"/Groups/{group['id']}", json=sent).json()
    assert [one["value"] for one in changed["members"]] == [second]


def test_a_deleted_user_leaves_every_group(practice: PracticeServer, webex: httpx.Client) -> None:
    first, second, *_ = user_ids(practice)
    group = create(webex, first, second)
    webex.delete(f"/Users/{first}")
    members = webex.get(f"/Groups/{group['id']}").json()["members"]
    assert [one["value"] for one in members] == [second]


def test_members_can_come_in_smaller_pages_than_asked_for(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    practice.faults.most_on_a_page = 2
    group = create(webex, *user_ids(practice)[:3])
    page = webex.get(f"/Groups/{group['id']}/Members?count=500").json()
    assert (page["memberSize"], len(page["members"])) == (3, 2)


def test_a_deleted_group_is_gone(webex: httpx.Client) -> None:
    group = create(webex)
    webex.delete(f"/Groups/{group['id']}")
    assert webex.get(f"/Groups/{group['id']}").status_code == 404


def test_a_request_takes_at_most_five_hundred_members(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    members = [{"value": user_ids(practice)[0]}] * 501
    sent = {"schemas": [CORE], "displayName": "x", "members": members}
    assert webex.post("/Groups", json=sent).status_code == 400


def test_a_large_group_shows_five_hundred_members_and_pages_the_rest() -> None:
    with (
        serve_in_thread(people=1800) as big,
        httpx.Client(base_url=big.tenant_url, trust_env=False, verify=False) as webex,
    ):
        webex.headers["Authorization"] = f"Bearer {big.token}"
        everyone = user_ids(big)[:600]
        group = create(webex, *everyone[:500])["id"]
        more = [{"value": one} for one in everyone[500:]]
        operation = {"op": "add", "path": "members", "value": more}
        webex.patch(f"/Groups/{group}", json={"schemas": [PATCH], "Operations": [operation]})
        shown = webex.get(f"/Groups/{group}").json()["members"]
        rest = webex.get(f"/Groups/{group}/Members?startIndex=501").json()
    assert (len(shown), rest["memberSize"], len(rest["members"])) == (500, 600, 100)


@pytest.mark.parametrize(("member_type", "count"), [("user", 3), ("group", 0)])
def test_members_can_be_chosen_by_type(webex: httpx.Client, member_type: str, count: int) -> None:
    group = webex.get('/Groups?filter=displayName sw "Everyone"').json()["Resources"][0]
    members = webex.get(f"/Groups/{group['id']}/Members?memberType={member_type}").json()
    assert members["memberSize"] == count
