"""The set-up by hand: every point with its values, its page and how it stands."""

from sparkwizard.entra.clouds import CLOUDS
from sparkwizard.entra.provisioning_job.desired import desired_of
from sparkwizard.entra.provisioning_job.job_types import JobStatus
from sparkwizard.entra.provisioning_job.planning.schema import merged_schema
from sparkwizard.entra.provisioning_job.types import Application, Assignment, Job, TenantState
from sparkwizard.provisioning.types import Reason
from sparkwizard.values import replace
from sparkwizard.wizard.cloud.checklist import ChecklistItem, ItemState, checklist, done_count
from sparkwizard.wizard.cloud.links import portal
from tests.entra.provisioning_job.little_tenant import GROUP, ROLE
from tests.provisioning.entra_schema.documents import schema, source
from tests.runs.cloud.set_up import PROFILE

DESIRED = desired_of(PROFILE, on=True)
APPLICATION = Application("app-object", "app-client", "Cisco Webex")
PARSED = {"PCase([mailNickname])": source("PCase([mailNickname])", "PCase", "Function")}
DONE = TenantState(
    application=APPLICATION,
    assignments=(Assignment(GROUP, "Sales", "Group", ROLE),),
    job=Job("j", "scim", JobStatus("Active", "Active")),
    settings={
        "BaseAddress": DESIRED.tenant_url,
        "SyncNotificationSettings": '{"Enabled":true,"Recipients":"it@contoso.example",'
        '"DeleteThresholdEnabled":true,"DeleteThresholdValue":25}',
    },
    credentials_work=True,
    schema=merged_schema(DESIRED, schema(), PARSED),
)


def points(state: TenantState, *ticks: str) -> dict[str, ChecklistItem]:
    return {item.key: item for item in checklist(DESIRED, state, frozenset(ticks))}


def test_in_a_tenant_that_is_set_up_every_point_is_done() -> None:
    items = checklist(DESIRED, DONE)
    assert [item.key for item in items if item.state is not ItemState.DONE] == []
    assert done_count(items) == len(items)


def test_in_an_empty_tenant_the_first_point_is_open_and_credentials_are_by_hand() -> None:
    found = points(TenantState())
    assert found["application"].state is ItemState.OPEN
    assert found["credentials"].by_hand


def test_what_can_not_be_read_is_ticked_by_hand() -> None:
    state = TenantState(
        application=APPLICATION,
        unreadable=(
            Reason("x", "The provisioning of this application can't be read."),
            Reason("x", "Who is assigned can't be read."),
        ),
    )
    assert points(state)["mapping"].state is ItemState.UNKNOWN
    assert points(state, "mapping")["mapping"].state is ItemState.TICKED
    assert points(state)["assignments"].by_hand


def test_what_graph_says_counts_more_than_a_tick() -> None:
    state = replace(DONE, assignments=())
    assert points(state, "assignments")["assignments"].state is ItemState.OPEN


def test_an_open_point_says_what_is_left() -> None:
    assert "nickName" in " ".join(points(replace(DONE, schema=schema()))["mapping"].left)


def test_credentials_that_were_not_tested_are_by_hand() -> None:
    assert points(replace(DONE, credentials_work=None))["credentials"].by_hand


def test_the_values_are_those_to_be_entered_and_the_secret_is_not_among_them() -> None:
    values = {value.label: value for value in points(DONE)["credentials"].values}
    assert values["Tenant URL"].value == DESIRED.tenant_url
    assert values["Secret Token"].secret
    assert values["Secret Token"].value == ""


def test_pages_of_the_application_have_its_own_address_and_the_way_from_there() -> None:
    found, ids = points(DONE), "objectId/app-object/appId/app-client"
    item = found["scope"]
    assert item.link.endswith(f"/ManagedAppMenuBlade/~/ProvisioningActivity/{ids}")
    assert found["assignments"].link.endswith(f"/ManagedAppMenuBlade/~/Users/{ids}")
    assert found["application"].link.endswith("/AppGalleryBladeV2")
    assert item.way == ("Enterprise applications", "Cisco Webex", "Provisioning", "Settings")


def test_without_an_application_the_links_lead_to_the_list_of_them() -> None:
    link = points(TenantState())["scope"].link
    assert link.startswith("https://entra.microsoft.com/#view/")
    assert link.endswith("/StartboardApplicationsMenuBlade/~/AppAppsPreview")


def test_an_application_that_is_there_already_is_found_and_not_added() -> None:
    chosen = replace(DESIRED, application="existing", application_id=APPLICATION.id)
    item = checklist(chosen, DONE)[0]
    assert item.title == "Find the application"
    assert item.link.endswith("/AppAppsPreview")
    assert item.way == ("Enterprise applications", "Cisco Webex")


def test_every_point_has_a_page() -> None:
    for state in (TenantState(), DONE):
        assert all(item.link for item in points(state).values())


def test_each_cloud_has_its_own_portal_and_practice_has_none() -> None:
    def link(graph_url: str) -> str:
        items = checklist(DESIRED, DONE, graph_url=graph_url)
        return items[0].link.partition("#")[0]

    assert link("https://graph.microsoft.us/v1.0") == "https://entra.microsoft.us/"
    assert link("") == "https://entra.microsoft.com/"
    assert link("http://127.0.0.1:9/graph/v1.0") == ""
    for cloud in CLOUDS:
        assert portal(cloud.graph_origin)
