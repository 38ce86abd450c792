"""Delta queries: everything once, then only what changed."""

from typing import Any

import httpx
import pytest

from sparkwizard.practice import PracticeServer
from tests.practice.graph.conftest import Get

ANNA = "anna.schmidt@fabrikam.example"


def rounds(graph: httpx.Client, link: str, **headers: str) -> tuple[list[dict[str, Any]], str]:
    """Return all values of one round, and the link to the next."""
    values: list[dict[str, Any]] = []
    while True:
        body = graph.get(link, headers=headers).raise_for_status().json()
        values += body["value"]
        if "@odata.deltaLink" in body:
            return values, body["@odata.deltaLink"]
        link = body["@odata.nextLink"]


def test_the_first_round_tells_of_everyone(graph: httpx.Client) -> None:
    people, _ = rounds(graph, "/users/delta?$select=displayName,manager")
    assert len({one["id"] for one in people}) == 60
    assert set(people[1]) == {"displayName", "id", "manager@delta"}


def test_a_quiet_directory_tells_nothing(graph: httpx.Client) -> None:
    _, link = rounds(graph, "/users/delta?$select=displayName")
    assert rounds(graph, link)[0] == []


def test_the_next_round_tells_what_changed_in_the_selected_properties(
    practice: PracticeServer, graph: httpx.Client
) -> None:
    _, link = rounds(graph, "/users/delta?$select=department")
    practice.entra.directory.change_person(ANNA, jobTitle="Unselected")
    assert rounds(graph, link)[0] == []
    changed = practice.entra.directory.change_person(ANNA, department="Legal")
    found, link = rounds(graph, link)
    assert found == [{"department": "Legal", "id": changed["id"]}]
    assert rounds(graph, link)[0] == []


def test_newcomers_come_whole(practice: PracticeServer, graph: httpx.Client) -> None:
    _, link = rounds(graph, "/users/delta?$deltatoken=latest&$select=userPrincipalName")
    added = practice.entra.directory.add_person(userPrincipalName="new@fabrikam.example")
    assert rounds(graph, link)[0] == [
        {"userPrincipalName": "new@fabrikam.example", "id": added["id"]}
    ]


def test_who_left_is_told_with_the_reason(practice: PracticeServer, graph: httpx.Client) -> None:
    directory = practice.entra.directory
    first, second = directory.person_id(ANNA), directory.person_id("mei.chen@fabrikam.example")
    _, link = rounds(graph, "/users/delta?$deltatoken=latest")
    directory.delete_person(first)
    directory.purge_person(second)
    assert {one["id"]: one["@removed"]["reason"] for one in rounds(graph, link)[0]} == {
        first: "changed",
        second: "deleted",
    }


def test_a_restored_person_comes_back(practice: PracticeServer, graph: httpx.Client) -> None:
    identifier = practice.entra.directory.person_id(ANNA)
    practice.entra.directory.delete_person(identifier)
    _, link = rounds(graph, "/users/delta?$select=userPrincipalName")
    practice.entra.directory.restore_person(identifier)
    assert rounds(graph, link)[0] == [{"userPrincipalName": ANNA, "id": identifier}]


def test_a_new_manager_is_told_with_the_old_one_taken_away(
    practice: PracticeServer, graph: httpx.Client
) -> None:
    _, link = rounds(graph, "/users/delta?$select=manager")
    practice.entra.directory.set_manager(ANNA, "mei.chen@fabrikam.example")
    told = rounds(graph, link)[0][0]["manager@delta"]
    assert ["@removed" in one for one in told] == [True, False]


def test_minimal_answers_hold_only_what_changed(
    practice: PracticeServer, graph: httpx.Client
) -> None:
    _, link = rounds(graph, "/users/delta?$select=department,jobTitle")
    practice.entra.directory.change_person(ANNA, jobTitle="Pilot")
    found, _ = rounds(graph, link, Prefer="return=minimal")
    assert [set(one) for one in found] == [{"jobTitle", "id"}]


def test_groups_tell_who_came_and_who_left(practice: PracticeServer, graph: httpx.Client) -> None:
    directory = practice.entra.directory
    groups, link = rounds(graph, "/groups/delta?$select=displayName,members")
    pilot = next(one["id"] for one in groups if one.get("displayName") == "Webex pilot")
    leaver = directory.members(pilot)[0]
    directory.remove_member(pilot, leaver)
    directory.add_member(pilot, ANNA)
    moved = rounds(graph, link)[0][0]["members@delta"]
    assert {one["id"]: "@removed" in one for one in moved} == {
        leaver: True,
        directory.person_id(ANNA): False,
    }


def test_a_large_group_comes_in_parts(practice: PracticeServer, graph: httpx.Client) -> None:
    directory = practice.entra.directory
    everyone = directory.add_group("Everyone", list(directory.users) * 1)
    for number in range(100):
        new = directory.add_person(userPrincipalName=f"n{number}@fabrikam.example")
        directory.add_member(everyone["id"], new["id"])
    parts = [
        one
        for one in rounds(graph, "/groups/delta?$select=displayName,members")[0]
        if one["id"] == everyone["id"]
    ]
    assert [len(one["members@delta"]) for one in parts] == [100, 60]


@pytest.mark.parametrize("option", ["$top=5", "$orderby=displayName", "$expand=manager"])
def test_a_delta_query_takes_few_options(get: Get, option: str) -> None:
    get(f"/users/delta?{option}", status=400)


def test_an_expired_link_leads_to_a_full_read(
    practice: PracticeServer, graph: httpx.Client
) -> None:
    _, link = rounds(graph, "/users/delta")
    practice.entra_faults.delta_expired = True
    answer = graph.get(link)
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "syncStateNotFound")
    assert answer.headers["location"].endswith("/users/delta?$deltatoken=")
    assert len(rounds(graph, answer.headers["location"])[0]) == 60


def test_pages_may_be_empty(practice: PracticeServer, graph: httpx.Client) -> None:
    practice.entra_faults.delta_empty_pages = 2
    first = graph.get("/users/delta").json()
    assert (first["value"], "@odata.nextLink" in first) == ([], True)
    assert len(rounds(graph, "/users/delta")[0]) == 60


def test_objects_may_repeat(practice: PracticeServer, graph: httpx.Client) -> None:
    for number in range(250):
        practice.entra.directory.add_person(userPrincipalName=f"n{number}@fabrikam.example")
    practice.entra_faults.delta_repeats = True
    people = [one["id"] for one in rounds(graph, "/users/delta")[0]]
    assert (len(people), len(set(people))) == (311, 310)
