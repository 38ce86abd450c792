"""Bad input: each slip is told in one clear sentence with its fix, and nothing is lost."""

from pathlib import Path

import pytest

from sparkwizard.practice.server import PracticeServer
from tests.commands.in_process import (
    ADELE,
    HEADER,
    Run,
    _no_waiting,
    edit,
    people,
    plan,
    profile,
    run,
    served,
    told,
)

__all__ = ["_no_waiting", "people", "plan", "profile", "run", "served"]


# -- the people ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"name;mail\nAdele;adele@contoso.example\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01" * 50,
        b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)) * 20,
        HEADER + "josé@contoso.example,José Núñez,José,Núñez,0-2,True\n".encode("latin-1"),
        HEADER[:-1] + b",displayName\n" + ADELE,
        b"\xff\xfe\x00",
    ],
    ids=["empty", "blank", "columns", "image", "workbook", "latin-1", "twice", "cut-utf16"],
)
def test_a_file_that_is_no_table_of_people_is_told(
    run: Run, profile: Path, people: Path, content: bytes
) -> None:
    people.write_bytes(content)
    told(run("preview", "--profile", profile), code="source")
    assert people.read_bytes() == content


def test_a_file_that_is_gone_is_told(run: Run, profile: Path, people: Path) -> None:
    people.unlink()
    assert "people.csv" in told(run("preview", "--profile", profile), code="source")


def test_a_folder_instead_of_a_file_is_told(run: Run, profile: Path, people: Path) -> None:
    people.unlink()
    people.mkdir()
    told(run("preview", "--profile", profile), code="source")


def test_a_file_with_a_header_only_changes_nobody(run: Run, profile: Path, people: Path) -> None:
    people.write_bytes(HEADER)
    ran = run("preview", "--profile", profile)
    assert ran.code == 0
    assert [ran.json[kind] for kind in ("create", "update", "disable", "delete")] == [0, 0, 0, 0]
    assert ran.json["source_complete"] is False


def test_a_person_listed_twice_is_a_problem_and_the_others_go_on(
    run: Run, profile: Path, people: Path
) -> None:
    people.write_bytes(
        HEADER + ADELE + ADELE + ADELE.replace(b"dele", b"lex").replace(b"-1", b"-2")
    )
    document = run("preview", "--profile", profile).json
    assert (document["create"], document["problem"]) == (1, 2)


# -- the setup -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "Contoso"', 'nmae = "Contoso"'),
        ("version = 1", "version = 99"),
        ("version = 1", "version = "),
        ('kind = "csv"', 'kind = "ldap"'),
        ("[source]", "[sauce]"),
        ("[source]", '[safeguards]\nmax_removals = "lots"\n[source]'),
        ("[source]", '[webex.extra]\ntoken = "abc"\n[source]'),
    ],
)
def test_a_setup_with_a_slip_of_the_pen_is_told(
    run: Run, profile: Path, old: str, new: str
) -> None:
    edit(profile, old, new)
    told(run("preview", "--profile", profile), code="profile")


@pytest.mark.parametrize("content", [b"", b"\x00\xff binary", b"[" * 10_000, b"\xff\xfen\x00a\x00"])
def test_a_setup_that_is_no_setup_is_told_and_left_alone(
    run: Run, profile: Path, content: bytes
) -> None:
    profile.write_bytes(content)
    told(run("preview", "--profile", profile), code="profile")
    assert profile.read_bytes() == content


def test_a_setup_without_an_address_is_told(
    run: Run, profile: Path, served: PracticeServer
) -> None:
    edit(profile, f'tenant_url = "{served.tenant_url}"\n', "")
    ran = run("preview", "--profile", profile)
    assert ran.code == 1
    assert ran.json["error"]["code"] != "unexpected"


def test_a_setup_whose_organization_is_not_the_address_s_is_told(
    run: Run, profile: Path, served: PracticeServer
) -> None:
    edit(
        profile,
        f'organization_id = "{served.organization_id}"',
        'organization_id = "00000000-0000-4000-8000-000000000000"',
    )
    told(run("preview", "--profile", profile), code="organization-mismatch")


@pytest.mark.parametrize("name", ["Nobody", "nobody.toml", "./no/where", "", "a\x00b"])
def test_a_setup_that_is_not_there_is_told(run: Run, name: str) -> None:
    told(run("preview", "--profile", name), code="profile")


