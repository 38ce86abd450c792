"""Where tokens are kept, and where they may go."""

import os
import subprocess
import sys
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sparkwizard.errors import InputError, NotSent, StorageError
from sparkwizard.setup.secrets import (
    KeyringStore,
    MemoryStore,
    SecretName,
    SecretStore,
    StoredSecret,
    backend_name,
    keyring_available,
    keyring_locked,
    resolve_webex_token,
)
from tests.setup.secret_service import dbus_session, unlocked_keyring

ORGANIZATION = "0d4b1c2e-5a3f-4f6e-9a77-0c8a5d3b1e42"
WEBEX = "https://webexapis.com"
SECRET = StoredSecret("the-token-itself", (WEBEX,))

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's")


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


ATTEMPTS: dict[str, Callable[[SecretStore], object]] = {
    "load": lambda store: store.load(ORGANIZATION, SecretName.WEBEX),
    "save": lambda store: store.save(ORGANIZATION, SecretName.WEBEX, SECRET),
    "delete": lambda store: store.delete(ORGANIZATION, SecretName.WEBEX),
}


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


# Where a token may go


@pytest.fixture
def stored() -> MemoryStore:
    store = MemoryStore()
    store.save(ORGANIZATION, SecretName.WEBEX, SECRET)
    return store


def test_the_environment_comes_before_what_is_stored(stored: MemoryStore) -> None:
    environ = {"SPARKWIZARD_TOKEN": " from-the-environment\n"}
    token = resolve_webex_token(environ, stored, ORGANIZATION, "http://127.0.0.1:8080")
    assert token == "from-the-environment"


def test_an_empty_variable_counts_as_none(stored: MemoryStore) -> None:
    environ = {"SPARKWIZARD_TOKEN": " "}
    assert resolve_webex_token(environ, stored, ORGANIZATION, WEBEX) == SECRET.token


@pytest.mark.parametrize(
    "address", [WEBEX, "https://WEBEXAPIS.com:443/identity/scim/x/v2", "https://webexapis.com/v1"]
)
def test_a_stored_token_goes_to_the_origin_it_was_confirmed_for(
    stored: MemoryStore, address: str
) -> None:
    assert resolve_webex_token({}, stored, ORGANIZATION, address) == SECRET.token


@pytest.mark.parametrize(
    "address",
    [
        "https://webexapis.com.evil.example",
        "https://webexapis.com:8443",
        "http://webexapis.com",
        "https://evil.example/https://webexapis.com",
        "",
        "webexapis.com",
    ],
)
def test_a_stored_token_goes_nowhere_else(stored: MemoryStore, address: str) -> None:
    with pytest.raises(NotSent, match=r"confirmed for https://webexapis\.com") as caught:
        resolve_webex_token({}, stored, ORGANIZATION, address)
    assert SECRET.token not in str(caught.value)


def test_no_token_at_all_says_where_to_enter_one() -> None:
    with pytest.raises(InputError) as caught:
        resolve_webex_token({}, MemoryStore(), ORGANIZATION, WEBEX)
    assert caught.value.code == "no-token"


LOOPBACK = "http://127.0.0.1:8080"


def test_practice_sends_its_token_over_plain_http_to_this_computer() -> None:
    store = MemoryStore()
    store.save(ORGANIZATION, SecretName.WEBEX, StoredSecret("practice", (LOOPBACK,)))
    assert resolve_webex_token({}, store, ORGANIZATION, LOOPBACK) == "practice"


@linux_only
@pytest.mark.usefixtures("real_keyring")
def test_a_token_of_the_keyring_never_goes_over_plain_http(
    request: pytest.FixtureRequest,
) -> None:
    store = KeyringStore()
    request.addfinalizer(lambda: store.delete(ORGANIZATION, SecretName.WEBEX))
    store.save(ORGANIZATION, SecretName.WEBEX, StoredSecret("token", (LOOPBACK,)))
    with pytest.raises(NotSent, match="plain http"):
        resolve_webex_token({}, store, ORGANIZATION, LOOPBACK)


