"""Previews that wrote or lied, and successes that were none."""

import json

import pytest

from tests.complaints.conftest import Firm, row, rows


# zammad/zammad #4674, thorin/redmine_ldap_sync #212
def test_a_preview_never_writes(firm: Firm) -> None:
    firm.employs(rows(range(5)))
    assert firm.writes_of(firm.preview) == []
    assert firm.run("explain", "p001@contoso.example").code == 0
    assert firm.active == 0


# awslabs/ssosync #281
def test_a_preview_never_fails_on_the_very_first_people(firm: Firm) -> None:
    token = firm.practice.world.tokens.find(firm.practice.token, firm.practice.world.clock())
    assert token
    for record in [one for one in firm.practice.world.users if one.id != token.user]:
        firm.practice.world.users.remove(record.id)
    firm.employs(rows(range(5)))
    assert firm.preview()["create"] == 5


# azmanual.top/manuals/552835, p. 61 (GADS)
def test_a_preview_never_forgets_the_limits_of_the_run(firm: Firm) -> None:
    firm.employs(rows(range(20)))
    firm.sync()
    firm.employs(rows(range(10)))
    planned = firm.preview()
    assert [stop["code"] for stop in planned["stopped"]] == ["too-many-removals"]
    ran = firm.sync()
    assert ran.json["stopped"] == planned["stopped"]


# awslabs/ssosync #281
def test_a_run_never_does_more_than_its_preview_said(firm: Firm) -> None:
    firm.employs(rows(range(5)))
    plan = firm.profile.parent / "plan.json"
    planned = firm.run("preview", "--out", plan).json
    firm.employs(rows(range(9)))
    ran = firm.command("apply", plan, "--profile", firm.profile)
    assert ran.json["applied"] == planned["create"] == 5
    assert firm.active == 5


# bitwarden/directory-connector #28
def test_somebody_who_failed_is_never_remembered_as_done(firm: Firm) -> None:
    firm.employs(rows(range(5)))
    firm.practice.faults.names_taken_elsewhere = True
    firm.practice.world.taken_elsewhere = {"p003@contoso.example"}
    ran = firm.sync()
    assert (ran.code, ran.json["applied"], ran.json["failed"]) == (4, 4, 1)
    firm.practice.faults.names_taken_elsewhere = False
    firm.practice.world.taken_elsewhere = set()
    firm.sync()  # a failed entry is tried again after a while
    ran = firm.sync("--full")
    assert (ran.code, ran.json["applied"]) == (0, 1)


# bitwarden/directory-connector #28, #92
def test_a_licence_that_is_missing_is_never_kept_quiet(firm: Firm) -> None:
    firm.practice.faults.no_licences_free = True
    firm.employs(rows(range(5)))
    licences = firm.preview()["licences"]
    assert "free" in json.dumps(licences)
    assert "0" in json.dumps(licences)
    assert "licence" in firm.command("preview", "--profile", firm.profile, text=True).out.lower()


# bitwarden/directory-connector #92
def test_a_value_that_webex_dropped_is_never_called_done(firm: Firm) -> None:
    firm.practice.faults.values_not_kept = ("displayName",)
    firm.employs(rows(range(3)))
    ran = firm.sync()
    assert (ran.code, ran.json["applied"], ran.json["failed"]) == (4, 0, 3)
    assert {one["code"] for one in ran.json["outcomes"]} == {"value-not-kept"}


# adobe-apiplatform/user-sync.py #754
def test_a_summary_never_shows_nothing_for_what_was_done(firm: Firm) -> None:
    firm.employs(rows(range(20)))
    firm.sync()
    firm.employs(row(0, label="Dr. Null"), rows(range(1, 19)), rows(range(30, 32)))
    ran = firm.sync()
    assert [ran.json[kind] for kind in ("create", "update", "disable")] == [2, 1, 1]
    assert ran.json["applied"] == 4
    run = firm.command("runs").json["runs"][0]
    assert (run["applied"], run["failed"]) == (4, 0)


