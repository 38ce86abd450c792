"""The provisioning service of the practice tenant: it really writes to the practice Webex."""

import json
import time
from collections import Counter
from typing import Any

import pytest

from tests.practice.graph.setting_up import ANNA, GRETA, Cloud, actions

FIRST = {"create success": 39, "other skipped": 17, "update success": 4}


def filters(attribute: str, operator: str, *values: str) -> dict[str, Any]:
    clause = {
        "operatorName": operator,
        "sourceOperandName": attribute,
        "targetOperand": {"values": list(values)},
    }
    groups = [{"name": "Only", "clauses": [clause]}]
    return {"groups": groups, "inputFilterGroups": [], "categoryFilterGroups": []}


def test_the_initial_cycle_provisions_everybody(cloud: Cloud) -> None:
    cloud.start()
    told = Counter(actions(cloud.cycle()).values())
    assert told == FIRST
    anna = cloud.webex_user(ANNA)
    assert anna is not None
    assert (anna["externalId"], anna["active"]) == (
        cloud.practice.entra.directory.person_id(ANNA),
        True,
    )


def test_guests_are_created_by_their_address_at_home(running: Cloud) -> None:
    for name in ("alex.morgan@adatum.example", "robin.keller@northwind.example"):
        assert running.webex_user(name) is not None


def test_a_second_cycle_changes_nothing(running: Cloud) -> None:
    told = running.cycle()
    assert actions(told) == {}
    assert actions(told, "Group") == {}
    assert running.status()["lastExecution"]["countExported"] == 0


def test_only_who_is_assigned_is_provisioned(cloud: Cloud) -> None:
    cloud.save_secrets()
    directory = cloud.practice.entra.directory
    pilot = next(one for one in directory.groups.values() if one["displayName"] == "Webex users")
    cloud.assign(pilot["id"])
    cloud.start()
    told = cloud.cycle()
    assert len(actions(told)) == 15
    assert actions(told, "Group") == {"Webex users": "create success"}
    assert cloud.status()["lastExecution"]["countEntitled"] == 15


def test_changes_flow_in_the_next_cycle(running: Cloud) -> None:
    running.practice.entra.directory.change_person(ANNA, displayName="Anna S.")
    assert actions(running.cycle())[ANNA] == "update success"
    user = running.webex_user(ANNA)
    assert user is not None
    assert user["displayName"] == "Anna S."


def test_a_disabled_person_is_disabled(running: Cloud) -> None:
    running.practice.entra.directory.change_person(ANNA, accountEnabled=False)
    assert actions(running.cycle())[ANNA] == "disable success"
    user = running.webex_user(ANNA)
    assert user is not None
    assert user["active"] is False


def test_a_deleted_person_is_renamed_and_disabled_and_comes_back(running: Cloud) -> None:
    directory = running.practice.entra.directory
    anna = directory.person_id(ANNA)
    directory.delete_person(anna)
    running.cycle()
    assert running.webex_user(ANNA) is None
    directory.restore_person(anna)
    assert actions(running.cycle())[ANNA] == "update success"
    user = running.webex_user(ANNA)
    assert user is not None
    assert user["active"] is True


def test_who_is_deleted_for_good_is_deleted_in_webex(running: Cloud) -> None:
    running.practice.entra.directory.purge_person(ANNA)
    told = running.cycle()
    assert "delete success" in actions(told).values()
    assert running.webex_user(ANNA) is None


def test_who_leaves_the_filter_is_disabled(running: Cloud) -> None:
    schema = running.schema()
    running.users_mapping(schema)["scope"] = filters("department", "EQUALS", "Finance")
    running.put_schema(schema)
    told = actions(running.cycle())
    assert told[ANNA] == "disable success"
    assert told["mei.chen@fabrikam.example"] != "disable success"


def test_who_leaves_may_be_left_alone(running: Cloud) -> None:
    running.save_secrets(SyncAll="true", SkipOutOfScopeDeletions="True")
    schema = running.schema()
    running.users_mapping(schema)["scope"] = filters("department", "EQUALS", "Finance")
    running.put_schema(schema)
    assert actions(running.cycle())[ANNA] == "other skipped"


@pytest.mark.parametrize(
    ("scope", "people"),
    [
        (filters("department", "EQUALS", "Sales"), 6),
        (filters("department", "REGEX MATCH", "^(Sales|IT)$"), 13),
        (filters("department", "IS NOT NULL"), 51),
        (filters("mobile", "IS NULL"), 44),
    ],
)
def test_filters_let_people_in(cloud: Cloud, scope: dict[str, Any], people: int) -> None:
    schema = cloud.schema()
    cloud.users_mapping(schema)["scope"] = scope
    cloud.put_schema(schema)
    cloud.start()
    records = [one for one in cloud.cycle() if one["sourceIdentity"]["identityType"] == "User"]
    steps = [one["provisioningSteps"][1]["status"] for one in records]
    assert steps.count("success") == people


def test_functions_flow_and_defaults_only_on_create(cloud: Cloud) -> None:
    cloud.map("nickName", 'Join("-", [givenName], [surname])')
    cloud.map("title", "[extensionAttribute9]", defaultValue="Colleague")
    cloud.start()
    cloud.cycle()
    anna, greta = cloud.webex_user(ANNA), cloud.webex_user(GRETA)
    assert anna is not None
    assert greta is not None
    assert (anna["nickName"], anna["title"]) == ("Anna-Schmidt", "Colleague")
    assert (greta["nickName"], greta["title"]) == ("Greta-Lindqvist", "Chief Executive Officer")