# Bad days of a real keyring


@linux_only
def test_neither_the_environment_nor_a_file_can_load_another_keyring(
    keyring_session: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    sprung = tmp_path / "sprung"
    (trap / "evil.py").write_text(
        f"open({str(sprung)!r}, 'w').close()\n"
        "from keyring.backends.null import Keyring as Base\n"
        "class Keyring(Base):\n    priority = 100\n"
    )
    configuration = tmp_path / "config" / "python_keyring" / "keyringrc.cfg"
    configuration.parent.mkdir(parents=True)
    configuration.write_text(
        f"[backend]\ndefault-keyring=evil.Keyring\nkeyring-path={trap}\n", encoding="utf-8"
    )
    bus = {"DBUS_SESSION_BUS_ADDRESS": keyring_session["DBUS_SESSION_BUS_ADDRESS"]}
    for hostile in ({}, {"PYTHON_KEYRING_BACKEND": "evil.Keyring", "PYTHONPATH": str(trap)}):
        environment = os.environ | bus | {"XDG_CONFIG_HOME": str(tmp_path / "config")} | hostile
        saved = _in_a_process(_SAVE_ONE, environment)
        assert saved.stdout.strip() == "SecretService"
        assert not sprung.exists()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(bus.items())))
        assert KeyringStore().load(ORGANIZATION, SecretName.WEBEX) == SECRET
        KeyringStore().delete(ORGANIZATION, SecretName.WEBEX)


@linux_only
# keyring leaves its connections open where the other side fails; the next collection closes them
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_keyring_killed_midway_is_told_and_what_was_saved_is_there_again(
    short_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dbus_session(short_home) as session:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session["DBUS_SESSION_BUS_ADDRESS"])
        daemon = unlocked_keyring(session)
        store = KeyringStore()
        store.save(ORGANIZATION, SecretName.WEBEX, SECRET)
        daemon.kill()
        daemon.wait(10)
        for attempt in ATTEMPTS.values():
            with pytest.raises(StorageError) as caught:
                attempt(store)
            assert caught.value.code in ("keyring", "keyring-missing")
            assert SECRET.token not in str(caught.value)
        again = unlocked_keyring(session)
        try:
            assert store.load(ORGANIZATION, SecretName.WEBEX) == SECRET
        finally:
            again.terminate()
            again.wait(10)


@linux_only
def test_a_program_killed_while_it_saves_leaves_the_old_secret_or_the_new_one(
    keyring_session: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = keyring_session["DBUS_SESSION_BUS_ADDRESS"]
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
    whole = {StoredSecret(letter * 900, (WEBEX,)) for letter in "AB"}
    for seconds in (0.0, 0.013, 0.029):
        saving = subprocess.Popen(
            [sys.executable, "-c", _SAVE_FOR_EVER], stdout=subprocess.PIPE, env=os.environ
        )
        assert saving.stdout
        saving.stdout.readline()
        time.sleep(seconds)
        saving.kill()
        saving.wait(10)
        saving.stdout.close()
        assert KeyringStore().load(ORGANIZATION, SecretName.WEBEX) in whole
    KeyringStore().delete(ORGANIZATION, SecretName.WEBEX)


_SETUP = (
    "from sparkwizard.setup.secrets import KeyringStore, SecretName, StoredSecret\n"
    f"organization, origin = {ORGANIZATION!r}, {WEBEX!r}\n"
)
_SAVE_ONE = (
    f"{_SETUP}store = KeyringStore()\n"
    f"store.save(organization, SecretName.WEBEX, StoredSecret({SECRET.token!r}, (origin,)))\n"
    "print(type(store._backend).__module__.rpartition('.')[2])\n"
)
_SAVE_FOR_EVER = (
    f"{_SETUP}import itertools\n"
    "for letter in itertools.cycle('AB'):\n"
    "    secret = StoredSecret(letter * 900, (origin,))\n"
    "    KeyringStore().save(organization, SecretName.WEBEX, secret)\n"
    "    print(letter, flush=True)\n"
)


def _in_a_process(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)


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
