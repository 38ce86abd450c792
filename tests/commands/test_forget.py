"""``forget``: first it only tells; then exactly what was named is gone, and nothing of others."""

import shutil
from pathlib import Path

import pytest

from sparkwizard.net.proxy_choice import ProxyChoice, ProxyMode
from sparkwizard.practice.server import PracticeServer
from sparkwizard.runs.processes.held_file import hold, let_go
from sparkwizard.runs.services import Belongings
from sparkwizard.setup import secrets
from sparkwizard.setup.network import proxy_account, save_proxy
from sparkwizard.setup.places import Places
from sparkwizard.setup.profile import SourceSettings
from sparkwizard.setup.secrets import MemoryStore, SecretName, StoredSecret
from tests.commands.in_process import (
    Run,
    _no_waiting,
    people,
    plan,
    profile,
    run,
    served,
    told,
)

__all__ = ["_no_waiting", "people", "plan", "profile", "run", "served"]


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    """Stand in for the system's keyring; the real one has tests of its own."""
    store = MemoryStore()
    monkeypatch.setattr(secrets, "KeyringStore", lambda: store)
    return store


@pytest.fixture
def used(
    run: Run,
    plan: Path,
    profile: Path,
    data_dir: Path,
    keyring: MemoryStore,
    served: PracticeServer,
) -> Path:
    """Make a data folder in which something was done, with a token kept for it."""
    (data_dir / "profiles").mkdir(exist_ok=True)
    shutil.copy(profile, data_dir / "profiles" / "Contoso.toml")
    keyring.save(served.organization_id, SecretName.WEBEX, StoredSecret("kept"))
    assert (data_dir / "journal.sqlite3").exists()
    return data_dir


def test_without_yes_it_tells_what_there_is_and_removes_nothing(
    run: Run, used: Path, keyring: MemoryStore, served: PracticeServer
) -> None:
    before = sorted(used.rglob("*"))
    for what in ([], ["--secrets"], ["--everything"], ["--yes"]):
        told_of = run("forget", *what)
        assert told_of.code == 0
        assert told_of.json["removed"] is False
        assert told_of.json["secrets"] == [
            {"organization": served.organization_id, "name": "webex"}
        ]
        assert str(used / "journal.sqlite3") in told_of.json["files"]
    assert sorted(used.rglob("*")) == before
    assert keyring.load(served.organization_id, SecretName.WEBEX)


def test_secrets_go_and_files_stay(
    run: Run, used: Path, keyring: MemoryStore, served: PracticeServer
) -> None:
    done = run("forget", "--secrets", "--yes")
    assert (done.code, len(done.json["secrets"]), done.json["files"]) == (0, 1, [])
    assert keyring.load(served.organization_id, SecretName.WEBEX) is None
    assert (used / "profiles" / "Contoso.toml").exists()
    assert (used / "journal.sqlite3").exists()


def test_everything_leaves_nothing_behind(run: Run, used: Path) -> None:
    done = run("forget", "--everything", "--yes")
    assert done.code == 0, done
    assert done.json["remaining"] == []
    assert not used.exists()


def test_files_of_others_are_left_alone_and_told(run: Run, used: Path) -> None:
    (used / "thesis.odt").write_text("not ours")
    (used / "logs" / "notes.txt").write_text("not ours")
    done = run("forget", "--everything", "--yes")
    assert done.json["remaining"] == [str(used / "logs"), str(used)]
    assert sorted(path.name for path in used.rglob("*") if path.is_file()) == [
        "notes.txt",
        "thesis.odt",
    ]


def test_who_is_signed_in_to_entra_is_signed_out(
    run: Run, data_dir: Path, keyring: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = data_dir / "profiles" / "Entra.toml"
    setup.parent.mkdir(parents=True)
    setup.write_text(
        'version = 1\nname = "Entra"\n[webex]\ntenant_url = "http://127.0.0.1:9/x/v2"\n'
        'organization_id = "2b0a2f9e-6f3e-4c57-9d35-5c9a8d6f0a11"\n'
        '[source]\nkind = "entra"\ntenant = "contoso.example"\n'
    )
    left: list[str] = []

    async def signed_in(_services: Belongings, source: SourceSettings) -> object:
        return None if source.tenant in left else source

    async def sign_out(_services: Belongings, source: SourceSettings) -> None:
        left.append(source.tenant)

    monkeypatch.setattr(Belongings, "signed_in", signed_in)
    monkeypatch.setattr(Belongings, "sign_out", sign_out)
    assert run("forget", "--secrets", "--yes").json["sign_ins"] == 1
    assert left == ["contoso.example"]
    assert run("forget", "--secrets", "--yes").json["sign_ins"] == 0


def test_an_organization_that_only_the_journal_knows_has_its_secret_removed(
    run: Run, used: Path, keyring: MemoryStore, served: PracticeServer
) -> None:
    (used / "profiles" / "Contoso.toml").unlink()
    run("forget", "--secrets", "--yes")
    assert keyring.load(served.organization_id, SecretName.WEBEX) is None


def test_nothing_is_deleted_while_a_window_is_open(run: Run, used: Path) -> None:
    held = hold(used / "windows" / "wizard.open")
    assert held is not None
    told(run("forget", "--everything", "--yes"), code="window-open")
    assert (used / "journal.sqlite3").exists()
    let_go(held)
    assert run("forget", "--everything", "--yes").code == 0


def test_files_stay_while_the_keyring_can_not_be_asked(
    run: Run, used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # the system's own keyring again, out of reach
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    listed = run("forget", text=True)
    assert "not known" in listed.out
    told(run("forget", "--everything", "--yes"), code="keyring-missing")
    assert (used / "journal.sqlite3").exists()


def test_a_computer_that_never_saw_the_program_has_nothing_to_forget(
    run: Run, data_dir: Path, keyring: MemoryStore
) -> None:
    done = run("forget", "--everything", "--yes")
    assert (done.code, done.json["secrets"], done.json["files"]) == (0, [], [])
    assert not data_dir.exists()


def test_the_proxy_and_its_password_are_forgotten_too(
    run: Run, used: Path, keyring: MemoryStore
) -> None:
    choice = ProxyChoice(ProxyMode.EXPLICIT, "proxy.example", username="me", password="its-word")
    save_proxy(choice, Places.in_folder(used), keyring)
    assert run("forget", "--everything", "--yes").code == 0
    assert keyring.load(proxy_account(choice), SecretName.PROXY) is None
    assert not (used / "network.toml").exists()
