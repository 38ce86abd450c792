"""Keeping sign-ins: in a real Secret Service, in files that only Windows can read, in memory."""

import threading
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import msal
import pytest
from msal_extensions import (  # type: ignore[import-untyped]  # it ships no types
    FilePersistence,
)
from msal_extensions.persistence import (  # type: ignore[import-untyped]
    PersistenceDecryptionError,
)

from sparkwizard.entra.sign_in.cache import (
    EncryptedFile,
    TokenStore,
    kept_names,
    memory_vaults,
    system_vaults,
)
from sparkwizard.entra.types import Purpose, SignedIn
from sparkwizard.errors import StorageError
from sparkwizard.practice.server import PracticeServer
from sparkwizard.runs.forgetting import find_kept, forget_sign_ins
from sparkwizard.runs.services import Services
from sparkwizard.setup.places import Places
from sparkwizard.setup.sealed_text import KeyringText, MemoryText
from sparkwizard.setup.secrets import KeyringStore
from tests.entra.sign_in.conftest import OpenSignIn
from tests.setup.conftest import keyring_session, no_keyring, real_keyring

__all__ = ["keyring_session", "no_keyring", "real_keyring"]

NAME = "https://login.microsoftonline.com/contoso.example client"


class FakeEncryption(FilePersistence):  # type: ignore[misc]  # it ships no types
    """Stand for DPAPI: what one user wrote, another can't read."""

    of_another_user = False

    def save(self, content: str) -> None:
        super().save(content.encode().hex())

    def load(self) -> str:
        if self.of_another_user:
            raise PersistenceDecryptionError(message="Decryption failed")
        return bytes.fromhex(super().load()).decode()


@pytest.fixture
async def signed_in(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> msal.SerializableTokenCache:
    """Return MSAL's cache after a sign-in to the practice tenant."""
    sign_in = open_sign_in()
    async with aclosing(sign_in.by_device_code((Purpose.PEOPLE,))) as events:
        await anext(events)
        practice.complete_sign_in()
        assert isinstance(await anext(events), SignedIn)
    cache = msal.SerializableTokenCache()
    cache.deserialize(sign_in._vaults(sign_in._vault_name()).load())
    return cache


def names_in(store: TokenStore) -> list[str]:
    with store.opened() as cache:
        return [a["username"] for a in cache.search(msal.TokenCache.CredentialType.ACCOUNT)]


def test_a_sign_in_outlives_the_program_in_the_systems_keyring(
    real_keyring: None, tmp_path: Path, signed_in: msal.SerializableTokenCache
) -> None:
    text = signed_in.serialize()
    assert len(text.encode("utf-16-le")) > 2_560  # more than Windows' credential manager holds
    TokenStore(system_vaults(tmp_path)(NAME), tmp_path, NAME).replace(signed_in)

    later = TokenStore(system_vaults(tmp_path)(NAME), tmp_path, NAME)
    assert later.durable
    assert len(names_in(later)) == 1
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"refresh" not in written.lower()
    assert kept_names(tmp_path) == (NAME,)

    later.forget()
    assert kept_names(tmp_path) == ()
    assert names_in(later) == []
    assert system_vaults(tmp_path)(NAME).load() is None


async def test_what_is_kept_can_be_named_and_forgotten_without_its_setup(
    real_keyring: None, tmp_path: Path, signed_in: msal.SerializableTokenCache
) -> None:
    services = Services(
        places=Places.in_folder(tmp_path),
        secrets=KeyringStore(),
        environ={},
        clock=lambda: datetime.now(UTC),
    )
    folder = tmp_path / "sign-in"
    TokenStore(system_vaults(folder)(NAME), folder, NAME).replace(signed_in)
    kept = find_kept(services, ())
    assert kept.sign_ins == (NAME,)
    assert await forget_sign_ins(services) == 1
    assert services.kept_sign_ins() == ()
    assert system_vaults(folder)(NAME).load() is None


def test_each_organization_has_a_sign_in_of_its_own(
    real_keyring: None, tmp_path: Path, signed_in: msal.SerializableTokenCache
) -> None:
    vaults = system_vaults(tmp_path)
    TokenStore(vaults(NAME), tmp_path, NAME).replace(signed_in)
    assert names_in(TokenStore(vaults(f"{NAME} other"), tmp_path, f"{NAME} other")) == []
    TokenStore(vaults(NAME), tmp_path, NAME).forget()


def test_without_a_keyring_it_is_kept_in_memory_and_not_on_the_disk(
    no_keyring: None, tmp_path: Path, signed_in: msal.SerializableTokenCache
) -> None:
    store = TokenStore(system_vaults(tmp_path)(NAME), tmp_path, NAME)
    assert not store.durable
    store.replace(signed_in)
    assert len(names_in(TokenStore(system_vaults(tmp_path)(NAME)))) == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "text", ["", "null", "no JSON", '{"Account": 7}', "[]", '{"AccessToken": {"x": 1}}', '"x"']
)
def test_a_damaged_sign_in_counts_as_none(text: str) -> None:
    vault = MemoryText()
    vault.save(text)
    assert names_in(TokenStore(vault)) == []


