"""The gallery, applications and who is assigned to them."""

import httpx
import pytest

from sparkwizard.practice import PracticeServer
from tests.practice.graph.conftest import Get
from tests.practice.graph.setting_up import USER_ROLE, Cloud

NOBODY = "00000000-0000-0000-0000-000000000000"
ANNA = "anna.schmidt@fabrikam.example"


def test_the_gallery_finds_webex_by_name(get: Get) -> None:
    found = get("/applicationTemplates?$filter=displayName eq 'Cisco Webex'")["value"]
    assert [one["supportedProvisioningTypes"] for one in found] == [["sync"]]


def test_an_added_application_is_listed_with_its_roles(cloud: Cloud) -> None:
    template = cloud.value("/applicationTemplates?$filter=displayName eq 'Cisco Webex'")[0]["id"]
    found = cloud.value(f"/servicePrincipals?$filter=applicationTemplateId eq '{template}'")
    assert [one["id"] for one in found] == [cloud.principal]
    assert USER_ROLE in [role["id"] for role in found[0]["appRoles"]]


def test_a_new_service_principal_shows_after_a_moment(
    practice: PracticeServer, cloud: Cloud, get: Get
) -> None:
    practice.entra_faults.application_lag = 3600
    get(f"/servicePrincipals/{cloud.principal}", status=404)
    assert get("/servicePrincipals")["value"] == []


def test_people_and_groups_are_assigned_with_a_valid_role(
    practice: PracticeServer, cloud: Cloud
) -> None:
    directory = practice.entra.directory
    group = next(one for one in directory.groups.values() if one["displayName"] == "Webex users")
    cloud.assign(directory.person_id(ANNA))
    cloud.assign(group["id"])
    found = cloud.value(f"/servicePrincipals/{cloud.principal}/appRoleAssignedTo")
    assert [one["principalType"] for one in found] == ["User", "Group"]
    assert len(practice.entra.applications.assigned_people(cloud.principal)) == 15


@pytest.mark.parametrize(("role", "status"), [(NOBODY, 400), ("nonsense", 400)])
def test_a_role_that_is_not_declared_is_refused(
    practice: PracticeServer, cloud: Cloud, role: str, status: int
) -> None:
    cloud.assign(practice.entra.directory.person_id(ANNA), role, status)


def test_nobody_is_assigned_twice(practice: PracticeServer, cloud: Cloud) -> None:
    anna = practice.entra.directory.person_id(ANNA)
    cloud.assign(anna)
    said = cloud.assign(anna, status=400)["error"]["message"]
    assert "already exists" in said


def test_an_assignment_is_taken_back(practice: PracticeServer, cloud: Cloud) -> None:
    made = cloud.assign(practice.entra.directory.person_id(ANNA))
    path = f"/servicePrincipals/{cloud.principal}/appRoleAssignedTo"
    cloud.send("DELETE", f"{path}/{made['id']}", 204)
    assert cloud.value(path) == []


def test_a_deleted_application_takes_its_jobs_along(cloud: Cloud, graph: httpx.Client) -> None:
    cloud.practice.entra.delete_applications_elsewhere()
    assert graph.get(cloud.job).status_code == 404
    assert graph.get(f"/servicePrincipals/{cloud.principal}").status_code == 404


def test_who_lost_the_role_changes_nothing(practice: PracticeServer, cloud: Cloud) -> None:
    practice.entra_faults.roles_missing = (
        "Application Administrator",
        "Cloud Application Administrator",
    )
    path = f"/servicePrincipals/{cloud.principal}"
    assert cloud.send("PATCH", path, 403, notes="x")["error"]["code"] == (
        "Authorization_RequestDenied"
    )


def test_without_consent_nothing_is_set_up(practice: PracticeServer, cloud: Cloud) -> None:
    practice.entra_faults.consent_withdrawn = ("Synchronization.ReadWrite.All",)
    cloud.send("POST", f"{cloud.job}/restart", 403, criteria={})
    practice.entra_faults.consent_withdrawn = ()
    cloud.send("POST", f"{cloud.job}/restart", 204, criteria={})


def test_a_person_tells_what_they_are_assigned_to(practice: PracticeServer, cloud: Cloud) -> None:
    cloud.assign(practice.entra.directory.person_id(ANNA))
    found = cloud.value(f"/users/{ANNA}/appRoleAssignments")
    assert [one["resourceId"] for one in found] == [cloud.principal]
