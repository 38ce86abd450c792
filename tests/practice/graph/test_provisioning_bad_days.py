"""Bad days of the practice provisioning service: quarantine, retries, logs, a busy Webex."""

import json
import time

import httpx
import pytest

from sparkwizard.practice import PracticeServer, serve_in_thread
from tests.practice.graph.setting_up import ANNA, Cloud, actions


def test_a_token_that_died_quarantines_the_job(running: Cloud) -> None:
    running.practice.faults.token_expired = True
    running.cycle()
    status = running.status()
    assert (status["code"], status["lastExecution"]["state"]) == ("Quarantine", "Failed")
    assert status["quarantine"]["error"]["code"] == "InvalidCredentials"
    running.practice.faults.token_expired = False
    running.cycle()
    assert running.status()["code"] == "Active"


def test_many_failures_quarantine_the_job(cloud: Cloud) -> None:
    cloud.practice.entra_faults.quarantine_failures = 20
    cloud.practice.faults.enforced_domains = ("elsewhere.example",)
    cloud.start()
    cloud.cycle()
    assert cloud.status()["quarantine"]["reason"] == "EncounteredEscrowProportionThreshold"


def test_a_failed_entry_is_tried_again(cloud: Cloud) -> None:
    cloud.practice.faults.enforced_domains = ("elsewhere.example",)
    cloud.start()
    cloud.cycle()
    assert cloud.webex_user(ANNA) is None
    cloud.practice.faults.enforced_domains = ()
    assert actions(cloud.cycle())[ANNA] == "create success"


@pytest.fixture
def failing(cloud: Cloud) -> Cloud:
    """Return a job behind its initial cycle, with two people whose names Webex does not take."""
    for name in ("no address", "none either"):
        cloud.practice.entra.directory.add_person(userPrincipalName=name)
    cloud.start()
    cloud.cycle()
    return cloud


def test_an_entry_that_keeps_failing_is_tried_ever_more_seldom(failing: Cloud) -> None:
    tried = [len(failing.cycle()) for _ in range(8)]
    assert tried == [2, 0, 2, 0, 0, 0, 2, 0]


def test_logs_are_filtered_ordered_and_paged(failing: Cloud) -> None:
    running = failing
    path = f"/auditLogs/provisioning?$filter=jobId eq '{running.job_id}'"
    whole = running.value(f"{path}&$top=1000")
    failed = running.value(f"{path} and provisioningStatusInfo/status eq 'failure'")
    assert (len(whole), len(failed)) == (78, 2)
    assert running.value(f"{path} and activityDateTime gt 2100-01-01T00:00:00Z") == []
    first = running.graph.get(f"{path}&$top=50").json()
    second = running.graph.get(first["@odata.nextLink"]).json()
    assert [*first["value"], *second["value"]] == whole
    oldest = running.value(f"{path}&$orderby=activityDateTime asc&$top=1")
    assert oldest == whole[-1:]


def test_the_token_is_in_no_log(running: Cloud) -> None:
    assert running.practice.token not in json.dumps(running.practice.entra.provisioning.logs)
    read = running.graph.get(f"{running.sync}/secrets").text + running.graph.get(running.job).text
    assert running.practice.token not in read


def test_a_job_of_a_deleted_application_runs_no_more(
    practice: PracticeServer, running: Cloud
) -> None:
    practice.entra.delete_applications_elsewhere()
    assert practice.run_cycle() == 0


def test_a_cycle_that_breaks_is_told_and_the_next_one_runs(
    running: Cloud,
) -> None:
    broken = running.practice.entra.provisioning.all_jobs()[0].schema
    rules = broken.pop("synchronizationRules")
    assert running.practice.run_cycle() == 1
    assert running.status()["quarantine"]["error"]["code"] == "InternalError"
    broken["synchronizationRules"] = rules
    running.cycle()
    assert running.status()["code"] == "Active"


def test_a_busy_webex_is_asked_again(cloud: Cloud) -> None:
    cloud.practice.faults.retry_after = 0
    cloud.practice.faults.server_error_next = 2
    cloud.start()
    assert "create success" in actions(cloud.cycle()).values()
    assert cloud.status()["code"] == "Active"


def test_a_webex_that_is_down_says_nothing_of_the_credentials(cloud: Cloud) -> None:
    cloud.practice.faults.server_error_next = 20
    cloud.practice.faults.retry_after = 0
    cloud.start()
    cloud.cycle()
    assert cloud.status()["quarantine"]["error"]["code"] == "InternalServerError"


def test_a_cycle_under_way_does_not_hold_the_end_up() -> None:
    with (
        serve_in_thread(people=600) as server,
        httpx.Client(base_url=server.graph_url, trust_env=False) as graph,
    ):
        server.entra_faults.application_lag = 0
        graph.headers["Authorization"] = f"Bearer {server.graph_token}"
        cloud = Cloud(server, graph)
        cloud.save_secrets(SyncAll="true")
        cloud.start()
        server.faults.latency_ms = 20
        deadline = time.monotonic() + 10
        while len(server.log) < 5 and time.monotonic() < deadline:
            time.sleep(0.05)
        began = time.monotonic()
    assert time.monotonic() - began < 5
