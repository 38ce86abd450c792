"""How the practice tenant carries out many operations in one request."""

import json
from typing import Any

import httpx
import pytest

from sparkwizard.practice import PracticeServer

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:scim:schemas:extension:cisco:webexidentity:api:messages:2.0:Error"


def creation(number: int, name: str | None = None) -> dict[str, Any]:
    return {
        "method": "POST",
        "path": "/Users",
        "bulkId": f"u{number}",
        "data": {
            "schemas": [CORE],
            "userName": name or f"bulk{number}@fabrikam.example",
            "userType": "user",
        },
    }


def send(webex: httpx.Client, *operations: dict[str, Any], **more: Any) -> httpx.Response:
    return webex.post("/Bulk", json={"schemas": [BULK], "operations": list(operations), **more})


def statuses(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["status"] for one in answer.json()["Operations"]]


def test_create_change_and_delete_go_together(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    first, second, *_ = (one.id for one in practice.world.users)
    change = {
        "schemas": [PATCH],
        "Operations": [{"op": "replace", "path": "title", "value": "Founder"}],
    }
    answer = send(
        webex,
        creation(1),
        {"method": "PATCH", "path": f"/Users/{first}", "data": change},
        {"method": "DELETE", "path": f"/Users/{second}"},
    )
    assert statuses(answer) == ["201", "200", "204"]


def test_each_result_tells_where_and_which_version(webex: httpx.Client) -> None:
    result = send(webex, creation(1)).json()["Operations"][0]
    user = webex.get(result["location"]).json()
    assert (result["bulkId"], result["version"]) == ("u1", user["meta"]["version"])


def test_one_failure_leaves_the_others_alone(webex: httpx.Client) -> None:
    taken = creation(2, "greta.lindqvist@fabrikam.example")
    assert statuses(send(webex, creation(1), taken, creation(3))) == ["201", "409", "201"]


def test_each_nth_operation_can_fail_by_itself_and_some_are_done_all_the_same(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    practice.faults.bulk_fails_every = 2
    told = statuses(send(webex, *(creation(number) for number in range(1, 9))))
    assert told == ["201", "503", "201", "500", "201", "400", "201", "429"]
    names = {one.decode()["userName"] for one in practice.world.users}
    made = [n for n in range(1, 9) if f"bulk{n}@fabrikam.example" in names]
    assert made == [1, 3, 4, 5, 7]


def test_a_failed_operation_tells_why(webex: httpx.Client) -> None:
    taken = creation(1, "greta.lindqvist@fabrikam.example")
    answer = send(webex, taken)
    problem = answer.json()["Operations"][0]["response"]
    assert (problem["status"], problem[ERROR]["trackingId"]) == (
        "409",
        answer.headers["trackingid"],
    )


def test_too_many_failures_end_the_request(webex: httpx.Client) -> None:
    bad = [creation(n, "no address") for n in range(3)]
    answer = send(webex, bad[0], creation(8), bad[1], creation(9), failOnErrors=2)
    assert statuses(answer) == ["400", "201", "400"]


def test_a_later_operation_can_use_what_an_earlier_one_created(webex: httpx.Client) -> None:
    group = {
        "method": "POST",
        "path": "/Groups",
        "bulkId": "g",
        "data": {"schemas": [GROUP], "displayName": "New", "members": [{"value": "bulkId:u1"}]},
    }
    answer = send(webex, creation(1), group)
    members = webex.get(answer.json()["Operations"][1]["location"]).json()["members"]
    created = answer.json()["Operations"][0]["location"].rpartition("/")[2]
    assert [one["value"] for one in members] == [created]


def test_a_reference_to_nothing_fails_alone(webex: httpx.Client) -> None:
    delete = {"method": "DELETE", "path": "/Users/bulkId:none"}
    assert statuses(send(webex, delete, creation(1))) == ["409", "201"]


def test_data_may_be_json_text_as_the_description_types_it(webex: httpx.Client) -> None:
    operation = creation(1)
    operation["data"] = json.dumps(operation["data"])
    assert statuses(send(webex, operation)) == ["201"]


def test_a_hundred_operations_are_taken(webex: httpx.Client) -> None:
    assert statuses(send(webex, *(creation(n) for n in range(100)))) == ["201"] * 100


def test_a_hundred_and_one_are_refused_as_a_whole(
    practice: PracticeServer, webex: httpx.Client
) -> None:
    answer = send(webex, *(creation(n) for n in range(101)))
    assert (answer.status_code, len(practice.world.users)) == (400, 25)


@pytest.mark.parametrize(
    "operation",
    [
        {"method": "PUT", "path": "/Users/x", "data": {}},
        {"method": "GET", "path": "/Users/x"},
        {"method": "POST", "path": "/Users", "data": {}},
    ],
)
def test_a_request_with_an_operation_that_cannot_be_is_refused(
    webex: httpx.Client, operation: dict[str, Any]
) -> None:
    assert send(webex, operation).status_code == 400


@pytest.mark.parametrize("most", [0, 101, "many", True])
def test_fail_on_errors_is_a_number_from_one_to_a_hundred(webex: httpx.Client, most: Any) -> None:
    assert send(webex, creation(1), failOnErrors=most).status_code == 400


def test_a_bulk_id_is_used_once(webex: httpx.Client) -> None:
    assert send(webex, creation(1), creation(1)).status_code == 400


@pytest.mark.parametrize("path", ["/Machines", "/Users/x", "nonsense"])
def test_a_creation_in_the_wrong_place_fails_alone(webex: httpx.Client, path: str) -> None:
    wrong = {**creation(1), "path": path}
    assert statuses(send(webex, wrong, creation(2)))[1] == "201"
