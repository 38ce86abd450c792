"""What the practice tenant accepts, keeps and refuses when users are written."""

from typing import Any

import httpx
import pytest

from sparkwizard.practice import PracticeServer

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CISCO = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"


def newcomer(**more: Any) -> dict[str, Any]:
    return {
        "schemas": [CORE],
        "userName": "new.person@fabrikam.example",
        "userType": "user",
        **more,
    }


def create(webex: httpx.Client, **more: Any) -> dict[str, Any]:
    answer = webex.post("/Users", json=newcomer(**more))
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def test_a_created_user_can_be_read_by_id(webex: httpx.Client) -> None:
    created = create(webex, displayName="New Person")
    assert webex.get(f"/Users/{created['id']}").json() == created


def test_a_created_user_is_active_unless_told_otherwise(webex: httpx.Client) -> None:
    assert create(webex)["active"] is True


def test_the_answer_to_a_creation_names_its_address(webex: httpx.Client) -> None:
    answer = webex.post("/Users", json=newcomer())
    assert answer.headers["location"] == answer.json()["meta"]["location"]


def test_a_new_user_gets_a_primary_work_address_equal_to_the_user_name(
    webex: httpx.Client,
) -> None:
    assert create(webex)["emails"] == [
        {"value": "new.person@fabrikam.example", "type": "work", "primary": True}
    ]


def test_a_work_address_that_differs_from_the_user_name_is_aligned(webex: httpx.Client) -> None:
    created = create(webex, emails=[{"value": "other@fabrikam.example", "type": "work"}])
    assert [one["value"] for one in created["emails"]] == ["new.person@fabrikam.example"]


def test_another_address_never_stays_primary(webex: httpx.Client) -> None:
    home = {"value": "me@home.example", "type": "home", "primary": True}
    created = create(webex, emails=[home])
    assert [one["primary"] for one in created["emails"]] == [False, True]


def test_the_work_address_follows_a_changed_user_name(webex: httpx.Client) -> None:
    created = create(webex)
    changed = webex.put(
        f"/Users/{created['id']}", json=newcomer(userName="renamed@fabrikam.example")
    )
    assert changed.json()["emails"][0]["value"] == "renamed@fabrikam.example"


@pytest.mark.parametrize("missing", ["userName", "userType", "schemas"])
def test_a_user_without_a_required_attribute_is_refused(webex: httpx.Client, missing: str) -> None:
    sent = {key: value for key, value in newcomer().items() if key != missing}
    assert webex.post("/Users", json=sent).status_code == 400


def test_a_user_name_must_be_an_email_address(webex: httpx.Client) -> None:
    answer = webex.post("/Users", json=newcomer(userName="new.person"))
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")


def test_a_user_name_is_taken_whatever_its_case(webex: httpx.Client) -> None:
    create(webex)
    answer = webex.post("/Users", json=newcomer(userName="NEW.Person@fabrikam.example"))
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")


@pytest.mark.parametrize(("switched_on", "status"), [(False, 201), (True, 409)])
def test_a_user_name_of_another_organization_is_taken_once_that_is_switched_on(
    practice: PracticeServer, webex: httpx.Client, switched_on: bool, status: int
) -> None:
    practice.faults.names_taken_elsewhere = switched_on
    answer = webex.post("/Users", json=newcomer(userName="Yuki.Tanaka@fabrikam.example"))
    assert answer.status_code == status


def test_a_rename_to_a_taken_name_is_refused(webex: httpx.Client) -> None:
    created = create(webex)
    sent = newcomer(userName="greta.lindqvist@fabrikam.example")
    assert webex.put(f"/Users/{created['id']}", json=sent).status_code == 409


def test_a_deleted_name_can_be_used_again(webex: httpx.Client) -> None:
    created = create(webex)
    assert webex.delete(f"/Users/{created['id']}").status_code == 204
    assert create(webex)["id"] != created["id"]


@pytest.mark.parametrize(
    ("attribute", "longest"),
    [("displayName", 512), ("nickName", 256), ("title", 512), ("externalId", 256)],
)
def test_a_text_may_be_as_long_as_documented_and_no_longer(
    webex: httpx.Client, attribute: str, longest: int
) -> None:
    create(webex, **{attribute: "x" * longest})
    sent = newcomer(userName="b@fabrikam.example", **{attribute: "x" * (longest + 1)})
    assert webex.post("/Users", json=sent).status_code == 400


def test_parts_of_a_name_have_a_limit_too(webex: httpx.Client) -> None:
    sent = newcomer(name={"givenName": "x" * 257})
    assert webex.post("/Users", json=sent).status_code == 400


