"""Requests and answers that Microsoft's description allows, and those that it does not."""

import json
from typing import Any

import pytest

from tests.graph_contract.checking import Contract, contract

GUID = "2cf03c93-618d-5d83-9251-b0437f49da6f"
SYNC = f"/servicePrincipals/{GUID}/synchronization"
EVENTUAL = {"ConsistencyLevel": "eventual"}


@pytest.fixture
def graph() -> Contract:
    return contract()


def ask(graph: Contract, method: str, address: str, body: Any = None, **headers: str) -> list[str]:
    path, _, query = address.partition("?")
    raw = b"" if body is None else json.dumps(body).encode()
    return graph.request_faults(method, path, query, headers, raw)


@pytest.mark.parametrize(
    "address",
    [
        "/me",
        "/organization?$select=displayName,verifiedDomains",
        "/users?$select=id,userPrincipalName,onPremisesExtensionAttributes&$top=999",
        "/users?$filter=startswith(displayName,'O''Brien, or') and accountEnabled eq true",
        "/users?$filter=onPremisesExtensionAttributes/extensionAttribute1 eq 'x'",
        "/users?$expand=manager($select=id,displayName)",
        f"/users?$filter=id in ('{GUID}','{GUID}')&$orderby=displayName desc",
        "/users/delta?$select=displayName,manager&$deltatoken=latest",
        "/users/delta()?$deltatoken=abc",
        f"/groups/{GUID}/members?$select=id,userPrincipalName,securityEnabled",
        f"/groups/{GUID}/transitiveMembers/microsoft.graph.user?$select=userPrincipalName",
        "/groups?$filter=groupTypes/any(kind:kind eq 'Unified')",
        "/applicationTemplates?$filter=displayName eq 'Cisco Webex'",
        f"/servicePrincipals/{GUID}/appRoleAssignedTo",
        f"/servicePrincipals(appId='{GUID}')",
        f"{SYNC}/jobs/x/schema?$expand=directories",
        f"{SYNC}/jobs/x/schema/filterOperators()",
        f"{SYNC}/templates/x/schema/functions",
        "/auditLogs/provisioning?$filter=contains(tolower(servicePrincipal/id),'x')",
        "/auditLogs/provisioning?$filter=activityDateTime gt 2023-07-30T00:00:00Z",
        "/auditLogs/provisioning?$orderby=activityDateTime desc&$top=50",
        "/directory/deletedItems/microsoft.graph.user?$select=displayName",
    ],
)
def test_what_may_be_read(graph: Contract, address: str) -> None:
    assert ask(graph, "GET", address) == []


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("/people", "Graph has no people"),
        ("/users/x/boss", "user has no boss in /users/x/boss"),
        ("/users?$select=objectId", "$select names objectId, which user does not have"),
        ("/users?$filter=objectId eq 'a'", "$filter names objectId, which user does not have"),
        ("/users?$orderby=upn", "$orderby names upn, which user does not have"),
        ("/users?$expand=boss", "$expand names boss, which user does not have"),
        ("/users?$expand=manager($select=mobile)", "$select names mobile, which directoryObject"),
        ("/users?$top=1000", "$top is 1000"),
        ("/users?$skip=5", "$skip is no option"),
        ("/users/delta?$top=5", "a delta query takes no $top"),
        ("/users?$count=true", "an advanced query needs the header ConsistencyLevel"),
        ('/users?$search="upn:a"', "$search names upn, which user does not have"),
        (f"/groups/{GUID}/members/microsoft.graph.job", "job is no Collection(directoryObject)"),
        (f"{SYNC}/jobs/x/start", "start is an action: POST it"),
        ("/applications/x/instantiate", "application has no instantiate"),
    ],
)
def test_what_may_not_be_read(graph: Contract, address: str, fault: str) -> None:
    assert any(one.startswith(fault) for one in ask(graph, "GET", address))


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("POST", f"/applicationTemplates/{GUID}/instantiate", {"displayName": "Webex"}),
        ("POST", f"{SYNC}/jobs", {"templateId": "webex"}),
        ("POST", f"{SYNC}/jobs/x/start", None),
        ("POST", f"{SYNC}/jobs/x/restart", {"criteria": {"resetScope": "Watermark, Escrows"}}),
        ("PUT", f"{SYNC}/secrets", {"value": [{"key": "BaseAddress", "value": "https://x"}]}),
        (
            "POST",
            f"{SYNC}/jobs/x/validateCredentials",
            {"useSavedCredentials": False, "credentials": [{"key": "SecretToken", "value": "x"}]},
        ),
        (
            "POST",
            f"{SYNC}/jobs/x/schema/parseExpression",
            {
                "expression": "[mail]",
                "testInputObject": {"properties": [{"key": "mail", "value": "a@b"}]},
            },
        ),
        (
            "POST",
            f"/servicePrincipals/{GUID}/appRoleAssignedTo",
            {"principalId": GUID, "resourceId": GUID, "appRoleId": GUID},
        ),
        ("PATCH", f"/servicePrincipals/{GUID}", {"appRoleAssignmentRequired": True}),
        ("POST", f"/groups/{GUID}/members/$ref", {"@odata.id": "https://x"}),
        ("DELETE", f"{SYNC}/jobs/x", None),
    ],
)
def test_what_may_be_written(graph: Contract, method: str, address: str, body: Any) -> None:
    assert ask(graph, method, address, body) == []