def test_a_rule_that_cannot_work_is_told_before_anything_is_read(
    run: Run, profile: Path, served: PracticeServer
) -> None:
    edit(
        profile,
        "[source]",
        '[[mapping]]\ntarget = "userName"\nexpression = "Nonsense([mail]"\n'
        "matching_precedence = 1\n[source]",
    )
    ran = run("preview", "--profile", profile)
    assert ran.code == 1
    assert ran.json["error"]["code"] in ("mapping", "profile")


def test_a_missing_token_is_told(run: Run, profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPARKWIZARD_TOKEN")
    ran = run("preview", "--profile", profile)
    assert ran.code == 1
    assert "SPARKWIZARD_TOKEN" in ran.json["error"]["fix"]


@pytest.mark.parametrize("url", ["", "not a url", "https://", "ftp://x.example", "http://[::1"])
def test_an_address_that_is_none_is_told(
    run: Run, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", "some-token-or-other")
    ran = run("check", "--tenant-url", url)
    assert ran.code == 1
    assert ran.json["error"]["code"] != "unexpected"
    assert ran.json["error"]["fix"]


# -- the plan --------------------------------------------------------------------------------------


def test_a_plan_that_is_not_there_is_told(run: Run, profile: Path, tmp_path: Path) -> None:
    told(run("apply", tmp_path / "none.json", "--profile", profile), code="plan-missing")


def test_a_folder_instead_of_a_plan_is_told(run: Run, profile: Path, tmp_path: Path) -> None:
    told(run("apply", tmp_path, "--profile", profile), code="plan-unreadable")


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\x00\x01", b"<html>", b"null", b"[" * 100_000, b'{"a":' * 100_000],
)
def test_a_plan_that_is_none_is_told(run: Run, profile: Path, plan: Path, content: bytes) -> None:
    plan.write_bytes(content)
    told(run("apply", plan, "--profile", profile), code="plan")


def test_a_plan_cut_off_is_told(run: Run, profile: Path, plan: Path) -> None:
    plan.write_bytes(plan.read_bytes()[:-200])
    told(run("apply", plan, "--profile", profile), code="plan")


def test_an_edited_plan_is_stopped(run: Run, profile: Path, plan: Path) -> None:
    plan.write_bytes(plan.read_bytes().replace(b"Adele Vance", b"Adele Vence"))
    told(run("apply", plan, "--profile", profile), code="plan-changed", exit_code=3)
    assert run("runs").json["runs"] == []


def test_a_plan_from_elsewhere_is_stopped(
    run: Run, profile: Path, plan: Path, data_dir: Path
) -> None:
    for part in data_dir.glob("journal.sqlite3*"):
        part.unlink()
    told(run("apply", plan, "--profile", profile), code="plan-unknown", exit_code=3)


def test_a_plan_of_a_setup_that_changed_is_stopped(run: Run, profile: Path, plan: Path) -> None:
    edit(profile, "[source]", '[safeguards]\nmax_removals = "20%"\n[source]')
    told(run("apply", plan, "--profile", profile), code="plan-setup-changed", exit_code=3)


def test_a_hash_that_does_not_match_is_stopped(run: Run, profile: Path, plan: Path) -> None:
    ran = run("apply", plan, "--profile", profile, "--plan-hash", "0" * 64)
    told(ran, code="plan-hash", exit_code=3)


@pytest.mark.parametrize("over", ["people.csv", "contoso.toml"])
def test_a_plan_is_not_written_over_the_people_or_the_setup(
    run: Run, profile: Path, tmp_path: Path, over: str
) -> None:
    before = (tmp_path / over).read_bytes()
    told(run("preview", "--profile", profile, "--out", tmp_path / over), code="out")
    assert (tmp_path / over).read_bytes() == before


# -- usage -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["preview"],
        ["apply"],
        ["apply", "plan.json"],
        ["check"],
        ["check", "--profile", "a", "--tenant-url", "b"],
        ["report", "one"],
        ["report", "1", "--format", "pdf"],
        ["practice"],
        ["practice", "--port", "70000"],
        ["practice", "--port", "x"],
        ["practice", "--port", "0", "--people", "0"],
        ["preview", "--nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_says_what_is_right(run: Run, words: list[str]) -> None:
    ran = run(*words)
    assert ran.code == 2
    assert "usage: sparkwizard" in ran.err


@pytest.mark.parametrize("number", ["1", "0", "-1", "99999999999999999999999"])
def test_a_run_that_never_was_is_told(run: Run, number: str) -> None:
    told(run("report", number), code="run-unknown")


def test_a_port_that_is_taken_is_told(run: Run, served: PracticeServer) -> None:
    port = served.base_url.rsplit(":", 1)[1]
    assert port in told(run("practice", "--port", port), code="port-taken")
