"""Where tokens are kept, and where they may go."""

import subprocess
import sys
import types
from collections.abc import Iterator

import pytest

from sparkwizard.errors import StorageError
from sparkwizard.setup.secrets import (
    KeyringStore,
    MemoryStore,
    SecretName,
    SecretStore,
    StoredSecret,
    backend_name,
    keyring_available,
    keyring_locked,
)
from tests.setup.secrets.a_secret import ATTEMPTS, ORGANIZATION, SECRET, WEBEX, linux_only


def test_a_secret_is_not_shown() -> None:
    assert SECRET.token not in repr(SECRET) + str(SECRET)


@pytest.fixture(params=["memory", pytest.param("keyring", marks=linux_only)])
def store(request: pytest.FixtureRequest) -> Iterator[SecretStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    request.getfixturevalue("real_keyring")
    kept = KeyringStore()
    yield kept
    for name in SecretName:
        kept.delete(ORGANIZATION, name)


# Keeping


def test_a_saved_secret_is_read_back_with_its_origins(store: SecretStore) -> None:
    store.save(ORGANIZATION, SecretName.WEBEX, SECRET)
    assert store.load(ORGANIZATION, SecretName.WEBEX) == SECRET


def test_a_secret_that_nobody_saved_is_none(store: SecretStore) -> None:
    assert store.load(ORGANIZATION, SecretName.WEBEX) is None


def test_saving_again_replaces(store: SecretStore) -> None:
    store.save(ORGANIZATION, SecretName.WEBEX, SECRET)
    store.save(ORGANIZATION, SecretName.WEBEX, StoredSecret("another", ()))
    assert store.load(ORGANIZATION, SecretName.WEBEX) == StoredSecret("another", ())


def test_the_two_secrets_of_an_organization_are_apart(store: SecretStore) -> None:
    store.save(ORGANIZATION, SecretName.WEBEX, SECRET)
    store.save(ORGANIZATION, SecretName.ENTRA, StoredSecret("for Entra"))
    store.delete(ORGANIZATION, SecretName.WEBEX)
    assert store.load(ORGANIZATION, SecretName.ENTRA) == StoredSecret("for Entra")
    assert store.load(ORGANIZATION, SecretName.WEBEX) is None


def test_organizations_are_apart(store: SecretStore) -> None:
    store.save(ORGANIZATION, SecretName.WEBEX, SECRET)
    assert store.load("another", SecretName.WEBEX) is None


def test_deleting_nothing_is_no_error(store: SecretStore) -> None:
    store.delete(ORGANIZATION, SecretName.WEBEX)


def test_tokens_of_any_length_and_script_are_kept(store: SecretStore) -> None:
    long = StoredSecret("Zoë李" * 1_000, ("https://api.example",))
    store.save(ORGANIZATION, SecretName.WEBEX, long)
    assert store.load(ORGANIZATION, SecretName.WEBEX) == long


def test_a_secret_does_not_show_itself() -> None:
    assert "the-token-itself" not in f"{SECRET} {SECRET!r} {[SECRET]}"


# The keyring of the system


@linux_only
def test_the_backend_of_linux_is_the_secret_service() -> None:
    assert backend_name() == "keyring.backends.SecretService.Keyring"


@linux_only
@pytest.mark.usefixtures("real_keyring")
def test_a_token_too_long_for_windows_is_refused_before_it_is_cut() -> None:
    store = KeyringStore(most_bytes=2_560)
    with pytest.raises(StorageError, match="too long"):
        store.save(ORGANIZATION, SecretName.WEBEX, StoredSecret("x" * 1_270))
    assert store.load(ORGANIZATION, SecretName.WEBEX) is None


@linux_only
@pytest.mark.usefixtures("real_keyring")
def test_a_token_of_the_usual_length_fits_windows(request: pytest.FixtureRequest) -> None:
    store = KeyringStore(most_bytes=2_560)
    request.addfinalizer(lambda: store.delete(ORGANIZATION, SecretName.WEBEX))
    store.save(ORGANIZATION, SecretName.WEBEX, StoredSecret("x" * 1_000, (WEBEX,)))
    assert store.load(ORGANIZATION, SecretName.WEBEX)


@linux_only
@pytest.mark.usefixtures("real_keyring")
def test_an_entry_of_another_program_is_not_used(request: pytest.FixtureRequest) -> None:
    from keyring.backends.SecretService import Keyring

    foreign = Keyring()  # type: ignore[no-untyped-call]  # keyring leaves it untyped
    foreign.set_password(  # type: ignore[no-untyped-call]  # keyring leaves it untyped
        f"SparkWizard {ORGANIZATION}", "webex", "just a token"
    )
    request.addfinalizer(lambda: KeyringStore().delete(ORGANIZATION, SecretName.WEBEX))
    with pytest.raises(StorageError, match="not made by SparkWizard") as caught:
        KeyringStore().load(ORGANIZATION, SecretName.WEBEX)
    assert "just a token" not in str(caught.value)


@linux_only
@pytest.mark.usefixtures("real_keyring")
def test_a_running_keyring_is_available_and_open() -> None:
    assert keyring_available() is None
    assert not keyring_locked()


@linux_only
@pytest.mark.usefixtures("real_keyring")
def test_the_environment_can_not_choose_another_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    store = KeyringStore()
    store.save(ORGANIZATION, SecretName.WEBEX, SECRET)
    assert store.load(ORGANIZATION, SecretName.WEBEX) == SECRET
    store.delete(ORGANIZATION, SecretName.WEBEX)


@linux_only
@pytest.mark.usefixtures("no_keyring")
def test_a_system_without_keyring_says_so_and_what_else_works() -> None:
    reason = keyring_available()
    assert reason
    assert reason.code == "keyring-missing"
    assert "SPARKWIZARD_TOKEN" in reason.text


@linux_only
@pytest.mark.usefixtures("no_keyring")
def test_nothing_is_saved_anywhere_else_without_a_keyring() -> None:
    with pytest.raises(StorageError) as caught:
        KeyringStore().save(ORGANIZATION, SecretName.WEBEX, SECRET)
    assert caught.value.code == "keyring-missing"


@linux_only
def test_no_session_at_all_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    with pytest.raises(StorageError) as caught:
        KeyringStore().load(ORGANIZATION, SecretName.WEBEX)
    assert caught.value.code == "keyring-missing"


@linux_only
@pytest.mark.usefixtures("locked_keyring")
def test_a_locked_keyring_is_told_without_asking() -> None:
    assert keyring_locked()


@linux_only
@pytest.mark.usefixtures("locked_keyring")
# keyring leaves its connection open where unlocking fails; the next collection closes it
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_locked_keyring_that_nobody_can_open_is_told(attempt: str) -> None:
    with pytest.raises(StorageError) as caught:
        ATTEMPTS[attempt](KeyringStore())
    assert caught.value.code == "keyring-locked"
    assert SECRET.token not in str(caught.value)


def test_keyring_is_not_imported_before_a_secret_is_asked_for() -> None:
    code = "import sys, sparkwizard.setup.secrets; sys.exit('keyring' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# The backends of the other systems are chosen by name, whatever keyring itself would choose


@pytest.mark.parametrize(
    ("system", "backend"),
    [
        ("win32", "keyring.backends.Windows.WinVaultKeyring"),
        ("darwin", "keyring.backends.macOS.Keyring"),
        ("linux", "keyring.backends.SecretService.Keyring"),
    ],
)
def test_each_system_has_one_backend(
    system: str, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, _, name = backend.rpartition(".")
    stand_in = types.ModuleType(module)
    kind = type(name, (), {"__module__": module})
    setattr(stand_in, name, kind)
    monkeypatch.setitem(sys.modules, module, stand_in)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert backend_name() == backend


def test_on_windows_a_token_that_does_not_fit_is_refused_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never() -> None:
        pytest.fail("the keyring was asked")

    monkeypatch.setattr("sparkwizard.setup.secrets._platform_backend", never)
    store = KeyringStore(most_bytes=2_560)
    for token in ("x" * 1_281, "é" * 1_281, "😀" * 641):  # 1,280 units of UTF-16 fit
        with pytest.raises(StorageError) as caught:
            store.save(ORGANIZATION, SecretName.WEBEX, StoredSecret(token))
        assert caught.value.code == "secret-too-long"
