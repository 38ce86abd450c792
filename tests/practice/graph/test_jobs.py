"""Provisioning jobs: secrets, schema, switching on and off."""

import copy

import pytest

from sparkwizard.practice import PracticeServer
from tests.practice.graph.conftest import Get
from tests.practice.graph.setting_up import Cloud


def test_a_new_job_is_off(cloud: Cloud) -> None:
    job = cloud.graph.get(cloud.job).json()
    assert (job["schedule"]["state"], job["status"]["code"]) == ("Disabled", "NotRun")


def test_a_job_without_credentials_is_not_configured(cloud: Cloud) -> None:
    cloud.send("PUT", f"{cloud.sync}/secrets", 204, value=[])
    assert cloud.status()["code"] == "NotConfigured"
    assert cloud.graph.post(f"{cloud.job}/start").status_code == 400


def test_saved_secrets_replace_all_and_are_read_masked(
    practice: PracticeServer, cloud: Cloud
) -> None:
    cloud.send("PUT", f"{cloud.sync}/secrets", 204, value=[{"key": "SyncAll", "value": "true"}])
    assert cloud.value(f"{cloud.sync}/secrets") == [{"key": "SyncAll", "value": "true"}]
    cloud.save_secrets()
    shown = {one["key"]: one["value"] for one in cloud.value(f"{cloud.sync}/secrets")}
    assert shown == {"BaseAddress": practice.tenant_url, "SecretToken": "*"}


def test_a_secret_with_another_key_is_refused(cloud: Cloud) -> None:
    cloud.send("PUT", f"{cloud.sync}/secrets", 400, value=[{"key": "Token", "value": "x"}])


def credentials(address: str, token: str) -> list[dict[str, str]]:
    return [{"key": "BaseAddress", "value": address}, {"key": "SecretToken", "value": token}]


def test_credentials_are_tested_by_asking_webex(practice: PracticeServer, cloud: Cloud) -> None:
    path = f"{cloud.job}/validateCredentials"
    cloud.send("POST", path, 204, useSavedCredentials=True)
    good = credentials(practice.tenant_url, practice.token)
    cloud.send("POST", path, 204, credentials=good)
    assert any("filter=userName" in one.query for one in practice.log)


@pytest.mark.parametrize("token", ["expired", "people_only", "other_organization", "nonsense"])
def test_credentials_that_do_not_work_are_told(
    practice: PracticeServer, cloud: Cloud, token: str
) -> None:
    sent = credentials(practice.tenant_url, practice.tokens.get(token, token))
    said = cloud.send("POST", f"{cloud.job}/validateCredentials", 400, credentials=sent)
    assert said["error"]["code"] == "InvalidCredentials"


def test_nothing_but_the_practice_webex_is_contacted(cloud: Cloud) -> None:
    sent = credentials("https://webexapis.example/identity/scim/x/v2", "token")
    said = cloud.send("POST", f"{cloud.job}/validateCredentials", 400, credentials=sent)
    assert "reaches nothing but the practice Webex" in said["error"]["message"]


def test_a_job_is_switched_on_and_off(cloud: Cloud) -> None:
    cloud.start()
    assert cloud.graph.get(cloud.job).json()["schedule"]["state"] == "Active"
    assert cloud.graph.post(f"{cloud.job}/pause").status_code == 204
    assert cloud.graph.get(cloud.job).json()["schedule"]["state"] == "Disabled"


@pytest.mark.parametrize("scope", ["Watermark, Escrows", "Full", "ForceDeletes", ""])
def test_a_job_is_restarted(cloud: Cloud, scope: str) -> None:
    cloud.send("POST", f"{cloud.job}/restart", 204, criteria={"resetScope": scope or None})


def test_a_restart_with_a_scope_that_does_not_exist_is_refused(cloud: Cloud) -> None:
    cloud.send("POST", f"{cloud.job}/restart", 400, criteria={"resetScope": "All"})