def test_a_mapping_for_creation_only_leaves_others_alone(cloud: Cloud) -> None:
    cloud.map("nickName", "[givenName]", flowType="ObjectAddOnly")
    cloud.start()
    cloud.cycle()
    anna, greta = cloud.webex_user(ANNA), cloud.webex_user(GRETA)
    assert anna is not None
    assert greta is not None
    assert (anna["nickName"], "nickName" in greta) == ("Anna", False)


def test_another_function_is_an_entry_error(cloud: Cloud) -> None:
    cloud.map("nickName", "ToUpper([givenName])")
    cloud.start()
    told = cloud.cycle()[0]
    assert told["provisioningStatusInfo"]["status"] == "failure"
    assert "ToUpper" in told["provisioningStatusInfo"]["errorInformation"]["reason"]


def test_list_and_extension_attributes_are_written(cloud: Cloud) -> None:
    cloud.map('phoneNumbers[type eq "mobile"].value', "[mobile]")
    cloud.map('addresses[type eq "work"].locality', "[city]")
    department = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"
    cloud.map(department, "[department]")
    cloud.start()
    cloud.cycle()
    user = cloud.webex_user("oscar.ibanez@fabrikam.example")
    assert user is not None
    assert user["phoneNumbers"] == [{"type": "mobile", "value": "+49 1512 5550043"}]
    assert user["addresses"][0]["locality"] == "Madrid"
    assert user["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"] == {
        "department": "Logistics"
    }


def test_groups_follow_their_direct_members(running: Cloud) -> None:
    directory = running.practice.entra.directory
    sales = next(one for one in directory.groups.values() if one["displayName"] == "Sales")
    directory.remove_member(sales["id"], ANNA)
    running.cycle()
    found = running.webex("GET", '/Groups?filter=displayName eq "Sales"')["Resources"][0]
    members = running.webex("GET", f"/Groups/{found['id']}")["members"]
    assert len(members) == 5


def threshold(cloud: Cloud, value: int) -> None:
    settings = {"Enabled": False, "DeleteThresholdEnabled": True, "DeleteThresholdValue": value}
    cloud.save_secrets(SyncAll="true", SyncNotificationSettings=json.dumps(settings))


def test_too_many_removals_are_staged_until_they_are_allowed(running: Cloud) -> None:
    threshold(running, 2)
    names = [ANNA, "mei.chen@fabrikam.example", "oliver.brown@fabrikam.example"]
    for name in names:
        running.practice.entra.directory.change_person(name, accountEnabled=False)
    told = actions(running.cycle())
    assert {told[name] for name in names} == {"stagedDelete success"}
    assert running.status()["quarantine"]["reason"] == "TooManyDeletes"
    user = running.webex_user(ANNA)
    assert user is not None
    assert user["active"] is True
    running.send("POST", f"{running.job}/restart", 204, criteria={"resetScope": "ForceDeletes"})
    told = actions(running.cycle())
    assert {told[name] for name in names} == {"disable success"}
    assert running.status()["code"] == "Active"


def test_a_full_restart_finds_its_users_again(running: Cloud) -> None:
    running.send("POST", f"{running.job}/restart", 204, criteria={"resetScope": "Full"})
    told = Counter(actions(running.cycle()).values())
    assert (told["create success"], told["update success"]) == (0, 0)


def test_one_person_is_provisioned_on_demand_in_four_steps(cloud: Cloud) -> None:
    key, value = cloud.on_demand(cloud.practice.entra.directory.person_id(ANNA))
    assert key["result"] == "Success"
    kinds = [one["type"] for one in value["provisioningSteps"]]
    assert kinds == ["Import", "Scoping", "Matching", "Export"]
    assert cloud.webex_user(ANNA) is not None
    again, _ = cloud.on_demand(cloud.practice.entra.directory.person_id(ANNA))
    assert again["details"]["errorCode"] == "RedundantExport"


def test_on_demand_takes_five_requests_in_ten_seconds(cloud: Cloud) -> None:
    anna = cloud.practice.entra.directory.person_id(ANNA)
    for _ in range(5):
        cloud.on_demand(anna)
    parameters: list[dict[str, Any]] = [{}]
    cloud.send("POST", f"{cloud.job}/provisionOnDemand", 429, parameters=parameters)


def test_a_started_job_cycles_by_itself(cloud: Cloud) -> None:
    cloud.practice.entra_faults.cycle_seconds = 0.1
    cloud.start()
    deadline = time.monotonic() + 10
    while cloud.status()["lastExecution"] is None and time.monotonic() < deadline:
        time.sleep(0.05)
    cloud.practice.entra_faults.cycle_seconds = 0
    assert cloud.webex_user(ANNA) is not None


def test_parameters_made_by_hand_are_an_entry_error(cloud: Cloud) -> None:
    schema = cloud.schema()
    switch = next(
        one
        for one in cloud.users_mapping(schema)["attributeMappings"]
        if one["targetAttributeName"] == "active"
    )
    switch["source"]["parameters"] = []
    cloud.put_schema(schema)
    cloud.start()
    told = cloud.cycle()[0]["provisioningStatusInfo"]
    assert "parseExpression" in told["errorInformation"]["reason"]


def test_a_manager_created_by_the_same_cycle_is_linked_in_its_second_pass(cloud: Cloud) -> None:
    directory = cloud.practice.entra.directory
    boss, staff = "new.boss@fabrikam.example", "new.staff@fabrikam.example"
    for name in (staff, boss):
        directory.add_person(userPrincipalName=name, displayName=name)
    directory.set_manager(staff, boss)
    path = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
    cloud.map(path, "[manager]")
    cloud.start()
    told = cloud.cycle()
    assert actions(told)[staff] == "create success"
    made, manager = cloud.webex_user(staff), cloud.webex_user(boss)
    assert made is not None
    assert manager is not None
    enterprise = made["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]
    assert enterprise["manager"]["value"] == manager["id"]
    assert actions(cloud.cycle()) == {}
