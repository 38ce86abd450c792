"""Bad days of a real keyring: nothing is lost, and nothing else is trusted."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sparkwizard.errors import StorageError
from sparkwizard.setup.secrets import (
    KeyringStore,
    SecretName,
    StoredSecret,
)
from tests.setup.secret_service import dbus_session, unlocked_keyring
from tests.setup.secrets.a_secret import ATTEMPTS, ORGANIZATION, SECRET, WEBEX, linux_only

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