@pytest.mark.parametrize(
    ("method", "address", "body", "fault"),
    [
        ("POST", f"{SYNC}/jobs", {"template": "x"}, "$.template is no property of"),
        ("POST", f"{SYNC}/jobs", None, "the body lacks"),
        ("GET", f"{SYNC}/jobs", {}, "a body, where none belongs"),
        ("POST", f"{SYNC}/jobs/x/start", {"now": True}, "$.now is no parameter"),
        (
            "POST",
            f"{SYNC}/jobs/x/restart",
            {"criteria": {"resetScope": "Everything"}},
            "$.criteria.resetScope has no member 'Everything'",
        ),
        ("PUT", f"{SYNC}/secrets", [{"key": "BaseAddress"}], "$.value is null"),
        (
            "PUT",
            f"{SYNC}/secrets",
            {"value": [{"key": "Token", "value": "x"}]},
            "$.value[0].key has no member 'Token'",
        ),
        (
            "POST",
            f"/servicePrincipals/{GUID}/appRoleAssignedTo",
            {"principalId": "me"},
            "$.principalId is no Edm.Guid: 'me'",
        ),
        ("PATCH", f"/users/{GUID}", {"accountEnabled": "true"}, "$.accountEnabled is no Edm.Bool"),
        ("PUT", f"{SYNC}/jobs/x/schema", {"rules": []}, "$.rules is no property of"),
        ("PATCH", "/users", {}, "PATCH does not go with Collection(user)"),
    ],
)
def test_what_may_not_be_written(
    graph: Contract, method: str, address: str, body: Any, fault: str
) -> None:
    assert any(one.startswith(fault) for one in ask(graph, method, address, body))


def test_advanced_queries_are_fine_with_their_header(graph: Contract) -> None:
    assert ask(graph, "GET", "/users?$count=true&$top=1", **EVENTUAL) == []


def test_every_request_of_a_batch_is_checked(graph: Contract) -> None:
    requests = [
        {"id": "1", "method": "GET", "url": "/users?$select=id"},
        {"id": "2", "method": "GET", "url": "/users?$select=upn", "dependsOn": ["1"]},
    ]
    faults = ask(graph, "POST", "/$batch", {"requests": requests})
    assert faults == ["request 2: $select names upn, which user does not have"]


def test_a_batch_holds_twenty_requests(graph: Contract) -> None:
    requests = [{"id": str(n), "method": "GET", "url": "/me"} for n in range(21)]
    assert ask(graph, "POST", "/$batch", {"requests": requests}) != []


def answer(graph: Contract, address: str, body: Any, status: int = 200) -> list[str]:
    return graph.answer_faults("GET", address, status, json.dumps(body).encode())


def test_an_answer_says_what_it_is(graph: Contract) -> None:
    assert answer(graph, "/me", {"id": "1"}) == ["the answer has no @odata.context"]


def test_the_changes_of_a_group_name_members(graph: Contract) -> None:
    change = {"id": "1", "members@delta": [{"id": "2", "@removed": {"reason": "deleted"}}]}
    body = {"@odata.context": "x", "@odata.deltaLink": "y", "value": [change]}
    assert answer(graph, "/groups/delta", body) == []


def test_a_removal_has_a_reason_that_exists(graph: Contract) -> None:
    body = {"@odata.context": "x", "value": [{"id": "1", "@removed": {"reason": "gone"}}]}
    assert answer(graph, "/users/delta", body) != []


def test_members_of_several_types_are_checked_each_by_its_own(graph: Contract) -> None:
    member = {"@odata.type": "#microsoft.graph.user", "id": "1", "securityEnabled": True}
    body = {"@odata.context": "x", "value": [member]}
    assert answer(graph, "/groups/x/members", body) == [
        "$.value[0].securityEnabled is no property of user"
    ]


def test_an_error_has_a_code_and_a_message(graph: Contract) -> None:
    assert answer(graph, "/me", {"error": {"code": "x", "message": "y"}}, 400) == []
    assert answer(graph, "/me", {"message": "y"}, 400) != []
