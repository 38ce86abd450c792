"""What Graph answers is read leniently, and what is strange becomes nothing rather than a fault."""

import json
from datetime import UTC, datetime

import pytest

from sparkwizard.entra.provisioning_job.answers.decoding import job_in
from sparkwizard.entra.provisioning_job.answers.log_entries import entry_in
from sparkwizard.entra.provisioning_job.answers.on_demand import on_demand_in
from sparkwizard.entra.provisioning_job.log_filter import LogFilter, filtered
from sparkwizard.entra.provisioning_job.planning.settings import is_masked
from sparkwizard.entra.provisioning_job.remedies import (
    ERROR_CODES,
    QUARANTINE,
    error_remedy,
    quarantine_remedy,
)
from tests.graph_contract.checking import contract


def test_a_job_tells_status_progress_and_next_run() -> None:
    began = "2026-11-23T12:00:00.1234567Z"
    status = {
        "code": "Active",
        "lastExecution": {"state": "Succeeded", "timeBegan": began, "countEscrowed": 3},
        "progress": [{"units": "x", "completedUnits": 1, "totalUnits": 4}],
        "synchronizedEntryCountByType": [{"key": "User", "value": 9}],
        "lastSuccessfulExecution": {"timeBegan": "0001-01-01T00:00:00Z"},
    }
    schedule = {"state": "Active", "interval": "PT40M"}
    job = job_in({"id": "j", "status": status, "schedule": schedule}).status
    assert job.on
    assert job.next_run == datetime(2026, 11, 23, 12, 40, 0, 123456, UTC)
    assert job.counts == (("User", 9),)
    assert job.last_success is not None
    assert job.last_success.began is None


def test_an_empty_job_is_off_and_has_no_next_run() -> None:
    job = job_in({}).status
    assert not job.on
    assert job.next_run is None


def test_every_quarantine_reason_of_graph_has_a_remedy() -> None:
    members = contract().model.enumerations["quarantineReason"].members
    assert set(members) == set(QUARANTINE)


def test_a_reason_that_is_not_known_is_told_as_it_stands() -> None:
    assert "SomethingNew" in quarantine_remedy("SomethingNew").text


@pytest.mark.parametrize("code", ["EntryConflict", "SystemForCrossDomain:EntryConflict"])
def test_error_codes_are_found_with_and_without_their_prefix(code: str) -> None:
    assert error_remedy(code) is ERROR_CODES["entryconflict"]


def test_an_error_code_that_is_not_known_has_no_remedy() -> None:
    assert error_remedy("Nothing we know") is None


def test_an_answer_on_demand_may_be_json_in_texts() -> None:
    step = {"name": "EntryExportAdd", "provisioningStepType": "Export", "status": "Success",
            "details": {"userName": "a@b", "roles": []}}  # fmt: skip
    value = {"provisioningSteps": [step], "provisioningAction": "Create",
             "statusInfo": {"status": "Success"}}  # fmt: skip
    for shape in (value, [value], json.dumps(value), json.dumps([value])):
        result = on_demand_in({"key": "x", "value": shape}, "Adele")
        assert (result.status, result.action) == ("success", "create")
        assert result.steps[0].details == (("userName", "a@b"), ("roles", "[]"))


def test_an_answer_on_demand_may_say_that_nothing_was_to_be_done() -> None:
    key = json.dumps({"result": "Skipped", "details": {"errorCode": "RedundantExport"}})
    result = on_demand_in({"key": key, "value": "{}"}, "Adele")
    assert (result.status, result.error_code) == ("skipped", "RedundantExport")


def test_an_answer_on_demand_that_can_not_be_read_says_so() -> None:
    assert on_demand_in({"key": "[", "value": 7}, "Adele").status == "unknown"


def test_logs_are_searched_by_all_words_in_people_values_and_reasons() -> None:
    changed = [{"displayName": "title", "newValue": "Chief"}]
    adele = entry_in(
        {
            "id": "1",
            "sourceIdentity": {"displayName": "Adele Vance"},
            "modifiedProperties": changed,
        }
    )
    megan = entry_in({"id": "2", "sourceIdentity": {"displayName": "Megan Bowen"}})
    found = filtered((adele, megan), LogFilter(search="CHIEF adele"))
    assert [entry.id for entry in found] == ["1"]


@pytest.mark.parametrize(
    ("value", "masked"), [("*****", True), (None, True), ("", False), ("a*", False)]
)
def test_hidden_settings_are_known_by_their_asterisks(value: str | None, masked: bool) -> None:
    assert is_masked(value) is masked
