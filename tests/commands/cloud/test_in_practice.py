"""The whole hand-off by command in the practice tenant, whose service really provisions."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sparkwizard.commands.cloud.set_up import _token
from sparkwizard.errors import StorageError
from sparkwizard.practice import PracticeServer, serve_in_thread
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.secrets import MemoryStore, SecretName, StoredSecret
from tests.commands.conftest import Ran
from tests.commands.in_process import Run, told


@pytest.fixture
def practice() -> Iterator[PracticeServer]:
    """A tenant whose cycles run when they are told to."""
    with serve_in_thread() as server:
        server.entra_faults.cycle_seconds = 0
        server.entra_faults.application_lag = 0
        yield server


@pytest.fixture
def profile(tmp_path: Path, practice: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    monkeypatch.setenv("SPARKWIZARD_GRAPH_TOKEN", practice.graph_token)
    monkeypatch.setenv("SPARKWIZARD_ENTRA_SECRET_TOKEN", practice.token)
    path = tmp_path / "contoso.toml"
    path.write_text(
        f'version = 1\nname = "Contoso"\n[webex]\ntenant_url = "{practice.tenant_url}"\n'
        f'organization_id = "{practice.organization_id}"\napi_url = "{practice.api_url}"\n'
        f'[source]\nkind = "entra"\ngraph_url = "{practice.graph_url}"\n'
        '[notifications]\nemail = "it@contoso.example"\n',
        encoding="utf-8",
    )
    return path


def apply(run: Run, profile: Path, *options: str) -> Ran:
    planned = run("cloud", "plan", "--profile", profile, *options)
    assert planned.code == 0, planned
    return run("cloud", "apply", planned.json["hash"], "--profile", profile)


def names(practice: PracticeServer) -> dict[str, dict[str, Any]]:
    users = (record.decode() for record in practice.world.users)
    return {user["userName"].casefold(): user for user in users}


def test_a_computer_without_a_keyring_is_told_the_variable_of_the_secret_token(
    profile: Path, tmp_path: Path
) -> None:
    class NoKeyring(MemoryStore):
        def load(self, organization_id: str, name: SecretName) -> StoredSecret | None:
            raise StorageError("No keyring here.", fix="Set SPARKWIZARD_TOKEN.")

    places = Places.in_folder(tmp_path)
    services = Services(places=places, secrets=NoKeyring(), environ={}, clock=datetime.now)
    token, (words,) = _token(services, services.load(str(profile)).profile)
    assert not token
    assert words.endswith("No keyring here. Set SPARKWIZARD_ENTRA_SECRET_TOKEN.")


def test_entra_does_what_was_foretold_person_by_person(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    foretold = run("cloud", "foretell", "--profile", profile).json
    assert apply(run, profile).code == 0
    assert (
        run("cloud", "check", "--profile", profile).json["foretold"]["create"]
        == (foretold["create"])
    )
    assert run("cloud", "start", "--profile", profile).json["on"] is True
    assert practice.run_cycle() == 1
    checked = run("cloud", "check", "--profile", profile)
    assert checked.code == 0
    assert checked.json["same_schema"]
    assert (checked.json["matched"], checked.json["missing"]) == (60, 0)
    created = {
        action["user_name"].casefold()
        for action in foretold["actions"]
        if action["action"] == "create"
    }
    assert created <= names(practice).keys()
    assert practice.run_cycle() == 1
    watched = run("cloud", "watch", "--profile", profile).json
    assert watched["last"]["state"] == "Succeeded"
    assert watched["counts"]["User"] > len(created)


def test_whom_entra_treats_otherwise_than_this_computer_is_named_with_both_reasons(
    run: Run, profile: Path
) -> None:
    foretold = run("cloud", "foretell", "--profile", profile).json
    here = {one["person"]: one for one in foretold["actions"] if one["here"]}
    assert here.keys() == {"Grace Kim", "Petra Kraus-Neumann"}
    grace, petra = here["Grace Kim"], here["Petra Kraus-Neumann"]
    assert (grace["action"], grace["reasons"][-1]["code"]) == ("update", "turned-on")
    assert "leave them alone" in grace["here"]
    assert (petra["action"], petra["reasons"][-1]["code"]) == ("create", "second-user")
    assert "change their Webex user" in petra["here"]


def test_groups_are_foretold_and_compared_too(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    profile.write_text(f"{profile.read_text('utf-8')}[groups]\nprovision = true\n", "utf-8")
    foretold = run("cloud", "foretell", "--profile", profile).json["groups"]
    assert apply(run, profile, "--on").code == 0
    assert practice.run_cycle() == 1
    groups = run("cloud", "check", "--profile", profile).json["groups"]
    assert {one["person"]: one["kind"] for one in groups} == {
        one["group"]: "matched" for one in foretold
    }
    assert len(groups) > 5


def test_applied_twice_it_changes_nothing(run: Run, profile: Path) -> None:
    assert apply(run, profile, "--on").code == 0
    assert run("cloud", "plan", "--profile", profile, "--on").json["changes"] == []


def test_it_goes_through_with_every_third_answer_a_refusal(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    practice.entra_faults.throttle_every = 3
    assert apply(run, profile, "--on").code == 0
    practice.entra_faults.throttle_every = 0
    assert run("cloud", "plan", "--profile", profile, "--on").json["changes"] == []


def test_consent_withdrawn_after_the_list_was_made_is_told_with_the_permission(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    digest = run("cloud", "plan", "--profile", profile).json["hash"]
    practice.entra_faults.consent_withdrawn = ("Application.ReadWrite.All",)
    refused = run("cloud", "apply", digest, "--profile", profile)
    told(refused, code="graph-permission")
    assert "Application.ReadWrite.All" in refused.json["error"]["fix"]
    practice.entra_faults.consent_withdrawn = ()
    assert run("cloud", "apply", digest, "--profile", profile).code == 0


def test_a_colleagues_edit_of_the_schema_is_not_overwritten(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    apply(run, profile)
    text = profile.read_text("utf-8")
    more = '[[mapping]]\ntarget = "userName"\nexpression = "[userPrincipalName]"\n'
    profile.write_text(f"{text}\n{more}matching_precedence = 1\n", encoding="utf-8")
    digest = run("cloud", "plan", "--profile", profile).json["hash"]
    assert practice.entra.provisioning.edit_schema_elsewhere() == 1
    (job,) = practice.entra.provisioning.all_jobs()
    theirs = job.schema
    told(run("cloud", "apply", digest, "--profile", profile), code="tenant-changed", exit_code=3)
    assert job.schema is theirs


def test_a_deleted_application_is_told(run: Run, profile: Path, practice: PracticeServer) -> None:
    apply(run, profile, "--on")
    practice.entra.delete_applications_elsewhere()
    told(run("cloud", "watch", "--profile", profile), code="application-gone")
    planned = run("cloud", "plan", "--profile", profile).json
    assert planned["blocked"]
    told(
        run("cloud", "apply", planned["hash"], "--profile", profile),
        code="application-gone",
        exit_code=3,
    )


def test_one_person_on_demand_shows_the_steps_of_the_service(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    apply(run, profile)
    planned = run("preview", "--profile", profile).json["actions"]
    person = next(a["source_id"] for a in planned if a["action"] == "create")
    result = run("cloud", "on-demand", person, "--profile", profile).json
    assert (result["status"], result["action"]) == ("success", "create")
    assert [step["kind"] for step in result["steps"]] == ["import", "scoping", "matching", "export"]


def test_a_group_of_the_scope_is_assigned_by_its_name(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    groups = practice.entra.directory.groups.values()
    group = next(one for one in groups if one["securityEnabled"])
    text = profile.read_text("utf-8")
    scope = f'[scope]\npeople = "assigned"\ngroups = ["{group["displayName"]}"]\n'
    profile.write_text(f"{text}\n{scope}", encoding="utf-8")
    assert apply(run, profile, "--on").code == 0
    practice.run_cycle()
    entries = run("cloud", "logs", "--profile", profile).json["entries"]
    members = set(group["members"]) if "members" in group else None
    assert entries
    assert members is None or {e["source_id"] for e in entries} <= members


def test_who_may_only_read_gets_the_checklist_checked(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    apply(run, profile, "--on")
    practice.entra_faults.roles_missing = (
        "Application Administrator",
        "Cloud Application Administrator",
        "Global Administrator",
    )
    listed = run("cloud", "checklist", "--profile", profile).json
    states = {point["point"]: point["state"] for point in listed["points"]}
    assert states["mapping"] == "done"
    assert states["credentials"] == "unknown"


def test_whatever_was_seen_last_entra_is_asked_before_a_run(
    run: Run, profile: Path, practice: PracticeServer, tmp_path: Path
) -> None:
    apply(run, profile)
    (job,) = practice.entra.provisioning.all_jobs()
    job.started = True  # in the portal
    told(run("sync", "--profile", profile), code="entra-runs", exit_code=3)
    job.started = False
    plan = tmp_path / "plan.json"
    assert run("preview", "--profile", profile, "--out", plan).code == 0
    assert run("apply", plan, "--profile", profile).code in (0, 4)


def test_an_application_whose_answer_got_lost_is_not_added_twice(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    practice.entra_faults.application_lag = 0.05
    practice.entra_faults.drop_after_next = 1
    digest = run("cloud", "plan", "--profile", profile).json["hash"]
    assert run("cloud", "apply", digest, "--profile", profile).code == 1
    time.sleep(0.2)  # tests wait nowhere else, and Entra shows a new application late
    assert run("cloud", "apply", digest, "--profile", profile).code == 0
    assert len(practice.entra.applications.principals) == 1


def test_switched_on_at_once_the_first_cycle_is_foretold_all_the_same(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    assert apply(run, profile, "--on").code == 0
    practice.run_cycle()
    checked = run("cloud", "check", "--profile", profile).json
    assert checked["waiting"] is False
    assert checked["matched"] > 50