def test_what_changes_while_it_is_open_is_kept_and_what_does_not_is_not_written(
    signed_in: msal.SerializableTokenCache,
) -> None:
    vault = CountingText()
    store = TokenStore(vault)
    store.replace(signed_in)
    names_in(store)
    assert vault.saved == 1
    with store.opened() as cache:
        (account,) = list(cache.search(msal.TokenCache.CredentialType.ACCOUNT))
        cache.remove_account(account)
    assert (vault.saved, names_in(store)) == (2, [])


def test_two_programs_take_turns(tmp_path: Path) -> None:
    vault, order = KeptText(), list[str]()
    entered, leave = threading.Event(), threading.Event()

    def first() -> None:
        with TokenStore(vault, tmp_path, NAME).opened():
            entered.set()
            leave.wait(5)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    entered.wait(5)
    leave.set()
    with TokenStore(vault, tmp_path, NAME).opened():
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


async def test_a_keyring_that_fails_leaves_the_sign_in_in_memory_and_says_so(
    practice: PracticeServer, open_sign_in: OpenSignIn
) -> None:
    sign_in = open_sign_in()
    sign_in._vaults = lambda _: FailingText()
    sign_in._plain = False
    async with aclosing(sign_in.by_device_code((Purpose.PEOPLE,))) as events:
        await anext(events)
        practice.complete_sign_in()
        done = await anext(events)
    assert isinstance(done, SignedIn)
    assert done.note is not None
    assert "forgotten when SparkWizard closes" in done.note.text
    assert (await sign_in.token((Purpose.PEOPLE,)))[0]
    sign_in._vaults = memory_vaults()


# -- Windows: its encryption is stood in for, the rest is what runs there --------------------------


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> type[FakeEncryption]:
    monkeypatch.setattr("msal_extensions.FilePersistenceWithDataProtection", FakeEncryption)
    monkeypatch.setattr(FakeEncryption, "of_another_user", False)
    return FakeEncryption


def test_on_windows_it_is_a_file_that_the_system_encrypts(
    windows: type[FakeEncryption], tmp_path: Path, signed_in: msal.SerializableTokenCache
) -> None:
    file = EncryptedFile(tmp_path / "sign-in" / "x.bin")
    assert file.load() is None
    store = TokenStore(file, tmp_path / "sign-in", NAME)
    store.replace(signed_in)
    assert len(names_in(store)) == 1
    assert b"refresh" not in (tmp_path / "sign-in" / "x.bin").read_bytes().lower()
    store.forget()
    assert not (tmp_path / "sign-in" / "x.bin").exists()


def test_a_file_copied_from_another_computer_counts_as_nobody_signed_in(
    windows: type[FakeEncryption],
    tmp_path: Path,
    signed_in: msal.SerializableTokenCache,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = TokenStore(EncryptedFile(tmp_path / "x.bin"), tmp_path, NAME)
    store.replace(signed_in)
    monkeypatch.setattr(windows, "of_another_user", True)
    assert names_in(store) == []
    monkeypatch.setattr(windows, "of_another_user", False)
    store.replace(signed_in)
    assert len(names_in(store)) == 1


class CountingText(MemoryText):
    """Count how often it is saved."""

    saved = 0

    def save(self, text: str) -> None:
        self.saved += 1
        super().save(text)


class KeptText(MemoryText):
    """Stand for a vault that other programs have too."""

    durable = True


class FailingText(KeptText):
    """Refuse to be written."""

    def save(self, text: str) -> None:
        raise StorageError("The keyring is locked.", fix="Unlock it.")


@pytest.mark.usefixtures("real_keyring")
def test_a_text_in_the_keyring_is_read_replaced_and_deleted() -> None:
    text = KeyringText("SparkWizard test", "one")
    assert text.load() is None
    text.save("ä" * 20_000)
    assert text.load() == "ä" * 20_000
    text.save("other")
    assert text.load() == "other"
    text.delete()
    text.delete()
    assert text.load() is None
