"""Setting Entra's provisioning up and watching it, by command, against a little tenant."""

import csv
import io
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sparkwizard.errors import StorageError
from sparkwizard.practice.server import PracticeServer
from tests.commands.conftest import Ran, write_profile
from tests.commands.in_process import Run, told
from tests.entra.little_graph import Asked, Reply, refusal
from tests.entra.provisioning_job.little_tenant import GROUP, PERSON, TOKEN, LittleTenant
from tests.entra.provisioning_job.serving import served_in_thread

GRAPH_TOKEN = "eyJ0ZXN0Ijoi.graph-token-of-a-test.c2lnbmF0dXJl"
NEW_TOKEN = "another-secret-token-for-entra-9876543210"


@pytest.fixture
def tenant() -> LittleTenant:
    return LittleTenant(good_tokens={TOKEN, NEW_TOKEN})


@pytest.fixture
def profile(
    tmp_path: Path,
    tenant: LittleTenant,
    served: PracticeServer,
    people: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", served.token)
    monkeypatch.setenv("SPARKWIZARD_GRAPH_TOKEN", GRAPH_TOKEN)
    monkeypatch.setenv("SPARKWIZARD_ENTRA_SECRET_TOKEN", TOKEN)
    with served_in_thread(tenant) as little:
        path = write_profile(
            tmp_path,
            tenant_url=served.tenant_url,
            organization_id=served.organization_id,
            api_url=served.api_url,
            csv=people,
            more=f'graph_url = "{little.url}"\n[cloud]\n[scope]\npeople = "all"\n'
            '[notifications]\nemail = "it@contoso.example"\n',
        )
        yield path


def set_up(run: Run, profile: Path, *options: str) -> Ran:
    planned = run("cloud", "plan", "--profile", profile, *options)
    assert planned.code == 0, planned
    return run("cloud", "apply", planned.json["hash"], "--profile", profile)


def entry(**values: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "activityDateTime": "2026-11-23T12:00:00Z",
        "jobId": "scim.0001",
        "provisioningAction": "create",
        "provisioningStatusInfo": {"status": "success"},
        "sourceIdentity": {"id": PERSON, "displayName": "Adele Vance", "identityType": "User"},
        "targetIdentity": {"id": "t", "displayName": "adele@contoso.example"},
        "modifiedProperties": [],
        **values,
    }


def test_exactly_the_listed_changes_are_made_and_the_setup_knows_its_job(
    run: Run,
    profile: Path,
    tenant: LittleTenant,
) -> None:
    planned = run("cloud", "plan", "--profile", profile, "--on").json
    assert tenant.writes == []
    done = run("cloud", "apply", planned["hash"], "--profile", profile)
    assert done.code == 0, done
    told_of = [*done.json["done"], *done.json["already"]]
    assert sorted(one["key"] for one in told_of) == sorted(one["key"] for one in planned["changes"])
    assert tenant.writes == ["instantiate", "job", "settings", "schema", "start"]
    cloud = tomllib.loads(profile.read_text("utf-8"))["cloud"]
    assert cloud["job_id"] == "scim.0001"
    assert cloud["application_id"] in tenant.applications
    days = run("cloud", "watch", "--profile", profile).json["renew_in_days"]
    assert 364 <= days <= 365


def test_a_second_list_is_empty(run: Run, profile: Path) -> None:
    set_up(run, profile, "--on")
    assert run("cloud", "plan", "--profile", profile, "--on").json["changes"] == []


def test_a_list_that_was_never_shown_is_refused(
    run: Run,
    profile: Path,
    tenant: LittleTenant,
) -> None:
    refused = run("cloud", "apply", "0" * 64, "--profile", profile)
    told(refused, code="cloud-plan-unknown", exit_code=3)
    assert tenant.writes == []


def test_a_setup_that_changed_since_the_list_is_refused(
    run: Run,
    profile: Path,
    tenant: LittleTenant,
) -> None:
    digest = run("cloud", "plan", "--profile", profile).json["hash"]
    text = profile.read_text("utf-8").replace("it@contoso.example", "me@contoso.example")
    profile.write_text(text, encoding="utf-8")
    refused = run("cloud", "apply", digest, "--profile", profile)
    told(refused, code="cloud-plan-setup-changed", exit_code=3)
    assert tenant.writes == []


def test_a_file_for_people_and_everybody_at_entra_is_pointed_out(
    run: Run,
    profile: Path,
) -> None:
    problems = run("cloud", "plan", "--profile", profile).json["problems"]
    assert "everybody" in [problem["code"] for problem in problems]


def test_while_entra_runs_the_setup_this_computer_does_not(
    run: Run,
    profile: Path,
    tmp_path: Path,
) -> None:
    set_up(run, profile, "--on")
    plan = tmp_path / "plan.json"
    assert run("preview", "--profile", profile, "--out", plan).code == 0
    told(run("apply", plan, "--profile", profile), code="entra-runs", exit_code=3)
    told(run("sync", "--profile", profile), code="entra-runs", exit_code=3)
    told(run("schedule", "--profile", profile), code="entra-runs", exit_code=3)
    assert run("apply", plan, "--profile", profile, "--although-entra-runs").code == 0
    assert run("cloud", "stop", "--profile", profile).json["on"] is False
    assert run("sync", "--profile", profile).code == 0


def test_a_schedule_that_is_left_to_entra_mails_nobody(run: Run, profile: Path) -> None:
    set_up(run, profile, "--on")
    assert run("sync", "--profile", profile).json["notification"] is None


def test_what_is_off_is_not_switched_on_by_a_restart(
    run: Run, profile: Path, tenant: LittleTenant
) -> None:
    set_up(run, profile)
    told(run("cloud", "restart", "from-the-start", "--profile", profile), code="cloud-off")
    assert tenant.restarts == []


def test_without_a_keyring_the_list_is_made_and_says_what_is_missing(
    run: Run, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SPARKWIZARD_ENTRA_SECRET_TOKEN")
    monkeypatch.setattr("sparkwizard.setup.secrets.KeyringStore.load", _no_keyring)
    planned = run("cloud", "plan", "--profile", profile)
    assert planned.code == 0
    assert "token-missing" in [problem["code"] for problem in planned.json["problems"]]


def _no_keyring(*_: object) -> None:
    raise StorageError("This computer has no keyring that can be used.", fix="Start one.")


def test_what_entra_says_no_with_is_handed_on(
    run: Run, profile: Path, tenant: LittleTenant
) -> None:
    tenant.add()

    def no(asked: Asked) -> Reply | None:
        wanted = (asked.method, asked.path.endswith("/schema"))
        return refusal(400, "Bad", "Two rules for userName.") if wanted == ("PUT", True) else None

    tenant.before = no
    sentence = told(set_up(run, profile), code="entra-refused")
    assert "It says: Two rules for userName." in sentence


def test_the_watch_tells_quarantine_with_its_remedy(
    run: Run,
    profile: Path,
    tenant: LittleTenant,
) -> None:
    set_up(run, profile, "--on")
    tenant.jobs["scim.0001"]["status"] = {
        "code": "Quarantine",
        "quarantine": {"reason": "TooManyDeletes", "currentBegan": "2026-11-23T12:00:00Z"},
    }
    watched = run("cloud", "watch", "--profile", profile)
    assert watched.code == 4
    (notice,) = watched.json["notices"]
    assert notice["restart"] == "allow-deletes"
    assert run("cloud", "restart", "allow-deletes", "--profile", profile).code == 0
    assert tenant.restarts == ["ForceDeletes"]


def test_before_it_is_set_up_the_watch_says_what_to_do(run: Run, profile: Path) -> None:
    told(run("cloud", "watch", "--profile", profile), code="cloud-not-set-up")


def test_logs_are_filtered_and_written_without_formulas(
    run: Run,
    profile: Path,
    tenant: LittleTenant,
    tmp_path: Path,
) -> None:
    set_up(run, profile, "--on")
    failed = {"status": "failure", "errorInformation": {"errorCode": "InvalidDomain"}}
    tenant.logs = [
        entry(),
        entry(
            id="2",
            sourceIdentity={"id": "x", "displayName": "=cmd|' /C calc'!A0"},
            targetIdentity={},
            provisioningStatusInfo=failed,
        ),
    ]
    out = tmp_path / "logs.csv"
    found = run("cloud", "logs", "--profile", profile, "--status", "failure", "--out", out)
    assert found.json["count"] == 1
    rows = list(csv.reader(io.StringIO(out.read_text("utf-8-sig"))))
    assert rows[1][1].startswith("'=")
    assert "Control Hub" in rows[1][7]
    out = tmp_path / "logs.json"
    run("cloud", "logs", "--profile", profile, "--search", "adele", "--out", out)
    assert [one["person"] for one in json.loads(out.read_text())] == ["Adele Vance"]


def test_the_hand_off_foretells_and_then_compares_person_by_person(
    run: Run,
    profile: Path,
    tenant: LittleTenant,
    people: Path,
) -> None:
    people.write_text(people.read_text().replace("adele@", "new@").replace(",0-1,", f",{PERSON},"))
    set_up(run, profile)
    first = run("cloud", "check", "--profile", profile)
    assert first.json["same_schema"] is True
    assert first.json["waiting"] is True
    assert first.json["foretold"]["create"] == 1
    later = "2099-01-01T00:00:00Z"
    tenant.jobs["scim.0001"]["status"] = {
        "code": "Active",
        "lastExecution": {"state": "Succeeded", "timeBegan": later, "timeEnded": later},
    }
    tenant.logs = [entry(activityDateTime=later), entry(activityDateTime=later, id="2",
                   sourceIdentity={"id": "stranger", "displayName": "Nobody Knows"})]  # fmt: skip
    second = run("cloud", "check", "--profile", profile)
    assert second.code == 4
    assert (second.json["matched"], second.json["unexpected"]) == (1, 1)
    assert second.json["people"][0]["person"] == "Nobody Knows"


def test_somebody_elses_mapping_is_told_as_a_difference(
    run: Run,
    profile: Path,
    tenant: LittleTenant,
) -> None:
    set_up(run, profile)
    rules = tenant.schema["synchronizationRules"][0]["objectMappings"][1]["attributeMappings"]
    next(one for one in rules if one["targetAttributeName"] == "displayName")["source"] = {
        "expression": "[mail]", "name": "mail", "type": "Attribute", "parameters": [],
    }  # fmt: skip
    checked = run("cloud", "check", "--profile", profile)
    assert checked.code == 4
    assert [one["key"] for one in checked.json["differences"]] == ["rule:displayName"]


def test_one_person_is_provisioned_on_demand_with_each_step(
    run: Run,
    profile: Path,
) -> None:
    set_up(run, profile)
    result = run("cloud", "on-demand", PERSON, "--profile", profile)
    assert result.code == 0
    assert result.json["person"] == "Adele Vance"
    assert result.json["steps"][0]["kind"] == "import"
    told(run("cloud", "on-demand", "nobody@x", "--profile", profile), code="no-such-person")


def test_a_schema_that_was_replaced_can_be_put_back(
    run: Run,
    profile: Path,
    tenant: LittleTenant,
) -> None:
    tenant.add()
    before = json.loads(json.dumps(tenant.schema))
    saved = set_up(run, profile).json["saved_schema"]
    assert tenant.schema != before
    assert (
        run("cloud", "restore-schema", "--profile", profile).json["schemas"][0]["number"] == saved
    )
    assert run("cloud", "restore-schema", str(saved), "--profile", profile).code == 0
    assert tenant.schema == before
    told(run("cloud", "restore-schema", "99", "--profile", profile), code="no-schema")


def test_the_secret_token_is_renewed_in_one_step_and_nothing_else_changes(
    run: Run,
    profile: Path,
    tenant: LittleTenant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_up(run, profile)
    before = dict(tenant.settings)
    monkeypatch.setenv("SPARKWIZARD_ENTRA_SECRET_TOKEN", NEW_TOKEN)
    renewed = run("cloud", "renew-token", "--expires", "2027-11-28", "--profile", profile)
    assert renewed.json == {"renewed": True, "renew_by": "2027-11-28"}
    assert tenant.settings == {**before, "SecretToken": NEW_TOKEN}
    assert run("cloud", "watch", "--profile", profile).json["renew_in_days"] is not None


def test_a_new_token_that_webex_refuses_is_not_saved(
    run: Run,
    profile: Path,
    tenant: LittleTenant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_up(run, profile)
    before = dict(tenant.settings)
    monkeypatch.setenv("SPARKWIZARD_ENTRA_SECRET_TOKEN", "a-token-that-nobody-knows")
    told(run("cloud", "renew-token", "--profile", profile), code="credentials-refused")
    assert tenant.settings == before


def test_the_checklist_is_checked_through_graph_and_ticked_by_hand_where_it_can_not(
    run: Run,
    profile: Path,
    tenant: LittleTenant,
) -> None:
    points = {p["point"]: p for p in run("cloud", "checklist", "--profile", profile).json["points"]}
    assert points["application"]["state"] == "open"
    assert points["credentials"]["by_hand"]
    ticked = run("cloud", "checklist", "--tick", "credentials", "--profile", profile)
    assert ticked.json["done"] == 1
    set_up(run, profile, "--on")
    points = run("cloud", "checklist", "--profile", profile).json
    assert points["done"] == len(points["points"])
    refused = run("cloud", "checklist", "--tick", "status", "--profile", profile)
    told(refused, code="checked-point")


def test_no_token_is_in_any_file_or_any_word(
    run: Run,
    profile: Path,
    tenant: LittleTenant,
    data_dir: Path,
    tmp_path: Path,
) -> None:
    shown = [
        set_up(run, profile, "--on"),
        run("cloud", "watch", "--profile", profile),
        run("cloud", "checklist", "--profile", profile, text=True),
        run("cloud", "check", "--profile", profile),
    ]
    tenant.good_tokens.clear()
    tenant.settings["BaseAddress"] = "https://somewhere.example"
    shown += [set_up(run, profile), run("cloud", "renew-token", "--profile", profile)]
    assert shown[-1].code == 1
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in files)
    for secret in (TOKEN, GRAPH_TOKEN):
        assert not any(secret in ran.out + ran.err for ran in shown)
        assert [path for path in files if secret.encode() in path.read_bytes()] == []


def test_the_changes_are_told_in_sentences(run: Run, profile: Path) -> None:
    shown = run("cloud", "plan", "--profile", profile, "--on", text=True).out
    assert "Add the application Cisco Webex from Microsoft's gallery" in shown
    assert "Switch provisioning on" in shown
    assert "sparkwizard cloud apply" in shown
    assert GROUP not in shown