def test_at_most_ten_addresses_are_taken(webex: httpx.Client) -> None:
    emails = [{"value": f"{n}@home.example", "type": "home"} for n in range(11)]
    assert webex.post("/Users", json=newcomer(emails=emails)).status_code == 400


def test_an_unknown_kind_of_phone_number_is_refused(webex: httpx.Client) -> None:
    phones = [{"value": "1", "type": "satellite"}]
    assert webex.post("/Users", json=newcomer(phoneNumbers=phones)).status_code == 400


def test_a_text_in_place_of_true_is_refused(webex: httpx.Client) -> None:
    assert webex.post("/Users", json=newcomer(active="True")).status_code == 400


def test_unknown_schemas_and_attributes_are_ignored_silently(webex: httpx.Client) -> None:
    created = create(webex, shoeSize=43, **{"urn:example:unknown:2.0:User": {"a": 1}})
    assert {"shoeSize", "urn:example:unknown:2.0:User"}.isdisjoint(created)


def test_read_only_input_is_ignored_silently(webex: httpx.Client) -> None:
    created = create(webex, id="mine", groups=[{"value": "x"}], meta={"version": "1"})
    assert created["id"] != "mine"


def test_a_password_is_taken_and_never_shown(webex: httpx.Client) -> None:
    created = create(webex, password="correct horse")
    assert "password" not in webex.get(f"/Users/{created['id']}").json()


def test_put_forgets_what_is_not_sent(webex: httpx.Client) -> None:
    created = create(webex, title="Engineer", **{ENTERPRISE: {"department": "IT"}})
    changed = webex.put(f"/Users/{created['id']}", json=newcomer()).json()
    assert {"title", ENTERPRISE}.isdisjoint(changed)


def test_put_keeps_the_id_and_the_time_of_creation(webex: httpx.Client) -> None:
    created = create(webex)
    changed = webex.put(f"/Users/{created['id']}", json=newcomer(title="Engineer")).json()
    assert (changed["id"], changed["meta"]["created"]) == (
        created["id"],
        created["meta"]["created"],
    )


def test_a_change_gives_a_new_version(webex: httpx.Client) -> None:
    created = create(webex)
    changed = webex.put(f"/Users/{created['id']}", json=newcomer(title="Engineer"))
    assert changed.headers["etag"] != created["meta"]["version"]


def test_a_change_of_nothing_keeps_the_version(webex: httpx.Client) -> None:
    created = create(webex)
    again = webex.put(f"/Users/{created['id']}", json=newcomer())
    assert again.json()["meta"] == created["meta"]


def test_a_manager_must_be_a_user_of_the_organization(webex: httpx.Client) -> None:
    sent = newcomer(**{ENTERPRISE: {"manager": {"value": "nobody"}}})
    assert webex.post("/Users", json=sent).status_code == 400


def test_a_manager_is_shown_with_a_name(webex: httpx.Client) -> None:
    boss = create(webex, userName="boss@fabrikam.example", displayName="The Boss")
    created = create(webex, **{ENTERPRISE: {"manager": {"value": boss["id"]}}})
    assert created[ENTERPRISE]["manager"]["displayName"] == "The Boss"


@pytest.mark.parametrize("role", ["location_full_admin", "webex_site_admin"])
def test_some_roles_cannot_be_assigned(webex: httpx.Client, role: str) -> None:
    roles = [{"value": role, "type": "cirole"}]
    assert webex.post("/Users", json=newcomer(roles=roles)).status_code == 400


def test_an_inactive_user_has_the_account_status_disabled(webex: httpx.Client) -> None:
    assert create(webex, active=False)[CISCO]["accountStatus"] == ["disabled"]


def test_an_unknown_user_is_not_found(webex: httpx.Client) -> None:
    assert webex.get("/Users/nobody").status_code == 404


def test_a_body_that_is_no_json_is_refused(webex: httpx.Client) -> None:
    answer = webex.post("/Users", content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidSyntax")


def test_an_error_tells_the_tracking_id_of_its_header(webex: httpx.Client) -> None:
    answer = webex.get("/Users/nobody")
    extension = "urn:scim:schemas:extension:cisco:webexidentity:api:messages:2.0:Error"
    assert answer.json()[extension]["trackingId"] == answer.headers["trackingid"]


def test_the_same_seed_gives_the_same_ids(practice: PracticeServer, webex: httpx.Client) -> None:
    from sparkwizard.practice import serve_in_thread

    with serve_in_thread() as twin:
        assert [one.id for one in twin.world.users] == [one.id for one in practice.world.users]
