"""``sync`` as a scheduler sees it: cycles, what waits, and quarantine."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sparkwizard.practice.server import PracticeServer, serve_in_thread
from tests.commands.conftest import write_profile
from tests.commands.in_process import ADELE, HEADER, Run, run

__all__ = ["run"]

BRUNO = b"bruno@contoso.example,Bruno Keller,Bruno,Keller,0-2,True\n"


@pytest.fixture
def profile(tmp_path: Path, own: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", own.token)
    (tmp_path / "people.csv").write_bytes(HEADER + ADELE)
    return write_profile(
        tmp_path,
        tenant_url=own.tenant_url,
        organization_id=own.organization_id,
        csv=tmp_path / "people.csv",
        api_url=own.api_url,
    )


@pytest.fixture
def own() -> Iterator[PracticeServer]:
    with serve_in_thread() as server:
        yield server


def test_the_first_sync_is_initial_and_the_next_incremental(
    run: Run, profile: Path, tmp_path: Path
) -> None:
    first = run("sync", "--profile", profile).json
    (tmp_path / "people.csv").write_bytes(HEADER + ADELE + BRUNO)
    second = run("sync", "--profile", profile).json

    assert (first["cycle"]["kind"], first["cycle"]["why"]) == ("initial", "it is the first")
    assert second["cycle"]["kind"] == "incremental"
    assert second["cycle"]["people_looked_at"] == 1
    assert (second["create"], second["applied"]) == (1, 1)
    assert second["escrow"] == []
    assert second["quarantine"] is None


def test_the_preview_reports_who_is_only_in_webex_and_touches_nobody(
    run: Run, profile: Path, own: PracticeServer
) -> None:
    document = run("preview", "--profile", profile).json
    assert document["only_in_webex"] == len(document["only_in_webex_users"]) > 0
    named = {user["user_name"] for user in document["only_in_webex_users"]}
    assert "adele@contoso.example" not in named
    assert document["disable"] == document["delete"] == 0


def test_a_token_that_is_refused_puts_the_setup_in_quarantine(
    run: Run, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("sync", "--profile", profile)
    monkeypatch.setenv("SPARKWIZARD_TOKEN", "no-token-of-webex")

    first = run("sync", "--profile", profile)
    second = run("sync", "--profile", profile)
    runs = run("runs", "--profile", profile).json

    assert first.code == 1
    assert json.loads(first.out)["quarantine"]["code"] == "quarantine-credentials"
    assert second.code == 3
    error = json.loads(second.out)["error"]
    assert error["code"] == "quarantined"
    assert "sync --full" in error["fix"]
    assert runs["quarantine"]["code"] == "quarantine-credentials"


def test_a_mended_token_ends_the_quarantine_with_the_next_sync(
    run: Run, profile: Path, monkeypatch: pytest.MonkeyPatch, own: PracticeServer
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", "no-token-of-webex")
    run("sync", "--profile", profile)
    monkeypatch.setenv("SPARKWIZARD_TOKEN", own.token)

    done = run("sync", "--profile", profile)

    assert done.code == 0
    assert done.json["quarantine"] is None


def test_a_full_sync_tries_at_once_in_quarantine(
    run: Run, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARKWIZARD_TOKEN", "no-token-of-webex")
    run("sync", "--profile", profile)

    tried = run("sync", "--profile", profile, "--full")

    assert tried.code == 1, "it was tried, and refused for the same reason"


def test_a_file_that_is_gone_is_told_and_found_again(
    run: Run, profile: Path, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.rename(tmp_path / "elsewhere.csv")
    gone = run("sync", "--profile", profile)
    assert gone.json["quarantine"]["code"] == "quarantine-source"
    again = run("sync", "--profile", profile)
    assert again.code == 3
    (tmp_path / "elsewhere.csv").rename(file)

    assert run("sync", "--profile", profile).code == 0


def test_wrong_words_in_a_setup_are_no_quarantine(run: Run, profile: Path) -> None:
    text = profile.read_text(encoding="utf-8")
    profile.write_text(text + '\n[[mapping]]\ntarget = "title"\nexpression = "Nonsense("\n')
    ran = run("sync", "--profile", profile)
    assert (ran.code, ran.json["error"]["code"], ran.json["quarantine"]) == (1, "mapping", None)