def test_a_job_is_deleted(cloud: Cloud) -> None:
    cloud.send("DELETE", cloud.job, 204)
    assert cloud.value(f"{cloud.sync}/jobs") == []


def test_the_schema_is_replaced_whole_and_counts_its_versions(cloud: Cloud) -> None:
    schema = cloud.schema()
    changed = copy.deepcopy(schema)
    cloud.users_mapping(changed)["attributeMappings"].pop()
    del changed["directories"]
    cloud.put_schema(changed)
    after = cloud.schema()
    assert after["version"] != schema["version"]
    assert after["directories"] == []
    assert len(cloud.users_mapping(after)["attributeMappings"]) == 5


def test_a_schema_without_a_matching_attribute_is_refused(cloud: Cloud) -> None:
    schema = cloud.schema()
    for one in cloud.users_mapping(schema)["attributeMappings"]:
        one["matchingPriority"] = 0
    cloud.put_schema(schema, 400)


def test_a_colleague_may_edit_the_schema_meanwhile(cloud: Cloud) -> None:
    version = cloud.schema()["version"]
    assert cloud.practice.entra.provisioning.edit_schema_elsewhere() == 1
    assert cloud.schema()["version"] != version


def test_expressions_are_parsed_into_their_parameters(cloud: Cloud) -> None:
    text = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'
    told = cloud.send("POST", f"{cloud.job}/schema/parseExpression", expression=text)
    parsed = told["parsedExpression"]
    assert (parsed["name"], parsed["type"], parsed["expression"]) == ("Switch", "Function", text)
    assert [one["key"] for one in parsed["parameters"]] == [
        *("source", "key1", "value1", "key2", "value2"),
    ]


@pytest.mark.parametrize(
    ("text", "attributes", "result"),
    [
        ("[mail]", {"mail": "a@b"}, ["a@b"]),
        ('"user"', {}, ["user"]),
        ('Join(" ", [givenName], [surname])', {"givenName": "A", "surname": "B"}, ["A B"]),
        ('Join(", ", [givenName], [surname])', {"surname": "B"}, ["B"]),
        ("Not([IsSoftDeleted])", {"IsSoftDeleted": "False"}, ["True"]),
        ('Switch([state], "other", "WA", "west")', {"state": "WA"}, ["west"]),
        ('Switch([state], "other", "WA", "west")', {"state": "wa"}, ["other"]),
        ('Switch([state], , "", "none")', {"state": None}, ["none"]),
        (r'"a \"b\" \\ c"', {}, [r'a "b" \ c']),
    ],
)
def test_a_few_functions_are_evaluated(
    cloud: Cloud, text: str, attributes: dict[str, str], result: list[str]
) -> None:
    properties = [{"key": key, "value": value} for key, value in attributes.items()]
    told = cloud.send(
        "POST",
        f"{cloud.job}/schema/parseExpression",
        expression=text,
        testInputObject={"properties": properties},
    )
    assert (told["evaluationSucceeded"], told["evaluationResult"]) == (True, result)


@pytest.mark.parametrize(
    "text", ["", "[mail", "Nonsense([mail])", "Not()", 'Switch([a], "b", "c")', "[a] [b]"]
)
def test_what_is_no_expression_is_told(cloud: Cloud, text: str) -> None:
    told = cloud.send("POST", f"{cloud.job}/schema/parseExpression", expression=text)
    assert (told["parsingSucceeded"], told["parsedExpression"]) == (False, None)
    assert told["error"]["message"]


def test_the_service_lists_operators_and_functions(get: Get, cloud: Cloud) -> None:
    operators = [one["id"] for one in get(f"{cloud.job}/schema/filterOperators")["value"]]
    assert {"EQUALS", "IS NOT NULL", "REGEX MATCH"} <= set(operators)
    functions = {one["id"]: one for one in get(f"{cloud.job}/schema/functions")["value"]}
    assert [one["name"] for one in functions["Append"]["parameters"]] == ["source", "suffix"]
