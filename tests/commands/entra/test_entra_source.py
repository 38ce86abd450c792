"""The commands with people from Microsoft Entra ID, over the practice tenant's Graph."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sparkwizard.net.redact import forget_secrets
from sparkwizard.practice.server import PracticeServer, serve_in_thread
from tests.commands.bad_days.test_secrets_stay_secret import files, journal_text, leaks, said
from tests.commands.conftest import Ran, write_profile
from tests.commands.in_process import Run, _no_waiting, edit, run, told
from tests.graph_contract.checking import FILE, contract

__all__ = ["_no_waiting", "run"]


@pytest.fixture
def practice() -> Iterator[PracticeServer]:
    """Start a tenant; afterwards look whether Microsoft would have answered so."""
    forget_secrets()
    with serve_in_thread() as server:
        yield server
        if FILE.is_file():
            assert contract().faults_of_answers(server.graph_log) == []
    forget_secrets()


@pytest.fixture
def profile(practice: PracticeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", practice.token)
    monkeypatch.setenv("SPARKWIZARD_GRAPH_TOKEN", practice.graph_token)
    path = write_profile(
        tmp_path,
        tenant_url=practice.tenant_url,
        organization_id=practice.organization_id,
        api_url=practice.api_url,
        csv=tmp_path / "none.csv",
    )
    text = path.read_text("utf-8")
    source = text[text.index("[source]") :]
    entra = (
        f'[source]\nkind = "entra"\ntenant = "{practice.entra_tenant_id}"\n'
        f'graph_url = "{practice.graph_url}"\n'
    )
    path.write_text(text.replace(source, entra), encoding="utf-8")
    return path


def test_a_preview_reads_everybody_from_entra(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    made = run("preview", "--profile", profile)
    assert made.code == 0
    assert made.json["source"] == {"kind": "entra", "people": 60, "complete": True}
    counts = {kind: made.json[kind] for kind in ("create", "update", "skipped", "problem")}
    assert sum(counts.values()) > 40
    spoken = run("preview", "--profile", profile, text=True)
    assert (
        f"60 people were read from Microsoft Entra ID ({practice.entra_tenant_id})." in spoken.out
    )


def test_a_file_of_the_same_people_gives_the_same_plan(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    from_graph = run("preview", "--profile", profile).json
    text = profile.read_text("utf-8")
    csv = f'[source]\nkind = "csv"\npath = "{practice.csv.as_posix()}"\n'
    profile.write_text(text[: text.index("[source]")] + csv, encoding="utf-8")
    from_file = run("preview", "--profile", profile).json
    kinds = ("create", "update", "disable", "delete", "unchanged")
    assert {kind: from_graph[kind] for kind in kinds} == {kind: from_file[kind] for kind in kinds}


def test_a_sync_writes_what_the_preview_said_and_the_next_finds_it_done(
    run: Run, profile: Path
) -> None:
    made = run("preview", "--profile", profile).json
    synced = run("sync", "--profile", profile, "--full")
    assert synced.code in (0, 4)
    assert synced.json["applied"] + synced.json["failed"] == made["create"] + made["update"]
    again = run("preview", "--profile", profile).json
    assert (again["create"], again["update"], again["disable"]) == (0, 0, 0)


def test_somebody_deleted_in_entra_is_disabled_in_webex(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    run("sync", "--profile", profile)
    directory = practice.entra.directory
    linked = run("preview", "--profile", profile).json
    assert linked["disable"] == 0
    leaver = next(
        one for one in directory.users if directory.users.get(one)["userType"] == "Member"
    )
    directory.delete_person(leaver)
    made = run("preview", "--profile", profile).json
    assert [one["source_id"] for one in made["actions"] if one["action"] == "disable"] == [leaver]


def test_the_second_sync_reads_only_what_changed(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    directory = practice.entra.directory
    first = run("sync", "--profile", profile)
    assert first.json["cycle"]["kind"] == "initial"
    run("sync", "--profile", profile)
    people = [one for one in directory.users if directory.users.get(one)["userType"] == "Member"]
    enabled = [one for one in people if directory.users.get(one)["accountEnabled"]]
    directory.change_person(enabled[3], displayName="Renamed Person")
    directory.delete_person(enabled[4])
    practice.graph_log.clear()
    synced = run("sync", "--profile", profile)
    assert synced.json["cycle"]["kind"] == "incremental"
    assert (synced.json["update"], synced.json["disable"]) == (1, 1)
    paths = [one.path for one in practice.graph_log]
    assert "/users/delta" in paths
    assert "/users" not in paths


def test_only_assigned_people_are_planned_and_nested_ones_are_told(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    directory = practice.entra.directory
    people = list(directory.users)
    inner = directory.add_group("Inner", people[8:10])
    group = directory.add_group("Pilot", [*people[:3], inner["id"]])
    with profile.open("a", encoding="utf-8") as file:
        file.write(f'[scope]\npeople = "assigned"\ngroups = ["{group["id"]}"]\n')
    made = run("preview", "--profile", profile).json
    assert made["source"]["people"] == 3
    assert "nested-groups" in {one["code"] for one in made["findings"]}


def test_an_incomplete_reading_removes_nobody(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    run("sync", "--profile", profile)
    with profile.open("a", encoding="utf-8") as file:
        file.write('[scope]\npeople = "assigned"\ngroups = ["Nobody knows"]\n')
    made = run("preview", "--profile", profile).json
    assert made["disable"] == 0
    assert made["source"] == {"kind": "entra", "people": 0, "complete": False}


def test_explain_tells_of_a_person_in_entra(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    person = practice.entra.directory.users.get(next(iter(practice.entra.directory.users)))
    explained = run("explain", "--profile", profile, person["userPrincipalName"], text=True)
    assert explained.code == 0
    assert person["displayName"] in explained.out


def test_explain_says_of_somebody_in_entra_that_they_are_not_assigned(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    directory = practice.entra.directory
    people = list(directory.users)
    directory.add_group("Pilot", people[:3])
    with profile.open("a", encoding="utf-8") as file:
        file.write('[scope]\npeople = "assigned"\ngroups = ["Pilot"]\n')
    other = directory.users.get(people[6])
    explained = run("explain", "--profile", profile, other["userPrincipalName"])
    assert f"{other['displayName']} is in Microsoft Entra ID" in told(
        explained, code="not-assigned"
    )
    told(run("explain", "--profile", profile, "nobody@x.example"), code="person-not-found")


def test_check_tells_of_both_sides(run: Run, profile: Path, practice: PracticeServer) -> None:
    checked = run("check", "--profile", profile)
    assert checked.json["source"]["summary"] == "60 people can be read."
    assert checked.json["source"]["standing"] == "pass"
    spoken = run("check", "--profile", profile, text=True)
    assert "people       60 people can be read." in spoken.out


def test_check_says_which_permission_is_missing(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    practice.entra_faults.consent_withdrawn = (
        *("User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All", "Directory.Read.All"),
    )
    checked = run("check", "--profile", profile)
    assert checked.code == 1
    assert checked.json["source"]["standing"] == "fail"
    assert "User.Read.All" in checked.json["source"]["fix"]


def test_check_of_assigned_people_names_the_groups(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    practice.entra.directory.add_group("Pilot", list(practice.entra.directory.users)[:3])
    with profile.open("a", encoding="utf-8") as file:
        file.write('[scope]\npeople = "assigned"\ngroups = ["Pilot"]\n')
    checked = run("check", "--profile", profile)
    assert checked.json["source"]["summary"] == "3 people are assigned, by Pilot."


def test_a_plan_made_from_entra_is_applied(run: Run, profile: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    made = run("preview", "--profile", profile, "--out", plan)
    assert made.code == 0
    applied = run("apply", plan, "--profile", profile)
    assert applied.json["applied"] > 0


# -- signing in ------------------------------------------------------------------------------------


@pytest.fixture
def somebody_signs_in(practice: PracticeServer) -> Iterator[None]:
    """Let the administrator finish every sign-in that begins."""
    ended = threading.Event()

    def finish() -> None:
        while not ended.wait(0.05):
            practice.complete_sign_in()

    thread = threading.Thread(target=finish)
    thread.start()
    yield
    ended.set()
    thread.join()


def test_signing_in_by_code_names_the_permissions_and_serves_later_commands(
    run: Run,
    profile: Path,
    practice: PracticeServer,
    somebody_signs_in: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SPARKWIZARD_GRAPH_TOKEN")
    signed = run("sign-in", "--profile", profile, "--device-code")
    assert signed.code == 0, signed
    assert signed.json["account"].endswith("@fabrikam.example")
    assert signed.json["kept"] is False  # the practice tenant speaks plain http
    assert "User.Read.All" in signed.err
    assert "to read the people and their attributes" in signed.err
    assert f"{practice.base_url}/devicelogin" in signed.err
    assert run("preview", "--profile", profile).json["source"]["people"] == 60
    assert run("sign-out", "--profile", profile).json["account"] == signed.json["account"]
    told(run("preview", "--profile", profile), code="sign-in-needed")


def test_the_organization_is_written_into_a_setup_that_names_none(
    run: Run, profile: Path, practice: PracticeServer, somebody_signs_in: None
) -> None:
    edit(profile, f'tenant = "{practice.entra_tenant_id}"\n', "")
    signed = run("sign-in", "--profile", profile, "--device-code", text=True)
    assert signed.code == 0, signed
    assert "▀" in signed.err
    assert f'tenant = "{practice.entra_tenant_id}"' in profile.read_text("utf-8")
    run("sign-out", "--profile", profile)


def test_a_refused_sign_in_is_one_sentence(
    run: Run, profile: Path, practice: PracticeServer, somebody_signs_in: None
) -> None:
    practice.entra_faults.conditional_access = True
    refused = run("sign-in", "--profile", profile, "--device-code")
    told(refused, code="conditional-access")


def test_a_setup_with_a_file_has_nobody_to_sign_in(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    edit(profile, 'kind = "entra"', 'kind = "csv"\npath = "people.csv"')
    told(run("sign-in", "--profile", profile), code="source-is-a-file")


def test_an_address_that_is_not_microsofts_gets_no_token(
    run: Run, profile: Path, practice: PracticeServer
) -> None:
    edit(profile, practice.graph_url, "https://graph.example/v1.0")
    told(run("preview", "--profile", profile), code="graph-url")


def test_a_schedule_needs_a_sign_in_that_stays(
    run: Run, profile: Path, somebody_signs_in: None
) -> None:
    assert run("sign-in", "--profile", profile, "--device-code").code == 0
    told(run("schedule", "--profile", profile), code="sign-in-needed")
    run("sign-out", "--profile", profile)


# -- secrets ---------------------------------------------------------------------------------------


def test_no_token_of_graph_is_in_anything_after_a_bad_day(
    run: Run,
    profile: Path,
    practice: PracticeServer,
    tmp_path: Path,
    data_dir: Path,
    somebody_signs_in: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran = list(_a_bad_day(run, profile, practice))
    monkeypatch.delenv("SPARKWIZARD_GRAPH_TOKEN")
    ran += [
        run("sign-in", "--profile", profile, "--device-code"),
        run("sync", "--profile", profile),
        run("sign-out", "--profile", profile),
    ]
    assert {one.code for one in ran} >= {0, 1}
    issued = _tokens_of(practice)
    assert len(issued) >= 3
    for secret in (practice.graph_token, *issued):
        assert leaks(secret, said(*ran)) == []
        assert leaks(secret, files(tmp_path)) == []
        assert leaks(secret, [("journal", journal_text(data_dir / "journal.sqlite3"))]) == []


def _a_bad_day(run: Run, profile: Path, practice: PracticeServer) -> Iterator[Ran]:
    faults = practice.entra_faults
    yield run("check", "--profile", profile)
    yield run("preview", "--profile", profile)
    faults.throttle_next = 2
    yield run("sync", "--profile", profile)
    faults.tokens_expired = True
    yield run("preview", "--profile", profile, text=True)
    yield run("check", "--profile", profile)
    faults.tokens_expired = False
    faults.throttle_every = 1
    yield run("preview", "--profile", profile, text=True)
    faults.throttle_every = 0


def _tokens_of(practice: PracticeServer) -> list[str]:
    """Return every token that the practice sign-in handed out, renewals included."""
    tokens = practice.entra.sign_in.tokens
    return [*tokens.__dict__["_access"], *tokens.__dict__["_refresh"]]