# §1, Bitwarden: a hash of the last sync skips a run of the same people
def test_an_unchanged_source_never_hides_what_was_changed_in_webex(firm: Firm) -> None:
    firm.employs(rows(range(3)))
    firm.sync()
    firm.change("p001@contoso.example", displayName="Edited")
    assert firm.sync("--full").json["applied"] == 1
    assert firm.users["p001@contoso.example"]["displayName"] == "Person 1"


# awslabs/ssosync #329
def test_a_second_run_never_writes(firm: Firm) -> None:
    firm.employs(rows(range(30)), row(30, name="Jan.Novak@Contoso.example"))
    firm.sync()
    assert firm.writes_of(firm.sync) == []
    assert firm.writes_of(lambda: firm.sync("--full")) == []
    assert firm.preview()["unchanged"] == 31


# awslabs/ssosync #329
def test_a_value_that_webex_spells_in_its_own_way_is_never_sent_again(firm: Firm) -> None:
    firm.employs(row(1, name="Jan.Novak@Contoso.example"))
    firm.sync()
    user = firm.users["jan.novak@contoso.example"]
    firm.change(
        "jan.novak@contoso.example",
        userName="jan.novak@contoso.example",
        emails=[{**one, "value": one["value"].lower()} for one in user["emails"]],
    )
    assert firm.preview()["unchanged"] == 1


# awslabs/ssosync #13, #2, adobe-apiplatform/user-sync.py #461
@pytest.mark.parametrize("after", [3, 7])
def test_a_throttled_run_never_gives_up_or_writes_twice(firm: Firm, after: int) -> None:
    firm.employs(rows(range(60)))
    firm.practice.faults.rate_limit_after = after
    firm.practice.faults.retry_after = 0
    ran = firm.sync()
    firm.practice.faults.rate_limit_after = 0
    assert (ran.code, ran.json["applied"], firm.active) == (0, 60, 60)


# bitwarden/directory-connector #105
def test_two_people_of_one_name_are_never_left_unnamed(firm: Firm) -> None:
    firm.employs(row(1, name="same@contoso.example"), row(2, name="same@contoso.example"))
    found = firm.preview()
    assert found["create"] == 0
    texts = " ".join(r["text"] for one in found["actions"] for r in one["reasons"])
    assert "Rows 2 and 3" in texts


# bitwarden/directory-connector #481
def test_a_check_never_spoils_the_sync_after_it(firm: Firm) -> None:
    firm.employs(rows(range(3)))
    for _ in range(3):
        assert firm.run("check").code == 0
        assert firm.sync().code == 0


# 1Password/scim-examples #247, goauthentik/authentik #20764
@pytest.mark.parametrize("token", ["expired", "non_admin", "bot", "other_organization"])
def test_a_check_is_never_green_where_a_preview_fails(
    firm: Firm, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    firm.employs(rows(range(3)))
    monkeypatch.setenv("SPARKWIZARD_TOKEN", firm.practice.tokens[token])
    assert firm.run("preview").code == 1
    assert firm.run("check").code == 1


# goauthentik/authentik #20764
def test_a_web_page_in_place_of_scim_is_never_a_green_check(firm: Firm) -> None:
    firm.employs(rows(range(3)))
    firm.practice.faults.html = True
    assert firm.run("check").code == 1


# 1Password/scim-examples #247
def test_a_token_that_may_only_read_never_passes_for_one_that_writes(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm.employs(rows(range(3)))
    monkeypatch.setenv("SPARKWIZARD_TOKEN", firm.practice.tokens["read_only"])
    layers = firm.run("check").json["layers"]
    assert any(one["standing"] != "pass" for one in layers)


# MicrosoftDocs/azure-docs #104859, #115546
def test_an_error_never_blames_something_else(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.employs(rows(range(3)))
    monkeypatch.setenv("SPARKWIZARD_TOKEN", firm.practice.tokens["expired"])
    error = firm.run("preview").json["error"]
    assert "token" in error["message"].lower()
    assert error["fix"]
