"""What the practice Graph says of people and groups."""

import httpx
import pytest

from sparkwizard.practice import PracticeServer, serve_in_thread
from tests.practice.graph.conftest import Get

EVENTUAL = {"ConsistencyLevel": "eventual"}


def every_page(graph: httpx.Client, path: str) -> list[list[str]]:
    pages, link = [], path
    while link:
        body = graph.get(link).json()
        pages.append([one["id"] for one in body["value"]])
        link = body.get("@odata.nextLink", "")
    return pages


def group_named(get: Get, name: str) -> str:
    found = get(f"/groups?$filter=displayName eq '{name}'&$select=id")["value"]
    return str(found[0]["id"])


def test_everyone_of_the_company_is_there_once(graph: httpx.Client) -> None:
    pages = every_page(graph, "/users?$top=25")
    everyone = [one for page in pages for one in page]
    assert [len(page) for page in pages] == [25, 25, 10]
    assert len(set(everyone)) == 60


def test_a_page_holds_a_hundred_people_unless_asked_otherwise() -> None:
    with (
        serve_in_thread(people=250) as server,
        httpx.Client(base_url=server.graph_url, trust_env=False) as client,
    ):
        client.headers["Authorization"] = f"Bearer {server.graph_token}"
        assert [len(page) for page in every_page(client, "/users")] == [100, 100, 50]


@pytest.mark.parametrize("top", ["0", "1000", "many"])
def test_a_page_of_another_size_is_refused(get: Get, top: str) -> None:
    get(f"/users?$top={top}", status=400)


def test_unselected_people_have_the_eleven_default_properties(get: Get) -> None:
    assert len(get("/users?$top=1")["value"][0]) == 11


def test_selected_properties_are_all_that_comes(get: Get) -> None:
    people = get("/users?$select=id,department,onPremisesExtensionAttributes&$top=1")["value"]
    assert list(people[0]) == ["id", "department", "onPremisesExtensionAttributes"]


def test_a_property_that_users_do_not_have_is_refused(get: Get) -> None:
    error = get("/users?$select=objectId", status=400)["error"]
    assert "Could not find a property named 'objectId'" in error["message"]


def test_a_person_is_found_by_name_and_by_id(get: Get) -> None:
    named = get("/users/Greta.Lindqvist@fabrikam.example")
    assert get(f"/users/{named['id']}")["displayName"] == "Greta Lindqvist"


def test_a_guest_is_found_by_a_name_with_hashes(get: Get) -> None:
    name = "alex.morgan_adatum.example%23EXT%23@fabrikam.example"
    assert get(f"/users/{name}?$select=userType,companyName") | {"@odata.context": ""} == {
        "@odata.context": "",
        "userType": "Guest",
        "companyName": None,
    }


def test_nobody_unknown_is_found(get: Get) -> None:
    assert get("/users/nobody", status=404)["error"]["code"] == "Request_ResourceNotFound"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("department eq 'sales' and accountEnabled eq true", 6),
        ("startswith(displayName,'Anna')", 2),
        ("userType eq 'Guest' or not(accountEnabled eq true)", 6),
        ("department in ('Sales', 'Finance')", 12),
        ("onPremisesExtensionAttributes/extensionAttribute1 eq 'CC-001'", 7),
        ("surname eq 'O''Connor'", 1),
    ],
)
def test_filters_find(get: Get, text: str, found: int) -> None:
    assert len(get(f"/users?$filter={text}")["value"]) == found


def test_a_filter_without_sense_is_refused(get: Get) -> None:
    get("/users?$filter=department eq", status=400)


def test_a_search_needs_its_header(get: Get) -> None:
    get('/users?$search="displayName:lind"', status=400)
    found = get('/users?$search="displayName:lind"', ConsistencyLevel="eventual")["value"]
    assert [one["displayName"] for one in found] == ["Greta Lindqvist"]


def test_people_have_managers(get: Get) -> None:
    name = "anna.schmidt@fabrikam.example"
    alone = get(f"/users/{name}/manager?$select=displayName")
    expanded = get(f"/users/{name}?$select=id&$expand=manager($select=displayName)")
    assert alone["displayName"] == expanded["manager"]["displayName"] == "Maria Rossi"
    get("/users/greta.lindqvist@fabrikam.example/manager", status=404)


def test_members_are_direct_ones(get: Get) -> None:
    group = group_named(get, "Webex users")
    kinds = [one["@odata.type"] for one in get(f"/groups/{group}/members?$select=id")["value"]]
    assert (kinds.count("#microsoft.graph.user"), kinds.count("#microsoft.graph.group")) == (15, 2)


def test_members_of_members_are_asked_for_with_the_header(get: Get) -> None:
    group = group_named(get, "Webex users")
    path = f"/groups/{group}/transitiveMembers"
    cast = f"{path}/microsoft.graph.user?$select=id"
    get(f"{cast}&$count=true", status=400)
    get(cast, status=400, ConsistencyLevel="eventual")
    assert get(f"{cast}&$count=true", ConsistencyLevel="eventual")["@odata.count"] == 26
    assert len(get(path)["value"]) == 28


def test_a_departed_person_is_nowhere_but_in_the_recycle_bin(
    practice: PracticeServer, get: Get
) -> None:
    name = "anna.schmidt@fabrikam.example"
    identifier = get(f"/users/{name}")["id"]
    practice.entra.directory.delete_person(name)
    get(f"/users/{identifier}", status=404)
    bin_ = get("/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName")
    freed = identifier.replace("-", "") + name
    assert bin_["value"] == [{"id": identifier, "userPrincipalName": freed}]


def test_a_restored_person_has_their_name_again(practice: PracticeServer, get: Get) -> None:
    name = "anna.schmidt@fabrikam.example"
    identifier = get(f"/users/{name}")["id"]
    practice.entra.directory.delete_person(name)
    practice.entra.directory.restore_person(identifier)
    assert get(f"/users/{identifier}")["userPrincipalName"] == name


def test_a_new_person_is_on_the_last_page(practice: PracticeServer, graph: httpx.Client) -> None:
    added = practice.entra.directory.add_person(userPrincipalName="new@fabrikam.example")
    assert every_page(graph, "/users?$top=30")[-1] == [added["id"]]


def test_the_organization_names_its_domains(get: Get) -> None:
    tenant = get("/organization?$select=displayName,verifiedDomains")["value"][0]
    assert [one["name"] for one in tenant["verifiedDomains"] if one["isDefault"]] == [
        "fabrikam.example"
    ]
